import CustomerAnalytics
import Foundation
import Testing
import Tropa

@Suite struct ChurnProcedureTests {
  /// Sixty clients over 360 days. Numbers below 20 buy every 10 days or so to the end; from 20 to 39
  /// they did until day 150 or later, then no more; from 40 on they bought once, on days spread over
  /// the year.
  static func shop() throws -> Database {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    try database.query(
      """
      CREATE (x:Product {id: 1}), (y:Product {id: 2})
      WITH x, y UNWIND range(0, 59) AS i
      CREATE (c:Client {id: i})
      WITH x, y, c, i
      UNWIND range(0, 44) AS n
      WITH x, y, c, i, n, CASE WHEN i < 40 THEN 8 * n + (i * 7 + n * 5) % 6
        ELSE (i - 40) * 17 + 5 END AS day
      WHERE i < 20 OR (i < 40 AND day < 150 + 9 * (i - 20)) OR (i >= 40 AND n = 0)
      CREATE (c)-[:PURCHASED {orderId: i * 100 + n, amount: 10.0 + (i + n) % 7,
        at: datetime('2025-01-01T10:00') + duration({days: day})}]->(x)
      """)
    return database
  }

  /// Risks by client id.
  private func risks(
    _ database: Database, _ configuration: String
  ) throws -> (risk: [Double], tier: [String]) {
    let result = try database.query(
      """
      CALL crm.churn.stream(\(configuration)) YIELD nodeId, churnRisk, tier
      MATCH (c:Client) WHERE id(c) = nodeId
      RETURN c.id AS id, churnRisk, tier ORDER BY id
      """)
    return (try result.floats("churnRisk"), try result.strings("tier"))
  }

  private static let methods = [
    "{method: 'window', window: 60}", "{method: 'quantile'}", "{method: 'silence'}",
    "{method: 'probabilistic', horizon: 60}",
    "{method: 'probabilistic', horizon: 60, lifetimeModel: 'bgnbd'}",
    "{method: 'probabilistic', horizon: 60, lifetimeModel: 'paretonbd'}",
    "{method: 'model', horizon: 60, maxTrees: 15, learningRate: 0.3}",
    "{classifier: 'logistic', horizon: 60}",
  ]

  @Test(arguments: methods)
  func theSilentAreAtRiskAndNobodyElse(configuration: String) throws {
    let (risk, tier) = try risks(Self.shop(), configuration)
    #expect(risk.count == 60 && risk.allSatisfy { (0...1).contains($0) })
    let active = risk[..<20].max() ?? 1
    // Silent for 120 days or more: clients who used to come, and buyers of once.
    for id in Array(20..<30) + Array(40..<50) {
      #expect(risk[id] > active, "\(id): \(risk[id]) against \(active)")
      #expect(risk[id] > 0.5 && tier[id] != "low", "\(id): \(risk[id])")
    }
    #expect(active < 0.5, "\(active)")
  }

  @Test func reasonsAreTheClientsOwn() throws {
    let result = try Self.shop().query(
      """
      CALL crm.churn.stream({method: 'silence'}) YIELD nodeId, tier, tierRu, reasons, reasonsRu
      MATCH (c:Client {id: 20}) WHERE id(c) = nodeId RETURN tier, tierRu, reasons, reasonsRu
      """)
    #expect(result.count == 1)
    guard case .list(let reasons) = result[0]["reasons"],
      case .list(let russian) = result[0]["reasonsRu"], case .string(let first) = reasons.first,
      case .string(let firstRussian) = russian.first
    else {
      Issue.record("\(result.rows)")
      return
    }
    #expect(first.hasPrefix("silent for ") && first.contains("times the usual interval"))
    #expect(firstRussian.hasPrefix("молчит "))
  }

  @Test func modelsGiveReasonsThatAddUp() throws {
    let result = try Self.shop().query(
      """
      CALL crm.churn.stream({horizon: 60, maxTrees: 5}) YIELD nodeId, churnRisk, reasons, contributions
      MATCH (c:Client) WHERE id(c) = nodeId
      RETURN c.id AS id, churnRisk, reasons, contributions ORDER BY id
      """)
    var bases: [Double] = []
    for row in result {
      guard case .float(let risk) = row["churnRisk"],
        case .map(let contributions) = row["contributions"],
        case .list(let reasons) = row["reasons"]
      else {
        Issue.record("\(row)")
        continue
      }
      #expect(contributions.count >= 16 && reasons.count <= 3)
      var sum = 0.0
      for case .float(let value) in contributions.values { sum += value }
      // ln of the odds less what the features add: the same base for all.
      bases.append(log(risk / (1 - risk)) - sum)
    }
    #expect(bases.count == 60)
    #expect((bases.max() ?? 1) - (bases.min() ?? 0) < 1e-6)
  }

