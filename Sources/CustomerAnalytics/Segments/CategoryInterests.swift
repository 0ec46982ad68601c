import Tropa

/// Which category of products each segment prefers: the one whose share in the segment's purchases
/// is most certainly above its share in all purchases.
///
/// A preference is told where the category has at least a twentieth of the segment's purchases, at
/// least a tenth more than its share in all, and the difference is three standard errors or more.
struct CategoryInterests {
  struct Interest {
    var category: String
    /// Of the segment's purchases.
    var share: Double
    /// That share over the share in all purchases.
    var lift: Double

    var phrase: SegmentName {
      SegmentName(en: "interested in \(category)", ru: "интерес: \(category)")
    }
  }
  private var interests: [Int: Interest] = [:]
  private static let leastShare = 0.05
  private static let leastLift = 1.1
  private static let leastErrors = 3.0

  subscript(segment: Int) -> Interest? { interests[segment] }

  /// - Parameter segments: of each client of the history, from 1 to `count`; less for none.
  /// - Returns: nil if the graph knows no categories, or not what was bought.
  /// - Complexity: one pass over the purchases, a number for each segment and category.
  init?(
    _ history: PurchaseHistory, _ segments: [Int], _ count: Int, _ schema: CustomerSchema,
    _ call: ProcedureInvocation
  ) throws {
    guard history.purchases.hasProducts, count > 0,
      let categories = try ProductCategories(schema, GraphInventory(call), call)
    else { return nil }
    let width = categories.names.count
    let events = history.purchases.events.events
    var counts = [Double](repeating: 0, count: count * width)
    for (row, range) in history.ranges.enumerated() where segments[row] >= 1 {
      let base = (segments[row] - 1) * width
      for event in range {
        let category = categories.category(of: events[event].product)
        if category >= 0 { counts[base + category] += 1 }
      }
      if row & 0xFFF == 0 { try call.checkCancellation() }
    }
    var totals = [Double](repeating: 0, count: width)
    for position in counts.indices { totals[position % width] += counts[position] }
    let all = totals.reduce(0, +)
    for segment in 0..<count {
      let own = Array(counts[segment * width..<(segment + 1) * width])
      let size = own.reduce(0, +)
      var best: (errors: Double, interest: Interest)?
      for (category, bought) in own.enumerated() where bought > 0 && size > 0 {
        let share = bought / size
        let usual = totals[category] / all
        if usual >= 1 { continue }
        let errors = (share - usual) / (usual * (1 - usual) / size).squareRoot()
        guard share >= Self.leastShare, share >= usual * Self.leastLift,
          errors >= Self.leastErrors
        else { continue }
        if best.map({ errors > $0.errors }) ?? true {
          best = (
            errors,
            Interest(category: categories.names[category], share: share, lift: share / usual)
          )
        }
      }
      interests[segment + 1] = best?.interest
    }
  }
}
