internal import GraphTypes

extension WriteTransaction {
  /// Makes an index and fills it from the data as the transaction sees it. `id` and `state` of the
  /// definition are given by the store.
  /// - Parameter progress: called with the share that is done.
  /// - Throws: `schemaConflict`; `constraint` if it is unique and the data is not.
  @discardableResult
  package func createIndex(
    _ definition: IndexDefinition, progress: ((Double) -> Void)? = nil
  ) throws(StoreError) -> IndexDefinition {
    let view = try view()
    try checkNew(definition.name, view)
    try checkKeys(definition.keys)
    if definition.labels.isEmpty || (definition.kind == .range && definition.labels.count > 1) {
      throw StoreError(.invalidArgument, "an index is for one label or relationship type")
    }
    if let other = equivalent(definition, view) {
      throw StoreError(
        .schemaConflict,
        "there is an index for the same already: `\(other.name)`",
        hint: other.constraint == nil
          ? "drop it first, or use IF NOT EXISTS" : "its constraint needs it")
    }
    dropRecord()
    return try view.schemaChanges.create(definition, progress: progress)
  }

  /// Makes a constraint with the index it needs and checks the data.
  /// - Throws: `schemaConflict`; `constraint`, naming an entity that violates it.
  @discardableResult
  package func createConstraint(
    _ definition: ConstraintDefinition, progress: ((Double) -> Void)? = nil
  ) throws(StoreError) -> ConstraintDefinition {
    let view = try view()
    try checkNew(definition.name, view)
    try checkKeys(definition.keys)
    if let other = view.schema.constraints.first(where: { $0.isEquivalent(to: definition) }) {
      throw StoreError(
        .schemaConflict, "there is a constraint for the same already: `\(other.name)`",
        hint: "drop it first, or use IF NOT EXISTS")
    }
    if case .type(let name) = definition.kind, PropertyType(name) == nil {
      throw StoreError(
        .invalidArgument, "no property can have the type \(name)",
        hint: "types are BOOLEAN, STRING, INTEGER, FLOAT, DATE and the other temporal ones, POINT,"
          + " LIST<…> of one of these, and unions (INTEGER | FLOAT)")
    }
    // Existence and types are looked at first, so that nothing is left behind when they fail.
    try PropertyConstraint(definition)?.checkAll(view, progress: nil)
    guard let index = definition.ownIndex else {
      dropRecord()
      return try view.schemaChanges.create(definition)
    }
    if let other = equivalent(index, view) {
      throw StoreError(
        .schemaConflict, "there is an index for the same already: `\(other.name)`",
        hint: "drop it: the constraint makes one of its own")
    }
    dropRecord()
    return try view.schemaChanges.create(definition, with: index, progress: progress)
  }

  /// - Throws: `schemaNotFound`; `schemaConflict` for the index of a constraint.
  package func dropIndex(named name: String) throws(StoreError) {
    let view = try view()
    guard let index = view.schema.index(named: name) else {
      throw StoreError(.schemaNotFound, "there is no index `\(name)`")
    }
    if index.constraint != nil {
      throw StoreError(
        .schemaConflict, "the index `\(name)` belongs to a constraint",
        hint: "drop the constraint")
    }
    view.schemaChanges.drop(index: index, constraint: nil)
    dropRecord()
  }

  /// Also drops its index.
  package func dropConstraint(named name: String) throws(StoreError) {
    let view = try view()
    guard let constraint = view.schema.constraint(named: name) else {
      throw StoreError(.schemaNotFound, "there is no constraint `\(name)`")
    }
    view.schemaChanges.drop(
      index: constraint.index.flatMap { view.schema.index(id: $0) }, constraint: constraint)
    dropRecord()
  }

  private func checkNew(_ name: String, _ view: TransactionReader) throws(StoreError) {
    if view.schema.index(named: name) != nil || view.schema.constraint(named: name) != nil {
      throw StoreError(
        .schemaConflict, "there is an index or constraint with the name `\(name)` already",
        hint: "take another name, drop that one first, or use IF NOT EXISTS")
    }
  }

  private func checkKeys(_ keys: [PropertyKeyID]) throws(StoreError) {
    if keys.isEmpty || Set(keys).count < keys.count {
      throw StoreError(
        .invalidArgument, "an index or constraint is for one or several different properties")
    }
  }

  private func equivalent(
    _ definition: IndexDefinition, _ view: TransactionReader
  ) -> IndexDefinition? {
    view.schema.indexes.first { $0.isEquivalent(to: definition) }
  }
}

extension IndexDefinition {
  func isEquivalent(to other: IndexDefinition) -> Bool {
    kind == other.kind && onRelationships == other.onRelationships && labels == other.labels
      && keys == other.keys
  }
}

extension ConstraintDefinition {
  /// The index that it needs.
  var ownIndex: IndexDefinition? {
    guard kind == .unique || kind == .key else { return nil }
    var index = IndexDefinition(
      name: name, onRelationships: onRelationships, labels: [label], keys: keys)
    index.isUnique = true
    return index
  }

  func isEquivalent(to other: ConstraintDefinition) -> Bool {
    let isSameKind =
      switch (kind, other.kind) {
      case (.type, .type): true
      default: kind == other.kind || (ownIndex != nil && other.ownIndex != nil)
      }
    return isSameKind && onRelationships == other.onRelationships && label == other.label
      && keys == other.keys
  }
}
