import CustomerAnalytics
import Foundation
import FoundationXML
import Testing
import Tropa

@testable import Reports

@Suite struct ReportTests {
  /// A shop whose clients buy by a fixed rule over 400 days.
  private static func shop(clients: Int) throws -> Database {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    try database.query(
      """
      UNWIND range(0, 19) AS i CREATE (:Product {id: i,
        category: ['Tea', 'Books <&> "new"', 'Чай', "Kids' toys", 'Garden'][i % 5]})
      """)
    try database.query(
      "UNWIND range(1, $clients) AS i CREATE (:Client {id: i, name: '<b>&\"' + toString(i)})",
      parameters: ["clients": .integer(Int64(clients))])
    try database.query(
      """
      MATCH (c:Client) UNWIND range(0, c.id % 7) AS n
      MATCH (x:Product {id: (c.id * 3 + n * 5) % 20})
      CREATE (c)-[:PURCHASED {at: date('2025-01-15') + duration({days: (c.id * 13 + n * 41) % 400}),
        amount: 10.5 + (c.id * n) % 50, orderId: c.id * 100 + n}]->(x)
      """)
    return database
  }

  /// Names that a page must not take for markup.
  private static let segments = [
    "VIP <script>alert(1)</script>", "A & B", "\"quoted\"", "it's", "Спящие", "x > y", "]]>",
    "plain",
  ]

  private static func addSegments(_ database: Database) throws {
    try database.query(
      "MATCH (c:Client) SET c.segmentName = $names[c.id % size($names)]",
      parameters: ["names": .list(segments.map { .string($0) })])
  }

  private static func report(
    _ database: Database, _ language: ReportLanguage = .en, title: String = "Shop <1> & \"Co\""
  ) throws -> (text: String, page: ParsedPage) {
    var settings = ReportSettings()
    settings.language = language
    settings.title = title
    let text = try Report.html(of: database, settings)
    return (text, try ParsedPage(text))
  }

  @Test(arguments: ReportLanguage.allCases)
  func emptyDatabase(_ language: ReportLanguage) throws {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    let (text, page) = try Self.report(database, language)
    #expect(page.sections == Report.sections.map(\.id))
    #expect(page.missing == Report.sections.map(\.id))
    #expect(page.drawings == 0)
    #expect(page.language == language.rawValue)
    #expect(text.contains(language(.emptyDatabase)))
    #expect(text.contains("CALL crm.churn.write()"))
  }

