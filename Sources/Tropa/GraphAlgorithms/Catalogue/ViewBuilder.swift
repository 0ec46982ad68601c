internal import GraphColumns
internal import GraphKernels
internal import GraphStore

/// Makes the view of a projection: by reference where the store has it as it is, else by copying.
struct ViewBuilder {
  let reader: GraphReader
  let mayBorrow: Bool
  let members: [Range<Int>]
  let sets: [GraphProjection.RelationshipSet]
  let added: [ProjectedGraph.AddedRelationships]
  /// The projected relationship property to weigh by.
  let weight: String?

  func view() throws -> GraphView {
    let view = try borrowed() ?? built()
    try StatementRunner.checkDamage(reader)
    return view
  }

  private func types(of set: GraphProjection.RelationshipSet) -> [RelationshipTypeID] {
    if let type = set.type { return reader.relationshipTypeID(type).map { [$0] } ?? [] }
    return reader.relationshipTypeNames.compactMap { reader.relationshipTypeID($0) }
  }

  // MARK: By reference

  private func borrowed() throws -> GraphView? {
    guard mayBorrow, weight == nil, added.isEmpty,
      sets.allSatisfy({ $0.aggregation == "NONE" })
    else { return nil }
    let isUndirected = sets.allSatisfy { $0.orientation == "UNDIRECTED" } && !sets.isEmpty
    guard isUndirected || sets.allSatisfy({ $0.orientation != "UNDIRECTED" }) else { return nil }
    let count = reader.nodeRowCount
    let mapping = NodeMapping(identity: count, members: members)
    var outgoing = NeighbourTableBuilder(nodeCount: count)
    var incoming = NeighbourTableBuilder(nodeCount: count)
    for set in sets {
      for type in types(of: set) {
        let out = try reader.adjacency(type, .outgoing)
        let into = try reader.adjacency(type, .incoming)
        for list in [out, into] where !list.hasNeighboursOnly(below: count) {
          throw StoreError(
            .damaged, "the neighbour lists of \(reader.name(of: type)) are damaged",
            hint: "restore the database from a backup")
        }
        guard staysInside(out), staysInside(into) else {
          // Frees what was collected.
          _ = outgoing.finish(owners: [])
          _ = incoming.finish(owners: [])
          return nil
        }
        let isReverse = set.orientation == "REVERSE"
        append(isReverse ? into : out, to: &outgoing)
        if isUndirected {
          append(into, to: &outgoing)
        } else {
          append(isReverse ? out : into, to: &incoming)
        }
      }
    }
    let owners: [AnyObject] = [reader]
    let incomingTable = incoming.finish(owners: owners)
    if isUndirected {
      return GraphView(nodes: mapping, undirected: outgoing.finish(owners: owners))
    }
    return GraphView(
      nodes: mapping, outgoing: outgoing.finish(owners: owners), incoming: incomingTable)
  }

  /// Whether only members have neighbours.
  private func staysInside(_ adjacency: Adjacency) -> Bool {
    var next = 0
    for range in members + [reader.nodeRowCount..<reader.nodeRowCount] {
      for row in next..<max(next, range.lowerBound)
      where adjacency.degree(of: NodeID(UInt64(row))) > 0 { return false }
      next = range.upperBound
    }
    return true
  }

  private func append(_ adjacency: Adjacency, to table: inout NeighbourTableBuilder) {
    for range in members {
      for row in range {
        adjacency.forEachRun(of: NodeID(UInt64(row))) { run in
          table.append(node: UInt32(row), start: run.neighbours, count: run.count)
        }
      }
    }
  }

  // MARK: By copying

  private func built() throws -> GraphView {
    let nodes = members.flatMap { range in range.map { NodeID(UInt64($0)) } }
    let mapping = NodeMapping(nodes)
    let isWeighted = weight != nil
    let isUndirected =
      sets.allSatisfy { $0.orientation == "UNDIRECTED" } && added.allSatisfy(\.isUndirected)
      && !(sets.isEmpty && added.isEmpty)
    let aggregations = Set(sets.map(aggregationName))
    // Parallel relationships are merged within each type, so one builder will do only for one.
    let single = sets.count == 1 && added.isEmpty
    var result = GraphBuilder(
      nodes: mapping, orientation: isUndirected ? .undirected : .natural,
      aggregation: single ? aggregation(sets[0]) : .none, isWeighted: isWeighted)
    for set in sets {
      if single || aggregations == ["NONE"] || aggregationName(set) == "NONE" {
        try add(set, isUndirected: isUndirected, to: &result)
      } else {
        var own = GraphBuilder(
          nodes: mapping, aggregation: aggregation(set), isWeighted: isWeighted)
        try add(set, isUndirected: isUndirected, to: &own)
        copy(own.finish(incoming: false), to: &result)
      }
    }
    for relationships in added {
      let weights = relationships.weights(weight)
      for row in relationships.sources.indices {
        let source = relationships.sources[row]
        let target = relationships.targets[row]
        let weight = weights?[row] ?? 1
        result.append(source: source, target: target, weight: weight)
        if relationships.isUndirected && !isUndirected {
          result.append(source: target, target: source, weight: weight)
        }
      }
    }
    return result.finish()
  }

