import CypherExecution
import CypherPlanning
import GraphTypes
import TestSupport
import Testing

private let directions: [Direction] = [.outgoing, .incoming, .both]

struct VariableLengthExpandTests {
  @Test(arguments: 0..<4) func trailsMatchTheModel(seed: UInt64) throws {
    let graph = try GraphModel(seed: seed, nodeCount: 9, relationshipCount: 14)
    for direction in directions {
      for lengths in [0...2, 1...3, 2...4, 0...0] {
        let walk = VariableLengthExpand(
          from: v0, relationship: v1, to: v2, types: [], direction: direction,
          minimum: lengths.lowerBound, maximum: lengths.upperBound, into: false)
        let plan = scan(v0).then(.variableLengthExpand(walk), adding: [v1, v2])
        var expected: [String] = []
        for node in graph.nodes {
          for (trail, end) in graph.trails(from: node, types: [], direction, lengths) {
            let list = trail.map { GraphModel.text($0.ref.id) }.joined(separator: ",")
            expected.append("\(GraphModel.text(node)) [\(list)] \(GraphModel.text(end))")
          }
        }
        #expect(try graph.rows(plan, [v0, v1, v2]).sorted() == expected.sorted())
      }
    }
  }

  @Test(arguments: 0..<4) func predicatesAndBoundEndsMatchTheModel(seed: UInt64) throws {
    let graph = try GraphModel(seed: seed, nodeCount: 8, relationshipCount: 24)
    let pairs = Plan(
      .cartesianProduct, inputs: [scan(v0), scan(v2)], outputs: [v0, v2], estimatedRows: 1)
    let walk = VariableLengthExpand(
      from: v0, relationship: v1, to: v2, types: ["R"], direction: .both, minimum: 1, maximum: 3,
      into: true, step: v3,
      predicate: .comparison(.less, .property(.variable(v3), key: "w"), .literal(.integer(6))))
    let plan = pairs.then(.variableLengthExpand(walk), adding: [v1])
    var expected: [String] = []
    for node in graph.nodes {
      let trails = graph.trails(from: node, types: ["R"], .both, 1...3) { $0.weight < 6 }
      for (trail, end) in trails {
        let list = trail.map { GraphModel.text($0.ref.id) }.joined(separator: ",")
        expected.append("\(GraphModel.text(node)) \(GraphModel.text(end)) [\(list)]")
      }
    }
    #expect(try graph.rows(plan, [v0, v2, v1]).sorted() == expected.sorted())
  }

  @Test(arguments: 0..<8) func distinctEndsAreThoseOfTrails(seed: UInt64) throws {
    let graph = try GraphModel(seed: seed, nodeCount: 9, relationshipCount: 12)
    for direction in directions {
      for lengths in [0...3, 1...3, 1...5, 2...3] {
        let walk = VariableLengthExpand(
          from: v0, relationship: nil, to: v2, types: [], direction: direction,
          minimum: lengths.lowerBound, maximum: lengths.upperBound, into: false,
          distinctEnds: true)
        let plan = scan(v0).then(.variableLengthExpand(walk), adding: [v2])
        var expected: [String] = []
        for node in graph.nodes {
          let ends = Set(graph.trails(from: node, types: [], direction, lengths).map(\.end))
          expected += ends.map { "\(GraphModel.text(node)) \(GraphModel.text($0))" }
        }
        #expect(try graph.rows(plan, [v0, v2]).sorted() == expected.sorted(), "\(direction)")
      }
    }
  }
}

struct ShortestPathTests {
  @Test(arguments: 0..<6) func pathsMatchTheModel(seed: UInt64) throws {
    let graph = try GraphModel(seed: seed, nodeCount: 9, relationshipCount: 13)
    let pairs = Plan(
      .cartesianProduct, inputs: [scan(v0), scan(v2)], outputs: [v0, v2], estimatedRows: 1)
    for direction in directions {
      let walk = VariableLengthExpand(
        from: v0, relationship: v1, to: v2, types: [], direction: direction, minimum: 1,
        maximum: 4, into: true)
      var expected: [String] = []
      var pairCount = 0
      for node in graph.nodes {
        let trails = graph.trails(from: node, types: [], direction, 1...4)
        for (end, all) in Dictionary(grouping: trails, by: \.end) where end != node {
          pairCount += 1
          let length = all.map(\.walk.count).min() ?? 0
          for (trail, _) in all where trail.count == length {
            let list = trail.map { GraphModel.text($0.ref.id) }.joined(separator: ",")
            expected.append("\(GraphModel.text(node)) \(GraphModel.text(end)) [\(list)]")
          }
        }
      }
      let all = pairs.then(
        .shortestPath(ShortestPath(expand: walk, path: v3, all: true)), adding: [v1, v3])
      #expect(try graph.rows(all, [v0, v2, v1]).sorted() == expected.sorted())
      let one = pairs.then(
        .shortestPath(ShortestPath(expand: walk, path: v3, all: false)), adding: [v1, v3])
      let single = try graph.rows(one, [v0, v2, v1])
      #expect(single.count == pairCount)
      #expect(Set(single).isSubset(of: Set(expected)))
    }
  }
}
