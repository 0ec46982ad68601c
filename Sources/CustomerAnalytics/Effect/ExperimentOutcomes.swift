import Tropa

/// What the clients of an experiment bought in the days after they were assigned.
struct ExperimentOutcomes {
  /// By client of the experiment.
  private(set) var revenue: [Double]
  private(set) var hasBought: [Double]
  /// Whether the whole window lies before the last purchase that is known.
  private(set) var isComplete: [Bool]

  /// Purchases, with what all experiments of a call need of them.
  struct Source {
    private let purchases: Purchases
    /// The end of what is known.
    private let horizon: Int64

    init(_ schema: CustomerSchema, call: ProcedureInvocation) throws {
      let purchases = try Purchases(schema, GraphInventory(call), call: call)
      try purchases.requireDatesAndAmounts(schema)
      self.purchases = purchases
      horizon = (purchases.dayAfterLast?.days ?? 0) * 86_400
    }

    /// What was bought at the moment of the assignment came before it: a thank-you follows its
    /// purchase, and dates without a time of day are midnights.
    ///
    /// - Parameter window: seconds after the assignment, which count.
    func outcomes(of experiment: Assignments.Experiment, window: Int64) -> ExperimentOutcomes {
      var result = ExperimentOutcomes(
        revenue: [], hasBought: [], isComplete: [])
      let groups = purchases.events.groups(of: experiment.clients.map(\.client))
      for (assignment, group) in zip(experiment.clients, groups) {
        var revenue = 0.0
        var hasBought = 0.0
        if group >= 0 {
          let end = purchases.events.range(group, before: assignment.seconds + window + 1)
            .upperBound
          let start = purchases.events.range(group, before: assignment.seconds + 1).upperBound
          hasBought = start < end ? 1 : 0
          for event in start..<end where !purchases.events.events[event].amount.isNaN {
            revenue += purchases.events.events[event].amount
          }
        }
        result.revenue.append(revenue)
        result.hasBought.append(hasBought)
        result.isComplete.append(assignment.seconds + window <= horizon)
      }
      return result
    }
  }
}
