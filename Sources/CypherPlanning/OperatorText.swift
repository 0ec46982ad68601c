internal import GraphTypes

extension ExpressionPrinter {
  /// The operator's name as Neo4j users know it.
  func operatorName(_ operation: PlanOperation) -> String {
    switch operation {
    case .singleRow: "SingleRow"
    case .argument: "Argument"
    case .nodeScan(let scan):
      switch scan.seek {
      case nil: scan.labels.isEmpty ? "AllNodesScan" : "NodeByLabelScan"
      case .ids: "NodeByIdSeek"
      case .equal, .anyOf: "NodeSeek"
      case .range, .prefix: "NodeSeekByRange"
      }
    case .relationshipScan(let scan):
      scan.direction == .both ? "UndirectedRelationshipScan" : "DirectedRelationshipScan"
    case .indexSeek(let seek): indexOperatorName(seek)
    case .count(.nodes, _): "NodeCountFromCountStore"
    case .count(.relationships, _): "RelationshipCountFromCountStore"
    case .count(.entries, _): "CountFromIndex"
    case .show: "Show"
    case .expand(let e):
      e.multiplicity != nil ? "DegreeExpand" : e.into ? "Expand(Into)" : "Expand(All)"
    case .intersect(let i): i.multiplicity != nil ? "CountIntersection" : "Intersect"
    case .variableLengthExpand(let e):
      (e.distinctEnds ? "PruningVarLengthExpand" : "VarLengthExpand")
        + (e.into ? "(Into)" : "(All)")
    case .shortestPath: "ShortestPath"
    case .filter: "Filter"
    case .project: "Projection"
    case .aggregate: "EagerAggregation"
    case .orderedAggregate: "OrderedAggregation"
    case .distinct: "Distinct"
    case .sort(let keys): keys.isEmpty ? "Eager" : "Sort"
    case .top: "Top"
    case .skip: "Skip"
    case .limit: "Limit"
    case .unwind: "Unwind"
    case .apply(let perRow): perRow ? "Apply(Row)" : "Apply"
    case .optionalApply: "OptionalApply"
    case .semiApply(let anti): anti ? "AntiSemiApply" : "SemiApply"
    case .cartesianProduct: "CartesianProduct"
    case .hashJoin: "HashJoin"
    case .union: "Union"
    case .create: "Create"
    case .merge: "Merge"
    case .set: "Set"
    case .delete(_, let detach): detach ? "DetachDelete" : "Delete"
    case .forEach: "Foreach"
    case .callProcedure: "ProcedureCall"
    case .unitApply: "SubqueryForeach"
    case .schema: "Schema"
    case .produceResults: "ProduceResults"
    }
  }

