import Segmentation
import Testing

@Suite struct FuzzyCMeansTests {
  private func blobs(seed: UInt64, rows: Int, columns: Int) -> Matrix {
    var random = RandomSource(seed: seed)
    return Matrix(
      rows: (0..<rows).map { row in
        (0..<columns).map { Double(row % 3 * ($0 + 1)) * 4 + random.normal() }
      })
  }

  /// The two formulas in turns.
  private func naive(
    _ matrix: Matrix, _ start: Matrix, _ m: Double, _ iterations: Int
  ) -> (centres: [[Double]], degrees: [[Double]]) {
    let rows = (0..<matrix.rowCount).map(matrix.row)
    var degrees = (0..<matrix.rowCount).map(start.row)
    var centres: [[Double]] = []
    for _ in 0..<iterations {
      centres = (0..<start.columnCount).map { cluster in
        let weights = degrees.map { power($0[cluster], m) }
        let total = weights.reduce(0, +)
        return (0..<matrix.columnCount).map { column in
          zip(weights, rows).reduce(0) { $0 + $1.0 * $1.1[column] } / total
        }
      }
      degrees = rows.map { row in
        let closeness = centres.map { centre in
          power(
            zip(row, centre).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }, -1 / (m - 1))
        }
        return closeness.map { $0 / closeness.reduce(0, +) }
      }
    }
    return (centres, degrees)
  }

  private func power(_ base: Double, _ exponent: Double) -> Double {
    // For the exponents of these tests.
    switch exponent {
    case 2: base * base
    case -1: 1 / base
    case 3: base * base * base
    case -0.5: 1 / base.squareRoot()
    default: .nan
    }
  }

  @Test(arguments: [2.0, 3], [1, 3, 4, 6])
  func agreesWithTheFormulas(fuzziness: Double, clusters: Int) throws {
    let matrix = blobs(seed: 3, rows: 61, columns: 3)
    var random = RandomSource(seed: 8)
    var start = Matrix(rowCount: 61, columnCount: clusters)
    for row in 0..<61 {
      for cluster in 0..<clusters { start[row, cluster] = 0.1 + random.unit() }
      let sum = start.row(row).reduce(0, +)
      for cluster in 0..<clusters { start[row, cluster] /= sum }
    }
    var configuration = FuzzyCMeans.Configuration()
    configuration.c = clusters
    configuration.fuzziness = fuzziness
    configuration.maxIterations = 5
    configuration.tolerance = 0
    configuration.initialMemberships = start
    let result = try FuzzyCMeans.run(matrix, configuration)
    let plain = naive(matrix, start, fuzziness, 5)
    for cluster in 0..<clusters {
      for (a, b) in zip(result.centroids.row(cluster), plain.centres[cluster]) {
        #expect(abs(a - b) < 1e-9)
      }
    }
    for row in 0..<61 {
      #expect(abs(result.memberships.row(row).reduce(0, +) - 1) < 1e-12)
      for (a, b) in zip(result.memberships.row(row), plain.degrees[row]) {
        #expect(abs(a - b) < 1e-9)
      }
    }
  }

  @Test func startsFromASeedAndIgnoresThreads() throws {
    let matrix = blobs(seed: 4, rows: 9000, columns: 2)
    var configuration = FuzzyCMeans.Configuration()
    configuration.c = 3
    configuration.maxIterations = 4
    configuration.concurrency = 1
    let one = try FuzzyCMeans.run(matrix, configuration)
    configuration.concurrency = 3
    let three = try FuzzyCMeans.run(matrix, configuration)
    #expect(one.centroids == three.centroids)
    #expect(one.memberships == three.memberships)
    #expect(Set(one.labels.prefix(3)).count == 3)
  }

  @Test func aRowOnACentreBelongsToItAlone() throws {
    let matrix = Matrix(columns: [[0, 0, 10, 10]])
    var configuration = FuzzyCMeans.Configuration()
    configuration.c = 2
    let result = try FuzzyCMeans.run(matrix, configuration)
    #expect(result.memberships.row(0).max().map { $0 > 1 - 1e-12 } == true)
    #expect(result.labels[0] == result.labels[1] && result.labels[0] != result.labels[2])
  }

  @Test func refusesWhatItCannotDo() {
    var configuration = FuzzyCMeans.Configuration()
    configuration.c = 2
    configuration.fuzziness = 1
    let matrix = Matrix(columns: [[1, 2, 3]])
    #expect(throws: SegmentationError.self) { try FuzzyCMeans.run(matrix, configuration) }
    configuration.fuzziness = 2
    configuration.initialMemberships = Matrix(rowCount: 2, columnCount: 2)
    #expect(throws: SegmentationError.self) { try FuzzyCMeans.run(matrix, configuration) }
    configuration.initialMemberships = nil
    #expect(throws: SegmentationError.cancelled) {
      try FuzzyCMeans.run(matrix, configuration, isCancelled: { true })
    }
  }
}
