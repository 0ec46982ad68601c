/// Any value that a Cypher expression can have (openCypher 9, section "Values and types").
///
/// `==` and `hash(into:)` are Swift's: they follow Cypher's *equivalence* (null equals null, NaN
/// equals NaN, 1 equals 1.0), which DISTINCT and grouping use. Cypher's three-valued `=` is
/// `Value.equals(_:_:)`; ORDER BY's total order is `Value.order(_:_:)`.
public enum Value: Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case float(Double)
  case string(String)
  case bytes([UInt8])
  case list([Value])
  case map([String: Value])
  case node(Node)
  case relationship(Relationship)
  case path(Path)
  case date(LocalDate)
  case localTime(LocalTime)
  case time(OffsetTime)
  case localDateTime(LocalDateTime)
  indirect case dateTime(ZonedDateTime)
  indirect case duration(CalendarDuration)
  indirect case point(Point)
}

/// A node as a query returns it. Two are equal when their `id` is.
///
/// Inside the engine `labels` and `properties` are empty (an identity travels, not its contents);
/// results are filled from the snapshot before a caller sees them.
public final class Node: Sendable {
  public let id: NodeID
  public let labels: [String]
  public let properties: [String: Value]
  public init(id: NodeID, labels: [String] = [], properties: [String: Value] = [:]) {
    self.id = id
    self.labels = labels
    self.properties = properties
  }
}

/// A relationship as a query returns it. Two are equal when their `id` is. `type` and `properties`
/// are empty inside the engine, as with `Node`.
public final class Relationship: Sendable {
  public let id: RelationshipID
  public let start: NodeID
  public let end: NodeID
  public let type: String
  public let properties: [String: Value]
  public init(
    id: RelationshipID, start: NodeID, end: NodeID, type: String = "",
    properties: [String: Value] = [:]
  ) {
    self.id = id
    self.start = start
    self.end = end
    self.type = type
    self.properties = properties
  }
}

/// An alternating walk: `nodes.count == relationships.count + 1`. `relationships[i]` joins
/// `nodes[i]` and `nodes[i + 1]`, in either direction.
public final class Path: Sendable {
  public let nodes: [Node]
  public let relationships: [Relationship]
  public init(nodes: [Node], relationships: [Relationship]) {
    precondition(nodes.count == relationships.count + 1)
    self.nodes = nodes
    self.relationships = relationships
  }
}

/// A point in one of the four coordinate systems of openCypher's spatial types:
/// SRID 4326 and 4979 (WGS 84, degrees), 7203 and 9157 (Cartesian).
public struct Point: Sendable, Hashable {
  public var srid: Int32
  public var x: Double
  public var y: Double
  public var z: Double?
  public init(srid: Int32, x: Double, y: Double, z: Double? = nil) {
    self.srid = srid
    self.x = x
    self.y = y
    self.z = z
  }
}
