import Segmentation
import Testing

@Suite struct ClusterQualityTests {
  // {0, 1}, {4, 6}: worked by hand.
  private let matrix = Matrix(columns: [[0, 1, 4, 6]])
  private let labels = [0, 0, 1, 1]

  @Test func silhouetteByHand() throws {
    // a: 1, 1, 2, 2; b: 5, 4, 3.5, 5.5.
    let values = try #require(ClusterQuality.silhouettes(matrix, labels: labels))
    let expected = [0.8, 0.75, 1.5 / 3.5, 3.5 / 5.5]
    #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    let mean = try #require(ClusterQuality.silhouette(matrix, labels: labels))
    #expect(abs(mean - expected.reduce(0, +) / 4) < 1e-12)
    #expect(ClusterQuality.silhouette(matrix, labels: [0, 0, 0, 0]) == nil)
  }

  @Test func daviesBouldinByHand() throws {
    // Mean distances 0.5 and 1, centroids 0.5 and 5.
    let value = try #require(ClusterQuality.daviesBouldin(matrix, labels: labels))
    #expect(abs(value - 1.5 / 4.5) < 1e-12)
  }

  @Test func calinskiHarabaszByHand() throws {
    // Between: 2 · 2.25² · 2 = 20.25; within: 0.5 + 2; degrees of freedom 1 and 2.
    let value = try #require(ClusterQuality.calinskiHarabasz(matrix, labels: labels))
    #expect(abs(value - 20.25 / (2.5 / 2)) < 1e-12)
  }
}
