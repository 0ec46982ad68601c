import Segmentation
import Tropa

/// Which features clients are compared by, and on which scale.
struct FeatureSettings {
  /// Nil: those of the default groups that the graph has.
  let names: [String]?
  let scaling: StandardisationMethod
  /// Whether counts and money go through their logarithm.
  let usesLogarithms: Bool
  /// Scaled values beyond it are drawn in to it; 0 for none.
  let clip: Double

  init(_ configuration: inout ConfigurationMap) throws {
    names =
      configuration.has("features")
      ? try configuration.strings("features", default: []) : nil
    scaling = try configuration.choice("scaling", default: .standard)
    usesLogarithms = try configuration.boolean("logarithm", default: true)
    clip = try configuration.float("clip", default: 3, in: 0...1000)
  }
}

/// What a call of `crm.segments` asks for.
struct SegmentSettings {
  enum Method: String, CaseIterable { case kmeans, cmeans, dbscan, rfm }
  enum ClusterCount: Equatable {
    case fixed(Int)
    /// The best by a criterion.
    case automatic
  }

  let method: Method
  let features: FeatureSettings
  let seed: UInt64
  let concurrency: Int
  /// Of k-means and c-means.
  let count: ClusterCount
  let range: ClosedRange<Int>
  let selection: ClusterCountSelection.Criterion
  /// At most so many clients are compared with each other for silhouettes and gaps.
  let sampleSize: Int
  let rfm: RFMSettings
  /// Nil for one that is suggested by the distances of neighbours.
  let epsilon: Double?
  /// Nil for twice the number of columns.
  let minPoints: Int?
  private let restarts: Int
  private let maxIterations: Int
  private let tolerance: Double?
  private let batchSize: Int?
  private let fuzziness: Double

  /// Keys that only some methods have.
  private static let ownKeys: [(methods: [Method], keys: [String])] = [
    ([.kmeans, .cmeans], ["k", "minK", "maxK", "selection", "maxIterations", "tolerance"]),
    ([.kmeans], ["restarts", "batchSize"]), ([.cmeans], ["fuzziness"]),
    ([.dbscan], ["epsilon", "minPoints"]),
    ([.rfm], ["scheme", "ties", "recencyCuts", "frequencyCuts", "monetaryCuts"]),
    ([.kmeans, .cmeans, .dbscan], ["scaling", "logarithm", "clip"]),
  ]

  /// - Parameter least: the least k that `k: 'auto'` tries, unless `minK` says otherwise.
  /// - Throws: `QueryError` for a value that cannot be, and for a key that the method does not have.
  init(_ configuration: inout ConfigurationMap, of name: String, least: Int = 3) throws {
    method = try configuration.choice("method", default: .kmeans)
    for (methods, keys) in Self.ownKeys where !methods.contains(method) {
      for key in keys where configuration.has(key) {
        throw QueryError(
          .argumentError, "UnknownConfigurationKey",
          "`\(key)` of `\(name)` has no meaning for method: '\(method.rawValue)'",
          hint: "it belongs to "
            + methods.map { "method: '\($0.rawValue)'" }.joined(separator: " or "))
      }
    }
    features = try FeatureSettings(&configuration)
    seed = UInt64(truncatingIfNeeded: try configuration.integer("randomSeed", default: 42))
    concurrency = try configuration.integer("concurrency", default: 4, in: 1...1024)
    if case .string(let text) = configuration.value("k"), text.lowercased() == "auto" {
      count = .automatic
    } else if case .string(let text) = configuration.value("k") {
      throw QueryError(
        .argumentError, "InvalidConfigurationValue", "`k` of `\(name)` is '\(text)'",
        hint: "write a number of segments, or 'auto'")
    } else {
      count = .fixed(try configuration.integer("k", default: 6, in: 2...1000))
    }
    let first = try configuration.integer("minK", default: least, in: 2...1000)
    let last = try configuration.integer("maxK", default: max(10, first), in: first...1000)
    range = first...last
    selection = try configuration.choice("selection", default: .silhouette)
    sampleSize = try configuration.integer("sampleSize", default: 2000, in: 10...50_000)
    rfm = try RFMSettings(&configuration)
    if case .string(let text) = configuration.value("epsilon"), text.lowercased() == "auto" {
      epsilon = nil
    } else {
      epsilon = try configuration.float("epsilon")
    }
    minPoints =
      configuration.has("minPoints")
      ? try configuration.integer("minPoints", default: 5, in: 1...1_000_000) : nil
    restarts = try configuration.integer("restarts", default: 10, in: 1...1000)
    maxIterations = try configuration.integer("maxIterations", default: 300, in: 1...100_000)
    tolerance =
      configuration.has("tolerance")
      ? try configuration.float("tolerance", default: 1e-4, in: 0...1e6) : nil
    batchSize =
      configuration.has("batchSize")
      ? try configuration.integer("batchSize", default: 4096, in: 1...10_000_000) : nil
    fuzziness = try configuration.float("fuzziness", default: 2)
  }

  /// The method for so many clusters.
  /// - Throws: as `NeighbourDistances`; where no epsilon can be suggested.
  func clustering(
    k: Int, for matrix: Matrix
  ) throws(SegmentationError) -> ClusteringMethod {
    switch method {
    case .kmeans, .rfm:
      var configuration = KMeans.Configuration()
      configuration.k = k
      configuration.restarts = restarts
      configuration.maxIterations = maxIterations
      configuration.tolerance = tolerance ?? configuration.tolerance
      configuration.batchSize = batchSize
      configuration.seed = seed
      configuration.concurrency = concurrency
      return .kMeans(configuration)
    case .cmeans:
      var configuration = FuzzyCMeans.Configuration()
      configuration.c = k
      configuration.fuzziness = fuzziness
      configuration.maxIterations = maxIterations
      configuration.tolerance = tolerance ?? configuration.tolerance
      configuration.seed = seed
      configuration.concurrency = concurrency
      return .cMeans(configuration)
    case .dbscan:
      var configuration = DBSCAN.Configuration()
      configuration.minPoints = minPoints ?? max(2 * matrix.columnCount, 4)
      configuration.concurrency = concurrency
      if let epsilon {
        configuration.epsilon = epsilon
      } else {
        let suggested = try NeighbourDistances.suggestedEpsilon(
          matrix, minPoints: configuration.minPoints, seed: seed, concurrency: concurrency)
        guard let suggested else {
          throw SegmentationError(
            "epsilon",
            "none can be suggested for \(matrix.rowCount) clients with minPoints "
              + "\(configuration.minPoints); give one")
        }
        configuration.epsilon = suggested
      }
      return .dbscan(configuration)
    }
  }

  /// How `k: 'auto'` and `crm.segments.evaluate` try numbers of clusters.
  func selecting(
    _ criteria: Set<ClusterCountSelection.Criterion>, rows: Int, references: Int = 10
  ) -> ClusterCountSelection.Configuration {
    var configuration = ClusterCountSelection.Configuration()
    configuration.range = range.clamped(to: 2...max(2, rows - 1))
    configuration.criteria = criteria
    configuration.sampleSize = sampleSize
    configuration.references = references
    configuration.seed = seed
    configuration.concurrency = concurrency
    return configuration
  }
}
