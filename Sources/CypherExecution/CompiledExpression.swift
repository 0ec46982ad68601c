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
  package init(
    _ expression: BoundExpression, layout: RowLayout, context: ExecutionContext
  ) throws { fatalError("contract") }

  /// One element per row of the batch; may be constant, may be one of the batch's own columns.
  package func evaluate(_ batch: Batch) throws -> Vector { fatalError("contract") }
}

/// A predicate: null counts as false.
extension CompiledExpression {
  /// Writes the numbers of the rows for which the expression is true, ascending.
  /// - Parameter rows: room for `batch.count`.
  package func select(_ batch: Batch, into rows: UnsafeMutablePointer<Int32>) throws -> Int {
    fatalError("contract")
  }
}

/// The built-in functions, for binder, SHOW FUNCTIONS, completion and the manual.
package enum FunctionTable {
  package static let all: [FunctionSignature] = []
  /// Looked up without case.
  package static func function(named name: String) -> FunctionSignature? { nil }
}

/// One aggregation function over many groups at once: groups are dense numbers from 0.
package protocol GroupedAggregate: AnyObject {
  /// Adds row `i` of the arguments to group `groups[i]`; `groupCount` is above every group number.
  func add(
    _ arguments: [Vector], groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws
  /// The results of groups `range`, as a vector.
  func results(_ range: Range<Int>) throws -> Vector
  /// Adds another worker's groups: its group `g` is `map[g]` here.
  func merge(_ other: any GroupedAggregate, map: [Int32], groupCount: Int) throws
}

package enum AggregateFactory {
  /// The function by canonical name: typed fast paths by the type of the arguments seen.
  package static func make(
    _ function: String, isDistinct: Bool, argumentCount: Int, context: ExecutionContext
  ) throws -> any GroupedAggregate { fatalError("contract") }
}
