public import Tropa

/// What a report is to be about.
public struct ReportSettings: Sendable {
  public var language = ReportLanguage.en
  /// The name of the shop, in the heading.
  public var title = ""
  /// The mapping of `crm.schema`: a map, or the path of a YAML file; null for what the database
  /// keeps.
  public var schema = Value.null
  /// The first day that does not count any more; nil for the day after the last purchase.
  public var until: LocalDate?
  /// The day with which the segments are compared; nil for 90 days before `until`.
  public var since: LocalDate?

  public init() {}
}

/// A page on the clients of a shop, which needs neither a network nor scripts.
public enum Report {
  static let sections: [Section] = [
    OverviewSection.section, SegmentSection.section, RFMSection.section, MovementSection.section,
    CohortSection.section, ChurnSection.section, TriggerSection.section,
    SegmentEffectSection.section, TriggerEffectSection.section, SentimentSection.section,
    CommunitySection.section,
  ]

  /// The page as HTML that is well-formed XML, of one state of the database.
  ///
  /// A section that the graph has no data for says what to run; one whose query fails says why.
  ///
  /// - Parameter database: with the procedures of CustomerAnalytics registered.
  /// - Throws: `QueryError` if the database cannot be read, the mapping is wrong, or the work was
  ///   cancelled.
  public static func html(of database: Database, _ settings: ReportSettings) throws -> String {
    let connection = database.connect()
    try connection.begin(.read)
    defer { try? connection.rollback() }
    let source = try ReportSource(connection, settings)
    var findings: [(Section, Finding)] = []
    for section in sections { findings.append((section, try section.finding(source))) }
    return Page(settings, isEmpty: !source.hasPurchases).html(findings)
  }
}

/// What a section has to say.
enum Finding {
  case body(Markup)
  /// What would have to be run, and why it is missing if that is known.
  case missing([String], reason: String? = nil)
}

struct Section: Sendable {
  /// Of the element, for links.
  let id: String
  let title: Phrase
  /// What makes the data of the section.
  let remedies: [String]
  /// Nil if there are no data.
  let body: @Sendable (ReportSource) throws -> Markup?

  func finding(_ source: ReportSource) throws -> Finding {
    guard source.hasPurchases else { return .missing(remedies) }
    do {
      return try body(source).map { .body($0) } ?? .missing(remedies)
    } catch let error as QueryError {
      switch error.kind {
      case .cancelled, .timeout: throw error
      default:
        return .missing(
          remedies, reason: error.message + (error.hint.map { " (\($0))" } ?? ""))
      }
    }
  }
}
