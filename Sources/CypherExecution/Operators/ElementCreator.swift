internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// Makes the nodes and relationships of CREATE and of MERGE, element by element for a whole batch.
final class ElementCreator {
  private struct Element {
    var properties: PropertyExpressions
    var kind: Kind
    enum Kind {
      case node(labels: [String])
      /// Columns of the ends in the batch with the columns created before.
      case relationship(type: String, from: Int, to: Int)
    }
  }
  private let elements: [Element]
  /// The columns that are added, one an element.
  let variables: [VariableID]
  /// The input's columns and then these.
  let layout: RowLayout
  private let refusesNulls: Bool

  /// - Parameter refusesNulls: a null property is an error, as in MERGE: nothing could match it.
  init(
    _ elements: [CreateElement], layout input: RowLayout, refusesNulls: Bool = false, plan: Plan,
    context: ExecutionContext
  ) throws {
    self.refusesNulls = refusesNulls
    var layout = input
    var compiled: [Element] = []
    var added: [VariableID] = []
    for element in elements {
      switch element {
      case .node(let variable, let labels, let properties):
        compiled.append(
          Element(
            properties: try PropertyExpressions(properties, layout: layout, context: context),
            kind: .node(labels: labels.uniqued())))
        added.append(variable)
      case .relationship(let variable, let type, let from, let to, let properties):
        compiled.append(
          Element(
            properties: try PropertyExpressions(properties, layout: layout, context: context),
            kind: .relationship(
              type: type, from: try layout.requiredColumn(of: from, for: plan),
              to: try layout.requiredColumn(of: to, for: plan))))
        added.append(variable)
      }
      layout = input.adding(added)
    }
    self.elements = compiled
    self.layout = layout
    variables = added
  }

  /// - Returns: the batch with one more column for each element.
  func create(_ batch: Batch, _ writer: GraphWriter) throws -> Batch {
    var batch = batch
    for element in elements {
      let properties = try element.properties.evaluate(batch)
      if refusesNulls { try refuseNulls(properties, count: batch.count) }
      switch element.kind {
      case .node(let labels):
        let nodes = Vector(type: .node, capacity: batch.count)
        nodes.count = batch.count
        for row in 0..<batch.count {
          let node = try writer.createNode(labels: labels)
          nodes.nodes[row] = node
          try properties.forEach(row: row) { key, value in
            if case .null = value { return }
            try writer.set(key, of: node, to: value)
          }
        }
        batch.columns.append(nodes)
      case .relationship(let type, let fromColumn, let toColumn):
        let from = try EntityColumn.nodes(batch.columns[fromColumn])
        let to = try EntityColumn.nodes(batch.columns[toColumn])
        let relationships = Vector(type: .relationship, capacity: batch.count)
        relationships.count = batch.count
        for row in 0..<batch.count {
          let relationship = try writer.createRelationship(
            type: type, from: from.node(at: row), to: to.node(at: row))
          relationships.relationships[row] = relationship
          try properties.forEach(row: row) { key, value in
            if case .null = value { return }
            try writer.set(key, of: relationship, to: value)
          }
        }
        batch.columns.append(relationships)
      }
    }
    return batch
  }

  private func refuseNulls(_ properties: PropertyColumns, count: Int) throws {
    for row in 0..<count {
      try properties.forEach(row: row) { key, value in
        guard case .null = value else { return }
        throw QueryError(
          .semanticError, "MergeReadOwnWrites",
          "MERGE cannot use null for the property `\(key)`: nothing could ever match it",
          hint: "filter such rows first, or set the property after the MERGE")
      }
    }
  }
}

extension Vector {
  func node(at row: Int) -> NodeID? { isNull(row) ? nil : nodes[physical(row)] }
}
