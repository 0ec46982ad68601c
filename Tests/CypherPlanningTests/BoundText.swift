import CypherPlanning
import GraphTypes

/// Bound queries as text, for comparison: variables are `name#id`, or `#id` without a name.
struct BoundText {
  var names: [String?]

  init(_ statement: BoundStatement) { names = statement.variableNames }

  func text(_ statement: BoundStatement) -> [String] {
    switch statement.body {
    case .query(let query): query.parts.flatMap { $0.clauses.map(clause) }
    case .schema:
      PlanDescription(Planner.plan(statement, catalogue: BinderCatalogue()).plan, names: []).rows
        .dropFirst().map(\.details)
    }
  }

  func name(_ variable: VariableID) -> String {
    "\(names[variable.rawValue] ?? "")#\(variable.rawValue)"
  }

  private func list<T>(_ items: [T], _ text: (T) -> String) -> String {
    items.map(text).joined(separator: ", ")
  }

  private func query(_ query: BoundQuery) -> String {
    "{ "
      + query.parts.map { $0.clauses.map(clause).joined(separator: "; ") }
      .joined(separator: " UNION ") + " -> \(list(query.outputs, name)) }"
  }

  func clause(_ clause: BoundClause) -> String {
    switch clause {
    case .match(let match):
      return (match.isOptional ? "optional " : "") + "match " + graph(match.graph)
    case .unwind(let list, let variable): return "unwind \(text(list)) as \(name(variable))"
    case .projection(let projection): return self.projection(projection)
    case .create(let elements): return "create " + list(elements, element)
    case .merge(let merge):
      return "merge \(graph(merge.graph)) else \(list(merge.elements, element))"
        + " created(\(list(merge.onCreate, item))) matched(\(list(merge.onMatch, item)))"
    case .set(let items): return "set " + list(items, item)
    case .delete(let values, let detach):
      return (detach ? "detach " : "") + "delete " + list(values, text)
    case .forEach(let variable, let values, let clauses):
      return "foreach \(name(variable)) in \(text(values)) [\(list(clauses, self.clause))]"
    case .call(let call, _):
      let yields = list(call.yields) { "\(name($0.variable))=\($0.column)" }
      return "call \(call.name)(\(list(call.arguments, text))) yields \(yields)"
    case .subquery(let query, let imports, let isOptional):
      return "\(isOptional ? "optional " : "")call(\(list(imports, name))) \(self.query(query))"
    case .show(let command, let outputs): return "show \(command) \(list(outputs, name))"
    }
  }

  private func graph(_ graph: QueryGraph) -> String {
    var parts = graph.nodes.map { node in
      (node.isBound ? "!" : "") + "(\(name(node.variable))"
        + node.labels.map { ":\($0)" }.joined() + ")"
    }
    parts += graph.relationships.map(relationship)
    parts += graph.shortestPaths.map {
      "\($0.path.map(name) ?? "")=shortest\($0.all ? "All" : "")\(relationship($0.relationship))"
    }
    parts += graph.paths.map { "\(name($0.variable))=<\(list($0.elements, name))>" }
    let predicates = graph.predicates.map(text).joined(separator: " & ")
    return parts.joined(separator: " ") + (predicates.isEmpty ? "" : " where \(predicates)")
  }

  private func relationship(_ relationship: PatternRelationship) -> String {
    let length = relationship.length.map { "*\($0.minimum)..\($0.maximum.map(String.init) ?? "")" }
    let types = relationship.types.isEmpty ? "" : ":" + relationship.types.joined(separator: "|")
    let step = relationship.stepPredicate.map { predicate in
      "{\(relationship.step.map(name) ?? "") \(text(predicate))}"
    }
    let arrow = [Direction.outgoing: "->", .incoming: "<-", .both: "--"][relationship.direction]
    return (relationship.isBound ? "!" : "")
      + "[\(name(relationship.from))\(arrow ?? "")\(name(relationship.to))"
      + " \(name(relationship.variable))\(types)\(length ?? "")\(step ?? "")]"
  }

  private func projection(_ projection: BoundProjection) -> String {
    var parts: [String] = []
    if let aggregation = projection.aggregation {
      parts.append("group(\(list(aggregation.groups, item)))")
      let aggregates = list(aggregation.aggregates) { aggregate in
        "\(name(aggregate.target))=\(aggregate.function)"
          + "(\(aggregate.isDistinct ? "distinct " : "")\(list(aggregate.arguments, text)))"
      }
      parts.append("aggregate(\(aggregates))")
    }
    parts.append(
      "project\(projection.isDistinct ? " distinct" : "")(\(list(projection.items, item)))")
    if !projection.sortKeys.isEmpty {
      let keys = list(projection.sortKeys) {
        text($0.expression) + ($0.isDescending ? " desc" : "")
      }
      parts.append("sort(\(keys))")
    }
    if let skip = projection.skip { parts.append("skip \(text(skip))") }
    if let limit = projection.limit { parts.append("limit \(text(limit))") }
    if !projection.predicates.isEmpty {
      parts.append("where " + projection.predicates.map(text).joined(separator: " & "))
    }
    return parts.joined(separator: " ")
  }

