internal import GraphTypes

extension StoreCheck {
  /// Counts of relationships by the labels of their ends. Needs what the check of neighbour lists
  /// knows of a type.
  /// - Parameter ends: both ends of a row; nil where there is no relationship.
  func checkEndCounts(
    _ type: RelationshipTypeID, rowCount: Int,
    _ ends: (Int) -> (start: UInt32, end: UInt32)?
  ) throws(StoreError) {
    guard let labels = nodeLabels else { return }
    // By pairs of sets of labels; rows side by side mostly have the same.
    var pairs: [UInt64: Int] = [:]
    var last: UInt64 = 0
    var run = 0
    for row in 0..<rowCount {
      if row & 0xFFFF == 0 { try checkCancelled() }
      guard let (start, end) = ends(row) else { continue }
      let pair = UInt64(labels.set(of: start)) << 32 | UInt64(labels.set(of: end))
      if pair != last {
        pairs[last, default: 0] += run
        (last, run) = (pair, 0)
      }
      run += 1
    }
    pairs[last, default: 0] += run
    var found = RelationshipEndCounts()
    for (pair, count) in pairs where count > 0 {
      found.add(
        count, type, from: labels.sets[Int(pair >> 32)], to: labels.sets[Int(pair & 0xFFFF_FFFF)])
    }
    let keys = Set(found.counts.keys).union(counts.ends.counts.keys).filter { $0.type == type }
    for ends in keys where found[ends] != counts.ends[ends] {
      func text(_ label: LabelID?) -> String {
        label.map { ":\(name(.label, $0.rawValue))" } ?? ""
      }
      compare(
        "relationships (\(text(ends.from)))-[:\(name(.relationshipType, type.rawValue))]->"
          + "(\(text(ends.to)))", counted: counts.ends[ends], found: found[ends], isWhole: true)
    }
  }

  /// The statistics can be read; being estimates, they are not compared with anything.
  func checkStatistics() {
    var statistics = GraphStatistics()
    for entry in entries[.statistics] ?? [] {
      do throws(StoreError) {
        try statistics.read(key: entry.key, value: entry.value)
      } catch {
        found(.statistics, error.message)
      }
    }
  }

  /// The label set of each node; nil if not all segments can be read.
  func readNodeLabels() -> NodeLabels? {
    if !nodes.isWhole { return nil }
    var labels = NodeLabels(nodeCount: nodes.count)
    for entry in entries[.nodes] ?? [] {
      guard let segment = Key.number(entry.key, at: 0, bytes: 4),
        let chunk = try? NodeSegmentChunk(entry.value)
      else { return nil }
      labels.add(chunk, segment: Int(segment))
    }
    return labels
  }

  /// Numbers of label sets by node.
  struct NodeLabels {
    private(set) var sets: [[LabelID]] = [[]]
    private var numbers: [[LabelID]: Int] = [[]: 0]
    private var setOfNode: [UInt32]

    init(nodeCount: Int) { setOfNode = Array(repeating: 0, count: nodeCount) }

    /// Of nodes that are not there, the empty set.
    func set(of node: UInt32) -> Int {
      Int(node) < setOfNode.count ? Int(setOfNode[Int(node)]) : 0
    }

    mutating func add(_ chunk: NodeSegmentChunk, segment: Int) {
      let known = chunk.labelSets.map { set in
        if let number = numbers[set] { return number }
        sets.append(set)
        numbers[set] = sets.count - 1
        return sets.count - 1
      }
      let first = segment * Segments.rowCount
      for row in 0..<chunk.rowCount where chunk.exists(row) && first + row < setOfNode.count {
        let code = chunk.code(row)
        if code < known.count { setOfNode[first + row] = UInt32(known[code]) }
      }
    }
  }
}
