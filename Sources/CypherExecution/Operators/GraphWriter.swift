internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// Changes to the graph, counted as the statement's counters count them. Names are looked up once.
final class GraphWriter {
  let context: ExecutionContext
  let transaction: WriteTransaction
  private var labels: [String: LabelID] = [:]
  private var types: [String: RelationshipTypeID] = [:]
  private var keys: [String: PropertyKeyID] = [:]

  init(_ context: ExecutionContext) throws {
    guard let transaction = context.transaction else {
      throw QueryError(
        .storage, "ReadOnlyTransaction", "the statement writes, but its transaction only reads",
        hint: "run it in a write transaction")
    }
    self.context = context
    self.transaction = transaction
  }

  private func label(_ name: String) throws -> LabelID {
    if let id = labels[name] { return id }
    let id = try transaction.label(name)
    labels[name] = id
    return id
  }
  private func key(_ name: String) throws -> PropertyKeyID {
    if let id = keys[name] { return id }
    let id = try transaction.propertyKey(name)
    keys[name] = id
    return id
  }
  private func type(_ name: String) throws -> RelationshipTypeID {
    if let id = types[name] { return id }
    let id = try transaction.relationshipType(name)
    types[name] = id
    return id
  }

  // MARK: Create

  func createNode(labels names: [String]) throws -> NodeID {
    let node = try transaction.createNode(labels: try names.map(label).uniqued())
    context.counters.nodesCreated += 1
    context.counters.labelsAdded += Set(names).count
    return node
  }

  func createRelationship(type name: String, from: NodeID?, to: NodeID?) throws -> RelationshipRef {
    guard let from, let to else {
      throw QueryError(
        .semanticError, "MissingNode",
        "cannot create a relationship of type `\(name)`: one of its end nodes is null",
        hint: "filter the rows in which an OPTIONAL MATCH found nothing")
    }
    for node in [from, to] where !context.reader.exists(node) {
      throw deleted("node", node.rawValue)
    }
    let relationship = try transaction.createRelationship(type(name), from: from, to: to)
    context.counters.relationshipsCreated += 1
    return relationship
  }

  // MARK: Properties

  func set(_ name: String, of node: NodeID, to value: Value) throws {
    guard context.reader.exists(node) else { throw deleted("node", node.rawValue) }
    if case .null = value, context.reader.propertyKeyID(name) == nil { return }
    let wasThere = try transaction.set(key(name), of: node, to: value)
    count(value, wasThere)
  }

  func set(_ name: String, of relationship: RelationshipRef, to value: Value) throws {
    guard !context.deletedRelationships.contains(relationship.id) else {
      throw deleted("relationship", relationship.id.rawValue)
    }
    if case .null = value, context.reader.propertyKeyID(name) == nil { return }
    let wasThere = try transaction.set(key(name), of: relationship, to: value)
    count(value, wasThere)
  }

  private func count(_ value: Value, _ wasThere: Bool) {
    if case .null = value, !wasThere { return }
    context.counters.propertiesSet += 1
  }

  // MARK: Labels

  func addLabels(_ names: [String], to node: NodeID) throws {
    guard context.reader.exists(node) else { throw deleted("node", node.rawValue) }
    for name in names where try transaction.addLabel(label(name), to: node) {
      context.counters.labelsAdded += 1
    }
  }

  func removeLabels(_ names: [String], from node: NodeID) throws {
    guard context.reader.exists(node) else { throw deleted("node", node.rawValue) }
    for name in names {
      guard let label = context.reader.labelID(name) else { continue }
      if try transaction.removeLabel(label, from: node) { context.counters.labelsRemoved += 1 }
    }
  }

  // MARK: Delete

  func delete(_ relationship: RelationshipRef) throws {
    guard context.deletedRelationships.insert(relationship.id).inserted else { return }
    try transaction.deleteRelationship(relationship)
    context.counters.relationshipsDeleted += 1
  }

  /// - Throws: DeleteConnectedNode when there are relationships and `detach` is false.
  func delete(_ node: NodeID, detach: Bool) throws {
    guard context.reader.exists(node) else { return }
    let relationships = NeighbourCursor(types: [], direction: .both, context: context)
    try relationships.prepare()
    relationships.move(to: node)
    var attached: [RelationshipRef] = []
    let nodes = Vector(type: .node, capacity: 256)
    let refs = Vector(type: .relationship, capacity: 256)
    while !relationships.isAtEnd {
      let count = relationships.fill(
        rows: nil, row: 0, nodes: nodes.nodes, relationships: refs.relationships, from: 0,
        capacity: 256)
      for index in 0..<count { attached.append(refs.relationships[index]) }
    }
    if !attached.isEmpty && !detach {
      throw QueryError(
        .constraintVerificationFailed, "DeleteConnectedNode",
        "cannot delete node \(node.rawValue): it still has relationships",
        hint: "delete them too, or use DETACH DELETE")
    }
    for relationship in attached { try delete(relationship) }
    try transaction.deleteNode(node)
    context.counters.nodesDeleted += 1
  }

  private func deleted(_ kind: String, _ id: UInt64) -> QueryError {
    QueryError(
      .entityNotFound, "DeletedEntityAccess",
      "\(kind) \(id) was deleted in this transaction and cannot be changed")
  }
}
