internal import GraphColumns
internal import GraphTypes

/// Indexes and constraints of a transaction: what they are told of each change, after it has been
/// made.
///
/// A change that a constraint does not allow throws. As it has been made by then, the transaction
/// cannot be committed any more.
final class SchemaChanges {
  /// False while there are no indexes and constraints, and none to be written: then nothing below is
  /// called.
  private(set) var isActive = false
  private(set) var definitions = Schema.empty
  /// The definitions that the file has.
  private var stored = Schema.empty
  private unowned(unsafe) var view: TransactionReader!
  /// Ascending by id.
  private var indexes: [IndexChanges] = []
  private var constraints: [PropertyConstraint] = []
  /// Stored ones that are to be removed.
  private var dropped: [IndexChanges] = []
  private var nodeRules = SchemaRules()
  private var relationshipRules = SchemaRules()
  private var violation: StoreError?

  /// To be called once, before anything else.
  /// - Parameter view: outlives this.
  func attach(_ view: TransactionReader) {
    self.view = view
    stored = view.core.base.schema
    use(stored)
  }

  /// Makes definitions those of the transaction.
  private func use(_ schema: Schema) {
    definitions = schema
    let known = indexes
    indexes = schema.indexes.map { definition in
      known.first { $0.definition.id == definition.id } ?? changes(definition, isNew: false)
    }
    arrangeRules()
  }

  private func changes(_ definition: IndexDefinition, isNew: Bool) -> IndexChanges {
    switch definition.kind {
    case .range: RangeIndexChanges(definition, view, isNew: isNew)
    case .fulltext: FullTextIndexChanges(definition, view, isNew: isNew)
    }
  }

  private func arrangeRules() {
    let known = constraints
    constraints = []
    for definition in definitions.constraints {
      if let rule = known.first(where: { $0.definition.id == definition.id }) {
        constraints.append(rule)
      } else if let rule = PropertyConstraint(definition) {
        constraints.append(rule)
      }
    }
    nodeRules = SchemaRules(indexes, constraints, onRelationships: false)
    relationshipRules = SchemaRules(indexes, constraints, onRelationships: true)
    isActive =
      !definitions.indexes.isEmpty || !definitions.constraints.isEmpty
      || definitions.version != stored.version
  }

  /// The changes of the entries of a range index.
  func overlay(of index: IndexDefinition) -> IndexOverlay? {
    (indexes.first { $0.definition.id == index.id } as? RangeIndexChanges)?.overlay
  }

  /// The changes of a full-text index.
  func fullTextChanges(of index: IndexDefinition) -> FullTextIndexChanges? {
    indexes.first { $0.definition.id == index.id } as? FullTextIndexChanges
  }

  /// After a violation the transaction holds data that must not be committed.
  private func guarded(_ body: () throws(StoreError) -> Void) throws(StoreError) {
    do throws(StoreError) {
      try body()
    } catch {
      violation = error
      throw error
    }
  }

  // MARK: Nodes

  func nodeCreated(_ node: NodeID, _ labels: [LabelID]) throws(StoreError) {
    for label in labels {
      // It has no properties yet.
      for rule in nodeRules.required(label.rawValue) { rule.touch(node) }
    }
  }

  /// Before the node's values go.
  /// - Parameter labels: what the node had.
  func nodeDeleted(_ node: NodeID, _ labels: [LabelID]) throws(StoreError) {
    try guarded { () throws(StoreError) in
      for (place, label) in labels.enumerated() {
        for index in nodeRules.indexes(label.rawValue)
        where !labels[..<place].contains(where: { index.definition.labels.contains($0.rawValue) }) {
          try index.remove(node)
        }
      }
    }
  }

  func labelAdded(_ label: LabelID, to node: NodeID) throws(StoreError) {
    try guarded { () throws(StoreError) in
      for rule in nodeRules.typed(label.rawValue) { try rule.check(node, view) }
      for index in nodeRules.indexes(label.rawValue)
      where !isIndexed(node, index, apartFrom: label) { try index.insert(node) }
      for rule in nodeRules.required(label.rawValue) { rule.touch(node) }
    }
  }

