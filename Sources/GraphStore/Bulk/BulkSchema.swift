internal import GraphTypes

/// An index or constraint, by names: a bulk load makes it from the data at its end.
package struct BulkSchemaRequest: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case index
    case constraint(ConstraintDefinition.Kind)
  }
  package var kind: Kind
  package var onRelationships: Bool
  /// Or a relationship type.
  package var label: String
  package var keys: [String]

  package init(_ kind: Kind, onRelationships: Bool = false, label: String, keys: [String]) {
    self.kind = kind
    self.onRelationships = onRelationships
    self.label = label
    self.keys = keys
  }

  /// Such as `Client_id_unique`.
  private var name: String {
    let suffix =
      switch kind {
      case .index: "index"
      case .constraint(.unique): "unique"
      case .constraint(.exists): "exists"
      case .constraint(.key): "key"
      case .constraint(.type): "type"
      }
    return ([label] + keys + [suffix]).joined(separator: "_")
  }

  fileprivate func index(label: UInt32, keys: [PropertyKeyID]) -> IndexDefinition {
    IndexDefinition(name: name, onRelationships: onRelationships, labels: [label], keys: keys)
  }

  /// Nil for an index.
  fileprivate func constraint(label: UInt32, keys: [PropertyKeyID]) -> ConstraintDefinition? {
    guard case .constraint(let kind) = kind else { return nil }
    return ConstraintDefinition(
      name: name, kind: kind, onRelationships: onRelationships, label: label, keys: keys)
  }
}

extension [BulkSchemaRequest] {
  /// Definitions for a new database. Constraints come first; an index for the same as a constraint's
  /// is left out.
  func schema(
    label: (String, _ onRelationships: Bool) -> UInt32, key: (String) -> PropertyKeyID
  ) -> Schema {
    var schema = Schema.empty
    for request in self where request.kind != .index {
      let keys = request.keys.map(key)
      guard
        var constraint = request.constraint(
          label: label(request.label, request.onRelationships), keys: keys),
        !schema.constraints.contains(where: { $0.isEquivalent(to: constraint) })
      else { continue }
      if var index = constraint.ownIndex {
        index.id = UInt32(schema.version + 1)
        index.state = .online
        index.constraint = index.id + 1
        constraint.index = index.id
        schema = schema.adding(index, nil)
      }
      constraint.id = UInt32(schema.version + 1)
      schema = schema.adding(nil, constraint)
    }
    for request in self where request.kind == .index {
      var index = request.index(
        label: label(request.label, request.onRelationships), keys: request.keys.map(key))
      if schema.indexes.contains(where: { $0.isEquivalent(to: index) }) { continue }
      index.id = UInt32(schema.version + 1)
      index.state = .online
      schema = schema.adding(index, nil)
    }
    return schema
  }

  /// Makes them in a transaction, apart from those that are there.
  func create(in transaction: WriteTransaction) throws(StoreError) {
    for request in filter({ $0.kind != .index }) + filter({ $0.kind == .index }) {
      let label =
        request.onRelationships
        ? try transaction.relationshipType(request.label).rawValue
        : try transaction.label(request.label).rawValue
      var keys: [PropertyKeyID] = []
      for key in request.keys { keys.append(try transaction.propertyKey(key)) }
      let schema = transaction.reader.schema
      if let constraint = request.constraint(label: label, keys: keys) {
        if schema.constraints.contains(where: { $0.isEquivalent(to: constraint) }) { continue }
        try transaction.createConstraint(constraint)
      } else {
        let index = request.index(label: label, keys: keys)
        if schema.indexes.contains(where: { $0.isEquivalent(to: index) }) { continue }
        try transaction.createIndex(index)
      }
    }
  }
}
