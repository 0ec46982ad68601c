internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// The neighbour lists of one node after another, whole: for operators that compare lists.
final class NodeRuns {
  private let cursor: NeighbourCursor
  private var loaded: NodeID?
  private var capacity = 4
  /// Of the loaded node.
  private(set) var runs: UnsafeMutablePointer<NeighbourCursor.Part>
  private(set) var count = 0

  init(types: [String], direction: Direction, context: ExecutionContext) {
    cursor = NeighbourCursor(types: types, direction: direction, context: context)
    runs = .allocate(capacity: capacity)
  }
  deinit { runs.deallocate() }

  /// To be called when the operator opens.
  func reset() {
    cursor.reset()
    loaded = nil
  }

  /// To be called for each batch of input.
  func prepare() throws {
    try cursor.prepare()
    loaded = nil
  }

  func load(_ node: NodeID) {
    // The same node often comes several times in a row.
    if loaded == node { return }
    loaded = node
    var count = 0
    for list in cursor.lists {
      list.adjacency.forEachRun(of: node) { run in
        if count == capacity { grow() }
        (runs + count).initialize(
          to: NeighbourCursor.Part(
            run: run, type: list.type, isOutgoing: list.isOutgoing,
            skipsSelfLoops: list.skipsSelfLoops))
        count += 1
      }
    }
    self.count = count
  }

  private func grow() {
    let larger = UnsafeMutablePointer<NeighbourCursor.Part>.allocate(capacity: 2 * capacity)
    larger.moveInitialize(from: runs, count: capacity)
    runs.deallocate()
    runs = larger
    capacity *= 2
  }
}

/// Neighbours that two lists have in common.
struct RunIntersection {
  /// Lists that differ this much in length are searched instead of walked.
  private static let searchRatio = 16

  private let first: UnsafePointer<UInt32>
  private let second: UnsafePointer<UInt32>
  private let firstCount: Int
  private let secondCount: Int
  private let isSearching: Bool
  /// The next places to look at.
  private var firstPlace = 0
  private var secondPlace = 0

  /// A common neighbour, and where both lists have it.
  struct Match {
    var neighbour: UInt32
    var first: Range<Int>
    var second: Range<Int>
  }

  init(_ first: Adjacency.Run, _ second: Adjacency.Run) {
    self.first = first.neighbours
    self.second = second.neighbours
    firstCount = first.count
    secondCount = second.count
    isSearching =
      firstCount / Self.searchRatio > secondCount || secondCount / Self.searchRatio > firstCount
  }

  /// - Complexity: O(both lengths) for all, or O(shorter · log longer) where that is less.
  @inline(__always)
  mutating func next() -> Match? {
    while firstPlace < firstCount, secondPlace < secondCount {
      let (a, b) = (first[firstPlace], second[secondPlace])
      if a == b {
        let (i, j) = (firstPlace, secondPlace)
        repeat { firstPlace += 1 } while firstPlace < firstCount && first[firstPlace] == a
        repeat { secondPlace += 1 } while secondPlace < secondCount && second[secondPlace] == a
        return Match(neighbour: a, first: i..<firstPlace, second: j..<secondPlace)
      }
      if isSearching {
        if a < b {
          firstPlace = Self.place(of: b, in: first, firstPlace, firstCount)
        } else {
          secondPlace = Self.place(of: a, in: second, secondPlace, secondCount)
        }
      } else {
        firstPlace += a < b ? 1 : 0
        secondPlace += a < b ? 0 : 1
      }
    }
    return nil
  }

  /// The first place from `start` on that is not below `wanted`: a step that doubles, then halves
  /// (J. Bentley, A. Yao, "An Almost Optimal Algorithm for Unbounded Searching", 1976).
  private static func place(
    of wanted: UInt32, in list: UnsafePointer<UInt32>, _ start: Int, _ count: Int
  ) -> Int {
    var step = 1
    var low = start
    while low + step < count, list[low + step] < wanted {
      low += step
      step *= 2
    }
    var high = min(low + step, count)
    while low < high {
      let middle = (low + high) >> 1
      if list[middle] < wanted { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
