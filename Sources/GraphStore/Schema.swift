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