  private func aggregation(_ set: GraphProjection.RelationshipSet) -> RelationshipAggregation {
    RelationshipAggregation(rawValue: aggregationName(set)) ?? .none
  }

  /// The set's own aggregation, else that of the property to weigh by.
  private func aggregationName(_ set: GraphProjection.RelationshipSet) -> String {
    if set.aggregation != "NONE" { return set.aggregation }
    return set.properties.first { $0.name == weight }?.aggregation ?? "NONE"
  }

  private func copy(_ view: GraphView, to builder: inout GraphBuilder) {
    for node in 0..<view.nodeCount {
      for (target, weight) in view.outgoing.weightedNeighbours(of: node) {
        builder.append(source: UInt32(node), target: target, weight: weight)
      }
    }
  }

  private func add(
    _ set: GraphProjection.RelationshipSet, isUndirected: Bool, to builder: inout GraphBuilder
  ) throws {
    let projected = weight.flatMap { name in set.properties.first { $0.name == name } }
    let key = weight.flatMap { reader.propertyKeyID(projected?.key ?? $0) }
    let fallback = projected?.defaultValue ?? 1
    for type in types(of: set) {
      let adjacency = try reader.adjacency(type, .outgoing)
      var batch: [RelationshipRef] = []
      batch.reserveCapacity(Vector.batchCapacity)
      for range in members {
        for row in range {
          let source = NodeID(UInt64(row))
          try adjacency.forEachRun(of: source) { run in
            for i in 0..<run.count {
              batch.append(
                RelationshipRef(
                  id: RelationshipID(type: type, row: UInt64(run.row(i))), start: source,
                  end: NodeID(UInt64(run.neighbours[i]))))
              if batch.count == Vector.batchCapacity {
                try flush(&batch, key, fallback, set, isUndirected, &builder)
              }
            }
          }
        }
      }
      try flush(&batch, key, fallback, set, isUndirected, &builder)
    }
  }

  private func flush(
    _ batch: inout [RelationshipRef], _ key: PropertyKeyID?, _ fallback: Double,
    _ set: GraphProjection.RelationshipSet, _ isUndirected: Bool, _ builder: inout GraphBuilder
  ) throws {
    if batch.isEmpty { return }
    var weights: [Double]?
    if weight != nil {
      weights = [Double](repeating: fallback, count: batch.count)
      if let key {
        let vector = try batch.withUnsafeBufferPointer { rows in
          try reader.gather(
            key, relationships: rows.baseAddress.unsafelyUnwrapped, count: rows.count)
        }
        for row in batch.indices {
          switch vector.boxed(row) {
          case .integer(let value): weights?[row] = Double(value)
          case .float(let value): weights?[row] = value
          default: break
          }
        }
      }
    }
    let isBoth = set.orientation == "UNDIRECTED" && !isUndirected
    let isReverse = set.orientation == "REVERSE"
    for (row, relationship) in batch.enumerated() {
      let weight = weights?[row] ?? 1
      let (from, to) =
        isReverse
        ? (relationship.end, relationship.start) : (relationship.start, relationship.end)
      builder.append(source: from, target: to, weight: weight)
      if isBoth { builder.append(source: to, target: from, weight: weight) }
    }
    batch.removeAll(keepingCapacity: true)
  }
}

extension ProjectedGraph.AddedRelationships {
  /// The values of a property; nil when there is none of that name.
  func weights(_ property: String?) -> [Double]? {
    guard let values = properties.first(where: { $0.name == property })?.values else { return nil }
    if case .floats(let values) = values { return values }
    return (0..<values.count).map { row in
      switch values.value(row) {
      case .integer(let value): Double(value)
      case .float(let value): value
      default: 1
      }
    }
  }
}
