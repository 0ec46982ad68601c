/// Columns as bins of one byte, for trees: where a column has few different values each is a bin,
/// else bins are quantiles.
struct BinnedColumns: Sendable {
  let rowCount: Int
  let columnCount: Int
  /// Shape `[columnCount * rowCount]`, column after column. A missing value has the bin after those
  /// of present values.
  let bins: Scratch<UInt8>
  /// Upper bounds, inclusive, of all bins but the last of each column.
  let thresholds: [[Double]]

  /// Rows from which quantiles are estimated, evenly spaced.
  private static let sampleSize = 200_000

  /// The bin of missing values of a column; greater than any other.
  func missingBin(_ column: Int) -> Int { thresholds[column].count + 1 }

  /// - Parameter maxBins: of present values, in `2 ... 255`.
  init(_ matrix: Matrix, maxBins: Int, concurrency: Int) {
    let (rowCount, columnCount) = (matrix.rowCount, matrix.columnCount)
    self.rowCount = rowCount
    self.columnCount = columnCount
    let bins = Scratch<UInt8>(rowCount * columnCount, repeating: 0)
    thresholds = (0..<columnCount).map { Self.thresholds(matrix, $0, maxBins) }
    self.bins = bins
    let thresholds = thresholds
    parallelFor(columnCount, concurrency: concurrency) { column in
      let bounds = thresholds[column]
      let start = column * rowCount
      matrix.values.withUnsafeBufferPointer { values in
        bounds.withUnsafeBufferPointer { bounds in
          for row in start..<start + rowCount {
            bins.base[row] = Self.bin(values[row], bounds)
          }
        }
      }
    }
  }

  /// How many bounds lie below the value.
  private static func bin(_ value: Double, _ bounds: UnsafeBufferPointer<Double>) -> UInt8 {
    if value.isNaN { return UInt8(bounds.count + 1) }
    var low = 0
    var high = bounds.count
    while low < high {
      let middle = (low + high) / 2
      if bounds[middle] < value { low = middle + 1 } else { high = middle }
    }
    return UInt8(low)
  }

  private static func thresholds(_ matrix: Matrix, _ column: Int, _ maxBins: Int) -> [Double] {
    let values = matrix.column(column)
    let step = max(1, values.count / sampleSize)
    var sample: [Double] = []
    sample.reserveCapacity(values.count / step + 1)
    for row in stride(from: values.startIndex, to: values.endIndex, by: step)
    where !values[row].isNaN {
      sample.append(values[row])
    }
    sample.sort()
    var distinct: [Double] = []
    for value in sample where value != distinct.last {
      distinct.append(value)
      if distinct.count > maxBins { break }
    }
    if distinct.count <= maxBins {
      return zip(distinct, distinct.dropFirst()).map { midpoint($0, $1) }
    }
    var bounds: [Double] = []
    for index in 1..<maxBins {
      let bound = quantile(ofSorted: sample, Double(index) / Double(maxBins))
      if bound != bounds.last && bound < sample[sample.count - 1] { bounds.append(bound) }
    }
    return bounds
  }

  /// Between two neighbours, never the greater one itself.
  private static func midpoint(_ low: Double, _ high: Double) -> Double {
    let middle = low / 2 + high / 2
    return middle >= low && middle < high ? middle : low
  }
}
