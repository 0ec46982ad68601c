import CypherExecution
import CypherPlanning
import GraphTypes
import TestSupport
import Testing

private let p0 = BoundExpression.property(.variable(v0), key: "p")
private let p1 = BoundExpression.property(.variable(v1), key: "p")

struct RowOperatorTests {
  @Test func scansSeekAndFilter() throws {
    let graph = try GraphModel(seed: 3, nodeCount: 5000, relationshipCount: 0)
    let seeks: [(Seek, (Int64) -> Bool)] = [
      (.equal(key: "p", .literal(.integer(3))), { $0 == 3 }),
      (
        .anyOf(key: "p", list: .literal(.list([.integer(1), .null, .integer(5)]))),
        { $0 == 1 || $0 == 5 }
      ),
      (
        .range(
          key: "p", lower: .literal(.integer(2)), lowerInclusive: true,
          upper: .literal(.float(4.5)), upperInclusive: false), { $0 >= 2 && $0 < 5 }
      ),
    ]
    for (seek, matches) in seeks {
      let found = Set(try graph.rows(scan(v0, ["A"], seek: seek), [v0]))
      for node in graph.nodes where graph.labels[node]?.contains("A") == true {
        guard let value = graph.values[node], matches(value) else { continue }
        #expect(found.contains(GraphModel.text(node)))
      }
    }
    let ids = scan(
      v0, seek: .ids(.literal(.list([.integer(7), .integer(7), .integer(99999)])), isList: true))
    #expect(try graph.rows(ids, [v0]) == ["n7"])
  }

  @Test(arguments: 0..<3) func aggregationMatchesTheModel(seed: UInt64) throws {
    let graph = try GraphModel(seed: seed, nodeCount: 5000, relationshipCount: 0)
    let plan = Plan(
      .aggregate(
        groups: [Projection(v1, p0)],
        aggregates: [
          AggregateProjection(v2, function: "count", isDistinct: false, arguments: [])
        ]), inputs: [scan(v0)], outputs: [v1, v2], estimatedRows: 1)
    var counts: [String: Int] = [:]
    for node in graph.nodes {
      counts[graph.values[node].map { "\($0)" } ?? "null", default: 0] += 1
    }
    #expect(
      try graph.rows(plan, [v1, v2]).sorted() == counts.map { "\($0) \($1)" }.sorted())
    let none = Plan(
      .aggregate(
        groups: [],
        aggregates: [
          AggregateProjection(v2, function: "count", isDistinct: false, arguments: [])
        ]), inputs: [scan(v0, ["Unknown"])], outputs: [v2], estimatedRows: 1)
    #expect(try graph.rows(none, [v2]) == ["0"])
  }

  @Test(arguments: [false, true]) func sortAndTopAgree(isDescending: Bool) throws {
    let graph = try GraphModel(seed: 11, nodeCount: 6000, relationshipCount: 0)
    let keys = [SortKey(p0, isDescending: isDescending)]
    let sorted = try graph.rows(scan(v0).then(.sort(keys)), [v0])
    let expected = graph.nodes.enumerated().sorted { a, b in
      let (x, y) = (graph.values[a.element], graph.values[b.element])
      if x == y { return a.offset < b.offset }
      guard let x else { return isDescending }
      guard let y else { return !isDescending }
      return isDescending ? x > y : x < y
    }
    #expect(sorted == expected.map { GraphModel.text($0.element) })
    let top = scan(v0).then(
      .top(keys, limit: .literal(.integer(25)), skip: .literal(.integer(10))))
    #expect(try graph.rows(top, [v0]) == Array(sorted[10..<35]))
    let limited = scan(v0).then(.sort(keys)).then(.skip(.literal(.integer(3000)))).then(
      .limit(.literal(.integer(2500))))
    #expect(try graph.rows(limited, [v0]) == Array(sorted[3000..<5500]))
  }

  @Test func limitsMustBeNonNegativeIntegers() throws {
    let graph = try GraphModel(seed: 1, nodeCount: 1, relationshipCount: 0)
    for (value, detail) in [
      (Value.integer(-1), "NegativeIntegerArgument"), (.float(1.5), "InvalidArgumentType"),
      (.null, "InvalidArgumentType"),
    ] {
      let plan = scan(v0).then(.limit(.parameter("n")))
      let error = #expect(throws: QueryError.self) {
        try graph.rows(plan, [v0], parameters: ["n": value])
      }
      #expect(error?.detail == detail)
    }
  }

  @Test(arguments: 0..<3) func joinMatchesTheModel(seed: UInt64) throws {
    let graph = try GraphModel(seed: seed, nodeCount: 200, relationshipCount: 0)
    let plan = Plan(
      .hashJoin(left: [p0], right: [p1]), inputs: [scan(v0, ["A"]), scan(v1, ["B"])],
      outputs: [v0, v1], estimatedRows: 1)
    var expected: [String] = []
    for a in graph.nodes where graph.labels[a]?.contains("A") == true {
      for b in graph.nodes where graph.labels[b]?.contains("B") == true {
        guard let x = graph.values[a], x == graph.values[b] else { continue }
        expected.append("\(GraphModel.text(a)) \(GraphModel.text(b))")
      }
    }
    #expect(try graph.rows(plan, [v0, v1]).sorted() == expected.sorted())
  }

  @Test func unwindAndDistinct() throws {
    let graph = try GraphModel(seed: 1, nodeCount: 0, relationshipCount: 0)
    let single = Plan(.singleRow, outputs: [], estimatedRows: 1)
    let list = Value.list([.integer(1), .integer(2), .float(1), .null, .null])
    let unwound = single.then(.unwind(.literal(list), as: v0), adding: [v0])
    #expect(try graph.rows(unwound, [v0]).count == 5)
    #expect(try graph.rows(unwound.then(.distinct), [v0]) == ["1", "2", "null"])
    let nothing = single.then(.unwind(.literal(.null), as: v0), adding: [v0])
    #expect(try graph.rows(nothing, [v0]) == [])
    let one = single.then(.unwind(.literal(.integer(4)), as: v0), adding: [v0])
    #expect(try graph.rows(one, [v0]) == ["4"])
  }
}

