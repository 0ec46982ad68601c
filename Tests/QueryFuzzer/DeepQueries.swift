import Cypher
import Foundation
import GraphTypes
import Tropa

/// The deepest and longest statements that the limits allow, and such as are deeper still, on a thread
/// with a stack of 512 KiB.
enum DeepQueries {
  private struct Form: Sendable {
    var name: String
    /// The greatest number that is answered; nil where there is no limit, or no answer.
    var limit: Int?
    /// The error of greater ones.
    var refusal = "NestingTooDeep"
    var text: @Sendable (Int) -> String
  }

  private static func nested(_ open: String, _ inside: String, _ close: String, _ n: Int) -> String
  {
    String(repeating: open, count: n) + inside + String(repeating: close, count: n)
  }

  private static func row(_ item: String, _ separator: String, _ n: Int) -> String {
    Array(repeating: item, count: n).joined(separator: separator)
  }

  private static func items(_ n: Int, _ separator: String, _ item: (Int) -> String) -> String {
    (0..<n).map(item).joined(separator: separator)
  }

  private static let nesting: [Form] = [
    Form(name: "parentheses", limit: 198) { n in "RETURN " + nested("(", "1", ")", n) + " AS x" },
    Form(name: "lists", limit: 199) { n in "RETURN " + nested("[", "", "]", n) + " AS x" },
    Form(name: "maps", limit: 198) { n in "RETURN " + nested("{a: ", "1", "}", n) + " AS x" },
    Form(name: "NOT", limit: 198) { n in "RETURN " + nested("NOT ", "true", "", n) + " AS x" },
    Form(name: "minus", limit: 200) { n in "RETURN " + nested("- ", "1", "", n) + " AS x" },
    Form(name: "CASE", limit: 198) { n in
      "RETURN " + nested("CASE WHEN true THEN ", "1", " END", n) + " AS x"
    },
    Form(name: "CASE subject", limit: 198) { n in
      "RETURN " + nested("CASE ", "1", " WHEN 1 THEN 2 END", n) + " AS x"
    },
    Form(name: "functions", limit: 198) { n in "RETURN " + nested("abs(", "1", ")", n) + " AS x" },
    Form(name: "subscripts", limit: 197) { n in "RETURN " + nested("[1][", "0", "]", n) + " AS x" },
    Form(name: "comprehensions", limit: 198) { n in
      "RETURN " + nested("[x IN ", "[]", "]", n) + " AS x"
    },
    Form(name: "quantifiers", limit: 197) { n in
      "RETURN " + nested("any(x IN [1] WHERE ", "true", ")", n) + " AS x"
    },
    Form(name: "reduce", limit: 197) { n in
      "RETURN " + nested("reduce(a = 0, x IN [1] | ", "1", ")", n) + " AS x"
    },
    Form(name: "EXISTS", limit: 99) { n in
      "MATCH (n) WHERE " + nested("EXISTS { (n) WHERE ", "true", " }", n) + " RETURN 1 AS x"
    },
    Form(name: "COUNT", limit: 99) { n in
      "RETURN " + nested("COUNT { RETURN ", "1", " AS x }", n) + " AS x"
    },
    Form(name: "COLLECT", limit: 99) { n in
      "RETURN " + nested("COLLECT { RETURN ", "1", " AS x }", n) + " AS x"
    },
    Form(name: "CALL", limit: 198) { n in
      (0..<n).reduce("RETURN 1 AS x0") { "CALL { \($0) } RETURN x\($1) AS x\($1 + 1)" }
    },
    Form(name: "FOREACH", limit: 197) { n in
      (0..<n).reduce("CREATE (:A)") { "FOREACH (x\($1) IN [1] | \($0))" }
    },
    Form(name: "labels", limit: 199) { n in "MATCH (n:" + nested("(", "A", ")", n) + ") RETURN n" },
    Form(name: "NOT labels", limit: 199) { n in "MATCH (n:" + nested("!", "A", "", n) + ") RETURN n"
    },
    Form(name: "types", limit: 197) { n in
      "RETURN 1 IS :: " + nested("LIST<", "INTEGER", ">", n) + " AS x"
    },
    Form(name: "paths", limit: nil) { n in
      "MATCH " + nested("(", "(a)-->()", ")", n) + " RETURN 1 AS x"
    },
    Form(name: "regular expression", limit: 199, refusal: "InvalidArgumentValue") { n in
      "RETURN 'a' =~ '" + nested("(", "a", ")", n) + "' AS x"
    },
    Form(name: "value", limit: 999) { n in
      "RETURN size(reduce(l = [], x IN range(1, \(n)) | [l])) AS x"
    },
    Form(name: "value compared", limit: 999) { n in
      "WITH reduce(l = [], x IN range(1, \(n)) | [l]) AS l RETURN l = l AS x"
    },
  ]

