import Testing
import Tropa

/// Columns read as arrays equal the values read row by row.
@Suite struct ResultBatchTests {
  private func columns(
    _ query: String, _ read: (ResultBatch) throws -> Void
  ) throws {
    let database = try Database.temporary()
    try database.query(
      """
      UNWIND range(0, 4999) AS i CREATE (:N {i: i, f: i / 2.0, even: CASE WHEN i % 2 = 0 THEN i END,
        d: date('2026-01-01') + duration({days: i}), mixed: CASE WHEN i % 2 = 0 THEN i ELSE 'x' END,
        z: datetime('2026-01-01T00:00+03:00'), t: CASE WHEN i > 0 THEN
          localdatetime('2026-01-01T12:00') END})
      """)
    let cursor = try database.connect().stream(query)
    while let batch = try cursor.nextColumns() { try read(batch) }
  }

  @Test func numbersAndDates() throws {
    var integers: [Int64] = []
    var floats: [Double] = []
    var dates: [Int64] = []
    var times: [Int64] = []
    var zoned: [Int64] = []
    try columns(
      "MATCH (n:N) RETURN n.i AS i, n.f AS f, n.d AS d, n.t AS t, n.z AS z ORDER BY i"
    ) {
      try $0.appendIntegers(of: 0, to: &integers)
      try $0.appendFloats(of: 1, to: &floats)
      try $0.appendSeconds(of: 2, to: &dates)
      try $0.appendSeconds(of: 3, to: &times, null: -1)
      try $0.appendSeconds(of: 4, to: &zoned)
    }
    let start: Int64 = 20_454 * 86_400
    #expect(integers.count == 5000)
    for row in 0..<5000 {
      #expect(integers[row] == Int64(row))
      #expect(floats[row] == Double(row) / 2)
      #expect(dates[row] == start + Int64(row) * 86_400)
      #expect(times[row] == (row == 0 ? -1 : start + 43_200))
      #expect(zoned[row] == start)
    }
  }

  @Test func nullsAndNumbering() throws {
    var integers: [Int64] = []
    var floats: [Double] = []
    var numbers: [Int64] = []
    var numbering = ValueNumbering()
    try columns("MATCH (n:N) RETURN n.even AS e, n.mixed AS m ORDER BY n.i") {
      try $0.appendIntegers(of: 0, to: &integers, null: -7)
      try $0.appendFloats(of: 0, to: &floats)
      $0.appendNumbers(of: 1, to: &numbers, numbering: &numbering)
    }
    #expect(integers.count == 5000 && floats.count == 5000)
    for row in 0..<5000 {
      let isEven = row % 2 == 0
      #expect(integers[row] == (isEven ? Int64(row) : -7))
      #expect(floats[row].isNaN == !isEven)
      if isEven { #expect(numbers[row] == Int64(row)) }
    }
    // The text is one more.
    #expect(Set(numbers).count == 2501)
  }

  @Test func otherTypesAreErrorsThatNameTheColumn() throws {
    let error = #expect(throws: QueryError.self) {
      try columns("MATCH (n:N) RETURN n.mixed AS m") { batch in
        var floats: [Double] = []
        try batch.appendFloats(of: 0, to: &floats)
      }
    }
    #expect(error?.message.contains("`m`") == true)
    let date = #expect(throws: QueryError.self) {
      try columns("MATCH (n:N) RETURN n.i AS i") { batch in
        var seconds: [Int64] = []
        try batch.appendSeconds(of: 0, to: &seconds)
      }
    }
    #expect(date?.detail == "InvalidColumnType")
  }

  @Test func proceduresTellNoticesAndGiveNulls() throws {
    let database = try Database.temporary()
    try database.register(
      Procedure(
        "test.half", outputs: [.init("half", "FLOAT")], mode: .write, summary: "Halves."
      ) { call in
        call.addNotice("three has no half here", hint: "take four")
        let cursor = try call.stream("UNWIND [2, 3, 4] AS i RETURN i")
        var numbers: [Double] = []
        while let batch = try cursor.nextColumns() { try batch.appendFloats(of: 0, to: &numbers) }
        try call.emit(columns: [.optionalFloats(numbers.map { $0 == 3 ? nil : $0 / 2 })])
      })
    let result = try database.query("CALL test.half()")
    #expect(result.map(\.values) == [[.float(1)], [.null], [.float(2)]])
    let notice = try #require(result.notices.first)
    #expect(
      QueryText.explain(notice, in: "CALL test.half()")
        == "warning: three has no half here; take four")
  }
}
