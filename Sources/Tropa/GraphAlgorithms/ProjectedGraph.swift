internal import CypherExecution
internal import GraphKernels
package import GraphStore
import Synchronization

/// A named projection: which part of the store an algorithm sees, and what algorithms added to it.
///
/// Nothing is copied unless the projection asks for something that the store does not have as it
/// is: relationships between filtered labels, weights, aggregated parallel relationships. It keeps
/// its snapshot, so that it stays the same while the database changes.
package final class ProjectedGraph: Sendable {
  package let name: String
  package let projection: GraphProjection
  package let reader: GraphReader
  package let createdAt: ZonedDateTime
  /// The snapshot's adjacency may be borrowed; a write transaction's may not, it changes.
  let mayBorrow: Bool
  package let members: [Range<Int>]
  package let nodeCount: Int
  package let relationshipCount: Int
  private let state = Mutex(State())

  private struct State {
    var modifiedAt: ZonedDateTime?
    var nodeProperties: [String: MutatedNodeProperty] = [:]
    var relationships: [String: MutatedRelationships] = [:]
    var views: [ViewRequest: GraphView] = [:]
    /// Grows with every change of `relationships`: a view made meanwhile is not kept.
    var generation = 0
  }

  /// Values by row of the node table.
  package struct MutatedNodeProperty: Sendable {
    package var values: [UInt64: Value]
  }
  package struct MutatedRelationships: Sendable {
    package var sources: [NodeID]
    package var targets: [NodeID]
    package var property: String
    package var values: [Double]
  }

  init(
    name: String, projection: GraphProjection, reader: GraphReader, mayBorrow: Bool,
    control: ExecutionControl
  ) throws {
    self.name = name
    self.projection = projection
    self.reader = reader
    self.mayBorrow = mayBorrow
    createdAt = SystemClock.now
    try Self.validate(projection, reader)
    members = NodeMembers.ranges(reader, labels: projection.nodes.map(\.label))
    nodeCount = members.reduce(0) { $0 + $1.count }
    let view = try ViewBuilder(
      reader: reader, mayBorrow: mayBorrow, members: members, sets: projection.relationships,
      mutated: [], weight: nil, control: control
    ).view()
    relationshipCount = view.relationshipCount
    state.withLock { $0.views[ViewRequest()] = view }
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

  // MARK: Views

  struct ViewRequest: Hashable {
    var nodeLabels: [String] = ["*"]
    var relationshipTypes: [String] = ["*"]
    var weight: String?
  }

  /// The view of the named parts; views are made once.
  /// - Parameter control: of the statement that asks, which accounts for the memory of making one.
  func view(_ request: ViewRequest, control: ExecutionControl) throws -> GraphView {
    if let view = state.withLock({ $0.views[request] }) { return view }
    var sets = projection.relationships
    var (mutated, generation) = state.withLock { ($0.relationships, $0.generation) }
    try checkWeight(request.weight, mutated)
    if request.relationshipTypes != ["*"] {
      let known = sets.map(\.name) + mutated.keys.sorted()
      for type in request.relationshipTypes where !known.contains(type) {
        throw QueryError(
          .argumentError, "InvalidConfigurationValue",
          "the graph `\(name)` has no relationship type `\(type)`",
          hint: NameSuggestion.nearest(to: type, among: known).map { "did you mean `\($0)`?" })
      }
      sets = sets.filter { request.relationshipTypes.contains($0.name) }
      mutated = mutated.filter { request.relationshipTypes.contains($0.key) }
    }
    var members = self.members
    if request.nodeLabels != ["*"] {
      let labels = try request.nodeLabels.map { label -> String? in
        guard let set = projection.nodes.first(where: { $0.name == label }) else {
          throw QueryError(
            .argumentError, "InvalidConfigurationValue",
            "the graph `\(name)` has no node label `\(label)`",
            hint: NameSuggestion.nearest(to: label, among: projection.nodes.map(\.name))
              .map { "did you mean `\($0)`?" })
        }
        return set.label
      }
      members = NodeMembers.ranges(reader, labels: labels)
    }
    let view = try ViewBuilder(
      reader: reader, mayBorrow: mayBorrow, members: members, sets: sets,
      mutated: mutated.sorted { $0.key < $1.key }.map(\.value), weight: request.weight,
      control: control
    ).view()
    state.withLock { state in
      if state.generation == generation { state.views[request] = view }
    }
    return view
  }

  private func checkWeight(
    _ weight: String?, _ mutated: [String: MutatedRelationships]
  ) throws(QueryError) {
    guard let weight, reader.propertyKeyID(weight) == nil else { return }
    let known =
      projection.relationships.flatMap(\.properties).map(\.name) + mutated.values.map(\.property)
    if known.contains(weight) { return }
    throw Self.unknown("relationship property", weight, known + reader.propertyKeyNames)
  }

  // MARK: What algorithms added

  package var modifiedAt: ZonedDateTime { state.withLock { $0.modifiedAt ?? createdAt } }
  package var mutatedNodeProperties: [String] { state.withLock { $0.nodeProperties.keys.sorted() } }
  package var mutatedRelationshipTypes: [String] {
    state.withLock { $0.relationships.keys.sorted() }
  }

  func mutatedNodeProperty(_ name: String) -> MutatedNodeProperty? {
    state.withLock { $0.nodeProperties[name] }
  }

  func addNodeProperty(_ name: String, _ values: [UInt64: Value]) throws(QueryError) {
    let isNew = state.withLock { state in
      if state.nodeProperties[name] != nil { return false }
      state.nodeProperties[name] = MutatedNodeProperty(values: values)
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

  func addRelationships(_ type: String, _ added: MutatedRelationships) throws(QueryError) {
    let isNew = state.withLock { state in
      if state.relationships[type] != nil
        || projection.relationships.contains(where: { $0.name == type })
      {
        return false
      }
      state.relationships[type] = added
      state.generation += 1
      // Views of all types have more in them now.
      state.views = state.views.filter { $0.key.relationshipTypes != ["*"] }
      state.modifiedAt = SystemClock.now
      return true
    }
    if !isNew {
      throw QueryError(
        .argumentError, "RelationshipTypeExists",
        "the graph `\(self.name)` has relationships of type `\(type)` already",
        hint: "choose another mutateRelationshipType")
    }
  }

  /// - Returns: how many there were.
  func dropNodeProperty(_ name: String) -> Int? {
    state.withLock { $0.nodeProperties.removeValue(forKey: name)?.values.count }
  }

  /// The values of a node property for the members of a view, nil where a node has none: added by
  /// an algorithm, projected, or as it is in the store.
  func nodeValues(_ property: String, of view: GraphView) throws -> [Value?] {
    if let mutated = mutatedNodeProperty(property) {
      return (0..<view.nodeCount).map { mutated.values[view.nodes.nodeID(of: $0).rawValue] }
    }
    let projected = projection.nodes.flatMap(\.properties).first { $0.name == property }
    guard let key = reader.propertyKeyID(projected?.key ?? property) else {
      throw Self.unknown("node property", property, reader.propertyKeyNames)
    }
    let fallback = projected?.defaultValue.map { Value.float($0) }
    var values = [Value?](repeating: nil, count: view.nodeCount)
    for range in view.nodes.members {
      for index in range {
        let value = try reader.property(key, of: view.nodes.nodeID(of: index))
        if case .null = value { values[index] = fallback } else { values[index] = value }
      }
    }
    return values
  }
}

/// Which rows of the node table belong to a projection.
enum NodeMembers {
  /// Ascending, disjoint ranges of the rows that have one of the labels (nil: of all rows).
  static func ranges(_ reader: GraphReader, labels: [String?]) -> [Range<Int>] {
    let wanted = labels.contains { $0 == nil } ? [[]] : labels.map { [reader.labelID($0 ?? "")] }
    let buffer = UnsafeMutablePointer<NodeID>.allocate(capacity: Segments.rowCount)
    defer { buffer.deallocate() }
    var ranges: [Range<Int>] = []
    for segment in 0..<reader.nodeSegmentCount {
      var rows: [Int] = []
      for labels in wanted {
        let ids = labels.compactMap { $0 }
        if ids.count < labels.count { continue }
        let count = reader.scanNodes(segment: segment, labels: ids, into: buffer)
        for i in 0..<count { rows.append(Int(buffer[i].rawValue)) }
      }
      if wanted.count > 1 { rows.sort() }
      for row in rows {
        if let last = ranges.last, last.upperBound >= row {
          if last.upperBound == row { ranges[ranges.count - 1] = last.lowerBound..<row + 1 }
        } else {
          ranges.append(row..<row + 1)
        }
      }
    }
    return ranges
  }
}
