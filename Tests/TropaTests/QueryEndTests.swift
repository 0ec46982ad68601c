import Dispatch
import Foundation
import TestSupport
import Testing
import Tropa

/// Statements that are cancelled, or come to their timeout, in the middle of large work.
@Suite(.serialized) struct QueryEndTests {
  /// How late the end may come: unoptimised code on a busy machine does less between two looks.
  private static var patience: Duration {
    #if DEBUG
      .seconds(15)
    #else
      .milliseconds(100)
    #endif
  }

  static let statements = [
    "UNWIND range(1, 300000000) AS i WITH i, (i * 7919) % 100000007 AS k ORDER BY k RETURN count(*)",
    "UNWIND range(1, 300000000) AS i WITH 'k' + toString(i % 999983) AS k ORDER BY k RETURN count(*)",
    "UNWIND range(1, 300000000) AS i WITH i ORDER BY i % 1000003 LIMIT 3000000 RETURN count(*)",
    "UNWIND range(1, 300000000) AS i WITH DISTINCT (i * 7919) % 100000007 AS k RETURN count(*)",
    "UNWIND range(1, 300000000) AS i WITH (i * 7919) % 100000007 AS k, count(*) AS n RETURN max(n)",
    "UNWIND range(1, 300000000) AS i RETURN count(DISTINCT (i * 7919) % 100000007)",
    "UNWIND range(1, 300000000) AS i RETURN size(collect(i))",
    "UNWIND range(1, 300000000) AS i RETURN percentileCont(i, 0.5)",
    """
    UNWIND range(1, 300000000) AS i WITH i CALL (*) { UNWIND range(1, 10) AS j RETURN j } \
    RETURN sum(i + j)
    """,
  ]

  /// - Parameter limit: small: the work is in temporary files by then.
  @Test(arguments: statements, [8 << 20, 8 << 30])
  func cancelledAndTimedOut(_ statement: String, limit: Int) throws {
    let database = try Database.temporary()
    var options = QueryOptions()
    options.memoryLimit = limit
    // Aggregates that make one value of everything need their room.
    let isWhole =
      statement.contains("collect") || statement.contains("percentile")
      || statement.contains("DISTINCT (i * 7919) % 100000007)")
    if isWhole { options.memoryLimit = 8 << 30 }
    let delay = Duration.milliseconds(300)
    // Of each statement one run ends in one way, the other in the other.
    let usesTimeout = limit < 1 << 30
    let connection = database.connect()
    options.timeout = usesTimeout ? delay : nil
    let start = ContinuousClock.now
    if !usesTimeout {
      // Not on a queue, whose threads other tests keep busy.
      Thread.detachNewThread {
        Thread.sleep(forTimeInterval: 0.3)
        connection.cancel()
      }
    }
    let error = #expect(throws: QueryError.self) {
      try connection.query(statement, options: options)
    }
    let late = ContinuousClock.now - start - delay
    #expect(error?.kind == (usesTimeout ? .timeout : .cancelled))
    #expect(late < Self.patience, "\(late) late")
  }
}
