internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// What SET items read and write, to tell whether a row could see changes made for another row of
/// the same batch.
struct SetDependencies {
  private struct Read {
    var key: String
    /// Nil for other expressions than a variable.
    var variable: VariableID?
    var item: Int
  }
  /// By key: the items that write it, and the variable of each, nil for other expressions.
  private var writers: [String: [(item: Int, variable: VariableID?)]] = [:]
  private var writesAnyKey = false
  private var writesLabels = false
  private var reads: [Read] = []
  private var readsAnything = false
  private var readsLabels = false
  private let layout: RowLayout

  init(_ items: [SetItem], layout: RowLayout) {
    self.layout = layout
    for (index, item) in items.enumerated() {
      switch item {
      case .property(let subject, let key, let value):
        var variable: VariableID?
        if case .variable(let v) = subject { variable = v }
        writers[key, default: []].append((index, variable))
        visit(subject, index)
        visit(value, index)
      case .dynamicProperty(let subject, let key, let value):
        writesAnyKey = true
        visit(subject, index)
        visit(key, index)
        visit(value, index)
      case .properties(let subject, let value, _):
        writesAnyKey = true
        visit(subject, index)
        visit(value, index)
      case .addLabels(let subject, _), .removeLabels(let subject, _):
        writesLabels = true
        visit(subject, index)
      case .computedLabels(let subject, let names, _):
        writesLabels = true
        visit(subject, index)
        visit(names, index)
      }
    }
  }

  /// Whether no property is written by two items, so that they can be done one after the other
  /// instead of row after row.
  var isByColumn: Bool {
    !writesAnyKey && !writesLabels && writers.values.allSatisfy { $0.count == 1 }
  }

  func mayConflict(_ batch: Batch) -> Bool {
    if readsAnything { return true }
    if readsLabels && writesLabels { return true }
    for read in reads where writesAnyKey || writers[read.key] != nil {
      guard let variable = read.variable, let column = layout.column(of: variable) else {
        return true
      }
      let vector = batch.columns[column]
      if !writesAnyKey, let writers = writers[read.key], writers.count == 1,
        writers[0] == (read.item, variable), vector.isDistinctNodes(count: batch.count)
      {
        continue  // Each row reads what only itself writes.
      }
      if vector.mayHoldEntities(count: batch.count) { return true }
    }
    return false
  }

  private mutating func visit(_ expression: BoundExpression, _ item: Int) {
    switch expression {
    case .literal, .parameter, .variable, .path, .distinctRelationships: break
    case .property(let subject, let key):
      if case .variable(let variable) = subject {
        reads.append(Read(key: key, variable: variable, item: item))
      } else {
        reads.append(Read(key: key, variable: nil, item: item))
        visit(subject, item)
      }
    case .list(let elements), .and(let elements), .or(let elements):
      for element in elements { visit(element, item) }
    case .map(let entries): for entry in entries { visit(entry.value, item) }
    case .not(let operand), .negate(let operand), .isNull(let operand), .isNotNull(let operand),
      .isTyped(let operand, _, _):
      visit(operand, item)
    case .xor(let a, let b), .comparison(_, let a, let b), .arithmetic(_, let a, let b),
      .stringPredicate(_, let a, let b), .isIn(let a, let b):
      visit(a, item)
      visit(b, item)
    case .hasLabels(let subject, _):
      readsLabels = true
      visit(subject, item)
    case .hasComputedLabels(let subject, let names, _):
      readsLabels = true
      visit(subject, item)
      visit(names, item)
    case .function(let name, let arguments):
      if Self.pureFunctions.contains(name) {
        for argument in arguments { visit(argument, item) }
      } else {
        readsAnything = true
      }
    case .caseWhen(let subject, let branches, let otherwise):
      if let subject { visit(subject, item) }
      for branch in branches {
        visit(branch.when, item)
        visit(branch.then, item)
      }
      if let otherwise { visit(otherwise, item) }
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
  /// Nodes or nulls, none twice.
  fileprivate func isDistinctNodes(count: Int) -> Bool {
    guard type == .node, !isConstant || count <= 1 else { return false }
    var previous: NodeID?
    var isAscending = true
    for row in 0..<count where !isNull(row) {
      if let previous, nodes[row] <= previous {
        isAscending = false
        break
      }
      previous = nodes[row]
    }
    if isAscending { return true }
    var seen: Set<NodeID> = []
    seen.reserveCapacity(count)
    for row in 0..<count where !isNull(row) && !seen.insert(nodes[row]).inserted { return false }
    return true
  }

  func mayHoldEntities(count: Int) -> Bool {
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
