import CustomerAnalytics
import Foundation
import TestSupport
import Testing
import Tropa

@Suite struct SchemaMappingTests {
  private func database(_ statements: String...) throws -> Database {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    for statement in statements { try database.query(statement) }
    return database
  }

  /// The shape of X5's loyalty data, with Russian names: receipts with a sum, lines without money.
  private func receipts() throws -> Database {
    try database(
      """
      CREATE (a:Покупатель {id: 'a'}), (b:Покупатель {id: 'b'}), (:Покупатель {id: 'c'}),
        (milk:Товар {id: 1, level_4: 'молоко', brand_id: 'p'}),
        (kefir:Товар {id: 2, level_4: 'молоко', brand_id: 'q'}),
        (bread:Товар {id: 3, level_4: 'хлеб'}),
        (r1:Чек {datetime: localdatetime('2019-01-01T10:00'), purchase_sum: 100.0}),
        (r2:Чек {datetime: localdatetime('2019-01-11T10:00'), purchase_sum: 50.5}),
        (r3:Чек {datetime: localdatetime('2019-01-20T10:00'), purchase_sum: 7.0}),
        (r4:Чек {datetime: localdatetime('2019-01-12T10:00'), purchase_sum: 30.0}),
        (a)-[:ПОЛУЧИЛ]->(r1)-[:СОДЕРЖИТ {quantity: 2}]->(milk), (r1)-[:СОДЕРЖИТ]->(bread),
        (a)-[:ПОЛУЧИЛ]->(r2)-[:СОДЕРЖИТ]->(kefir), (a)-[:ПОЛУЧИЛ]->(r3),
        (b)-[:ПОЛУЧИЛ]->(r4)-[:СОДЕРЖИТ]->(bread)
      """)
  }
  private let receiptMapping = """
    {clientLabel: 'Покупатель', orderLabel: 'Чек', placedType: 'ПОЛУЧИЛ', containsType: 'СОДЕРЖИТ',
     productLabel: 'Товар', dateProperty: 'datetime', amountProperty: 'purchase_sum',
     categoryProperty: 'level_4', brandProperty: 'brand_id'}
    """

