import CustomerAnalytics
import TestSupport
import Testing
import Tropa

@Suite struct IdentityResolutionTests {
  private func shop(_ records: [[String: Value]]) throws -> Database {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    try database.query(
      "UNWIND $records AS r CREATE (c:Client) SET c = r",
      parameters: ["records": .list(records.map { .map($0) })])
    return database
  }

  /// Persons as sets of the records' `uid`, in order.
  private func persons(_ database: Database, _ configuration: String = "") throws -> [[String]] {
    let result = try database.query(
      """
      CALL crm.identity.stream({\(configuration)}) YIELD nodeId, personId
      MATCH (c) WHERE id(c) = nodeId
      RETURN personId, collect(c.uid) AS uids
      """)
    return result.map { row in
      guard case .list(let uids) = row["uids"] else { return [] }
      return uids.map { $0.text(.display) }.sorted()
    }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  private func record(_ uid: String, _ keys: [String: Value]) -> [String: Value] {
    keys.merging(["uid": .string(uid)]) { $1 }
  }

  @Test func contactsJoinHoweverTheyAreWritten() throws {
    let database = try shop([
      record("a", ["phone": .string("8 (999) 555-11-11"), "crmId": .integer(1)]),
      record("b", ["phone": .integer(79_995_551_111), "email": .string("Anna@Firm.ru")]),
      record("c", ["email": .string("mailto:anna@firm.ru"), "clientId": .string("176")]),
      record("d", ["clientId": .integer(176)]),
      record("e", ["phone": .string("+7 999 999-99-99"), "email": .string("no@no.ru")]),
      record("f", ["phone": .string("+7 999 999-99-99"), "email": .string("no@no.ru")]),
      record("g", ["email": .string("info@firm.ru")]),
      record("h", ["email": .string("info@firm.ru")]),
    ])
    #expect(
      try persons(database) == [["a", "b", "c", "d"], ["e"], ["f"], ["g"], ["h"]])
    #expect(
      try persons(database, "roleAddresses: true")
        == [["a", "b", "c", "d"], ["e"], ["f"], ["g", "h"]])
    #expect(
      try persons(database, "ignore: ['phone:79995551111']")
        == [["a"], ["b", "c", "d"], ["e"], ["f"], ["g"], ["h"]])
    #expect(
      try persons(database, "keys: {phone: 'phone'}")
        == [["a", "b"], ["c"], ["d"], ["e"], ["f"], ["g"], ["h"]])
  }

  @Test func anOfficePhoneJoinsNobody() throws {
    var records = (0..<100).map {
      record("c\($0)", ["phone": .string("8 495 123-45-67"), "crmId": .integer(Int64($0))])
    }
    // Many records of one client are one profile.
    for index in 0..<50 {
      records.append(
        record("o\(index)", ["phone": .string("8 999 555-11-11"), "crmId": .integer(1000)]))
    }
    records.append(record("x", ["phone": .string("8 999 555-11-11")]))
    let database = try shop(records)
    let found = try persons(database)
    #expect(found.count == 101)
    #expect(found.contains { $0.count == 51 && $0.contains("x") })
    let row = try database.query("CALL crm.identity.dropped()").first
    #expect(
      row?.values == [
        .string("phone"), .string("74951234567"), .string("shared"), .integer(100),
        .string("100 profiles have this phone, and at most 10 may"),
      ])
    #expect(
      try persons(database, "maxShared: {phone: 100}").map(\.count).sorted() == [51, 100])
  }

  @Test func aSharedComputerJoinsNoTwoCRMIds() throws {
    let database = try shop([
      record("mother", ["crmId": .integer(1), "clientId": .integer(5)]),
      record("son", ["crmId": .integer(2), "clientId": .integer(5)]),
      record("visit1", ["clientId": .integer(5)]),
      record("visit2", ["clientId": .integer(5)]),
      record("lead", ["phone": .string("89995551111"), "clientId": .integer(7)]),
      record("visit3", ["clientId": .integer(7)]),
      record("client", ["crmId": .integer(3), "clientId": .list([.integer(7), .integer(8)])]),
    ])
    // The visits of the shared computer are one browser, and nobody's.
    let expected = [
      ["client", "lead", "visit3"], ["mother"], ["son"], ["visit1", "visit2"],
    ]
    #expect(try persons(database) == expected)
    // A login on the way joins them.
    try database.query(
      "MATCH (c:Client) WHERE c.uid IN ['mother', 'son'] SET c.login = 'family'")
    #expect(
      try persons(database) == [
        ["client", "lead", "visit3"], ["mother", "son", "visit1", "visit2"],
      ])
  }

  @Test func aChainOfClientIDsJoinsNoTwoCRMIds() throws {
    let database = try shop([
      record("a", ["crmId": .integer(1), "clientId": .integer(5)]),
      record(
        "lead", ["email": .string("l@firm.ru"), "clientIds": .list([.integer(5), .integer(6)])]),
      record("b", ["crmId": .integer(2), "clientId": .integer(6)]),
      // An anonymous visit joins nothing.
      record("c", ["crmId": .integer(3), "clientId": .integer(7)]),
      record("visit", ["clientIds": .list([.integer(7), .integer(8)])]),
      record("d", ["crmId": .integer(4), "clientId": .integer(8)]),
      record("e", ["crmId": .integer(5), "clientId": .integer(9)]),
      record("visit2", ["clientIds": .list([.integer(9), .integer(10)])]),
      record("visit3", ["clientId": .integer(10)]),
    ])
    #expect(
      try persons(database) == [
        ["a"], ["b"], ["c"], ["d"], ["e", "visit2"], ["lead"], ["visit"], ["visit3"],
      ])
    let states = try database.query(
      "CALL crm.identity.dropped() YIELD key, state RETURN key, state ORDER BY key")
    #expect(
      states.map(\.values) == [
        [.string("5"), .string("chained")], [.string("6"), .string("chained")],
      ])
  }

  @Test func boxesAreWeakerThanAddresses() throws {
    let database = try shop([
      record("a", ["crmId": .integer(1), "email": .string("ivan.petrov@yandex.ru")]),
      record("b", ["email": .string("ivan-petrov@ya.ru")]),
      record("c", ["crmId": .integer(2), "email": .string("o.k@gmail.com")]),
      record("d", ["crmId": .integer(3), "email": .string("ok@gmail.com")]),
    ])
    #expect(try persons(database) == [["a", "b"], ["c"], ["d"]])
    #expect(try persons(database, "emailBoxes: false") == [["a"], ["b"], ["c"], ["d"]])
  }

  @Test func ordersJoinVisitsToClients() throws {
    let database = try shop([record("anna", ["crmId": .integer(1)])])
    try database.query(
      """
      MATCH (c:Client {uid: 'anna'})
      CREATE (c)-[:PURCHASED {orderId: 'A-17'}]->(:Product),
        (:Visit {uid: 'v1', clientId: '42', orders: ['A-17']}), (:Visit {uid: 'v2', clientId: '42'})
      """)
    let configuration = """
      recordLabels: ['Client', 'Visit'], keys: {crmId: 'crmId', clientId: 'clientId', order: 'orders'},
      keyQueries: "MATCH (c:Client)-[p:PURCHASED]->() RETURN c AS record, 'order' AS kind, p.orderId AS key"
      """
    #expect(try persons(database, configuration) == [["anna", "v1", "v2"]])
  }

  @Test func explanationsAreShortestPathsWithReasons() throws {
    let database = try shop([
      record("a", ["phone": .string("8 999 555-11-11"), "crmId": .integer(1)]),
      record("b", ["phone": .string("89995551111"), "email": .string("anna@firm.ru")]),
      record("c", ["email": .string("anna@firm.ru"), "clientId": .integer(5)]),
      record("d", ["crmId": .integer(2), "clientId": .integer(5)]),
      record("e", ["crmId": .integer(3)]),
    ])
    func explain(_ from: String, _ to: String, _ configuration: String = "") throws -> [[Value]] {
      try database.query(
        """
        MATCH (a:Client {uid: '\(from)'}), (b:Client {uid: '\(to)'})
        CALL crm.identity.explain(a, id(b), {\(configuration)})
        YIELD step, fromId, toId, kind, key, joins, reason
        MATCH (x) WHERE id(x) = fromId MATCH (y) WHERE id(y) = toId
        RETURN x.uid, y.uid, kind, joins, reason ORDER BY step
        """
      ).map(\.values)
    }
    #expect(
      try explain("a", "c") == [
        [
          .string("a"), .string("b"), .string("phone"), .boolean(true),
          .string("the same phone 79995551111"),
        ],
        [
          .string("b"), .string("c"), .string("email"), .boolean(true),
          .string("the same e-mail address anna@firm.ru"),
        ],
      ])
    #expect(
      try explain("d", "c", "language: 'ru'") == [
        [
          .string("d"), .string("c"), .string("clientId"), .boolean(false),
          .string("ClientID есть у 2 человек с разными CRM id или логинами: общий компьютер"),
        ]
      ])
    #expect(try explain("a", "e").isEmpty)
    #expect(try explain("a", "a").isEmpty)
    try database.query("CREATE (:Product {uid: 'p'})")
    let failure = #expect(throws: QueryError.self) {
      try database.query("MATCH (p:Product) CALL crm.identity.explain(p, 0) YIELD step RETURN step")
    }
    #expect(failure?.detail == "UnknownRecord")
  }

  @Test func mistakesNameTheKeyToSet() throws {
    let database = try shop([record("a", ["phone": .string("8 999 555-11-11")])])
    func hint(_ configuration: String) -> String? {
      #expect(throws: QueryError.self) {
        try database.query("CALL crm.identity.stats({\(configuration)})")
      }?.hint
    }
    #expect(hint("recordLabels: 'Clent'")?.contains("recordLabels: ['Client']") == true)
    #expect(hint("keys: {phon: 'phone'}")?.contains("`phone`") == true)
    #expect(hint("keys: {crmId: 'fone'}")?.contains("names the properties") == true)
    #expect(hint("keys: {phone: 'phon'}")?.contains("`phone`") == true)
    #expect(hint("maxShared: {emial: 3}") == "did you mean `email`?")
    #expect(hint("maxSharde: 3") == "did you mean `maxShared`?")
    #expect(
      hint("keyQueries: 'MATCH (c:Client) RETURN c AS record, \"phon\" AS kind, 1 AS key'")
        == "did you mean 'phone'?")
    let label = #expect(throws: QueryError.self) {
      try database.query("CALL crm.identity.write({personLabel: 'Client'})")
    }
    #expect(label?.hint?.contains("personLabel") == true)
    // A procedure in mode READ takes no query that writes.
    #expect(throws: QueryError.self) {
      try database.query("CALL crm.identity.stats({keyQueries: 'MATCH (c) SET c.x = 1'})")
    }
  }

  // MARK: Against a naive model

  /// Records with few values for each key, so that they meet; `uid` is the position.
  private func randomRecords(_ random: inout SeededGenerator, count: Int) -> [NaiveIdentity.Record]
  {
    (0..<count).map { _ in
      var record = NaiveIdentity.Record()
      func some(_ odds: Int, _ values: Int) -> Int? {
        random.below(100) < odds ? random.below(values) : nil
      }
      record.crmId = some(30, count)
      record.login = some(15, count / 2 + 1)
      for _ in 0..<random.below(3) {
        if let phone = some(40, count) { record.phones.insert(phone) }
        if let client = some(60, count) { record.clientIds.insert(client) }
      }
      return record
    }
  }

  private func create(_ records: [NaiveIdentity.Record], order: [Int]) throws -> Database {
    try shop(
      order.map { index in
        let it = records[index]
        var properties: [String: Value] = ["uid": .string("\(index)")]
        if let crmId = it.crmId { properties["crmId"] = .integer(Int64(crmId + 1)) }
        if let login = it.login { properties["login"] = .string("user\(login)") }
        properties["phones"] = .list(
          it.phones.map { .string("8 (999) 555-\(10 + $0 / 100)-\(10 + $0 % 100)") })
        properties["clientIds"] = .list(it.clientIds.map { .integer(Int64($0 + 1)) })
        return properties
      })
  }

  @Test func equalsANaiveModelInAnyOrder() throws {
    var random = SeededGenerator(seed: 7)
    for round in 0..<60 {
      let records = randomRecords(&random, count: 3 + random.below(25))
      let limit = 1 + random.below(4)
      let expected = NaiveIdentity.persons(records, maximum: limit)
        .map { $0.map { "\($0)" }.sorted() }.sorted { $0.lexicographicallyPrecedes($1) }
      var order = Array(records.indices)
      for position in order.indices.reversed() {
        order.swapAt(position, random.below(position + 1))
      }
      for order in [Array(records.indices), order] {
        let database = try create(records, order: order)
        #expect(
          try persons(database, "maxShared: \(limit)") == expected, "round \(round): \(records)")
      }
    }
  }

  // MARK: Writing

  private func numbers(_ database: Database) throws -> [String: Int64] {
    let result = try database.query(
      "MATCH (c:Client)-[:RECORD_OF]->(p:Person) RETURN c.uid AS uid, p.personId AS number")
    return Dictionary(
      zip(try result.strings("uid"), try result.integers("number")),
      uniquingKeysWith: { _, _ in -1 })
  }

  @Test func writingIsIdempotentStableAndReversible() throws {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<25 {
      let records = randomRecords(&random, count: 4 + random.below(20))
      let database = try create(records, order: Array(records.indices))
      func image() throws -> [String] {
        try database.query("MATCH (n) RETURN labels(n) AS l, properties(n) AS p ORDER BY id(n)")
          .map { "\($0.values.map { $0.text(.display) })" }
      }
      let before = try image()
      var given: Set<Int64> = []
      var known: [String: Int64] = [:]
      for step in 0..<6 {
        let partition = try persons(database, "maxShared: 3")
        let outcome = try database.query("CALL crm.identity.write({maxShared: 3})")
        #expect(outcome.first?["persons"] == .integer(Int64(partition.count)))
        // Once more: nothing to do.
        let again = try database.query("CALL crm.identity.write({maxShared: 3})")
        #expect(again.counters == QueryCounters())
        let now = try numbers(database)
        // The relationships say what was resolved.
        var groups: [Int64: [String]] = [:]
        for (uid, number) in now { groups[number, default: []].append(uid) }
        #expect(
          groups.values.map { $0.sorted() }.sorted { $0.lexicographicallyPrecedes($1) }
            == partition)
        #expect(
          try database.query("MATCH (p:Person) WHERE NOT ()-[:RECORD_OF]->(p) RETURN p").isEmpty)
        #expect(
          try database.query(
            "MATCH (c)-[:RECORD_OF]->(p:Person) WITH p, count(c) AS n WHERE n <> p.records RETURN p"
          ).isEmpty)
        // A person whose records are those that they were keeps its number; new numbers are new.
        var then: [Int64: Set<String>] = [:]
        for (uid, number) in known { then[number, default: []].insert(uid) }
        for (number, uids) in groups {
          if let old = then.first(where: { $0.value == Set(uids) }) { #expect(number == old.key) }
          if then[number] == nil { #expect(!given.contains(number)) }
          given.insert(number)
        }
        known = now
        if step == 0 {
          let undone = try database.query("CALL crm.identity.undo()")
          #expect(undone.first?["personsRemoved"] == .integer(Int64(partition.count)))
          #expect(try image() == before)
          try database.query("CALL crm.identity.write({maxShared: 3})")
          #expect(try numbers(database) == known)
        }
        // Records come, go and change.
        let index = random.below(records.count)
        switch random.below(3) {
        case 0:
          try database.query(
            "MATCH (c:Client {uid: $uid}) DETACH DELETE c", parameters: ["uid": .string("\(index)")]
          )
          known["\(index)"] = nil
        case 1:
          try database.query(
            "CREATE (:Client {uid: $uid, crmId: $key, phones: ['8999555\(1010 + index)']})",
            parameters: ["uid": .string("new\(step)"), "key": .integer(Int64(index + 1))])
        default:
          try database.query(
            "MATCH (c:Client {uid: $uid}) SET c.crmId = $key",
            parameters: ["uid": .string("\(index)"), "key": .integer(Int64(index / 2 + 1))])
        }
      }
    }
  }

  @Test func formerNumbersLeadToThePersonThatAnotherBecame() throws {
    let database = try shop([
      record("a", ["crmId": .integer(1)]), record("b", ["crmId": .integer(2)]),
      record("b2", ["crmId": .integer(2)]),
    ])
    try database.query("CALL crm.identity.write({writeProperty: 'personId'})")
    #expect(try numbers(database) == ["a": 1, "b": 2, "b2": 2])
    try database.query("MATCH (c:Client) WHERE c.uid IN ['a', 'b'] SET c.phone = '89995551111'")
    try database.query("CALL crm.identity.write({writeProperty: 'personId'})")
    let again = try database.query("CALL crm.identity.write({writeProperty: 'personId'})")
    #expect(again.counters == QueryCounters())
    // The greater part keeps its number.
    let person = try database.query(
      "MATCH (p:Person) RETURN p.personId AS id, p.formerIds AS former, p.records AS records")
    #expect(person.map(\.values) == [[.integer(2), .list([.integer(1)]), .integer(3)]])
    #expect(
      try database.query("MATCH (c:Client) RETURN DISTINCT c.personId AS id").map { $0["id"] }
        == [.integer(2)])
    let reasons = try database.query(
      "MATCH (c:Client)-[m:RECORD_OF]->() RETURN c.uid AS uid, m.reason AS reason ORDER BY uid")
    #expect(
      reasons.map { $0["reason"] } == [
        .string("phone:79995551111"), .string("crmId:2"), .string("crmId:2"),
      ])
    // Taken apart again.
    try database.query(
      "CALL crm.identity.write({writeProperty: 'personId', ignore: 'phone:79995551111'})")
    #expect(try numbers(database) == ["a": 3, "b": 2, "b2": 2])
    let undone = try database.query("CALL crm.identity.undo({writeProperty: 'personId'})")
    #expect(undone.first?.values == [.integer(2), .integer(3), .integer(3)])
    #expect(try database.query("MATCH (n) RETURN n").count == 3)
  }
}
