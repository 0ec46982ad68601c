/// A binary tree over features: inner nodes ask `value <= threshold`, leaves hold a number.
package struct DecisionTree: Sendable, Equatable {
  package struct Node: Sendable, Equatable {
    /// The column that is asked for; −1 in a leaf.
    package var feature: Int32 = -1
    package var left: Int32 = 0
    package var right: Int32 = 0
    /// Where a missing value goes.
    package var missingGoesLeft = false
    package var threshold = 0.0
    /// Of a leaf: what it adds.
    package var value = 0.0
    /// Rows that came here when the tree was grown.
    package var cover = 0.0

    package init() {}
    package var isLeaf: Bool { feature < 0 }
  }

  /// The root first; children after their parent.
  package var nodes: [Node]

  package init(nodes: [Node]) { self.nodes = nodes }

  @inline(__always)
  static func next(_ node: Node, _ value: Double) -> Int {
    let goesLeft = value.isNaN ? node.missingGoesLeft : value <= node.threshold
    return Int(goesLeft ? node.left : node.right)
  }

  /// The leaf's number for a row.
  package func value(_ row: [Double]) -> Double {
    var node = nodes[0]
    while !node.isLeaf { node = nodes[Self.next(node, row[Int(node.feature)])] }
    return node.value
  }

  /// The mean number of the rows that grew the tree.
  package var mean: Double {
    var sum = 0.0
    for node in nodes where node.isLeaf { sum += node.value * node.cover }
    return sum / nodes[0].cover
  }

  /// The greatest number of questions before a leaf.
  var depth: Int {
    var depths = [Int](repeating: 0, count: nodes.count)
    var deepest = 0
    for (index, node) in nodes.enumerated() {
      if node.isLeaf {
        deepest = max(deepest, depths[index])
      } else {
        depths[Int(node.left)] = depths[index] + 1
        depths[Int(node.right)] = depths[index] + 1
      }
    }
    return deepest
  }
}
