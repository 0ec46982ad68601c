import Testing

@testable import Segmentation

@Suite struct TreeContributionsTests {
  /// The expected number of a tree when only some features are known: others follow both branches.
  private func expectation(
    _ tree: DecisionTree, _ row: [Double], known: Set<Int>, at index: Int = 0
  ) -> Double {
    let node = tree.nodes[index]
    if node.isLeaf { return node.value }
    let (left, right) = (Int(node.left), Int(node.right))
    if known.contains(Int(node.feature)) {
      let value = row[Int(node.feature)]
      let goesLeft = value.isNaN ? node.missingGoesLeft : value <= node.threshold
      return expectation(tree, row, known: known, at: goesLeft ? left : right)
    }
    return
      (tree.nodes[left].cover * expectation(tree, row, known: known, at: left)
      + tree.nodes[right].cover * expectation(tree, row, known: known, at: right)) / node.cover
  }

  /// Shapley values by their definition, over all sets of features.
  private func shapley(_ tree: DecisionTree, _ row: [Double]) -> [Double] {
    let count = row.count
    func factorial(_ n: Int) -> Double { n < 2 ? 1 : (2...n).reduce(1) { $0 * Double($1) } }
    return (0..<count).map { feature in
      var sum = 0.0
      for mask in 0..<1 << count where mask & 1 << feature == 0 {
        let known = Set((0..<count).filter { mask & 1 << $0 != 0 })
        let weight =
          factorial(known.count) * factorial(count - known.count - 1) / factorial(count)
        sum +=
          weight
          * (expectation(tree, row, known: known.union([feature]))
            - expectation(tree, row, known: known))
      }
      return sum
    }
  }

  @Test func equalTheDefinition() throws {
    let sample = SupervisedSample(rows: 600, seed: 3)
    var configuration = GradientBoostedTrees.Configuration()
    configuration.maxTrees = 6
    configuration.maxLeaves = 24
    configuration.minRowsInLeaf = 5
    let model = try GradientBoostedTrees(sample.features, sample.labels, configuration)
    let some = sample.features.selecting(rows: Array(0..<12))
    let contributions = try model.contributions(some)
    for row in 0..<12 {
      var expected = [Double](repeating: 0, count: 6)
      for tree in model.trees {
        for (feature, value) in shapley(tree, some.row(row)).enumerated() {
          expected[feature] += value
        }
      }
      for feature in 0..<6 {
        #expect(abs(contributions[row, feature] - expected[feature]) < 1e-12)
      }
      let sum = model.meanLogOdds + contributions.row(row).reduce(0, +)
      #expect(abs(sum - model.logOdds(some)[row]) < 1e-12)
    }
  }
}