struct ApplyTests {
  private func neighbours(_ type: String) -> Plan {
    Plan(.argument, outputs: [v0], estimatedRows: 1).then(
      .expand(
        Expand(
          from: v0, relationship: nil, to: v1, types: [type], direction: .outgoing, into: false)),
      adding: [v1])
  }

  @Test(arguments: 0..<3) func allKindsMatchTheModel(seed: UInt64) throws {
    let graph = try GraphModel(seed: seed, nodeCount: 60, relationshipCount: 70)
    var joined: [String] = []
    var optional: [String] = []
    var having: [String] = []
    var lacking: [String] = []
    for node in graph.nodes {
      let name = GraphModel.text(node)
      let steps = graph.steps(from: node, types: ["R"], .outgoing)
      let rows = steps.map { "\(name) \(GraphModel.text($0.node))" }
      joined += rows
      optional += rows.isEmpty ? ["\(name) null"] : rows
      if rows.isEmpty { lacking.append(name) } else { having.append(name) }
    }
    for isPerRow in [false, true] {
      let plan = Plan(
        .apply(perRow: isPerRow), inputs: [scan(v0), neighbours("R")], outputs: [v0, v1],
        estimatedRows: 1)
      #expect(try graph.rows(plan, [v0, v1]).sorted() == joined.sorted())
    }
    let optionalPlan = Plan(
      .optionalApply, inputs: [scan(v0), neighbours("R")], outputs: [v0, v1], estimatedRows: 1)
    let found = try graph.rows(optionalPlan, [v0, v1])
    #expect(found.sorted() == optional.sorted())
    // The outer order is kept.
    #expect(
      found.map { String($0.split(separator: " ")[0]) }
        == optional.map { String($0.split(separator: " ")[0]) })
    for isAnti in [false, true] {
      let plan = Plan(
        .semiApply(anti: isAnti), inputs: [scan(v0), neighbours("R")], outputs: [v0],
        estimatedRows: 1)
      #expect(try graph.rows(plan, [v0]) == (isAnti ? lacking : having))
    }
  }

  @Test func innerLimitHoldsForEachRow() throws {
    let graph = try GraphModel(seed: 5, nodeCount: 30, relationshipCount: 200)
    let inner = neighbours("R").then(.limit(.literal(.integer(2))))
    for isPerRow in [false, true] {
      let plan = Plan(
        .apply(perRow: isPerRow), inputs: [scan(v0), inner], outputs: [v0, v1], estimatedRows: 1)
      let expected = graph.nodes.map {
        min(2, graph.steps(from: $0, types: ["R"], .outgoing).count)
      }
      #expect(try graph.rows(plan, [v0, v1]).count == expected.reduce(0, +))
    }
  }

  @Test func subqueriesCountForEachRow() throws {
    let graph = try GraphModel(seed: 6, nodeCount: 30, relationshipCount: 100)
    let plan = Plan(
      .project([
        Projection(v0, .variable(v0)),
        Projection(v2, .subquery(.count, neighbours("S"), imports: [v0])),
        Projection(v3, .subquery(.exists, neighbours("S"), imports: [v0])),
      ]), inputs: [scan(v0)], outputs: [v0, v2, v3], estimatedRows: 1)
    let expected = graph.nodes.map { node in
      let count = graph.steps(from: node, types: ["S"], .outgoing).count
      return "\(GraphModel.text(node)) \(count) \(count > 0)"
    }
    #expect(try graph.rows(plan, [v0, v2, v3]) == expected)
  }
}
