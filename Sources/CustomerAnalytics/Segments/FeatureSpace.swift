import Segmentation
import Tropa

/// Clients as points: their features, scaled and weighted, and how others are brought to the same
/// scale.
struct FeatureSpace {
  let table: FeatureTable
  /// Shape `[clients][columns]`.
  let matrix: Matrix
  private let standardisation: Standardisation
  private let limit: Double
  private let weights: [Double]

  /// - Throws: `QueryError` if no client has a purchase.
  init(_ table: FeatureTable, _ settings: FeatureSettings) throws {
    guard !table.nodes.isEmpty else {
      throw QueryError(
        .argumentError, "NoClients", "no client has a purchase, so there is nothing to segment")
    }
    self.table = table
    let values = table.matrix
    let logarithmic = table.columns.map { $0.isLogarithmic && settings.usesLogarithms }
    standardisation = try SegmentationFailure.translated {
      try Standardisation(fitting: values, settings.scaling, logarithmic: logarithmic)
    }
    // Else a few clients beyond all others would be a segment of their own.
    limit = settings.scaling == .none ? 0 : settings.clip
    weights = table.columns.map(\.weight)
    matrix = try Self.scaled(values, standardisation, limit, weights)
  }

  /// The same features of other clients, or at another date, on the same scale.
  func points(_ other: FeatureTable) throws -> Matrix {
    try Self.scaled(other.matrix, standardisation, limit, weights)
  }

  private static func scaled(
    _ values: Matrix, _ standardisation: Standardisation, _ limit: Double, _ weights: [Double]
  ) throws -> Matrix {
    var scaled = try SegmentationFailure.translated { try standardisation.apply(to: values) }
    if limit > 0 { scaled.clip(to: limit) }
    scaled.multiplyColumns(by: weights)
    return scaled
  }

  /// Columns in scaled units without weights, for names.
  var columns: [SegmentNaming.Column] {
    table.columns.enumerated().map { position, column in
      .init(
        feature: column.name, values: matrix.column(position).map { $0 / column.weight })
    }
  }
}
