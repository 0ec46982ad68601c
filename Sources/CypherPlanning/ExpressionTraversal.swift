// Walks over bound expressions: children, free variables, substitution, splitting.

extension BoundExpression {
  /// The expressions directly inside this one, in the order of writing.
  package var children: [BoundExpression] {
    switch self {
    case .literal, .parameter, .variable, .path, .distinctRelationships, .subquery: []
    case .property(let e, _), .not(let e), .negate(let e), .isNull(let e), .isNotNull(let e),
      .hasLabels(let e, _), .isTyped(let e, _, _):
      [e]
    case .index(let a, let b), .xor(let a, let b), .comparison(_, let a, let b),
      .arithmetic(_, let a, let b), .stringPredicate(_, let a, let b), .isIn(let a, let b),
      .hasComputedLabels(let a, let b, _):
      [a, b]
    case .slice(let e, let from, let to): [e, from, to].compactMap(\.self)
    case .list(let items), .and(let items), .or(let items), .function(_, let items): items
    case .map(let entries): entries.map(\.value)
    case .mapProjection(let e, let entries, _): [e] + entries.map(\.value)
    case .caseWhen(let subject, let branches, let otherwise):
      [subject].compactMap(\.self) + branches.flatMap { [$0.when, $0.then] }
        + [otherwise].compactMap(\.self)
    case .listComprehension(_, let list, let condition, let yield):
      [list, condition, yield].compactMap(\.self)
    case .quantifier(_, _, let list, let condition): [list, condition]
    case .reduce(_, let start, _, let list, let yield): [start, list, yield]
    }
  }

  /// The same expression with other children; nil as soon as one of them has no replacement.
  func mapChildren(_ transform: (BoundExpression) -> BoundExpression?) -> BoundExpression? {
    func all(_ items: [BoundExpression]) -> [BoundExpression]? {
      var result: [BoundExpression] = []
      for item in items {
        guard let new = transform(item) else { return nil }
        result.append(new)
      }
      return result
    }
    func entries(_ old: [MapEntry]) -> [MapEntry]? {
      all(old.map(\.value)).map { zip(old, $0).map { MapEntry(key: $0.key, value: $1) } }
    }
    /// Outer nil: failed.
    func maybe(_ item: BoundExpression?) -> BoundExpression?? {
      guard let item else { return .some(nil) }
      return transform(item).map { .some($0) }
    }
    func one(_ e: BoundExpression, _ make: (BoundExpression) -> BoundExpression)
      -> BoundExpression?
    { transform(e).map(make) }
    func two(
      _ a: BoundExpression, _ b: BoundExpression,
      _ make: (BoundExpression, BoundExpression) -> BoundExpression
    ) -> BoundExpression? {
      guard let a = transform(a), let b = transform(b) else { return nil }
      return make(a, b)
    }
    switch self {
    case .literal, .parameter, .variable, .path, .distinctRelationships, .subquery: return self
    case .property(let e, let key): return one(e) { .property($0, key: key) }
    case .not(let e): return one(e) { .not($0) }
    case .negate(let e): return one(e) { .negate($0) }
    case .isNull(let e): return one(e) { .isNull($0) }
    case .isNotNull(let e): return one(e) { .isNotNull($0) }
    case .hasLabels(let e, let labels): return one(e) { .hasLabels($0, labels) }
    case .hasComputedLabels(let a, let b, let quantifier):
      return two(a, b) { .hasComputedLabels($0, names: $1, quantifier) }
    case .isTyped(let e, let name, let negated):
      return one(e) { .isTyped($0, typeName: name, negated: negated) }
    case .index(let a, let b): return two(a, b) { .index($0, $1) }
    case .xor(let a, let b): return two(a, b) { .xor($0, $1) }
    case .comparison(let op, let a, let b): return two(a, b) { .comparison(op, $0, $1) }
    case .arithmetic(let op, let a, let b): return two(a, b) { .arithmetic(op, $0, $1) }
    case .stringPredicate(let op, let a, let b):
      return two(a, b) { .stringPredicate(op, $0, $1) }
    case .isIn(let a, let b): return two(a, b) { .isIn($0, list: $1) }
    case .slice(let e, let from, let to):
      guard let e = transform(e), let from = maybe(from), let to = maybe(to) else { return nil }
      return .slice(e, from: from, to: to)
    case .list(let items): return all(items).map { .list($0) }
    case .and(let items): return all(items).map { .and($0) }
    case .or(let items): return all(items).map { .or($0) }
    case .function(let name, let items): return all(items).map { .function(name, $0) }
    case .map(let old): return entries(old).map { .map($0) }
    case .mapProjection(let e, let old, let allProperties):
      guard let e = transform(e), let new = entries(old) else { return nil }
      return .mapProjection(e, entries: new, allProperties: allProperties)
    case .caseWhen(let subject, let branches, let otherwise):
      guard let subject = maybe(subject), let otherwise = maybe(otherwise),
        let whens = all(branches.map(\.when)), let thens = all(branches.map(\.then))
      else { return nil }
      return .caseWhen(
        subject: subject, branches: zip(whens, thens).map { CaseBranch(when: $0, then: $1) },
        otherwise: otherwise)
    case .listComprehension(let v, let list, let condition, let yield):
      guard let list = transform(list), let condition = maybe(condition), let yield = maybe(yield)
      else { return nil }
      return .listComprehension(v, in: list, where: condition, yield: yield)
    case .quantifier(let kind, let v, let list, let condition):
      return two(list, condition) { .quantifier(kind, v, in: $0, where: $1) }
    case .reduce(let accumulator, let start, let v, let list, let yield):
      guard let start = transform(start), let list = transform(list), let yield = transform(yield)
      else { return nil }
      return .reduce(accumulator: accumulator, from: start, v, in: list, yield: yield)
    }
  }

