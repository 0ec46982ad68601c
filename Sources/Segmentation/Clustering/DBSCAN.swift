/// Density-based clustering (Ester, Kriegel, Sander, Xu 1996; Schubert and others 2017).
///
/// A row with at least `minPoints` rows, itself included, within distance `epsilon` is a core row.
/// Core rows within epsilon of each other are in one cluster. Another row within epsilon of a core
/// row is on the border of its cluster; where there are several, of the one that was numbered
/// first. All others are noise.
package enum DBSCAN {
  /// The label of noise.
  package static let noise = -1

  package struct Configuration: Sendable {
    /// Greatest distance of neighbours, inclusive.
    package var epsilon = 0.5
    package var minPoints = 5
    package var concurrency = 4
    package init() {}
  }

  package struct Result: Sendable, Equatable {
    /// The cluster of each row from 0, in the order of their first core rows; −1 for noise.
    package var labels: [Int]
    package var isCore: [Bool]
    package var clusterCount: Int
  }

  /// Labels are those of scikit-learn's `DBSCAN`, numbers and border rows included; they do not
  /// depend on the number of threads.
  ///
  /// - Parameter isCancelled: asked on the calling thread every few milliseconds of work.
  /// - Throws: for an epsilon that is not positive, minPoints below 1, values that are not finite;
  ///   when cancelled.
  /// - Complexity: memory O(rows · columns). Time depends on how many boxes of 16 rows are within
  ///   epsilon of each other: near O(rows · log rows) in few dimensions.
  package static func run(
    _ matrix: Matrix, _ configuration: Configuration = .init(),
    isCancelled: () -> Bool = { false }
  ) throws(SegmentationError) -> Result {
    try require(
      configuration.epsilon > 0 && configuration.epsilon.isFinite, "epsilon",
      "it is \(configuration.epsilon); it must be a positive number")
    try require(
      configuration.minPoints >= 1, "minPoints",
      "it is \(configuration.minPoints); it must be at least 1")
    try require(matrix.columnCount >= 1, "features", "there are none; give at least one column")
    try require(
      matrix.rowCount < Int(Int32.max), "rows", "there are \(matrix.rowCount); at most 2^31")
    if let first = matrix.firstNotFinite() {
      throw SegmentationError(
        "features",
        "row \(first.row + 1), column \(first.column + 1) has no finite value; replace it first")
    }
    if matrix.rowCount == 0 { return Result(labels: [], isCore: [], clusterCount: 0) }
    let tree = PointTree(matrix, concurrency: configuration.concurrency)
    let run = DensityRun(tree, configuration)
    try run.findCorePoints(isCancelled)
    try run.connect(isCancelled)
    run.number()
    try run.attachBorder(isCancelled)
    return run.result()
  }
}

/// One run over a tree of the rows.
final class DensityRun {
  private let tree: PointTree
  private let minPoints: Int
  private let concurrency: Int
  /// epsilon².
  private let radius: Double
  /// By position.
  private let isCore: Scratch<Bool>
  private let sets: DisjointSets
  /// A core position of each node whose core positions are all known to be in one set; −1 for a
  /// node without core positions, −2 where they are not known to be.
  private let uniform: Scratch<Int32>
  /// By position; −1 for noise.
  private let labels: Scratch<Int32>
  /// The least label of each node's core positions; `Int32.max` without any.
  private let leastLabels: Scratch<Int32>
  private var clusterCount = 0

  private static let none: Int32 = -1
  private static let mixed: Int32 = -2

  init(_ tree: PointTree, _ configuration: DBSCAN.Configuration) {
    self.tree = tree
    minPoints = configuration.minPoints
    concurrency = configuration.concurrency
    radius = configuration.epsilon * configuration.epsilon
    isCore = Scratch(tree.count, repeating: false)
    sets = DisjointSets(tree.count)
    uniform = Scratch(2 * tree.leafCount - 1, repeating: Self.none)
    labels = Scratch(tree.count, repeating: -1)
    leastLabels = Scratch(2 * tree.leafCount - 1, repeating: .max)
  }

