import CypherExecution
import CypherPlanning
import GraphTypes
import TestSupport
import Testing

private let directions: [Direction] = [.outgoing, .incoming, .both]

struct ExpandTests {
  @Test(arguments: 0..<4) func allMatchesTheModel(seed: UInt64) throws {
    let graph = try GraphModel(seed: seed, nodeCount: 30, relationshipCount: 90)
    for direction in directions {
      for types in [[], ["R"], ["S", "R"], ["Unknown"]] {
        let plan = scan(v0, ["A"]).then(
          .expand(
            Expand(
              from: v0, relationship: v1, to: v2, types: types, direction: direction,
              into: false, toLabels: ["B"])), adding: [v1, v2])
        var expected: [String] = []
        for node in graph.nodes where graph.labels[node]?.contains("A") == true {
          for step in graph.steps(from: node, types: types, direction)
          where graph.labels[step.node]?.contains("B") == true {
            let id = GraphModel.text(step.relationship.ref.id)
            expected.append("\(GraphModel.text(node)) \(id) \(GraphModel.text(step.node))")
          }
        }
        #expect(try graph.rows(plan, [v0, v1, v2]).sorted() == expected.sorted())
      }
    }
  }

  @Test(arguments: 0..<4) func intoMatchesTheModel(seed: UInt64) throws {
    let graph = try GraphModel(seed: seed, nodeCount: 12, relationshipCount: 120)
    for direction in directions {
      let pairs = Plan(
        .cartesianProduct, inputs: [scan(v0), scan(v2)], outputs: [v0, v2], estimatedRows: 1)
      let plan = pairs.then(
        .expand(
          Expand(
            from: v0, relationship: v1, to: v2, types: ["R"], direction: direction, into: true)),
        adding: [v1])
      var expected: [String] = []
      for node in graph.nodes {
        for step in graph.steps(from: node, types: ["R"], direction) {
          let id = GraphModel.text(step.relationship.ref.id)
          expected.append("\(GraphModel.text(node)) \(id) \(GraphModel.text(step.node))")
        }
      }
      #expect(try graph.rows(plan, [v0, v1, v2]).sorted() == expected.sorted())
    }
  }

  @Test func hubsComeInSeveralBatches() throws {
    let graph = try GraphModel(seed: 1, nodeCount: 2, relationshipCount: 9000)
    for direction in directions {
      let plan = scan(v0).then(
        .expand(
          Expand(
            from: v0, relationship: nil, to: v2, types: [], direction: direction, into: false)),
        adding: [v2])
      let expected = graph.nodes.map { graph.steps(from: $0, types: [], direction).count }
      #expect(try graph.rows(plan, [v0, v2]).count == expected.reduce(0, +))
    }
  }

  @Test(arguments: directions) func relationshipScanMatchesExpand(direction: Direction) throws {
    let graph = try GraphModel(seed: 7, nodeCount: 40, relationshipCount: 200)
    let scanned = Plan(
      .relationshipScan(
        RelationshipScan(
          from: v0, relationship: v1, to: v2, types: ["S"], direction: direction)),
      outputs: [v0, v1, v2], estimatedRows: 1)
    let expanded = scan(v0).then(
      .expand(
        Expand(
          from: v0, relationship: v1, to: v2, types: ["S"], direction: direction, into: false)),
      adding: [v1, v2])
    #expect(
      try graph.rows(scanned, [v0, v1, v2]).sorted()
        == graph.rows(expanded, [v0, v1, v2]).sorted())
  }
}
