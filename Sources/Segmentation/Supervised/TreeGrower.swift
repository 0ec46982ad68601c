/// Grows one tree on the first and second derivatives of the loss, the best leaf first, by
/// histograms over bins (Ke et al.: "LightGBM", 2017). Of two children only the smaller one's
/// histogram is summed; the other is the difference to the parent.
final class TreeGrower {
  struct Limits {
    var maxLeaves: Int
    var minRowsInLeaf: Int
    var l2: Double
    var learningRate: Double
    var concurrency: Int
  }

  /// Sums over the rows of a node that fall into one bin.
  struct Cell: BitwiseCopyable {
    var gradient = 0.0
    var hessian = 0.0
    var count = 0.0
  }

  private struct Split {
    var gain = 0.0
    var feature = -1
    var bin = 0
    var missingGoesLeft = false
  }

  private struct Leaf {
    var node: Int
    var rows: Range<Int>
    var total: Cell
    var histogram: Scratch<Cell>
    var split: Split
  }

  private let columns: BinnedColumns
  private let limits: Limits
  private let gradient: Scratch<Double>
  private let hessian: Scratch<Double>
  /// Row numbers; those of a node are contiguous.
  private let rows: Scratch<Int32>
  private let spare: Scratch<Int32>
  private let rowCount: Int
  /// Where the cells of each column begin in a histogram, and one more: the number of cells.
  private let starts: [Int]

  /// Below this the curvature says nothing.
  private static let minHessian = 1e-3

  /// - Parameters:
  ///   - rows: those to grow on, shape `[rowCount]`; they are reordered.
  ///   - gradient, hessian: by row number of the columns.
  init(
    _ columns: BinnedColumns, rows: Scratch<Int32>, gradient: Scratch<Double>,
    hessian: Scratch<Double>, _ limits: Limits
  ) {
    self.columns = columns
    self.rows = rows
    self.gradient = gradient
    self.hessian = hessian
    self.limits = limits
    rowCount = rows.count
    var starts = [0]
    for column in 0..<columns.columnCount {
      starts.append(starts[column] + columns.missingBin(column) + 1)
    }
    self.starts = starts
    spare = Scratch(rows.count, repeating: 0)
  }

  /// - Parameter adding: the scores of rows, by row number; each row's leaf is added to its score.
  /// - Throws: when cancelled.
  func grow(
    adding scores: Scratch<Double>, isCancelled: () -> Bool
  ) throws(SegmentationError) -> DecisionTree {
    var nodes = [DecisionTree.Node()]
    var total = Cell()
    for index in 0..<rowCount {
      let row = Int(rows.base[index])
      total.gradient += gradient.base[row]
      total.hessian += hessian.base[row]
    }
    total.count = Double(rowCount)
    nodes[0].cover = total.count
    let histogram = histogram(0..<rowCount)
    var leaves = [
      Leaf(
        node: 0, rows: 0..<rowCount, total: total, histogram: histogram,
        split: bestSplit(histogram, total))
    ]
    while leaves.count < limits.maxLeaves {
      if isCancelled() { throw .cancelled }
      var best = 0
      for index in leaves.indices where leaves[index].split.gain > leaves[best].split.gain {
        best = index
      }
      guard leaves[best].split.gain > 0 else { break }
      let leaf = leaves[best]
      let split = leaf.split
      let middle = partition(leaf.rows, split)
      let left = leaf.rows.lowerBound..<middle
      let right = middle..<leaf.rows.upperBound
      let leftIsSmaller = left.count <= right.count
      let smaller = self.histogram(leftIsSmaller ? left : right)
      subtract(smaller, from: leaf.histogram)
      let leftHistogram = leftIsSmaller ? smaller : leaf.histogram
      let rightHistogram = leftIsSmaller ? leaf.histogram : smaller
      let leftTotal = sum(of: leftHistogram, split.feature)
      let rightTotal = sum(of: rightHistogram, split.feature)
      let child = nodes.count
      nodes.append(DecisionTree.Node())
      nodes.append(DecisionTree.Node())
      nodes[child].cover = Double(left.count)
      nodes[child + 1].cover = Double(right.count)
      nodes[leaf.node].feature = Int32(split.feature)
      nodes[leaf.node].left = Int32(child)
      nodes[leaf.node].right = Int32(child + 1)
      nodes[leaf.node].missingGoesLeft = split.missingGoesLeft
      let bounds = columns.thresholds[split.feature]
      // Only missing values go the other way.
      nodes[leaf.node].threshold = split.bin < bounds.count ? bounds[split.bin] : .infinity
      leaves[best] = Leaf(
        node: child, rows: left, total: leftTotal, histogram: leftHistogram,
        split: bestSplit(leftHistogram, leftTotal))
      leaves.append(
        Leaf(
          node: child + 1, rows: right, total: rightTotal, histogram: rightHistogram,
          split: bestSplit(rightHistogram, rightTotal)))
    }
    for leaf in leaves {
      let value = -limits.learningRate * leaf.total.gradient / (leaf.total.hessian + limits.l2)
      nodes[leaf.node].value = value.isFinite ? value : 0
      for index in leaf.rows {
        scores.base[Int(rows.base[index])] += nodes[leaf.node].value
      }
    }
    return DecisionTree(nodes: nodes)
  }

