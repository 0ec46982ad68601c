/// Sparse rows: entry *i* of row *r* is at `offsets[r] ..< offsets[r + 1]`, columns ascend.
struct SparseRows: Sendable {
  let offsets: Scratch<Int>
  let columns: Scratch<UInt32>
  let values: Scratch<Float>

  var rowCount: Int { offsets.count - 1 }
  var entryCount: Int { offsets.base[rowCount] }

  @inline(__always)
  func range(_ row: Int) -> Range<Int> { offsets.base[row]..<offsets.base[row + 1] }

  @inline(__always)
  func count(_ row: Int) -> Int { offsets.base[row + 1] - offsets.base[row] }

  /// The opposite direction. O(rows + columns + entries).
  func transposed(columnCount: Int) -> SparseRows {
    let ends = Scratch<Int>(columnCount + 1, repeating: 0)
    for i in 0..<entryCount { ends.base[Int(columns.base[i]) + 1] += 1 }
    for column in 0..<columnCount { ends.base[column + 1] += ends.base[column] }
    let positions = Scratch<Int>(columnCount, repeating: 0)
    positions.base.update(from: ends.base, count: columnCount)
    let result = SparseRows(
      offsets: ends, columns: Scratch(entryCount, repeating: 0),
      values: Scratch(entryCount, repeating: 0))
    for row in 0..<rowCount {
      for i in range(row) {
        let column = Int(columns.base[i])
        let position = positions.base[column]
        positions.base[column] = position + 1
        result.columns.base[position] = UInt32(row)
        result.values.base[position] = values.base[i]
      }
    }
    return result
  }

  /// Neighbouring equal columns as one, with the sum of their values; those not above 0 are left
  /// out.
  fileprivate func merged() -> SparseRows {
    let ends = Scratch<Int>(rowCount + 1, repeating: 0)
    var end = 0
    for row in 0..<rowCount {
      var i = offsets.base[row]
      let stop = offsets.base[row + 1]
      while i < stop {
        let column = columns.base[i]
        var sum = values.base[i]
        i += 1
        while i < stop && columns.base[i] == column {
          sum += values.base[i]
          i += 1
        }
        if sum > 0 {
          // In place: `end` never overtakes `i`.
          columns.base[end] = column
          values.base[end] = sum
          end += 1
        }
      }
      ends.base[row + 1] = end
    }
    return SparseRows(offsets: ends, columns: columns, values: values)
  }
}

/// Who has to do with what: sources of relationships (clients) by targets (items), both numbered
/// densely in order of their index. The value of a pair is the sum of the weights of its
/// relationships, or their number where there are no weights; pairs not above 0 are left out.
struct InteractionMatrix: Sendable {
  /// Indices in the view.
  let sources: [UInt32]
  let targets: [UInt32]
  /// Shape: sources × targets.
  let rows: SparseRows
  /// Shape: targets × sources.
  let columns: SparseRows

  /// - Parameter upperDegreeCutoff: sources with more different targets are left out.
  /// - Complexity: O(*n* + *m*) time and memory.
  init(_ view: GraphView, usesWeights: Bool, upperDegreeCutoff: Int = .max) {
    let n = view.nodeCount
    let table = view.outgoing
    let isWeighted = usesWeights && table.isWeighted
    let all = SparseRows(
      offsets: Scratch(n + 1, repeating: 0),
      columns: Scratch(table.relationshipCount, repeating: 0),
      values: Scratch(table.relationshipCount, repeating: 1))
    var end = 0
    for node in 0..<n {
      table.forEachRun(of: node) { run in
        let count = Int(run.count)
        (all.columns.base + end).update(from: run.start, count: count)
        if isWeighted, let weights = table.weights(of: run) {
          for i in 0..<count { all.values.base[end + i] = Float(max(weights[i], 0)) }
        }
        end += count
      }
      all.offsets.base[node + 1] = end
    }
    // Transposed lists ascend and have equal pairs side by side.
    let byTarget = all.transposed(columnCount: n).merged()
    let bySource = byTarget.transposed(columnCount: n)
    func isKept(_ node: Int) -> Bool {
      let count = bySource.count(node)
      return count > 0 && count <= upperDegreeCutoff
    }
    let sources = (0..<n).filter(isKept)
    var number = [UInt32](repeating: .max, count: n)
    for source in sources {
      for i in bySource.range(source) { number[Int(bySource.columns.base[i])] = 0 }
    }
    let targets = (0..<n).filter { number[$0] == 0 }
    for (i, target) in targets.enumerated() { number[target] = UInt32(i) }
    let count = sources.reduce(0) { $0 + bySource.count($1) }
    let rows = SparseRows(
      offsets: Scratch(sources.count + 1, repeating: 0), columns: Scratch(count, repeating: 0),
      values: Scratch(count, repeating: 0))
    end = 0
    for (row, source) in sources.enumerated() {
      for i in bySource.range(source) {
        rows.columns.base[end] = number[Int(bySource.columns.base[i])]
        rows.values.base[end] = bySource.values.base[i]
        end += 1
      }
      rows.offsets.base[row + 1] = end
    }
    self.sources = sources.map { UInt32($0) }
    self.targets = targets.map { UInt32($0) }
    self.rows = rows
    columns = rows.transposed(columnCount: targets.count)
  }

  static func bytes(nodeCount: Int, relationshipCount: Int) -> MemoryEstimate {
    let entries = 8 * relationshipCount
    return MemoryEstimate(
      bytesMin: 2 * entries + 32 * nodeCount, bytesMax: 5 * entries + 60 * nodeCount)
  }
}
