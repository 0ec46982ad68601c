internal import GraphColumns
internal import GraphKernels
package import GraphStore
import Synchronization

/// A projection: which part of the store an algorithm sees, and what algorithms added to it.
///
/// Nothing is copied unless the projection asks for something that the store does not have as it
/// is: relationships between filtered labels, weights, aggregated parallel relationships. It keeps
/// its snapshot, so that it stays the same while the database changes. Graphs made by a filter or
/// from the rows of a query hold their relationships themselves.
package final class ProjectedGraph: Sendable {
  package let name: String
  package let reader: GraphReader
  package let createdAt: ZonedDateTime
  /// The snapshot's adjacency may be borrowed; a write transaction's may not, it changes.
  let mayBorrow: Bool
  package let members: [Range<Int>]
  package let nodeCount: Int
  /// Labels that only this graph has, with the rows of their nodes.
  private let ownLabels: [String: [Range<Int>]]
  private let state: Mutex<State>

  private struct State {
    var projection: GraphProjection
    var modifiedAt: ZonedDateTime?
    var nodeProperties: [String: AddedNodeProperty] = [:]
    var relationships: [String: AddedRelationships] = [:]
    var views: [ViewRequest: GraphView] = [:]
    /// Grows with every change of relationships: a view made meanwhile is not kept.
    var generation = 0
    var storedRelationshipCount = 0

    mutating func relationshipsChanged() {
      generation += 1
      views = [:]
      modifiedAt = SystemClock.now
    }
  }

  /// Values of some nodes, ascending.
  struct AddedNodeProperty: Sendable {
    var nodes: [NodeID]
    var values: ColumnData
  }

  /// Relationships that the graph holds itself, all of one type.
  struct AddedRelationships: Sendable {
    var sources: [NodeID]
    var targets: [NodeID]
    var properties: [(name: String, values: ColumnData)] = []
    /// Each counts in both directions.
    var isUndirected = false
    var count: Int { isUndirected ? 2 * sources.count : sources.count }
  }

  /// A part of the stored graph.
  init(
    name: String, projection: GraphProjection, reader: GraphReader, mayBorrow: Bool
  ) throws {
    self.name = name
    self.reader = reader
    self.mayBorrow = mayBorrow
    createdAt = SystemClock.now
    try Self.validate(projection, reader)
    members = NodeMembers.ranges(reader, labels: projection.nodes.map(\.label))
    nodeCount = members.reduce(0) { $0 + $1.count }
    ownLabels = [:]
    let view = try ViewBuilder(
      reader: reader, mayBorrow: mayBorrow, members: members, sets: projection.relationships,
      added: [], weight: nil
    ).view()
    var state = State(projection: projection)
    state.storedRelationshipCount = view.relationshipCount
    state.views[ViewRequest()] = view
    self.state = Mutex(state)
  }

  /// Some nodes of the store with relationships of the graph's own.
  /// - Parameters:
  ///   - labels: which of the nodes have which label.
  ///   - relationships: by type.
  init(
    name: String, reader: GraphReader, members: [Range<Int>], labels: [String: [Range<Int>]],
    nodeProperties: [String: AddedNodeProperty], relationships: [String: AddedRelationships]
  ) {
    self.name = name
    self.reader = reader
    mayBorrow = false
    createdAt = SystemClock.now
    self.members = members
    nodeCount = members.reduce(0) { $0 + $1.count }
    ownLabels = labels
    var state = State(projection: GraphProjection(nodeLabels: labels.keys.sorted()))
    state.nodeProperties = nodeProperties
    state.relationships = relationships
    self.state = Mutex(state)
  }

  private static func validate(_ projection: GraphProjection, _ reader: GraphReader) throws {
    for set in projection.nodes {
      guard let label = set.label, reader.labelID(label) == nil else { continue }
      throw unknown("label", label, reader.labelNames)
    }
    for set in projection.relationships {
      guard let type = set.type, reader.relationshipTypeID(type) == nil else { continue }
      throw unknown("relationship type", type, reader.relationshipTypeNames)
    }
    for property in projection.nodes.flatMap(\.properties)
      + projection.relationships.flatMap(\.properties)
    where property.key != "*" && property.defaultValue == nil {
      guard reader.propertyKeyID(property.key) == nil else { continue }
      throw unknown("property", property.key, reader.propertyKeyNames)
    }
  }

  static func unknown(_ what: String, _ name: String, _ known: [String]) -> QueryError {
    QueryError(
      .argumentError, "InvalidProjection", "the database has no \(what) `\(name)`",
      hint: NameSuggestion.nearest(to: name, among: known).map { "did you mean `\($0)`?" })
  }

  private func missing(_ what: String, _ name: String, _ known: [String]) -> QueryError {
    QueryError(
      .argumentError, "InvalidConfigurationValue",
      "the graph `\(self.name)` has no \(what) `\(name)`",
      hint: NameSuggestion.nearest(to: name, among: known).map { "did you mean `\($0)`?" }
        ?? (known.isEmpty ? nil : "it has \(known.joined(separator: ", "))"))
  }

  // MARK: What it consists of

  package var projection: GraphProjection { state.withLock(\.projection) }
  package var modifiedAt: ZonedDateTime { state.withLock { $0.modifiedAt ?? createdAt } }
  /// As GDS counts: undirected ones twice.
  package var relationshipCount: Int {
    state.withLock { state in
      state.relationships.values.reduce(state.storedRelationshipCount) { $0 + $1.count }
    }
  }
  var addedNodeProperties: [String: AddedNodeProperty] { state.withLock(\.nodeProperties) }
  var addedRelationships: [String: AddedRelationships] { state.withLock(\.relationships) }
  /// Projected and added, sorted.
  package var relationshipTypes: [String] {
    state.withLock { state in
      (state.projection.relationships.map(\.name) + state.relationships.keys).sorted()
    }
  }
  func relationshipPropertyNames(_ type: String) -> [String] {
    state.withLock { state in
      state.relationships[type]?.properties.map(\.name)
        ?? state.projection.relationships.filter { $0.name == type }
        .flatMap(\.properties).map(\.name)
    }
  }
  func isUndirected(_ type: String) -> Bool {
    state.withLock { state in
      state.relationships[type]?.isUndirected
        ?? state.projection.relationships.contains {
          $0.name == type && $0.orientation == "UNDIRECTED"
        }
    }
  }
  package var nodeLabels: [String] { projection.nodes.map(\.name) }
  /// Projected and added, sorted.
  package var nodePropertyNames: [String] {
    state.withLock { state in
      Set(state.projection.nodes.flatMap(\.properties).map(\.name) + state.nodeProperties.keys)
        .sorted()
    }
  }

  /// The rows that have one of the graph's labels.
  func members(label: String) throws(QueryError) -> [Range<Int>] {
    if let own = ownLabels[label] { return own }
    guard let set = projection.nodes.first(where: { $0.name == label }) else {
      throw missing("node label", label, nodeLabels)
    }
    return NodeMembers.ranges(reader, labels: [set.label])
  }

  func members(labels: [String]) throws(QueryError) -> [Range<Int>] {
    if labels == ["*"] { return members }
    if labels.count == 1 { return try members(label: labels[0]) }
    var all: [Range<Int>] = []
    for label in labels { all += try members(label: label) }
    return NodeMembers.union(all)
  }

  /// The graph's labels with their rows; labels that only group projected nodes included.
  func labelMembers() throws(QueryError) -> [String: [Range<Int>]] {
    var result: [String: [Range<Int>]] = [:]
    for label in nodeLabels { result[label] = try members(label: label) }
    return result
  }

  // MARK: Views

  struct ViewRequest: Hashable {
    var nodeLabels: [String] = ["*"]
    var relationshipTypes: [String] = ["*"]
    var weight: String?
  }

  /// The view of the named parts; views are made once.
  func view(_ request: ViewRequest) throws -> GraphView {
    if let view = state.withLock({ $0.views[request] }) { return view }
    var (sets, added, generation) = state.withLock {
      ($0.projection.relationships, $0.relationships, $0.generation)
    }
    if request.relationshipTypes != ["*"] {
      let known = sets.map(\.name) + added.keys.sorted()
      for type in request.relationshipTypes where !known.contains(type) {
        throw missing("relationship type", type, known)
      }
      sets = sets.filter { request.relationshipTypes.contains($0.name) }
      added = added.filter { request.relationshipTypes.contains($0.key) }
    }
    try checkWeight(request.weight, sets, added)
    let view = try ViewBuilder(
      reader: reader, mayBorrow: mayBorrow, members: members(labels: request.nodeLabels),
      sets: sets, added: added.sorted { $0.key < $1.key }.map(\.value), weight: request.weight
    ).view()
    state.withLock { state in
      if state.generation == generation { state.views[request] = view }
    }
    return view
  }

  private func checkWeight(
    _ weight: String?, _ sets: [GraphProjection.RelationshipSet],
    _ added: [String: AddedRelationships]
  ) throws(QueryError) {
    guard let weight else { return }
    let known =
      sets.flatMap(\.properties).map(\.name)
      + added.values.flatMap { $0.properties.map(\.name) }
    if known.contains(weight) || !sets.isEmpty && reader.propertyKeyID(weight) != nil { return }
    throw Self.unknown(
      "relationship property", weight, known + (sets.isEmpty ? [] : reader.propertyKeyNames))
  }

  // MARK: Changes

  func addNodeProperty(
    _ name: String, _ nodes: [NodeID], _ values: ColumnData
  ) throws(QueryError) {
    let isNew = state.withLock { state in
      if state.nodeProperties[name] != nil
        || state.projection.nodes.contains(where: { $0.properties.contains { $0.name == name } })
      {
        return false
      }
      state.nodeProperties[name] = AddedNodeProperty(nodes: nodes, values: values)
      state.modifiedAt = SystemClock.now
      return true
    }
    if !isNew {
      throw QueryError(
        .argumentError, "PropertyExists",
        "the graph `\(self.name)` has a node property `\(name)` already",
        hint: "choose another mutateProperty, or drop it with gds.graph.nodeProperties.drop")
    }
  }

  func addRelationships(_ type: String, _ added: AddedRelationships) throws(QueryError) {
    let isNew = state.withLock { state in
      if state.relationships[type] != nil
        || state.projection.relationships.contains(where: { $0.name == type })
      {
        return false
      }
      state.relationships[type] = added
      state.relationshipsChanged()
      return true
    }
    if !isNew {
      throw QueryError(
        .argumentError, "RelationshipTypeExists",
        "the graph `\(self.name)` has relationships of type `\(type)` already",
        hint: "choose another mutateRelationshipType")
    }
  }

  /// - Returns: how many values there were; nil when there is no such property.
  func dropNodeProperty(_ name: String) -> Int? {
    state.withLock { state in
      if let added = state.nodeProperties.removeValue(forKey: name) {
        state.modifiedAt = SystemClock.now
        return added.nodes.count
      }
      var isProjected = false
      for index in state.projection.nodes.indices {
        let count = state.projection.nodes[index].properties.count
        state.projection.nodes[index].properties.removeAll { $0.name == name }
        isProjected = isProjected || state.projection.nodes[index].properties.count < count
      }
      if !isProjected { return nil }
      state.modifiedAt = SystemClock.now
      return nodeCount
    }
  }

  /// - Returns: how many relationships there were, and how many values of each property.
  func dropRelationships(
    _ type: String
  ) throws -> (relationships: Int, properties: [String: Int]) {
    var request = ViewRequest()
    request.relationshipTypes = [type]
    let count = try view(request).relationshipCount
    let properties = state.withLock { state -> [String] in
      defer { state.relationshipsChanged() }
      if let added = state.relationships.removeValue(forKey: type) {
        return added.properties.map(\.name)
      }
      let dropped = state.projection.relationships.filter { $0.name == type }
      state.projection.relationships.removeAll { $0.name == type }
      state.storedRelationshipCount -= count
      return dropped.flatMap(\.properties).map(\.name)
    }
    return (count, Dictionary(properties.map { ($0, count) }, uniquingKeysWith: { $1 }))
  }

  // MARK: Node properties

  /// The values of a node property for the members of a view, nil where a node has none: added by
  /// an algorithm, projected, or as it is in the store.
  func nodeValues(_ property: String, of view: GraphView) throws -> [Value?] {
    var values = [Value?](repeating: nil, count: view.nodeCount)
    if let added = addedNodeProperties[property] {
      for (row, node) in added.nodes.enumerated() {
        guard let index = view.nodes.index(of: node) else { continue }
        values[Int(index)] = added.values.value(row)
      }
      return values
    }
    let projected = projection.nodes.flatMap(\.properties).first { $0.name == property }
    guard let key = reader.propertyKeyID(projected?.key ?? property) else {
      throw missing("node property", property, nodePropertyNames + reader.propertyKeyNames)
    }
    let fallback = projected?.defaultValue.map { Value.float($0) }
    try forEachBatch(of: view) { indices, nodes in
      let vector = try nodes.withUnsafeBufferPointer { nodes in
        try reader.gather(key, nodes: nodes.baseAddress.unsafelyUnwrapped, count: nodes.count)
      }
      for (row, index) in indices.enumerated() {
        values[index] = vector.isNull(row) ? fallback : vector.boxed(row)
      }
    }
    return values
  }

  /// The value of one node; nil where it has none.
  func nodeValue(_ property: String, of node: NodeID) throws -> Value? {
    if let added = addedNodeProperties[property] {
      var low = 0
      var high = added.nodes.count
      while low < high {
        let middle = (low + high) / 2
        if added.nodes[middle] < node { low = middle + 1 } else { high = middle }
      }
      return low < added.nodes.count && added.nodes[low] == node ? added.values.value(low) : nil
    }
    let row = Int(node.rawValue)
    guard members.contains(where: { $0.contains(row) }) else { return nil }
    let projected = projection.nodes.flatMap(\.properties).first { $0.name == property }
    guard let key = reader.propertyKeyID(projected?.key ?? property) else {
      throw missing("node property", property, nodePropertyNames + reader.propertyKeyNames)
    }
    let value = try reader.property(key, of: node)
    if case .null = value { return projected?.defaultValue.map { .float($0) } }
    return value
  }

  /// The members of a view in batches for reading columns.
  private func forEachBatch(
    of view: GraphView, _ body: (_ indices: Range<Int>, _ nodes: [NodeID]) throws -> Void
  ) rethrows {
    for range in view.nodes.members {
      for start in stride(from: range.lowerBound, to: range.upperBound, by: Vector.batchCapacity) {
        let indices = start..<min(start + Vector.batchCapacity, range.upperBound)
        try body(indices, indices.map { view.nodes.nodeID(of: $0) })
      }
    }
  }
}