  /// The variables of the row that this expression reads; its own (of comprehensions and so on) are
  /// not among them.
  package var freeVariables: Set<VariableID> {
    var result: Set<VariableID> = []
    collectVariables(into: &result)
    return result
  }

  func collectVariables(into result: inout Set<VariableID>) {
    switch self {
    case .variable(let v): result.insert(v)
    case .path(let vs), .distinctRelationships(let vs), .subquery(_, _, let vs):
      result.formUnion(vs)
    // Ids are unique in a statement, so what these bind cannot be a variable of the row.
    case .listComprehension(let v, _, _, _), .quantifier(_, let v, _, _):
      var inner: Set<VariableID> = []
      for child in children { child.collectVariables(into: &inner) }
      inner.remove(v)
      result.formUnion(inner)
    case .reduce(let accumulator, _, let v, _, _):
      var inner: Set<VariableID> = []
      for child in children { child.collectVariables(into: &inner) }
      inner.subtract([accumulator, v])
      result.formUnion(inner)
    default: for child in children { child.collectVariables(into: &result) }
    }
  }

  /// With variables replaced; nil where a path or subquery needs the variable itself.
  func substituting(_ map: [VariableID: BoundExpression]) -> BoundExpression? {
    switch self {
    case .variable(let v): return map[v] ?? self
    case .path(let vs):
      return renamed(vs, map).map { .path($0) }
    case .distinctRelationships(let vs):
      return renamed(vs, map).map { .distinctRelationships($0) }
    case .subquery(_, _, let vs):
      // The plan reads the variables by their ids.
      return vs.allSatisfy { map[$0] == nil || map[$0] == .variable($0) } ? self : nil
    default: return mapChildren { $0.substituting(map) }
    }
  }

  private func renamed(
    _ variables: [VariableID], _ map: [VariableID: BoundExpression]
  ) -> [VariableID]? {
    var result: [VariableID] = []
    for v in variables {
      switch map[v] {
      case nil: result.append(v)
      case .variable(let new)?: result.append(new)
      default: return nil
      }
    }
    return result
  }

  /// The parts of a conjunction, nested ones too.
  package var conjuncts: [BoundExpression] {
    if case .and(let items) = self { items.flatMap(\.conjuncts) } else { [self] }
  }

  /// Whether `test` holds for this expression or one inside it (not inside subqueries' plans).
  package func contains(_ test: (BoundExpression) -> Bool) -> Bool {
    test(self) || children.contains { $0.contains(test) }
  }

  /// `name(variable)`.
  var callOfVariable: (name: String, variable: VariableID)? {
    guard case .function(let name, let arguments) = self, arguments.count == 1,
      case .variable(let v) = arguments[0]
    else { return nil }
    return (name, v)
  }

  /// The node variable of `id(n)` or `elementId(n)`.
  var identifiedVariable: VariableID? {
    guard let call = callOfVariable, ["id", "elementId"].contains(call.name) else { return nil }
    return call.variable
  }

  /// Whether some values make it an error rather than null.
  var mayFail: Bool {
    contains {
      switch $0 {
      case .arithmetic, .negate, .index, .slice, .reduce, .stringPredicate(.matches, _, _),
        .hasComputedLabels:
        true
      case .function(let name, _): !["id", "elementId", "type", "labels"].contains(name)
      default: false
      }
    }
  }

  package var hasSubquery: Bool {
    contains { if case .subquery = $0 { true } else { false } }
  }
}

extension Sequence where Element == BoundExpression {
  var freeVariables: Set<VariableID> {
    var result: Set<VariableID> = []
    for element in self { element.collectVariables(into: &result) }
    return result
  }
}
