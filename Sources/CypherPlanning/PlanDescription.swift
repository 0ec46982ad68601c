internal import Cypher
internal import GraphTypes

/// What an operator did in a profiled run, its inputs not counted.
package struct OperatorStatistics: Sendable {
  package var rows: Int
  package var batches: Int
  package var time: Duration
  /// Bytes accounted for at present and at most.
  package var memory = 0
  package var peakMemory = 0
  /// Bytes written to temporary files.
  package var spilledBytes = 0
  package init(rows: Int = 0, batches: Int = 0, time: Duration = .zero) {
    self.rows = rows
    self.batches = batches
    self.time = time
  }

  /// What another thread did at the same time.
  package mutating func add(_ other: OperatorStatistics) {
    rows += other.rows
    batches += other.batches
    time += other.time
    memory += other.memory
    peakMemory += other.peakMemory
    spilledBytes += other.spilledBytes
  }
}

/// A plan for people: EXPLAIN and, with what a run measured, PROFILE.
///
/// Rows come top down. Of two inputs the inner (second) one comes first, one level deeper, as in
/// Neo4j: the way straight down is the outer one. So do the plans of subquery expressions.
package struct PlanDescription: Sendable {
  package struct Row: Sendable {
    /// Number of second inputs around it.
    package var level: Int
    package var name: String
    package var details: String
    package var estimatedRows: Double
    package var statistics: OperatorStatistics?
    /// The operator has two inputs: those above the next row of the same level are its second one.
    package var hasBranch: Bool
    /// The operator's own.
    package var milliseconds: Double? {
      statistics.map {
        Double($0.time.components.seconds) * 1e3
          + Double($0.time.components.attoseconds) / 1e15
      }
    }
  }
  package private(set) var rows: [Row] = []

  /// - Parameters:
  ///   - names: by variable, as in `PlannedStatement.variableNames`.
  ///   - profile: one entry per operator, depth first, input 0 before input 1.
  package init(_ plan: Plan, names: [String?], profile: [OperatorStatistics]? = nil) {
    var position = 0
    Self.append(
      plan, level: 0, ExpressionPrinter(names: names), profile, position: &position, to: &rows)
    rows.reverse()
  }

  package init(_ statement: PlannedStatement, profile: [OperatorStatistics]? = nil) {
    self.init(statement.plan, names: statement.variableNames, profile: profile)
  }

  /// From the leaves up.
  private static func append(
    _ plan: Plan, level: Int, _ printer: ExpressionPrinter, _ profile: [OperatorStatistics]?,
    position: inout Int, to rows: inout [Row]
  ) {
    let statistics = profile.flatMap { $0.indices.contains(position) ? $0[position] : nil }
    position += 1
    for (i, input) in plan.inputs.enumerated() {
      append(input, level: level + i, printer, profile, position: &position, to: &rows)
    }
    let subqueries = plan.operation.subqueryPlans
    for subquery in subqueries {
      // They run once for each row, and are not measured.
      var unmeasured = 0
      append(subquery, level: level + 1, printer, nil, position: &unmeasured, to: &rows)
    }
    rows.append(
      Row(
        level: level, name: printer.operatorName(plan.operation), details: printer.details(plan),
        estimatedRows: plan.estimatedRows, statistics: statistics,
        hasBranch: plan.inputs.count > 1 || !subqueries.isEmpty))
  }

  /// A table of at most `width` columns; long details go on below.
  package func text(width: Int = 100) -> String {
    let isProfile = rows.contains { $0.statistics != nil }
    let operators = rows.map { String(repeating: "| ", count: $0.level) + "+" + $0.name }
    let estimates = rows.map { Self.number($0.estimatedRows) }
    var columns: [(title: String, cells: [String])] = [("Estimated rows", estimates)]
    if isProfile {
      columns.append(("Rows", rows.map { $0.statistics.map { "\($0.rows)" } ?? "" }))
      columns.append(("Batches", rows.map { $0.statistics.map { "\($0.batches)" } ?? "" }))
      columns.append(("Time (ms)", rows.map { $0.milliseconds.map(Self.fixed) ?? "" }))
      columns.append(
        ("Memory", rows.map { $0.statistics.map { Self.bytes($0.peakMemory) } ?? "" }))
      if rows.contains(where: { $0.statistics?.spilledBytes ?? 0 > 0 }) {
        columns.append(
          ("Spilled", rows.map { $0.statistics.map { Self.bytes($0.spilledBytes) } ?? "" }))
      }
    }
    let widths = columns.map { column in
      (column.cells + [column.title]).map { displayWidth(of: $0) }.max() ?? 0
    }
    let operatorWidth = (operators + ["Operator"]).map { displayWidth(of: $0) }.max() ?? 0
    let fixedWidth = operatorWidth + widths.reduce(0, +) + 2 * (widths.count + 1)
    let detailWidth = max(16, width - fixedWidth)
    let used = rows.map { displayWidth(of: $0.details) }.max() ?? 0
    let shownWidth = min(detailWidth, max(used, 7))

    var lines: [String] = []
    func add(_ first: String, _ detail: String, _ cells: [String]) {
      var line =
        Self.padded(first, operatorWidth) + "  " + Self.padded(detail, shownWidth)
      for (cell, width) in zip(cells, widths) {
        line += "  " + Self.padded(cell, width, right: true)
      }
      while line.last == " " { line.removeLast() }
      lines.append(line)
    }
    add("Operator", "Details", columns.map(\.title))
    for (i, row) in rows.enumerated() {
      let parts = Self.wrapped(row.details, shownWidth)
      add(operators[i], parts.first ?? "", columns.map { $0.cells[i] })
      let bar = String(repeating: "| ", count: row.level) + (row.hasBranch ? "|\\" : "|")
      let isLast = i + 1 == rows.count
      for part in parts.dropFirst() {
        add(isLast ? "" : bar, part, [])
      }
      if row.hasBranch && parts.count < 2 { add(bar, "", []) }
    }
    if isProfile {
      let milliseconds = rows.reduce(0) { $0 + ($1.milliseconds ?? 0) }
      lines.append("Total: \(Self.fixed(milliseconds)) ms")
    }
    return lines.joined(separator: "\n")
  }

  private static func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - displayWidth(of: text)))
    return right ? space + text : text + space
  }

  /// Lines of at most `width` columns, broken at spaces where there are any, else before brackets.
  private static func wrapped(_ text: String, _ width: Int) -> [String] {
    if displayWidth(of: text) <= width { return [text] }
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let wordWidth = displayWidth(of: word)
      if line.isEmpty || used + 1 + wordWidth <= width {
        if !line.isEmpty {
          line += " "
          used += 1
        }
      } else {
        lines.append(line)
        (line, used) = ("", 0)
      }
      if used + wordWidth <= width {
        line += word
        used += wordWidth
        continue
      }
      for piece in pieces(word) {
        if !line.isEmpty, used + displayWidth(of: piece) > width {
          lines.append(line)
          (line, used) = ("", 0)
        }
        for character in piece {
          let characterWidth = displayWidth(of: character)
          if used + characterWidth > width {
            lines.append(line)
            (line, used) = ("", 0)
          }
          line.append(character)
          used += characterWidth
        }
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  /// A long word in parts, each from a bracket to the next: `(c)-`, `[:BOUGHT]->`, `(p)`.
  private static func pieces(_ word: Substring) -> [Substring] {
    var pieces: [Substring] = []
    var start = word.startIndex
    for index in word.indices where index > start && "([{".contains(word[index]) {
      pieces.append(word[start..<index])
      start = index
    }
    pieces.append(word[start...])
    return pieces
  }

  private static func bytes(_ count: Int) -> String { count > 0 ? ByteCount.text(count) : "" }

  /// A whole number, at least 1 unless there are none; very large ones with an exponent.
  private static func number(_ value: Double) -> String {
    guard value.isFinite else { return "?" }
    if value >= 1e15 { return "\(Double(Int64(min(value, 9e18) / 1e12)) * 1e12)" }
    return value > 0 ? "\(max(1, Int64(value.rounded())))" : "0"
  }

  /// Three decimals.
  private static func fixed(_ value: Double) -> String {
    let thousandths = Int64((min(value, 1e15) * 1000).rounded())
    let fraction = String(thousandths % 1000)
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
  }
}
