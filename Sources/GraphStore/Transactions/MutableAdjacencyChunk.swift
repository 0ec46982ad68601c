/// The lists of an adjacency chunk while a transaction changes them. See `AdjacencyChunk` for what
/// identifies a chunk and which one an entry belongs to.
///
/// Insertion and removal move memory: O(entries + nodes). Split it (`split()`) as soon as
/// `isOversized`, also within a transaction, and the cost stays near a microsecond.
package final class MutableAdjacencyChunk: @unchecked Sendable {
  package let firstNode: UInt64
  package let lowerBound: UInt64
  /// Nodes covered. Grows with `insert`.
  package private(set) var nodeCount = 0
  package private(set) var relationshipCount = 0
  private var offsets: GrowingBuffer
  private var neighbours: GrowingBuffer
  private var rows: GrowingBuffer

  package init(firstNode: UInt64, lowerBound: UInt64 = 0) {
    self.firstNode = firstNode
    self.lowerBound = lowerBound
    offsets = GrowingBuffer()
    neighbours = GrowingBuffer()
    rows = GrowingBuffer()
    offsets.insert(0, at: 0, count: 0)
  }

  /// Copies; the bytes need no alignment.
  package convenience init(_ chunk: AdjacencyChunk) {
    self.init(firstNode: chunk.firstNode, lowerBound: chunk.lowerBound)
    let raw = chunk.bytes.baseAddress.unsafelyUnwrapped + AdjacencyChunk.headerSize
    let lists = raw + 4 * (chunk.nodeCount + 1)
    let count = chunk.relationshipCount
    nodeCount = chunk.nodeCount
    relationshipCount = count
    offsets.reserve(nodeCount + 1)
    neighbours.reserve(count)
    rows.reserve(count)
    var previous: UInt32 = 0
    for node in 0..<nodeCount {
      // Damaged offsets are forced into order; nothing is read beyond the chunk.
      previous = max(previous, min(raw.element(node, UInt32.self), UInt32(count)))
      offsets.base[node] = node == 0 ? 0 : previous
    }
    offsets.base[nodeCount] = nodeCount == 0 ? 0 : UInt32(count)
    if nodeCount == 0 { relationshipCount = 0 }
    for index in 0..<count {
      neighbours.base[index] = lists.element(index)
      rows.base[index] = chunk.rows.row(index, neighbour: neighbours.base[index])
    }
  }

  /// Copies a chunk of a reader's table.
  convenience init(_ entry: AdjacencyEntry) {
    self.init(firstNode: UInt64(entry.firstNode), lowerBound: entry.lowerBound)
    let count = Int(entry.count)
    nodeCount = Int(entry.nodeCount)
    guard nodeCount > 0 else { return }
    relationshipCount = count
    offsets.reserve(nodeCount + 1)
    var previous: UInt32 = 0
    offsets.base[0] = 0
    for node in 1..<nodeCount {
      // Damaged offsets are forced into order; nothing is read beyond the chunk.
      previous = max(previous, min(entry.offsets[node], entry.count))
      offsets.base[node] = previous
    }
    offsets.base[nodeCount] = entry.count
    neighbours.assign(entry.neighbours, count: count)
    rows.reserve(count)
    for index in 0..<count { rows.base[index] = entry.row(index) }
  }

  package var isEmpty: Bool { relationshipCount == 0 }

  /// Where the lists lie now, in the layout of `AdjacencyChunk`; valid until the next change.
  package var lists:
    (
      offsets: UnsafePointer<UInt32>, neighbours: UnsafePointer<UInt32>, rows: UnsafePointer<UInt32>
    )
  { (UnsafePointer(offsets.base), UnsafePointer(neighbours.base), UnsafePointer(rows.base)) }

  package func covers(_ node: UInt64) -> Bool { node &- firstNode < UInt64(nodeCount) }

  private func range(of node: UInt64) -> Range<Int> {
    guard covers(node) else { return 0..<0 }
    let index = Int(node - firstNode)
    return Int(offsets.base[index])..<Int(offsets.base[index + 1])
  }

  package func degree(of node: UInt64) -> Int { range(of: node).count }

  /// The node's list; valid until the next change of this chunk.
  package func run(of node: UInt64) -> Adjacency.Run {
    let range = range(of: node)
    return Adjacency.Run(
      neighbours: UnsafePointer(neighbours.base + range.lowerBound),
      rows: RelationshipRows(rows.base), first: range.lowerBound, count: range.count)
  }

  /// The first place in `range` whose entry is not below (neighbour, row).
  private func lowerBound(_ neighbour: UInt32, _ row: UInt32, in range: Range<Int>) -> Int {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      let other = neighbours.base[middle]
      if other < neighbour || (other == neighbour && rows.base[middle] < row) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  package func contains(_ node: UInt64, neighbour: UInt32, row: UInt32) -> Bool {
    let range = range(of: node)
    let place = lowerBound(neighbour, row, in: range)
    return place < range.upperBound && neighbours.base[place] == neighbour
      && rows.base[place] == row
  }

  /// Whether the node is covered or close enough behind: else a new chunk with `firstNode == node`
  /// is cheaper than extending this one.
  package func accepts(_ node: UInt64) -> Bool {
    node >= firstNode
      && node - firstNode <= UInt64(nodeCount) + UInt64(AdjacencyChunk.gapMaximum)
  }

  /// `node` must be one that the chunk `accepts`; the chunk extends to cover it.
  /// - Returns: false if the entry was there.
  @discardableResult
  package func insert(_ node: UInt64, neighbour: UInt32, row: UInt32) -> Bool {
    precondition(node >= firstNode)
    let index = Int(node - firstNode)
    while nodeCount <= index {
      offsets.insert(UInt32(relationshipCount), at: nodeCount + 1, count: nodeCount + 1)
      nodeCount += 1
    }
    let range = range(of: node)
    let place = lowerBound(neighbour, row, in: range)
    if place < range.upperBound, neighbours.base[place] == neighbour, rows.base[place] == row {
      return false
    }
    neighbours.insert(neighbour, at: place, count: relationshipCount)
    rows.insert(row, at: place, count: relationshipCount)
    relationshipCount += 1
    for later in (index + 1)..<(nodeCount + 1) { offsets.base[later] += 1 }
    return true
  }

  /// - Returns: whether the entry was there.
  @discardableResult
  package func remove(_ node: UInt64, neighbour: UInt32, row: UInt32) -> Bool {
    let range = range(of: node)
    let place = lowerBound(neighbour, row, in: range)
    guard place < range.upperBound, neighbours.base[place] == neighbour, rows.base[place] == row
    else { return false }
    neighbours.remove(at: place, count: relationshipCount)
    rows.remove(at: place, count: relationshipCount)
    relationshipCount -= 1
    for later in (Int(node - firstNode) + 1)..<(nodeCount + 1) { offsets.base[later] -= 1 }
    return true
  }

  /// An upper bound of the encoded size (rows may turn out to be consecutive).
  package var encodedByteCount: Int {
    AdjacencyChunk.headerSize + 4 * (nodeCount + 1 + 2 * relationshipCount) + 16
  }
  /// Must be split before it is stored (and soon).
  package var isOversized: Bool { encodedByteCount > AdjacencyChunk.byteCountAim && canSplit }
  private var canSplit: Bool { nodeCount > 1 || relationshipCount > 1 }

  /// - Complexity: O(entries + nodes).
  package func encoded() -> [UInt8] {
    AdjacencyChunk.encode(
      firstNode: firstNode, lowerBound: lowerBound, nodeCount: nodeCount, offsets: offsets.base,
      neighbours: neighbours.base, rows: rows.base)
  }

  /// The same entries in chunks of at most `AdjacencyChunk.byteCountAim` bytes, about three
  /// quarters full so that they can grow; ascending by identity. The first has this chunk's
  /// identity. Long gaps of nodes without neighbours end a chunk. Empty when there are no entries
  /// and this is not the first part of anything: then the chunk is to be deleted.
  package func split() -> [MutableAdjacencyChunk] {
    if isEmpty { return [] }
    var pieces: [MutableAdjacencyChunk] = []
    for part in AdjacencyPartition.parts(
      nodeCount: nodeCount, offsets: offsets.base, rows: rows.base, rowBits: 32,
      byteCountMaximum: isOversized
        ? AdjacencyChunk.byteCountAim * 3 / 4 : AdjacencyChunk.byteCountAim, fillingUp: false)
    {
      pieces.append(piece(part, isFirst: pieces.isEmpty))
    }
    return pieces
  }

  private func piece(_ part: AdjacencyPartition.Part, isFirst: Bool) -> MutableAdjacencyChunk {
    let first = part.entries.lowerBound
    var bound: UInt64 = isFirst ? lowerBound : 0
    if part.isContinuation {
      bound = UInt64(neighbours.base[first]) << 32 | UInt64(rows.base[first])
    }
    // The first piece keeps the identity even if the nodes at its front have lost all neighbours.
    let start = isFirst ? 0 : part.nodes.lowerBound
    let piece = MutableAdjacencyChunk(firstNode: firstNode + UInt64(start), lowerBound: bound)
    let nodes = start..<part.nodes.upperBound
    piece.nodeCount = nodes.count
    piece.relationshipCount = part.entries.count
    piece.offsets.reserve(nodes.count + 1)
    for (index, node) in nodes.enumerated() {
      piece.offsets.base[index] = UInt32(max(0, Int(offsets.base[node]) - first))
    }
    piece.offsets.base[nodes.count] = UInt32(part.entries.count)
    piece.neighbours.assign(neighbours.base + first, count: part.entries.count)
    piece.rows.assign(rows.base + first, count: part.entries.count)
    return piece
  }
}

/// Memory for `UInt32` that grows by doubling, with room for one more behind it (see
/// `RelationshipRows`). The count is its owner's: three of these share one.
private struct GrowingBuffer: ~Copyable {
  private(set) var base: UnsafeMutablePointer<UInt32>
  private var capacity: Int

  init() {
    capacity = 8
    base = .allocate(capacity: capacity + 1)
  }
  deinit { base.deallocate() }

  mutating func reserve(_ count: Int) {
    if count <= capacity { return }
    capacity = max(count, 2 * capacity)
    let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity + 1)
    base.deallocate()
    base = larger
  }

  mutating func assign(_ source: UnsafePointer<UInt32>, count: Int) {
    reserve(count)
    base.update(from: source, count: count)
  }

  mutating func insert(_ element: UInt32, at index: Int, count: Int) {
    if count == capacity {
      capacity *= 2
      let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity + 1)
      larger.update(from: base, count: count)
      base.deallocate()
      base = larger
    }
    (base + index + 1).update(from: base + index, count: count - index)
    base[index] = element
  }

  mutating func remove(at index: Int, count: Int) {
    (base + index).update(from: base + index + 1, count: count - index - 1)
  }
}
