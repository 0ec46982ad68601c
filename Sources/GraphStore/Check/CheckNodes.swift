internal import GraphTypes

extension StoreCheck {
  /// The node segments, against the counts and the names of labels. Leaves the set of nodes.
  func checkNodes() throws(StoreError) {
    let segmentCount = (nodes.count + Segments.rowCount - 1) / Segments.rowCount
    var labelled = Array(repeating: 0, count: names(.label).count)
    var existing = 0
    var next = 0
    for entry in entries[.nodes] ?? [] {
      guard entry.key.count == 4, let number = Key.number(entry.key, at: 0, bytes: 4),
        number < UInt64(segmentCount)
      else {
        found(.nodes, "a segment is beyond the end of the table")
        continue
      }
      let segment = Int(number)
      if segment > next { missing(next..<segment) }
      next = segment + 1
      do throws(StoreError) {
        let chunk = try NodeSegmentChunk(entry.value, verifyingChecksum: true)
        existing += check(chunk, segment, &labelled)
      } catch {
        found(.nodes, "\(Self.text(segment)): \(error.message)")
        nodes.isWhole = false
      }
      try advance(entry.value.count)
    }
    if next < segmentCount { missing(next..<segmentCount) }
    compare("nodes", counted: counts.nodes, found: existing, isWhole: nodes.isWhole)
    for (label, count) in labelled.enumerated() {
      compare(
        "nodes with the label \(name(.label, UInt32(label)))", counted: counts.labelled[label],
        found: count, isWhole: nodes.isWhole)
    }
  }

  private static func text(_ segment: Int) -> String {
    "segment \(segment) (nodes \(segment * Segments.rowCount) to "
      + "\((segment + 1) * Segments.rowCount - 1))"
  }

  private func missing(_ segments: Range<Int>) {
    nodes.isWhole = false
    for segment in segments.prefix(100) { found(.nodes, "\(Self.text(segment)) is missing") }
  }

  /// - Returns: existing nodes.
  private func check(
    _ chunk: NodeSegmentChunk, _ segment: Int, _ labelled: inout [Int]
  ) -> Int {
    let place = Self.text(segment)
    let first = segment * Segments.rowCount
    if chunk.rowCount > nodes.count - first {
      found(.nodes, "\(place) has rows beyond the end of the table")
    }
    let sets = chunk.labelSets
    for set in sets {
      for (index, label) in set.enumerated() {
        if Int(label.rawValue) >= labelled.count {
          found(.nodes, "\(place) has label \(label.rawValue), which has no name")
        }
        if index > 0, set[index - 1] >= label {
          found(.nodes, "\(place): a set of labels does not ascend")
        }
      }
    }
    var existing = 0
    var used = Array(repeating: 0, count: sets.count)
    for row in 0..<min(chunk.rowCount, nodes.count - first) where chunk.exists(row) {
      existing += 1
      _ = nodes.insert(first + row)
      let code = chunk.code(row)
      if code < sets.count {
        used[code] += 1
      } else if !(sets.isEmpty && chunk.codeWidth == 0) {
        found(.nodes, "node \(first + row) has the unknown set of labels \(code)")
      }
    }
    if existing != chunk.existingCount {
      found(.nodes, "\(place) counts \(chunk.existingCount) nodes, but has \(existing)")
    }
    for (set, count) in zip(sets, used) {
      for label in set where Int(label.rawValue) < labelled.count {
        labelled[Int(label.rawValue)] += count
      }
    }
    return existing
  }
}
