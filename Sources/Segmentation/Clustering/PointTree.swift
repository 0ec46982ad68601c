/// A k-d tree (Bentley 1975) over rows: leaves of up to 16 neighbouring rows in two tiles, and the
/// smallest box around each subtree.
///
/// Positions are rows in the order of the leaves. Nodes are numbered in preorder: of a node with
/// *l* leaves the left child, with ⌈l / 2⌉ of them, is the next, and the right child follows the
/// left one's 2 ⌈l / 2⌉ − 1 nodes.
final class PointTree: Sendable {
  static let leafSize = 16
  static let leafTiles = leafSize / 8

  /// A subtree: its number, first leaf and number of leaves.
  struct Node: Sendable {
    var number: Int
    var leaf: Int
    var leaves: Int
    var isLeaf: Bool { leaves == 1 }
    @inline(__always)
    var left: Node { Node(number: number + 1, leaf: leaf, leaves: (leaves + 1) / 2) }
    @inline(__always)
    var right: Node {
      let before = (leaves + 1) / 2
      return Node(number: number + 2 * before, leaf: leaf + before, leaves: leaves - before)
    }
  }

  let count: Int
  let dimension: Int
  let leafCount: Int
  /// The row at each position.
  let rows: Scratch<Int32>
  /// Tiles of positions, as in `PointTiles`; lanes beyond the last position are infinitely far.
  let tiles: Scratch<Double>
  /// The same numbers point after point.
  let values: Scratch<Double>
  /// Least and greatest values of each node, `[nodes][2][dimension]`.
  let boxes: Scratch<Double>

  var root: Node { Node(number: 0, leaf: 0, leaves: leafCount) }

  /// - Precondition: at least one row; all values finite.
  /// - Complexity: O(rows · log rows · columns) in parallel.
  init(_ matrix: Matrix, concurrency: Int) {
    count = matrix.rowCount
    dimension = matrix.columnCount
    leafCount = (count + Self.leafSize - 1) / Self.leafSize
    rows = Scratch(uninitialized: count)
    for row in 0..<count { rows.base[row] = Int32(truncatingIfNeeded: row) }
    boxes = Scratch(uninitialized: (2 * leafCount - 1) * 2 * dimension)
    values = Scratch(uninitialized: count * dimension)
    tiles = Scratch(leafCount * Self.leafSize * dimension, repeating: .infinity)
    let source = Scratch(matrix.rowMajor())
    let keys = Scratch<SelectionKey>(
      count, repeating: SelectionKey(value: 0, row: 0))
    var level = [root]
    while !level.isEmpty {
      let nodes = level
      parallelFor(nodes.count, concurrency: concurrency) { index in
        divide(nodes[index], source, keys)
      }
      level = nodes.flatMap { $0.isLeaf ? [] : [$0.left, $0.right] }
    }
    let (rows, values, tiles, dimension) = (rows, values, tiles, dimension)
    parallelFor(leafCount, concurrency: concurrency) { leaf in
      for position in positions(ofLeaf: leaf) {
        let from = source.base + Int(rows.base[position]) * dimension
        let to = tiles.base + position / 8 * dimension * 8 + position % 8
        for column in 0..<dimension {
          values.base[position * dimension + column] = from[column]
          to[column * 8] = from[column]
        }
      }
    }
  }

  func positions(of node: Node) -> Range<Int> {
    node.leaf * Self.leafSize..<min((node.leaf + node.leaves) * Self.leafSize, count)
  }
  func positions(ofLeaf leaf: Int) -> Range<Int> {
    leaf * Self.leafSize..<min((leaf + 1) * Self.leafSize, count)
  }