  private static let rows: [Form] = [
    Form(name: "AND", limit: nil) { n in "RETURN " + row("true", " AND ", n) + " AS x" },
    Form(name: "OR", limit: nil) { n in
      "MATCH (n) WHERE " + row("n.i = 1", " OR ", n) + " RETURN 1 AS x"
    },
    Form(name: "XOR", limit: 1000) { n in "RETURN " + row("true", " XOR ", n) + " AS x" },
    Form(name: "plus", limit: 1001) { n in "RETURN " + row("1", " + ", n) + " AS x" },
    Form(name: "power", limit: 1001) { n in "RETURN " + row("1", " ^ ", n) + " AS x" },
    Form(name: "strings", limit: 1001) { n in "RETURN " + row("'a'", " + ", n) + " AS x" },
    Form(name: "comparisons", limit: nil) { n in "RETURN " + row("1", " <= ", n) + " AS x" },
    Form(name: "comparisons in comparisons", limit: 99) { n in
      "RETURN " + nested("(1 < ", "1", " < 1)", n) + " AS x"
    },
    Form(name: "IN", limit: 199) { n in "RETURN " + row("[]", " IN ", n) + " AS x" },
    Form(name: "IS NULL", limit: 198) { n in "RETURN 1" + row(" IS NULL", "", n) + " AS x" },
    Form(name: "indexes", limit: 198) { n in "RETURN null" + row("['a']", "", n) + " AS x" },
    Form(name: "slices", limit: 197) { n in "RETURN [1]" + row("[0..]", "", n) + " AS x" },
    Form(name: "properties", limit: 198) { n in "MATCH (n) RETURN n" + row(".a", "", n) + " AS x" },
    Form(name: "label tests", limit: nil) { n in "MATCH (n) RETURN n" + row(":A", "", n) + " AS x"
    },
    Form(name: "label alternatives", limit: nil) { n in
      "MATCH (n:" + row("A", "|", n) + ") RETURN 1 AS x"
    },
    Form(name: "list items", limit: nil) { n in "RETURN [" + row("1", ", ", n) + "] AS x" },
    Form(name: "map items", limit: nil) { n in "RETURN {" + items(n, ",") { "a\($0): 1" } + "} AS x"
    },
    Form(name: "columns", limit: nil) { n in "RETURN " + items(n, ", ") { "1 AS c\($0)" } },
    Form(name: "branches", limit: nil) { n in
      "RETURN CASE " + row("WHEN false THEN 1", " ", n) + " END AS x"
    },
  ]

  private static let clauses: [Form] = [
    Form(name: "UNION", limit: 1000) { n in row("RETURN 1 AS x", " UNION ", n) },
    Form(name: "UNION ALL", limit: 1000) { n in row("RETURN 1 AS x", " UNION ALL ", n) },
    Form(name: "parts", limit: 2000) { n in "MATCH " + row("(:A)", ", ", n) + " RETURN 1 AS x" },
    Form(name: "named parts", limit: 2000) { n in
      "MATCH " + items(n, ", ") { "(n\($0):A)" } + " RETURN 1 AS x"
    },
    Form(name: "hops", limit: 200) { n in "MATCH ()" + row("-->()", "", n) + " RETURN 1 AS x" },
    Form(name: "created hops", limit: nil) { n in "CREATE ()" + row("-[:R]->()", "", n) },
    Form(name: "created parts", limit: nil) { n in "CREATE " + row("(:A)", ", ", n) },
    Form(name: "MATCH", limit: 1998) { n in row("MATCH (n)", " ", n) + " RETURN 1 AS x" },
    Form(name: "WITH", limit: 1998) { n in row("WITH 1 AS x", " ", n) + " RETURN x" },
    Form(name: "UNWIND", limit: 1998) { n in
      items(n, " ") { "UNWIND [1] AS x\($0)" } + " RETURN 1 AS x"
    },
    Form(name: "MERGE", limit: 1999) { n in row("MERGE (:A)", " ", n) },
    Form(name: "SET", limit: nil) { n in "MATCH (n) SET " + row("n.a = 1", ", ", n) },
    Form(name: "CALLs", limit: 499) { n in
      row("CALL { RETURN 1 AS y } WITH 1 AS z", " ", n) + " RETURN 1 AS x"
    },
    Form(name: "pattern predicates", limit: 999) { n in
      "MATCH (n) WHERE " + row("(n)-->()", " OR ", n) + " RETURN 1 AS x"
    },
  ]

