internal import GraphColumns
internal import GraphTypes

/// What a constraint asks of each entity by itself: that properties are there (`exists`, `key`), or
/// have a type.
final class PropertyConstraint {
  let definition: ConstraintDefinition
  /// Nil: the properties must be there.
  let type: PropertyType?
  /// What has to be looked at before the commit.
  private var touchedNodes: [NodeID] = []
  private var touchedRelationships: [RelationshipRef] = []
  private var deleted: Set<RelationshipID> = []

  var label: UInt32 { definition.label }

  /// Nil for constraints that ask nothing of an entity by itself.
  init?(_ definition: ConstraintDefinition) {
    self.definition = definition
    switch definition.kind {
    case .unique: return nil
    case .exists, .key: type = nil
    case .type(let name): type = PropertyType(name) ?? .any
    }
  }

  // MARK: Changes

  func touch(_ node: NodeID) { touchedNodes.append(node) }
  func touch(_ relationship: RelationshipRef) { touchedRelationships.append(relationship) }
  func forget(_ relationship: RelationshipRef) { deleted.insert(relationship.id) }

  /// A property of the constraint has been changed.
  func changed(_ node: NodeID, to value: Value, _ reader: GraphReader) throws(StoreError) {
    if type == nil {
      if !value.isPresent { touch(node) }
    } else {
      try check(value, node, reader)
    }
  }
  func changed(
    _ relationship: RelationshipRef, to value: Value, _ reader: GraphReader
  ) throws(StoreError) {
    if type == nil {
      if !value.isPresent { touch(relationship) }
    } else {
      try check(value, relationship, reader)
    }
  }

  // MARK: Checks

  /// Looks at what has been touched, and forgets it.
  func checkTouched(_ reader: GraphReader) throws(StoreError) {
    for node in touchedNodes
    where reader.exists(node) && reader.hasLabel(node, LabelID(label)) {
      try check(node, reader)
    }
    for relationship in touchedRelationships where !deleted.contains(relationship.id) {
      try check(relationship, reader)
    }
    touchedNodes = []
    touchedRelationships = []
    deleted = []
  }

  /// Checks the properties of one entity.
  func check<Element: IndexedElement>(
    _ element: Element, _ reader: GraphReader
  ) throws(StoreError) {
    for key in definition.keys {
      let value = try element.property(key, reader)
      if type != nil {
        try check(value, element, reader)
      } else if !value.isPresent {
        throw missing(key, element, reader)
      }
    }
  }

  private func check<Element: IndexedElement>(
    _ value: Value, _ element: Element, _ reader: GraphReader
  ) throws(StoreError) {
    guard let type, value.isPresent, !type.admits(value), let key = definition.keys.first,
      case .type(let name) = definition.kind
    else { return }
    throw StoreError(
      .constraint,
      "\(subject(element, reader)) must have the property `\(reader.name(of: key))` with a value of "
        + "type \(name), not \(value.valueType)",
      hint: "the constraint `\(definition.name)` asks for it")
  }

  private func missing<Element: IndexedElement>(
    _ key: PropertyKeyID, _ element: Element, _ reader: GraphReader
  ) -> StoreError {
    StoreError(
      .constraint,
      "\(subject(element, reader)) must have the property `\(reader.name(of: key))`",
      hint: "the constraint `\(definition.name)` asks for it")
  }

  private func subject<Element: IndexedElement>(
    _ element: Element, _ reader: GraphReader
  ) -> String {
    definition.onRelationships
      ? "Relationship(\(element.number)) with type `\(reader.name(of: RelationshipTypeID(label)))`"
      : "Node(\(element.number)) with label `\(reader.name(of: LabelID(label)))`"
  }

  /// Checks all that there is.
  func checkAll(
    _ reader: GraphReader, progress: ((Double) throws(StoreError) -> Void)?
  ) throws(StoreError) {
    let scan = PropertyScan(reader: reader, keys: definition.keys, progress: progress)
    if definition.onRelationships {
      try scan.relationships(RelationshipTypeID(label)) {
        (elements, count, vectors) throws(StoreError) in
        try check(elements, count, vectors, reader)
      }
    } else {
      try scan.nodes(LabelID(label)) { (elements, count, vectors) throws(StoreError) in
        try check(elements, count, vectors, reader)
      }
    }
  }

  private func check<Element: IndexedElement>(
    _ elements: UnsafePointer<Element>, _ count: Int, _ vectors: [Vector], _ reader: GraphReader
  ) throws(StoreError) {
    for (key, vector) in zip(definition.keys, vectors) {
      if type == nil {
        if vector.hasNoNulls { continue }
        for row in 0..<count where vector.isNull(row) {
          throw missing(key, elements[row], reader)
        }
      } else {
        for row in 0..<count {
          try check(vector.boxed(row), elements[row], reader)
        }
      }
    }
  }
}
