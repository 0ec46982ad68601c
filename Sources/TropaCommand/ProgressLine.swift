import Foundation

/// A line on a terminal with amount, rate and remaining time; nothing when output is no terminal,
/// nor in the first second.
final class ProgressLine {
  private let title: String
  private let total: Int
  private let unit: String
  private let start = ContinuousClock.now
  private var lastShown: ContinuousClock.Instant?
  private let isShown = Terminal.errorIsTerminal

  init(_ title: String, total: Int, unit: String) {
    self.title = title
    self.total = total
    self.unit = unit
  }

  func update(_ done: Int, note: String = "") {
    guard isShown else { return }
    let now = ContinuousClock.now
    let elapsed = (now - start) / .seconds(1)
    if elapsed < 1 || lastShown.map({ now - $0 < .milliseconds(200) }) ?? false { return }
    lastShown = now
    let rate = Double(done) / elapsed
    let percent = total > 0 ? min(100 * done / total, 100) : 0
    var text = "\(title): \(percent) %, \(Self.short(rate)) \(unit)/s"
    if done > 0, done < total {
      let remaining = Int((Double(total - done) / rate).rounded(.up))
      text += ", \(remaining / 60):\(remaining % 60 < 10 ? "0" : "")\(remaining % 60) left"
    }
    Terminal.writeError("\r\u{1B}[K\(text)\(note)")
  }

  func finish() {
    if lastShown != nil { Terminal.writeError("\r\u{1B}[K") }
  }

  private static func short(_ value: Double) -> String {
    value >= 1e6
      ? "\((value / 1e5).rounded() / 10) M"
      : value >= 1e3 ? "\(Int(value / 1e3)) k" : "\(Int(value))"
  }
}