  /// Leaves that threads take in one round between two looks at `isCancelled`.
  private static let round = 2048

  // MARK: Core points

  func findCorePoints(_ isCancelled: () -> Bool) throws(SegmentationError) {
    let chunk = 16
    let chunks = (tree.leafCount + chunk - 1) / chunk
    let (tree, isCore, radius, minPoints) = (tree, isCore, radius, minPoints)
    let leafNodes = leafNumbers()
    try parallelFor(
      chunks, concurrency: concurrency, round: Self.round / chunk, isCancelled: isCancelled
    ) { index in
      var search = NeighbourCount(tree, radius: radius, minPoints: minPoints)
      for leaf in index * chunk..<min((index + 1) * chunk, tree.leafCount) {
        search.count(around: leaf, number: Int(leafNodes.base[leaf]))
        for (slot, position) in tree.positions(ofLeaf: leaf).enumerated() {
          isCore.base[position] = search.counts[slot] >= minPoints
        }
      }
    }
  }

  /// The node number of each leaf.
  private func leafNumbers() -> Scratch<Int32> {
    let numbers = Scratch<Int32>(tree.leafCount, repeating: 0)
    var pending = [tree.root]
    while let node = pending.popLast() {
      if node.isLeaf {
        numbers.base[node.leaf] = Int32(truncatingIfNeeded: node.number)
      } else {
        pending.append(node.left)
        pending.append(node.right)
      }
    }
    return numbers
  }

  // MARK: Connected core points

  /// Joins core positions within epsilon of each other: first within leaves, then between the
  /// children of each node, from the leaves to the root. Nodes of one level have no position in
  /// common, so that threads touch disjoint sets.
  func connect(_ isCancelled: () -> Bool) throws(SegmentationError) {
    var levels: [[PointTree.Node]] = [[tree.root]]
    while let last = levels.last {
      let next = last.flatMap { $0.isLeaf ? [] : [$0.left, $0.right] }
      if next.isEmpty { break }
      levels.append(next)
    }
    let join = CoreJoin(
      tree: tree, isCore: isCore, sets: sets, uniform: uniform, radius: radius)
    for level in levels.reversed() {
      // Lower levels have many small nodes, upper ones few large ones.
      let chunk = max(level.count / 512, 1)
      let chunks = (level.count + chunk - 1) / chunk
      try parallelFor(
        chunks, concurrency: concurrency, round: 32, isCancelled: isCancelled
      ) { index in
        for position in index * chunk..<min((index + 1) * chunk, level.count) {
          let node = level[position]
          if node.isLeaf {
            join.joinWithin(node)
          } else {
            join.join(node.left, node.right)
          }
          join.refresh(node)
        }
      }
    }
  }

  // MARK: Labels

  /// Numbers the clusters by their first core rows, and finds each node's least label.
  func number() {
    let count = tree.count
    let positions = Scratch<Int32>(uninitialized: count)
    for position in 0..<count {
      positions.base[Int(tree.rows.base[position])] = Int32(truncatingIfNeeded: position)
    }
    let numbers = Scratch<Int32>(count, repeating: -1)
    var next: Int32 = 0
    for row in 0..<count {
      let position = Int(positions.base[row])
      guard isCore.base[position] else { continue }
      let root = sets.root(position)
      if numbers.base[root] < 0 {
        numbers.base[root] = next
        next += 1
      }
      labels.base[position] = numbers.base[root]
    }
    clusterCount = Int(next)
    findLeastLabel(tree.root)
  }

  private func findLeastLabel(_ node: PointTree.Node) {
    var least = Int32.max
    if node.isLeaf {
      for position in tree.positions(of: node) where isCore.base[position] {
        least = min(least, labels.base[position])
      }
    } else {
      findLeastLabel(node.left)
      findLeastLabel(node.right)
      least = min(
        leastLabels.base[node.left.number], leastLabels.base[node.right.number])
    }
    leastLabels.base[node.number] = least
  }

