internal import GraphTypes

/// The chunks of one type and direction with an index to find a node's: for every 64 nodes the
/// last group of chunks that begins at or before them.
final class AdjacencyTable: @unchecked Sendable {
  private let entries: UnsafeMutablePointer<AdjacencyEntry>
  private let groups: UnsafeMutablePointer<AdjacencyGroup>
  private let index: UnsafeMutablePointer<Int32>
  private let indexCount: Int
  let count: Int

  /// - Parameter list: ascending by (first node, lower bound).
  /// - Complexity: O(chunks + nodes / 64).
  init(_ list: [AdjacencyEntry]) {
    count = list.count
    entries = .allocate(capacity: max(count, 1))
    let (entries, count) = (entries, count)
    list.withUnsafeBufferPointer {
      if let base = $0.baseAddress { entries.initialize(from: base, count: count) }
    }
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
    indexCount = count == 0 ? 0 : Int(list[count - 1].firstNode >> 6) + 1
    index = .allocate(capacity: max(indexCount, 1))
    var group = 0
    for block in 0..<indexCount {
      while UInt64(groups[group + 1].firstNode) <= UInt64(block) << 6 { group += 1 }
      index[block] = Int32(group)
    }
  }

  deinit {
    entries.deallocate()
    groups.deallocate()
    index.deallocate()
  }

  var adjacency: Adjacency {
    Adjacency(
      entries: entries, groups: groups, index: index, indexCount: indexCount, chunkCount: count)
  }

  subscript(_ place: Int) -> AdjacencyEntry {
    get { entries[place] }
    /// First node and lower bound must stay the same.
    set { entries[place] = newValue }
  }

  static let empty = AdjacencyTable([])
}
