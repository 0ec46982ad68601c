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
      case relationship(type: TypeName, from: Int, to: Int)
    }
    enum TypeName {
      case name(String)
      case computed(CompiledExpression)
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
    variables = elements.map(\.variable)
    // An element reads none of the columns that come after it.
    let layout = input.adding(variables)
    self.layout = layout
    self.elements = try elements.map { element in
      try context.control.check()
      switch element {
      case .node(_, let labels, let properties):
        return Element(
          properties: try PropertyExpressions(properties, layout: layout, context: context),
          kind: .node(labels: labels.uniqued()))
      case .relationship(_, let type, let from, let to, let properties):
        let type: Element.TypeName =
          switch type {
          case .name(let name): .name(name)
          case .computed(let name):
            .computed(try CompiledExpression(name, layout: layout, context: context))
          }
        return Element(
          properties: try PropertyExpressions(properties, layout: layout, context: context),
          kind: .relationship(
            type: type, from: try layout.requiredColumn(of: from, for: plan),
            to: try layout.requiredColumn(of: to, for: plan)))
      }
    }
  }

  /// The property columns of all elements.
  /// - Precondition: they read no element.
  func properties(_ batch: Batch) throws -> [PropertyColumns] {
    try elements.map { try $0.properties.evaluate(batch) }
  }

  /// - Parameter properties: what `properties` has given for these rows.
  /// - Returns: the batch with one more column for each element.
  func create(
    _ batch: Batch, properties known: [PropertyColumns]? = nil, _ writer: GraphWriter
  ) throws -> Batch {
    var batch = batch
    for (index, element) in elements.enumerated() {
      let properties = try known?[index] ?? element.properties.evaluate(batch)
      if refusesNulls { try refuseNulls(properties, count: batch.count) }
      let created: Vector
      switch element.kind {
      case .node(let labels):
        created = try writer.createNodes(labels: labels, count: batch.count)
      case .relationship(let type, let from, let to):
        let from = try EntityColumn.nodes(batch.columns[from])
        let to = try EntityColumn.nodes(batch.columns[to])
        created = Vector(type: .relationship, capacity: batch.count)
        created.count = batch.count
        switch type {
        case .name(let name):
          try writer.createRelationships(
            type: name, from: from, to: to, rows: 0..<batch.count, into: created)
        case .computed(let names):
          let names = try names.evaluate(batch)
          for row in 0..<batch.count {
            try writer.createRelationships(
              type: try ComputedNames.relationshipType(names.boxed(row)), from: from, to: to,
              rows: row..<row + 1, into: created)
          }
        }
      }
      try properties.set(of: created, count: batch.count, writer)
      batch.columns.append(created)
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