  /// Gives rows that are not core the least label of a core row within epsilon.
  func attachBorder(_ isCancelled: () -> Bool) throws(SegmentationError) {
    let chunk = 16
    let chunks = (tree.leafCount + chunk - 1) / chunk
    let (tree, isCore, labels, leastLabels, radius) = (tree, isCore, labels, leastLabels, radius)
    try parallelFor(
      chunks, concurrency: concurrency, round: Self.round / chunk, isCancelled: isCancelled
    ) { index in
      var pending: [PointTree.Node] = []
      for leaf in index * chunk..<min((index + 1) * chunk, tree.leafCount) {
        for position in tree.positions(ofLeaf: leaf) where !isCore.base[position] {
          let point = tree.point(position)
          var least = Int32.max
          pending.append(tree.root)
          while let node = pending.popLast() {
            if leastLabels.base[node.number] >= least { continue }
            if tree.leastDistance(point, node.number) > radius { continue }
            if !node.isLeaf {
              pending.append(node.right)
              pending.append(node.left)
              continue
            }
            for other in tree.positions(of: node)
            where isCore.base[other] && labels.base[other] < least {
              var distance = 0.0
              for column in 0..<tree.dimension {
                let difference = point[column] - tree.point(other)[column]
                distance += difference * difference
              }
              if distance <= radius { least = labels.base[other] }
            }
          }
          if least != .max { labels.base[position] = least }
        }
      }
    }
  }

  func result() -> DBSCAN.Result {
    var found = [Int](repeating: 0, count: tree.count)
    var cores = [Bool](repeating: false, count: tree.count)
    for position in 0..<tree.count {
      let row = Int(tree.rows.base[position])
      found[row] = Int(labels.base[position])
      cores[row] = isCore.base[position]
    }
    return DBSCAN.Result(labels: found, isCore: cores, clusterCount: clusterCount)
  }
}

/// Counts the neighbours of a leaf's points, up to `minPoints`.
private struct NeighbourCount {
  let tree: PointTree
  let radius: Double
  let minPoints: Int
  /// By slot in the leaf.
  private(set) var counts = [Int](repeating: 0, count: PointTree.leafSize)
  private var pending: [PointTree.Node] = []

  init(_ tree: PointTree, radius: Double, minPoints: Int) {
    self.tree = tree
    self.radius = radius
    self.minPoints = minPoints
  }

  mutating func count(around leaf: Int, number: Int) {
    let positions = tree.positions(ofLeaf: leaf)
    for slot in counts.indices { counts[slot] = 0 }
    var missing = positions.count
    pending.removeAll(keepingCapacity: true)
    pending.append(tree.root)
    while missing > 0, let node = pending.popLast() {
      if tree.leastDistance(number, node.number) > radius { continue }
      if tree.greatestDistance(number, node.number) <= radius {
        let size = tree.positions(of: node).count
        missing = 0
        for slot in 0..<positions.count {
          counts[slot] += size
          if counts[slot] < minPoints { missing += 1 }
        }
        continue
      }
      if !node.isLeaf {
        // The side where the leaf itself lies, or the nearer one, first: it is on top.
        let (left, right) = (node.left, node.right)
        if isNearer(left, right, leaf, number) {
          pending.append(right)
          pending.append(left)
        } else {
          pending.append(left)
          pending.append(right)
        }
        continue
      }
      missing = 0
      for (slot, position) in positions.enumerated() where counts[slot] < minPoints {
        var found = SIMD8<Int64>.zero
        let point = tree.point(position)
        for tile in node.leaf * PointTree.leafTiles..<(node.leaf + 1) * PointTree.leafTiles {
          let distances = squaredDistances(tree.tile(tile), to: point, tree.dimension)
          found.replace(with: found &+ 1, where: distances .<= radius)
        }
        counts[slot] += Int(found.wrappedSum())
        if counts[slot] < minPoints { missing += 1 }
      }
    }
  }

