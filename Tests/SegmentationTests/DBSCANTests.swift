import Segmentation
import TestSupport
import Testing

@Suite struct DBSCANTests {
  /// As it is told: neighbourhoods by comparing all rows, clusters grown one after the other.
  /// - Parameter squares: squared distances of all rows.
  private func naive(_ squares: [[Double]], _ epsilon: Double, _ minPoints: Int) -> [Int] {
    let neighbours = squares.map { line in
      line.indices.filter { line[$0] <= epsilon * epsilon }
    }
    var labels = [Int](repeating: DBSCAN.noise, count: squares.count)
    var cluster = 0
    for row in squares.indices where labels[row] < 0 && neighbours[row].count >= minPoints {
      var pending = [row]
      while let next = pending.popLast() {
        if labels[next] >= 0 { continue }
        labels[next] = cluster
        if neighbours[next].count >= minPoints {
          pending += neighbours[next].filter { labels[$0] < 0 }
        }
      }
      cluster += 1
    }
    return labels
  }

  /// Coarse grids have many equal rows and distances equal to epsilon.
  private func matrix(_ seed: UInt64, rows: Int, columns: Int, isCoarse: Bool) -> Matrix {
    var random = SeededGenerator(seed: seed)
    return Matrix(
      rows: (0..<rows).map { row in
        (0..<columns).map { _ in
          isCoarse
            ? Double(Int.random(in: 0..<6, using: &random))
            : Double(row % 3) * 2 + Double.random(in: 0..<2, using: &random)
        }
      })
  }

  @Test(arguments: 0..<8 as Range<UInt64>, [1, 2, 5])
  func agreesWithComparingAllRows(seed: UInt64, columns: Int) throws {
    let isCoarse = seed % 2 == 0
    let matrix = matrix(seed, rows: 30 + Int(seed) * 8, columns: columns, isCoarse: isCoarse)
    let rows = (0..<matrix.rowCount).map(matrix.row)
    let squares = rows.map { row in
      rows.map { zip(row, $0).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
    }
    for (epsilon, minPoints) in [(0.3, 3), (1, 4), (1, 1), (1.5, 6), (20, 3)] {
      var configuration = DBSCAN.Configuration()
      configuration.epsilon = epsilon
      configuration.minPoints = minPoints
      let result = try DBSCAN.run(matrix, configuration)
      #expect(result.labels == naive(squares, epsilon, minPoints))
      #expect(result.clusterCount == (result.labels.max() ?? -1) + 1)
      configuration.concurrency = 1
      #expect(try DBSCAN.run(matrix, configuration) == result)
    }
  }

  @Test func extremes() throws {
    var configuration = DBSCAN.Configuration()
    #expect(try DBSCAN.run(Matrix(rowCount: 0, columnCount: 2), configuration).labels == [])
    #expect(try DBSCAN.run(Matrix(columns: [[3]]), configuration).labels == [-1])
    let same = Matrix(columns: [[Double](repeating: 1, count: 500)])
    #expect(try DBSCAN.run(same, configuration).labels == [Int](repeating: 0, count: 500))
    configuration.epsilon = 0
    #expect(throws: SegmentationError.self) { try DBSCAN.run(same, configuration) }
    configuration.epsilon = 1
    #expect(throws: SegmentationError.cancelled) {
      try DBSCAN.run(same, configuration, isCancelled: { true })
    }
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func neighbourDistances(seed: UInt64) throws {
    let matrix = matrix(seed, rows: 90, columns: 3, isCoarse: seed % 2 == 0)
    let found = try NeighbourDistances.distances(matrix, rows: Array(0..<90), neighbour: 4)
    for row in 0..<90 {
      let distances = (0..<90).map { other in
        zip(matrix.row(row), matrix.row(other))
          .reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      }
      #expect(abs(found[row] - distances.sorted()[3]) < 1e-12)
    }
  }

  @Test func theSuggestedEpsilonFindsThePlantedClusters() throws {
    var random = RandomSource(seed: 5)
    let centres = [[0.0, 0], [30, 0], [0, 30]]
    let matrix = Matrix(
      rows: (0..<600).map { row in centres[row % 3].map { $0 + random.normal() } })
    var configuration = DBSCAN.Configuration()
    configuration.epsilon = try #require(
      try NeighbourDistances.suggestedEpsilon(matrix, minPoints: 4))
    configuration.minPoints = 4
    let result = try DBSCAN.run(matrix, configuration)
    // The greatest three hold nearly all, and no two planted clusters are joined.
    let sizes = Dictionary(grouping: result.labels.filter { $0 >= 0 }) { $0 }.mapValues(\.count)
    #expect(sizes.values.sorted(by: >).prefix(3).reduce(0, +) > 500, "\(sizes)")
    for cluster in sizes.keys {
      let planted = Set(
        result.labels.indices.filter { result.labels[$0] == cluster }.map { $0 % 3 })
      #expect(planted.count == 1)
    }
    let few = try NeighbourDistances.suggestedEpsilon(Matrix(columns: [[1, 2]]), minPoints: 4)
    #expect(few == nil)
  }
}
