/// Rows in tiles of eight, so that one instruction works on a column of eight rows: the value of
/// row *r* and column *c* is at `(r / 8 * dimension + c) * 8 + r % 8`. The last tile is filled up
/// with copies of the last row.
final class PointTiles: Sendable {
  static let lanes = 8
  let count: Int
  let dimension: Int
  let tileCount: Int
  let values: Scratch<Double>
  /// Tiles that one thread takes at a time; fixed, so that sums do not depend on threads.
  let tilesPerBlock: Int

  /// - Complexity: O(rows · columns) in parallel; copies the matrix.
  init(_ matrix: Matrix, concurrency: Int) {
    count = matrix.rowCount
    dimension = matrix.columnCount
    tileCount = (count + Self.lanes - 1) / Self.lanes
    // At most 256 blocks, since each has sums of its own.
    tilesPerBlock = max(512, (tileCount + 255) / 256)
    values = Scratch(uninitialized: tileCount * dimension * Self.lanes)
    let (target, count, dimension) = (values, count, dimension)
    // The array is not changed while the threads read it.
    matrix.values.withUnsafeBufferPointer { source in
      let source = SharedPointer(base: source.baseAddress)
      parallelFor(blockCount, concurrency: concurrency) { block in
        guard let source = source.base else { return }
        for tile in tiles(of: block) {
          let row = tile * Self.lanes
          let present = min(Self.lanes, count - row)
          let place = target.base + row * dimension
          for column in 0..<dimension {
            let from = source + column * count + row
            let to = place + column * Self.lanes
            for lane in 0..<present { to[lane] = from[lane] }
            for lane in present..<Self.lanes { to[lane] = from[present - 1] }
          }
        }
      }
    }
  }

  var blockCount: Int { (tileCount + tilesPerBlock - 1) / tilesPerBlock }

  func tiles(of block: Int) -> Range<Int> {
    block * tilesPerBlock..<min((block + 1) * tilesPerBlock, tileCount)
  }

  /// How many of a tile's lanes are rows.
  func rows(in tile: Int) -> Int { min(Self.lanes, count - tile * Self.lanes) }

  func tile(_ tile: Int) -> UnsafePointer<Double> {
    UnsafePointer(values.base + tile * dimension * Self.lanes)
  }

  func value(_ row: Int, _ column: Int) -> Double {
    values.base[(row / Self.lanes * dimension + column) * Self.lanes + row % Self.lanes]
  }

  func row(_ row: Int) -> [Double] { (0..<dimension).map { value(row, $0) } }

  /// The first row and column without a finite number.
  func firstNotFinite(concurrency: Int) -> (row: Int, column: Int)? {
    let flags = Scratch<Bool>(blockCount, repeating: false)
    let (values, dimension) = (values, dimension)
    parallelFor(blockCount, concurrency: concurrency) { block in
      let tiles = tiles(of: block)
      // 0 · x is 0 for every finite x and NaN for the others.
      var sum = SIMD8<Double>.zero
      for position in tiles.lowerBound * dimension..<tiles.upperBound * dimension {
        sum += loadEight(values.base + position * Self.lanes) * 0
      }
      flags.base[block] = sum != SIMD8<Double>.zero
    }
    for block in 0..<blockCount where flags.base[block] {
      let tiles = tiles(of: block)
      for row in tiles.lowerBound * Self.lanes..<min(tiles.upperBound * Self.lanes, count) {
        for column in 0..<dimension where !value(row, column).isFinite { return (row, column) }
      }
    }
    return nil
  }

  /// Mean over the columns of their variance.
  func meanVariance(concurrency: Int) -> Double {
    let means = columnSums(around: [Double](repeating: 0, count: dimension), concurrency)
      .map { $0.sum / Double(count) }
    let squares = columnSums(around: means, concurrency)
    return squares.reduce(0) { $0 + $1.squares / Double(count) } / Double(dimension)
  }

  private func columnSums(
    around centres: [Double], _ concurrency: Int
  ) -> [(sum: Double, squares: Double)] {
    let sums = Scratch<Double>(blockCount * dimension * 2, repeating: 0)
    let dimension = dimension
    parallelFor(blockCount, concurrency: concurrency) { block in
      for tile in tiles(of: block) {
        let point = self.tile(tile)
        let rows = rows(in: tile)
        for column in 0..<dimension {
          var sum = 0.0
          var squares = 0.0
          for lane in 0..<rows {
            let difference = point[column * Self.lanes + lane] - centres[column]
            sum += difference
            squares += difference * difference
          }
          sums.base[(block * dimension + column) * 2] += sum
          sums.base[(block * dimension + column) * 2 + 1] += squares
        }
      }
    }
    return (0..<dimension).map { column in
      var result = (sum: 0.0, squares: 0.0)
      for block in 0..<blockCount {
        result.sum += sums.base[(block * dimension + column) * 2]
        result.squares += sums.base[(block * dimension + column) * 2 + 1]
      }
      return result
    }
  }
}

