import Segmentation
import TestSupport
import Testing

@Suite struct KMeansTests {
  private func blobs(seed: UInt64, rows: Int, columns: Int, clusters: Int) -> Matrix {
    var random = RandomSource(seed: seed)
    let centres = (0..<clusters).map { _ in (0..<columns).map { _ in random.normal() * 6 } }
    return Matrix(
      rows: (0..<rows).map { row in
        centres[row % clusters].map { $0 + random.normal() }
      })
  }

  private func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
  }

  /// Lloyd's iterations as they are told, without bounds.
  private func lloyd(_ matrix: Matrix, _ start: Matrix) -> (labels: [Int], inertia: Double) {
    var centroids = (0..<start.rowCount).map(start.row)
    var labels: [Int] = []
    while true {
      let next = (0..<matrix.rowCount).map { row in
        let distances = centroids.map { squaredDistance($0, matrix.row(row)) }
        return distances.firstIndex(of: distances.min()!)!
      }
      if next == labels { break }
      labels = next
      for cluster in centroids.indices {
        let members = labels.indices.filter { labels[$0] == cluster }
        for column in 0..<matrix.columnCount {
          centroids[cluster][column] =
            members.map { matrix[$0, column] }.reduce(0, +) / Double(members.count)
        }
      }
    }
    let inertia = labels.indices.map { squaredDistance(centroids[labels[$0]], matrix.row($0)) }
    return (labels, inertia.reduce(0, +))
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>, [2, 3, 9, 17])
  func agreesWithPlainLloyd(seed: UInt64, k: Int) throws {
    let matrix = blobs(seed: seed, rows: 300, columns: 3, clusters: k)
    var configuration = KMeans.Configuration()
    configuration.k = k
    configuration.tolerance = 0
    configuration.initialCentroids = matrix.selecting(rows: Array(0..<k))
    let result = try KMeans.run(matrix, configuration)
    let plain = lloyd(matrix, try #require(configuration.initialCentroids))
    #expect(result.labels == plain.labels)
    #expect(abs(result.inertia - plain.inertia) < 1e-9 * plain.inertia)
    #expect(result.didConverge)
  }

  @Test func byHand() throws {
    // Four points on a line: {0, 1} and {9, 10}, inertia 4 · 0.25.
    let matrix = Matrix(columns: [[0, 9, 1, 10]])
    var configuration = KMeans.Configuration()
    configuration.k = 2
    let result = try KMeans.run(matrix, configuration)
    #expect(result.labels[0] == result.labels[2])
    #expect(result.labels[1] == result.labels[3])
    #expect(abs(result.inertia - 1) < 1e-12)
    #expect(result.centroids.values.sorted() == [0.5, 9.5])
    #expect(result.sizes == [2, 2])
    #expect(result.distances == [0.5, 0.5, 0.5, 0.5])
  }

  @Test func inertiaFallsWithIterationsAndRestarts() throws {
    let matrix = blobs(seed: 4, rows: 500, columns: 4, clusters: 12)
    var configuration = KMeans.Configuration()
    configuration.k = 10
    configuration.tolerance = 0
    var last = Double.infinity
    for iterations in 1...12 {
      configuration.maxIterations = iterations
      let inertia = try KMeans.run(matrix, configuration).inertia
      #expect(inertia <= last * (1 + 1e-12))
      last = inertia
    }
    configuration.maxIterations = 300
    let one = try KMeans.run(matrix, configuration)
    configuration.restarts = 8
    #expect(try KMeans.run(matrix, configuration).inertia <= one.inertia)
  }

  @Test func rowOrderDoesNotMatterForGivenCentroids() throws {
    let matrix = blobs(seed: 8, rows: 200, columns: 2, clusters: 4)
    var random = SeededGenerator(seed: 1)
    let order = Array(0..<200).shuffled(using: &random)
    var configuration = KMeans.Configuration()
    configuration.k = 4
    configuration.initialCentroids = matrix.selecting(rows: [0, 1, 2, 3])
    let plain = try KMeans.run(matrix, configuration)
    let shuffled = try KMeans.run(matrix.selecting(rows: order), configuration)
    #expect(shuffled.labels == order.map { plain.labels[$0] })
  }

  @Test func threadsAndRunsDoNotMatter() throws {
    let matrix = blobs(seed: 5, rows: 12_000, columns: 3, clusters: 6)
    var configuration = KMeans.Configuration()
    configuration.k = 6
    configuration.concurrency = 1
    let one = try KMeans.run(matrix, configuration)
    configuration.concurrency = 2
    let two = try KMeans.run(matrix, configuration)
    #expect(one.labels == two.labels)
    #expect(one.inertia == two.inertia)
    #expect(one.centroids == two.centroids)
  }

  @Test func emptyClustersAreRepaired() throws {
    let matrix = Matrix(columns: [[0, 0.1, 0.2, 5, 5.1, 9]])
    var configuration = KMeans.Configuration()
    configuration.k = 3
    configuration.initialCentroids = Matrix(columns: [[0, 1000, 2000]])
    let result = try KMeans.run(matrix, configuration)
    #expect(result.sizes.sorted() == [1, 2, 3])
    // Fewer different rows than clusters: some stay empty, nothing breaks.
    configuration.initialCentroids = nil
    let same = try KMeans.run(Matrix(columns: [[1, 1, 1, 1]]), configuration)
    #expect(same.inertia == 0)
  }

  @Test func refusesWhatItCannotDo() {
    var configuration = KMeans.Configuration()
    configuration.k = 5
    #expect(throws: SegmentationError.self) {
      try KMeans.run(Matrix(columns: [[1, 2, 3]]), configuration)
    }
    configuration.k = 2
    #expect(throws: SegmentationError.self) {
      try KMeans.run(Matrix(columns: [[1, 2, .nan]]), configuration)
    }
    configuration.k = 0
    #expect(throws: SegmentationError.self) {
      try KMeans.run(Matrix(columns: [[1, 2, 3]]), configuration)
    }
  }

  @Test func miniBatchesComeNear() throws {
    let matrix = blobs(seed: 6, rows: 2000, columns: 3, clusters: 5)
    var configuration = KMeans.Configuration()
    configuration.k = 5
    configuration.restarts = 3
    let full = try KMeans.run(matrix, configuration)
    configuration.batchSize = 203
    let batches = try KMeans.run(matrix, configuration)
    #expect(batches.inertia >= full.inertia * (1 - 1e-9))
    #expect(batches.inertia < full.inertia * 1.05)
    #expect(try KMeans.run(matrix, configuration).labels == batches.labels)
  }

  /// Greedy k-means++ rarely leaves a separated cluster without a start.
  @Test func startsFindSeparatedClusters() throws {
    let matrix = blobs(seed: 12, rows: 400, columns: 8, clusters: 8)
    var best = Double.infinity
    var inertias: [Double] = []
    for seed in 0..<20 {
      var configuration = KMeans.Configuration()
      configuration.k = 8
      configuration.seed = UInt64(seed)
      let inertia = try KMeans.run(matrix, configuration).inertia
      inertias.append(inertia)
      best = min(best, inertia)
    }
    #expect(inertias.count { $0 < best * 1.001 } >= 17, "\(inertias)")
  }

  @Test func rowsGoToGivenCentroids() throws {
    let matrix = blobs(seed: 2, rows: 100, columns: 2, clusters: 3)
    var configuration = KMeans.Configuration()
    configuration.k = 3
    let result = try KMeans.run(matrix, configuration)
    let again = try KMeans.assign(matrix, to: result.centroids)
    #expect(again.labels == result.labels && again.distances == result.distances)
    #expect(throws: SegmentationError.self) {
      try KMeans.assign(Matrix(columns: [[1]]), to: result.centroids)
    }
  }

  @Test func stopsWhenAsked() {
    let matrix = blobs(seed: 2, rows: 100, columns: 2, clusters: 3)
    #expect(throws: SegmentationError.cancelled) {
      try KMeans.run(matrix, isCancelled: { true })
    }
  }

  @Test func theRightNumberOfClustersIsFound() throws {
    var random = RandomSource(seed: 21)
    let centres = [[0.0, 0], [20, 0], [0, 20], [20, 20]]
    let matrix = Matrix(
      rows: (0..<120).map { row in centres[row % 4].map { $0 + random.normal() } })
    var configuration = KMeans.Configuration()
    configuration.restarts = 3
    var settings = ClusterCountSelection.Configuration()
    settings.range = 2...7
    settings.references = 4
    let selection = try ClusterCountSelection(matrix, .kMeans(configuration), settings)
    for criterion in ClusterCountSelection.Criterion.allCases {
      #expect(selection.best(by: criterion) == 4, "\(criterion)")
    }
  }
}
