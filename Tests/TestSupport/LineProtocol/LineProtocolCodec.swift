import Foundation
import GraphTypes

/// A value that the line protocol's rules do not allow.
package struct LineProtocolError: Error, CustomStringConvertible {
  package var message: String
  package init(message: String) { self.message = message }
  package var description: String { "line protocol: \(message)" }
}

/// The line protocol's forms of values, in both directions. Written from the protocol's description
/// alone and strict about it, so that it checks the product's own codec.
package struct LineProtocolCodec: Sendable {
  /// The text of a temporal value or a duration, without its tag.
  package var renderTemporal: @Sendable (Value) -> String
  /// The inverse: a tag such as `$date` and a text.
  package var parseTemporal: @Sendable (_ tag: String, _ text: String) throws -> Value

  package init(
    renderTemporal: @escaping @Sendable (Value) -> String,
    parseTemporal: @escaping @Sendable (String, String) throws -> Value
  ) {
    self.renderTemporal = renderTemporal
    self.parseTemporal = parseTemporal
  }

  /// Integers in this range are plain numbers. Its two ends may be written either way: the
  /// protocol says "between".
  private static let plainIntegers: ClosedRange<Int64> = -(1 << 53)...(1 << 53)
}

// MARK: To JSON

extension LineProtocolCodec {
  package func encode(_ value: Value) -> LineProtocolJSON {
    switch value {
    case .null: return .null
    case .boolean(let value): return .boolean(value)
    case .integer(let value):
      return Self.plainIntegers.contains(value)
        ? .integer(value) : tagged("$int", .string("\(value)"))
    case .float(let value):
      if value.isNaN { return tagged("$float", .string("NaN")) }
      if value.isInfinite { return tagged("$float", .string(value < 0 ? "-Infinity" : "Infinity")) }
      return .float(value)
    case .string(let value): return .string(value)
    case .bytes(let bytes): return tagged("$bytes", .string(Data(bytes).base64EncodedString()))
    case .list(let values): return .array(values.map(encode))
    case .map(let values):
      let members = encode(members: values)
      return values.keys.contains { $0.hasPrefix("$") } ? tagged("$map", members) : members
    case .node(let node): return tagged("$node", body(node))
    case .relationship(let relationship): return tagged("$rel", body(relationship))
    case .path(let path):
      return tagged(
        "$path",
        .object([
          "nodes": .array(path.nodes.map(body)), "rels": .array(path.relationships.map(body)),
        ]))
    case .date: return tagged("$date", .string(renderTemporal(value)))
    case .localTime: return tagged("$localtime", .string(renderTemporal(value)))
    case .time: return tagged("$time", .string(renderTemporal(value)))
    case .localDateTime: return tagged("$localdatetime", .string(renderTemporal(value)))
    case .dateTime: return tagged("$datetime", .string(renderTemporal(value)))
    case .duration: return tagged("$duration", .string(renderTemporal(value)))
    case .point(let point):
      let coordinates = [point.x, point.y] + (point.z.map { [$0] } ?? [])
      return tagged(
        "$point",
        .object([
          "srid": .integer(Int64(point.srid)),
          "coordinates": .array(coordinates.map { encode(.float($0)) }),
        ]))
    }
  }

  /// An object with a member for each name, as `params` has it.
  package func encode(members: [String: Value]) -> LineProtocolJSON {
    .object(members.mapValues(encode))
  }

  private func tagged(_ tag: String, _ content: LineProtocolJSON) -> LineProtocolJSON {
    .object([tag: content])
  }

  private func body(_ node: Node) -> LineProtocolJSON {
    .object([
      "id": .string("\(node.id.rawValue)"), "labels": .array(node.labels.map { .string($0) }),
      "properties": encode(members: node.properties),
    ])
  }

  private func body(_ relationship: Relationship) -> LineProtocolJSON {
    .object([
      "id": .string("\(relationship.id.rawValue)"), "type": .string(relationship.type),
      "start": .string("\(relationship.start.rawValue)"),
      "end": .string("\(relationship.end.rawValue)"),
      "properties": encode(members: relationship.properties),
    ])
  }
}

// MARK: From JSON