  @Test(arguments: ReportLanguage.allCases)
  func withoutSegmentsPartsSayWhatToRun(_ language: ReportLanguage) throws {
    let (_, page) = try Self.report(Self.shop(clients: 100), language)
    #expect(
      page.missing == [
        "segments", "churn", "triggers", "segment-effect", "trigger-effect", "sentiment",
      ])
    // Months, RFM, movement, cohorts, communities.
    #expect(page.drawings == 5)
    #expect(page.title == "Shop <1> & \"Co\" — \(language(.report).lowercased())")
  }

  @Test(arguments: ReportLanguage.allCases)
  func eightSegmentsAndAllParts(_ language: ReportLanguage) throws {
    let database = try Self.shop(clients: 100)
    try Self.addSegments(database)
    try database.query(
      """
      MATCH (c:Client) SET c.churnRisk = (c.id % 21) / 20.0, c.rfmMonetary = 10.0 * c.id,
        c.churnTier = CASE WHEN c.id % 21 >= 14 THEN 'high' WHEN c.id % 21 >= 8 THEN 'средний'
          ELSE 'low' END
      """)
    try database.query(
      """
      CREATE (t:Trigger {name: 'win <back> & "more"', control: 0.2})
      WITH t MATCH (c:Client) WHERE c.id <= 50
      CREATE (c)-[:ASSIGNED {at: localdatetime('2025-06-01T10:00'),
        sendAt: localdatetime('2025-06-01T12:00'), group: CASE c.id % 5 WHEN 0 THEN 'control'
        ELSE 'test' END, channel: 'e-mail', experiment: 'x'}]->(t)
      """)
    try database.query(
      """
      MATCH (c:Client) CREATE (c)-[:WROTE]->(:Review {rating: c.id % 5 + 1,
        createdAt: date('2025-12-01'), sentiment: (c.id % 5 - 2) / 2.0,
        sentimentClass: ['negative', 'negative', 'neutral', 'positive', 'positive'][c.id % 5],
        sentimentPrice: CASE c.id % 2 WHEN 0 THEN -0.5 END})
      """)
    let (text, page) = try Self.report(database, language)
    #expect(page.missing == [])
    #expect(page.sections == Report.sections.map(\.id))
    for name in Self.segments + ["win <back> & \"more\"", "Books <&> \"new\""] {
      #expect(page.texts.contains { $0.contains(name) }, "\(name)")
    }
    #expect(!page.elements.contains("script"))
    #expect(!text.contains("http://") || !text.contains("src="))
    #expect(page.drawings == 14)
    #expect(page.rows(of: "segments") == 8)
    #expect(page.rows(of: "segment-effect") == 8)
    #expect(page.rows(of: "churn") == 3)
    #expect(page.texts.contains(language(.high)) && page.texts.contains(language(.medium)))
    // The same graph, the same page.
    #expect(try Self.report(database, language).text == text)
    // Of any number of clients about as long.
    #expect(text.utf8.count < 200_000)
  }

  @Test func aFailingPartDoesNotTakeTheOthersAlong() throws {
    let database = try Self.shop(clients: 100)
    try Self.addSegments(database)
    try database.query("MATCH (c:Client) SET c.churnRisk = 'much'")
    let (_, page) = try Self.report(database)
    #expect(page.missing.contains("churn"))
    #expect(!page.missing.contains("segment-effect"))
    #expect(!page.missing.contains("communities"))
  }

  @Test func fewClientsAndOneDay() throws {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    try database.query(
      """
      CREATE (:Client {id: 1})-[:PURCHASED {at: date('2026-01-01'), amount: 1.0}]->(:Product {id: 1})
      """)
    let (_, page) = try Self.report(database)
    #expect(page.sections == Report.sections.map(\.id))
    #expect(!page.missing.contains("overview"))
  }

  @Test func otherNames() throws {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    try database.query(
      """
      UNWIND range(1, 30) AS i
      CREATE (h:`House``hold` {id: i})-[:PLACED {at: date('2026-01-01') + duration({days: i})}]->
        (o:Order {id: i, total: 5.0 * i}),
        (o)-[:CONTAINS]->(:Product {id: i, category: 'c' + toString(i % 3)})
      """)
    var settings = ReportSettings()
    settings.schema = .map([
      "clientLabel": .string("House`hold"), "amountProperty": .string("total"),
    ])
    let page = try ParsedPage(Report.html(of: database, settings))
    #expect(!page.missing.contains("overview"))
    #expect(!page.missing.contains("rfm"))
    #expect(page.texts.contains("2 Jan 2026 – 31 Jan 2026"))
  }

  @Test func aWrongMappingIsAnError() throws {
    let database = try Self.shop(clients: 5)
    var settings = ReportSettings()
    settings.schema = .map(["clientLable": .string("Client")])
    #expect(throws: QueryError.self) { try Report.html(of: database, settings) }
  }
}

/// A page as an XML parser reads it.
final class ParsedPage: NSObject, XMLParserDelegate {
  private(set) var elements: Set<String> = []
  private(set) var sections: [String] = []
  /// Sections that say what to run.
  private(set) var missing: [String] = []
  private(set) var drawings = 0
  private(set) var language = ""
  private(set) var title = ""
  /// What stands between tags.
  private(set) var texts: [String] = []
  private var rowsOfSection: [String: Int] = [:]
  private var open: [String] = []
  private var text = ""
  private var isBody = false

  init(_ text: String) throws {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    if !parser.parse() {
      throw parser.parserError ?? CocoaError(.fileReadCorruptFile)
    }
  }

  /// Rows of the tables of a section.
  func rows(of section: String) -> Int { rowsOfSection[section] ?? 0 }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements.insert(name)
    open.append(name)
    text = ""
    switch name {
    case "html": language = attributes["lang"] ?? ""
    case "section": sections.append(attributes["id"] ?? "")
    case "svg": drawings += 1
    case "tbody": isBody = true
    case "tr" where isBody: rowsOfSection[sections.last ?? "", default: 0] += 1
    case "p" where attributes["class"] == "missing":
      if let section = sections.last { missing.append(section) }
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    if name == "tbody" { isBody = false }
    if name == "title", open.dropLast().last == "head" { title = text }
    open.removeLast()
    if !text.isEmpty { texts.append(text) }
    text = ""
  }
}
