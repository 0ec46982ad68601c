/// Clients of an experiment with a score: whether they were treated, what came of it.
package struct UpliftSample {
  /// By row, from the highest score down; of equal scores the later row first, as scikit-uplift has
  /// it, which decides where a part ends among equals.
  fileprivate let order: [Int]
  fileprivate let outcomes: [Double]
  fileprivate let isTreated: [Bool]
  fileprivate let scores: [Double]

  /// - Parameters:
  ///   - outcomes: what a client did: 1 or 0, or an amount.
  ///   - isTreated: false for the control group.
  ///   - scores: the expected effect; no NaN.
  /// - Throws: `SegmentationError` for columns of different lengths and groups without clients.
  package init(
    outcomes: [Double], isTreated: [Bool], scores: [Double]
  ) throws(SegmentationError) {
    try require(
      outcomes.count == isTreated.count && outcomes.count == scores.count, "uplift",
      "outcomes, groups and scores have \(outcomes.count), \(isTreated.count) and \(scores.count) rows"
    )
    try require(
      isTreated.contains(true) && isTreated.contains(false), "uplift",
      "clients of both groups are needed, treated and control")
    try require(!scores.contains(where: \.isNaN), "scores", "a score is not a number")
    order = scores.indices.sorted { (scores[$0], $0) > (scores[$1], $1) }
    self.outcomes = outcomes
    self.isTreated = isTreated
    self.scores = scores
  }

  package var count: Int { outcomes.count }
}

/// Effects of treating the clients with the highest scores, more and more of them.
///
/// The definitions are those of scikit-uplift, whose figures the tests have. See Devriendt, Moldovan,
/// Verbeke: "A literature survey and experimental evaluation of the state-of-the-art in uplift
/// modeling", Big Data 6 (2018).
package struct UpliftCurve: Sendable {
  package enum Kind: Sendable {
    /// Difference of mean outcomes times clients.
    case uplift
    /// Outcomes of the treated, less those of the control group scaled to their number (Radcliffe 2007).
    case qini
  }
  /// Clients, ascending from 0, one point for each different score.
  package let clients: [Int]
  /// The cumulated effect of treating so many.
  package let effects: [Double]

  package init(_ sample: UpliftSample, kind: Kind) {
    self.init(
      kind, sample.order, scores: sample.scores, sample.outcomes, sample.isTreated)
  }

  private init(
    _ kind: Kind, _ order: [Int], scores: [Double], _ outcomes: [Double], _ isTreated: [Bool]
  ) {
    var clients = [0]
    var effects = [0.0]
    var treated = (count: 0.0, sum: 0.0)
    var control = (count: 0.0, sum: 0.0)
    for (index, row) in order.enumerated() {
      if isTreated[row] {
        treated.count += 1
        treated.sum += outcomes[row]
      } else {
        control.count += 1
        control.sum += outcomes[row]
      }
      if index + 1 < order.count && scores[order[index + 1]] == scores[row] { continue }
      let treatedMean = treated.count > 0 ? treated.sum / treated.count : 0
      let controlMean = control.count > 0 ? control.sum / control.count : 0
      clients.append(index + 1)
      effects.append(
        kind == .uplift
          ? (treatedMean - controlMean) * Double(index + 1)
          : treated.sum - controlMean * treated.count)
    }
    self.clients = clients
    self.effects = effects
  }

  /// The curve of scores that could not be better, for outcomes that are 1 or 0.
  static func perfect(_ sample: UpliftSample, kind: Kind) -> UpliftCurve {
    let rows = sample.outcomes.indices
    let scores: [Double]
    switch kind {
    case .uplift:
      let controlResponders = rows.count { sample.outcomes[$0] == 1 && !sample.isTreated[$0] }
      let treatedSilent = rows.count { sample.outcomes[$0] == 0 && sample.isTreated[$0] }
      scores = rows.map { row in
        let (y, t) = (sample.outcomes[row], sample.isTreated[row] ? 1.0 : 0)
        return (y == t ? 2 : 0) + (controlResponders > treatedSilent ? y : t)
      }
    case .qini:
      scores = rows.map { sample.outcomes[$0] * (sample.isTreated[$0] ? 1 : -1) }
    }
    let order = scores.indices.sorted { (scores[$0], $0) > (scores[$1], $1) }
    return UpliftCurve(kind, order, scores: scores, sample.outcomes, sample.isTreated)
  }

  /// By the trapezoidal rule.
  package var area: Double {
    var sum = 0.0
    for index in effects.indices.dropFirst() {
      sum +=
        Double(clients[index] - clients[index - 1]) * (effects[index] + effects[index - 1]) / 2
    }
    return sum
  }

  /// That of clients in any order.
  private var areaOfChance: Double {
    Double(clients.last ?? 0) * (effects.last ?? 0) / 2
  }

  /// The area between the curve and chance, as a share of what perfect scores reach: AUUC or Qini
  /// coefficient, both at most 1. Outcomes must be 1 or 0.
  ///
  /// - Returns: nil if perfect scores are no better than chance.
  package static func normalisedArea(_ sample: UpliftSample, kind: Kind) -> Double? {
    let curve = UpliftCurve(sample, kind: kind)
    let perfect = perfect(sample, kind: kind)
    let range = perfect.area - perfect.areaOfChance
    return range == 0 ? nil : (curve.area - perfect.areaOfChance) / range
  }
}

