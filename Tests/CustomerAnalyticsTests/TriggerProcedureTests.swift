import CustomerAnalytics
import Foundation
import TestSupport
import Testing
import Tropa

@Suite struct TriggerProcedureTests {
  private func database(_ statements: String...) throws -> Database {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    for statement in statements { try database.query(statement) }
    return database
  }

  /// Ten clients with names, of whom the odd ones sleep.
  private func clients() throws -> Database {
    try database(
      """
      UNWIND range(0, 9) AS i
      CREATE (:Client {id: i, name: 'К' + i, rfmSegment: CASE i % 2 WHEN 0 THEN 'Champions' ELSE 'At Risk' END,
        churnRisk: i / 10.0})
      """)
  }

  private let call =
    "YIELD nodeId, trigger, product, reason, text, channel, sendAt, validUntil, priority, group "
    + "MATCH (c) WHERE id(c) = nodeId "

  private func failure(_ database: Database, _ configuration: String) -> QueryError? {
    #expect(throws: QueryError.self) {
      try database.query("CALL crm.triggers.stream({\(configuration)})")
    }
  }

  // MARK: Conditions, segments, queries

  @Test func conditionsSegmentsAndQueriesFire() throws {
    let database = try clients()
    let result = try database.query(
      """
      CALL crm.triggers.stream({now: localdatetime('2026-11-25T22:30'), control: 0,
        quietHours: '21:00-09:00', caps: 'none', triggers: [
        {name: 'wake', segment: 'At Risk', condition: 'c.id < 5', priority: 10, validDays: 3,
          message: '{name|Клиент}, мы скучаем', channel: 'sms'},
        {name: 'birthday', priority: 20,
          query: 'MATCH (c:Client) WHERE c.id IN [1, 7] RETURN c AS client, \"день рождения\" AS reason, 2 * c.id AS gift',
          message: 'Дарим {gift} баллов, {client.name}!'}]})
      \(call) RETURN c.id AS id, trigger, reason, text, channel, toString(sendAt), toString(validUntil), group
      """)
    func row(
      _ id: Int64, _ trigger: String, _ reason: String, _ text: String, _ channel: String,
      _ until: String
    ) -> [Value] {
      [
        .integer(id), .string(trigger), .string(reason), .string(text), .string(channel),
        .string("2026-11-26T09:00"), .string(until), .string("test"),
      ]
    }
    // The greater priority first; at half past ten in the evening nothing is sent.
    #expect(
      result.map(\.values) == [
        row(1, "birthday", "день рождения", "Дарим 2 баллов, К1!", "email", "2026-12-03T09:00"),
        row(7, "birthday", "день рождения", "Дарим 14 баллов, К7!", "email", "2026-12-03T09:00"),
        row(
          1, "wake", "segment: At Risk; c.id < 5", "К1, мы скучаем", "sms", "2026-11-29T09:00"),
        row(
          3, "wake", "segment: At Risk; c.id < 5", "К3, мы скучаем", "sms", "2026-11-29T09:00"),
      ])
  }

  @Test func theClientsClockCounts() throws {
    let database = try clients()
    func sendAt(_ now: String, _ zone: String) throws -> String? {
      try database.query(
        """
        CALL crm.triggers.stream({now: \(now), timeZone: '\(zone)', quietHours: '21:00-09:00', control: 0,
          triggers: [{name: 't', condition: 'c.id = 1', message: 'm'}]}) YIELD sendAt
        RETURN toString(sendAt) AS at
        """
      ).first?["at"].text(.display)
    }
    #expect(
      try sendAt("datetime('2026-11-25T16:00:00Z')", "Europe/Moscow") == "2026-11-25T19:00")
    #expect(
      try sendAt("datetime('2026-11-25T16:00:00Z')", "Asia/Vladivostok") == "2026-11-26T09:00")
    #expect(
      try sendAt("'2026-11-25T16:00:00+03:00'", "Europe/Moscow") == "2026-11-25T16:00")
    #expect(
      try sendAt("'2026-11-25T22:00'", "Europe/Moscow") == "2026-11-26T09:00")
    #expect(try sendAt("date('2026-11-25')", "Europe/Moscow") == "2026-11-25T09:00")
  }

  @Test func runsRememberAndKeepToCaps() throws {
    let database = try clients()
    let rules = """
      control: 0, triggers: [
        {name: 'a', condition: 'c.id < 4', message: 'A', priority: 90, days: 7},
        {name: 'b', condition: 'c.id < 6', message: 'B', priority: 10, days: 30, channel: 'sms'}],
      channels: {sms: {atMost: 1, days: 2}}
      """
    func run(_ day: Int, _ procedure: String = "run") throws -> [[Value]] {
      try database.query(
        """
        CALL crm.triggers.\(procedure)({now: localdatetime('2026-11-\(day)T10:00'), \(rules)})
        \(call) RETURN c.id, trigger ORDER BY trigger, c.id
        """
      ).map(\.values)
    }
    func rows(_ trigger: String, _ ids: ClosedRange<Int64>) -> [[Value]] {
      ids.map { [.integer($0), .string(trigger)] }
    }
    #expect(try run(1, "stream") == rows("a", 0...3) + rows("b", 4...5))
    #expect(try run(1) == rows("a", 0...3) + rows("b", 4...5))
    // The same day again: nothing. The next: what the client's cap held back.
    #expect(try run(1).isEmpty)
    let held = try database.query(
      """
      CALL crm.triggers.stats({now: localdatetime('2026-11-01T12:00'), \(rules)})
      YIELD trigger, candidates, assigned, control, cappedByTrigger, cappedByClient, cappedByChannel
      RETURN *
      """)
    #expect(
      held.map { [$0["candidates"], $0["assigned"], $0["cappedByTrigger"], $0["cappedByClient"]] }
        == [
          [.integer(4), .integer(0), .integer(4), .integer(0)],
          [.integer(6), .integer(0), .integer(2), .integer(4)],
        ])
    #expect(try run(2) == rows("b", 0...3))
    #expect(try run(7).isEmpty)
    #expect(try run(8) == rows("a", 0...3))
    // A run for a past day would break the cap of days that were sent to since.
    #expect(try run(5).isEmpty)
    let remembered = try database.query(
      """
      MATCH (c:Client)-[a:ASSIGNED]->(t:Trigger {name: 'a'})
      RETURN a.text AS text, a.group AS g, a.channel AS channel, a.experiment AS e, count(*) AS n
      """)
    #expect(
      remembered.map(\.values) == [
        [.string("A"), .string("test"), .string("email"), .string("1"), .integer(8)]
      ])
  }

  @Test func controlClientsGetNothingAndStay() throws {
    let database = try database("UNWIND range(1, 400) AS i CREATE (:Client {id: i})")
    func configuration(_ day: Int, _ control: Double = 0.3, _ more: String = "") -> String {
      """
      {now: localdatetime('2026-11-\(day)T10:00'), experiment: 'e', triggers: [
        {name: 't', condition: 'true', message: 'Hi', days: 1, control: \(control)}]\(more)}
      """
    }
    let first = try database.query("CALL crm.triggers.run(\(configuration(1)))")
    let groups = try database.query(
      "MATCH (c)-[a:ASSIGNED]->() RETURN a.group AS g, a.text AS text, count(*) AS n ORDER BY g")
    #expect(groups.count == 2 && groups[0]["text"] == .null && groups[1]["text"] == .string("Hi"))
    #expect(groups[1]["n"] == .integer(Int64(first.count)))
    #expect((200..<350).contains(first.count))
    #expect(first.allSatisfy { $0["group"] == .string("test") })
    // New clients, another day: the old ones stay where they were.
    try database.query("UNWIND range(401, 500) AS i CREATE (:Client {id: i})")
    let second = try database.query(
      "CALL crm.triggers.run(\(configuration(2, 0.3, ", showControl: true")))")
    #expect(second.count == 500)
    #expect(
      try database.query(
        "MATCH (c)-[a:ASSIGNED]->(t) WITH c, t, count(DISTINCT a.group) AS n WHERE n > 1 RETURN c"
      ).isEmpty)
    // Another share would move clients.
    let changed = #expect(throws: QueryError.self) {
      try database.query("CALL crm.triggers.run(\(configuration(3, 0.2)))")
    }
    #expect(changed?.detail == "ExperimentChanged")
    #expect(changed?.hint?.contains("e-2") == true)
    // A holdout gets nothing from any trigger.
    let held = try database.query(
      """
      CALL crm.triggers.stream({holdout: 0.5, experiment: 'h', control: 0, showControl: true, caps: 'none',
        now: date('2026-12-01'), triggers: [
          {name: 'x', condition: 'true', message: 'X'}, {name: 'y', condition: 'true', message: 'Y'}]})
      YIELD nodeId, group WITH nodeId, collect(DISTINCT group) AS groups
      RETURN groups, count(*) AS n
      """)
    #expect(
      held.count == 2
        && held.allSatisfy { if case .list(let g) = $0["groups"] { g.count == 1 } else { false } })
  }

  // MARK: Kinds

  /// Anna buys coffee every ten days, last on the 20th; Boris bought tea twice and coffee once.
  private func purchases() throws -> Database {
    try database(
      """
      CREATE (coffee:Product {id: 1, title: 'Кофе', category: 'Бакалея', price: 500}),
        (tea:Product {id: 2, title: 'Чай', category: 'Бакалея', price: 300}),
        (cup:Product {id: 3, title: 'Чашка', category: 'Посуда', price: 700}),
        (anna:Client {id: 1, name: 'Анна', churnRisk: 0.2}),
        (boris:Client {id: 2, name: 'Борис', churnRisk: 0.75}),
        (vera:Client {id: 3, name: 'Вера', churnRisk: 0.7}),
        (gleb:Client {id: 4, name: 'Глеб', churnRisk: 0.4})
      WITH *
      UNWIND [[anna, coffee, '2026-10-21'], [anna, coffee, '2026-10-31'], [anna, coffee, '2026-11-10'],
        [anna, coffee, '2026-11-10'], [anna, coffee, '2026-11-20'], [boris, tea, '2026-11-01'],
        [boris, tea, '2026-11-15'], [boris, coffee, '2026-11-28'], [vera, coffee, '2026-05-01'],
        [vera, cup, '2026-05-02'], [gleb, coffee, '2026-05-01'], [gleb, cup, '2026-05-02']] AS row
      WITH row[0] AS c, row[1] AS p, row[2] AS day
      CREATE (c)-[:PURCHASED {at: localdatetime(day + 'T12:00'), amount: p.price, orderId: day}]->(p)
      """,
      """
      MATCH (b:Client {id: 2}), (t:Product {id: 2}), (a:Client {id: 1}), (c:Product {id: 1})
      CREATE (b)-[:WROTE]->(:Review {rating: 1, createdAt: localdatetime('2026-11-27T12:00'), sentiment: -0.9})-[:ABOUT]->(t),
        (a)-[:WROTE]->(:Review {rating: 5, createdAt: localdatetime('2026-11-28T12:00'), sentiment: 0.8})-[:ABOUT]->(c),
        (a)-[:WROTE]->(:Review {rating: 1, createdAt: localdatetime('2026-10-28T12:00'), sentiment: -0.8})-[:ABOUT]->(c)
      """)
  }

  private func fired(_ database: Database, _ now: String, _ rule: String) throws -> [[Value]] {
    try database.query(
      """
      CALL crm.triggers.stream({now: \(now), control: 0, language: 'ru', caps: 'none', triggers: [{name: 't', \(rule)}]})
      \(call) RETURN c.name, product, reason, text
      """
    ).map(\.values)
  }

  @Test func replenishmentFollowsTheClientsOwnInterval() throws {
    let database = try purchases()
    let rule = "kind: 'replenishment', message: '{name}: {product}, раз в {days} дн.'"
    func rows(_ day: String, _ rule: String) throws -> [[Value]] {
      try fired(database, "date('\(day)')", rule)
    }
    #expect(try rows("2026-11-27", rule).isEmpty)
    let due: [Value] = [
      .string("Анна"), .string("Кофе"),
      .string("покупает раз в 10 дн., последний раз 8 дн. назад"),
      .string("Анна: Кофе, раз в 10 дн."),
    ]
    #expect(try rows("2026-11-28", rule) == [due])
    #expect(try rows("2026-12-10", rule).count == 1)
    #expect(try rows("2026-12-11", rule).isEmpty)
    // What comes later is not known yet.
    #expect(try rows("2026-11-18", rule).count == 1)
    let category =
      "kind: 'replenishment', by: 'category', early: 5, message: '{category}', condition: 'c.id = 2'"
    #expect(
      try rows("2026-12-07", category) == [
        [
          .string("Борис"), .null, .string("покупает раз в 14 дн., последний раз 9 дн. назад"),
          .string("Бакалея"),
        ]
      ])
  }

  @Test func theNextBestProductIsWhatGoesWithTheLast() throws {
    let rows = try fired(
      try purchases(), "date('2026-12-01')",
      "kind: 'nextBest', support: 2, message: '{product} за {product.price}', condition: 'c.id < 3'"
    )
    // Vera and Gleb bought both.
    #expect(
      rows == [
        [
          .string("Анна"), .string("Чашка"), .string("подходит к последним покупкам"),
          .string("Чашка за 700"),
        ],
        [
          .string("Борис"), .string("Чашка"), .string("подходит к последним покупкам"),
          .string("Чашка за 700"),
        ],
      ])
    let recent = try fired(
      try purchases(), "date('2026-12-01')",
      "kind: 'nextBest', support: 2, within: 5, message: '{product}'")
    #expect(recent.map { $0[0] } == [.string("Борис")])
  }

  @Test func winBackFollowsTheTiersOfRisk() throws {
    let database = try purchases()
    func names(_ rule: String) throws -> [Value] {
      try fired(database, "date('2026-12-01')", "kind: 'winBack', message: 'm {risk}', \(rule)")
        .map { $0[0] }
    }
    #expect(try names("tier: 'strong'") == [.string("Борис")])
    #expect(try names("tier: 'soft'") == [.string("Вера"), .string("Глеб")])
    #expect(try names("from: 0.71, upTo: 0.8") == [.string("Борис")])
    let row = try fired(
      database, "date('2026-12-01')", "kind: 'winBack', tier: 'strong', message: '{risk}'")
    #expect(row.first?[2] == .string("риск ухода 0.75"))
    let missing = failure(
      database, "triggers: [{name: 't', kind: 'winBack', riskProperty: 'r', message: 'm'}]")
    #expect(missing?.hint?.contains("crm.churn.write") == true)
  }

  @Test func thanksAndComplaintsFollowWhatHappened() throws {
    let database = try purchases()
    let thanks = try fired(
      database, "localdatetime('2026-11-29T09:00')",
      "kind: 'thankYou', message: 'Спасибо, {name}! {amount}'")
    #expect(
      thanks == [
        [
          .string("Борис"), .string("Кофе"), .string("покупка 500"),
          .string("Спасибо, Борис! 500"),
        ]
      ])
    #expect(
      try fired(
        database, "localdatetime('2026-11-29T09:00')", "kind: 'thankYou', amount: 501, message: 'm'"
      ).isEmpty)
    #expect(
      try fired(
        database, "localdatetime('2026-11-01T13:00')",
        "kind: 'thankYou', firstOnly: true, message: 'm'"
      ).map { $0[0] } == [.string("Борис")])
    let complaints = try fired(
      database, "localdatetime('2026-11-29T09:00')",
      "kind: 'complaint', message: '{product}', channel: 'call'")
    #expect(
      complaints == [
        [
          .string("Борис"), .string("Чай"), .string("отзыв с оценкой 1"), .string("Чай"),
        ]
      ])
    #expect(
      try fired(
        database, "localdatetime('2026-11-29T09:00')",
        "kind: 'complaint', within: 60, message: 'm'"
      ).count == 2)
  }

  // MARK: Files and mistakes

  @Test func rulesMayBeInAFile() throws {
    let database = try clients()
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("rules.yaml")
      try """
      experiment: осень
      timeZone: Europe/Moscow
      quietHours: 21:00-09:00
      control: 0
      caps: {atMost: 1, days: 1}
      channels:
        sms: {atMost: 1, days: 7, quietHours: none}
      triggers:
        - name: wake
          segment: At Risk
          message: "{name|Клиент}, мы скучаем"
          channel: sms
          priority: 10
      """.write(to: file, atomically: true, encoding: .utf8)
      let rows = try database.query(
        """
        CALL crm.triggers.stream({file: $file, now: localdatetime('2026-11-25T23:00')})
        YIELD text, sendAt RETURN text, toString(sendAt)
        """, parameters: ["file": .string(file.path)])
      #expect(rows.count == 5)
      #expect(
        rows.first?.values == [.string("К1, мы скучаем"), .string("2026-11-25T23:00")])
      try "triggers: [".write(to: file, atomically: true, encoding: .utf8)
      #expect(failure(database, "file: '\(file.path)'")?.message.contains("rules.yaml") == true)
      #expect(failure(database, "file: '/nowhere.yaml'")?.detail == "InvalidTriggerFile")
    }
  }

  @Test func mistakesSayWhichTriggerAndWhatToWrite() throws {
    let database = try clients()
    func trigger(_ rule: String) -> QueryError? { failure(database, "triggers: [{\(rule)}]") }
    #expect(failure(database, "")?.hint?.contains("file:") == true)
    #expect(trigger("name: 't', message: 'm'")?.message.contains("for nobody") == true)
    #expect(
      trigger("name: 't', message: 'm', condition: 'true', chanel: 'x'")?.hint
        == "did you mean `channel`?")
    #expect(
      trigger("name: 't', message: 'm', kind: 'replenishmnt'")?.hint
        == "did you mean 'replenishment'?")
    #expect(
      trigger("name: 't', message: '{nam}', condition: 'true'")?.hint == "did you mean `{name}`?")
    #expect(
      trigger("name: 't', message: 'm', segment: 'x', segmentProperty: 'rfmSegmnt'")?.hint
        == "did you mean `rfmSegment`?")
    #expect(
      trigger("name: 't', message: 'm', condition: 'c.id <'")?.message.contains(
        "condition of the trigger `t`") == true)
    #expect(
      trigger("name: 't', message: 'm', query: 'MATCH (c:Client) RETURN c'")?.hint?.contains(
        "AS client") == true)
    #expect(
      failure(
        database, "quietHours: '21-9', triggers: [{name: 't', message: 'm', condition: 'true'}]")?
        .hint?.contains("21:00-09:00") == true)
    #expect(
      failure(
        database,
        "channels: {emial: {atMost: 1}}, triggers: [{name: 't', message: 'm', condition: 'true'}]")?
        .hint == "did you mean `email`?")
    #expect(
      failure(
        database,
        "triggers: [{name: 't', message: 'm', condition: 'true'}, {name: 't', message: 'm', condition: 'true'}]"
      )?.message.contains("two triggers") == true)
    #expect(
      trigger("name: 't', message: 'm', kind: 'replenishment'")?.hint?.contains("purchaseType")
        == true)
  }
}
