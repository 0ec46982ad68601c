package import GraphTypes

/// Neighbour lists of all nodes, for one relationship type and direction. Lists are in chunks; a
/// list may continue over several chunks (a hub's must), so it comes as one or more runs.
///
/// A chunk is compared with its checksum when it is first read. A damaged one reads as empty, and the
/// reader's `damage` tells: look at it afterwards.
///
/// Valid as long as its reader (in a write transaction: until the next change).
package struct Adjacency: @unchecked Sendable {
  /// A contiguous part of a node's list: neighbours ascending (parallel relationships side by side),
  /// and the relationships' rows.
  package struct Run {
    package var neighbours: UnsafePointer<UInt32>
    /// Of all entries of the chunk.
    package var rows: RelationshipRows
    /// The place of the run's first entry in the chunk.
    package var first: Int
    package var count: Int
    @inlinable package func row(_ index: Int) -> UInt32 {
      rows.row(first &+ index, neighbour: neighbours[index])
    }
    @inlinable package init(
      neighbours: UnsafePointer<UInt32>, rows: RelationshipRows, first: Int, count: Int
    ) {
      self.neighbours = neighbours
      self.rows = rows
      self.first = first
      self.count = count
    }
  }

  @usableFromInline let entries: UnsafePointer<AdjacencyEntry>
  /// `groupCount + 1`; the last is a sentinel.
  @usableFromInline let groups: UnsafePointer<AdjacencyGroup>
  @usableFromInline let index: UnsafePointer<Int32>
  @usableFromInline let indexCount: Int
  @usableFromInline unowned(unsafe) let checks: AdjacencyChecks
  /// Chunks.
  package let chunkCount: Int

  /// The entries that may hold the node's list, first to last. Empty for most nodes without.
  @inlinable
  func entryRange(of node: UInt64) -> Range<Int> {
    guard node < UInt64(UInt32.max), indexCount > 0 else { return 0..<0 }
    let block = min(Int(node >> 6), indexCount - 1)
    var group = Int(index[block])
    while UInt64(groups[group + 1].firstNode) <= node { group += 1 }
    let found = groups[group]
    let first = Int(found.firstEntry)
    let last = Int(groups[group + 1].firstEntry)
    if UInt64(found.firstNode) == node {
      return (found.continues ? first - 1 : first)..<last
    }
    return max(last - 1, 0)..<last
  }

  /// Nodes whose lists are in one chunk, for walks in which such nodes follow each other.
  @usableFromInline
  struct Neighbourhood {
    /// Both excluded; none at first.
    @usableFromInline var nodes = (after: UInt64.max, before: UInt64(0))
    @usableFromInline var entry = 0
    @inlinable init() {}
  }

  /// Like `entryRange(of:)`, fast for a node near the one before.
  @inlinable @inline(__always)
  func entryRange(of node: UInt64, near last: inout Neighbourhood) -> Range<Int> {
    if node > last.nodes.after && node < last.nodes.before { return last.entry..<last.entry + 1 }
    let range = entryRange(of: node)
    if let entry = range.last {
      // Between the first nodes of the last chunk and of the one behind it.
      let end = UInt64(entries[entry].firstNode) + UInt64(entries[entry].nodeCount)
      let next = entry + 1 < chunkCount ? UInt64(entries[entry + 1].firstNode) : end
      last.nodes = (UInt64(entries[entry].firstNode), min(next, end))
      last.entry = entry
    }
    return range
  }

  /// Adds the degree of each node to its sum.
  @inlinable
  package func addDegrees(
    of nodes: UnsafePointer<NodeID>, count: Int, to sums: UnsafeMutablePointer<Int64>
  ) {
    var last = Neighbourhood()
    for row in 0..<count {
      let node = nodes[row].rawValue
      for index in entryRange(of: node, near: &last) where isSound(index) {
        sums[row] += Int64(entries[index].range(of: node).count)
      }
    }
  }

  /// Takes the number of self-loops of each node off its sum, if that is not 0.
  @inlinable
  package func subtractLoops(
    of nodes: UnsafePointer<NodeID>, count: Int, from sums: UnsafeMutablePointer<Int64>
  ) {
    var last = Neighbourhood()
    for row in 0..<count where sums[row] != 0 {
      let node = nodes[row].rawValue
      let own = UInt32(truncatingIfNeeded: node)
      for index in entryRange(of: node, near: &last) where isSound(index) {
        let run = entries[index].run(of: node)
        if run.count == 0 || run.neighbours[run.count - 1] < own || run.neighbours[0] > own {
          continue
        }
        let first = Self.place(of: own, in: run.neighbours, run.count)
        sums[row] -= Int64(Self.place(of: own + 1, in: run.neighbours, run.count) - first)
      }
    }
  }

  /// Whether a chunk can be read.
  @inlinable @inline(__always)
  func isSound(_ place: Int) -> Bool {
    checks.isKnownSound(place) || checks.check(place, entries[place])
  }

  /// Calls `body` for each run of the node's list, in order of neighbours; none for no neighbours.
  @inlinable
  package func forEachRun(of node: NodeID, _ body: (Run) throws -> Void) rethrows {
    for index in entryRange(of: node.rawValue) where isSound(index) {
      let run = entries[index].run(of: node.rawValue)
      if run.count > 0 { try body(run) }
    }
  }

  @inlinable
  package func degree(of node: NodeID) -> Int {
    var degree = 0
    for index in entryRange(of: node.rawValue) where isSound(index) {
      degree += entries[index].range(of: node.rawValue).count
    }
    return degree
  }

  /// The runs of relationships between two nodes: `forEachRun` for one neighbour.
  /// - Complexity: O(log degree) per chunk of the list.
  @inlinable
  package func forEachRun(
    of node: NodeID, to neighbour: NodeID, _ body: (Run) throws -> Void
  ) rethrows {
    guard neighbour.rawValue < UInt64(UInt32.max) else { return }
    let wanted = UInt32(truncatingIfNeeded: neighbour.rawValue)
    for index in entryRange(of: node.rawValue) where isSound(index) {
      let run = entries[index].run(of: node.rawValue)
      if run.count == 0 || run.neighbours[run.count - 1] < wanted || run.neighbours[0] > wanted {
        continue
      }
      let first = Self.place(of: wanted, in: run.neighbours, run.count)
      let end = Self.place(of: wanted + 1, in: run.neighbours, run.count)
      if first < end {
        try body(
          Run(
            neighbours: run.neighbours + first, rows: run.rows, first: run.first + first,
            count: end - first))
      }
    }
  }

  /// The first place whose neighbour is not below `wanted`.
  @inlinable
  static func place(
    of wanted: UInt32, in neighbours: UnsafePointer<UInt32>, _ count: Int
  ) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) >> 1
      if neighbours[middle] < wanted { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Whether all neighbours are below a number of nodes: to be asked before neighbours are used as
  /// indices without a check.
  /// - Complexity: O(relationships), at the speed of memory.
  package func hasNeighboursOnly(below nodeCount: Int) -> Bool {
    (0..<chunkCount).allSatisfy { chunk($0).hasNeighboursOnly(below: nodeCount) }
  }

  /// The chunk at a place in `0 ..< chunkCount`, in ascending order: for algorithms that walk all
  /// lists. A node's list is in one chunk or in several that follow each other.
  @inlinable package func chunk(_ place: Int) -> AdjacencyEntry {
    isSound(place) ? entries[place] : entries[place].emptied
  }

  /// The first node of a chunk and its relationships, as its header says: for estimates, without a
  /// look at the lists.
  package func size(ofChunk place: Int) -> (firstNode: UInt64, count: Int) {
    (UInt64(entries[place].firstNode), Int(entries[place].count))
  }
}