  func details(_ plan: Plan) -> String {
    switch plan.operation {
    case .singleRow, .distinct, .apply, .optionalApply, .semiApply, .cartesianProduct, .union,
      .unitApply:
      return ""
    case .argument: return plan.outputs.map(name).joined(separator: ", ")
    case .nodeScan(let scan):
      let node = name(scan.variable) + scan.labels.map { ":" + CypherText.name($0) }.joined()
      return node + (scan.seek.map { " WHERE " + seek($0, name(scan.variable)) } ?? "")
    case .relationshipScan(let s):
      func node(_ variable: VariableID, _ labels: [String]) -> String {
        "(" + name(variable) + labels.map { ":" + CypherText.name($0) }.joined() + ")"
      }
      return node(s.from, s.fromLabels) + arrow(s.relationship, s.types, s.direction)
        + node(s.to, s.toLabels)
    case .indexSeek(let seek): return indexDetails(seek)
    case .count(.nodes(let label), let variable):
      return "count((\(label.map { ":" + CypherText.name($0) } ?? ""))) AS \(name(variable))"
    case .count(.relationships(let types, let from, let to), let variable):
      func node(_ labels: [String]) -> String {
        "(" + labels.map { ":" + CypherText.name($0) }.joined() + ")"
      }
      return "count(\(node(from))\(arrow(nil, types, .outgoing))\(node(to))) AS \(name(variable))"
    case .count(.entries(let seek), let variable):
      return "count(\(indexDetails(seek))) AS \(name(variable))"
    case .show(let command): return command.rawValue.uppercased()
    case .expand(let e):
      return (e.paired.map(pairedHop) ?? "") + "(\(name(e.from)))"
        + arrow(e.relationship, e.types, e.direction) + end(e.to, e.toLabels)
        + (e.excluding.isEmpty ? "" : " EXCEPT " + e.excluding.map(name).joined(separator: ", "))
        + (e.multiplicity.map { " AS \(name($0))" } ?? "")
    case .intersect(let i): return intersection(i)
    case .variableLengthExpand(let e): return walk(e)
    case .shortestPath(let s):
      let function = s.all ? "allShortestPaths" : "shortestPath"
      return (s.path.map { name($0) + " = " } ?? "") + "\(function)(\(walk(s.expand)))"
    case .filter(let predicates):
      return predicates.map {
        if case .or = $0 { "(\(text($0)))" } else { text($0) }
      }.joined(separator: " AND ")
    case .project(let items): return items.map(projection).joined(separator: ", ")
    case .aggregate(let groups, let aggregates), .orderedAggregate(let groups, let aggregates, _):
      return
        (groups.map(projection)
        + aggregates.map { a in
          let arguments = a.arguments.isEmpty ? "*" : list(a.arguments)
          return named(a.target, "\(a.function)(\(a.isDistinct ? "DISTINCT " : "")\(arguments))")
        }).joined(separator: ", ")
    case .sort(let keys): return keys.map(key).joined(separator: ", ")
    case .top(let keys, let limit, let skip):
      return keys.map(key).joined(separator: ", ") + " LIMIT \(text(limit))"
        + (skip.map { " SKIP \(text($0))" } ?? "")
    case .skip(let e), .limit(let e): return text(e)
    case .unwind(let e, let v): return named(v, text(e))
    case .hashJoin(let left, let right):
      return zip(left, right).map { "\(text($0)) = \(text($1))" }.joined(separator: " AND ")
    case .create(let elements): return elements.map(element).joined(separator: ", ")
    case .merge(let merge):
      var result = merge.elements.map(element).joined(separator: ", ")
      if !merge.onMatch.isEmpty { result += " ON MATCH SET " + items(merge.onMatch) }
      if !merge.onCreate.isEmpty { result += " ON CREATE SET " + items(merge.onCreate) }
      return result
    case .set(let items): return self.items(items)
    case .delete(let expressions, _): return list(expressions)
    case .forEach(let v, let e): return "\(name(v)) IN \(text(e))"
    case .callProcedure(let call):
      let yields = call.yields.map { yield in
        let variable = name(yield.variable)
        return variable == yield.column ? variable : "\(yield.column) AS \(variable)"
      }
      return "\(call.name)(\(list(call.arguments)))"
        + (yields.isEmpty ? "" : " YIELD " + yields.joined(separator: ", "))
    case .schema(let command): return schema(command)
    case .produceResults(let columns): return columns.joined(separator: ", ")
    }
  }

  private func named(_ target: VariableID, _ text: String) -> String {
    let name = name(target)
    return text == name ? name : "\(text) AS \(name)"
  }

  private func projection(_ item: Projection) -> String {
    named(item.target, text(item.expression))
  }

  private func key(_ key: SortKey) -> String {
    text(key.expression) + (key.isDescending ? " DESC" : "")
  }

