import Foundation

/// A line on a terminal with what has been done and the remaining time; nothing when standard error
/// is no terminal, nor in the first second.
final class ProgressLine {
  private let start = ContinuousClock.now
  private var lastShown: ContinuousClock.Instant?
  private let isShown = Terminal.errorIsTerminal

  /// - Parameter text: made only when it is shown; is given the seconds since the beginning.
  func update(_ text: (Double) -> String) {
    guard isShown else { return }
    let now = ContinuousClock.now
    let elapsed = (now - start) / .seconds(1)
    if elapsed < 1 || lastShown.map({ now - $0 < .milliseconds(200) }) ?? false { return }
    lastShown = now
    Terminal.writeError("\r\u{1B}[K\(text(elapsed))")
  }

  /// `title: 12 %, 0:34 left`.
  func update(_ title: String, share: Double) {
    update { elapsed in "\(title): \(Int(share * 100)) %\(Self.left(share, elapsed))" }
  }

  /// `title: 12 %, 3.4 M rows/s, 0:34 left`.
  func update(_ title: String, done: Int, of total: Int, _ unit: String) {
    update { elapsed in
      let share = min(1, Double(done) / Double(max(total, 1)))
      return "\(title): \(Int(share * 100)) %, \(Self.short(Double(done) / elapsed)) \(unit)/s"
        + Self.left(share, elapsed)
    }
  }

  func finish() {
    if lastShown != nil { Terminal.writeError("\r\u{1B}[K") }
    lastShown = nil
  }

  /// `, 1:05 left`; nothing when too little is done to know.
  static func left(_ share: Double, _ elapsed: Double) -> String {
    guard share > 0.01, share < 1 else { return "" }
    let seconds = Int((elapsed / share - elapsed).rounded(.up))
    return ", \(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60) left"
  }

  private static func short(_ value: Double) -> String {
    value >= 1e6
      ? "\((value / 1e5).rounded() / 10) M"
      : value >= 1e3 ? "\(Int(value / 1e3)) k" : "\(Int(value))"
  }
}

/// The line of statements that take long, one after the other.
final class StatementProgress: @unchecked Sendable {  // Called by one thread at a time.
  private var line: ProgressLine?

  func update(_ task: String, share: Double) {
    let line = line ?? ProgressLine()
    self.line = line
    line.update(task, share: share)
    if share >= 1 { finish() }
  }

  func finish() {
    line?.finish()
    line = nil
  }
}

/// Bytes as people read them.
enum ByteCount {
  static func text(_ bytes: Int) -> String {
    bytes < 1_000_000 ? "\(bytes / 1000) kB" : "\((Double(bytes) / 1e5).rounded() / 10) MB"
  }
}