  /// What comes after the reference date changes nothing: not for any method.
  @Test(arguments: methods)
  func theFutureIsNotKnown(configuration: String) throws {
    let dated = configuration.replacing("}", with: ", referenceDate: date('2025-10-01')}")
    let database = try Self.shop()
    let before = try risks(database, dated)
    try database.query(
      """
      MATCH (c:Client)-[p:PURCHASED]->() WHERE date(p.at) >= date('2025-10-01') DELETE p
      """)
    let after = try risks(database, dated)
    #expect(before.risk.count == after.risk.count)
    #expect(zip(before.risk, after.risk).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func statsAreOfTheLastPeriod() throws {
    let result = try Self.shop().query(
      """
      CALL crm.churn.stats({horizon: 60, maxTrees: 5})
      YIELD method, clients, churned, baseRate, rocAuc, prAuc, liftAt10, brier, cutoff, trainCutoffs,
        calibration, importance
      RETURN *
      """)
    let row = try #require(result.first)
    #expect(row["method"] == .string("model"))
    // The last purchase of all is on day 357 or so; 60 days before it is the cut-off.
    let dates = try Self.shop().query(
      "MATCH ()-[p:PURCHASED]->() RETURN date(max(p.at)) + duration({days: 1 - 60}) AS day")
    #expect(row["cutoff"] == dates[0]["day"])
    guard case .list(let cutoffs) = row["trainCutoffs"], case .date(let cutoff) = row["cutoff"],
      case .date(let last) = cutoffs.first, case .float(let auc) = row["rocAuc"],
      case .float(let brier) = row["brier"]
    else {
      Issue.record("\(row)")
      return
    }
    #expect(cutoff.days - last.days == 60 && cutoffs.count == 3)
    #expect(auc > 0.9 && brier < 0.15, "\(auc) \(brier)")
  }

  @Test func rulesHaveNoProbabilities() throws {
    let row = try #require(
      try Self.shop().query("CALL crm.churn.stats({method: 'silence', horizon: 60})").first)
    #expect(row["brier"] == .null && row["importance"] == .null)
    guard case .float(let auc) = row["rocAuc"] else {
      Issue.record("\(row)")
      return
    }
    #expect(auc > 0.85)
  }

  @Test func aModelIsKeptOnANode() throws {
    let database = try Self.shop()
    let direct = try risks(database, "{horizon: 60, maxTrees: 5}")
    try database.query(
      """
      CALL crm.churn.train({horizon: 60, maxTrees: 5}) YIELD model
      CREATE (m:ChurnModel) SET m = model
      """)
    let stored = try database.query(
      """
      MATCH (m:ChurnModel)
      CALL crm.churn.stream({model: properties(m)}) YIELD nodeId, churnRisk
      MATCH (c:Client) WHERE id(c) = nodeId RETURN c.id AS id, churnRisk ORDER BY id
      """)
    #expect(try stored.floats("churnRisk") == direct.risk)
    // It learned from the very period that it would be checked with.
    let check =
      "MATCH (m:ChurnModel) CALL crm.churn.stats({model: properties(m)}) YIELD rocAuc, "
      + "cutoff, trainCutoffs RETURN rocAuc, cutoff, trainCutoffs"
    let refused = #expect(throws: QueryError.self) { try database.query(check) }
    #expect(refused?.message.contains("learned from what clients did until") == true)
    // One from before is checked as the one that stats trains itself.
    let own = try database.query(
      "CALL crm.churn.stats({horizon: 60, maxTrees: 5}) YIELD rocAuc, cutoff, trainCutoffs "
        + "RETURN rocAuc, cutoff, trainCutoffs")
    let earlier = try Self.shop()
    try earlier.query(
      """
      CALL crm.churn.train({horizon: 60, maxTrees: 5, referenceDate: $day}) YIELD model
      CREATE (m:ChurnModel) SET m = model
      """, parameters: ["day": own[0]["cutoff"]])
    #expect(try earlier.query(check).map(\.values) == own.map(\.values))
    #expect(throws: QueryError.self) {
      try database.query(
        """
        MATCH (m:ChurnModel) SET m.nodeLefts = [0] WITH m
        CALL crm.churn.stream({model: properties(m)}) YIELD nodeId RETURN nodeId
        """)
    }
  }

  @Test func writes() throws {
    let database = try Self.shop()
    let written = try database.query("CALL crm.churn.write({method: 'silence', language: 'ru'})")
    #expect(written.first?["clients"] == .integer(60))
    let clients = try database.query(
      """
      MATCH (c:Client) WHERE c.churnTier = 'высокий'
      RETURN count(c) AS n, min(c.churnRisk) AS least, min(size(c.churnReasons)) AS reasons
      """)
    #expect(clients[0]["n"] == written[0]["high"])
    guard case .float(let least) = clients[0]["least"] else { return }
    #expect(least >= 0.7)
    #expect(clients[0]["reasons"] != .integer(0))
  }

  @Test func theActiveWindowSetsTheLostApart() throws {
    let (risk, tier) = try risks(Self.shop(), "{method: 'silence', activeWindow: 100}")
    #expect(tier[20] == "lost" && risk[20] == 1 && tier[0] == "low")
  }

  @Test func errorsSayWhatToDo() throws {
    let database = try Self.shop()
    for call in [
      "crm.churn.stream({horizon: 300})", "crm.churn.stats({horizon: 400})",
      "crm.churn.stream({method: 'silent'})", "crm.churn.stream({mediumRisk: 0.9})",
      "crm.churn.stream({model: 5})", "crm.churn.stream({horizom: 5})",
    ] {
      let error = #expect(throws: QueryError.self) { try database.query("CALL \(call)") }
      #expect(error?.hint != nil || error?.message.contains("mediumRisk") == true, "\(call)")
    }
  }
}
