package import CypherPlanning
package import GraphColumns
package import GraphTypes

// CONTRACT between expressions and operators.

/// Where the variables of a row are: column `i` of a batch holds `variables[i]`.
package struct RowLayout: Sendable {
  package let variables: [VariableID]
  private let columns: [VariableID: Int]
  package init(_ variables: [VariableID]) {
    self.variables = variables
    columns = Dictionary(variables.enumerated().map { ($1, $0) }, uniquingKeysWith: { $1 })
  }
  package func column(of variable: VariableID) -> Int? { columns[variable] }
}

/// An expression prepared for one execution: names, parameters and constants resolved once, then
/// evaluated batch by batch. Not thread-safe: each worker compiles its own.
package final class CompiledExpression {
  private let root: ExpressionNode
  /// In the text, if it is a condition of WHERE.
  private let conditionRange: Range<Int>?

  /// - Throws: `QueryError` for what cannot be evaluated at all, such as an unknown function.
  package init(
    _ expression: BoundExpression, layout: RowLayout, context: ExecutionContext
  ) throws {
    root = try ExpressionCompiler(evaluation: try Evaluation(context)).compile(expression, layout)
    conditionRange = context.places?.place(of: expression, as: "WHERE")
  }

  /// One element per row of the batch; may be constant, may be one of the batch's own columns.
  package func evaluate(_ batch: Batch) throws -> Vector {
    if batch.count == 0 { return .nulls(count: 0) }
    return try root.evaluate(batch)
  }

  /// The batch's columns that the expression reads, ascending.
  package var columns: [Int] { root.columns }

  /// The value of an expression that reads no columns (`LIMIT $n`); nil for one that does.
  package func constantValue() throws -> Value? {
    if let value = try root.constantValue() { return value }
    if !root.columns.isEmpty { return nil }
    return try root.evaluate(Batch(columns: [], count: 1)).boxed(0)
  }
}

/// A predicate: null counts as false.
extension CompiledExpression {
  /// Writes the numbers of the rows for which the expression is true, ascending.
  /// - Parameter rows: room for `batch.count`.
  /// - Throws: `TypeError` for a value that is neither boolean nor null.
  package func select(_ batch: Batch, into rows: UnsafeMutablePointer<Int32>) throws -> Int {
    if batch.count == 0 { return 0 }
    let vector = try root.evaluate(batch)
    if vector.isEntirelyNull { return 0 }
    if vector.type != .boolean {
      let truths = try placing(at: conditionRange) {
        try Truths(vector, count: batch.count, place: "WHERE")
      }
      return Self.collect(batch.count, into: rows) { truths[$0] == Truths.yes }
    }
    let source = vector.elements(UInt8.self)
    if vector.isConstant {
      let isTrue = source[0] & 1 == 1
      return Self.collect(batch.count, into: rows) { _ in isTrue }
    }
    guard let validity = vector.validity else {
      return Self.collect(batch.count, into: rows) { source[$0] & 1 == 1 }
    }
    return Self.collect(batch.count, into: rows) {
      source[$0] & 1 == 1 && validity[$0 >> 6] >> UInt64($0 & 63) & 1 == 1
    }
  }

  /// Without branches: every row number is written, but only wanted ones advance the end.
  @inline(__always)
  private static func collect(
    _ count: Int, into rows: UnsafeMutablePointer<Int32>, _ isWanted: (Int) -> Bool
  ) -> Int {
    var end = 0
    for row in 0..<count {
      rows[end] = Int32(truncatingIfNeeded: row)
      end += isWanted(row) ? 1 : 0
    }
    return end
  }
}

/// The built-in functions, for binder, SHOW FUNCTIONS, completion and the manual.
package enum FunctionTable {
  /// By category, then as listed in its file.
  package static let all: [FunctionSignature] = BuiltInFunction.all.map { function in
    var signature = function.signature
    signature.replacement = FunctionExamples.replacements[signature.name]
    signature.examples = FunctionExamples.all[signature.name] ?? []
    return signature
  }

  /// Looked up without case.
  package static func function(named name: String) -> FunctionSignature? {
    guard var signature = builtIn(named: name)?.signature else { return nil }
    signature.replacement = FunctionExamples.replacements[signature.name]
    return signature
  }

  static func builtIn(named name: String) -> BuiltInFunction? { byName[name.lowercased()] }

  private static let byName = Dictionary(
    BuiltInFunction.all.map { ($0.signature.name.lowercased(), $0) }, uniquingKeysWith: { $1 })
}

/// One aggregation function over many groups at once: groups are dense numbers from 0.
package protocol GroupedAggregate: AnyObject {
  /// Adds row `i` of the arguments to group `groups[i]`; `groupCount` is above every group number.
  func add(
    _ arguments: [Vector], groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws
  /// The results of groups `range`, as a vector. Groups to which nothing was added are empty ones.
  func results(_ range: Range<Int>) throws -> Vector
  /// Adds another worker's groups: its group `g` is `map[g]` here.
  func merge(_ other: any GroupedAggregate, map: [Int32], groupCount: Int) throws
  /// Bytes that all groups take.
  var byteCount: Int { get }
  /// Whether there are such values as `states` gives.
  var hasStates: Bool { get }
  /// What groups `range` have come to, a value each that can be written and added later.
  func states(_ range: Range<Int>) throws -> Vector
  /// Adds what other groups have come to: row `i` to group `groups[i]`.
  func add(
    states: Vector, groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws
}

extension GroupedAggregate {
  package var hasStates: Bool { true }
}
