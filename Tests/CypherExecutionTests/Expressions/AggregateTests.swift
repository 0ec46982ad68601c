import CypherExecution
import GraphColumns
import GraphTypes
import TestSupport
import Testing

@Suite struct AggregateTests {
  static let cases: [(String, String)] = [
    ("count(*)", "6"), ("count(x)", "5"), ("count(DISTINCT x)", "3"), ("sum(x)", "12"),
    ("sum(DISTINCT x)", "6"), ("avg(x)", "2.4"), ("min(x)", "1"), ("max(x)", "3"),
    ("collect(x)", "[1, 2, 3, 3, 3]"), ("collect(DISTINCT x)", "[1, 2, 3]"),
    ("percentileDisc(x, 0.5)", "3"), ("percentileCont(x, 0.25)", "2.0"),
    ("percentileCont(DISTINCT x, 0.25)", "1.5"), ("round(stDev(x), 6)", "0.894427"),
    ("stDevP(x)", "0.8"), ("sum(x + 0.5)", "14.5"), ("max([x])", "[null]"),
    ("sum(duration({days: x}))", "'P12D'"), ("avg(duration({hours: x}))", "'PT2H24M'"),
    ("count(DISTINCT toString(x))", "3"), ("count(DISTINCT [x, x])", "4"),
    ("min(toString(x))", "'1'"), ("max(date({year: 2000 + x}))", "'2003-01-01'"),
  ]

  @Test(arguments: cases) func gives(_ aggregate: String, _ expected: String) throws {
    let answer = try RowPipeline.run("UNWIND [1, 2, 3, null, 3, 3] AS x RETURN \(aggregate) AS y")
    #expect(answer.rows[0][0].text(.result) == expected)
  }

  @Test func emptyGroups() throws {
    let answer = try RowPipeline.run(
      """
      UNWIND [] AS x RETURN count(*), count(x), sum(x), avg(x), min(x), max(x), collect(x), \
      stDev(x), percentileCont(x, 0.5), count(DISTINCT x)
      """)
    #expect(
      Value.list(answer.rows[0]).text(.result)
        == "[0, 0, 0, null, null, null, [], 0.0, null, 0]")
  }

  @Test func sumOverflows() throws {
    let error = #expect(throws: QueryError.self) {
      try RowPipeline.run("UNWIND [9223372036854775807, 1] AS x RETURN sum(x)")
    }
    #expect(error?.detail == "IntegerOverflow")
  }

  /// Random batches go to one aggregate, and in parts to two that are merged; both give what a
  /// naive model gives.
  @Test(arguments: [
    "count", "sum", "avg", "min", "max", "collect", "stDev", "percentileDisc",
  ]) func mergedPartsEqualTheWhole(_ function: String) throws {
    let context = try emptyContext()
    for seed in 0..<20 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let isNumeric = !["count", "min", "max", "collect"].contains(function)
      for isDistinct in [false, true] {
        let argumentCount = function == "percentileDisc" ? 2 : 1
        func make() throws -> any GroupedAggregate {
          try AggregateFactory.make(
            function, isDistinct: isDistinct, argumentCount: argumentCount,
            context: context)
        }
        let whole = try make()
        let first = try make()
        let second = try make()
        // Group g of the second worker is group 4 - g of the whole.
        let map: [Int32] = [4, 3, 2, 1, 0]
        for batch in 0..<6 {
          let count = Int.random(in: 1...40, using: &random)
          let kind = Int.random(in: 0..<(isNumeric ? 2 : 6), using: &random)
          let values = (0..<count).map { _ in randomValue(kind, &random) }
          let groups = (0..<count).map { _ in Int32.random(in: 0..<5, using: &random) }
          var arguments = [Vector.of(values)]
          if argumentCount == 2 { arguments.append(.of(values.map { _ in .float(0.5) })) }
          try whole.add(arguments, groups: groups, count: count, groupCount: 5)
          if batch % 2 == 0 {
            try first.add(arguments, groups: groups, count: count, groupCount: 5)
          } else {
            try second.add(
              arguments, groups: groups.map { map[Int($0)] }, count: count, groupCount: 5)
          }
        }
        try first.merge(second, map: map, groupCount: 5)
        let expected = VectorReader.values(try whole.results(0..<6), 6)
        let actual = VectorReader.values(try first.results(0..<6), 6)
        for (a, b) in zip(actual, expected) {
          #expect(isNearlyEqual(a, b), "\(function) seed \(seed) distinct \(isDistinct): \(a) \(b)")
        }
      }
    }
  }

  private func isNearlyEqual(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.float(let a), .float(let b)): (a.isNaN && b.isNaN) || (a - b).magnitude < 1e-9
    case (.list(let a), .list(let b)):
      // The order of values from several workers is any.
      a.sorted { Value.order($0, $1) < 0 } == b.sorted { Value.order($0, $1) < 0 }
    default: a == b
    }
  }
}

/// A small value of one kind, or null: equal ones are frequent.
func randomValue(_ kind: Int, _ random: inout SeededGenerator) -> Value {
  if Int.random(in: 0..<6, using: &random) == 0 { return .null }
  let number = Int64.random(in: -3...3, using: &random)
  return switch kind {
  case 0: .integer(number)
  case 1: Int.random(in: 0..<10, using: &random) == 0 ? .float(.nan) : .float(Double(number) / 2)
  case 2: .string(["", "а", "аб", "б", "b", "бб", "ab"][Int(number + 3)])
  case 3: .boolean(number > 0)
  case 4: .date(LocalDate(days: number * 40))
  case 5: .localDateTime(LocalDateTime(seconds: number * 1_000_000, nanoseconds: Int32(number + 3)))
  case 6: .node(Node(id: NodeID(UInt64(number + 3))))
  case 7:
    .relationship(
      Relationship(
        id: RelationshipID(rawValue: UInt64(number + 3)), start: NodeID(0), end: NodeID(1)))
  case 8: .list([.integer(number)])
  default: .duration(CalendarDuration(days: number))
  }
}
