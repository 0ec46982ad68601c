/// The rows of the relationships in a chunk of neighbour lists, one for each entry.
///
/// The row of entry `i` with the neighbour `n` is, modulo 2^32,
/// `base + step * i + (slope * n) >> 32 + residual i`. Rows are numbered by (start, end) in a bulk
/// load, so that in outgoing lists they are consecutive (step 1, no residuals), and in incoming ones
/// lie close to a line over the neighbours: the residuals have half the bits of the rows.
package struct RelationshipRows: @unchecked Sendable {
  /// Residuals in `width` bits each (see `BitPacking`); 8 bytes that can be read where it is 0.
  @usableFromInline let residuals: UnsafeRawPointer
  /// Rows per neighbour, times 2^32.
  @usableFromInline let slope: UInt64
  @usableFromInline let base: UInt32
  @usableFromInline let width: UInt8
  @usableFromInline let step: UInt8

  init(
    residuals: UnsafeRawPointer, width: UInt8, base: UInt32 = 0, slope: UInt64 = 0, step: UInt8 = 0
  ) {
    self.residuals = residuals
    self.width = width
    self.base = base
    self.slope = slope
    self.step = step
  }

  /// An array of rows, behind which 4 more bytes can be read.
  init(_ rows: UnsafePointer<UInt32>) { self.init(residuals: rows, width: 32) }

  /// The row of the first entry of the chunk, if that of entry `i` is `i` more; nil otherwise.
  @inlinable package var consecutiveFrom: UInt32? {
    width == 0 && slope == 0 && step == 1 ? base : nil
  }

  /// The row of the entry at place `index` of the chunk.
  @inlinable @inline(__always)
  package func row(_ index: Int, neighbour: UInt32) -> UInt32 {
    let line = UInt32(truncatingIfNeeded: (slope &* UInt64(neighbour)) &>> 32)
    let bit = index &* Int(width)
    let word = UInt64(
      littleEndian: residuals.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self))
    let mask: UInt64 = 1 &<< UInt64(width) &- 1
    let residual = UInt32(truncatingIfNeeded: word &>> UInt64(truncatingIfNeeded: bit & 7) & mask)
    return base &+ UInt32(step) &* UInt32(truncatingIfNeeded: index) &+ line &+ residual
  }
}

/// How the rows of a chunk are stored: what `RelationshipRows` reads.
struct RowFit {
  var base: UInt32 = 0
  var slope: UInt64 = 0
  var step: UInt8 = 0
  /// Bits of a residual, at most 32.
  var width = 0

  /// - Parameters:
  ///   - rows: nil for `firstRow + i`.
  ///   - slope: nil to find the best for these entries.
  init(
    neighbours: UnsafePointer<UInt32>, rows: UnsafePointer<UInt32>?, firstRow: UInt32, count: Int,
    slope: UInt64? = nil
  ) {
    guard let rows, !Self.areConsecutive(rows, count) else {
      self.init(consecutiveFrom: rows.flatMap { count > 0 ? $0[0] : nil } ?? firstRow)
      return
    }
    self.init(neighbours: neighbours, rows: rows, count: count, slope: 0)
    let line = slope ?? Self.leastSquares(neighbours, rows, count)
    guard line > 0 else { return }
    let fit = RowFit(neighbours: neighbours, rows: rows, count: count, slope: line)
    if fit.width < width { self = fit }
  }

  private init(consecutiveFrom first: UInt32) {
    base = first
    step = 1
  }

  private static func areConsecutive(_ rows: UnsafePointer<UInt32>, _ count: Int) -> Bool {
    var index = 1
    while index < count {
      if rows[index] != rows[index - 1] &+ 1 { return false }
      index += 1
    }
    return true
  }

  /// Residuals to a line that is known.
  private init(
    neighbours: UnsafePointer<UInt32>, rows: UnsafePointer<UInt32>, count: Int, slope: UInt64
  ) {
    self.slope = slope
    var least = Int64.max
    var greatest = Int64.min
    for index in 0..<count {
      let (line, overflow) = slope.multipliedReportingOverflow(by: UInt64(neighbours[index]))
      if overflow {
        width = 33
        return
      }
      let residual = Int64(rows[index]) - Int64(line >> 32)
      least = min(least, residual)
      greatest = max(greatest, residual)
    }
    base = UInt32(truncatingIfNeeded: least)
    width = BitPacking.width(UInt64(greatest - least))
  }

  /// The slope of the line through the entries that has the least squares of errors; 0 where rows do
  /// not ascend with neighbours.
  static func leastSquares(
    _ neighbours: UnsafePointer<UInt32>, _ rows: UnsafePointer<UInt32>, _ count: Int
  ) -> UInt64 {
    guard count > 1 else { return 0 }
    // Relative to the first entry, for the precision of the sums.
    let (x0, y0) = (Double(neighbours[0]), Double(rows[0]))
    var (x, y, xx, xy) = (0.0, 0.0, 0.0, 0.0)
    for index in 0..<count {
      let (dx, dy) = (Double(neighbours[index]) - x0, Double(rows[index]) - y0)
      x += dx
      y += dy
      xx += dx * dx
      xy += dx * dy
    }
    let n = Double(count)
    let slope = (n * xy - x * y) / (n * xx - x * x) * 4_294_967_296
    return slope > 0 && slope < 0x1p62 ? UInt64(slope.rounded()) : 0
  }

  /// The residual of an entry, below 2^width.
  @inline(__always) func residual(_ row: UInt32, _ index: Int, neighbour: UInt32) -> UInt64 {
    let line = UInt32(truncatingIfNeeded: (slope &* UInt64(neighbour)) &>> 32)
    return UInt64(row &- base &- line &- UInt32(step) &* UInt32(truncatingIfNeeded: index))
  }

  /// Bytes of the residuals of `count` entries.
  static func byteCount(_ count: Int, width: Int) -> Int {
    width == 0 ? 0 : BitPacking.size(rowCount: count, width: width)
  }
}
