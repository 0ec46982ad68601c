import CustomerAnalytics
import Segmentation
import TestSupport
import Testing
import Tropa

@Suite struct EffectProcedureTests {
  /// A shop of six clients in two segments; the period is February 2026.
  private static let shop = """
    CREATE (p:Product {id: 1}),
      (a:Client {id: 1, segment: 'gold', clv: 100.0}), (b:Client {id: 2, segment: 'gold', clv: 50}),
      (c:Client {id: 3, segment: 'gold'}), (d:Client {id: 4, segment: 'new'}),
      (e:Client {id: 5, segment: 'new'}), (f:Client {id: 6}),
      (a)-[:PURCHASED {at: date('2026-01-10'), amount: 10.0, orderId: 1}]->(p),
      (a)-[:PURCHASED {at: date('2026-02-10'), amount: 30.0, orderId: 2}]->(p),
      (a)-[:PURCHASED {at: date('2026-02-10'), amount: 20.0, orderId: 2}]->(p),
      (a)-[:PURCHASED {at: date('2026-02-20'), amount: 40.0, orderId: 3}]->(p),
      (b)-[:PURCHASED {at: date('2026-01-31'), amount: 5.0, orderId: 4}]->(p),
      (c)-[:PURCHASED {at: date('2025-06-01'), amount: 7.0, orderId: 5}]->(p),
      (c)-[:VIEWED {at: date('2026-02-01'), seconds: 5}]->(p),
      (d)-[:PURCHASED {at: date('2026-02-27'), amount: 11.0, orderId: 6}]->(p),
      (d)-[:PURCHASED {at: date('2026-03-01'), amount: 500.0, orderId: 7}]->(p),
      (e)-[:VIEWED {at: date('2026-03-02'), seconds: 5}]->(p),
      (f)-[:PURCHASED {at: date('2026-02-27'), amount: 11.0, orderId: 8}]->(p)
    FOREACH (r IN [5, 5, 4, 1] |
      CREATE (a)-[:WROTE]->(:Review {rating: r, createdAt: date('2026-02-15')})-[:ABOUT]->(p))
    CREATE (b)-[:WROTE]->(:Review {rating: 2, createdAt: date('2026-01-15')})-[:ABOUT]->(p)
    """

  private static func database(_ text: String = shop) throws -> Database {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    try database.query(text)
    return database
  }

  @Test func measuresOfSegmentsByTheirFormulas() throws {
    let database = try Self.database()
    let result = try database.query(
      """
      CALL crm.effect.segments.stream({from: date('2026-02-01'), to: date('2026-03-01'), margin: 0.5,
        costs: {gold: 15}, resamples: 200})
      """)
    #expect(try result.strings("segment") == ["gold", "new"])
    func value(_ column: String, _ row: Int = 0) throws -> Double? {
      switch try result.values(column)[row] {
      case .float(let number): number
      case .integer(let number): Double(number)
      default: nil
      }
    }
    let gold: [(String, Double?)] = [
      ("clients", 3), ("clientsAtStart", 2), ("activeClients", 2), ("buyers", 1),
      ("newClients", 0), ("orders", 2), ("revenue", 90), ("arpu", 45), ("arppu", 90),
      ("averageCheck", 45), ("conversion", 0.5), ("retention", 0.5), ("churn", 0.5),
      ("ltv", (100 + 5 + 7) * 0.5 / 3), ("ltvForecast", 75), ("roi", (45.0 - 15) / 15),
      // Ratings 5, 5, 4, 1 are 10, 10, 7.5, 0 of 10.
      ("csi", 68.75), ("nps", 25),
    ]
    for (name, expected) in gold {
      let found = try value(name)
      #expect(
        found.map { abs($0 - (expected ?? .nan)) < 1e-9 } == true,
        "\(name): \(String(describing: found))")
    }
    let new: [(String, Double?)] = [
      ("clients", 1), ("newClients", 1), ("buyers", 1), ("revenue", 11), ("retention", nil),
      ("churn", nil), ("roi", nil), ("csi", nil), ("nps", nil), ("ltvForecast", nil),
      ("conversion", 1),
    ]
    for (name, expected) in new { #expect(try value(name, 1) == expected, "\(name)") }
    guard case .map(let intervals) = try result.values("intervals")[0] else {
      Issue.record("intervals are no map")
      return
    }
    // Half of 2, by Wilson.
    let wilson = try #require(ConfidenceInterval.wilson(1, of: 2))
    #expect(intervals["retention"] == .list([.float(wilson.lower), .float(wilson.upper)]))
  }

