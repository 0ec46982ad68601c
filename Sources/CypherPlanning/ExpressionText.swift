internal import GraphTypes

/// Prints bound expressions for EXPLAIN: like Cypher, with the names of the text.
struct ExpressionPrinter {
  let names: [String?]

  func name(_ v: VariableID) -> String {
    guard names.indices.contains(v.rawValue), let name = names[v.rawValue] else {
      return "_\(v.rawValue)"
    }
    return CypherText.name(name)
  }

  func list(_ expressions: [BoundExpression]) -> String {
    expressions.map { text($0) }.joined(separator: ", ")
  }

  func text(_ e: BoundExpression) -> String { text(e, above: 0) }

  /// - Parameter strength: of the operator around it; weaker ones get parentheses.
  private func text(_ e: BoundExpression, above strength: Int) -> String {
    func infix(_ parts: [BoundExpression], _ symbol: String, _ own: Int) -> String {
      let text = parts.map { self.text($0, above: own) }.joined(separator: " \(symbol) ")
      return own <= strength ? "(\(text))" : text
    }
    switch e {
    case .literal(let value): return value.text(.literal)
    case .parameter(let name): return "$" + CypherText.name(name)
    case .variable(let v): return name(v)
    case .property(let subject, let key):
      return "\(text(subject, above: 9)).\(CypherText.name(key))"
    case .index(let subject, let index): return "\(text(subject, above: 9))[\(text(index))]"
    case .slice(let subject, let from, let to):
      let (from, to) = (from.map(text) ?? "", to.map(text) ?? "")
      return "\(text(subject, above: 9))[\(from)..\(to)]"
    case .list(let items): return "[\(list(items))]"
    case .map(let entries): return "{\(self.entries(entries))}"
    case .mapProjection(let subject, let entries, let all):
      let parts = (all ? [".*"] : []) + (entries.isEmpty ? [] : [self.entries(entries)])
      return "\(text(subject, above: 9)) {\(parts.joined(separator: ", "))}"
    case .or(let items): return infix(items, "OR", 1)
    case .xor(let a, let b): return infix([a, b], "XOR", 2)
    case .and(let items): return infix(items, "AND", 3)
    case .not(let item):
      let inner = "NOT " + text(item, above: 4)
      return strength > 4 ? "(\(inner))" : inner
    case .comparison(let op, let a, let b): return infix([a, b], op.rawValue, 5)
    case .stringPredicate(let op, let a, let b): return infix([a, b], op.rawValue, 5)
    case .isIn(let a, let b): return infix([a, b], "IN", 5)
    case .isNull(let a): return "\(text(a, above: 5)) IS NULL"
    case .isNotNull(let a): return "\(text(a, above: 5)) IS NOT NULL"
    case .isTyped(let a, let type, let negated):
      return "\(text(a, above: 5)) IS \(negated ? "NOT " : "")::\(type)"
    case .hasLabels(let a, let labels): return "\(text(a, above: 9)):\(self.labels(labels))"
    case .hasComputedLabels(let a, let names, let quantifier):
      return "\(text(a, above: 9)):$\(quantifier == .any ? "any" : "")(\(text(names)))"
    case .arithmetic(let op, let a, let b):
      switch op {
      case .add, .subtract, .concatenate: return infix([a, b], op.rawValue, 6)
      case .multiply, .divide, .modulo: return infix([a, b], op.rawValue, 7)
      case .power: return infix([a, b], op.rawValue, 8)
      }
    case .negate(let a): return "-" + text(a, above: 8)
    case .function(let name, let arguments): return "\(name)(\(list(arguments)))"
    case .caseWhen(let subject, let branches, let otherwise):
      let head = "CASE" + (subject.map { " " + text($0) } ?? "")
      let whens = branches.map { " WHEN \(text($0.when)) THEN \(text($0.then))" }
      return head + whens.joined() + (otherwise.map { " ELSE \(text($0))" } ?? "") + " END"
    case .listComprehension(let v, let list, let condition, let yield):
      let condition = condition.map { " WHERE \(text($0))" } ?? ""
      let yield = yield.map { " | \(text($0))" } ?? ""
      return "[\(name(v)) IN \(text(list))\(condition)\(yield)]"
    case .quantifier(let kind, let v, let list, let condition):
      return "\(kind.rawValue)(\(name(v)) IN \(text(list)) WHERE \(text(condition)))"
    case .reduce(let accumulator, let start, let v, let list, let yield):
      return "reduce(\(name(accumulator)) = \(text(start)), \(name(v)) IN \(text(list)) | "
        + "\(text(yield)))"
    case .path(let vs): return "path(\(vs.map(name).joined(separator: ", ")))"
    case .distinctRelationships(let vs):
      return vs.count == 2
        ? "NOT \(name(vs[0])) = \(name(vs[1]))"
        : "distinct(\(vs.map(name).joined(separator: ", ")))"
    case .subquery(let kind, _, let imports):
      let word =
        switch kind {
        case .exists: "EXISTS"
        case .count: "COUNT"
        case .collect: "COLLECT"
        }
      return "\(word) {\(imports.map(name).joined(separator: ", "))}"
    }
  }

  private func entries(_ entries: [MapEntry]) -> String {
    entries.map { "\(CypherText.name($0.key)): \(text($0.value))" }.joined(separator: ", ")
  }

  func labels(_ predicate: LabelPredicate) -> String {
    func inner(_ p: LabelPredicate) -> String {
      switch p {
      case .and, .or: "(\(labels(p)))"
      default: labels(p)
      }
    }
    return switch predicate {
    case .label(let name): CypherText.name(name)
    case .wildcard: "%"
    case .not(let p): "!" + inner(p)
    case .and(let ps): ps.map(inner).joined(separator: "&")
    case .or(let ps): ps.map(inner).joined(separator: "|")
    }
  }
}
