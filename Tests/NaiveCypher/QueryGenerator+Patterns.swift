/// Paths of one MATCH as they are written, and the variables that they bind.
struct PatternText {
  var parts: [String] = []
  var added: [QueryGenerator.Variable] = []
}

extension QueryGenerator {
  /// - Parameter isBare: only variables and directions, for pattern predicates.
  mutating func path(into text: inout PatternText) {
    var path = node(&text)
    let hops = chance(25) ? 0 : chance(65) ? 1 : chance(75) ? 2 : 3
    var hasLongHop = false
    for _ in 0..<hops {
      path += relationship(&text, canBeLong: !hasLongHop, &hasLongHop) + node(&text)
    }
    if chance(10) {
      let name = fresh("p")
      text.added.append(Variable(name: name, kind: .path))
      path = "\(name) = \(path)"
    }
    text.parts.append(path)
  }

  private mutating func node(_ text: inout PatternText) -> String {
    let known = (scope + text.added).filter { $0.kind == .node }
    var inside = ""
    var own: Variable?
    if !known.isEmpty, chance(35) {
      inside = pick(known).name
      if chance(75) { return "(\(inside))" }
    } else if chance(75) {
      let variable = Variable(name: fresh("n"), kind: .node)
      own = variable
      text.added.append(variable)
      inside = variable.name
    }
    if chance(40) { inside += ":" + labelExpression(Self.labels) }
    if chance(8) { inside += " {\(propertyMap())}" }
    if let own, chance(8) { inside += " WHERE " + condition(on: own) }
    return "(\(inside))"
  }

  private mutating func relationship(
    _ text: inout PatternText, canBeLong: Bool, _ hasLongHop: inout Bool
  ) -> String {
    var inside = ""
    let isLong = canBeLong && chance(18)
    var own: Variable?
    let known = scope.filter { $0.kind == .relationship }
    if !isLong, !known.isEmpty, chance(12), case let bound = pick(known),
      !text.parts.joined().contains("[\(bound.name)"), !text.added.contains(bound),
      !usedInPath.contains(bound.name)
    {
      usedInPath.insert(bound.name)
      inside = bound.name
    } else if chance(55) {
      let variable = Variable(
        name: fresh("r"), kind: isLong ? .list(.relationship) : .relationship)
      own = isLong ? nil : variable
      text.added.append(variable)
      inside = variable.name
    }
    if chance(55) {
      inside += ":" + (chance(70) ? pick(Self.types) : labelExpression(Self.types))
    }
    if isLong {
      hasLongHop = true
      inside += pick(["*0..2", "*1..2", "*2", "*..2", "*0..1", "*1..3", "*0", "*"])
    }
    if chance(6) { inside += " {\(propertyMap())}" }
    if let own, chance(7) { inside += " WHERE " + condition(on: own) }
    let body = inside.isEmpty ? "" : "[\(inside)]"
    return pick(["-\(body)->", "-\(body)->", "<-\(body)-", "-\(body)-"])
  }

  private mutating func labelExpression(_ names: [String]) -> String {
    switch number(0...11) {
    case 0: "\(pick(names))|\(pick(names))"
    case 1: "!\(pick(names))"
    case 2 where names.count > 2: "\(pick(names))&\(pick(names))"
    case 3: "(\(pick(names))|\(pick(names)))&!\(pick(names))"
    case 4: "%"
    default: pick(names)
    }
  }

  /// Values of what was bound before this clause only.
  private mutating func propertyMap() -> String {
    switch number(0...3) {
    case 0: "s: \(expression(.string, 1))"
    case 1: "m: \(expression(.mixed, 1))"
    default: "i: \(expression(.integer, 1))"
    }
  }

  /// An inline condition on the element itself.
  private mutating func condition(on variable: Variable) -> String {
    switch number(0...3) {
    case 0: "\(variable.name).i > \(number(-1...4))"
    case 1: "\(variable.name).s IS NOT NULL"
    case 2: "\(variable.name).i = \(expression(.integer, 1))"
    default: "\(variable.name).m <> \(literal(.mixed))"
    }
  }

  /// A pattern predicate: only known variables, at least one of them.
  mutating func patternPredicate(from start: Variable) -> String {
    let known = scope.filter { $0.kind == .node }
    func end(_ generator: inout Self) -> String {
      generator.chance(40)
        ? "(\(generator.pick(known).name))"
        : "(\(generator.chance(50) ? ":" + generator.pick(Self.labels) : ""))"
    }
    let body = chance(60) ? "[:\(pick(Self.types))\(chance(12) ? "*1..2" : "")]" : ""
    let arrow = pick(["-\(body)->", "<-\(body)-", "-\(body)-"])
    return "(\(start.name))\(arrow)\(end(&self))"
  }

  /// Patterns for a subquery expression; its variables are in scope afterwards.
  mutating func subqueryPatterns() -> String {
    var text = PatternText()
    path(into: &text)
    if chance(15) { path(into: &text) }
    scope += text.added
    return text.parts.joined(separator: ", ") + (chance(50) ? " WHERE \(expression(.boolean, 1))" : "")
  }
}
