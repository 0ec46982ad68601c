import Tropa

/// How features are counted.
struct FeatureOptions: Sendable {
  /// Silence that ends a visit where visits are made of views, in seconds.
  var sessionGap: Int64 = 30 * 60
  /// The part of the clients by money that are the best, in `bestSimilarity`.
  var bestShare = 0.05
  /// Rows also for clients who only visited.
  var includesNonBuyers = false
  /// Whether graph features are computed here, not read from properties.
  var computesGraph = false
  /// Numbers in an embedding that is computed here.
  var embeddingDimension = 16
  var randomSeed = 42

  init() {}

  init(_ configuration: inout ConfigurationMap) throws {
    sessionGap =
      60 * Int64(try configuration.integer("sessionGap", default: 30, in: 1...1440))
    bestShare = try configuration.float("bestShare", default: 0.05, in: 0...1)
    includesNonBuyers = try configuration.boolean("includeNonBuyers", default: false)
    computesGraph = try configuration.boolean("graph", default: false)
    embeddingDimension = try configuration.integer("embeddingDimension", default: 16, in: 1...1024)
    randomSeed = try configuration.integer("randomSeed", default: 42)
  }
}
