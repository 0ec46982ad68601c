import Tropa

/// Rows as JSON objects: plain JSON that other tools read, so temporal values are their ISO text,
/// nodes are their properties with `_id` and `_labels`, relationships likewise with `_type`.
final class JSONWriter: ResultWriter {
  private let output: (String) throws -> Void
  private let isLines: Bool
  private var columns: [String] = []
  private var count = 0
  private var buffer = ""

  init(isLines: Bool, output: @escaping (String) throws -> Void) {
    self.isLines = isLines
    self.output = output
  }

  func begin(columns: [String]) throws {
    self.columns = columns
    if !isLines { buffer += "[" }
  }

  func row(_ values: [Value]) throws {
    let object = JSON.object(zip(columns, values).map { .init($0, .plain($1)) })
    if isLines {
      buffer += object.text + "\n"
    } else {
      buffer += (count == 0 ? "\n  " : ",\n  ") + object.text
    }
    count += 1
    if buffer.utf8.count > 1 << 16 {
      try output(buffer)
      buffer = ""
    }
  }

  func end() throws {
    if !isLines { buffer += count == 0 ? "]\n" : "\n]\n" }
    if !buffer.isEmpty { try output(buffer) }
    buffer = ""
  }
}

extension JSON {
  /// The value as other tools expect it; numbers that JSON cannot write become null.
  static func plain(_ value: Value) -> JSON {
    switch value {
    case .null: .null
    case .boolean(let value): .boolean(value)
    case .integer(let value): .integer(value)
    case .float(let value): .float(value)
    case .string(let value): .string(value)
    case .list(let values): .array(values.map(plain))
    case .map(let map): object(map, [])
    case .node(let node):
      object(
        node.properties,
        [
          .init("_id", .integer(Int64(node.id.rawValue))),
          .init("_labels", .array(node.labels.map { .string($0) })),
        ])
    case .relationship(let relationship):
      object(
        relationship.properties,
        [
          .init("_id", .integer(Int64(relationship.id.rawValue))),
          .init("_type", .string(relationship.type)),
          .init("_start", .integer(Int64(relationship.start.rawValue))),
          .init("_end", .integer(Int64(relationship.end.rawValue))),
        ])
    case .path(let path):
      .object([
        .init("nodes", .array(path.nodes.map { plain(.node($0)) })),
        .init("relationships", .array(path.relationships.map { plain(.relationship($0)) })),
      ])
    default: .string(value.text(.display))
    }
  }

  private static func object(_ map: [String: Value], _ first: [Member]) -> JSON {
    .object(first + map.sorted { $0.key < $1.key }.map { .init($0.key, plain($0.value)) })
  }
}
