import CustomerAnalytics
import TestSupport
import Testing
import Tropa

/// A year of daily runs with crashes and repetitions, beside a naive model that compares everything
/// that was sent with everything else.
@Suite struct TriggerSimulationTests {
  private struct Rule {
    var name: String
    var modulus: Int
    var priority: Int
    var channel: String
    var cap: Cap
  }
  private struct Cap {
    var atMost: Int
    var days: Int

    /// Whether no run of days has more.
    func holds(_ days: [Int]) -> Bool {
      days.allSatisfy { start in
        days.count { $0 >= start && $0 < start + self.days } <= atMost
      }
    }
  }
  private struct Sent: Hashable {
    var client: Int
    var trigger: String
    var channel: String
    var day: Int
  }

  private let clients = 30
  private let rules = [
    Rule(
      name: "win back", modulus: 3, priority: 90, channel: "email",
      cap: Cap(atMost: 1, days: 30)),
    Rule(
      name: "reminder", modulus: 2, priority: 50, channel: "sms", cap: Cap(atMost: 2, days: 14)),
    Rule(
      name: "thanks", modulus: 5, priority: 50, channel: "email", cap: Cap(atMost: 1, days: 7)),
    Rule(
      name: "offer", modulus: 4, priority: 10, channel: "push", cap: Cap(atMost: 3, days: 20)),
  ]
  private let clientCap = Cap(atMost: 2, days: 5)
  private let channelCaps = ["sms": Cap(atMost: 1, days: 6), "email": Cap(atMost: 2, days: 10)]

  private func isAllowed(_ one: Sent, _ rule: Rule, _ sent: [Sent]) -> Bool {
    let own = sent.filter { $0.client == one.client } + [one]
    // A trigger fires once a day at most, whatever its cap.
    return !sent.contains(one) && clientCap.holds(own.map(\.day))
      && rule.cap.holds(own.filter { $0.trigger == one.trigger }.map(\.day))
      && channelCaps[one.channel]?.holds(own.filter { $0.channel == one.channel }.map(\.day))
        ?? true
  }

  private func call(_ day: Int) -> String {
    let triggers = rules.map { rule in
      """
      {name: '\(rule.name)', condition: '(c.id + \(day)) % \(rule.modulus) = 0',
        message: 'for {id}', channel: '\(rule.channel)', priority: \(rule.priority),
        atMost: \(rule.cap.atMost), days: \(rule.cap.days)}
      """
    }
    return """
      CALL crm.triggers.run({now: $now, experiment: 'year', control: 0.25, quietHours: '21:00-09:00',
        caps: {atMost: 2, days: 5},
        channels: {sms: {atMost: 1, days: 6}, email: {atMost: 2, days: 10, quietHours: 'none'}},
        triggers: [\(triggers.joined(separator: ", "))]})
      YIELD nodeId, trigger, channel, sendAt, text
      MATCH (c:Client) WHERE id(c) = nodeId
      RETURN c.id AS id, trigger, channel, sendAt, text
      """
  }

  private func sent(_ result: QueryResult) -> [Sent] {
    result.compactMap { row in
      guard case .integer(let id) = row["id"], case .string(let trigger) = row["trigger"],
        case .string(let channel) = row["channel"], case .localDateTime(let at) = row["sendAt"]
      else { return nil }
      return Sent(
        client: Int(id), trigger: trigger, channel: channel, day: Int(at.seconds / 86_400))
    }
  }

  @Test func aYearOfRunsWithCrashesKeepsItsPromises() throws {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    try database.query("UNWIND range(0, \(clients - 1)) AS i CREATE (:Client {id: i})")
    var random = SeededGenerator(seed: 2026)
    /// What the model assigns, with the control group, and what the CRM was given to send.
    var expected: [Sent] = []
    var outbox: [Sent] = []
    for day in 20_000..<20_365 {
      // At any second; some days twice, some not at all; now and then for a day in the past.
      for _ in 0..<[1, 1, 1, 1, 1, 2, 0][random.below(7)] {
        let day = random.below(20) == 0 ? day - random.below(10) : day
        let seconds = random.below(86_400)
        let parameters: [String: Value] = [
          "now": .localDateTime(LocalDateTime(seconds: Int64(day * 86_400 + seconds)))
        ]
        if random.below(3) == 0 {
          // A crash before the commit: nothing has happened.
          let connection = database.connect()
          try connection.begin(.write)
          try connection.query(call(day), parameters: parameters)
          try connection.rollback()
        }
        let rows = try database.query(call(day), parameters: parameters)
        outbox += sent(rows)
        #expect(rows.allSatisfy { $0["text"] == .string("for \($0["id"].text(.display))") })
        for rule in rules.sorted(by: { ($1.priority, $0.name) < ($0.priority, $1.name) }) {
          let isPutOff = rule.channel != "email" && seconds >= 21 * 3600
          for client in 0..<clients where (client + day) % rule.modulus == 0 {
            let one = Sent(
              client: client, trigger: rule.name, channel: rule.channel,
              day: isPutOff ? day + 1 : day)
            if isAllowed(one, rule, expected) { expected.append(one) }
          }
        }
        if random.below(4) == 0 {
          // The answer was lost, and somebody runs it again.
          #expect(try database.query(call(day), parameters: parameters).isEmpty)
        }
      }
    }
    let remembered = try database.query(
      """
      MATCH (c:Client)-[a:ASSIGNED]->(t:Trigger)
      RETURN c.id AS id, t.name AS trigger, a.channel AS channel, a.sendAt AS sendAt, a.group AS group,
        a.text AS text
      """)
    let all = sent(remembered)
    // What the model says, no more and no less.
    #expect(all.count == expected.count && Set(all) == Set(expected))
    #expect(all.count > 1000)
    // No cap is broken.
    for client in 0..<clients {
      let own = all.filter { $0.client == client }
      #expect(clientCap.holds(own.map(\.day)))
      for rule in rules {
        #expect(rule.cap.holds(own.filter { $0.trigger == rule.name }.map(\.day)))
      }
      for (channel, cap) in channelCaps {
        #expect(cap.holds(own.filter { $0.channel == channel }.map(\.day)))
      }
    }
    // A client is in one group of a trigger for ever, and the control group gets nothing.
    var groups: [String: Set<String>] = [:]
    var toTest: [Sent] = []
    for (row, one) in zip(remembered, all) {
      let group = row["group"].text(.display)
      groups["\(one.client) \(one.trigger)", default: []].insert(group)
      if group == "test" { toTest.append(one) }
      #expect((row["text"] == .null) == (group == "control"))
    }
    #expect(groups.values.allSatisfy { $0.count == 1 })
    #expect(Set(groups.values) == [["test"], ["control"]])
    #expect(outbox.count == toTest.count && Set(outbox) == Set(toTest))
    // Nothing goes out in quiet hours.
    #expect(
      remembered.allSatisfy { row in
        guard case .localDateTime(let at) = row["sendAt"] else { return false }
        return row["channel"] == .string("email")
          || (9 * 3600..<21 * 3600).contains(at.seconds % 86_400)
      })
  }
}
