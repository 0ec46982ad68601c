/// Functions and procedures of SQL, of programming languages and of old versions of Neo4j, and what
/// Cypher has instead.
enum ForeignNames {
  static func adviceForFunction(_ name: String) -> String? {
    functions[name.lowercased()].map { "write \($0)" }
  }

  static func adviceForProcedure(_ name: String) -> String? {
    procedures[name.lowercased()].map { "write \($0)" }
  }

  private static let functions: [String: String] = [
    "toint": "`toInteger`", "int": "`toInteger`", "tostr": "`toString`", "str": "`toString`",
    "tobool": "`toBoolean`", "len": "`size`", "count_distinct": "`count(DISTINCT x)`",
    "substr": "`substring(text, start, length)`, which counts from 0",
    "ucase": "`toUpper`", "lcase": "`toLower`",
    "concat": "`a + b`, or `a || b`", "pow": "`x ^ y`", "power": "`x ^ y`", "mod": "`x % y`",
    "now": "`datetime()`", "getdate": "`datetime()`", "current_date": "`date()`",
    "current_timestamp": "`datetime()`", "today": "`date()`",
    "datediff": "`duration.inDays(a, b).days`",
    "rels": "`relationships`", "mean": "`avg`", "average": "`avg`", "stddev": "`stDev`",
    "median": "`percentileCont(x, 0.5)`", "array_agg": "`collect`", "group_concat": "`collect`",
    "if": "`CASE WHEN condition THEN a ELSE b END`",
    "iif": "`CASE WHEN condition THEN a ELSE b END`",
    "ifnull": "`coalesce(x, y)`", "nvl": "`coalesce(x, y)`", "isnull": "`x IS NULL`",
  ]

  private static let procedures: [String: String] = [
    "db.indexes": "SHOW INDEXES", "db.constraints": "SHOW CONSTRAINTS",
    "db.schema": "CALL db.schema.visualization()", "dbms.procedures": "SHOW PROCEDURES",
    "dbms.functions": "SHOW FUNCTIONS",
  ]
}