extension UpliftSample {
  package enum Share: Sendable {
    /// Of all clients together.
    case overall
    /// Of each group by itself.
    case byGroup
  }

  /// The difference of mean outcomes among the clients with the highest scores.
  ///
  /// - Parameter share: of the clients, above 0 and at most 1.
  /// - Returns: nil if one of the groups has nobody there.
  package func effect(atTop share: Double, of kind: Share) -> Double? {
    func rows(_ treated: Bool) -> [Int] { order.filter { isTreated[$0] == treated } }
    let chosen: [Int]
    switch kind {
    case .overall: chosen = Array(order.prefix(Int(Double(count) * share)))
    case .byGroup:
      chosen = [true, false].flatMap { group in
        let all = rows(group)
        return all.prefix(Int(Double(all.count) * share))
      }
    }
    return Self.difference(chosen, outcomes, isTreated)?.effect
  }

  /// Effects in parts of equal size, from the highest scores down.
  ///
  /// - Returns: of each part the treated clients and the effect, nil where a group has nobody.
  package func effects(parts: Int) -> [(treated: Int, effect: Double?)] {
    let parts = min(max(parts, 1), count)
    var result: [(treated: Int, effect: Double?)] = []
    var start = 0
    for part in 0..<parts {
      // The first parts take what does not divide.
      let size = count / parts + (part < count % parts ? 1 : 0)
      let rows = Array(order[start..<start + size])
      start += size
      result.append(
        (
          rows.count { isTreated[$0] },
          Self.difference(rows, outcomes, isTreated)?.effect
        ))
    }
    return result
  }

  /// Mean effect of the parts, weighted by treated clients; parts without one of the groups are left
  /// out.
  package func weightedAverageEffect(parts: Int) -> Double? {
    let known = effects(parts: parts).compactMap { part in
      part.effect.map { (Double(part.treated), $0) }
    }
    let weight = known.reduce(0) { $0 + $1.0 }
    return weight > 0 ? known.reduce(0) { $0 + $1.0 * $1.1 } / weight : nil
  }

  private static func difference(
    _ rows: [Int], _ outcomes: [Double], _ isTreated: [Bool]
  ) -> (effect: Double, treated: Int)? {
    var sums = (treated: 0.0, control: 0.0)
    var treated = 0
    for row in rows {
      if isTreated[row] {
        sums.treated += outcomes[row]
        treated += 1
      } else {
        sums.control += outcomes[row]
      }
    }
    let control = rows.count - treated
    guard treated > 0 && control > 0 else { return nil }
    return (sums.treated / Double(treated) - sums.control / Double(control), treated)
  }
}
