import Segmentation
import Tropa

/// One segmentation of the clients. Segments are numbered from 1 by the mean money of their clients,
/// the most valuable first; those of RFM in the order of their scheme. Noise is −1.
struct SegmentRun {
  let settings: SegmentSettings
  let space: FeatureSpace
  /// Nil for RFM.
  let clustering: Clustering?
  /// The method as it ran, with its k.
  let method: ClusteringMethod?
  /// One a client.
  let segments: [Int]
  let segmentCount: Int
  let names: [SegmentName]
  /// Segment by cluster, from 1.
  private let numbers: [Int]
  private let schema: CustomerSchema
  private let call: ProcedureInvocation

  static let noise = -1
  var table: FeatureTable { space.table }

  init(
    _ call: ProcedureInvocation, _ settings: SegmentSettings, _ schema: CustomerSchema,
    _ purchases: Purchases, referenceDate: LocalDate?, naming: SegmentNaming.Style = .rfm
  ) throws {
    self.settings = settings
    self.schema = schema
    self.call = call
    try purchases.requireDatesAndAmounts(schema)
    let history = PurchaseHistory(
      purchases, unit: nil, monetary: .sum, referenceDate: referenceDate)
    let wanted =
      settings.method == .rfm && settings.features.names == nil
      ? ["recency", "frequency", "monetary"] : settings.features.names
    let table = try FeatureTable(schema, history: history, names: wanted, call: call)
    space = try FeatureSpace(table, settings.features)
    let matrix = space.matrix
    if settings.method == .rfm {
      let rfm = try RFMRun(history, settings.rfm)
      let order = rfm.scheme.segments
      clustering = nil
      method = nil
      numbers = []
      segmentCount = order.count
      var position: [RFMSegment: Int] = [:]
      for (index, segment) in order.enumerated() { position[segment] = index + 1 }
      segments = rfm.segments.map { position[$0] ?? Self.noise }
      names = order.map { SegmentName($0) }
      return
    }
    let isCancelled = { (try? call.checkCancellation()) == nil }
    let (method, clustering) = try SegmentationFailure.translated(call) {
      var method = try settings.clustering(k: settings.range.lowerBound, for: matrix)
      switch settings.count {
      case _ where settings.method == .dbscan: break
      case .fixed(let k): method = method.with(k: k)
      case .automatic:
        let selection = try ClusterCountSelection(
          matrix, method, settings.selecting([settings.selection], rows: matrix.rowCount),
          isCancelled: isCancelled)
        method = method.with(
          k: selection.best(by: settings.selection) ?? settings.range.lowerBound)
      }
      return (method, try method.run(matrix, isCancelled: isCancelled))
    }
    self.method = method
    self.clustering = clustering
    numbers = Self.byMoney(clustering, history)
    segmentCount = clustering.clusterCount
    let numbers = numbers
    segments = clustering.labels.map { $0 < 0 ? Self.noise : numbers[$0] }
    names = try SegmentNaming.names(
      naming, segments, count: segmentCount, history: history, columns: space.columns,
      interests: naming == .words
        ? try CategoryInterests(history, segments, segmentCount, schema, call) : nil)
  }

  /// The number of each cluster from 1, by mean money.
  private static func byMoney(_ clustering: Clustering, _ history: PurchaseHistory) -> [Int] {
    let k = clustering.clusterCount
    var money = [Double](repeating: 0, count: k)
    var sizes = [Int](repeating: 0, count: k)
    for (row, label) in clustering.labels.enumerated() where label >= 0 {
      money[label] += history.monetary[row]
      sizes[label] += 1
    }
    let means = (0..<k).map { money[$0] / Double(max(sizes[$0], 1)) }
    var numbers = [Int](repeating: 0, count: k)
    let ranking = (0..<k).sorted { (means[$1], $0) < (means[$0], $1) }
    for (position, cluster) in ranking.enumerated() { numbers[cluster] = position + 1 }
    return numbers
  }

  /// The same segments at another date: k-means' clients go to the nearest centre as it was, RFM is
  /// scored anew by the same rule; other methods run anew.
  ///
  /// - Throws: `QueryError` if a feature of this run is not known at that date.
  func again(
    _ purchases: Purchases, at date: LocalDate
  ) throws -> (nodes: [NodeID], segments: [Int]) {
    let history = PurchaseHistory(purchases, unit: nil, monetary: .sum, referenceDate: date)
    let table = try FeatureTable(
      schema, history: history, names: settings.features.names ?? self.table.columns.map(\.name),
      call: call)
    let points = try space.points(table)
    guard case .kMeans = method, let clustering else {
      let other = try SegmentRun(call, settings, schema, purchases, referenceDate: date)
      return (other.table.nodes, other.segments)
    }
    let result = try SegmentationFailure.translated {
      try KMeans.assign(
        points, to: clustering.centroids, concurrency: settings.concurrency)
    }
    return (table.nodes, result.labels.map { numbers[$0] })
  }

  /// Labels from 0 of the rows that are no noise.
  private var grouped: (rows: [Int], labels: [Int]) {
    let rows = segments.indices.filter { segments[$0] != Self.noise }
    return (rows, rows.map { segments[$0] - 1 })
  }

  /// Mean silhouette of a sample, in −1 … 1; noise left out.
  var silhouette: Double? {
    let (rows, labels) = grouped
    return ClusterQuality.silhouette(
      space.matrix.selecting(rows: rows), labels: labels, sampleSize: settings.sampleSize,
      seed: settings.seed, concurrency: settings.concurrency)
  }
  var indices: (daviesBouldin: Double?, calinskiHarabasz: Double?) {
    let (rows, labels) = grouped
    let matrix = rows.count == segments.count ? space.matrix : space.matrix.selecting(rows: rows)
    return (
      ClusterQuality.daviesBouldin(matrix, labels: labels),
      ClusterQuality.calinskiHarabasz(matrix, labels: labels)
    )
  }

  /// The segment of a cluster of `clustering`.
  func segment(ofCluster cluster: Int) -> Int { numbers[cluster] }

  func name(_ segment: Int) -> SegmentName {
    segment == Self.noise ? .noise : names[segment - 1]
  }

  /// Degrees of a client by segment number, of c-means.
  func memberships(_ row: Int) -> [Double]? {
    guard let degrees = clustering?.memberships else { return nil }
    var result = [Double](repeating: 0, count: segmentCount)
    for cluster in 0..<segmentCount { result[numbers[cluster] - 1] = degrees[row, cluster] }
    return result
  }

  /// The degree of a client's own segment, of c-means.
  func membership(_ row: Int) -> Double? {
    guard let clustering, let degrees = clustering.memberships else { return nil }
    return degrees[row, clustering.labels[row]]
  }

  /// The columns of a segmentation that its users ask for first.
  var distances: ColumnData {
    guard let clustering else {
      return .optionalFloats([Double?](repeating: nil, count: segments.count))
    }
    return .optionalFloats(clustering.distances.map { $0.isNaN ? nil : $0 })
  }
}
