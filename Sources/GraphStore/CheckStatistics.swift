internal import GraphTypes

extension StoreCheck {
  /// The counts of a type's relationships by the labels of their ends.
  func checkEndCounts(_ type: RelationshipTypeID, _ ends: RelationshipEnds) {
    // By pairs of sets of labels; neighbours in the table mostly have the same.
    var pairs: [UInt64: Int] = [:]
    var last: UInt64 = 0
    var run = 0
    let nodeCount = labelSetOfNode.count
    for row in 0..<ends.count {
      guard let start = ends.start(row), Int(start) < nodeCount, Int(ends.end(row)) < nodeCount
      else { continue }
      let pair =
        UInt64(labelSetOfNode[Int(start)]) << 32 | UInt64(labelSetOfNode[Int(ends.end(row))])
      if pair != last {
        if run > 0 { pairs[last, default: 0] += run }
        (last, run) = (pair, 0)
      }
      run += 1
    }
    if run > 0 { pairs[last, default: 0] += run }
    var expected = RelationshipEndCounts()
    for (pair, count) in pairs {
      expected.add(
        count, type, from: labelSets[Int(pair >> 32)], to: labelSets[Int(pair & 0xFFFF_FFFF)])
    }
    let stored = counts.ends.counts.filter { $0.key.type == type && $0.value != 0 }
    if stored == expected.counts { return }
    let keys = Set(stored.keys).union(expected.counts.keys)
    for key in keys where stored[key] != expected.counts[key] {
      compare(
        "relationships \(text(key.from))-[:\(name(.relationshipType, type.rawValue))]->"
          + text(key.to), counted: stored[key] ?? 0, found: expected[key], isWhole: true)
    }
  }

  private func text(_ label: LabelID?) -> String {
    label.map { "(:\(name(.label, $0.rawValue)))" } ?? "()"
  }

  /// Estimates for the planner: whether they can be read. Their numbers need not be of now.
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
}
