package import CypherPlanning
package import GraphStore
internal import GraphTypes

/// Indexes and constraints in words: the rows of SHOW, and the statements that make them.
package struct SchemaText {
  private let reader: GraphReader

  package init(_ reader: GraphReader) { self.reader = reader }

  package func pattern(_ index: IndexDefinition) -> SchemaPattern {
    SchemaPattern(
      onRelationships: index.onRelationships,
      labels: index.labels.map { name(ofLabel: $0, index.onRelationships) },
      keys: index.keys.map { reader.name(of: $0) })
  }

  package func pattern(_ constraint: ConstraintDefinition) -> SchemaPattern {
    SchemaPattern(
      onRelationships: constraint.onRelationships,
      labels: [name(ofLabel: constraint.label, constraint.onRelationships)],
      keys: constraint.keys.map { reader.name(of: $0) })
  }

  private func name(ofLabel id: UInt32, _ onRelationships: Bool) -> String {
    onRelationships ? reader.name(of: RelationshipTypeID(id)) : reader.name(of: LabelID(id))
  }

  // MARK: SHOW

  /// Columns as `ShowCommand.indexes` names them.
  func indexRows() -> [[Value]] {
    let schema = reader.schema
    return schema.indexes.map { index in
      let pattern = pattern(index)
      let owner = schema.constraints.first { $0.id == index.constraint }
      return [
        .integer(Int64(index.id)), .string(index.name),
        .string(index.state == .online ? "ONLINE" : "POPULATING"),
        .float(index.state == .online ? 100 : 0), .string(kind(index)), entity(pattern),
        strings(pattern.labels), strings(pattern.keys), .string(provider(index)),
        owner.map { .string($0.name) } ?? .null,
        // Reads are not counted.
        .null, .null, .null,
        .map(["indexProvider": .string(provider(index)), "indexConfig": .map(options(index))]),
        .string(""),
        .string(
          owner.map(statement)
            ?? statement(index)),
      ]
    }
  }

  /// Columns as `ShowCommand.constraints` names them.
  func constraintRows() -> [[Value]] {
    let schema = reader.schema
    return schema.constraints.map { constraint in
      let pattern = pattern(constraint)
      let index = schema.indexes.first { $0.id == constraint.index }
      return [
        .integer(Int64(constraint.id)), .string(constraint.name), .string(type(constraint)),
        entity(pattern), strings(pattern.labels), strings(pattern.keys),
        index.map { .string($0.name) } ?? .null, propertyType(constraint),
        index.map {
          .map(["indexProvider": .string(provider($0)), "indexConfig": .map([:])])
        } ?? .null,
        .string(statement(constraint)),
      ]
    }
  }

  private func entity(_ pattern: SchemaPattern) -> Value {
    .string(pattern.onRelationships ? "RELATIONSHIP" : "NODE")
  }

  private func strings(_ names: [String]) -> Value { .list(names.map { .string($0) }) }

  func kind(_ index: IndexDefinition) -> String {
    index.kind == .fulltext ? "FULLTEXT" : "RANGE"
  }

  private func provider(_ index: IndexDefinition) -> String {
    index.kind == .fulltext ? "fulltext-1.0" : "range-1.0"
  }

  private func options(_ index: IndexDefinition) -> [String: Value] {
    index.analyzer.map { [IndexOptions.analyzerKey: .string($0)] } ?? [:]
  }

  /// As Neo4j 5 names it.
  func type(_ constraint: ConstraintDefinition) -> String {
    let isNode = !constraint.onRelationships
    return switch constraint.kind {
    case .unique: isNode ? "UNIQUENESS" : "RELATIONSHIP_UNIQUENESS"
    case .exists: isNode ? "NODE_PROPERTY_EXISTENCE" : "RELATIONSHIP_PROPERTY_EXISTENCE"
    case .key: isNode ? "NODE_KEY" : "RELATIONSHIP_KEY"
    case .type: isNode ? "NODE_PROPERTY_TYPE" : "RELATIONSHIP_PROPERTY_TYPE"
    }
  }

  private func propertyType(_ constraint: ConstraintDefinition) -> Value {
    if case .type(let name) = constraint.kind { .string(name) } else { .null }
  }

  // MARK: Statements

  /// What makes all constraints and the indexes that are not theirs.
  package var statements: [String] {
    let schema = reader.schema
    return schema.constraints.map(statement)
      + schema.indexes.filter { $0.constraint == nil }.map(statement)
  }

  func statement(_ index: IndexDefinition) -> String {
    let pattern = pattern(index)
    let (target, keys) = parts(pattern)
    let name = CypherText.name(index.name)
    guard index.kind == .fulltext else {
      return "CREATE RANGE INDEX \(name) FOR \(target) ON (\(keys.joined(separator: ", ")))"
    }
    let options =
      options(index).isEmpty
      ? "" : " OPTIONS {indexConfig: \(Value.map(options(index)).text(.literal))}"
    return "CREATE FULLTEXT INDEX \(name) FOR \(target) ON EACH [\(keys.joined(separator: ", "))]"
      + options
  }

  func statement(_ constraint: ConstraintDefinition) -> String {
    let (target, keys) = parts(pattern(constraint))
    let subject = keys.count == 1 ? keys[0] : "(\(keys.joined(separator: ", ")))"
    let requirement =
      switch constraint.kind {
      case .unique: "IS UNIQUE"
      case .exists: "IS NOT NULL"
      case .key: constraint.onRelationships ? "IS RELATIONSHIP KEY" : "IS NODE KEY"
      case .type(let name): "IS :: \(name)"
      }
    return "CREATE CONSTRAINT \(CypherText.name(constraint.name)) FOR \(target) REQUIRE \(subject) "
      + requirement
  }

  private func parts(_ pattern: SchemaPattern) -> (target: String, keys: [String]) {
    let labels = pattern.labels.map { CypherText.name($0) }.joined(separator: "|")
    let variable = pattern.onRelationships ? "r" : "n"
    return (
      pattern.onRelationships ? "()-[r:\(labels)]-()" : "(n:\(labels))",
      pattern.keys.map { "\(variable).\(CypherText.name($0))" }
    )
  }
}
