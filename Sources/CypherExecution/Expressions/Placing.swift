internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// Gives the errors of `body` a place in the text, unless they have one.
func placing<T>(at range: Range<Int>?, _ body: () throws -> T) throws -> T {
  do {
    return try body()
  } catch var error as QueryError where error.range == nil {
    error.range = range
    throw error
  }
}

/// An expression whose errors get its place in the text.
final class PlacedNode: ExpressionNode {
  private let inner: ExpressionNode
  private let range: Range<Int>

  init(_ inner: ExpressionNode, _ range: Range<Int>) {
    self.inner = inner
    self.range = range
    super.init(children: [inner], isStable: inner.isStable)
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    try placing(at: range) { try inner.evaluate(batch) }
  }

  override func constantValue() throws -> Value? {
    try placing(at: range) { try inner.constantValue() }
  }
}

/// An aggregation whose errors get its place in the text.
final class PlacedAggregate: GroupedAggregate {
  fileprivate let inner: any GroupedAggregate
  private let range: Range<Int>

  init(_ inner: any GroupedAggregate, _ range: Range<Int>) {
    self.inner = inner
    self.range = range
  }

  func add(
    _ arguments: [Vector], groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    try placing(at: range) {
      try inner.add(arguments, groups: groups, count: count, groupCount: groupCount)
    }
  }

  func results(_ range: Range<Int>) throws -> Vector {
    try placing(at: self.range) { try inner.results(range) }
  }

  func merge(_ other: any GroupedAggregate, map: [Int32], groupCount: Int) throws {
    try placing(at: range) { try inner.merge(other.unplaced, map: map, groupCount: groupCount) }
  }

  var byteCount: Int { inner.byteCount }
  var hasStates: Bool { inner.hasStates }

  func states(_ range: Range<Int>) throws -> Vector {
    try placing(at: self.range) { try inner.states(range) }
  }

  func add(
    states: Vector, groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    try placing(at: range) {
      try inner.add(states: states, groups: groups, count: count, groupCount: groupCount)
    }
  }
}

extension GroupedAggregate {
  /// Without its place.
  var unplaced: any GroupedAggregate { (self as? PlacedAggregate)?.inner ?? self }
}
