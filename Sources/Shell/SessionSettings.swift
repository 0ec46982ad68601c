import Tropa

/// What `:set` changes: how the statements of a session are run.
struct SessionSettings {
  private(set) var options = QueryOptions()

  static let usage = "timeout=SECONDS|none, threads=COUNT|all, rewrite.NAME=on|off"

  /// - Parameter assignment: `name=value`, with or without spaces.
  mutating func set(_ assignment: String) throws(QueryError) {
    let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      .map { $0.trimmingSpaces }
    guard parts.count == 2 else { throw Self.error("`:set` takes \(Self.usage)") }
    let (name, value) = (parts[0], parts[1])
    switch name {
    case "timeout":
      guard value != "none" else {
        options.timeout = nil
        return
      }
      guard let seconds = Double(value), seconds > 0, seconds < 1e9 else {
        throw Self.error("a timeout is a number of seconds above 0, or none")
      }
      options.timeout = .seconds(seconds)
    case "threads":
      guard value != "all" else {
        options.threads = nil
        return
      }
      guard let count = Int(value), count > 0 else {
        throw Self.error("threads are a number above 0, or all")
      }
      options.threads = count
    case _ where name.hasPrefix("rewrite."):
      guard value == "on" || value == "off" else {
        throw Self.error("a rewrite is on or off, not `\(value)`")
      }
      try options.setRewrite(String(name.dropFirst("rewrite.".count)), isOn: value == "on")
    default:
      let nearest = NameSuggestion.nearest(to: name, among: ["timeout", "threads", "rewrite."])
      throw Self.error(
        "there is no setting `\(name)`",
        hint: nearest.map { "did you mean `\($0)`?" } ?? "`:set` takes \(Self.usage)")
    }
  }

  /// A line each.
  var lines: [String] {
    let timeout = options.timeout.map { "\($0 / .seconds(1))" } ?? "none"
    let off = options.disabledRewrites
    return ["timeout=\(timeout)", "threads=\(options.threads.map(String.init) ?? "all")"]
      + QueryOptions.rewrites.map { "rewrite.\($0)=\(off.contains($0) ? "off" : "on")" }
  }

  private static func error(_ message: String, hint: String? = nil) -> QueryError {
    QueryError(.argumentError, "InvalidSetting", message, hint: hint)
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