/// A pointer that threads share for reading.
struct SharedPointer<Element>: @unchecked Sendable {
  let base: UnsafePointer<Element>?
}

@inline(__always)
func loadEight(_ base: UnsafePointer<Double>) -> SIMD8<Double> {
  UnsafeRawPointer(base).loadUnaligned(as: SIMD8<Double>.self)
}

@inline(__always)
func storeEight(_ value: SIMD8<Double>, to base: UnsafeMutablePointer<Double>) {
  UnsafeMutableRawPointer(base).storeBytes(of: value, as: SIMD8<Double>.self)
}

/// Squared distances of a tile's rows to one point.
@inline(__always)
func squaredDistances(
  _ tile: UnsafePointer<Double>, to point: UnsafePointer<Double>, _ dimension: Int
) -> SIMD8<Double> {
  var sum = SIMD8<Double>.zero
  for column in 0..<dimension {
    let difference = loadEight(tile + column * 8) - SIMD8(repeating: point[column])
    // Not addingProduct: without fused multiplication in the target that is many times slower.
    sum += difference * difference
  }
  return sum
}

/// Squared distances of a tile's rows to four points, one after the other in memory.
@inline(__always)
func squaredDistancesToFour(
  _ tile: UnsafePointer<Double>, _ points: UnsafePointer<Double>, _ dimension: Int
) -> (SIMD8<Double>, SIMD8<Double>, SIMD8<Double>, SIMD8<Double>) {
  var a = SIMD8<Double>.zero
  var b = a
  var c = a
  var d = a
  let second = points + dimension
  let third = second + dimension
  let fourth = third + dimension
  for column in 0..<dimension {
    let value = loadEight(tile + column * 8)
    let toA = value - SIMD8(repeating: points[column])
    let toB = value - SIMD8(repeating: second[column])
    let toC = value - SIMD8(repeating: third[column])
    let toD = value - SIMD8(repeating: fourth[column])
    a += toA * toA
    b += toB * toB
    c += toC * toC
    d += toD * toD
  }
  return (a, b, c, d)
}

/// Squared distances of a tile's rows to many points, eight for each point.
@inline(__always)
func squaredDistances(
  _ tile: UnsafePointer<Double>, toEach points: UnsafePointer<Double>, count: Int,
  _ dimension: Int, into target: UnsafeMutablePointer<Double>
) {
  var point = 0
  while point + 4 <= count {
    let (a, b, c, d) = squaredDistancesToFour(tile, points + point * dimension, dimension)
    storeEight(a, to: target + point * 8)
    storeEight(b, to: target + point * 8 + 8)
    storeEight(c, to: target + point * 8 + 16)
    storeEight(d, to: target + point * 8 + 24)
    point += 4
  }
  while point < count {
    storeEight(
      squaredDistances(tile, to: points + point * dimension, dimension), to: target + point * 8)
    point += 1
  }
}

/// For each of eight rows the nearest centroid, and the squared distances to it and to the next
/// nearest (infinite without one). Of equals the first stays.
struct NearestTwo {
  var cluster: SIMD8<Int64>
  var first: SIMD8<Double>
  var second: SIMD8<Double>

  /// - Parameters:
  ///   - centroids: shape `[k][dimension]`.
  ///   - space: for `8 * k` numbers.
  @inline(__always)
  init(
    _ tile: UnsafePointer<Double>, centroids: UnsafePointer<Double>, k: Int, dimension: Int,
    space: UnsafeMutablePointer<Double>
  ) {
    squaredDistances(tile, toEach: centroids, count: k, dimension, into: space)
    // One loop: a function called from several places is not inlined, and passing vectors to it
    // costs more than the work.
    var cluster = SIMD8<Int64>.zero
    var first = SIMD8<Double>(repeating: .infinity)
    var second = first
    for candidate in 0..<k {
      let distances = loadEight(space + candidate * 8)
      let isNearest = distances .< first
      second.replace(with: distances, where: distances .< second)
      second.replace(with: first, where: isNearest)
      first.replace(with: distances, where: isNearest)
      cluster.replace(with: Int64(truncatingIfNeeded: candidate), where: isNearest)
    }
    self.cluster = cluster
    self.first = first
    self.second = second
  }

  /// The distance to the second less that to the first, at most: up to a thousandth less than
  /// exact. (√b − √a is (b − a) / (√a + √b), and a step of Heron's method comes out above a root.)
  @inline(__always)
  var leastGap: SIMD8<Double> {
    (second - first) / (rootAbove(first) + rootAbove(second)) * (1 - 1e-12)
  }
}

/// Square roots, up to a thousandth too great, never too small. The vector's own `squareRoot` is
/// eight calls.
@inline(__always)
private func rootAbove(_ values: SIMD8<Double>) -> SIMD8<Double> {
  // Half the exponent, within 3.5 %.
  let bits = unsafeBitCast(values, to: SIMD8<UInt64>.self) &>> 1 &+ 0x1FF7_A3BE_A91D_9B1B
  let estimate = unsafeBitCast(bits, to: SIMD8<Double>.self)
  return (estimate + values / estimate) * 0.5
}
