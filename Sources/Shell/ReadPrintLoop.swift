import Tropa

/// The plain shell: statements over several lines up to a semicolon, their results, and a few
/// commands that begin with a colon.
package final class ReadPrintLoop {
  package struct Terminal {
    /// Reads a line without its end; nil at the end of the input.
    package var readLine: (_ prompt: String) -> String?
    package var write: (String) throws -> Void
    package var writeError: (String) -> Void
    package var width: () -> Int?
    /// As `QueryOptions.progress`.
    package var progress: (@Sendable (String, Double) -> Void)?
    package init(
      readLine: @escaping (_ prompt: String) -> String?,
      write: @escaping (String) throws -> Void, writeError: @escaping (String) -> Void,
      width: @escaping () -> Int?, progress: (@Sendable (String, Double) -> Void)? = nil
    ) {
      self.progress = progress
      self.readLine = readLine
      self.write = write
      self.writeError = writeError
      self.width = width
    }
  }

  private let database: Database
  package let connection: Connection
  private let terminal: Terminal
  private var format: ResultFormat
  private var showsTime: Bool
  private var collation = TextCollation.codePoints
  private var parameters: [String: Value] = [:]
  private var settings = SessionSettings()
  /// Whether a statement or command failed.
  package private(set) var hasFailed = false

  package init(
    _ database: Database, terminal: Terminal, format: ResultFormat = .table,
    showsTime: Bool = true
  ) {
    self.database = database
    connection = database.connect()
    self.terminal = terminal
    self.format = format
    self.showsTime = showsTime
  }

  /// Reads and runs until the input ends or `:quit`.
  package func run() throws {
    var text = ""
    while let line = terminal.readLine(text.isEmpty ? "tropa> " : "  ...> ") {
      if text.isEmpty, line.first(where: { $0 != " " }) == ":" {
        if try !command(line) { return }
        continue
      }
      text += line + "\n"
      let (statements, rest) = QueryText.split(text)
      for statement in statements { try execute(statement) }
      text = rest ?? ""
    }
    if !text.isEmpty { try execute(text) }
  }

  /// Runs one statement and prints its result or its error.
  package func execute(_ statement: String) throws {
    do {
      let start = ContinuousClock.now
      var options = settings.options
      options.progress = terminal.progress
      options.collation = collation
      let cursor = try connection.stream(statement, parameters: parameters, options: options)
      let early = cursor.notices
      for notice in early {
        terminal.writeError(QueryText.explain(notice, in: statement) + "\n")
      }
      if let plan = cursor.plan, cursor.isExplained {
        return try terminal.write(plan + "\n")
      }
      var count = 0
      if !cursor.columns.isEmpty {
        count = try format.writer(width: terminal.width(), output: terminal.write).write(cursor)
      } else {
        while try cursor.nextRow() != nil {}
      }
      for notice in cursor.notices.dropFirst(early.count) {
        terminal.writeError(QueryText.explain(notice, in: statement) + "\n")
      }
      if let plan = cursor.plan { try terminal.write(plan + "\n") }
      if showsTime {
        try terminal.write(
          Self.summary(cursor, rows: count, time: ContinuousClock.now - start) + "\n")
      }
    } catch let error as QueryError {
      hasFailed = true
      terminal.writeError(QueryText.explain(error, in: statement) + "\n")
    }
  }

  private static func summary(_ cursor: ResultCursor, rows: Int, time: Duration) -> String {
    var parts = cursor.counters.sentences
    if !cursor.columns.isEmpty || parts.isEmpty {
      parts.insert("\(rows) row\(rows == 1 ? "" : "s")", at: 0)
    }
    let milliseconds = time / .milliseconds(1)
    return parts.joined(separator: ", ") + " in \((milliseconds * 10).rounded() / 10) ms"
  }

  // MARK: Commands

  /// - Returns: false to leave.
  private func command(_ line: String) throws -> Bool {
    let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    let rest =
      line.split(maxSplits: 1, whereSeparator: \.isWhitespace).dropFirst().first
      .map(String.init) ?? ""
    switch words[0] {
    case ":quit", ":exit", ":q": return false
    case ":help": try terminal.write(Self.help)
    case ":mode":
      if words.count == 2, let chosen = ResultFormat(rawValue: words[1]) {
        format = chosen
      } else {
        fail(
          "`:mode` takes one of \(ResultFormat.allCases.map(\.rawValue).joined(separator: ", "))")
      }
    case ":collation":
      if words.count == 2, let chosen = TextCollation(rawValue: words[1]) {
        collation = chosen
      } else {
        fail(
          "`:collation` takes one of "
            + TextCollation.allCases.map(\.rawValue).joined(separator: ", "))
      }
    case ":timing": showsTime = words.dropFirst().first != "off"
    case ":set":
      if rest.isEmpty {
        for line in settings.lines { try terminal.write(line + "\n") }
      } else {
        try reporting { try settings.set(rest) }
      }
    case ":param": try parameter(rest)
    case ":params":
      for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
        try terminal.write("$\(name) = \(value.text(.literal))\n")
      }
    case ":schema":
      try execute("SHOW INDEXES YIELD name, state, type, entityType, labelsOrTypes, properties")
      try execute("SHOW CONSTRAINTS YIELD name, type, entityType, labelsOrTypes, properties")
    case ":begin":
      if words.count == 1 {
        try reporting { try connection.begin() }
      } else if words.count == 2, let access = TransactionAccess(rawValue: words[1]) {
        try reporting { try connection.begin(access) }
      } else {
        fail(
          "`:begin` takes one of "
            + TransactionAccess.allCases.map(\.rawValue).joined(separator: ", "))
      }
    case ":commit": try reporting { try connection.commit() }
    case ":rollback": try reporting { try connection.rollback() }
    default:
      let known = [
        ":quit", ":help", ":mode", ":collation", ":timing", ":param", ":params", ":schema",
        ":begin", ":commit", ":rollback", ":set",
      ]
      let hint = NameSuggestion.nearest(to: words[0], among: known).map { "did you mean `\($0)`?" }
      fail("unknown command `\(words[0])`; \(hint ?? ":help lists them")")
    }
    return true
  }

  private func parameter(_ text: String) throws {
    guard let separator = text.firstIndex(where: { $0 == "=" || $0 == " " }) else {
      return fail("`:param name = expression` sets a parameter, as in :param city = 'Казань'")
    }
    let name = text[..<separator].trimmingPrefix("$")
    let expression = text[separator...].drop { $0 == "=" || $0 == " " || $0 == ":" || $0 == ">" }
    guard QueryText.isExpression(String(expression)) else {
      return fail("`\(expression)` is not an expression, as in :param city = 'Казань'")
    }
    try reporting {
      // Not in the session's transaction, which a mistake would end.
      let result = try database.query("RETURN \(expression) AS value", parameters: parameters)
      parameters[String(name)] = result.first?["value"] ?? .null
    }
  }

  private func reporting(_ body: () throws -> Void) throws {
    do { try body() } catch let error as QueryError {
      fail(error.message + (error.hint.map { " (\($0))" } ?? ""))
    }
  }

  private func fail(_ message: String) {
    hasFailed = true
    terminal.writeError("error: \(message)\n")
  }

  private static let help = """
    A statement may take several lines and ends with a semicolon.
      :mode table|csv|json|jsonl   how rows are printed
      :collation codePoints|unicode   the order of strings in ORDER BY
      :param name = expression     sets $name        :params   lists them
      :set timeout=10|threads=1|rewrite.NAME=off   how statements run; `:set` lists all
      :schema                      indexes and constraints
      :begin [read|write]  :commit  :rollback   a transaction over several statements
      :timing on|off               rows and time behind each result
      :help   :quit

    """
}