/// A chunk of neighbour lists, ready to be read: the node `firstNode + i` has the neighbours
/// `neighbours[offsets[i] ..< offsets[i + 1]]` (in stored chunks, offsets that damage has put beyond
/// `count` must be cut to it, as `range` does).
package struct AdjacencyEntry {
  package let offsets: UnsafePointer<UInt32>
  package let neighbours: UnsafePointer<UInt32>
  package let firstNode: UInt32
  package let nodeCount: UInt32
  /// Relationships in the chunk.
  package let count: UInt32
  package let lowerBound: UInt64
  package let rows: RelationshipRows

  init(_ chunk: AdjacencyChunk) {
    offsets = chunk.offsets
    neighbours = chunk.neighbours
    rows = chunk.rows
    lowerBound = chunk.lowerBound
    firstNode = UInt32(truncatingIfNeeded: chunk.firstNode)
    nodeCount = UInt32(truncatingIfNeeded: chunk.nodeCount)
    count = UInt32(truncatingIfNeeded: chunk.relationshipCount)
  }

  /// Valid until the chunk's next change.
  init(_ chunk: MutableAdjacencyChunk) {
    let lists = chunk.lists
    offsets = lists.offsets
    neighbours = lists.neighbours
    rows = RelationshipRows(lists.rows)
    lowerBound = chunk.lowerBound
    firstNode = UInt32(truncatingIfNeeded: chunk.firstNode)
    nodeCount = UInt32(truncatingIfNeeded: chunk.nodeCount)
    count = UInt32(truncatingIfNeeded: chunk.relationshipCount)
  }

  private init(_ entry: AdjacencyEntry, nodeCount: UInt32, count: UInt32) {
    offsets = entry.offsets
    neighbours = entry.neighbours
    rows = entry.rows
    lowerBound = entry.lowerBound
    firstNode = entry.firstNode
    self.nodeCount = nodeCount
    self.count = count
  }

  /// The same without lists.
  @usableFromInline var emptied: AdjacencyEntry { AdjacencyEntry(self, nodeCount: 0, count: 0) }

  func hasNeighboursOnly(below nodeCount: Int) -> Bool {
    var highest: UInt32 = 0
    for index in 0..<Int(count) { highest = max(highest, neighbours[index]) }
    return count == 0 || Int(highest) < nodeCount
  }

  /// Of a stored chunk: whether it is as it was written.
  var hasRightChecksum: Bool {
    let chunk = UnsafeRawPointer(offsets) - AdjacencyChunk.headerSize
    let size =
      AdjacencyChunk.headerSize + 4 * (Int(nodeCount) + 1 + Int(count))
      + RowFit.byteCount(Int(count), width: Int(rows.width))
    let bytes = UnsafeRawBufferPointer(start: chunk, count: size)
    return ChunkChecksum.of(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(8))) == bytes.word(0)
  }

  /// Places of the node's relationships in the chunk; empty for nodes it does not cover.
  @inlinable
  package func range(of node: UInt64) -> Range<Int> {
    let place = node &- UInt64(firstNode)
    guard place < UInt64(nodeCount) else { return 0..<0 }
    let start = min(offsets[Int(place)], count)
    let end = max(start, min(offsets[Int(place) + 1], count))
    return Int(start)..<Int(end)
  }

  /// The row of the relationship at place `index` of the chunk.
  @inlinable package func row(_ index: Int) -> UInt32 {
    rows.row(index, neighbour: neighbours[index])
  }

  @inlinable
  package func run(of node: UInt64) -> Adjacency.Run {
    let range = range(of: node)
    return Adjacency.Run(
      neighbours: neighbours + range.lowerBound, rows: rows, first: range.lowerBound,
      count: range.count)
  }
}

/// Chunks that begin with the same node.
@usableFromInline
struct AdjacencyGroup {
  @usableFromInline var firstNode: UInt32
  @usableFromInline var firstEntry: UInt32
  /// The first node's list begins in the chunk before.
  @usableFromInline var continues: Bool
}
