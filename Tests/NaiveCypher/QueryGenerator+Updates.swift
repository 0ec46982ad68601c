extension QueryGenerator {
  /// One or two updating clauses, with what must stand between them and what follows.
  mutating func updates(isLast: Bool) -> String {
    isUpdating = true
    // Whether the rows of one clause see what it writes for others is open: no subqueries.
    isWriting = true
    defer { isWriting = false }
    var text = update() + (chance(25) ? update(canCall: false) : "")
    if chance(35) {
      text += throughWith() + (chance(50) ? match(isOptional: chance(30)) : "") + update()
    }
    return isLast ? text : text + throughWith()
  }

  /// WITH between writing and reading. Elements that may be deleted do not pass.
  private mutating func throughWith() -> String {
    scope = scope.filter {
      $0.kind.isGroupable && $0.kind != .path && $0.kind != .list(.relationship)
    }
    if scope.isEmpty || chance(25) {
      let name = fresh("w")
      scope = [Variable(name: name, kind: .integer)]
      return "WITH count(*) AS \(name) "
    }
    return "WITH \(scope.map(\.name).joined(separator: ", ")) "
      + (chance(40) ? match(isOptional: chance(50)) : "")
  }

  /// - Parameter canCall: whether a subquery may follow what stands before.
  private mutating func update(canCall: Bool = true) -> String {
    switch number(0...(canCall ? 99 : 92)) {
    case ..<25: return create()
    case ..<45: return merge()
    case ..<65: return set()
    case ..<72: return remove()
    case ..<84: return delete()
    case ..<93: return forEach()
    default: return unitCall()
    }
  }

  private mutating func newNode(named name: String?) -> String {
    let labels = (0..<number(0...2)).map { _ in ":" + pick(Self.labels) }.joined()
    return "(\(name ?? "")\(labels) {i: \(expression(.integer, 1)), s: \(expression(.string, 1))})"
  }

  private mutating func create() -> String {
    let known = scope.filter { $0.kind == .node }
    func end(_ generator: inout Self) -> String {
      if !known.isEmpty, generator.chance(60) { return "(\(generator.pick(known).name))" }
      return generator.newNode(named: nil)
    }
    if chance(50) {
      let type = pick(Self.types)
      let arrow = chance(70) ? ("-", "->") : ("<-", "-")
      let (a, b) = (end(&self), end(&self))
      return "CREATE \(a)\(arrow.0)[:\(type) {i: \(expression(.integer, 1))}]\(arrow.1)\(b) "
    }
    let name = fresh("n")
    let text = "CREATE \(newNode(named: name)) "
    scope.append(Variable(name: name, kind: .node))
    return text
  }

  /// Patterns of constants and integers of the row: the order in which rows merge does not matter.
  private mutating func merge() -> String {
    let known = scope.filter { $0.kind == .node }
    if let start = known.first, chance(20) {
      let name = fresh("r")
      return
        "MERGE (\(start.name))-[\(name):\(pick(Self.types))]->(:\(pick(Self.labels)) {i: \(number(0...3))}) "
        + actions(name)
    }
    if known.count > 1, chance(50) {
      let (a, b) = (pick(known).name, pick(known).name)
      let name = fresh("r")
      scope.append(Variable(name: name, kind: .relationship))
      return "MERGE (\(a))-[\(name):\(pick(Self.types))]->(\(b)) " + actions(name)
    }
    let integers = scope.filter { $0.kind == .integer }
    let value =
      !integers.isEmpty && chance(60) ? "coalesce(\(pick(integers).name), 7)" : "\(number(0...4))"
    let name = fresh("n")
    let text = "MERGE (\(name):\(pick(Self.labels)) {i: \(value)}) " + actions(name)
    scope.append(Variable(name: name, kind: .node))
    return text
  }

  private mutating func actions(_ name: String) -> String {
    (chance(40) ? "ON CREATE SET \(name).b = true " : "")
      + (chance(40) ? "ON MATCH SET \(name).j = coalesce(\(name).j, 0) + 1 " : "")
  }

  private func elements() -> [Variable] {
    scope.filter { $0.kind == .node || $0.kind == .relationship }
  }

  /// Items whose outcome does not depend on which row comes first: constants, and counting up.
  private mutating func setItems(_ variable: Variable) -> String {
    let name = variable.name
    var items = (0..<number(1...2)).map { _ in
      switch number(0...5) {
      case 0: "\(name).i = \(literal(.integer))"
      case 1: "\(name).j = coalesce(\(name).j, 0) + 1"
      case 2: "\(name).s = \(literal(.string))"
      case 3: "\(name) += {s: 'z', b: \(literal(.boolean))}"
      case 4: "\(name).i = coalesce(\(name).i, 0) % 5 + 1"
      default: "\(name).f = null"
      }
    }
    if variable.kind == .node, chance(35) {
      items.append("\(name):\(pick(Self.labels))")
    }
    return items.joined(separator: ", ")
  }

  private mutating func set() -> String {
    let elements = elements()
    return elements.isEmpty ? create() : "SET \(setItems(pick(elements))) "
  }

  private mutating func remove() -> String {
    let elements = elements()
    if elements.isEmpty { return create() }
    let variable = pick(elements)
    if variable.kind == .node, chance(50) { return "REMOVE \(variable.name):\(pick(Self.labels)) " }
    return "REMOVE \(variable.name).\(pick(["i", "s", "m"])) "
  }

  /// What is deleted is not in scope any more, nor is what might be the same or hang on it.
  private mutating func delete() -> String {
    let elements = elements()
    if elements.isEmpty { return create() }
    let variable = pick(elements)
    let word = variable.kind == .node ? (chance(80) ? "DETACH DELETE" : "DELETE") : "DELETE"
    scope = scope.filter { !$0.kind.isElement && $0.kind.isOrderable }
    return "\(word) \(variable.name) "
  }

  private mutating func forEach() -> String {
    let list = expression(.list(.integer), 1)
    let (outer, name) = (scope, fresh("x"))
    scope.append(Variable(name: name, kind: .integer))
    defer { scope = outer }
    var clauses: [String] = []
    for _ in 0..<number(1...2) {
      let elements = elements()
      switch number(0...3) {
      case 0 where !elements.isEmpty: clauses.append("SET \(setItems(pick(elements)))")
      case 1: clauses.append("MERGE (:\(pick(Self.labels)) {i: coalesce(\(name), 3)})")
      default: clauses.append("CREATE (:\(pick(Self.labels)) {i: \(name)})")
      }
    }
    return "FOREACH (\(name) IN \(list) | \(clauses.joined(separator: " "))) "
  }

  private mutating func unitCall() -> String {
    let imports = Array(elements().prefix(2))
    let outer = scope
    scope = imports
    let body = chance(50) ? create() : set()
    scope = outer
    return "CALL (\(imports.map(\.name).joined(separator: ", "))) { \(body)} "
  }
}
