/// Node properties brought to common scales, one column after the other (GDS's Scale Properties).
package enum PropertyScaling {
  /// - Parameter columns: of equal length; scaled each for itself.
  /// - Complexity: O(columns · rows).
  package static func run(
    _ columns: [[Double]], scaler: ScoreScaler, offset: Double = 0
  ) -> [[Double]] {
    columns.map { scaler.apply(to: $0, offset: offset) }
  }

  /// What the scaler found in a column, by the names that GDS gives it.
  package static func statistics(
    _ column: [Double], scaler: ScoreScaler
  ) -> [(name: String, value: Double)] {
    guard !column.isEmpty else { return [] }
    let low = column.min() ?? 0
    let high = column.max() ?? 0
    let count = Double(column.count)
    let average = column.reduce(0, +) / count
    switch scaler {
    case .none, .log: return []
    case .minMax: return [("min", low), ("max", high)]
    case .max: return [("absMax", Swift.max(abs(low), abs(high)))]
    case .mean: return [("min", low), ("avg", average), ("max", high)]
    case .standardScore:
      let squares = column.reduce(0) { $0 + ($1 - average) * ($1 - average) }
      return [("avg", average), ("std", (squares / count).squareRoot())]
    case .l1Norm: return [("l1norm", column.reduce(0) { $0 + abs($1) })]
    case .l2Norm: return [("l2norm", column.reduce(0) { $0 + $1 * $1 }.squareRoot())]
    case .center: return [("avg", average)]
    }
  }
}
