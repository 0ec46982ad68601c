extension QueryGenerator {
  /// An expression of a kind, in parentheses where it needs them.
  mutating func expression(_ kind: Kind, _ depth: Int) -> String {
    if depth <= 0 || chance(25) { return leaf(kind) }
    switch kind {
    case .integer: return integer(depth - 1)
    case .float: return float(depth - 1)
    case .string: return string(depth - 1)
    case .boolean: return boolean(depth - 1)
    case .mixed: return mixed(depth - 1)
    case .list(let element): return list(element, depth - 1)
    default: return leaf(kind)
    }
  }

  // MARK: Leaves

  mutating func literal(_ kind: Kind) -> String {
    switch kind {
    case .integer:
      if mayOverflow, chance(30) { return pick(["9223372036854775807", "9223372036854775800"]) }
      return pick([
        "0", "1", "2", "3", "-1", "4", "5", "7", "1", "2", "3", "0", "-2", "6", "1", "2", "null",
        "null",
      ])
    case .float: return pick(["0.5", "1.5", "-0.0", "2.0", "-2.5", "null", "0.0"])
    case .string: return pick(["'a'", "'b'", "'ab'", "''", "'Ж'", "null", "'a b'"])
    case .boolean: return pick(["true", "false", "null"])
    case .mixed:
      return pick([
        "1", "1.5", "'a'", "true", "null", "[1]", "[1, null]", "[]", "-0.0", "0.0 / 0.0", "2",
        "{a: 1}", "[[1], 'a']", "9007199254740993", "9007199254740992.0",
      ])
    case .list(let element):
      return "["
        + (0..<number(0...3)).map { _ in literal(element) }.joined(separator: ", ") + "]"
    default: return "null"
    }
  }

  private mutating func leaf(_ kind: Kind) -> String {
    if let variable = variable(kind), chance(50) { return variable.name }
    let key: String? =
      switch kind {
      case .integer: "i"
      case .float: "f"
      case .string: "s"
      case .boolean: "b"
      case .mixed: "m"
      default: nil
      }
    if let key, let element = variable(.node, .relationship), chance(75) {
      return "\(element.name).\(key)"
    }
    if chance(6) {
      switch kind {
      case .integer: return "$i"
      case .string: return "$s"
      case .list(.integer): return "$l"
      default: break
      }
    }
    let literal = literal(kind)
    return literal.contains("/") ? "(\(literal))" : literal
  }

  // MARK: Kinds

  private mutating func integer(_ depth: Int) -> String {
    switch number(0...17) {
    case 0...2:
      return "(\(expression(.integer, depth)) \(pick(["+", "-", "*"])) \(small(.integer, depth)))"
    case 3:
      let divisors = ["2", "3", "-2"] + (mayOverflow ? ["0"] : [])
      return "(\(expression(.integer, depth)) \(pick(["/", "%"])) \(pick(divisors)))"
    case 4: return "size(\(expression(.list(.integer), depth)))"
    case 5: return "size(\(expression(.string, depth)))"
    case 6: return conditional(.integer, depth)
    case 7: return "coalesce(\(expression(.integer, depth)), \(leaf(.integer)))"
    case 8, 9:
      if let count = subquery(depth, { "COUNT { \($0.subqueryBody()) }" }) { return count }
      return "abs(\(small(.integer, depth)))"
    case 10: return "\(pick(["head", "last"]))(\(expression(.list(.integer), depth)))"
    case 11: return "\(expression(.list(.integer), depth))[\(number(-3...3))]"
    case 12:
      if let path = variable(.path) { return "length(\(path.name))" }
      if let list = variable(.list(.relationship)) { return "size(\(list.name))" }
      return "sign(\(expression(.integer, depth)))"
    case 13:
      let (sum, item) = (fresh("a"), fresh("x"))
      return
        "reduce(\(sum) = 0, \(item) IN \(expression(.list(.integer), depth)) | \(sum) + \(item))"
    case 14: return "-\(leaf(.integer).parenthesizedIfSigned)"
    case 15: return "{a: \(expression(.integer, depth)), b: 1}.a"
    case 16:
      if let bag = variable(.bag(.integer), .bag(.string), .bag(.mixed)) {
        return "size(\(bag.name))"
      }
      return "size([\(leaf(.mixed)), \(leaf(.mixed))])"
    default:
      if let node = variable(.node) { return "size(labels(\(node.name)))" }
      return "size(keys({a: \(leaf(.mixed))}))"
    }
  }

  private mutating func float(_ depth: Int) -> String {
    switch number(0...5) {
    case 0: "(\(expression(.float, depth)) \(pick(["+", "-", "*", "/"])) \(leaf(.float)))"
    case 1: "(\(expression(.integer, depth)) * 0.5)"
    case 2: "abs(\(expression(.float, depth)))"
    case 3: "toFloat(\(small(.integer, depth)))"
    case 4: conditional(.float, depth)
    default: "\(pick(["floor", "ceil"]))(\(leaf(.float)))"
    }
  }

  private mutating func string(_ depth: Int) -> String {
    switch number(0...7) {
    case 0: return "(\(expression(.string, depth)) + \(expression(.string, depth)))"
    case 1: return "\(pick(["toUpper", "toLower", "reverse"]))(\(expression(.string, depth)))"
    case 2: return "substring(\(expression(.string, depth)), \(number(0...2)))"
    case 3: return "\(pick(["left", "right"]))(\(expression(.string, depth)), \(number(0...2)))"
    case 4: return "toString(\(expression(pick([.integer, .boolean]), depth)))"
    case 5:
      if let relationship = variable(.relationship) { return "type(\(relationship.name))" }
      return "(\(leaf(.string)) + \(small(.integer, 0)))"
    case 6: return "coalesce(\(leaf(.string)), \(leaf(.string)))"
    default: return conditional(.string, depth)
    }
  }

  private mutating func mixed(_ depth: Int) -> String {
    switch number(0...7) {
    case 0: return expression(.integer, depth)
    case 1: return expression(.string, depth)
    case 2: return "[\(leaf(.mixed)), \(leaf(.integer))]"
    case 3: return "coalesce(\(leaf(.mixed)), \(leaf(.mixed)))"
    case 4: return "{a: \(expression(.integer, depth)), b: \(leaf(.mixed))}"
    case 5:
      guard let element = variable(.node, .relationship) else { return leaf(.mixed) }
      let name = element.name
      return pick([
        "\(name) {.i, .s}", "\(name) {.*, i: 1}", "properties(\(name))", "\(name)['m']",
        "\(name) {.m, k: \(leaf(.integer))}",
      ])
    case 6:
      guard let list = variable(.list(.relationship), .list(.node)) else { return leaf(.boolean) }
      let item = fresh("x")
      return "[\(item) IN \(list.name) | \(item).\(pick(["i", "s", "m"]))]"
    default: return conditional(.mixed, depth)
    }
  }

  private mutating func list(_ element: Kind, _ depth: Int) -> String {
    switch number(0...7) {
    case 0: return "(\(expression(.list(element), depth)) + \(leaf(.list(element))))"
    case 1: return "\(pick(["tail", "reverse"]))(\(expression(.list(element), depth)))"
    case 2:
      return
        "\(expression(.list(element), depth))\(pick(["[1..]", "[..2]", "[-2..]", "[0..-1]", "[1..2]"]))"
    case 3: return "[\(expression(element, depth)), \(leaf(element))]"
    case 4:
      let name = fresh("x")
      let source = expression(.list(element), depth)
      scope.append(Variable(name: name, kind: element))
      let condition = chance(60) ? " WHERE \(expression(.boolean, min(depth, 1)))" : ""
      let projection = chance(60) ? " | \(expression(element, min(depth, 1)))" : ""
      scope.removeAll { $0.name == name }
      return "[\(name) IN \(source)\(condition)\(projection)]"
    case 5 where element == .integer: return "range(\(number(-1...2)), \(number(0...4)))"
    case 6: return "coalesce(\(leaf(.list(element))), \(leaf(.list(element))))"
    default: return conditional(.list(element), depth)
    }
  }

  private mutating func boolean(_ depth: Int) -> String {
    switch number(0...25) {
    case 0...5:
      let kind = pick([Kind.integer, .integer, .float, .string, .mixed, .mixed, .list(.integer)])
      let other = chance(15) ? .mixed : kind
      return
        "(\(expression(kind, depth)) \(comparison()) \(expression(other, depth)))"
    case 6:
      return
        "(\(expression(.integer, depth)) \(pick(["<", "<="])) \(leaf(.integer)) \(pick(["<", "<=", "="])) \(expression(.integer, depth)))"
    case 7...9:
      return
        "(\(expression(.boolean, depth)) \(pick(["AND", "AND", "OR", "XOR"])) \(expression(.boolean, depth)))"
    case 10: return "NOT \(expression(.boolean, depth))"
    case 11, 12: return "(\(expression(pick(Self.scalars), depth)) IS \(pick(["", "NOT "]))NULL)"
    case 13:
      let kind = pick([Kind.integer, .string, .mixed])
      return "(\(expression(kind, depth)) IN \(expression(.list(kind), depth)))"
    case 14:
      if let bag = variable(.bag(.integer), .bag(.mixed)) {
        return "(\(expression(.integer, depth)) IN \(bag.name))"
      }
      return "(\(leaf(.integer)) IN [\(leaf(.integer)), \(leaf(.mixed))])"
    case 15:
      return
        "(\(expression(.string, depth)) \(pick(["STARTS WITH", "ENDS WITH", "CONTAINS"])) \(leaf(.string)))"
    case 16:
      guard let node = variable(.node) else { return leaf(.boolean) }
      let (a, b) = (pick(Self.labels), pick(Self.labels))
      return
        "(\(node.name)\(pick([":\(a)", ":\(a)|\(b)", ":\(a)&!\(b)", ":\(a):\(b)", " IS \(a)"])))"
    case 17, 18:
      if let found = subquery(depth, { "EXISTS { \($0.subqueryBody()) }" }) { return found }
      return "isEmpty(\(expression(.string, depth)))"
    case 19...22:
      let name = fresh("x")
      let source = expression(.list(.integer), depth)
      scope.append(Variable(name: name, kind: .integer))
      let predicate = expression(.boolean, min(depth, 1))
      scope.removeAll { $0.name == name }
      return "\(pick(["all", "any", "none", "single"]))(\(name) IN \(source) WHERE \(predicate))"
    case 23:
      let nodes = scope.filter { $0.kind == .node }
      if nodes.count > 1 { return "(\(pick(nodes).name) \(pick(["=", "<>"])) \(pick(nodes).name))" }
      return leaf(.boolean)
    case 24:
      let kind = pick([Kind.integer, .string])
      let element = leaf(kind)
      let collected = subquery(depth) { generator in
        "COLLECT { MATCH \(generator.subqueryPatterns()) "
          + "RETURN \(generator.expression(kind, 1)) AS y }"
      }
      return collected.map { "(\(element) IN \($0))" } ?? leaf(.boolean)
    default:
      if let node = variable(.node), nesting < 2, !isWriting {
        let body = pick(["-->", "<--", "--", "-[:R]->"])
        return
          "(size([(\(node.name))\(body)(y) WHERE y.i > \(number(0...3)) | y.i]) > \(number(0...2)))"
      }
      return conditional(.boolean, depth)
    }
  }

  private mutating func comparison() -> String { pick(["=", "=", "<>", "<", "<=", ">", ">="]) }

  private mutating func conditional(_ kind: Kind, _ depth: Int) -> String {
    let otherwise = chance(70) ? " ELSE \(leaf(kind))" : ""
    if chance(30) {
      return
        "CASE \(expression(.integer, depth)) WHEN \(leaf(.integer)) THEN \(leaf(kind)) WHEN \(leaf(.integer)) THEN \(expression(kind, depth))\(otherwise) END"
    }
    return
      "CASE WHEN \(expression(.boolean, depth)) THEN \(expression(kind, depth))\(otherwise) END"
  }

  /// A small integer: what is made of such and of the graph's does not overflow.
  private mutating func small(_ kind: Kind, _ depth: Int) -> String { "\(number(-2...5))" }

  /// nil where no subquery may be.
  private mutating func subquery(
    _ depth: Int, _ body: (inout QueryGenerator) -> String
  ) -> String? {
    if nesting >= 2 || (nesting == 1 && chance(60)) || isWriting { return nil }
    let (outer, used) = (scope, usedInPath)
    nesting += 1
    usedInPath = []
    defer {
      (scope, usedInPath) = (outer, used)
      nesting -= 1
    }
    return body(&self)
  }

  private mutating func subqueryBody() -> String {
    if chance(50) { return subqueryPatterns() }
    let body = "MATCH \(subqueryPatterns())"
    if chance(40) { return body }
    switch number(0...2) {
    case 0: return "\(body) RETURN \(expression(.integer, 1)) AS y"
    case 1:
      return
        "\(body) WITH DISTINCT \(expression(.integer, 1)) AS z WHERE z > \(number(-1...3)) RETURN z"
    default: return "\(body) WITH count(*) AS z WHERE z > \(number(0...3)) RETURN z"
    }
  }
}

extension String {
  fileprivate var parenthesizedIfSigned: String { first == "-" ? "(\(self))" : self }
}
