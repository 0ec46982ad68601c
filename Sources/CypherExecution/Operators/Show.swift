internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.show`: the engine's own tables. Columns by position, as `ShowCommand.columns` names them.
final class Show: Operator {
  private let command: ShowCommand
  private var isDone = false

  init(_ plan: Plan, _ command: ShowCommand, context: ExecutionContext) {
    self.command = command
    super.init(plan, inputs: [], layout: RowLayout(plan.outputs), context: context)
  }

  override func open() throws { isDone = false }

  override func produce() throws -> Batch? {
    if isDone { return nil }
    isDone = true
    let rows: [[Value]] =
      switch command {
      case .functions: functions()
      case .procedures: procedures()
      case .indexes: SchemaText(context.reader).indexRows()
      case .constraints: SchemaText(context.reader).constraintRows()
      }
    let columns = plan.outputs.indices.map { column in
      let buffer = ColumnBuffer()
      for row in rows { buffer.append(column < row.count ? row[column] : .null) }
      return buffer.contents
    }
    return Batch(columns: columns, count: rows.count)
  }

  /// name, category, description, signature, aggregating.
  private func functions() -> [[Value]] {
    FunctionTable.all.sorted { $0.name < $1.name }.map { function in
      let parameters = function.parameters.map {
        "\($0.name) :: \($0.type)" + ($0.isOptional ? "?" : "")
      }
      let list = parameters.joined(separator: ", ") + (function.isVariadic ? ", …" : "")
      return [
        .string(function.name), .string(function.category), .string(function.summary),
        .string("\(function.name)(\(list)) :: \(function.returnType)"),
        .boolean(function.isAggregate),
      ]
    }
  }

  /// name, description, mode, signature.
  private func procedures() -> [[Value]] {
    context.procedures.procedureNames.sorted().compactMap { name in
      guard let procedure = context.procedures.procedure(named: name) else { return nil }
      func list(_ fields: [ProcedureSignature.Field]) -> String {
        fields.map { "\($0.name) :: \($0.type)" }.joined(separator: ", ")
      }
      return [
        .string(procedure.name), .string(procedure.summary), .string(procedure.mode.rawValue),
        .string("\(procedure.name)(\(list(procedure.inputs))) :: (\(list(procedure.outputs)))"),
      ]
    }
  }
}