  private func histogram(_ range: Range<Int>) -> Scratch<Cell> {
    let cells = Scratch<Cell>(starts[columns.columnCount], repeating: Cell())
    let (columns, rows, gradient, hessian, starts) = (columns, rows, gradient, hessian, starts)
    // Threads would cost more than they save on few rows.
    let concurrency = range.count * columns.columnCount < 20_000 ? 1 : limits.concurrency
    parallelFor(columns.columnCount, concurrency: concurrency) { column in
      let bins = columns.bins.base + column * columns.rowCount
      let own = cells.base + starts[column]
      for index in range {
        let row = Int(rows.base[index])
        let cell = own + Int(bins[row])
        cell.pointee.gradient += gradient.base[row]
        cell.pointee.hessian += hessian.base[row]
        cell.pointee.count += 1
      }
    }
    return cells
  }

  private func subtract(_ part: Scratch<Cell>, from whole: Scratch<Cell>) {
    for index in 0..<part.count {
      whole.base[index].gradient -= part.base[index].gradient
      whole.base[index].hessian -= part.base[index].hessian
      whole.base[index].count -= part.base[index].count
    }
  }

  private func sum(of histogram: Scratch<Cell>, _ column: Int) -> Cell {
    var total = Cell()
    for cell in starts[column]..<starts[column + 1] { total.add(histogram.base[cell]) }
    return total
  }

  private func bestSplit(_ histogram: Scratch<Cell>, _ total: Cell) -> Split {
    var best = Split()
    let least = Double(limits.minRowsInLeaf)
    if total.count < 2 * least { return best }
    let l2 = limits.l2
    func score(_ cell: Cell) -> Double { cell.gradient * cell.gradient / (cell.hessian + l2) }
    let whole = score(total)
    for column in 0..<columns.columnCount {
      let cells = histogram.base + starts[column]
      let missing = cells[columns.missingBin(column)]
      let boundCount = columns.thresholds[column].count
      // The last bin as a split: all present values left, the missing ones right.
      let last = missing.count > 0 ? boundCount : boundCount - 1
      var left = Cell()
      for bin in 0..<max(last + 1, 0) {
        left.add(cells[bin])
        for missingGoesLeft in [false, true] {
          if missingGoesLeft && (missing.count == 0 || bin == boundCount) { break }
          var low = left
          if missingGoesLeft { low.add(missing) }
          let high = total.subtracting(low)
          if low.count < least || high.count < least || low.hessian < Self.minHessian
            || high.hessian < Self.minHessian
          {
            continue
          }
          let gain = score(low) + score(high) - whole
          if gain > best.gain + 1e-12 {
            best = Split(
              gain: gain, feature: column, bin: bin,
              // A column without missing values here sends them where most rows go.
              missingGoesLeft: missing.count > 0 ? missingGoesLeft : low.count > high.count)
          }
        }
      }
    }
    return best
  }

  /// Rows that go left first, in their order; returns where the others begin.
  private func partition(_ range: Range<Int>, _ split: Split) -> Int {
    let bins = columns.bins.base + split.feature * columns.rowCount
    let missingBin = columns.missingBin(split.feature)
    var left = range.lowerBound
    var right = 0
    for index in range {
      let row = rows.base[index]
      let bin = Int(bins[Int(row)])
      let goesLeft = bin == missingBin ? split.missingGoesLeft : bin <= split.bin
      if goesLeft {
        rows.base[left] = row
        left += 1
      } else {
        spare.base[right] = row
        right += 1
      }
    }
    (rows.base + left).update(from: spare.base, count: right)
    return left
  }
}

extension TreeGrower.Cell {
  @inline(__always)
  fileprivate mutating func add(_ other: Self) {
    gradient += other.gradient
    hessian += other.hessian
    count += other.count
  }

  @inline(__always)
  fileprivate func subtracting(_ other: Self) -> Self {
    .init(
      gradient: gradient - other.gradient, hessian: hessian - other.hessian,
      count: count - other.count)
  }
}