  private func seek(_ seek: Seek, _ node: String) -> String {
    func property(_ key: String) -> String { "\(node).\(CypherText.name(key))" }
    switch seek {
    case .ids(let e, let isList): return "id(\(node)) \(isList ? "IN" : "=") \(text(e))"
    case .equal(let key, let e): return "\(property(key)) = \(text(e))"
    case .anyOf(let key, let list): return "\(property(key)) IN \(text(list))"
    case .prefix(let key, let e): return "\(property(key)) STARTS WITH \(text(e))"
    case .range(let key, let lower, let lowerInclusive, let upper, let upperInclusive):
      return [
        lower.map { "\(property(key)) \(lowerInclusive ? ">=" : ">") \(text($0))" },
        upper.map { "\(property(key)) \(upperInclusive ? "<=" : "<") \(text($0))" },
      ].compactMap(\.self).joined(separator: " AND ")
    }
  }

  fileprivate func arrow(
    _ relationship: VariableID?, _ types: [String], _ direction: Direction, length: String = ""
  ) -> String {
    let inner =
      (relationship.map(name) ?? "")
      + (types.isEmpty ? "" : ":" + types.map { CypherText.name($0) }.joined(separator: "|"))
      + length
    let body = inner.isEmpty ? "--" : "-[\(inner)]-"
    return switch direction {
    case .outgoing: body + ">"
    case .incoming: "<" + body
    case .both: body
    }
  }

  private func intersection(_ i: Intersection) -> String {
    let excluded = Set(i.first.excluding + i.second.excluding).map(name).sorted()
    return "(\(name(i.first.from)))" + arrow(i.first.relationship, i.first.types, i.first.direction)
      + end(i.to, i.toLabels)
      + arrow(i.second.relationship, i.second.types, i.second.direction.reversed)
      + "(\(name(i.second.from)))"
      + (excluded.isEmpty ? "" : " EXCEPT " + excluded.joined(separator: ", "))
      + (i.multiplicity.map { " AS \(name($0))" } ?? "")
  }

  private func end(_ variable: VariableID, _ labels: [String]) -> String {
    "(\(name(variable))\(labels.map { ":" + CypherText.name($0) }.joined()))"
  }

  /// Written before the node from which both hops start.
  private func pairedHop(_ hop: PairedHop) -> String {
    end(hop.to, hop.toLabels) + arrow(nil, hop.types, hop.direction.reversed)
  }

  private func walk(_ e: VariableLengthExpand) -> String {
    let length = "*\(e.minimum)..\(e.maximum.map(String.init) ?? "")"
    var result =
      "(\(name(e.from)))" + arrow(e.relationship, e.types, e.direction, length: length)
      + "(\(name(e.to))\(e.toLabels.map { ":" + CypherText.name($0) }.joined()))"
    if let step = e.step, let predicate = e.predicate {
      result += " WHERE all(\(name(step)) WHERE \(text(predicate)))"
    }
    if !e.excluding.isEmpty {
      result += " EXCLUDING " + e.excluding.map(name).joined(separator: ", ")
    }
    return result
  }

  private func element(_ element: CreateElement) -> String {
    func map(_ e: BoundExpression?) -> String { e.map { " " + text($0) } ?? "" }
    switch element {
    case .node(let v, let labels, let computed, let properties):
      let labels =
        labels.map { ":" + CypherText.name($0) }.joined()
        + computed.map { ":$(\(text($0)))" }.joined()
      return "(\(name(v))\(labels)\(map(properties)))"
    case .relationship(let v, let type, let from, let to, let properties):
      let type =
        switch type {
        case .name(let type): CypherText.name(type)
        case .computed(let names): "$(\(text(names)))"
        }
      return "(\(name(from)))-[\(name(v)):\(type)\(map(properties))]->"
        + "(\(name(to)))"
    }
  }