  private func item(_ item: Projection) -> String {
    "\(name(item.target))=\(text(item.expression))"
  }

  private func element(_ element: CreateElement) -> String {
    switch element {
    case .node(let variable, let labels, let computed, let properties):
      "(\(name(variable))\((labels + computed.map { "$(\(text($0)))" }).map { ":\($0)" }.joined())"
        + "\(properties.map(text) ?? ""))"
    case .relationship(let variable, let type, let from, let to, let properties):
      "[\(name(from))->\(name(to)) \(name(variable)):\(self.type(type))"
        + "\(properties.map(text) ?? "")]"
    }
  }

  private func type(_ type: WrittenType) -> String {
    switch type {
    case .name(let name): name
    case .computed(let names): "$(\(text(names)))"
    }
  }

  private func item(_ item: SetItem) -> String {
    switch item {
    case .property(let subject, let key, let value): "\(text(subject)).\(key)=\(text(value))"
    case .dynamicProperty(let subject, let key, let value):
      "\(text(subject))[\(text(key))]=\(text(value))"
    case .properties(let subject, let value, let merging):
      "\(text(subject))\(merging ? "+=" : "=")\(text(value))"
    case .addLabels(let subject, let labels): "\(text(subject)):+\(labels.joined(separator: ":"))"
    case .removeLabels(let subject, let labels):
      "\(text(subject)):-\(labels.joined(separator: ":"))"
    case .computedLabels(let subject, let names, let adding):
      "\(text(subject)):\(adding ? "+" : "-")$(\(text(names)))"
    }
  }

  func text(_ expression: BoundExpression) -> String {
    switch expression {
    case .literal(let value): "\(value)"
    case .parameter(let name): "$\(name)"
    case .variable(let variable): name(variable)
    case .property(let base, let key): "\(text(base)).\(key)"
    case .index(let base, let index): "\(text(base))[\(text(index))]"
    case .list(let items): "[\(list(items, text))]"
    case .map(let entries): "{\(list(entries) { "\($0.key): \(text($0.value))" })}"
    case .mapProjection(let base, let entries, let all):
      "\(text(base)){\(list(entries) { "\($0.key): \(text($0.value))" })\(all ? ", .*" : "")}"
    case .not(let a): "not(\(text(a)))"
    case .and(let items): "and(\(list(items, text)))"
    case .or(let items): "or(\(list(items, text)))"
    case .comparison(let op, let a, let b): "(\(text(a)) \(op.rawValue) \(text(b)))"
    case .arithmetic(let op, let a, let b): "(\(text(a)) \(op.rawValue) \(text(b)))"
    case .isNull(let a): "\(text(a)) isNull"
    case .isNotNull(let a): "\(text(a)) isNotNull"
    case .isIn(let a, let list): "(\(text(a)) in \(text(list)))"
    case .hasLabels(let a, let labels): "\(text(a)):\(label(labels))"
    case .hasComputedLabels(let a, let names, let quantifier):
      "\(text(a)):$\(quantifier)(\(text(names)))"
    case .function(let function, let arguments): "\(function)(\(list(arguments, text)))"
    case .listComprehension(let variable, let values, let predicate, let yield):
      "[\(name(variable)) in \(text(values)) where \(predicate.map(text) ?? "") | "
        + "\(yield.map(text) ?? "")]"
    case .path(let elements): "path(\(list(elements, name)))"
    case .subquery(let kind, let plan, let imports):
      "\(kind)(\(list(imports, name)))" + (Self.queries[plan].map { query($0) } ?? "")
    default: "\(expression)"
    }
  }

  private func label(_ predicate: LabelPredicate) -> String {
    switch predicate {
    case .label(let name): name
    case .wildcard: "%"
    case .not(let part): "!" + label(part)
    case .and(let parts): "(" + parts.map(label).joined(separator: "&") + ")"
    case .or(let parts): "(" + parts.map(label).joined(separator: "|") + ")"
    }
  }

  /// What the plans of subquery expressions stand for.
  @TaskLocal static var queries: [Plan: BoundQuery] = [:]
}
