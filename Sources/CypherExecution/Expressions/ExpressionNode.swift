internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// What the nodes of one compiled expression share.
final class Evaluation {
  let context: ExecutionContext
  /// The present and the zone for temporal functions: those of the statement's beginning.
  let temporal: TemporalContext
  private var currentArena = StringArena()

  init(_ context: ExecutionContext) throws {
    self.context = context
    temporal = TemporalContext(
      now: context.statementTime.instant, zone: try context.statementTime.temporalZone())
  }

  var reader: GraphReader { context.reader }

  /// Memory for the strings of a result, which must own the arena. Shared by several results, and
  /// left to them when it has grown.
  func arena() -> StringArena {
    if currentArena.byteCount > 1 << 20 { currentArena = StringArena() }
    return currentArena
  }

  /// Reading a deleted node or relationship is an error; only updating statements can meet one.
  var mayMeetDeletedNodes: Bool {
    context.transaction != nil && context.counters.nodesDeleted > 0
  }
  var mayMeetDeletedRelationships: Bool { !context.deletedRelationships.isEmpty }

  func checkExists(_ node: NodeID) throws {
    if mayMeetDeletedNodes && !reader.exists(node) { throw ExpressionError.deleted("node") }
  }

  func checkExists(_ relationship: RelationshipID) throws {
    if context.deletedRelationships.contains(relationship) {
      throw ExpressionError.deleted("relationship")
    }
  }
}

/// A node of a compiled expression. Evaluation costs one virtual call per node and batch.
class ExpressionNode {
  /// The batch's columns that are read, ascending.
  final let columns: [Int]
  /// The same for all evaluations with the same columns, within one statement.
  final let isStable: Bool

  init(columns: [Int], isStable: Bool) {
    self.columns = columns
    self.isStable = isStable
  }

  init(children: [ExpressionNode], isStable: Bool = true) {
    columns = Set(children.flatMap(\.columns)).sorted()
    self.isStable = isStable && children.allSatisfy(\.isStable)
  }

  /// One element per row. The batch is never empty.
  func evaluate(_ batch: Batch) throws -> Vector {
    preconditionFailure("every kind of node overrides this")
  }

  /// The value, if it is the same for all rows.
  func constantValue() throws -> Value? { nil }
}

/// A closed expression: computed when it is first asked for (errors must not occur before a row
/// needs it), then kept.
final class ConstantNode: ExpressionNode {
  private let inner: ExpressionNode?
  private var vector: Vector?

  init(_ value: Value) {
    inner = nil
    vector = .constant(value, count: 1)
    super.init(columns: [], isStable: true)
  }

  init(folding inner: ExpressionNode) {
    self.inner = inner
    super.init(columns: [], isStable: true)
  }

  override func evaluate(_ batch: Batch) throws -> Vector { try constant(batch.count) }

  private func constant(_ count: Int) throws -> Vector {
    if let vector {
      let result = vector.constant(row: 0, count: count)
      self.vector = result
      return result
    }
    guard let inner else { return .nulls(count: count) }
    let result = try inner.evaluate(Batch(columns: [], count: 1))
    let constant = result.constant(row: 0, count: count)
    vector = constant
    return constant
  }

  override func constantValue() throws -> Value? { try constant(1).boxed(0) }
}

final class ColumnNode: ExpressionNode {
  private let column: Int
  init(_ column: Int) {
    self.column = column
    super.init(columns: [column], isStable: true)
  }
  override func evaluate(_ batch: Batch) throws -> Vector { batch.columns[column] }
}

final class ParameterNode: ExpressionNode {
  private let name: String
  private let evaluation: Evaluation
  init(_ name: String, _ evaluation: Evaluation) {
    self.name = name
    self.evaluation = evaluation
    super.init(columns: [], isStable: true)
  }
  override func evaluate(_ batch: Batch) throws -> Vector {
    guard let value = evaluation.context.parameters[name] else {
      throw ExpressionError.missingParameter(name, evaluation.context.parameters)
    }
    return .constant(value, count: batch.count)
  }
}

extension Batch {
  /// The rows `rows` of the columns that `node` reads. The others stay as they are: not to be read.
  func picking(_ rows: [Int32], for node: ExpressionNode) -> Batch {
    var columns = columns
    for column in node.columns { columns[column] = columns[column].picking(rows) }
    return Batch(columns: columns, count: rows.count)
  }
}

extension ExpressionNode {
  /// Evaluates on the rows `rows` of a batch; all rows if there are as many.
  final func evaluate(_ batch: Batch, rows: [Int32]) throws -> Vector {
    if rows.count == batch.count { return try evaluate(batch) }
    if rows.isEmpty { return .nulls(count: 0) }
    return try evaluate(batch.picking(rows, for: self))
  }

  /// Evaluates a function of single values row by row; once if all arguments are constant.
  @inline(__always)
  final func mapRows(
    _ a: Vector, _ count: Int, _ body: (Value) throws -> Value
  ) throws -> Vector {
    if a.isConstant { return .constant(try body(a.boxed(0)), count: count) }
    var builder = VectorBuilder(capacity: count)
    for row in 0..<count { builder.append(try body(a.boxed(row))) }
    return builder.finish()
  }

  @inline(__always)
  final func mapRows(
    _ a: Vector, _ b: Vector, _ count: Int, _ body: (Value, Value) throws -> Value
  ) throws -> Vector {
    if a.isConstant && b.isConstant {
      return .constant(try body(a.boxed(0), b.boxed(0)), count: count)
    }
    var builder = VectorBuilder(capacity: count)
    for row in 0..<count { builder.append(try body(a.boxed(row), b.boxed(row))) }
    return builder.finish()
  }
}
