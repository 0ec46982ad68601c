import Segmentation
import Tropa

/// One clustering of the clients. Segments are numbered from 1 by the mean money of their clients,
/// the most valuable first.
struct SegmentRun {
  let table: FeatureTable
  let result: KMeans.Result
  let k: Int
  /// From 1, one a client.
  let segments: [Int]
  let names: [SegmentName]
  var configuration: ConfigurationMap
  private let scaled: Matrix
  private let seed: UInt64

  /// The range in which `k: 'auto'` looks for the best silhouette.
  private static let automaticRange = 3...10
  private static let silhouetteSample = 2000

  init(_ call: ProcedureInvocation, _ name: String) throws {
    configuration = try ConfigurationMap(call.arguments[0], of: name)
    let schema = try CustomerSchema(&configuration, call)
    try schema.validate(call)
    let names =
      configuration.has("features")
      ? try configuration.strings("features", default: []) : nil
    let method = try configuration.choice("scaling", default: StandardisationMethod.zScore)
    let limit = try configuration.float("clip", default: 3, in: 0...1000)
    let reference = try configuration.date("referenceDate")
    var settings = KMeans.Configuration()
    settings.restarts = try configuration.integer("restarts", default: 10, in: 1...1000)
    settings.maxIterations = try configuration.integer(
      "maxIterations", default: 300, in: 1...100_000)
    settings.seed = UInt64(
      truncatingIfNeeded: try configuration.integer("randomSeed", default: 42))
    settings.concurrency = try configuration.integer("concurrency", default: 4, in: 1...1024)
    seed = settings.seed
    var automatic = false
    if case .string(let text) = configuration.value("k"), text.lowercased() == "auto" {
      automatic = true
    } else {
      settings.k = try configuration.integer("k", default: 6, in: 2...1000)
    }

    let history = try PurchaseHistory(
      schema, unit: nil, monetary: .sum, referenceDate: reference, call: call)
    table = try FeatureTable(schema, history: history, names: names, call: call)
    guard !table.nodes.isEmpty else {
      throw QueryError(
        .argumentError, "NoClients", "no client has a purchase, so there is nothing to segment")
    }
    do throws(SegmentationError) {
      let matrix = table.matrix
      let standardisation = try Standardisation(
        fitting: matrix, method, logarithmic: table.columns.map(\.isLogarithmic))
      var scaled = try standardisation.apply(to: matrix)
      // Else a few clients beyond all others would be a segment of their own.
      if method != .none && limit > 0 { scaled.clip(to: limit) }
      scaled.multiplyColumns(by: table.columns.map(\.weight))
      self.scaled = scaled
      if automatic {
        let range = Self.automaticRange.clamped(to: 2...max(2, matrix.rowCount - 1))
        settings.k =
          try ClusterCountSelection(
            scaled, k: range, settings, sampleSize: Self.silhouetteSample
          ).best(by: .silhouette) ?? range.lowerBound
      }
      result = try KMeans.run(scaled, settings)
    } catch {
      throw QueryError(
        .argumentError, "InvalidConfigurationValue",
        "`\(error.subject)` of the segments: \(error.description)")
    }
    k = settings.k
    let order = Self.byMoney(result, history, k)
    segments = result.labels.map { order[$0] }
    do throws(SegmentationError) {
      var columns: [SegmentNaming.Column] = []
      for (position, column) in table.columns.enumerated() {
        columns.append(
          .init(
            feature: column.name, values: scaled.column(position).map { $0 / column.weight }))
      }
      self.names = try SegmentNaming.names(
        segments, count: k, recency: history.recency, frequency: history.frequency,
        monetary: history.monetary, columns: columns)
    } catch {
      throw QueryError(.argumentError, "InvalidConfigurationValue", "\(error)")
    }
  }

  /// The number of each cluster from 1, by mean money.
  private static func byMoney(
    _ result: KMeans.Result, _ history: PurchaseHistory, _ k: Int
  ) -> [Int] {
    var money = [Double](repeating: 0, count: k)
    for (row, label) in result.labels.enumerated() { money[label] += history.monetary[row] }
    let means = (0..<k).map { money[$0] / Double(max(result.sizes[$0], 1)) }
    var numbers = [Int](repeating: 0, count: k)
    let ranking = (0..<k).sorted { (means[$1], $0) < (means[$0], $1) }
    for (position, cluster) in ranking.enumerated() { numbers[cluster] = position + 1 }
    return numbers
  }

  /// Mean silhouette of a sample, in −1 … 1.
  var silhouette: Double? {
    ClusterQuality.silhouette(
      scaled, labels: result.labels, sampleSize: Self.silhouetteSample, seed: seed, concurrency: 4)
  }

  /// A client's features in their own units.
  func features(_ row: Int) -> Value {
    table.known(row)
  }
}
