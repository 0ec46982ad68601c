internal import GraphTypes

/// The neighbour lists of one type and direction while a transaction changes them: the committed
/// chunks, those that were touched replaced by mutable copies.
///
/// A *piece* is one chunk, committed or mutable, with its identity (see `AdjacencyChunk`). An entry
/// belongs to the last piece whose identity is not above it.
final class AdjacencyEdit {
  struct Piece {
    var firstNode: UInt64
    var lowerBound: UInt64
    /// Place in `base`, or -1 - place in `chunks`.
    var place: Int
  }

  let type: RelationshipTypeID
  let direction: Direction
  private let base: AdjacencyTable
  private var pieces: [Piece] = []
  private var chunks: [MutableAdjacencyChunk] = []
  /// Identities of committed chunks that are replaced.
  private(set) var replaced: [(firstNode: UInt64, lowerBound: UInt64)] = []

  /// What readers see; pieces that have changed in place since are in `stale`, and it is nil after
  /// changes of other kinds.
  private var table: AdjacencyTable?
  private var stale: [Int] = []

  init(_ base: AdjacencyTable, type: RelationshipTypeID, direction: Direction) {
    self.base = base
    self.type = type
    self.direction = direction
    pieces.reserveCapacity(base.count + 8)
    for place in 0..<base.count {
      let entry = base[place]
      pieces.append(
        Piece(
          firstNode: UInt64(entry.firstNode), lowerBound: entry.lowerBound, place: place))
    }
  }

  /// The last piece whose identity is not above (node, entry); -1 if there is none.
  private func piece(_ node: UInt64, _ entry: UInt64) -> Int {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      let piece = pieces[middle]
      if piece.firstNode < node || (piece.firstNode == node && piece.lowerBound <= entry) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low - 1
  }

  private func nodeCount(_ piece: Int) -> UInt64 {
    let place = pieces[piece].place
    return place >= 0 ? UInt64(base[place].nodeCount) : UInt64(chunks[-1 - place].nodeCount)
  }

  /// The piece as a mutable chunk.
  private func mutable(_ index: Int) throws(StoreError) -> MutableAdjacencyChunk {
    let piece = pieces[index]
    if piece.place < 0 { return chunks[-1 - piece.place] }
    let chunk = MutableAdjacencyChunk(base[piece.place])
    replaced.append((piece.firstNode, piece.lowerBound))
    pieces[index].place = -1 - chunks.count
    chunks.append(chunk)
    return chunk
  }

  private func piece(of chunk: MutableAdjacencyChunk) -> Piece {
    chunks.append(chunk)
    return Piece(
      firstNode: chunk.firstNode, lowerBound: chunk.lowerBound, place: -chunks.count)
  }

  private func note(_ index: Int) {
    if table != nil, stale.last != index { stale.append(index) }
  }
  private func noteAll() {
    table = nil
    stale.removeAll(keepingCapacity: true)
  }

  /// - Returns: false if the entry was there.
  @discardableResult
  func insert(_ node: UInt64, neighbour: UInt32, row: UInt32) throws(StoreError) -> Bool {
    let index = piece(node, UInt64(neighbour) << 32 | UInt64(row))
    if index >= 0 {
      let reach = pieces[index].firstNode + nodeCount(index) + UInt64(AdjacencyChunk.gapMaximum)
      if node <= reach {
        let chunk = try mutable(index)
        guard chunk.insert(node, neighbour: neighbour, row: row) else { return false }
        if chunk.isOversized { split(index, chunk) } else { note(index) }
        return true
      }
    }
    // Begins at a round number, so that nodes inserted in descending order share chunks.
    let end = index >= 0 ? pieces[index].firstNode + nodeCount(index) : 0
    let chunk = MutableAdjacencyChunk(firstNode: max(end, node & ~63))
    chunk.insert(node, neighbour: neighbour, row: row)
    pieces.insert(piece(of: chunk), at: index + 1)
    noteAll()
    return true
  }

  private func split(_ index: Int, _ chunk: MutableAdjacencyChunk) {
    let parts = chunk.split().map { piece(of: $0) }
    pieces.replaceSubrange(index...index, with: parts)
    noteAll()
  }

