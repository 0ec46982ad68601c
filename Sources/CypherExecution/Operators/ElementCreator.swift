internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// Makes the nodes and relationships of CREATE and of MERGE, element by element for a whole batch.
final class ElementCreator {
  fileprivate struct Element {
    var properties: PropertyExpressions
    var kind: Kind
    enum Kind {
      case node(labels: [String], computed: [WrittenNames])
      /// Columns of the ends in the batch with the columns created before.
      case relationship(type: TypeName, from: Int, to: Int)
    }
    enum TypeName {
      case name(String)
      case computed(WrittenNames)
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
      case .node(_, let labels, let computed, let properties):
        return Element(
          properties: try PropertyExpressions(properties, layout: layout, context: context),
          kind: .node(
            labels: labels.uniqued(),
            computed: try computed.map {
              try WrittenNames($0, layout: layout, context: context)
            }))
      case .relationship(_, let type, let from, let to, let properties):
        let type: Element.TypeName =
          switch type {
          case .name(let name): .name(name)
          case .computed(let name):
            .computed(try WrittenNames(name, layout: layout, context: context))
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
      let created = try element.kind.create(batch, writer)
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

extension ElementCreator.Element.Kind {
  /// - Returns: a column of new nodes or relationships, one a row.
  fileprivate func create(_ batch: Batch, _ writer: GraphWriter) throws -> Vector {
    let all = 0..<batch.count
    let created = Vector(type: isNode ? .node : .relationship, capacity: batch.count)
    created.count = batch.count
    switch self {
    case .node(let labels, let computed) where computed.isEmpty:
      try writer.createNodes(labels: labels, rows: all, into: created)
    case .node(let labels, let computed):
      let names = try computed.map { try $0.evaluate(batch) }
      for row in all {
        let more = try zip(computed, names).flatMap { try $0.labels($1, row: row) }
        try writer.createNodes(labels: labels + more, rows: row..<row + 1, into: created)
      }
    case .relationship(let type, let from, let to):
      let from = try EntityColumn.nodes(batch.columns[from])
      let to = try EntityColumn.nodes(batch.columns[to])
      switch type {
      case .name(let name):
        try writer.createRelationships(type: name, from: from, to: to, rows: all, into: created)
      case .computed(let computed):
        let names = try computed.evaluate(batch)
        for row in all {
          try writer.createRelationships(
            type: try computed.relationshipType(names, row: row), from: from, to: to,
            rows: row..<row + 1, into: created)
        }
      }
    }
    return created
  }

  private var isNode: Bool { if case .node = self { true } else { false } }
}
