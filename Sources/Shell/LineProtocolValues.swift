import Foundation
import Tropa

// The line protocol's forms of values; see the manual's page on `tropa pipe`.

extension JSON {
  /// Integers in this range are plain numbers, others `$int`.
  private static let plainIntegers: ClosedRange<Int64> = -(1 << 53)...(1 << 53)

  package init(_ value: Value) {
    switch value {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .integer(let value):
      self =
        Self.plainIntegers.contains(value)
        ? .integer(value) : .tagged("$int", .string(String(value)))
    case .float(let value):
      self =
        value.isFinite
        ? .float(value)
        : .tagged("$float", .string(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"))
    case .string(let value): self = .string(value)
    case .bytes(let bytes): self = .tagged("$bytes", .string(Data(bytes).base64EncodedString()))
    case .list(let values): self = .array(values.map { JSON($0) })
    case .map(let map):
      let members = JSON(members: map)
      self = map.keys.contains { $0.hasPrefix("$") } ? .tagged("$map", members) : members
    case .node(let node): self = .tagged("$node", JSON(node))
    case .relationship(let relationship): self = .tagged("$rel", JSON(relationship))
    case .path(let path):
      self = .tagged(
        "$path",
        .object([
          .init("nodes", .array(path.nodes.map { JSON($0) })),
          .init("rels", .array(path.relationships.map { JSON($0) })),
        ]))
    case .date(let value): self = .tagged("$date", .string(value.description))
    case .localTime(let value): self = .tagged("$localtime", .string(value.description))
    case .time(let value): self = .tagged("$time", .string(value.description))
    case .localDateTime(let value): self = .tagged("$localdatetime", .string(value.description))
    case .dateTime(let value): self = .tagged("$datetime", .string(value.description))
    case .duration(let value): self = .tagged("$duration", .string(value.description))
    case .point(let point):
      let coordinates = [point.x, point.y] + (point.z.map { [$0] } ?? [])
      self = .tagged(
        "$point",
        .object([
          .init("srid", .integer(Int64(point.srid))),
          .init("coordinates", .array(coordinates.map { JSON(.float($0)) })),
        ]))
    }
  }

  /// Sorted by key.
  init(members: [String: Value]) {
    self = .object(
      members.sorted { $0.key < $1.key }.map { .init($0.key, JSON($0.value)) })
  }

  private static func tagged(_ tag: String, _ content: JSON) -> JSON {
    .object([.init(tag, content)])
  }

  private init(_ node: Node) {
    self = .object([
      .init("id", .string(String(node.id.rawValue))),
      .init("labels", .array(node.labels.map { .string($0) })),
      .init("properties", JSON(members: node.properties)),
    ])
  }

  private init(_ relationship: Relationship) {
    self = .object([
      .init("id", .string(String(relationship.id.rawValue))),
      .init("type", .string(relationship.type)),
      .init("start", .string(String(relationship.start.rawValue))),
      .init("end", .string(String(relationship.end.rawValue))),
      .init("properties", JSON(members: relationship.properties)),
    ])
  }
}

extension JSON {
  /// The value that this is the form of.
  ///
  /// - Throws: `QueryError` for forms that the protocol does not have.
  package func value() throws -> Value {
    switch self {
    case .null: return .null
    case .boolean(let value): return .boolean(value)
    case .integer(let value): return .integer(value)
    case .float(let value): return .float(value)
    case .string(let value): return .string(value)
    case .array(let elements): return .list(try elements.map { try $0.value() })
    case .object(let members):
      if members.count == 1, members[0].name.hasPrefix("$") {
        return try Self.value(tag: members[0].name, members[0].value)
      }
      return .map(try values())
    }
  }

  /// The members as values.
  package func values() throws -> [String: Value] {
    guard case .object(let members) = self else { throw Self.wrong(self, "an object") }
    var map: [String: Value] = [:]
    for member in members { map[member.name] = try member.value.value() }
    return map
  }

  private static func wrong(_ json: JSON?, _ expected: String) -> QueryError {
    QueryError(
      .argumentError, "InvalidRequest",
      "\(expected) is expected, not \(json?.text ?? "nothing")", phase: .compile)
  }

  private static func value(tag: String, _ content: JSON) throws -> Value {
    func text() throws -> String {
      guard case .string(let text) = content else { throw wrong(content, "a string behind \(tag)") }
      return text
    }
    switch tag {
    case "$int":
      guard let value = Int64(try text()) else { throw wrong(content, "an integer") }
      return .integer(value)
    case "$float":
      switch try text() {
      case "NaN": return .float(.nan)
      case "Infinity": return .float(.infinity)
      case "-Infinity": return .float(-.infinity)
      default: throw wrong(content, "NaN, Infinity or -Infinity")
      }
    case "$map": return .map(try content.values())
    case "$date": return .date(try LocalDate(try text()))
    case "$localtime": return .localTime(try LocalTime(try text()))
    case "$time": return .time(try OffsetTime(try text()))
    case "$localdatetime": return .localDateTime(try LocalDateTime(try text()))
    case "$datetime": return .dateTime(try ZonedDateTime(try text()))
    case "$duration": return .duration(try CalendarDuration(try text()))
    case "$bytes":
      guard let data = Data(base64Encoded: try text()) else { throw wrong(content, "base64") }
      return .bytes(Array(data))
    case "$point": return try point(content)
    case "$node", "$rel", "$path":
      throw QueryError(
        .argumentError, "InvalidRequest", "\(tag) cannot be a parameter", phase: .compile,
        hint: "pass the id, and look the entity up in the query")
    default: throw wrong(content, "a known tag instead of \(tag)")
    }
  }

  private static func point(_ json: JSON) throws -> Value {
    guard case .integer(let srid)? = json["srid"], case .array(let list)? = json["coordinates"]
    else { throw wrong(json, "a point with srid and coordinates") }
    let coordinates = try list.map { coordinate -> Double in
      switch try coordinate.value() {
      case .float(let value): return value
      case .integer(let value): return Double(value)
      default: throw wrong(coordinate, "a number")
      }
    }
    return .point(try Point(srid: srid, coordinates: coordinates))
  }
}
