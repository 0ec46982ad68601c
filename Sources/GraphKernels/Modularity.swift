internal import GraphTypes

/// The modularity of given communities, resolution 1 (Newman, Girvan 2004).
package enum Modularity {
  /// A directed view is taken as undirected; weights count unless told otherwise.
  /// - Parameter communities: any numbers, shape `[nodeCount]`.
  /// - Complexity: O(*n* + *m*); one thread.
  package static func of(
    _ communities: [Int64], in view: GraphView, usesWeights: Bool = true
  ) -> Double {
    let table = view.undirected().outgoing
    let isWeighted = usesWeights && table.isWeighted
    var strengths: [Int64: Double] = [:]
    var inner = 0.0
    var total = 0.0
    for node in 0..<table.nodeCount {
      var strength = 0.0
      table.forEachRun(of: node) { run in
        let weights = isWeighted ? table.weights(of: run) : nil
        for i in 0..<Int(run.count) {
          let weight = max(weights?[i] ?? 1, 0)
          strength += weight
          if communities[Int(run.start[i])] == communities[node] { inner += weight }
        }
      }
      strengths[communities[node], default: 0] += strength
      total += strength
    }
    if total == 0 { return 0 }
    var expected = 0.0
    for key in strengths.keys.sorted() {
      let share = (strengths[key] ?? 0) / total
      expected += share * share
    }
    return inner / total - expected
  }
}
