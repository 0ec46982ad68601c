import Segmentation
import Testing

@Suite struct ClusterStabilityTests {
  private func matrix(spread: Double) -> Matrix {
    var random = RandomSource(seed: 11)
    return Matrix(
      rows: (0..<150).map { row in
        [Double(row % 3) * spread + random.normal(), random.normal()]
      })
  }

  @Test(arguments: ClusterStability.Resampling.allCases)
  func separatedClustersComeOutAgain(resampling: ClusterStability.Resampling) throws {
    var settings = KMeans.Configuration()
    settings.k = 3
    settings.restarts = 3
    var configuration = ClusterStability.Configuration()
    configuration.repetitions = 5
    configuration.resampling = resampling
    let method = ClusteringMethod.kMeans(settings)
    let apart = matrix(spread: 20)
    let stable = try ClusterStability(apart, method, of: method.run(apart), configuration)
    #expect(stable.mean == 1 && stable.deviation == 0)
    #expect(stable.jaccard == [1, 1, 1])
    // One cloud divided in three: the division depends on the sample.
    let together = matrix(spread: 0)
    let unstable = try ClusterStability(
      together, method, of: method.run(together), configuration)
    #expect(unstable.mean < 0.95)
    #expect(unstable.jaccard.allSatisfy { $0 < 1 && $0 > 0 })
  }

  @Test func dbscanAndItsNoise() throws {
    var settings = DBSCAN.Configuration()
    settings.epsilon = 2
    let method = ClusteringMethod.dbscan(settings)
    let apart = matrix(spread: 20)
    let clustering = try method.run(apart)
    #expect(clustering.clusterCount == 3)
    let stability = try ClusterStability(apart, method, of: clustering)
    #expect(stability.jaccard.count == 3 && stability.mean > 0.9)
  }
}