  /// Finds a node's box and divides its rows between its children, at the middle of the longest
  /// side.
  private func divide(
    _ node: Node, _ source: Scratch<Double>, _ keys: Scratch<SelectionKey>
  ) {
    let range = positions(of: node)
    let low = boxes.base + node.number * 2 * dimension
    let high = low + dimension
    for column in 0..<dimension {
      low[column] = .infinity
      high[column] = -.infinity
    }
    for position in range {
      let point = source.base + Int(rows.base[position]) * dimension
      for column in 0..<dimension {
        if point[column] < low[column] { low[column] = point[column] }
        if point[column] > high[column] { high[column] = point[column] }
      }
    }
    if node.isLeaf { return }
    var widest = 0
    for column in 1..<max(dimension, 1)
    where high[column] - low[column] > high[widest] - low[widest] {
      widest = column
    }
    for position in range {
      let row = rows.base[position]
      keys.base[position] = SelectionKey(
        value: source.base[Int(row) * dimension + widest], row: row)
    }
    SelectionKey.select(
      keys.base, range.lowerBound, range.upperBound - 1,
      positions(of: node.right).lowerBound)
    for position in range { rows.base[position] = keys.base[position].row }
  }

  // MARK: Distances of boxes

  /// The least squared distance between points of two boxes.
  @inline(__always)
  func leastDistance(_ a: Int, _ b: Int) -> Double {
    let first = boxes.base + a * 2 * dimension
    let second = boxes.base + b * 2 * dimension
    var sum = 0.0
    for column in 0..<dimension {
      let gap = max(
        first[column] - second[dimension + column], second[column] - first[dimension + column])
      let outside = max(gap, 0)
      sum += outside * outside
    }
    return sum
  }

  /// No points of two boxes are farther apart; squared.
  @inline(__always)
  func greatestDistance(_ a: Int, _ b: Int) -> Double {
    let first = boxes.base + a * 2 * dimension
    let second = boxes.base + b * 2 * dimension
    var sum = 0.0
    for column in 0..<dimension {
      let span = max(
        first[dimension + column] - second[column], second[dimension + column] - first[column])
      sum += span * span
    }
    return sum
  }

  /// The least squared distance of a point to a box.
  @inline(__always)
  func leastDistance(_ point: UnsafePointer<Double>, _ node: Int) -> Double {
    let box = boxes.base + node * 2 * dimension
    var sum = 0.0
    for column in 0..<dimension {
      let gap = max(box[column] - point[column], point[column] - box[dimension + column])
      let outside = max(gap, 0)
      sum += outside * outside
    }
    return sum
  }

  func tile(_ tile: Int) -> UnsafePointer<Double> {
    UnsafePointer(tiles.base + tile * dimension * 8)
  }
  func point(_ position: Int) -> UnsafePointer<Double> {
    UnsafePointer(values.base + position * dimension)
  }
}

/// A value to be divided by, with its row; of equal values the lower row comes first, so that the
/// division does not depend on chance.
struct SelectionKey: BitwiseCopyable {
  var value: Double
  var row: Int32

  @inline(__always)
  static func < (a: SelectionKey, b: SelectionKey) -> Bool {
    a.value < b.value || (a.value == b.value && a.row < b.row)
  }

  /// Orders the keys so that those before `target` are less and those after it greater (Hoare 1961,
  /// "Find"; the pivot is the middle one of three).
  static func select(
    _ keys: UnsafeMutablePointer<SelectionKey>, _ first: Int, _ last: Int, _ target: Int
  ) {
    var low = first
    var high = last
    while low < high {
      let middle = low + (high - low) / 2
      if keys[middle] < keys[low] { swap(keys, middle, low) }
      if keys[high] < keys[low] { swap(keys, high, low) }
      if keys[high] < keys[middle] { swap(keys, high, middle) }
      let pivot = keys[middle]
      var i = low
      var j = high
      while i <= j {
        while keys[i] < pivot { i += 1 }
        while pivot < keys[j] { j -= 1 }
        if i <= j {
          swap(keys, i, j)
          i += 1
          j -= 1
        }
      }
      if target <= j {
        high = j
      } else if target >= i {
        low = i
      } else {
        return
      }
    }
  }

  @inline(__always)
  private static func swap(_ keys: UnsafeMutablePointer<SelectionKey>, _ a: Int, _ b: Int) {
    let kept = keys[a]
    keys[a] = keys[b]
    keys[b] = kept
  }
}