  func labelRemoved(_ label: LabelID, from node: NodeID) throws(StoreError) {
    try guarded { () throws(StoreError) in
      for index in nodeRules.indexes(label.rawValue)
      where !isIndexed(node, index, apartFrom: label) { try index.remove(node) }
    }
  }

  private func isIndexed(
    _ node: NodeID, _ index: IndexChanges, apartFrom label: LabelID? = nil
  ) -> Bool {
    index.definition.labels.contains {
      $0 != label?.rawValue && view.hasLabel(node, LabelID($0))
    }
  }

  /// Whether changes of a property of nodes have to be told.
  func concernsNodes(_ key: PropertyKeyID) -> Bool { nodeRules.concern(key) }
  func concernsRelationships(_ key: PropertyKeyID) -> Bool { relationshipRules.concern(key) }

  func propertyChanged(
    _ key: PropertyKeyID, of node: NodeID, from old: Value, to new: Value
  ) throws(StoreError) {
    try guarded { () throws(StoreError) in
      for rule in nodeRules.rules(key) where view.hasLabel(node, LabelID(rule.label)) {
        try rule.changed(node, to: new, view)
      }
      for index in nodeRules.indexes(key) where isIndexed(node, index) {
        try index.change(node, key, from: old, to: new)
      }
    }
  }

  // MARK: Relationships

  func relationshipCreated(_ relationship: RelationshipRef) throws(StoreError) {
    let type = relationship.id.type.rawValue
    for rule in relationshipRules.required(type) { rule.touch(relationship) }
  }

  /// Before its values go.
  func relationshipDeleted(_ relationship: RelationshipRef) throws(StoreError) {
    let type = relationship.id.type.rawValue
    try guarded { () throws(StoreError) in
      for index in relationshipRules.indexes(type) { try index.remove(relationship) }
    }
    for rule in relationshipRules.required(type) { rule.forget(relationship) }
  }

  func propertyChanged(
    _ key: PropertyKeyID, of relationship: RelationshipRef, from old: Value, to new: Value
  ) throws(StoreError) {
    let type = relationship.id.type.rawValue
    try guarded { () throws(StoreError) in
      for rule in relationshipRules.rules(key) where rule.label == type {
        try rule.changed(relationship, to: new, view)
      }
      for index in relationshipRules.indexes(key) where index.definition.labels.contains(type) {
        try index.change(relationship, key, from: old, to: new)
      }
    }
  }

  // MARK: Definitions

  /// Adds an index and fills it. The id is given here.
  func create(
    _ definition: IndexDefinition, progress: ((Double) -> Void)?
  ) throws(StoreError) -> IndexDefinition {
    var definition = definition
    definition.id = try nextVersion()
    definition.state = .online
    let index = changes(definition, isNew: true)
    try index.build(progress: progress)
    indexes.append(index)
    use(definitions.adding(definition, nil))
    view.state.counts.schemaVersion = definitions.version
    return definition
  }

  /// Adds a constraint that holds, with its index. Ids are given here.
  func create(
    _ definition: ConstraintDefinition, with index: IndexDefinition? = nil,
    progress: ((Double) -> Void)? = nil
  ) throws(StoreError) -> ConstraintDefinition {
    var definition = definition
    if var index {
      // The id that the constraint will have.
      index.constraint = try nextVersion() + 1
      definition.index = try create(index, progress: progress).id
    }
    definition.id = try nextVersion()
    use(definitions.adding(nil, definition))
    view.state.counts.schemaVersion = definitions.version
    return definition
  }

  private func nextVersion() throws(StoreError) -> UInt32 {
    guard let id = UInt32(exactly: definitions.version + 1), id < .max else {
      throw StoreError(.limit, "the database has had too many indexes and constraints")
    }
    return id
  }

  func drop(index: IndexDefinition?, constraint: ConstraintDefinition?) {
    if let index, let place = indexes.firstIndex(where: { $0.definition.id == index.id }) {
      let changes = indexes.remove(at: place)
      if !changes.isNew { dropped.append(changes) }
    }
    use(definitions.removing(index, constraint))
    view.state.counts.schemaVersion = definitions.version
  }

