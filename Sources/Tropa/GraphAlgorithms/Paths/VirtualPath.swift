internal import GraphKernels

/// Paths that algorithms make: nodes of the graph, joined by relationships that it does not have.
enum VirtualPath {
  /// - Parameter costs: what the path has cost at each node; each step becomes a relationship's
  ///   `cost`.
  static func value(_ nodes: [NodeID], type: String, costs: [Double]? = nil) -> Value {
    if nodes.isEmpty { return .null }
    var relationships: [Relationship] = []
    relationships.reserveCapacity(nodes.count)
    for step in 1..<max(nodes.count, 1) {
      var properties: [String: Value] = [:]
      if let costs { properties["cost"] = .float(costs[step] - costs[step - 1]) }
      relationships.append(
        Relationship(
          id: RelationshipID(type: .virtual, row: UInt64(step - 1)), start: nodes[step - 1],
          end: nodes[step], type: type, properties: properties))
    }
    return .path(Path(nodes: nodes.map { Node(id: $0) }, relationships: relationships))
  }
}

extension GraphView {
  func nodeIDs(_ indices: some Sequence<UInt32>) -> [NodeID] {
    indices.map { nodes.nodeID(of: Int($0)) }
  }
}
