internal import GraphStore

/// Which rows of the node table belong to a projection: ascending, disjoint ranges.
enum NodeMembers {
  /// The rows that have one of the labels (nil: all rows).
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
      append(rows, to: &ranges)
    }
    return ranges
  }

  /// - Parameter rows: ascending, perhaps some twice.
  static func ranges(rows: [Int]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    append(rows, to: &ranges)
    return ranges
  }

  static func union(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, last.upperBound >= range.lowerBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }

  static func intersection(_ a: [Range<Int>], _ b: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var (i, j) = (0, 0)
    while i < a.count && j < b.count {
      let common = a[i].clamped(to: b[j])
      if !common.isEmpty { result.append(common) }
      if a[i].upperBound < b[j].upperBound { i += 1 } else { j += 1 }
    }
    return result
  }

  private static func append(_ rows: [Int], to ranges: inout [Range<Int>]) {
    for row in rows {
      if let last = ranges.last, last.upperBound >= row {
        if last.upperBound == row { ranges[ranges.count - 1] = last.lowerBound..<row + 1 }
      } else {
        ranges.append(row..<row + 1)
      }
    }
  }
}
