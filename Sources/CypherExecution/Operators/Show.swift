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

  private func functions() -> [[Value]] {
    let added = context.procedures.functions
    let names = Set(added.map(\.name))
    return (FunctionTable.all + added).sorted { $0.name < $1.name }.map { function in
      let arguments = function.parameters.map {
        Self.describe($0.name, $0.isOptional ? "\($0.type)?" : $0.type)
      }
      return [
        .string(function.name), .string(function.category), .string(function.summary),
        .string(function.usage), .boolean(!names.contains(function.name)), .list(arguments),
        .string(function.returnType),
        .boolean(function.isAggregate), .null, .null, .boolean(function.replacement != nil),
        function.replacement.map { .string($0) } ?? .null,
      ]
    }
  }

  private func procedures() -> [[Value]] {
    context.procedures.procedureNames.sorted().compactMap { name in
      guard let procedure = context.procedures.procedure(named: name) else { return nil }
      return [
        .string(procedure.name), .string(procedure.summary), .string(procedure.mode.rawValue),
        .boolean(false), .string(procedure.usage),
        .list(procedure.inputs.map { Self.describe($0.name, $0.type, $0.defaultValue) }),
        .list(procedure.outputs.map { Self.describe($0.name, $0.type) }), .boolean(false), .null,
        .null, .boolean(false), .null, .map(["deprecated": .boolean(false)]),
      ]
    }
  }

  /// An argument or a column of a result.
  private static func describe(
    _ name: String, _ type: String, _ defaultValue: Value? = nil
  ) -> Value {
    var entries: [String: Value] = [
      "name": .string(name), "type": .string(type), "description": .string("\(name) :: \(type)"),
      "isDeprecated": .boolean(false),
    ]
    if let defaultValue { entries["default"] = .string(defaultValue.text(.literal)) }
    return .map(entries)
  }
}