  private func items(_ items: [SetItem]) -> String {
    items.map { item in
      switch item {
      case .property(let e, let key, let value):
        "\(text(e)).\(CypherText.name(key)) = \(text(value))"
      case .dynamicProperty(let e, let key, let value):
        "\(text(e))[\(text(key))] = \(text(value))"
      case .properties(let e, let value, let merging):
        "\(text(e)) \(merging ? "+=" : "=") \(text(value))"
      case .addLabels(let e, let labels):
        text(e) + labels.map { ":" + CypherText.name($0) }.joined()
      case .removeLabels(let e, let labels):
        "REMOVE " + text(e) + labels.map { ":" + CypherText.name($0) }.joined()
      case .computedLabels(let e, let names, let adding):
        "\(adding ? "" : "REMOVE ")\(text(e)):$(\(text(names)))"
      }
    }.joined(separator: ", ")
  }

  private func schema(_ command: SchemaCommand) -> String {
    let name = command.name.map { " " + text($0) } ?? ""
    switch command.action {
    case .createIndex(let kind, let pattern, _):
      return "CREATE \(kind.rawValue) INDEX\(name) FOR \(pattern.text)"
    case .createConstraint(let requirement, let pattern):
      return "CREATE CONSTRAINT\(name) FOR \(pattern.text) REQUIRE \(requirement.text)"
    case .dropIndex: return "DROP INDEX\(name)"
    case .dropConstraint: return "DROP CONSTRAINT\(name)"
    }
  }
}

extension SchemaCommand.ConstraintRequirement {
  /// As written behind the keys.
  package var text: String {
    switch self {
    case .unique: "IS UNIQUE"
    case .exists: "IS NOT NULL"
    case .key: "IS KEY"
    case .typed(let type): "IS :: \(type)"
    }
  }
}

// Searches of indexes.
extension ExpressionPrinter {
  fileprivate func indexOperatorName(_ seek: IndexSeek) -> String {
    let kind =
      switch (seek.values.isEmpty, seek.bound) {
      case (true, nil): "IndexScan"
      case (_, .range?), (_, .prefix?): "IndexSeekByRange"
      case (false, nil): "IndexSeek"
      }
    switch seek.target {
    case .node: return "Node" + (seek.findsOne ? "Unique" : "") + kind
    case .relationship(_, _, _, let direction):
      return (direction == .both ? "UndirectedRelationship" : "DirectedRelationship") + kind
    }
  }

  fileprivate func indexDetails(_ seek: IndexSeek) -> String {
    let label = CypherText.name(seek.index.label)
    let variable: String
    let pattern: String
    switch seek.target {
    case .node(let node):
      variable = name(node)
      pattern = "\(variable):\(label)"
    case .relationship(let relationship, let from, let to, let direction):
      variable = relationship.map(name) ?? ""
      pattern =
        "(\(name(from)))" + arrow(relationship, [seek.index.label], direction)
        + "(\(name(to)))"
    }
    func property(_ key: String) -> String {
      (variable.isEmpty ? "" : variable + ".") + CypherText.name(key)
    }
    var conditions = zip(seek.index.keys, seek.values).map { key, value in
      let property = property(key)
      return switch value {
      case .equal(let e): "\(property) = \(text(e))"
      case .anyOf(let list): "\(property) IN \(text(list))"
      }
    }
    let others = seek.index.keys.dropFirst(seek.values.count).map(property)
    if let bound = seek.bound, let property = others.first {
      switch bound {
      case .prefix(let e): conditions.append("\(property) STARTS WITH \(text(e))")
      case .range(let lower, let lowerInclusive, let upper, let upperInclusive):
        conditions += [
          lower.map { "\(property) \(lowerInclusive ? ">=" : ">") \(text($0))" },
          upper.map { "\(property) \(upperInclusive ? "<=" : "<") \(text($0))" },
        ].compactMap(\.self)
      }
    }
    if !(seek.order?.includesMissing ?? false) {
      conditions += others.dropFirst(seek.bound == nil ? 0 : 1).map { "\($0) IS NOT NULL" }
    }
    let condition = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    let order = seek.order.map { $0.isDescending ? " DESCENDING" : " ASCENDING" } ?? ""
    return "\(pattern)\(condition) BY \(seek.index.name)\(order)"
  }
}