  // MARK: The end

  /// Before a commit: what is checked at the end (existence).
  func check() throws(StoreError) {
    if let violation { throw violation }
    try guarded { () throws(StoreError) in
      for rule in constraints { try rule.checkTouched(view) }
    }
  }

  /// Writes all changes and forgets them: searches go to the next state.
  func write(_ writer: TreeWriter) throws(StoreError) {
    for index in dropped { try index.removeStored(writer) }
    dropped = []
    // New ones last: their keys are above all others.
    for index in indexes {
      try index.write(writer)
      index.setStored()
    }
    if definitions.version != stored.version { try writeDefinitions(writer) }
  }

  private func writeDefinitions(_ writer: TreeWriter) throws(StoreError) {
    for index in stored.indexes where definitions.index(id: index.id) == nil {
      try writer.delete(.schema, .schema(.index, index.id))
    }
    for constraint in stored.constraints where !definitions.constraints.contains(constraint) {
      try writer.delete(.schema, .schema(.constraint, constraint.id))
    }
    for index in definitions.indexes where stored.index(id: index.id) == nil {
      try writer.put(.schema, .schema(.index, index.id), SchemaCodec.encoded(index))
    }
    for constraint in definitions.constraints where !stored.constraints.contains(constraint) {
      try writer.put(
        .schema, .schema(.constraint, constraint.id), SchemaCodec.encoded(constraint))
    }
    stored = definitions
  }
}

/// Which indexes and constraints concern a label (or type), and which a property key.
struct SchemaRules {
  private var labelIndexes: [[IndexChanges]] = []
  private var keyIndexes: [[IndexChanges]] = []
  private var keyRules: [[PropertyConstraint]] = []
  private var requiredByLabel: [[PropertyConstraint]] = []
  private var typedByLabel: [[PropertyConstraint]] = []
  /// By key, whether it has an index or a rule.
  private var concerns: [Bool] = []

  init() {}

  init(_ indexes: [IndexChanges], _ constraints: [PropertyConstraint], onRelationships: Bool) {
    for index in indexes where index.definition.onRelationships == onRelationships {
      for label in index.definition.labels { Self.add(index, label, &labelIndexes) }
      for key in index.definition.keys { Self.add(index, key.rawValue, &keyIndexes) }
    }
    for rule in constraints where rule.definition.onRelationships == onRelationships {
      for key in rule.definition.keys { Self.add(rule, key.rawValue, &keyRules) }
      if rule.type == nil {
        Self.add(rule, rule.label, &requiredByLabel)
      } else {
        Self.add(rule, rule.label, &typedByLabel)
      }
    }
    concerns = (0..<max(keyIndexes.count, keyRules.count)).map {
      !Self.list(keyIndexes, UInt32($0)).isEmpty || !Self.list(keyRules, UInt32($0)).isEmpty
    }
  }

  private static func add<Rule>(_ rule: Rule, _ id: UInt32, _ lists: inout [[Rule]]) {
    while lists.count <= Int(id) { lists.append([]) }
    lists[Int(id)].append(rule)
  }
  @inline(__always)
  private static func list<Rule>(_ lists: [[Rule]], _ id: UInt32) -> [Rule] {
    Int(id) < lists.count ? lists[Int(id)] : []
  }

  /// Of a label or type.
  func indexes(_ label: UInt32) -> [IndexChanges] { Self.list(labelIndexes, label) }
  func required(_ label: UInt32) -> [PropertyConstraint] { Self.list(requiredByLabel, label) }
  func typed(_ label: UInt32) -> [PropertyConstraint] { Self.list(typedByLabel, label) }

  func concern(_ key: PropertyKeyID) -> Bool {
    Int(key.rawValue) < concerns.count && concerns[Int(key.rawValue)]
  }
  func indexes(_ key: PropertyKeyID) -> [IndexChanges] { Self.list(keyIndexes, key.rawValue) }
  func rules(_ key: PropertyKeyID) -> [PropertyConstraint] { Self.list(keyRules, key.rawValue) }
}
