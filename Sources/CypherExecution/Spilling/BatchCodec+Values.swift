internal import GraphStore
internal import GraphTypes

/// Values of columns of mixed type: a tag, then the parts; counts take seven bits a byte.
extension BatchCodec {
  /// What is not here has the store's form, with its size before it.
  private enum Tag {
    static let null: UInt8 = 0
    static let no: UInt8 = 1
    static let yes: UInt8 = 2
    static let integer: UInt8 = 3
    static let float: UInt8 = 4
    static let string: UInt8 = 5
    static let list: UInt8 = 6
    static let map: UInt8 = 7
    static let node: UInt8 = 8
    static let relationship: UInt8 = 9
    static let path: UInt8 = 10
    static let stored: UInt8 = 11
  }

  static func append(_ value: Value, to bytes: inout ByteBuffer) {
    switch value {
    case .null: bytes.append(Tag.null)
    case .boolean(let flag): bytes.append(flag ? Tag.yes : Tag.no)
    case .integer(let number):
      bytes.append(Tag.integer)
      bytes.append(number)
    case .float(let number):
      bytes.append(Tag.float)
      bytes.append(number.bitPattern)
    case .string(let text):
      bytes.append(Tag.string)
      append(text, to: &bytes)
    case .list(let elements):
      bytes.append(Tag.list)
      bytes.append(count: elements.count)
      for element in elements { append(element, to: &bytes) }
    case .map(let map):
      bytes.append(Tag.map)
      append(map, to: &bytes)
    case .node(let node):
      bytes.append(Tag.node)
      append(node, to: &bytes)
    case .relationship(let relationship):
      bytes.append(Tag.relationship)
      append(relationship, to: &bytes)
    case .path(let path):
      bytes.append(Tag.path)
      bytes.append(count: path.relationships.count)
      for node in path.nodes { append(node, to: &bytes) }
      for relationship in path.relationships { append(relationship, to: &bytes) }
    case .bytes, .date, .localTime, .time, .localDateTime, .dateTime, .duration, .point:
      var stored: [UInt8] = []
      ValueCodec.appendChecked(value, to: &stored)
      bytes.append(Tag.stored)
      append(stored, to: &bytes)
    }
  }

  private static func append(_ text: String, to bytes: inout ByteBuffer) {
    var text = text
    text.withUTF8 { utf8 in
      bytes.append(count: utf8.count)
      if let base = utf8.baseAddress { bytes.append(base, count: utf8.count) }
    }
  }

  private static func append(_ run: [UInt8], to bytes: inout ByteBuffer) {
    bytes.append(count: run.count)
    run.withUnsafeBufferPointer {
      if let base = $0.baseAddress { bytes.append(base, count: run.count) }
    }
  }

  private static func append(_ map: [String: Value], to bytes: inout ByteBuffer) {
    bytes.append(count: map.count)
    for (key, value) in map {
      append(key, to: &bytes)
      append(value, to: &bytes)
    }
  }

  private static func append(_ node: Node, to bytes: inout ByteBuffer) {
    bytes.append(node.id.rawValue)
    bytes.append(count: node.labels.count)
    for label in node.labels { append(label, to: &bytes) }
    append(node.properties, to: &bytes)
  }

  private static func append(_ relationship: Relationship, to bytes: inout ByteBuffer) {
    bytes.append(relationship.id.rawValue)
    bytes.append(relationship.start.rawValue)
    bytes.append(relationship.end.rawValue)
    append(relationship.type, to: &bytes)
    append(relationship.properties, to: &bytes)
  }

  /// - Returns: nil where the bytes are no value, or one that is nested deeper than values can be.
  static func value(_ bytes: inout ByteCursor, depth: Int) -> Value? {
    guard depth <= 2 * ValueNesting.maximum, let tag = bytes.number(UInt8.self) else { return nil }
    switch tag {
    case Tag.null: return .null
    case Tag.no: return .boolean(false)
    case Tag.yes: return .boolean(true)
    case Tag.integer: return bytes.number().map { .integer($0) }
    case Tag.float: return bytes.number(UInt64.self).map { .float(Double(bitPattern: $0)) }
    case Tag.string: return text(&bytes).map { .string($0) }
    case Tag.list:
      return elements(&bytes) { value(&$0, depth: depth + 1) }.map { .list($0) }
    case Tag.map: return map(&bytes, depth: depth).map { .map($0) }
    case Tag.node: return node(&bytes, depth: depth).map { .node($0) }
    case Tag.relationship:
      return relationship(&bytes, depth: depth).map { .relationship($0) }
    case Tag.path: return path(&bytes, depth: depth).map { .path($0) }
    case Tag.stored:
      return bytes.size().flatMap { bytes.run($0) }.map { ValueCodec.value($0) }
    default: return nil
    }
  }

  /// As many as a count before them says; each takes at least a byte.
  private static func elements<T>(
    _ bytes: inout ByteCursor, _ element: (inout ByteCursor) -> T?
  ) -> [T]? {
    guard let count = bytes.size(), count <= bytes.count else { return nil }
    var result: [T] = []
    result.reserveCapacity(count)
    for _ in 0..<count {
      guard let next = element(&bytes) else { return nil }
      result.append(next)
    }
    return result
  }

  private static func text(_ bytes: inout ByteCursor) -> String? {
    guard let count = bytes.size(), let run = bytes.run(count) else { return nil }
    return String(decoding: run, as: UTF8.self)
  }

  private static func map(_ bytes: inout ByteCursor, depth: Int) -> [String: Value]? {
    let entries = elements(&bytes) { bytes -> (String, Value)? in
      guard let key = text(&bytes), let value = value(&bytes, depth: depth + 1) else { return nil }
      return (key, value)
    }
    return entries.map { Dictionary($0, uniquingKeysWith: { $1 }) }
  }

  private static func node(_ bytes: inout ByteCursor, depth: Int) -> Node? {
    guard let id = bytes.number(UInt64.self), let labels = elements(&bytes, { text(&$0) }),
      let properties = map(&bytes, depth: depth)
    else { return nil }
    return Node(id: NodeID(id), labels: labels, properties: properties)
  }

  private static func relationship(_ bytes: inout ByteCursor, depth: Int) -> Relationship? {
    guard let id = bytes.number(UInt64.self), let start = bytes.number(UInt64.self),
      let end = bytes.number(UInt64.self), let type = text(&bytes),
      let properties = map(&bytes, depth: depth)
    else { return nil }
    return Relationship(
      id: RelationshipID(rawValue: id), start: NodeID(start), end: NodeID(end), type: type,
      properties: properties)
  }

  private static func path(_ bytes: inout ByteCursor, depth: Int) -> Path? {
    guard let length = bytes.size(), length < bytes.count else { return nil }
    var nodes: [Node] = []
    for _ in 0...length {
      guard let next = node(&bytes, depth: depth) else { return nil }
      nodes.append(next)
    }
    var relationships: [Relationship] = []
    for _ in 0..<length {
      guard let next = relationship(&bytes, depth: depth) else { return nil }
      relationships.append(next)
    }
    return Path(nodes: nodes, relationships: relationships)
  }
}
