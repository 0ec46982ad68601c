internal import GraphTypes

/// The chunks of one type and direction with an index to find a node's.
final class AdjacencyTable: @unchecked Sendable {
  private let entries: UnsafeMutablePointer<AdjacencyEntry>
  private let index: AdjacencyIndex
  let checks: AdjacencyChecks
  let count: Int

  /// - Parameters:
  ///   - list: ascending by (first node, lower bound).
  ///   - checks: for as many chunks.
  /// - Complexity: O(chunks + nodes / 64).
  init(_ list: [AdjacencyEntry], _ checks: AdjacencyChecks) {
    count = list.count
    self.checks = checks
    entries = .allocate(capacity: max(count, 1))
    let (entries, count) = (entries, count)
    list.withUnsafeBufferPointer {
      if let base = $0.baseAddress { entries.initialize(from: base, count: count) }
    }
    index = AdjacencyIndex(list)
  }

  /// A table of its own with the same chunks, some of which are to be replaced (by what has been
  /// read from them).
  /// - Complexity: O(chunks), at the speed of memory; the index is shared.
  init(copying other: AdjacencyTable) {
    count = other.count
    index = other.index
    checks = other.checks
    entries = .allocate(capacity: max(count, 1))
    entries.initialize(from: other.entries, count: count)
  }

  deinit { entries.deallocate() }

  var adjacency: Adjacency {
    Adjacency(
      entries: entries, groups: index.groups, index: index.blocks, indexCount: index.blockCount,
      checks: checks, chunkCount: count)
  }

  /// The chunk, whose lists must not be read.
  subscript(_ place: Int) -> AdjacencyEntry {
    get { entries[place] }
    /// First node and lower bound must stay the same.
    set { entries[place] = newValue }
  }

  /// The chunk with its lists, compared with its checksum; empty if it is damaged, which `checks`
  /// knows then.
  func readable(_ place: Int) -> AdjacencyEntry { adjacency.chunk(place) }

  /// The last chunk whose identity is not above (node, entry); -1 if there is none.
  func place(_ node: UInt64, _ entry: UInt64) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      let first = UInt64(entries[middle].firstNode)
      if first < node || (first == node && entries[middle].lowerBound <= entry) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low - 1
  }

  static let empty = AdjacencyTable(
    [], AdjacencyChecks("no lists", count: 0, nodeCount: 0, findings: DamageFindings()))
}

/// For every 64 nodes the last group of chunks that begins at or before them.
private final class AdjacencyIndex {
  let groups: UnsafeMutablePointer<AdjacencyGroup>
  let blocks: UnsafeMutablePointer<Int32>
  let blockCount: Int

  init(_ list: [AdjacencyEntry]) {
    let count = list.count
    groups = .allocate(capacity: count + 2)
    // A group before all others, for nodes below the first chunk.
    var groupCount = 0
    if let first = list.first, first.firstNode > 0 {
      groups[0] = AdjacencyGroup(firstNode: 0, firstEntry: 0, continues: false)
      groupCount = 1
    }
    for (place, entry) in list.enumerated()
    where place == 0 || list[place - 1].firstNode != entry.firstNode {
      groups[groupCount] = AdjacencyGroup(
        firstNode: entry.firstNode, firstEntry: UInt32(place),
        continues: place > 0 && entry.lowerBound > 0)
      groupCount += 1
    }
    groups[groupCount] = AdjacencyGroup(
      firstNode: .max, firstEntry: UInt32(count), continues: false)
    blockCount = count == 0 ? 0 : Int(list[count - 1].firstNode >> 6) + 1
    blocks = .allocate(capacity: max(blockCount, 1))
    var group = 0
    for block in 0..<blockCount {
      while UInt64(groups[group + 1].firstNode) <= UInt64(block) << 6 { group += 1 }
      blocks[block] = Int32(group)
    }
  }

  deinit {
    groups.deallocate()
    blocks.deallocate()
  }
}
