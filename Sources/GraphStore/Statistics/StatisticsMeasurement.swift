internal import GraphColumns
internal import GraphTypes

/// Collects the statistics of the properties of nodes by label sets, which part the nodes, and makes
/// those by labels of them.
struct NodeStatisticsCollector {
  private var rows: [[LabelID]: Int] = [:]
  private var properties: [PropertyKeyID: [[LabelID]: PropertyStatistics]] = [:]

  /// - Parameter labels: ascending.
  mutating func addRows(_ count: Int, labels: [LabelID]) { rows[labels, default: 0] += count }

  mutating func add(_ part: PropertyStatistics, _ key: PropertyKeyID, labels: [LabelID]) {
    properties[key, default: [:]][labels, default: .init()].merge(part)
  }

  mutating func add(
    _ values: Vector, rows: Range<Int>, _ key: PropertyKeyID, labels: [LabelID]
  ) {
    properties[key, default: [:]][labels, default: .init()].add(values, rows: rows)
  }

  func write(to statistics: inout GraphStatistics) {
    for (key, sets) in properties {
      for label in [nil] + Set(sets.keys.joined()).map(Optional.some) {
        var all = PropertyStatistics()
        for (set, part) in sets where label.map(set.contains) ?? true { all.merge(part) }
        all.rowCount = rows.reduce(0) { sum, set in
          label.map(set.key.contains) ?? true ? sum + set.value : sum
        }
        statistics.properties[.init(space: .nodes, label: label, key: key)] = all
      }
    }
  }
}

extension GraphStatistics {
  /// Measures the tables that have grown much.
  /// - Returns: whether there were any.
  /// - Complexity: O(rows and properties of these tables).
  mutating func update(from state: GraphState) throws(StoreError) -> Bool {
    var hasChanged = false
    if isOutdated(.nodes, rows: state.counts.nodeRows) {
      try measureNodes(state)
      hasChanged = true
    }
    for (type, rows) in state.counts.relationshipRows.enumerated() {
      let type = RelationshipTypeID(UInt32(type))
      if isOutdated(.relationships(type), rows: rows) {
        try measureRelationships(type, state)
        hasChanged = true
      }
    }
    return hasChanged
  }

  private mutating func measureNodes(_ state: GraphState) throws(StoreError) {
    var collector = NodeStatisticsCollector()
    var nodes = [NodeID](repeating: NodeID(0), count: Segments.rowCount)
    for segment in 0..<((state.counts.nodeRows + Segments.rowCount - 1) / Segments.rowCount) {
      let count = state.scanNodes(segment: segment, labels: [], into: &nodes)
      // Runs of rows with the same labels.
      var runs: [(rows: Range<Int>, labels: [LabelID])] = []
      for row in 0..<count {
        let labels = state.labels(of: nodes[row])
        if let last = runs.last, last.labels == labels {
          runs[runs.count - 1].rows = last.rows.lowerBound..<(row + 1)
        } else {
          runs.append((row..<(row + 1), labels))
        }
      }
      for run in runs { collector.addRows(run.rows.count, labels: run.labels) }
      let rows = nodes[..<count].map { UInt16(Segments.offset(of: $0.rawValue)) }
      for key in state.names.propertyKeys.names.indices {
        let key = PropertyKeyID(UInt32(key))
        let address = ColumnAddress(key: key, space: .nodes, segment: segment)
        guard let values = try state.values(address, rows) else { continue }
        for run in runs { collector.add(values, rows: run.rows, key, labels: run.labels) }
      }
    }
    properties = properties.filter { $0.key.space != .nodes }
    collector.write(to: &self)
    measuredRows[.nodes] = state.counts.nodeRows
  }

  private mutating func measureRelationships(
    _ type: RelationshipTypeID, _ state: GraphState
  ) throws(StoreError) {
    let space = ColumnSpace.relationships(type)
    for direction in [Direction.outgoing, .incoming] {
      degrees[.init(type: type, direction: direction)] =
        DegreeStatistics(try state.adjacency(type, direction))
    }
    let rowCount = state.counts.relationshipRows[Int(type.rawValue)]
    for key in state.names.propertyKeys.names.indices {
      let key = PropertyKeyID(UInt32(key))
      var found = PropertyStatistics()
      for first in stride(from: 0, to: rowCount, by: space.segmentRows) {
        let rows = (0..<min(space.segmentRows, rowCount - first)).map { UInt16($0) }
        let address = ColumnAddress(
          key: key, space: space, segment: space.segment(of: UInt64(first)))
        guard let values = try state.values(address, rows) else { continue }
        found.add(values, rows: 0..<rows.count)
      }
      found.rowCount = max(state.counts.relationships[Int(type.rawValue)], found.valueCount)
      properties[.init(space: space, label: nil, key: key)] = found.valueCount > 0 ? found : nil
    }
    measuredRows[space] = rowCount
  }
}

extension GraphState {
  /// The values of rows of a chunk; nil if all its values are null.
  fileprivate func values(
    _ address: ColumnAddress, _ rows: [UInt16]
  ) throws(StoreError) -> Vector? {
    guard let chunk = try column(address, keeper: nil) else { return nil }
    let values = Vector(type: chunk.vectorType, capacity: max(rows.count, 1))
    values.count = rows.count
    chunk.gather(rows: rows, count: rows.count, into: values, at: 0)
    return values
  }

  /// Measures the tables that have grown much, before the changes are written.
  func writeStatistics(_ writer: TreeWriter) throws(StoreError) {
    let before = try core.statistics()
    var statistics = before
    guard try statistics.update(from: self) else { return }
    let old = Dictionary(uniqueKeysWithValues: before.entries.map { ($0.key, $0.bytes) })
    for (key, bytes) in statistics.entries where old[key] != bytes {
      try writer.put(.statistics, key, bytes)
    }
  }
}

extension DegreeStatistics {
  /// - Complexity: O(nodes with relationships).
  init(_ adjacency: Adjacency) {
    self.init()
    // A list may go on in the next chunk.
    var node = UInt64.max
    var degree = 0
    for place in 0..<adjacency.chunkCount {
      let chunk = adjacency.chunk(place)
      for next in UInt64(chunk.firstNode)..<(UInt64(chunk.firstNode) + UInt64(chunk.nodeCount)) {
        if next != node {
          add(degree)
          degree = 0
          node = next
        }
        degree += chunk.range(of: next).count
      }
    }
    add(degree)
  }
}
