import Foundation
import GraphTypes
import Tropa

/// Long and deep texts on a thread with a small stack: each is answered or refused.
enum DeepQueries {
  private static func nested(_ open: String, _ inside: String, _ close: String, _ n: Int) -> String
  {
    String(repeating: open, count: n) + inside + String(repeating: close, count: n)
  }

  private static func row(_ item: String, _ separator: String, _ n: Int) -> String {
    Array(repeating: item, count: n).joined(separator: separator)
  }

  private static func forms(_ n: Int) -> [(name: String, text: String)] {
    let wide = min(n, 10_000)
    return [
      ("parentheses", "RETURN " + nested("(", "1", ")", n) + " AS x"),
      ("lists", "RETURN " + nested("[", "", "]", n) + " AS x"),
      ("maps", "RETURN " + nested("{a: ", "1", "}", n) + " AS x"),
      ("NOT", "RETURN " + nested("NOT ", "true", "", n) + " AS x"),
      ("minus", "RETURN " + nested("- ", "1", "", n) + " AS x"),
      ("CASE", "RETURN " + nested("CASE WHEN true THEN ", "1", " END", n) + " AS x"),
      ("CASE subject", "RETURN " + nested("CASE ", "1", " WHEN 1 THEN 2 END", n) + " AS x"),
      ("functions", "RETURN " + nested("abs(", "1", ")", n) + " AS x"),
      ("subscripts", "RETURN " + nested("[1][", "0", "]", n) + " AS x"),
      ("comprehensions", "RETURN " + nested("[x IN ", "[]", "]", n) + " AS x"),
      ("quantifiers", "RETURN " + nested("any(x IN [1] WHERE ", "true", ")", n) + " AS x"),
      ("reduce", "RETURN " + nested("reduce(a = 0, x IN [1] | ", "1", ")", n) + " AS x"),
      (
        "EXISTS",
        "MATCH (n) WHERE " + nested("EXISTS { (n) WHERE ", "true", " }", n) + " RETURN 1 AS x"
      ),
      ("COUNT", "RETURN " + nested("COUNT { RETURN ", "1", " AS x }", n) + " AS x"),
      ("COLLECT", "RETURN " + nested("COLLECT { RETURN ", "1", " AS x }", n) + " AS x"),
      ("CALL", nested("CALL { ", "RETURN 1 AS x", " RETURN x }", n) + " RETURN x"),
      ("FOREACH", nested("FOREACH (x IN [1] | ", "CREATE (:A)", ")", n)),
      ("labels", "MATCH (n:" + nested("(", "A", ")", n) + ") RETURN n"),
      ("NOT labels", "MATCH (n:" + nested("!", "A", "", n) + ") RETURN n"),
      ("types", "RETURN 1 IS :: " + nested("LIST<", "INTEGER", ">", n) + " AS x"),
      ("paths", "MATCH " + nested("(", "(a)", ")", n) + " RETURN 1 AS x"),
      ("AND", "RETURN " + row("true", " AND ", n) + " AS x"),
      ("OR", "MATCH (n) WHERE " + row("n.i = 1", " OR ", n) + " RETURN 1 AS x"),
      ("XOR", "RETURN " + row("true", " XOR ", n) + " AS x"),
      ("plus", "RETURN " + row("1", " + ", n) + " AS x"),
      ("power", "RETURN " + row("1", " ^ ", n) + " AS x"),
      ("strings", "RETURN " + row("'a'", " + ", n) + " AS x"),
      ("comparisons", "RETURN " + row("1", " <= ", n) + " AS x"),
      ("IN", "RETURN " + row("1", " IN ", n) + " AS x"),
      ("IS NULL", "RETURN 1" + row(" IS NULL", "", n) + " AS x"),
      ("indexes", "RETURN [1]" + row("[0]", "", n) + " AS x"),
      ("slices", "RETURN [1]" + row("[0..]", "", n) + " AS x"),
      ("properties", "MATCH (n) RETURN n" + row(".a", "", n) + " AS x"),
      ("label tests", "MATCH (n) RETURN n" + row(":A", "", n) + " AS x"),
      ("label alternatives", "MATCH (n:" + row("A", "|", n) + ") RETURN 1 AS x"),
      ("list items", "RETURN [" + row("1", ", ", n) + "] AS x"),
      ("map items", "RETURN {" + (0..<wide).map { "a\($0): 1" }.joined(separator: ",") + "} AS x"),
      ("columns", "RETURN " + (0..<wide).map { "1 AS c\($0)" }.joined(separator: ", ")),
      ("UNION", row("RETURN 1 AS x", " UNION ", wide)),
      ("UNION ALL", row("RETURN 1 AS x", " UNION ALL ", wide)),
      ("parts", "MATCH " + row("(:A)", ", ", wide) + " RETURN 1 AS x"),
      (
        "named parts",
        "MATCH " + (0..<wide).map { "(n\($0))" }.joined(separator: ", ") + " RETURN 1 AS x"
      ),
      ("hops", "MATCH ()" + row("-->()", "", wide) + " RETURN 1 AS x"),
      // Planning a CREATE takes time that grows with the square of its length.
      ("created hops", "CREATE ()" + row("-[:R]->()", "", min(n, 1_000))),
      ("created parts", "CREATE " + row("(:A)", ", ", wide)),
      ("MATCH", row("MATCH (n)", " ", wide) + " RETURN 1 AS x"),
      ("WITH", row("WITH 1 AS x", " ", wide) + " RETURN x"),
      (
        "UNWIND",
        (0..<wide).map { "UNWIND [1] AS x\($0)" }.joined(separator: " ") + " RETURN 1 AS x"
      ),
      ("MERGE", row("MERGE (:A)", " ", wide)),
      ("SET", "MATCH (n) SET " + row("n.a = 1", ", ", n)),
      ("CALLs", row("CALL { RETURN 1 AS y } WITH 1 AS z", " ", wide) + " RETURN 1 AS x"),
      ("statements", row("RETURN 1 AS x", ";", n)),
      ("branches", "RETURN CASE " + row("WHEN false THEN 1", " ", n) + " END AS x"),
      ("comment", "/*" + row("/*", "", n) + "*/ RETURN 1 AS x"),
      ("name", "RETURN 1 AS `" + row("a", "", n) + "`"),
      ("pattern predicates", "MATCH (n) WHERE " + row("(n)-->()", " OR ", wide) + " RETURN 1 AS x"),
      ("closing", "RETURN " + row(")", "", n)),
      ("opening", "MATCH " + row("(", "", n)),
      ("opening lists", "RETURN " + row("[", "", n)),
      ("arrows", "MATCH (n)" + row("-[", "", n)),
      ("regular expression", "RETURN 'a' =~ '" + nested("(", "a", ")", n) + "' AS x"),
      ("value", "RETURN size(reduce(l = [], x IN range(1, \(n)) | [l])) AS x"),
      ("value compared", "WITH reduce(l = [], x IN range(1, \(n)) | [l]) AS l RETURN l = l AS x"),
    ]
  }

