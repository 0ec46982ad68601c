/// Rows on their way between two operators: columns of equal length.
///
/// There is no selection vector: a filter gathers the surviving rows, so that every later operator
/// sees dense columns. (Columns are fetched late, so few are there to gather.)
public struct Batch: Sendable {
  public var columns: [Vector]
  /// Number of rows; also meaningful without columns (`RETURN 1`, `count(*)`).
  public var count: Int
  public init(columns: [Vector], count: Int) {
    self.columns = columns
    self.count = count
  }
}