  @Test(arguments: [
    ("{segmentProperty: 'nothing'}", "no client has the property `nothing`"),
    ("{from: date('2026-02-01'), to: date('2026-02-01')}", "has no day"),
    ("{costs: {gould: 1}}", "`gould`"), ("{costs: 'much'}", "not a number"),
    ("{costs: {gold: -1}}", "below 0"), ("{ratingScale: [5, 1]}", "lowest and highest"),
    ("{confidnce: 0.9}", "did you mean `confidence`?"),
  ])
  func mistakesAreTold(_ configuration: String, _ text: String) throws {
    let database = try Self.database()
    do {
      try database.query("CALL crm.effect.segments.stream(\(configuration))")
      Issue.record("\(configuration) was taken")
    } catch let error {
      #expect((error.message + (error.hint ?? "")).contains(text), "\(error)")
    }
  }

  // MARK: Triggers

  /// Clients 0 … n-1; every tenth is control. Of the treated 30 % buy, of the others 20 %.
  private static func campaign(_ clients: Int, seed: Int, buying: (Double, Double)) -> String {
    """
    CREATE (t:Trigger {name: 'win-back', experiments: ['1'], controls: [0.1], holdouts: [0.0],
      clientKeys: ['id']}), (p:Product {id: 1})
    WITH t, p UNWIND range(0, \(clients - 1)) AS i
    WITH t, p, i, i % 10 = 0 AS control,
      ((i + \(seed * 7919)) * 2654435761 % 4294967296) / 4294967296.0 AS u,
      ((i + \(seed * 104729)) * 2246822519 % 4294967296) / 4294967296.0 AS v
    CREATE (c:Client {id: i, score: CASE WHEN i % 2 = 0 THEN 0.9 - i * 1e-6 ELSE 0.1 END})
    CREATE (c)-[:ASSIGNED {experiment: '1', at: datetime('2026-01-01T10:00Z'), sendAt: localdatetime('2026-01-01T10:00'),
      group: CASE WHEN control THEN 'control' ELSE 'test' END}]->(t)
    FOREACH (x IN CASE WHEN u < CASE WHEN control THEN \(buying.1) ELSE \(buying.0) END THEN [1]
        ELSE [] END |
      CREATE (c)-[:PURCHASED {at: date('2026-01-15'), amount: 50.0 + 100 * v, orderId: i}]->(p))
    FOREACH (x IN CASE WHEN i = 0 THEN [1] ELSE [] END |
      CREATE (c)-[:PURCHASED {at: date('2026-06-01'), amount: 1.0, orderId: -1}]->(p))
    """
  }

