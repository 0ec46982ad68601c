import GraphTypes
import Tropa

/// A table fitted to the screen: numbers to the right, wide columns shortened. Widths are chosen
/// from the first rows; later ones are shortened to them.
final class TableWriter: ResultWriter {
  private static let sampleRows = 1000
  private static let narrowest = 8
  private let output: (String) throws -> Void
  private let screenWidth: Int?
  private var columns: [String] = []
  private var sample: [[Value]] = []
  private var widths: [Int] = []
  private var isNumeric: [Bool] = []
  private var hasBegun = false

  init(width: Int?, output: @escaping (String) throws -> Void) {
    screenWidth = width
    self.output = output
  }

  func begin(columns: [String]) throws { self.columns = columns }

  func row(_ values: [Value]) throws {
    if hasBegun { return try output(line(values) + "\n") }
    sample.append(values)
    if sample.count == Self.sampleRows { try printSample() }
  }

  func end() throws {
    if !hasBegun { try printSample() }
    if !columns.isEmpty { try output(rule("└", "┴", "┘") + "\n") }
  }

  private func printSample() throws {
    hasBegun = true
    if columns.isEmpty { return }
    chooseWidths()
    var text = rule("┌", "┬", "┐") + "\n"
    text +=
      "│"
      + columns.indices.map { " \(cell(columns[$0], $0, toTheRight: isNumeric[$0])) " }
      .joined(separator: "│") + "│\n"
    text += rule("├", "┼", "┤") + "\n"
    for values in sample { text += line(values) + "\n" }
    sample = []
    try output(text)
  }

  private func chooseWidths() {
    isNumeric = columns.indices.map { column in
      var seen = false
      for row in sample {
        switch row[column] {
        case .integer, .float: seen = true
        case .null: continue
        default: return false
        }
      }
      return seen
    }
    widths = columns.indices.map { column in
      sample.reduce(max(displayWidth(of: columns[column]), 1)) {
        max($0, displayWidth(of: Self.text($1[column])))
      }
    }
    guard let screenWidth else { return }
    // The widest column gives way first.
    let room = screenWidth - 3 * columns.count - 1
    while widths.reduce(0, +) > room, let widest = widths.max(), widest > Self.narrowest,
      let column = widths.firstIndex(of: widest)
    {
      let next = widths.filter { $0 < widest }.max() ?? Self.narrowest
      let excess = widths.reduce(0, +) - room
      widths[column] = max(widest - excess, min(next, widest - 1), Self.narrowest)
    }
  }

  private func line(_ values: [Value]) -> String {
    "│"
      + values.indices.map { " \(cell(Self.text(values[$0]), $0, toTheRight: isNumeric[$0])) " }
      .joined(separator: "│") + "│"
  }

  private func rule(_ left: String, _ middle: String, _ right: String) -> String {
    left + widths.map { String(repeating: "─", count: $0 + 2) }.joined(separator: middle) + right
  }

  /// Exactly the column's width on the screen.
  private func cell(_ text: String, _ column: Int, toTheRight: Bool) -> String {
    let width = widths[column]
    var shown = text
    var used = displayWidth(of: shown)
    if used > width {
      var room = width - 1
      shown = String(
        text.prefix { character in
          room -= displayWidth(of: character)
          return room >= 0
        })
      shown += "…"
      used = displayWidth(of: shown)
    }
    let space = String(repeating: " ", count: max(width - used, 0))
    return toTheRight ? space + shown : shown + space
  }

  /// On one line: line breaks and tabs are shown as symbols.
  private static func text(_ value: Value) -> String {
    if case .null = value { return "" }
    let text = value.cellText
    guard text.utf8.contains(where: { $0 < 0x20 }) else { return text }
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.map {
          $0 == "\n" ? "↵" : $0.value < 0x20 ? "·" : $0
        }))
  }
}
