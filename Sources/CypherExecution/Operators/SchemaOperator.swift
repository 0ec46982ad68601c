internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// `.schema`: makes or drops an index or constraint. Gives no rows.
final class SchemaOperator: Operator {
  private let command: SchemaCommand
  private let name: CompiledExpression?
  private let options: CompiledExpression?
  private var isDone = false

  init(_ plan: Plan, _ command: SchemaCommand, context: ExecutionContext) throws {
    func compile(_ expression: BoundExpression?) throws -> CompiledExpression? {
      try expression.map {
        try CompiledExpression($0, layout: RowLayout([]), context: context)
      }
    }
    self.command = command
    name = try compile(command.name)
    if case .createIndex(_, _, let options) = command.action {
      self.options = try compile(options)
    } else {
      options = nil
    }
    super.init(plan, inputs: [], layout: RowLayout(plan.outputs), context: context)
  }

  override func open() throws { isDone = false }

  override func produce() throws -> Batch? {
    if isDone { return nil }
    isDone = true
    let schema = try SchemaWriter(context)
    let name = try givenName()
    do {
      switch command.action {
      case .createIndex(let kind, let pattern, _):
        let options = try IndexOptions(
          options?.evaluate(Batch(columns: [], count: 1)).boxed(0) ?? .null, kind)
        try schema.createIndex(name, kind, pattern, analyzer: options.analyzer)
      case .createConstraint(let requirement, let pattern):
        try schema.createConstraint(name, requirement, pattern)
      case .dropIndex: try schema.dropIndex(name ?? "")
      case .dropConstraint: try schema.dropConstraint(name ?? "")
      }
    } catch let conflict as SchemaWriter.NothingToDo {
      if let error = conflict.error, !command.isConditional { throw error }
      context.notices.append(QueryWarning(.schema, conflict.notice, range: command.range))
    }
    return nil
  }

  private func givenName() throws -> String? {
    guard let name else { return nil }
    let value = try name.evaluate(Batch(columns: [], count: 1)).boxed(0)
    guard case .string(let text) = value, !text.isEmpty else {
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "the name of an index or constraint must be a string that is not empty")
    }
    return text
  }
}