  private static let broken: [Form] = [
    Form(name: "statements", limit: nil) { n in row("RETURN 1 AS x", ";", n) },
    Form(name: "comment", limit: nil) { n in "/*" + row("/*", "", n) + "*/ RETURN 1 AS x" },
    Form(name: "name", limit: nil) { n in "RETURN 1 AS `" + row("a", "", n) + "`" },
    Form(name: "closing", limit: nil) { n in "RETURN " + row(")", "", n) },
    Form(name: "opening", limit: nil) { n in "MATCH " + row("(", "", n) },
    Form(name: "opening lists", limit: nil) { n in "RETURN " + row("[", "", n) },
    Form(name: "arrows", limit: nil) { n in "MATCH (n)" + row("-[", "", n) },
  ]

  static func run() throws {
    let database = try Database.temporary()
    try database.query("CREATE (:A {i: 1})-[:R]->(:B)")
    var failures = 0
    for form in nesting + rows + clauses + broken {
      for n in form.limit.map({ [$0, $0 + 1, 20_000] }) ?? [2_000, 20_000] {
        let text = form.text(n)
        say("\(n) \(form.name): ")
        let outcome = onStack(512 << 10) { Self.outcome(text, database) }.outcome
        let detail = outcome.error?.detail
        say("\(detail ?? "answered") in \(outcome.time)")
        var isRight = true
        if let limit = form.limit { isRight = detail == (n <= limit ? nil : form.refusal) }
        if n <= form.limit ?? 2_000 {
          let used = onStack(1 << 30) { Self.outcome("PROFILE " + text, database) }.used
          let need = StatementStack.need(of: text)
          say(", \(used >> 10) of \(need >> 10) KiB")
          isRight = isRight && used <= need
        }
        say(isRight ? "\n" : ": WRONG\n")
        if !isRight { failures += 1 }
      }
    }
    say("\(failures) failures\n")
  }

  private static func say(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

  /// How a statement ended.
  private struct Outcome {
    var time: Duration
    /// Nil: it was answered.
    var error: QueryError?
  }

  private static func outcome(_ text: String, _ database: Database) -> Outcome {
    let connection = database.connect()
    var options = QueryOptions(timeout: .seconds(20))
    options.isReadOnly = true
    let start = ContinuousClock.now
    do throws(QueryError) {
      _ = try connection.query(text, options: options)
    } catch {
      if error.detail != "ReadOnlyStatement" { return Outcome(time: .now - start, error: error) }
      options.isReadOnly = false
      do throws(QueryError) {
        try connection.begin()
        _ = try connection.query(text, options: options)
        try connection.rollback()
      } catch {
        try? connection.rollback()
        return Outcome(time: .now - start, error: error)
      }
    }
    return Outcome(time: .now - start)
  }

  private final class Work {
    let body: () -> Outcome
    var outcome: Outcome?
    init(_ body: @escaping () -> Outcome) { self.body = body }
  }

  /// Runs `body` on a thread with a stack of so many bytes.
  /// - Returns: with its outcome, how many of them were touched.
  private static func onStack(
    _ size: Int, _ body: @escaping () -> Outcome
  ) -> (outcome: Outcome, used: Int) {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let stack = mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0), stack != MAP_FAILED
    else { fatalError("there is no memory for a stack") }
    defer { munmap(stack, size) }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstack(&attributes, stack, size)
    let work = Work(body)
    var thread = pthread_t()
    pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        let work = Unmanaged<Work>.fromOpaque(argument).takeUnretainedValue()
        work.outcome = work.body()
        return nil
      }, Unmanaged.passUnretained(work).toOpaque())
    pthread_join(thread, nil)
    guard let outcome = work.outcome else { fatalError("no thread could be started") }

    let page = Int(getpagesize())
    var pages = [UInt8](repeating: 0, count: size / page)
    mincore(stack, size, &pages)
    let lowest = pages.firstIndex { $0 & 1 != 0 } ?? pages.count
    return (outcome, size - lowest * page)
  }
}