  /// What threads have on which others than the main one run; debug builds need several times that.
  #if DEBUG
    private static let stackSize = 8 << 20
  #else
    private static let stackSize = 512 << 10
  #endif

  static func run() throws {
    let database = try Database.temporary()
    try database.query("CREATE (:A {i: 1})-[:R]->(:B)")
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      for count in [45, 95, 240, 1_900, 10_000, 100_000] {
        for (name, text) in forms(count) { run(name, text, count, database.connect()) }
      }
      done.signal()
    }
    thread.stackSize = stackSize
    thread.start()
    done.wait()
    print("done")
  }

  private static func run(_ name: String, _ text: String, _ count: Int, _ connection: Connection) {
    FileHandle.standardOutput.write(Data("\(count) \(name): ".utf8))
    let start = ContinuousClock.now
    let result: String
    do {
      try connection.begin()
      let rows = try connection.query(text, options: QueryOptions(timeout: .seconds(2)))
      result = "\(rows.count) rows"
    } catch {
      result = error.detail
    }
    if connection.isInTransaction { try? connection.rollback() }
    let time = ContinuousClock.now - start
    FileHandle.standardOutput.write(
      Data(
        "\(result), \(time.components.seconds * 1000 + time.components.attoseconds / 1_000_000_000_000_000) ms\n"
          .utf8))
  }
}