  @Test func triggersAreComparedWithTheirControlGroup() throws {
    let database = try Self.database(Self.campaign(5000, seed: 1, buying: (0.3, 0.2)))
    let call = """
      CALL crm.effect.triggers.stream({window: 30, costs: {`win-back`: 2.0}, margin: 0.4})
      """
    let row = try #require(try database.query(call).first)
    #expect(row["trigger"] == .string("win-back"))
    #expect(row["treated"] == .integer(4500) && row["control"] == .integer(500))
    #expect(row["sampleRatioMismatch"] == .boolean(false))
    guard case .float(let uplift) = row["uplift"],
      case .list(let interval) = row["upliftInterval"], case .float(let low) = interval[0],
      case .float(let high) = interval[1], case .float(let difference) = row["difference"],
      case .float(let extra) = row["extraRevenue"], case .float(let roi) = row["roi"]
    else {
      Issue.record("\(row)")
      return
    }
    #expect(low < 0.1 && 0.1 < high && low < uplift && uplift < high)
    #expect(abs(extra - difference * 4500) < 1e-6)
    #expect(abs(roi - (difference * 0.4 - 2) / 2) < 1e-9)
    // The same clients by a query of one's own.
    let own = try #require(
      try database.query(
        """
        CALL crm.effect.triggers.stream({window: 30, costs: 2.0, margin: 0.4, assignments:
          "MATCH (c:Client)-[a:ASSIGNED]->(t)
           RETURN c AS client, a.group <> 'control' AS group, date(a.sendAt) AS at,
             t.name AS trigger, 0.1 AS control"})
        """
      ).first)
    #expect(own["uplift"] == row["uplift"] && own["roi"] == row["roi"])
    // A wrong ratio is told.
    let wrong = try #require(
      try database.query(
        """
        CALL crm.effect.triggers.stream({assignments:
          "MATCH (c:Client)-[a:ASSIGNED]->(t)
           RETURN id(c) AS client, a.group AS group, a.at AS at, 0.2 AS control"})
        """
      ).first)
    #expect(wrong["sampleRatioMismatch"] == .boolean(true))
  }

  /// A client may be in the control group of one experiment and treated in the next.
  @Test func experimentsOfATriggerStandAlone() throws {
    let database = try Self.database(
      """
      CREATE (p:Product) WITH p UNWIND range(0, 199) AS i
      CREATE (c:Client {id: i, churnRisk: 0.9})
      CREATE (c)-[:PURCHASED {at: date('2026-01-01'), amount: 1.0, orderId: i}]->(p)
      CREATE (c)-[:PURCHASED {at: date('2026-12-31'), amount: 1.0, orderId: 1000 + i}]->(p)
      """)
    for (experiment, share, day) in [("a", 0.1, "2026-02-01"), ("b", 0.5, "2026-06-01")] {
      try database.query(
        """
        CALL crm.triggers.run({now: localdatetime('\(day)T12:00'), experiment: '\(experiment)',
          control: \(share), triggers: [{name: 't', kind: 'winBack', message: 'm'}]})
        """)
    }
    let rows = try database.query(
      "CALL crm.effect.triggers.stream({resamples: 0}) YIELD experiment, treated, control, "
        + "sampleRatioMismatch RETURN *")
    #expect(try rows.strings("experiment") == ["a", "b"])
    #expect(
      zip(try rows.integers("treated"), try rows.integers("control")).allSatisfy { $0 + $1 == 200 })
    #expect(try rows.integers("control")[0] < 50 && rows.integers("control")[1] > 70)
    #expect(try rows.values("sampleRatioMismatch") == [.boolean(false), .boolean(false)])
    // The first one goes on as it began, or not at all.
    #expect(throws: QueryError.self) {
      try database.query(
        """
        CALL crm.triggers.run({now: localdatetime('2026-09-01T12:00'), experiment: 'a', control: 0.5,
          triggers: [{name: 't', kind: 'winBack', message: 'm'}]})
        """)
    }
  }

  /// Intervals at 90 % cover the true uplift in about 90 % of simulated campaigns.
  @Test func intervalsCoverTheTruth() throws {
    var covered = 0
    let rounds = 60
    for seed in 0..<rounds {
      let database = try Self.database(Self.campaign(600, seed: seed, buying: (0.3, 0.2)))
      let row = try #require(
        try database.query(
          """
          CALL crm.effect.triggers.stream({window: 30, confidence: 0.9, resamples: 0})
          YIELD upliftInterval AS i RETURN i[0] <= 0.1 AND 0.1 <= i[1] AS covers
          """
        ).first)
      if row["covers"] == .boolean(true) { covered += 1 }
    }
    #expect((48...60).contains(covered), "\(covered) of \(rounds)")
  }

  @Test func windowsThatAreNotOverDoNotCount() throws {
    let database = try Self.database(Self.campaign(100, seed: 1, buying: (1, 1)))
    let text =
      "CALL crm.effect.triggers.stream({window: 300}) YIELD treated, control "
      + "RETURN treated + control AS n"
    #expect(try database.query(text).integers("n") == [0])
    let all =
      "CALL crm.effect.triggers.stream({window: 300, onlyCompleteWindows: false}) "
      + "YIELD treated, control RETURN treated + control AS n"
    #expect(try database.query(all).integers("n") == [100])
  }

  @Test func upliftOfAScore() throws {
    let database = try Self.database(Self.campaign(2000, seed: 3, buying: (0.5, 0.2)))
    let row = try #require(
      try database.query(
        """
        CALL crm.effect.uplift.stats({scoreProperty: 'score', window: 30, parts: 4})
        YIELD clients, qini, auuc, averageEffect, parts
        RETURN clients, qini, auuc, averageEffect, size(parts) AS parts
        """
      ).first)
    #expect(row["clients"] == .integer(2000) && row["parts"] == .integer(4))
    guard case .float(let effect) = row["averageEffect"], case .float(let qini) = row["qini"]
    else {
      Issue.record("\(row)")
      return
    }
    #expect(abs(effect - 0.3) < 0.1 && abs(qini) < 0.5)
    #expect(throws: QueryError.self) { try database.query("CALL crm.effect.uplift.stats({})") }
    #expect(throws: QueryError.self) {
      try database.query("CALL crm.effect.uplift.stats({scoreProperty: 'scoer'})")
    }
  }

  @Test func withoutAssignmentsThereIsANotice() throws {
    let database = try Self.database()
    let result = try database.query("CALL crm.effect.triggers.stream()")
    #expect(result.isEmpty && result.notices.contains { $0.message.contains("no assignments") })
  }
}
