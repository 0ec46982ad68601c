// Swift's equality of values: Cypher's equivalence, by which DISTINCT and grouping tell values
// apart. Null is equivalent to null and NaN to NaN; a whole float to its integer; lists, maps and
// points go by their parts, nodes, relationships and paths by identity.

extension Value: Hashable {
  public static func == (a: Value, b: Value) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.boolean(let a), .boolean(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.float(let a), .float(let b)): a == b || (a.isNaN && b.isNaN)
    case (.integer(let a), .float(let b)): Int64(exactly: b) == a
    case (.float(let a), .integer(let b)): Int64(exactly: a) == b
    case (.string(let a), .string(let b)): a.hasSameCodePoints(as: b)
    case (.bytes(let a), .bytes(let b)): a == b
    case (.list(let a), .list(let b)): a == b
    case (.map(let a), .map(let b)): a == b
    case (.node(let a), .node(let b)): a == b
    case (.relationship(let a), .relationship(let b)): a == b
    case (.path(let a), .path(let b)): a == b
    case (.date(let a), .date(let b)): a == b
    case (.localTime(let a), .localTime(let b)): a == b
    case (.time(let a), .time(let b)): a == b
    case (.localDateTime(let a), .localDateTime(let b)): a == b
    case (.dateTime(let a), .dateTime(let b)): a == b
    case (.duration(let a), .duration(let b)): a == b
    case (.point(let a), .point(let b)): a.isEquivalent(to: b)
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(hash64) }
}

extension Node: Hashable {
  public static func == (a: Node, b: Node) -> Bool { a.id == b.id }
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension Relationship: Hashable {
  public static func == (a: Relationship, b: Relationship) -> Bool { a.id == b.id }
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// The same nodes and relationships in the same order; the direction in which a relationship is
/// walked follows from them.
extension Path: Hashable {
  public static func == (a: Path, b: Path) -> Bool {
    a.nodes == b.nodes && a.relationships == b.relationships
  }
  public func hash(into hasher: inout Hasher) {
    hasher.combine(nodes)
    hasher.combine(relationships)
  }
}

extension Point {
  /// As `==`, but NaN is equivalent to NaN.
  func isEquivalent(to other: Point) -> Bool {
    func same(_ a: Double, _ b: Double) -> Bool { a == b || (a.isNaN && b.isNaN) }
    guard srid == other.srid, same(x, other.x), same(y, other.y) else { return false }
    switch (z, other.z) {
    case (nil, nil): return true
    case (let z?, let otherZ?): return same(z, otherZ)
    default: return false
    }
  }
}
