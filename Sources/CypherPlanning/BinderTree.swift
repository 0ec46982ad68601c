package import Cypher

// Walks over syntax trees.

extension Expression {
  /// Visits the direct operands. Patterns and subqueries are not entered.
  package func forEachChild(_ visit: (Expression) -> Void) {
    switch kind {
    case .literal, .parameter, .variable, .countAll, .patternComprehension, .pattern, .subquery:
      break
    case .list(let items), .or(let items), .xor(let items), .and(let items): items.forEach(visit)
    case .map(let entries): for entry in entries { visit(entry.value) }
    case .hasLabels(let base, let labels):
      visit(base)
      labels.forEachComputed(visit)
    case .property(let base, _), .not(let base), .negate(let base),
      .plus(let base), .isNull(let base, _), .isTyped(let base, _, _),
      .isNormalized(let base, _, _):
      visit(base)
    case .subscript(let a, let b), .string(_, let a, let b), .membership(let a, let b):
      visit(a)
      visit(b)
    case .slice(let base, let from, let to):
      visit(base)
      from.map(visit)
      to.map(visit)
    case .comparison(let first, let terms):
      visit(first)
      for term in terms { visit(term.operand) }
    case .arithmetic(let first, let terms):
      visit(first)
      for term in terms { visit(term.operand) }
    case .call(let call): call.arguments.forEach(visit)
    case .case(let expression):
      expression.subject.map(visit)
      for branch in expression.branches {
        visit(branch.condition)
        visit(branch.result)
      }
      expression.otherwise.map(visit)
    case .listComprehension(let comprehension):
      visit(comprehension.list)
      comprehension.predicate.map(visit)
      comprehension.projection.map(visit)
    case .quantifier(let quantifier):
      visit(quantifier.list)
      visit(quantifier.predicate)
    case .reduce(let reduce):
      visit(reduce.initial)
      visit(reduce.list)
      visit(reduce.body)
    case .mapProjection(let projection):
      for case .entry(let entry) in projection.items { visit(entry.value) }
    }
  }

  /// The names of variables in it, local ones included; nil when there are patterns or subqueries,
  /// whose names are not looked up.
  var mentionedNames: Set<String>? {
    var names: Set<String> = []
    return collectNames(&names) ? names : nil
  }

  private func collectNames(_ names: inout Set<String>) -> Bool {
    switch kind {
    case .variable(let name): names.insert(name)
    case .patternComprehension, .pattern, .subquery: return false
    case .mapProjection(let projection):
      names.insert(projection.subject.name)
      for case .variable(let name) in projection.items { names.insert(name.name) }
    default: break
    }
    var isComplete = true
    forEachChild { if !$0.collectNames(&names) { isComplete = false } }
    return isComplete
  }

  /// A literal or parameter.
  var isConstant: Bool {
    switch kind {
    case .literal, .parameter: true
    default: false
    }
  }

  /// The plain variable that it is.
  var variableName: String? { if case .variable(let name) = kind { name } else { nil } }
}
