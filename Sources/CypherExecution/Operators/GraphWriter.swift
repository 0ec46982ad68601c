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

  /// New nodes, for some rows.
  func createNodes(labels names: [String], rows: Range<Int>, into nodes: Vector) throws {
    let labels = try names.map(label).uniqued()
    for row in rows { nodes.nodes[row] = try transaction.createNode(labels: labels) }
    context.counters.nodesCreated += rows.count
    context.counters.labelsAdded += rows.count * labels.count
  }

  /// New relationships between the nodes of two columns, for some rows.
  func createRelationships(
    type name: String, from: Vector, to: Vector, rows: Range<Int>, into relationships: Vector
  ) throws {
    let type = try type(name)
    for row in rows {
      guard !from.isNull(row), !to.isNull(row) else {
        throw QueryError(
          .semanticError, "MissingNode",
          "cannot create a relationship of type `\(name)`: one of its end nodes is null",
          hint: "filter the rows in which an OPTIONAL MATCH found nothing")
      }
      let (start, end) = (from.nodes[from.physical(row)], to.nodes[to.physical(row)])
      do throws(StoreError) {
        relationships.relationships[row] = try transaction.createRelationship(
          type, from: start, to: end)
      } catch {
        for node in [start, end] where !context.reader.exists(node) {
          throw deleted("node", node.rawValue)
        }
        throw error
      }
    }
    context.counters.relationshipsCreated += rows.count
  }

  // MARK: Properties

  /// Sets a property of the nodes or relationships of a column, from the first row to the last. Rows
  /// without an entity are left out, and so are nulls with `skippingNulls`: new entities have none.
  func set(
    _ name: String, of entities: Vector, to values: Vector, count: Int,
    skippingNulls: Bool = false
  ) throws {
    if values.isEntirelyNull && (skippingNulls || context.reader.propertyKeyID(name) == nil) {
      return
    }
    var known = context.reader.propertyKeyID(name)
    var changed = 0
    defer { context.counters.propertiesSet += changed }
    let hasNulls = !entities.hasNoNulls
    for row in 0..<count {
      if hasNulls && entities.isNull(row) { continue }
      let value = values.boxed(row)
      if case .null = value, skippingNulls || known == nil { continue }
      let id = try known ?? key(name)
      known = id
      let place = entities.physical(row)
      let wasThere =
        entities.type == .node
        ? try set(id, of: entities.nodes[place], to: value)
        : try set(id, of: entities.relationships[place], to: value)
      if case .null = value, !wasThere { continue }
      changed += 1
    }
  }

  private func set(_ key: PropertyKeyID, of node: NodeID, to value: Value) throws -> Bool {
    do {
      return try transaction.set(key, of: node, to: value)
    } catch {
      if !context.reader.exists(node) { throw deleted("node", node.rawValue) }
      throw error
    }
  }

  private func set(
    _ key: PropertyKeyID, of relationship: RelationshipRef, to value: Value
  ) throws -> Bool {
    do {
      return try transaction.set(key, of: relationship, to: value)
    } catch {
      if try !transaction.exists(relationship) {
        throw deleted("relationship", relationship.id.rawValue)
      }
      throw error
    }
  }

  func set(_ name: String, of node: NodeID, to value: Value) throws {
    if case .null = value, context.reader.propertyKeyID(name) == nil { return }
    count(value, try set(try key(name), of: node, to: value))
  }

  func set(_ name: String, of relationship: RelationshipRef, to value: Value) throws {
    if case .null = value, context.reader.propertyKeyID(name) == nil { return }
    count(value, try set(try key(name), of: relationship, to: value))
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
    if detach {
      for relationship in try transaction.relationships(of: node) { try delete(relationship) }
    } else if try transaction.hasRelationships(node) {
      throw QueryError(
        .constraintVerificationFailed, "DeleteConnectedNode",
        "cannot delete node \(node.rawValue): it still has relationships",
        hint: "delete them too, or use DETACH DELETE")
    }
    try transaction.deleteNode(node)
    context.counters.nodesDeleted += 1
  }

  private func deleted(_ kind: String, _ id: UInt64) -> QueryError {
    QueryError(
      .entityNotFound, "DeletedEntityAccess",
      "\(kind) \(id) was deleted in this transaction and cannot be changed")
  }
}
