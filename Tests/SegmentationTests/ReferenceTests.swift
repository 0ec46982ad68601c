import Segmentation
import Testing

/// The same data and starts as in Benchmarks/SegmentationBenchmark/reference.py, and what
/// scikit-learn 1.9 and scikit-fuzzy 0.5 say about them.
@Suite struct ReferenceTests {
  /// Multiples of 1/64 around four centres.
  private func points(seed: UInt64, rows: Int, columns: Int) -> Matrix {
    var random = RandomSource(seed: seed)
    var matrix = Matrix(rowCount: rows, columnCount: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let noise = (0..<3).reduce(0.0) { sum, _ in sum + Double(random.next() >> 58) } / 64
        matrix[row, column] = Double(row % 4 * (column + 2) % 5) * 1.25 + noise
      }
    }
    return matrix
  }
  private var matrix: Matrix { points(seed: 9, rows: 200, columns: 3) }

  private let kMeansLabels =
    "01234123012341230123412301230123412301234123412341230123012341230123012341234123012341234123"
    + "012301230123012301230123412301234123412341230123012341234123412301230123412341234123012301"
    + "234123412301234123"

  private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-10 * abs(b) }
  private func areClose(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { isClose($0, $1) }
  }

  @Test func theDataAreTheSame() {
    #expect(matrix.values.reduce(0, +) == 2384.765625)
    #expect(matrix.row(0) == [1.671875, 1.140625, 1.828125])
  }

  @Test func kMeans() throws {
    var configuration = KMeans.Configuration()
    configuration.k = 5
    configuration.tolerance = 0
    configuration.initialCentroids = matrix.selecting(rows: Array(0..<5))
    let result = try KMeans.run(matrix, configuration)
    #expect(result.labels.map(String.init).joined() == kMeansLabels)
    #expect(isClose(result.inertia, 147.02696289062501))
    #expect(result.iterations == 6)
    #expect(
      areClose(
        result.centroids.row(0), [1.8012499999999994, 1.4250000000000007, 1.7699999999999987]))
    configuration.maxIterations = 3
    #expect(isClose(try KMeans.run(matrix, configuration).inertia, 147.30238112623488))
  }

  @Test(arguments: [
    (
      2.0, 131.24628923923433, 0.821251135786477,
      [3.922747817718821, 5.160785198554547, 6.412134478225247],
      [0.004742253451105297, 0.9839912984227901, 0.005974975823886373, 0.0052914723022182185]
    ),
    (
      1.5, 152.66584068822664, 0.973468707568185,
      [3.9414330893890384, 5.139150742494182, 6.443273778862352],
      [
        2.2273797668034437e-05, 0.999914209501724, 3.5416377311116176e-05,
        2.8100323296870017e-05,
      ]
    ),
  ])
  func fuzzyCMeans(
    fuzziness: Double, objective: Double, coefficient: Double, centre: [Double],
    degrees: [Double]
  ) throws {
    var start = Matrix(rowCount: 200, columnCount: 4)
    for row in 0..<200 {
      for cluster in 0..<4 { start[row, cluster] = 1 + Double(row * (cluster + 3) % 7) }
      let sum = start.row(row).reduce(0, +)
      for cluster in 0..<4 { start[row, cluster] /= sum }
    }
    var configuration = FuzzyCMeans.Configuration()
    configuration.c = 4
    configuration.fuzziness = fuzziness
    configuration.maxIterations = 12
    configuration.tolerance = 1e-9
    configuration.initialMemberships = start
    let result = try FuzzyCMeans.run(matrix, configuration)
    #expect(result.iterations == 12)
    #expect(isClose(result.objective, objective))
    #expect(isClose(result.partitionCoefficient, coefficient))
    #expect(areClose(result.centroids.row(0), centre))
    #expect(areClose(result.memberships.row(0), degrees))
  }

  @Test(arguments: [
    (
      0.5, 5, 86,
      """
      0,1,2,-1,0,1,2,-1,0,1,2,3,0,1,2,4,0,-1,2,-1,0,1,-1,-1,0,-1,2,4,-1,1,2,4,0,-1,2,-1,0,-1,-1,-1,\
      0,-1,2,-1,0,1,2,-1,0,-1,2,4,0,1,2,-1,-1,1,2,4,0,-1,2,4,0,-1,2,-1,0,1,2,4,0,1,2,-1,0,1,-1,4,0,\
      -1,2,3,-1,1,2,-1,-1,1,2,4,0,1,2,4,0,-1,2,-1,-1,1,-1,-1,0,-1,-1,4,-1,1,-1,-1,-1,-1,-1,-1,0,-1,\
      2,3,0,1,2,-1,0,1,-1,-1,0,1,-1,4,0,-1,2,4,0,-1,2,-1,-1,-1,2,3,0,-1,-1,-1,0,1,2,-1,0,1,2,4,0,1,\
      2,3,0,1,2,4,0,1,2,4,-1,1,2,4,0,-1,-1,-1,-1,1,2,-1,0,-1,2,3,-1,-1,2,-1,-1,-1,-1,-1,0,-1,2,3,0,\
      -1,2,4
      """
    ),
    (
      0.375, 4, 62,
      """
      0,1,-1,-1,0,1,-1,-1,2,1,6,3,0,1,4,5,0,-1,-1,-1,-1,-1,-1,-1,0,-1,-1,5,-1,1,6,5,0,-1,6,-1,-1,-1,\
      -1,-1,0,-1,6,-1,0,9,-1,-1,0,-1,8,5,0,9,7,-1,-1,1,7,5,0,-1,8,5,2,-1,4,-1,0,-1,7,5,0,-1,7,-1,0,\
      -1,-1,-1,0,-1,-1,3,-1,1,4,-1,-1,1,7,-1,-1,9,6,5,-1,-1,4,-1,-1,1,-1,-1,2,-1,-1,5,-1,1,-1,-1,-1,\
      -1,-1,-1,0,-1,-1,3,0,1,4,-1,0,-1,-1,-1,0,-1,-1,5,-1,-1,-1,5,0,-1,-1,-1,-1,-1,-1,-1,0,-1,-1,-1,\
      -1,1,7,-1,0,1,-1,5,2,1,6,3,0,1,7,5,0,9,-1,-1,-1,-1,-1,5,0,-1,-1,-1,-1,1,8,-1,0,-1,7,-1,-1,-1,7,\
      -1,-1,-1,-1,-1,-1,-1,-1,3,0,-1,-1,5
      """
    ),
  ])
  func dbscan(epsilon: Double, minPoints: Int, cores: Int, labels: String) throws {
    var configuration = DBSCAN.Configuration()
    configuration.epsilon = epsilon
    configuration.minPoints = minPoints
    let result = try DBSCAN.run(matrix, configuration)
    #expect(result.labels.map(String.init).joined(separator: ",") == labels)
    #expect(result.isCore.count { $0 } == cores)
  }

  @Test func quality() throws {
    let labels = kMeansLabels.compactMap(\.wholeNumberValue)
    let silhouette = try #require(ClusterQuality.silhouette(matrix, labels: labels))
    #expect(isClose(silhouette, 0.5307386146118316))
    let daviesBouldin = try #require(ClusterQuality.daviesBouldin(matrix, labels: labels))
    #expect(isClose(daviesBouldin, 0.9139223443732181))
    let calinskiHarabasz = try #require(ClusterQuality.calinskiHarabasz(matrix, labels: labels))
    #expect(isClose(calinskiHarabasz, 696.037674519817))
    let agreement = PartitionAgreement((0..<200).map { $0 % 4 }, labels)
    #expect(isClose(agreement.adjustedRandIndex, 0.9115948467347845))
    #expect(isClose(agreement.normalizedMutualInformation, 0.9411764705882353))
  }
}
