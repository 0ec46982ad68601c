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
      if !hasLongHop, chance(6) {
        hasLongHop = true
        path += " \(repeated(&text)) \(node(&text))"
        continue
      }
      path += relationship(&text, canBeLong: !hasLongHop, &hasLongHop) + node(&text)
    }
    if chance(10) {
      let name = fresh("p")
      text.added.append(Variable(name: name, kind: .path))
      path = "\(name) = \(path)"
    }
    text.parts.append(path)
  }

  /// A quantified path of one relationship; its variables are lists.
  private mutating func repeated(_ text: inout PatternText) -> String {
    let names = [fresh("g"), fresh("g"), fresh("g")]
    let type = chance(60) ? ":\(pick(Self.types))" : ""
    let arrow = pick([("-", "->"), ("<-", "-")])
    var path = "(\(names[0]))\(arrow.0)[\(names[1])\(type)]\(arrow.1)(\(names[2]))"
    if chance(40) {
      path += pick([
        " WHERE \(names[0]).i < \(names[2]).i", " WHERE \(names[1]).i > 1",
        " WHERE \(names[2]):\(pick(Self.labels))", " WHERE \(names[0]).s IS NOT NULL",
        " WHERE \(names[1]).i <> \(expression(.integer, 1))",
      ])
    }
    text.added.append(Variable(name: names[0], kind: .list(.node)))
    text.added.append(Variable(name: names[1], kind: .list(.relationship)))
    return "(\(path))\(pick(["{1,2}", "{2}", "{0,1}", "{0,2}", "+", "*", "{,2}", "{1,}"]))"
  }

  /// The shortest paths between two known nodes.
  mutating func shortest() -> String? {
    let known = scope.filter { $0.kind == .node }
    guard known.count > 1 else { return nil }
    let (a, b) = (pick(known).name, pick(known).name)
    if a == b { return nil }
    let type = chance(50) ? ":\(pick(Self.types))" : ""
    let body = "[\(type)*\(pick(["", "..3", "1..2"]))]"
    let path = "(\(a))\(pick(["-\(body)->", "<-\(body)-", "-\(body)-"]))(\(b))"
    let name = fresh("p")
    if chance(60) {
      scope.append(Variable(name: name, kind: .path))
      return
        "WITH * WHERE \(a) <> \(b) \(chance(30) ? "OPTIONAL " : "")MATCH \(name) = allShortestPaths(\(path)) "
    }
    let length = fresh("w")
    scope = [Variable(name: length, kind: .integer)] + known
    return
      "WITH * WHERE \(a) <> \(b) MATCH \(name) = shortestPath(\(path)) WITH length(\(name)) AS \(length), "
      + known.map(\.name).joined(separator: ", ") + " "
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
    // A quantifier instead of a length.
    let quantifier =
      !isLong && canBeLong && inside.first != "r" && chance(15)
      ? pick(["{1,2}", "+", "*", "{0,2}", "{2}"]) : ""
    if !quantifier.isEmpty { hasLongHop = true }
    return pick(["-\(body)->", "-\(body)->", "<-\(body)-", "-\(body)-"]) + quantifier
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

  mutating func patternComprehension(from start: Variable) -> String {
    let (outer, used) = (scope, usedInPath)
    defer { (scope, usedInPath) = (outer, used) }
    usedInPath = []
    var text = PatternText()
    // No quantifiers here.
    var hasLongHop = true
    let path =
      "(\(start.name))" + relationship(&text, canBeLong: false, &hasLongHop) + node(&text)
    scope += text.added
    let condition = chance(50) ? " WHERE \(expression(.boolean, 1))" : ""
    return "[\(path)\(condition) | \(expression(pick(Self.scalars), 1))]"
  }

  /// Patterns for a subquery expression; its variables are in scope afterwards.
  mutating func subqueryPatterns() -> String {
    var text = PatternText()
    path(into: &text)
    if chance(15) { path(into: &text) }
    scope += text.added
    return text.parts.joined(separator: ", ")
      + (chance(50) ? " WHERE \(expression(.boolean, 1))" : "")
  }
}
