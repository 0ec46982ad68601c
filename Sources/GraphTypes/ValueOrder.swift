extension Value {
  /// Cypher's orderability, a total order of all values: what ORDER BY, min and max go by.
  ///
  /// Ascending: maps, nodes, relationships, lists, paths, points, zoned dates and times, local ones,
  /// dates, times, local times, durations, byte arrays, strings, booleans, numbers, NaN, null.
  /// Lists go by their first difference; maps by size, then keys, then values; durations by their
  /// average length. Zero exactly if the values are equivalent (`==`).
  ///
  /// - Returns: negative, zero or positive.
  package static func order(_ a: Value, _ b: Value) -> Int {
    switch (a, b) {
    case (.integer(let a), .integer(let b)): sign(a, b)
    case (.float(let a), .float(let b)): order(a, b)
    case (.integer(let a), .float(let b)): NumericComparison.compare(a, b) ?? -1
    case (.float(let a), .integer(let b)): NumericComparison.compare(b, a).map { -$0 } ?? 1
    case (.string(let a), .string(let b)): a.codePointOrder(b)
    case (.boolean(let a), .boolean(let b)): (a ? 1 : 0) - (b ? 1 : 0)
    case (.date(let a), .date(let b)): sign(a, b)
    case (.localTime(let a), .localTime(let b)): sign(a, b)
    case (.time(let a), .time(let b)): sign(a, b)
    case (.localDateTime(let a), .localDateTime(let b)): sign(a, b)
    case (.dateTime(let a), .dateTime(let b)): sign(a, b)
    case (.duration(let a), .duration(let b)):
      a == b ? 0 : CalendarDuration.orders(a, before: b) ? -1 : 1
    case (.point(let a), .point(let b)): order(a, b)
    case (.bytes(let a), .bytes(let b)):
      a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
    case (.list(let a), .list(let b)): order(a, b)
    case (.map(let a), .map(let b)): order(a, b)
    case (.node(let a), .node(let b)): sign(a.id, b.id)
    case (.relationship(let a), .relationship(let b)): sign(a.id, b.id)
    case (.path(let a), .path(let b)): order(a, b)
    default: a.rank - b.rank
    }
  }

  /// The place of the type among the types.
  private var rank: Int {
    switch self {
    case .map: 0
    case .node: 1
    case .relationship: 2
    case .list: 3
    case .path: 4
    case .point: 5
    case .dateTime: 6
    case .localDateTime: 7
    case .date: 8
    case .time: 9
    case .localTime: 10
    case .duration: 11
    case .bytes: 12
    case .string: 13
    case .boolean: 14
    case .integer, .float: 15
    case .null: 16
    }
  }

  private static func sign<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : a == b ? 0 : 1 }

  /// NaN after all numbers, -0.0 equal to 0.0.
  private static func order(_ a: Double, _ b: Double) -> Int {
    NumericComparison.compare(a, b) ?? (a.isNaN ? 1 : 0) - (b.isNaN ? 1 : 0)
  }

  private static func order(_ a: [Value], _ b: [Value]) -> Int {
    for index in 0..<min(a.count, b.count) {
      let result = order(a[index], b[index])
      if result != 0 { return result }
    }
    return a.count - b.count
  }

  private static func order(_ a: [String: Value], _ b: [String: Value]) -> Int {
    if a.count != b.count { return a.count - b.count }
    let aSorted = a.sorted { $0.key.codePointOrder($1.key) < 0 }
    let bSorted = b.sorted { $0.key.codePointOrder($1.key) < 0 }
    for (first, second) in zip(aSorted, bSorted) {
      let result = first.key.codePointOrder(second.key)
      if result != 0 { return result }
    }
    for (first, second) in zip(aSorted, bSorted) {
      let result = order(first.value, second.value)
      if result != 0 { return result }
    }
    return 0
  }

  /// Node, relationship, node and so on, as a list of them would order.
  private static func order(_ a: Path, _ b: Path) -> Int {
    var result = sign(a.nodes[0].id, b.nodes[0].id)
    for index in 0..<min(a.relationships.count, b.relationships.count) where result == 0 {
      result = sign(a.relationships[index].id, b.relationships[index].id)
      if result == 0 { result = sign(a.nodes[index + 1].id, b.nodes[index + 1].id) }
    }
    return result != 0 ? result : a.relationships.count - b.relationships.count
  }

  private static func order(_ a: Point, _ b: Point) -> Int {
    var result = sign(a.srid, b.srid)
    if result == 0 { result = order(a.x, b.x) }
    if result == 0 { result = order(a.y, b.y) }
    if result == 0 { result = sign(a.z == nil ? 0 : 1, b.z == nil ? 0 : 1) }
    if result == 0, let z = a.z, let otherZ = b.z { result = order(z, otherZ) }
    return result
  }
}