  @inline(__always)
  private func isNearer(
    _ left: PointTree.Node, _ right: PointTree.Node, _ leaf: Int, _ number: Int
  ) -> Bool {
    if leaf >= left.leaf && leaf < left.leaf + left.leaves { return true }
    if leaf >= right.leaf && leaf < right.leaf + right.leaves { return false }
    return tree.leastDistance(number, left.number) <= tree.leastDistance(number, right.number)
  }
}

/// Joins the core positions of subtrees.
private struct CoreJoin: Sendable {
  let tree: PointTree
  let isCore: Scratch<Bool>
  let sets: DisjointSets
  let uniform: Scratch<Int32>
  let radius: Double

  /// Joins within a leaf.
  func joinWithin(_ leaf: PointTree.Node) {
    let positions = tree.positions(of: leaf)
    for a in positions where isCore.base[a] {
      for b in a + 1..<positions.upperBound where isCore.base[b] {
        if distance(a, b) <= radius { sets.unite(a, b) }
      }
    }
  }

  @inline(__always)
  private func distance(_ a: Int, _ b: Int) -> Double {
    let first = tree.point(a)
    let second = tree.point(b)
    var sum = 0.0
    for column in 0..<tree.dimension {
      let difference = first[column] - second[column]
      sum += difference * difference
    }
    return sum
  }

  /// Finds out whether a node's core positions are all in one set.
  func refresh(_ node: PointTree.Node) {
    if uniform.base[node.number] >= 0 { return }
    var first: Int32 = -1
    if node.isLeaf {
      for position in tree.positions(of: node) where isCore.base[position] {
        if first < 0 {
          first = Int32(truncatingIfNeeded: position)
        } else if sets.root(position) != sets.root(Int(first)) {
          uniform.base[node.number] = -2
          return
        }
      }
      uniform.base[node.number] = first
      return
    }
    let left = uniform.base[node.left.number]
    let right = uniform.base[node.right.number]
    if left == -2 || right == -2 {
      uniform.base[node.number] = -2
    } else if left >= 0 && right >= 0 && sets.root(Int(left)) != sets.root(Int(right)) {
      uniform.base[node.number] = -2
    } else {
      uniform.base[node.number] = max(left, right)
    }
  }

  /// Joins what is within epsilon across two nodes.
  func join(_ a: PointTree.Node, _ b: PointTree.Node) {
    let first = uniform.base[a.number]
    let second = uniform.base[b.number]
    // Without core positions, or of one set already.
    if first == -1 || second == -1 { return }
    if first >= 0 && second >= 0 && sets.root(Int(first)) == sets.root(Int(second)) { return }
    if tree.leastDistance(a.number, b.number) > radius { return }
    if a.isLeaf && b.isLeaf {
      joinLeaves(a, b, areUniform: first >= 0 && second >= 0)
      if first == -2 { refresh(a) }
      if second == -2 { refresh(b) }
      return
    }
    // The larger is divided, and its nearer child comes first: one connection may settle the rest.
    let (whole, divided) = a.leaves >= b.leaves ? (b, a) : (a, b)
    let (left, right) = (divided.left, divided.right)
    if tree.leastDistance(whole.number, left.number)
      <= tree.leastDistance(whole.number, right.number)
    {
      join(whole, left)
      join(whole, right)
    } else {
      join(whole, right)
      join(whole, left)
    }
    if uniform.base[divided.number] == -2 { refresh(divided) }
  }

  private func joinLeaves(_ a: PointTree.Node, _ b: PointTree.Node, areUniform: Bool) {
    for position in tree.positions(of: a) where isCore.base[position] {
      let point = tree.point(position)
      for tile in b.leaf * PointTree.leafTiles..<(b.leaf + 1) * PointTree.leafTiles {
        let distances = squaredDistances(tree.tile(tile), to: point, tree.dimension)
        let isNear = distances .<= radius
        if !any(isNear) { continue }
        for lane in 0..<8 where isNear[lane] {
          let other = tile * 8 + lane
          if !isCore.base[other] { continue }
          sets.unite(position, other)
          if areUniform { return }
        }
      }
    }
  }
}
