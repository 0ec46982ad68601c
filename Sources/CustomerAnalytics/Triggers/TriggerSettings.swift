import Tropa

/// The configuration of `crm.triggers`: rules, caps, quiet hours, and the time for which it runs.
struct TriggerSettings {
  struct Channel {
    var name: String
    var caps: [ContactCap]
    var quietHours: QuietHours?
  }

  var rules: [TriggerRule]
  var channels: [Channel]
  /// Of all triggers and channels together.
  var clientCaps: [ContactCap]
  /// The salt of control groups.
  var experiment: String
  /// Share of the clients who get nothing from any trigger.
  var holdout: Double
  /// The property by which clients are known outside of the graph.
  var clientKey: String
  /// The property that is a product's title, and the one by which it is known.
  var productTitle: String
  var productKey: String
  /// Seconds of the local clock since 1970-01-01T00:00.
  var now: Int64
  var isRussian: Bool
  /// Whether rows of the control group are shown.
  var showsControl: Bool

  var today: Int64 { flooredDay(now) }

  /// Beyond, caps do not look.
  var horizonDays: Int {
    (clientCaps + channels.flatMap(\.caps) + rules.map(\.cap)).map(\.days).max() ?? 1
  }

  /// - Parameter map: of the call; keys of the file that it names are added.
  init(_ map: inout ConfigurationMap, _ call: ProcedureInvocation) throws {
    experiment = try map.string("experiment") ?? "1"
    holdout = try map.float("holdout", default: 0, in: 0...1)
    clientKey = try map.string("clientKey") ?? "id"
    productKey = try map.string("productKey") ?? "id"
    productTitle = try map.string("productTitle") ?? "title"
    isRussian = try map.choice("language", default: Language.en) == .ru
    showsControl = try map.boolean("showControl", default: false)
    let control = try map.float("control", default: 0.1, in: 0...1)
    clientCaps =
      try Self.caps(map.value("caps"), "caps") ?? [ContactCap(atMost: 1, days: 1)]
    let zone = try map.string("timeZone")
    now = try Self.time(map.value("now"), zone, call)
    let quiet = try Self.quietHours(map.value("quietHours"), "quietHours") ?? nil
    rules = []
    guard case .list(let list) = map.value("triggers"), !list.isEmpty else {
      throw QueryError(
        .argumentError, "MissingConfigurationKey", "there are no triggers",
        hint: "list them: triggers: [{name: '…', condition: '…', message: '…'}], or name a YAML "
          + "file that does: file: 'triggers.yaml'")
    }
    for (index, value) in list.enumerated() {
      let rule = try TriggerRule(value, position: index + 1, defaultControl: control)
      if rules.contains(where: { $0.name == rule.name }) {
        throw QueryError(
          .argumentError, "InvalidConfigurationValue", "two triggers are called `\(rule.name)`",
          hint: "what a client got is remembered by the trigger's name")
      }
      rules.append(rule)
    }
    channels = try Self.channels(map.value("channels"), rules, quiet)
    // The first in order takes what caps leave.
    rules.sort { ($1.priority, $0.name) < ($0.priority, $1.name) }
  }

  func channel(of rule: TriggerRule) -> Int { channels.firstIndex { $0.name == rule.channel } ?? 0 }

  // MARK: Reading

  private static func channels(
    _ value: Value, _ rules: [TriggerRule], _ quiet: QuietHours?
  ) throws -> [Channel] {
    var channels: [Channel] = []
    for rule in rules where !channels.contains(where: { $0.name == rule.channel }) {
      channels.append(Channel(name: rule.channel, caps: [], quietHours: quiet))
    }
    guard case .map(let entries) = value else {
      if case .null = value { return channels }
      throw QueryError(
        .typeError, "InvalidArgumentType", "`channels` is no map",
        hint: "write {sms: {atMost: 1, days: 7, quietHours: '21:00-09:00'}}")
    }
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      guard let index = channels.firstIndex(where: { $0.name == name }) else {
        throw QueryError(
          .argumentError, "UnknownChannel", "no trigger uses the channel `\(name)`",
          hint: NameSuggestion.nearest(to: name, among: channels.map(\.name))
            .map { "did you mean `\($0)`?" }
            ?? "channels are \(channels.map(\.name).joined(separator: ", "))")
      }
      var map = try ConfigurationMap(entry, of: "the channel `\(name)`")
      if let caps = try Self.caps(map.value("caps"), "caps") { channels[index].caps = caps }
      if map.has("atMost") || map.has("days") {
        channels[index].caps.append(
          ContactCap(
            atMost: try map.integer("atMost", default: 1, in: 1...1000),
            days: try map.integer("days", default: 1, in: 1...36_500)))
      }
      if let own = try Self.quietHours(map.value("quietHours"), "quietHours") {
        channels[index].quietHours = own
      }
      try map.finish()
    }
    return channels
  }

  /// One cap as a map, or a list of them; nil when there is none, and no caps for `'none'`.
  private static func caps(_ value: Value, _ key: String) throws -> [ContactCap]? {
    func cap(_ value: Value) throws -> ContactCap {
      var map = try ConfigurationMap(value, of: "`\(key)`")
      let cap = ContactCap(
        atMost: try map.requiredInteger("atMost", in: 1...1000),
        days: try map.integer("days", default: 1, in: 1...36_500))
      try map.finish()
      return cap
    }
    switch value {
    case .null: return nil
    case .string("none"): return []
    case .list(let items): return try items.map(cap)
    default: return [try cap(value)]
    }
  }

  /// Nil when nothing is said, and a nil inside for `'none'`.
  private static func quietHours(_ value: Value, _ key: String) throws -> QuietHours?? {
    switch value {
    case .null: return nil
    case .string("none"): return .some(nil)
    case .string(let text):
      if let hours = QuietHours(text) { return .some(hours) }
      fallthrough
    default:
      throw QueryError(
        .argumentError, "InvalidConfigurationValue", "`\(key)` is \(value.text(.literal))",
        hint: "write it as '21:00-09:00', or 'none'")
    }
  }

  /// The time as the clock of the zone shows it.
  private static func time(
    _ value: Value, _ zone: String?, _ call: ProcedureInvocation
  ) throws -> Int64 {
    // A time without a zone is one of the clients' clock already.
    switch value {
    case .localDateTime(let time): return time.seconds
    case .date(let date): return date.days * 86_400
    default: break
    }
    var parameters: [String: Value] = ["zone": .string(zone ?? "UTC")]
    let time: String
    switch value {
    case .null: time = "datetime()"
    case .dateTime: time = "$now"
    case .string(let text):
      let hasZone =
        text.hasSuffix("Z") || text.contains("[")
        || text.drop { $0 != "T" }.contains { $0 == "+" || $0 == "-" }
      if !hasZone {
        let local = try call.query(
          "RETURN localdatetime($now) AS now", parameters: ["now": value])
        if case .localDateTime(let time)? = local.first?["now"] { return time.seconds }
      }
      time = "datetime($now)"
    default:
      throw QueryError(
        .typeError, "InvalidArgumentType", "`now` is \(value.typeName), not a time",
        hint: "write localdatetime('2026-11-25T10:00')")
    }
    parameters["now"] = value
    let query = "RETURN localdatetime(datetime({datetime: \(time), timezone: $zone})) AS now"
    guard
      case .localDateTime(let local)? = try call.query(query, parameters: parameters)
        .first?["now"]
    else { return 0 }
    return local.seconds
  }
}
