import Tropa

/// When whom to address, with what, and how often.
struct TriggerRule {
  /// Whence the clients come.
  enum Source {
    /// All that meet the condition and are in the segment.
    case clients
    /// A query with a column `client`, and `product`, `reason`, `score` and others as it likes.
    case query(String)
    case replenishment(Replenishment)
    case nextBest(NextBest)
    case winBack(WinBack)
    case thankYou(ThankYou)
    case complaint(Complaint)
  }
  struct Replenishment {
    enum Unit: String, CaseIterable { case product, category }
    var unit: Unit
    /// Days with a purchase, at least.
    var purchases: Int
    /// Days before the purchase is due.
    var early: Int
    /// In multiples of the interval: who has been silent for longer buys elsewhere.
    var until: Double
  }
  struct NextBest {
    /// Clients who bought both, at least.
    var support: Int
    /// Of the last products that a client bought, how many count.
    var basket: Int
    /// Days since the last purchase, at most; nil for all clients.
    var within: Int?
  }
  struct WinBack {
    enum Tier: String, CaseIterable { case strong, soft, any }
    var property: String
    /// Risks, both included.
    var from: Double
    var upTo: Double
  }
  struct ThankYou {
    var within: Int
    var least: Double
    var isFirstOnly: Bool
  }
  struct Complaint {
    var within: Int
    /// Stars, at most.
    var rating: Double
    /// Sentiment below it.
    var sentiment: Double
  }

  var name: String
  var source: Source
  var condition: String?
  /// Names of segments of which the client must be in one.
  var segments: [String]
  /// The property that holds the segment; nil for those that `crm.segments`, `crm.rfm` and
  /// `crm.churn` write.
  var segmentProperty: String?
  var message: MessageTemplate
  var channel: String
  /// The greater comes first.
  var priority: Int
  var cap: ContactCap
  var validDays: Double
  /// Share of the clients who get nothing.
  var control: Double

  enum Kind: String, CaseIterable {
    case condition, query, replenishment, nextBest, winBack, thankYou, complaint
  }

  init(_ value: Value, position: Int, defaultControl: Double) throws {
    guard case .map(let entries) = value else {
      throw QueryError(
        .typeError, "InvalidArgumentType", "trigger \(position) is no map",
        hint: "write {name: '…', condition: '…', message: '…', channel: '…'}")
    }
    var label = "trigger \(position)"
    if case .string(let name)? = entries["name"] { label = "the trigger `\(name)`" }
    var map = try ConfigurationMap(value, of: label)
    name = try map.requiredString("name")
    condition = try map.string("condition")
    segments = try map.strings("segment", default: [])
    segmentProperty = try map.string("segmentProperty")
    let query = try map.string("query")
    let fallback: Kind = query != nil ? .query : .condition
    let kind = try map.choice("kind", default: fallback)
    if kind != .query, query != nil {
      throw QueryError(
        .argumentError, "InvalidConfigurationValue",
        "\(label) has a query, and is of the kind \(kind.rawValue), which has one of its own",
        hint: "leave out one of them; `condition` narrows the clients of a kind")
    }
    source = try Self.source(kind, query, &map)
    if kind == .condition && condition == nil && segments.isEmpty {
      throw QueryError(
        .argumentError, "MissingConfigurationKey", "\(label) says for nobody when it fires",
        hint: "give it a condition such as \"c.rfmRecency > 60\", a segment, a query or a kind; "
          + "condition: 'true' is for everybody")
    }
    message = try MessageTemplate(try map.requiredString("message"), of: name)
    channel = try map.string("channel") ?? "email"
    priority = try map.integer("priority", default: 50)
    cap = ContactCap(
      atMost: try map.integer("atMost", default: 1, in: 1...1000),
      days: try map.integer("days", default: 30, in: 1...36_500))
    validDays = try map.float("validDays", default: 7, in: 0...36_500)
    control = try map.float("control", default: defaultControl, in: 0...1)
    try map.finish()
  }

  private static func source(
    _ kind: Kind, _ query: String?, _ map: inout ConfigurationMap
  ) throws -> Source {
    switch kind {
    case .condition: return .clients
    case .query:
      guard let query else { throw map.missing("query", example: "'MATCH … RETURN c AS client'") }
      return .query(query)
    case .replenishment:
      return .replenishment(
        Replenishment(
          unit: try map.choice("by", default: .product),
          purchases: try map.integer("purchases", default: 3, in: 2...1000),
          early: try map.integer("early", default: 2, in: 0...365),
          until: try map.float("until", default: 2, in: 1...1000)))
    case .nextBest:
      return .nextBest(
        NextBest(
          support: try map.integer("support", default: 5, in: 1...1_000_000),
          basket: try map.integer("basket", default: 20, in: 1...1000),
          within: map.has("within") ? try map.integer("within", default: 1, in: 1...36_500) : nil))
    case .winBack:
      // The tiers of churn: a strong offer above 0.7, a soft reminder from 0.4, nothing below.
      let tier = try map.choice("tier", default: WinBack.Tier.any)
      let bounds =
        tier == .strong ? (0.7.nextUp, 1.0) : tier == .soft ? (0.4, 0.7) : (0.4, 1.0)
      return .winBack(
        WinBack(
          property: try map.string("riskProperty") ?? "churnRisk",
          from: try map.float("from", default: bounds.0, in: 0...1),
          upTo: try map.float("upTo", default: bounds.1, in: 0...1)))
    case .thankYou:
      return .thankYou(
        ThankYou(
          within: try map.integer("within", default: 1, in: 1...365),
          least: try map.float("amount", default: 0),
          isFirstOnly: try map.boolean("firstOnly", default: false)))
    case .complaint:
      return .complaint(
        Complaint(
          within: try map.integer("within", default: 7, in: 1...365),
          rating: try map.float("rating", default: 2),
          sentiment: try map.float("sentiment", default: -0.3)))
    }
  }
}
