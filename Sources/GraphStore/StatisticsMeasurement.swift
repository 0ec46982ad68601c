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
  mutating func update(from reader: GraphReader) throws(StoreError) -> Bool {
    var hasChanged = false
    if isOutdated(.nodes, rows: reader.nodeRowCount) {
      try measureNodes(reader)
      hasChanged = true
    }
    for type in reader.relationshipTypeNames.indices {
      let type = RelationshipTypeID(UInt32(type))
      if isOutdated(.relationships(type), rows: reader.relationshipRowCount(type: type)) {
        try measureRelationships(type, reader)
        hasChanged = true
      }
    }
    return hasChanged
  }

  private mutating func measureNodes(_ reader: GraphReader) throws(StoreError) {
    var collector = NodeStatisticsCollector()
    var nodes = [NodeID](repeating: NodeID(0), count: Segments.rowCount)
    for segment in 0..<reader.nodeSegmentCount {
      let count = reader.scanNodes(segment: segment, labels: [], into: &nodes)
      var runs: [(rows: Range<Int>, labels: [LabelID])] = []
      for row in 0..<count {
        let labels = reader.labels(of: nodes[row])
        if let last = runs.last, last.labels == labels {
          runs[runs.count - 1].rows = last.rows.lowerBound..<(row + 1)
        } else {
          runs.append((row..<(row + 1), labels))
        }
      }
      for run in runs { collector.addRows(run.rows.count, labels: run.labels) }
      for key in reader.propertyKeyNames.indices {
        let key = PropertyKeyID(UInt32(key))
        let values = try reader.gather(key, nodes: nodes, count: count)
        if values.isConstant && values.isNull(0) { continue }
        for run in runs { collector.add(values, rows: run.rows, key, labels: run.labels) }
      }
    }
    properties = properties.filter { $0.key.space != .nodes }
    collector.write(to: &self)
    measuredRows[.nodes] = reader.nodeRowCount
  }

  private mutating func measureRelationships(
    _ type: RelationshipTypeID, _ reader: GraphReader
  ) throws(StoreError) {
    let space = ColumnSpace.relationships(type)
    for direction in [Direction.outgoing, .incoming] {
      degrees[.init(type: type, direction: direction)] =
        DegreeStatistics(try reader.adjacency(type, direction))
    }
    let rowCount = reader.relationshipRowCount(type: type)
    for key in reader.propertyKeyNames.indices {
      let scope = PropertyScope(space: space, label: nil, key: PropertyKeyID(UInt32(key)))
      var found = PropertyStatistics()
      for segment in 0..<((rowCount + space.segmentRows - 1) / space.segmentRows) {
        guard let chunk = try reader.column(scope.key, type: type, segment: segment) else {
          continue
        }
        let values = Vector(type: chunk.vectorType, capacity: max(chunk.rowCount, 1))
        values.count = chunk.rowCount
        let rows = (0..<chunk.rowCount).map { UInt16(truncatingIfNeeded: $0) }
        chunk.gather(rows: rows, count: rows.count, into: values, at: 0)
        found.add(values, rows: 0..<rows.count)
      }
      found.rowCount = max(reader.relationshipCount(type: type), found.valueCount)
      properties[scope] = found.valueCount > 0 ? found : nil
    }
    measuredRows[space] = rowCount
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

extension TransactionReader {
  /// Measures the tables that the transaction has made grow much. Part of its commit.
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