extension LineProtocolCodec {
  package func decode(_ json: LineProtocolJSON) throws -> Value {
    switch json {
    case .null: return .null
    case .boolean(let value): return .boolean(value)
    case .integer(let value):
      guard Self.plainIntegers.contains(value) else {
        throw LineProtocolError(message: "\(value) must be written as $int")
      }
      return .integer(value)
    case .float(let value): return .float(value)
    case .string(let value): return .string(value)
    case .array(let elements): return .list(try elements.map(decode))
    case .object(let members):
      guard let tag = members.keys.first(where: { $0.hasPrefix("$") }), let content = members[tag]
      else { return .map(try members.mapValues(decode)) }
      guard members.count == 1 else {
        throw LineProtocolError(message: "\(tag) must be alone in its object, or inside $map")
      }
      return try decode(tag: tag, content)
    }
  }

  private func decode(tag: String, _ content: LineProtocolJSON) throws -> Value {
    switch tag {
    case "$int":
      guard let value = Int64(try string(content)), value.magnitude >= 1 << 53 else {
        throw LineProtocolError(message: "not an integer that needs $int: \(content.text)")
      }
      return .integer(value)
    case "$float":
      switch try string(content) {
      case "NaN": return .float(.nan)
      case "Infinity": return .float(.infinity)
      case "-Infinity": return .float(-.infinity)
      case let text: throw LineProtocolError(message: "not a $float: \(text)")
      }
    case "$map": return .map(try object(content).mapValues(decode))
    case "$node": return .node(try node(content))
    case "$rel": return .relationship(try relationship(content))
    case "$path":
      let nodes = try array(content, "nodes").map(node)
      let relationships = try array(content, "rels").map(relationship)
      guard nodes.count == relationships.count + 1 else {
        throw LineProtocolError(
          message: "path of \(nodes.count) nodes and \(relationships.count) relationships")
      }
      return .path(Path(nodes: nodes, relationships: relationships))
    case "$date", "$localtime", "$time", "$localdatetime", "$datetime", "$duration":
      return try parseTemporal(tag, try string(content))
    case "$bytes":
      guard let bytes = Data(base64Encoded: try string(content)) else {
        throw LineProtocolError(message: "not base64: \(content.text)")
      }
      return .bytes(Array(bytes))
    case "$point":
      let coordinates = try array(content, "coordinates").map { coordinate in
        guard case .float(let value) = try decode(coordinate) else {
          throw LineProtocolError(message: "not a coordinate: \(coordinate.text)")
        }
        return value
      }
      guard case .integer(let srid)? = content["srid"], let srid = Int32(exactly: srid),
        (2...3).contains(coordinates.count)
      else { throw LineProtocolError(message: "not a point: \(content.text)") }
      return .point(
        Point(
          srid: srid, x: coordinates[0], y: coordinates[1],
          z: coordinates.count == 3 ? coordinates[2] : nil))
    default: throw LineProtocolError(message: "unknown tag \(tag)")
    }
  }

  private func node(_ json: LineProtocolJSON) throws -> Node {
    Node(
      id: NodeID(try identity(json, "id")), labels: try array(json, "labels").map(string),
      properties: try object(json["properties"]).mapValues(decode))
  }

  private func relationship(_ json: LineProtocolJSON) throws -> Relationship {
    Relationship(
      id: RelationshipID(rawValue: try identity(json, "id")),
      start: NodeID(try identity(json, "start")), end: NodeID(try identity(json, "end")),
      type: try string(json["type"]), properties: try object(json["properties"]).mapValues(decode))
  }

  private func identity(_ json: LineProtocolJSON, _ key: String) throws -> UInt64 {
    guard let id = UInt64(try string(json[key])) else {
      throw LineProtocolError(message: "\(key) is not a number in \(json.text)")
    }
    return id
  }

  private func string(_ json: LineProtocolJSON?) throws -> String {
    guard case .string(let value)? = json else { throw wrong(json, "a string") }
    return value
  }

  private func array(_ json: LineProtocolJSON, _ key: String) throws -> [LineProtocolJSON] {
    guard case .array(let elements)? = json[key] else { throw wrong(json, "a list `\(key)`") }
    return elements
  }

  private func object(_ json: LineProtocolJSON?) throws -> [String: LineProtocolJSON] {
    guard case .object(let members)? = json else { throw wrong(json, "an object") }
    return members
  }

  private func wrong(_ json: LineProtocolJSON?, _ expected: String) -> LineProtocolError {
    LineProtocolError(message: "\(expected) is expected, not \(json?.text ?? "nothing")")
  }
}
