internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// What SET items read and write, to tell whether a row could see changes made for another row of
/// the same batch.
struct SetDependencies {
  private var writtenKeys: Set<String> = []
  private var writesAnyKey = false
  private var writesLabels = false
  /// Keys read, each with the variable it is read from, nil for other expressions.
  private var reads: [(key: String, variable: VariableID?)] = []
  private var readsAnything = false
  private var readsLabels = false
  private let layout: RowLayout

  init(_ items: [SetItem], layout: RowLayout) {
    self.layout = layout
    for item in items {
      switch item {
      case .property(let subject, let key, let value):
        writtenKeys.insert(key)
        visit(subject)
        visit(value)
      case .dynamicProperty(let subject, let key, let value):
        writesAnyKey = true
        visit(subject)
        visit(key)
        visit(value)
      case .properties(let subject, let value, _):
        writesAnyKey = true
        visit(subject)
        visit(value)
      case .addLabels(let subject, _), .removeLabels(let subject, _):
        writesLabels = true
        visit(subject)
      }
    }
  }

  func mayConflict(_ batch: Batch) -> Bool {
    if readsAnything { return true }
    if readsLabels && writesLabels { return true }
    for read in reads where writesAnyKey || writtenKeys.contains(read.key) {
      guard let variable = read.variable, let column = layout.column(of: variable) else {
        return true
      }
      if batch.columns[column].mayHoldEntities(count: batch.count) { return true }
    }
    return false
  }

  private mutating func visit(_ expression: BoundExpression) {
    switch expression {
    case .literal, .parameter, .variable, .path, .distinctRelationships: break
    case .property(let subject, let key):
      if case .variable(let variable) = subject {
        reads.append((key, variable))
      } else {
        reads.append((key, nil))
        visit(subject)
      }
    case .list(let elements), .and(let elements), .or(let elements):
      for element in elements { visit(element) }
    case .map(let entries): for entry in entries { visit(entry.value) }
    case .not(let operand), .negate(let operand), .isNull(let operand), .isNotNull(let operand),
      .isTyped(let operand, _, _):
      visit(operand)
    case .xor(let a, let b), .comparison(_, let a, let b), .arithmetic(_, let a, let b),
      .stringPredicate(_, let a, let b), .isIn(let a, let b):
      visit(a)
      visit(b)
    case .hasLabels(let subject, _):
      readsLabels = true
      visit(subject)
    case .function(let name, let arguments):
      if Self.pureFunctions.contains(name) {
        for argument in arguments { visit(argument) }
      } else {
        readsAnything = true
      }
    case .caseWhen(let subject, let branches, let otherwise):
      if let subject { visit(subject) }
      for branch in branches {
        visit(branch.when)
        visit(branch.then)
      }
      if let otherwise { visit(otherwise) }
    case .index, .slice, .mapProjection, .listComprehension, .quantifier, .reduce, .subquery:
      readsAnything = true
    }
  }

  /// Functions of their arguments alone that updates often use.
  private static let pureFunctions: Set<String> = [
    "abs", "ceil", "coalesce", "date", "datetime", "duration", "elementId", "floor", "id",
    "localdatetime", "ltrim", "rand", "randomUUID", "replace", "round", "rtrim", "size", "split",
    "sqrt", "substring", "timestamp", "toBoolean", "toFloat", "toInteger", "toLower", "toString",
    "toUpper", "trim", "type",
  ]
}

extension Vector {
  fileprivate func mayHoldEntities(count: Int) -> Bool {
    switch type {
    case .node, .relationship: return true
    case .any:
      for row in 0..<(isConstant ? min(1, count) : count) {
        switch values[row] {
        case .node, .relationship: return true
        default: continue
        }
      }
      return false
    default: return false
    }
  }
}
