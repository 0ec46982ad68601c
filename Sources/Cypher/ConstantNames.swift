extension Expression {
  /// The names that a literal string, or a list of them, gives in `$(…)`; nil for anything else, and
  /// where one of them is empty, which is an error when the statement runs.
  package var constantNames: [String]? {
    let items = if case .list(let items) = kind { items } else { [self] }
    var names: [String] = []
    for item in items {
      guard case .literal(.string(let name)) = item.kind, !name.isEmpty else { return nil }
      names.append(name)
    }
    return names.isEmpty ? nil : names
  }
}

extension LabelExpression {
  /// With plain names for `$('A')`, `$(['A', 'B'])` and `$any(['A', 'B'])`: so they find indexes.
  package var folded: LabelExpression {
    var result = self
    switch kind {
    case .computed(let tree, let any):
      guard let names = tree.constantNames else { return self }
      let parts = names.map { LabelExpression(kind: .name($0), range: range) }
      result.kind = parts.count == 1 ? parts[0].kind : any ? .or(parts) : .and(parts)
    case .not(let part): result.kind = .not(part.folded)
    case .and(let parts): result.kind = .and(parts.map(\.folded).flatMap(\.conjuncts))
    case .or(let parts): result.kind = .or(parts.map(\.folded))
    case .name, .wildcard: break
    }
    return result
  }

  private var conjuncts: [LabelExpression] {
    if case .and(let parts) = kind { parts } else { [self] }
  }
}