  @Test func purchasesThroughOrdersWithMoneyOnTheOrder() throws {
    let database = try receipts()
    let rows = try database.query(
      """
      CALL crm.features.stream({schema: \(receiptMapping)})
      YIELD nodeId, recency, frequency, monetary, averageCheck, interval, products, categories, brands
      MATCH (c) WHERE id(c) = nodeId
      RETURN c.id AS id, recency, frequency, monetary, averageCheck, interval, products, categories,
        brands ORDER BY id
      """)
    #expect(rows.count == 2)
    // The receipt without lines counts; the sum of a receipt with two lines counts once.
    #expect(
      rows[0].values == [
        .string("a"), .float(0), .float(3), .float(157.5), .float(52.5), .float(9.5), .float(3),
        .float(2), .float(2),
      ])
    #expect(
      rows[1].values == [
        .string("b"), .float(8), .float(1), .float(30), .float(30), .null, .float(1), .float(1),
        .float(0),
      ])
    let early = try database.query(
      """
      CALL crm.rfm.stream({schema: \(receiptMapping), referenceDate: date('2019-01-12')})
      YIELD frequency, monetary RETURN frequency, monetary
      """)
    #expect(early.map(\.values) == [[.integer(2), .float(150.5)]])
  }

  @Test func theDefaultPathThroughOrdersNeedsNoMapping() throws {
    let database = try database(
      """
      CREATE (c:Client)-[:PLACED]->(o:Order {at: date('2026-03-01')})
        -[:CONTAINS {amount: 5, discount: 5}]->(x:Product {category: 'a'}),
        (o)-[:CONTAINS {amount: 7}]->(:Product)
      """)
    let row = try database.query(
      """
      CALL crm.features.stream() YIELD frequency, monetary, products, categories, discountShare
      RETURN frequency, monetary, products, categories, discountShare
      """)
    #expect(row.first?.values == [.float(1), .float(12), .float(2), .float(1), .float(0.5)])
  }

  @Test func moneyMayBeAnExpression() throws {
    let database = try database(
      """
      CREATE (c:Client)-[:PURCHASED {at: date('2026-03-01'), quantity: 3, price: 2.5}]->(:Product),
        (c)-[:PURCHASED {at: date('2026-03-02'), quantity: -1, price: 2.5}]->(:Product)
      """)
    let row = try database.query(
      """
      CALL crm.rfm.stream({schema: {amount: 'p.quantity * p.price', filter: 'p.quantity > 0'}})
      YIELD frequency, monetary RETURN frequency, monetary
      """)
    #expect(row.first?.values == [.integer(1), .float(7.5)])
  }

  /// The shape of Retailrocket's funnel: no dates, no money.
  @Test func footprintsWithoutDatesCount() throws {
    let database = try database(
      """
      CREATE (a:Client {id: 1}), (b:Client {id: 2}), (x:Product), (y:Product),
        (a)-[:VIEWED]->(x), (a)-[:VIEWED]->(x), (a)-[:VIEWED]->(y), (a)-[:ADDED_TO_CART]->(x),
        (a)-[:PURCHASED]->(x), (b)-[:VIEWED]->(y)
      """)
    let rows = try database.query(
      """
      CALL crm.features.stream({includeNonBuyers: true})
      YIELD nodeId, frequency, views, carts, viewConversion, recency, monetary, sessions
      RETURN frequency, views, carts, viewConversion, recency, monetary, sessions ORDER BY nodeId
      """)
    #expect(
      rows.map(\.values) == [
        [.float(1), .float(3), .float(1), .float(0.5), .null, .null, .null],
        [.float(0), .float(1), .float(0), .float(0), .null, .null, .null],
      ])
    let dated = try database.query(
      "CALL crm.features.stats({referenceDate: date('2026-01-01')}) YIELD feature RETURN feature")
    #expect(dated.notices.contains { $0.message.contains("no dates") })
    let error = #expect(throws: QueryError.self) { try database.query("CALL crm.rfm.stream()") }
    #expect(error?.hint?.contains("dateProperty") == true)
  }

  @Test func sessionsAndRatingsOnRelationships() throws {
    let database = try database(
      """
      CREATE (a:User {id: 1}), (x:Movie),
        (a)-[:BOUGHT {at: date('2026-01-05'), amount: 1}]->(x),
        (a)-[:RATED {rating: 4.5, createdAt: date('2026-01-02')}]->(x),
        (a)-[:RATED {rating: 1.5, createdAt: date('2026-02-02')}]->(x),
        (a)-[:VISITED]->(:Session {at: datetime('2026-01-03T23:30+03:00'), pageViews: 6}),
        (a)-[:VISITED]->(:Session {at: datetime('2026-01-04T23:30+03:00'), pageViews: 3}),
        (a)-[:VISITED]->(:Session {at: datetime('2026-01-09T23:30+03:00'), pageViews: 100})
      """)
    let row = try database.query(
      """
      CALL crm.features.stream({schema: {clientLabel: 'User', purchaseType: 'BOUGHT',
        reviewType: 'RATED'}, referenceDate: date('2026-01-06')})
      YIELD rating, reviews, sessions, depth, visitRecency
      RETURN rating, reviews, sessions, depth, visitRecency
      """)
    #expect(row.first?.values == [.float(4.5), .float(1), .float(2), .float(4.5), .float(1)])
  }

  // MARK: Categories that are nodes

  @Test func categoriesMayBeNodes() throws {
    let database = try database(
      """
      CREATE (c:Client), (k:Category), (l:Category), (x:Product), (y:Product),
        (x)-[:IN]->(k), (x)-[:IN]->(l), (y)-[:IN]->(k),
        (c)-[:PURCHASED {at: date('2026-01-05'), amount: 1}]->(x),
        (c)-[:PURCHASED {at: date('2026-01-05'), amount: 1}]->(y)
      """)
    let row = try database.query(
      """
      CALL crm.features.stream({schema: {categoryType: 'IN'}}) YIELD categories RETURN categories
      """)
    #expect(row.first?.values == [.float(2)])
  }

  // MARK: Keeping a mapping

  @Test func aMappingIsKeptInTheDatabase() throws {
    let database = try receipts()
    let set = try database.query("CALL crm.schema.set(\(receiptMapping))")
    #expect(set.count == 9)
    #expect(set.notices.isEmpty)
    #expect(try database.query("CALL crm.rfm.stream() YIELD nodeId RETURN nodeId").count == 2)
    // A call says something else.
    #expect(
      try database.query("CALL crm.rfm.stream({filter: 'c.id = \"b\"'}) YIELD nodeId RETURN nodeId")
        .count == 1)
    let origins = try database.query(
      """
      CALL crm.schema.check({clientLabel: 'Товар'}) YIELD key, origin
      WHERE key IN ['clientLabel', 'orderLabel', 'viewType'] RETURN origin
      """)
    #expect(try origins.strings("origin") == ["call", "stored", "default"])
    // One key taken back; another that is not there yet.
    let changed = try database.query(
      "CALL crm.schema.set({brandProperty: null, viewType: 'Видел'})")
    #expect(changed.count == 9)
    #expect(changed.notices.first?.message.contains("Видел") == true)
    #expect(try database.query("CALL crm.schema.reset()").first?["removed"] == .boolean(true))
    #expect(try database.query("CALL crm.schema.reset()").first?["removed"] == .boolean(false))
    #expect(throws: QueryError.self) { try database.query("CALL crm.rfm.stream()") }
  }

  @Test func aMappingMayBeAFile() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("crm.yaml").path
      try """
      # receipts
      schema:
        clientLabel: Покупатель
        orderLabel: Чек
        placedType: ПОЛУЧИЛ
        containsType: СОДЕРЖИТ
        dateProperty: datetime
        amountProperty: purchase_sum
      """.write(toFile: path, atomically: true, encoding: .utf8)
      let database = try receipts()
      #expect(
        try database.query(
          "CALL crm.rfm.stream({schema: $path}) YIELD nodeId RETURN nodeId",
          parameters: ["path": .string(path)]
        ).count == 2)
      try database.query("CALL crm.schema.set($path)", parameters: ["path": .string(path)])
      #expect(try database.query("CALL crm.rfm.stream() YIELD nodeId RETURN nodeId").count == 2)

      func failure(_ text: String) throws -> QueryError? {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return #expect(throws: QueryError.self) {
          try database.query(
            "CALL crm.rfm.stream({schema: $path})", parameters: ["path": .string(path)])
        }
      }
      let unknown = try failure("clientLabel: Client\nclentLabel: Client\n")
      #expect(unknown?.message.contains("crm.yaml, line 2") == true)
      #expect(unknown?.hint == "did you mean `clientLabel`?")
      #expect(try failure("clientLabel: [a, b]")?.message.contains("clientLabel") == true)
      #expect(try failure("clientLabel: 'a")?.message.contains("not YAML") == true)
      let missing = #expect(throws: QueryError.self) {
        try database.query("CALL crm.rfm.stream({schema: 'no-such.yaml'})")
      }
      #expect(missing?.message.contains("no-such.yaml") == true)
    }
  }

  // MARK: Mistakes

  @Test func wrongNamesAreToldWithTheNearest() throws {
    let database = try receipts()
    func failure(_ mapping: String) -> QueryError? {
      #expect(throws: QueryError.self) {
        try database.query("CALL crm.features.stream({schema: \(mapping)})")
      }
    }
    #expect(failure("{clientLable: 'x'}")?.hint == "did you mean `clientLabel`?")
    #expect(failure("{clientLabel: 7}")?.message.contains("`clientLabel`") == true)
    #expect(
      failure("{clientLabel: 'Покупатели', orderLabel: 'Чек'}")?.hint
        == "did you mean `Покупатель`? Set clientLabel: 'Покупатель' in the configuration")
    #expect(
      failure("{clientLabel: 'Покупатель', orderLabel: 'Чек', placedType: 'ПОЛУЧИЛА'}")?.hint?
        .contains("placedType: 'ПОЛУЧИЛ'") == true)
    // Where nothing is near, what there is.
    #expect(failure("{clientLabel: 'x'}")?.hint?.contains("Покупатель, Товар, Чек") == true)
    let text = try self.database(
      "CREATE (:Client)-[:PURCHASED {at: '01.02.2026', amount: 1}]->(:Product)")
    let dates = #expect(throws: QueryError.self) { try text.query("CALL crm.rfm.stream()") }
    #expect(
      dates?.message.contains("`at`") == true && dates?.hint?.contains("dateProperty") == true)
    let money = try self.database(
      "CREATE (:Client)-[:PURCHASED {at: date('2026-02-01'), amount: '1,50'}]->(:Product)")
    let amounts = #expect(throws: QueryError.self) { try money.query("CALL crm.rfm.stream()") }
    #expect(amounts?.hint?.contains("amountProperty") == true)
  }

  @Test func theCheckCountsAndSaysWhatToDo() throws {
    let database = try receipts()
    let rows = try database.query(
      """
      CALL crm.schema.check({schema: {clientLabel: 'Покупатель', orderLabel: 'Чеки',
        placedType: 'ПОЛУЧИЛ', dateProperty: 'datetime', filter: 'true'}})
      YIELD key, kind, name, found, count, remedy
      RETURN key, kind, name, found, count, remedy
      """)
    func row(_ key: String) -> [Value]? { rows.first { $0["key"] == .string(key) }?.values }
    #expect(
      row("clientLabel") == [
        .string("clientLabel"), .string("label"), .string("Покупатель"), .boolean(true),
        .integer(3), .null,
      ])
    #expect(
      row("placedType") == [
        .string("placedType"), .string("relationship type"), .string("ПОЛУЧИЛ"), .boolean(true),
        .integer(4), .null,
      ])
    #expect(
      row("orderLabel") == [
        .string("orderLabel"), .string("label"), .string("Чеки"), .boolean(false), .integer(0),
        .string("did you mean `Чек`? Set orderLabel: 'Чек' in the configuration"),
      ])
    #expect(row("filter")?[3...] == [.null, .null, .null])
    #expect(row("dateProperty")?[3] == .boolean(false))
  }
}
