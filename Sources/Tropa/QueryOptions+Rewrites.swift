internal import CypherPlanning

/// Switching off what the planner does to a query. No result depends on it: it is there to compare
/// plans and times, and to find out which rewrite is to blame for a wrong or slow plan.
extension QueryOptions {
  /// The names of all rewrites.
  public static var rewrites: [String] { PlannerOptions.Rewrite.allCases.map(\.rawValue) }

  /// Those that are off.
  public var disabledRewrites: [String] { planner.disabled.map(\.rawValue).sorted() }

  /// - Throws: `QueryError` for a name that is none, with the nearest one.
  public mutating func setRewrite(_ name: String, isOn: Bool) throws(QueryError) {
    guard let rewrite = PlannerOptions.Rewrite(rawValue: name) else {
      let nearest = NameSuggestion.nearest(to: name, among: Self.rewrites)
      throw QueryError(
        .argumentError, "UnknownRewrite", "the planner has no rewrite `\(name)`",
        hint: nearest.map { "did you mean `\($0)`?" }
          ?? "rewrites are \(Self.rewrites.joined(separator: ", "))")
    }
    if isOn {
      planner.disabled.remove(rewrite)
    } else {
      planner.disabled.insert(rewrite)
    }
  }
}