  /// - Returns: whether the entry was there.
  func remove(_ node: UInt64, neighbour: UInt32, row: UInt32) throws(StoreError) -> Bool {
    let index = piece(node, UInt64(neighbour) << 32 | UInt64(row))
    guard index >= 0, node - pieces[index].firstNode < nodeCount(index) else { return false }
    let chunk = try mutable(index)
    let wasThere = chunk.remove(node, neighbour: neighbour, row: row)
    if chunk.isEmpty {
      pieces.remove(at: index)
      noteAll()
    } else {
      note(index)
    }
    return wasThere
  }

  /// Valid until the next change.
  func adjacency() -> Adjacency {
    if let table {
      for index in stale {
        let place = pieces[index].place
        if place < 0 { table[index] = AdjacencyEntry(chunks[-1 - place]) }
      }
      stale.removeAll(keepingCapacity: true)
      return table.adjacency
    }
    let made = AdjacencyTable(
      pieces.map { piece in
        piece.place >= 0 ? base[piece.place] : AdjacencyEntry(chunks[-1 - piece.place])
      })
    table = made
    return made.adjacency
  }

  /// - Complexity: O(log chunks) and the chunks that hold the list.
  func degree(of node: UInt64) -> Int {
    var degree = 0
    var index = piece(node, .max)
    while index >= 0 {
      let piece = pieces[index]
      degree +=
        piece.place >= 0
        ? base[piece.place].range(of: node).count : chunks[-1 - piece.place].degree(of: node)
      // Earlier parts of the list: only a continuation has any.
      if piece.firstNode < node || piece.lowerBound == 0 { break }
      index -= 1
    }
    return degree
  }

  // MARK: Commit

  /// Joins small pieces with those behind them, so that a trickle of changes leaves chunks of a
  /// good size. Only where at least one has changed.
  func compact() throws(StoreError) {
    let limit = AdjacencyChunk.byteCountAim * 3 / 4
    func size(_ piece: Piece) -> Int {
      if piece.place < 0 { return chunks[-1 - piece.place].encodedByteCount }
      let entry = base[piece.place]
      return AdjacencyChunk.headerSize + 4 * (Int(entry.nodeCount) + 1 + 2 * Int(entry.count))
    }
    var kept: [Piece] = []
    kept.reserveCapacity(pieces.count)
    for index in pieces.indices {
      let next = pieces[index]
      if let last = kept.last, last.place < 0 || next.place < 0,
        case let first = last.firstNode,
        case let end = first
          + UInt64(
            last.place < 0
              ? chunks[-1 - last.place].nodeCount : Int(base[last.place].nodeCount)),
        next.firstNode <= end + UInt64(AdjacencyChunk.gapMaximum),
        size(last) + size(next) + 4 * Int(max(end, next.firstNode) - end) <= limit
      {
        let target: MutableAdjacencyChunk
        if last.place < 0 {
          target = chunks[-1 - last.place]
        } else {
          target = MutableAdjacencyChunk(base[last.place])
          replaced.append((last.firstNode, last.lowerBound))
          chunks.append(target)
          kept[kept.count - 1].place = -chunks.count
        }
        let source: AdjacencyEntry
        if next.place < 0 {
          source = AdjacencyEntry(chunks[-1 - next.place])
        } else {
          source = base[next.place]
          replaced.append((next.firstNode, next.lowerBound))
        }
        append(source, to: target)
      } else {
        kept.append(next)
      }
    }
    pieces = kept
    noteAll()
  }

  private func append(_ source: AdjacencyEntry, to target: MutableAdjacencyChunk) {
    for node in 0..<UInt64(source.nodeCount) {
      let id = UInt64(source.firstNode) + node
      for place in source.range(of: id) {
        target.insert(id, neighbour: source.neighbours[place], row: source.row(place))
      }
    }
  }

  /// Chunks to be stored, ascending by identity.
  var changed: [MutableAdjacencyChunk] {
    pieces.compactMap { $0.place < 0 ? chunks[-1 - $0.place] : nil }
  }
}
