internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// Turns bound expressions into nodes.
struct ExpressionCompiler {
  let evaluation: Evaluation

  func compile(_ expression: BoundExpression, _ layout: RowLayout) throws -> ExpressionNode {
    var node = try bare(expression, layout)
    if let range = evaluation.context.places?.place(of: expression) {
      node = PlacedNode(node, range)
    }
    // What reads no row is computed once.
    if node.columns.isEmpty && node.isStable && !(node is ConstantNode) {
      return ConstantNode(folding: node)
    }
    return node
  }

  private func bare(_ expression: BoundExpression, _ layout: RowLayout) throws -> ExpressionNode {
    func inner(_ expression: BoundExpression) throws -> ExpressionNode {
      try compile(expression, layout)
    }
    func place(_ expression: BoundExpression, _ role: String) -> Range<Int>? {
      evaluation.context.places?.place(of: expression, as: role)
    }
    func column(_ variable: VariableID) throws -> Int {
      guard let column = layout.column(of: variable) else {
        throw QueryError(
          .syntaxError, "UndefinedVariable",
          "variable \(variable.rawValue) is not among the row's columns")
      }
      return column
    }

    switch expression {
    case .literal(let value): return ConstantNode(value)
    case .parameter(let name): return ParameterNode(name, evaluation)
    case .variable(let variable): return ColumnNode(try column(variable))
    case .property(.function("duration.inDays", let arguments), "days") where arguments.count == 2:
      return DayDifferenceNode(try inner(arguments[0]), try inner(arguments[1]))
    case .property(let subject, let key):
      return PropertyNode(try inner(subject), key: key, evaluation)
    case .index(let subject, let index):
      return IndexNode(try inner(subject), try inner(index), evaluation)
    case .slice(let subject, let from, let to):
      return SliceNode(try inner(subject), from: try from.map(inner), to: try to.map(inner))
    case .list(let elements): return ListNode(try elements.map(inner))
    case .map(let entries): return MapNode(try entries.map { ($0.key, try inner($0.value)) })
    case .mapProjection(let subject, let entries, let allProperties):
      return MapProjectionNode(
        try inner(subject), entries: try entries.map { ($0.key, try inner($0.value)) },
        allProperties: allProperties, evaluation)

    case .not(let operand): return NotNode(try inner(operand), range: place(operand, "NOT"))
    case .and(let operands):
      return JunctionNode(
        isAnd: true, try operands.map(inner), ranges: operands.map { place($0, "AND") })
    case .or(let operands):
      return JunctionNode(
        isAnd: false, try operands.map(inner), ranges: operands.map { place($0, "OR") })
    case .xor(let a, let b):
      return XorNode(
        try inner(a), try inner(b), ranges: (place(a, "XOR"), place(b, "XOR")))
    case .comparison(let operation, let a, let b):
      return ComparisonNode(operation, try inner(a), try inner(b))
    case .arithmetic(let operation, let a, let b):
      return ArithmeticNode(operation, try inner(a), try inner(b), evaluation)
    case .negate(let operand): return NegateNode(try inner(operand))
    case .isNull(let operand): return NullTestNode(try inner(operand), wantsNull: true)
    case .isNotNull(let operand): return NullTestNode(try inner(operand), wantsNull: false)
    case .stringPredicate(.matches, let a, let b):
      return RegularExpressionNode(try inner(a), try inner(b), evaluation)
    case .stringPredicate(let operation, let a, let b):
      return StringPredicateNode(operation, try inner(a), try inner(b))
    case .isIn(let element, let list): return MembershipNode(try inner(element), try inner(list))
    case .hasLabels(let subject, let predicate):
      return LabelNode(try inner(subject), predicate, evaluation)
    case .hasComputedLabels(let subject, let names, let quantifier):
      return ComputedLabelNode(
        try inner(subject), try inner(names), quantifier, evaluation,
        range: evaluation.context.places?.place(of: names, as: "$()"))
    case .isTyped(let operand, let typeName, let negated):
      return try TypePredicateNode(try inner(operand), typeName: typeName, isNegated: negated)

    case .function(let name, let arguments):
      return try function(name, try arguments.map(inner))
    case .caseWhen(let subject, let branches, let otherwise):
      return CaseNode(
        subject: try subject.map(inner),
        branches: try branches.map { (try inner($0.when), try inner($0.then)) },
        otherwise: try otherwise.map(inner))
    case .listComprehension(let variable, let list, let predicate, let yield):
      let nested = RowLayout(layout.variables + [variable])
      let predicate = try predicate.map { try compile($0, nested) }
      let yield = try yield.map { try compile($0, nested) }
      return ListComprehensionNode(
        try inner(list), predicate: predicate, yield: yield,
        Unnesting(width: layout.variables.count, inner: [predicate, yield], evaluation))
    case .quantifier(let quantifier, let variable, let list, let predicate):
      let predicate = try compile(predicate, RowLayout(layout.variables + [variable]))
      return QuantifierNode(
        quantifier, try inner(list), predicate: predicate,
        Unnesting(width: layout.variables.count, inner: [predicate], evaluation))
    case .reduce(let accumulator, let initial, let variable, let list, let yield):
      let yield = try compile(yield, RowLayout(layout.variables + [accumulator, variable]))
      return ReduceNode(
        initial: try inner(initial), try inner(list), yield: yield,
        Unnesting(width: layout.variables.count, inner: [yield], evaluation))
    case .path(let variables):
      return PathNode(try variables.map { ColumnNode(try column($0)) })
    case .distinctRelationships(let variables):
      return DistinctRelationshipsNode(try variables.map { ColumnNode(try column($0)) })
    case .subquery(let kind, let plan, let imports):
      return SubqueryNode(kind, plan, imports: try imports.map(column), evaluation)
    }
  }

  private func function(_ name: String, _ arguments: [ExpressionNode]) throws -> ExpressionNode {
    let procedures = evaluation.context.procedures
    guard
      let function = FunctionTable.builtIn(named: name)
        ?? procedures.function(named: name).map(BuiltInFunction.init)
    else {
      let names = FunctionTable.all.map(\.name) + procedures.functions.map(\.name)
      throw QueryError(
        .syntaxError, "UnknownFunction", "there is no function `\(name)`",
        hint: NameSuggestion.nearest(to: name, among: names)
          .map { "did you mean `\($0)`?" })
    }
    let parameters = function.signature.parameters
    let required = parameters.filter { !$0.isOptional }.count
    let isTooMany = arguments.count > parameters.count && !function.signature.isVariadic
    if arguments.count < required || isTooMany {
      throw QueryError(
        .syntaxError, "InvalidNumberOfArguments",
        "`\(function.signature.name)` was given \(arguments.count) arguments",
        hint: "it is called as \(function.signature.usage)")
    }
    switch function.signature.name {
    case "coalesce": return CoalesceNode(arguments)
    case "exists": return NullTestNode(arguments[0], wantsNull: false)
    default: return FunctionNode(function, arguments, evaluation)
    }
  }
}
