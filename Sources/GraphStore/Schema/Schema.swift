package import GraphTypes

/// An index over the values of one or several properties of the nodes with a label, or of the
/// relationships of a type.
package struct IndexDefinition: Sendable, Hashable, Identifiable {
  package enum Kind: UInt8, Sendable {
    /// Any values, in order.
    case range
    /// Words of texts.
    case fulltext
  }
  package enum State: UInt8, Sendable { case populating, online }

  package var id: UInt32
  package var name: String
  package var kind: Kind
  package var onRelationships: Bool
  /// Ids of labels, or of relationship types. One for `.range`.
  package var labels: [UInt32]
  package var keys: [PropertyKeyID]
  /// Two entities cannot have the same values.
  package var isUnique: Bool
  /// The constraint that the index is for.
  package var constraint: UInt32?
  /// Of `.fulltext`: the name of the analyzer.
  package var analyzer: String?
  package var state: State

  init(
    id: UInt32, name: String, kind: Kind, onRelationships: Bool, labels: [UInt32],
    keys: [PropertyKeyID], isUnique: Bool, constraint: UInt32?, analyzer: String?, state: State
  ) {
    self.id = id
    self.name = name
    self.kind = kind
    self.onRelationships = onRelationships
    self.labels = labels
    self.keys = keys
    self.isUnique = isUnique
    self.constraint = constraint
    self.analyzer = analyzer
    self.state = state
  }

  /// To be created: see `WriteTransaction.createIndex`.
  package init(
    name: String, kind: Kind = .range, onRelationships: Bool = false, labels: [UInt32],
    keys: [PropertyKeyID], analyzer: String? = nil
  ) {
    self.init(
      id: 0, name: name, kind: kind, onRelationships: onRelationships, labels: labels, keys: keys,
      isUnique: false, constraint: nil, analyzer: analyzer, state: .populating)
  }
}

/// What the data must be like.
package struct ConstraintDefinition: Sendable, Hashable, Identifiable {
  package enum Kind: Sendable, Hashable {
    /// No two entities have the same values; those that lack one are free.
    case unique
    /// All have the property.
    case exists
    /// Both.
    case key
    /// The property, where there is one, has a type: as `IS ::` takes it, in canonical spelling.
    case type(String)
  }
  package var id: UInt32
  package var name: String
  package var kind: Kind
  package var onRelationships: Bool
  /// Id of a label or relationship type.
  package var label: UInt32
  package var keys: [PropertyKeyID]
  /// The index of `.unique` and `.key`.
  package var index: UInt32?

  init(
    id: UInt32, name: String, kind: Kind, onRelationships: Bool, label: UInt32,
    keys: [PropertyKeyID], index: UInt32?
  ) {
    self.id = id
    self.name = name
    self.kind = kind
    self.onRelationships = onRelationships
    self.label = label
    self.keys = keys
    self.index = index
  }

  /// To be created: see `WriteTransaction.createConstraint`.
  package init(
    name: String, kind: Kind, onRelationships: Bool = false, label: UInt32, keys: [PropertyKeyID]
  ) {
    self.init(
      id: 0, name: name, kind: kind, onRelationships: onRelationships, label: label, keys: keys,
      index: nil)
  }
}

/// Indexes and constraints of a state, ascending by id. Immutable, shared by snapshots.
package final class Schema: Sendable {
  package let indexes: [IndexDefinition]
  package let constraints: [ConstraintDefinition]
  /// Grows with each change, so that plans can be kept as long as it stays.
  package let version: Int

  init(indexes: [IndexDefinition], constraints: [ConstraintDefinition], version: Int) {
    self.indexes = indexes
    self.constraints = constraints
    self.version = version
  }
  static let empty = Schema(indexes: [], constraints: [], version: 0)

  func index(id: UInt32) -> IndexDefinition? { indexes.first { $0.id == id } }

  /// With new definitions, whose ids are above all others, as the next version.
  func adding(_ index: IndexDefinition?, _ constraint: ConstraintDefinition?) -> Schema {
    Schema(
      indexes: indexes + (index.map { [$0] } ?? []),
      constraints: constraints + (constraint.map { [$0] } ?? []), version: version + 1)
  }
  /// Without definitions, as the next version.
  func removing(_ index: IndexDefinition?, _ constraint: ConstraintDefinition?) -> Schema {
    Schema(
      indexes: indexes.filter { $0.id != index?.id },
      constraints: constraints.filter { $0.id != constraint?.id }, version: version + 1)
  }

  package func index(named name: String) -> IndexDefinition? { indexes.first { $0.name == name } }
  package func constraint(named name: String) -> ConstraintDefinition? {
    constraints.first { $0.name == name }
  }
}

/// What is asked of an index: values for its first keys, then at most one bound on the next key.
package struct IndexSearch: Sendable {
  package enum Bound: Sendable {
    /// All (also without more keys).
    case all
    /// Of comparable type only, as Cypher's `<` and `>`; nil: open on that side.
    case range(lower: Value?, lowerInclusive: Bool, upper: Value?, upperInclusive: Bool)
    /// Texts that begin so.
    case prefix(String)
  }
  /// None null. Fewer than the index has keys unless `bound` is `.all`.
  package var equal: [Value]
  package var bound: Bound
  package init(equal: [Value], bound: Bound = .all) {
    self.equal = equal
    self.bound = bound
  }
}
