/// Rows one after the other, for distances.
final class PointBlock: Sendable {
  let count: Int
  let dimension: Int
  let values: Scratch<Double>
  /// Rows that one thread takes at a time; fixed, so that sums do not depend on threads.
  let blockSize = 4096

  init(_ matrix: Matrix) {
    count = matrix.rowCount
    dimension = matrix.columnCount
    values = Scratch(matrix.values.count, repeating: 0)
    // By blocks of rows, so that both sides stay in the cache.
    let target = values.base
    matrix.values.withUnsafeBufferPointer { source in
      var begin = 0
      while begin < count {
        let end = min(begin + 1024, count)
        for column in 0..<dimension {
          for row in begin..<end {
            target[row * dimension + column] = source[column * count + row]
          }
        }
        begin = end
      }
    }
  }

  var blockCount: Int { (count + blockSize - 1) / blockSize }
  func block(_ index: Int) -> Range<Int> {
    index * blockSize..<min((index + 1) * blockSize, count)
  }

  /// Mean over the columns of their variance.
  func meanVariance() -> Double {
    var total = 0.0
    for column in 0..<dimension {
      var sum = 0.0
      for row in 0..<count { sum += values.base[row * dimension + column] }
      let mean = sum / Double(count)
      var squares = 0.0
      for row in 0..<count {
        let difference = values.base[row * dimension + column] - mean
        squares += difference * difference
      }
      total += squares / Double(count)
    }
    return total / Double(dimension)
  }
}

/// Centroids eight side by side, so that a row is compared with eight at once:
/// `lanes[(group * dimension + column) * 8 + lane]`; absent lanes are infinitely far.
struct CentroidLanes {
  let k: Int
  let dimension: Int
  let groups: Int
  let lanes: Scratch<Double>

  init(_ centroids: UnsafePointer<Double>, k: Int, dimension: Int) {
    self.k = k
    self.dimension = dimension
    groups = (k + 7) / 8
    // Far enough that no row is nearest, and the square is still finite.
    lanes = Scratch(groups * dimension * 8, repeating: 1e150)
    for cluster in 0..<k {
      for column in 0..<dimension {
        lanes.base[(cluster / 8 * dimension + column) * 8 + cluster % 8] =
          centroids[cluster * dimension + column]
      }
    }
  }

  /// The squared distances of a row to eight centroids.
  @inline(__always)
  func squaredDistances(_ row: UnsafePointer<Double>, group: Int) -> SIMD8<Double> {
    let base = UnsafeRawPointer(lanes.base + group * dimension * 8)
    var sum = SIMD8<Double>.zero
    for column in 0..<dimension {
      let centroid = base.loadUnaligned(
        fromByteOffset: column * 64, as: SIMD8<Double>.self)
      let difference = SIMD8<Double>(repeating: row[column]) - centroid
      sum += difference * difference
    }
    return sum
  }

  /// The nearest centroid, and the squared distances to it and to the second nearest.
  @inline(__always)
  func nearestTwo(_ row: UnsafePointer<Double>) -> (cluster: Int, first: Double, second: Double) {
    var cluster = 0
    var first = Double.infinity
    var second = Double.infinity
    for group in 0..<groups {
      let distances = squaredDistances(row, group: group)
      for lane in 0..<min(8, k - group * 8) {
        let distance = distances[lane]
        if distance < first {
          second = first
          first = distance
          cluster = group * 8 + lane
        } else if distance < second {
          second = distance
        }
      }
    }
    return (cluster, first, second)
  }
}

@inline(__always)
func squaredDistance(
  _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ dimension: Int
) -> Double {
  var sum = 0.0
  for i in 0..<dimension {
    let difference = a[i] - b[i]
    sum += difference * difference
  }
  return sum
}
