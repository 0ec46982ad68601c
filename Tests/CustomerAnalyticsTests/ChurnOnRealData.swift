import Testing
import Tropa

/// What churn prediction reaches on real data, by its defaults, on the last 90 days. The databases
/// are those of `RealDataTests`.
enum ChurnOnRealData {
  private static func stats(_ database: Database, _ configuration: String) throws -> Row {
    try #require(try database.query("CALL crm.churn.stats(\(configuration))").first)
  }

  private static func number(_ row: Row, _ name: String) -> Double {
    guard case .float(let value) = row[name] else { return .nan }
    return value
  }

  /// The same features and snapshots in scikit-learn: logistic regression 0.8399, with trees 0.8396
  /// (Benchmarks/churn.py). Trees would take long in a debug build.
  static func cdnow(_ database: Database) throws {
    let row = try stats(database, "{classifier: 'logistic'}")
    let auc = number(row, "rocAuc")
    #expect(row["clients"] == .integer(23_570) && abs(auc - 0.8399) < 0.003, "\(auc)")
    #expect(number(row, "calibrationError") < 0.03)
    try retention(database)
  }

  /// Section 8.3 of the notes beside the data.
  private static func retention(_ database: Database) throws {
    let result = try database.query(
      """
      CALL crm.cohorts.stats({periods: 12}) YIELD cohort, period, clients, active, retention
      RETURN toString(cohort) AS cohort, collect(active)[1..7] AS active, max(clients) AS clients,
        round(100 * collect(retention)[12], 2) AS year
      ORDER BY cohort
      """)
    #expect(try result.strings("cohort") == ["1997-01-01", "1997-02-01", "1997-03-01"])
    #expect(try result.integers("clients") == [7846, 8476, 7248])
    let expected: [[Int64]] = [
      [1157, 964, 810, 679, 736, 720], [1312, 980, 783, 847, 786, 626],
      [1032, 752, 756, 674, 564, 561],
    ]
    for (row, counts) in zip(result, expected) {
      #expect(row["active"] == .list(counts.map { .integer($0) }))
    }
    #expect(try result.floats("year") == [6.73, 6.70, 9.35])
  }

  /// One year of a shop whose last quarter is before Christmas. scikit-learn: logistic
  /// regression 0.7446, with trees 0.7452.
  static func onlineRetail(_ database: Database) throws {
    let row = try stats(database, "{classifier: 'logistic'}")
    let auc = number(row, "rocAuc")
    #expect(row["clients"] == .integer(3370) && row["horizon"] == .integer(90))
    #expect(abs(auc - 0.7446) < 0.003, "\(auc)")
    #expect(number(row, "liftAt10") > 1.4)
    for method in ["silence", "probabilistic"] {
      let rule = number(try stats(database, "{method: '\(method)', horizon: 90}"), "rocAuc")
      #expect(rule > 0.6 && rule < auc + 0.02, "\(method) \(rule)")
    }
  }
}
