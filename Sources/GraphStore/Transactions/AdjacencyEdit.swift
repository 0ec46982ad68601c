internal import GraphTypes

/// Changes of the neighbour lists of one type and direction over the chunks of the base.
///
/// Changes are first only noted down; when somebody asks for the lists or they are to be stored,
/// they are put, in order, into mutable copies of the chunks they touch, the *pieces*. So neither a
/// new relationship nor the list of a hub costs more than its note, and nothing here grows with the
/// number of chunks, except the table that readers get.
///
/// A chunk, of the base or a piece, has an identity (see `AdjacencyChunk`); a piece with the identity
/// of a chunk of the base replaces it. An entry belongs to the last chunk whose identity is not above
/// it. Pieces that have become empty stay until they are stored.
final class AdjacencyEdit {
  private struct Note: Equatable {
    var node: UInt32
    var neighbour: UInt32
    var row: UInt32
    var isRemoval: Bool

    static func < (a: Note, b: Note) -> Bool {
      if a.node != b.node { return a.node < b.node }
      if a.neighbour != b.neighbour { return a.neighbour < b.neighbour }
      if a.row != b.row { return a.row < b.row }
      return !a.isRemoval && b.isRemoval
    }
  }
  struct Identity: Hashable {
    var firstNode: UInt64
    var lowerBound: UInt64

    static func <= (a: Identity, b: Identity) -> Bool {
      a.firstNode < b.firstNode || (a.firstNode == b.firstNode && a.lowerBound <= b.lowerBound)
    }
  }

  let type: RelationshipTypeID
  let direction: Direction
  private var notes: [Note] = []
  private var base = AdjacencyTable.empty
  /// Ascending by identity.
  private var pieces: [MutableAdjacencyChunk] = []

  /// The first so many notes are counted: they change `notedCount` chunks that are no pieces, among
  /// them those of the base that have their bit in `noted`.
  private var countedNotes = 0
  private var notedCount = 0
  private var noted: [UInt64] = []

  /// What readers see. Pieces that have changed in place since are in `stale`; it is nil after other
  /// changes.
  private var table: AdjacencyTable?
  private var stale: Set<Identity> = []
  /// Whether there are pieces that replace no chunk of the base.
  private var hasNewPieces = false

  init(type: RelationshipTypeID, direction: Direction) {
    self.type = type
    self.direction = direction
  }

  /// An entry that is in no list.
  func insert(_ node: UInt32, neighbour: UInt32, row: UInt32) {
    notes.append(Note(node: node, neighbour: neighbour, row: row, isRemoval: false))
  }

  /// An entry that is in the node's list.
  func remove(_ node: UInt32, neighbour: UInt32, row: UInt32) {
    notes.append(Note(node: node, neighbour: neighbour, row: row, isRemoval: true))
  }

  /// Takes the last change back.
  func takeBackInsertion(
    _ node: UInt32, neighbour: UInt32, row: UInt32, base: AdjacencyTable
  ) {
    takeBack(Note(node: node, neighbour: neighbour, row: row, isRemoval: false), base)
  }
  func takeBackRemoval(
    _ node: UInt32, neighbour: UInt32, row: UInt32, base: AdjacencyTable
  ) {
    takeBack(Note(node: node, neighbour: neighbour, row: row, isRemoval: true), base)
  }

  private func takeBack(_ note: Note, _ base: AdjacencyTable) {
    if notes.last == note {
      notes.removeLast()
      countedNotes = min(countedNotes, notes.count)
      return
    }
    // It is in a piece by now. Notes of the opposite would come in the wrong order with later ones.
    apply(base)
    if note.isRemoval { applyInsertion(note) } else { applyRemoval(note) }
  }

  /// Changed chunks, at most: for a note that is not counted yet, one.
  var chunkMaximum: Int { pieces.count + notedCount + notes.count - countedNotes }

  /// Changed chunks, as far as they are known before the notes are applied.
  /// - Complexity: O(log chunks) for each note since the last call.
  func countChunks(base: AdjacencyTable) -> Int {
    self.base = base
    if noted.isEmpty { noted = [UInt64](repeating: 0, count: base.count / 64 + 1) }
    for note in notes[countedNotes...] {
      switch owner(UInt64(note.node), UInt64(note.neighbour) << 32 | UInt64(note.row)) {
      case .none: notedCount += 1
      case .piece: break
      case .base(let place):
        let bit: UInt64 = 1 << UInt64(place & 63)
        if noted[place >> 6] & bit == 0 {
          noted[place >> 6] |= bit
          notedCount += 1
        }
      }
    }
    countedNotes = notes.count
    return chunkMaximum
  }

  /// - Parameter base: the chunks of the base, the same in each call of a method.
  func contains(
    _ node: UInt32, neighbour: UInt32, row: UInt32, base: AdjacencyTable
  ) -> Bool {
    apply(base)
    let entry = UInt64(neighbour) << 32 | UInt64(row)
    switch owner(UInt64(node), entry) {
    case .none: return false
    case .piece(let place):
      return pieces[place].contains(UInt64(node), neighbour: neighbour, row: row)
    case .base(let place):
      return base.readable(place).contains(node, neighbour: neighbour, row: row)
    }
  }

  /// The runs of one node's list, in descending order.
  /// - Parameter body: must change nothing here.
  func forEachRun(
    of node: NodeID, base: AdjacencyTable, _ body: (Adjacency.Run) -> Void
  ) {
    apply(base)
    let node = node.rawValue
    var entry = UInt64.max
    while true {
      let chunk: AdjacencyEntry
      switch owner(node, entry) {
      case .none: return
      case .piece(let place): chunk = AdjacencyEntry(pieces[place])
      case .base(let place): chunk = base.readable(place)
      }
      let run = chunk.run(of: node)
      if run.count > 0 { body(run) }
      // Only a list that goes on has earlier chunks.
      if UInt64(chunk.firstNode) < node || chunk.lowerBound == 0 { return }
      entry = chunk.lowerBound - 1
    }
  }

  /// Valid until the next change.
  func adjacency(base: AdjacencyTable) -> Adjacency {
    apply(base)
    let table = currentTable()
    for identity in stale {
      let place = table.place(identity.firstNode, identity.lowerBound)
      table[place] = AdjacencyEntry(pieces[self.place(identity.firstNode, identity.lowerBound)])
    }
    stale.removeAll(keepingCapacity: true)
    return table.adjacency
  }

  private func currentTable() -> AdjacencyTable {
    if let table { return table }
    let made: AdjacencyTable
    if hasNewPieces {
      var entries: [AdjacencyEntry] = []
      entries.reserveCapacity(base.count + pieces.count)
      // Places in the base; nil for pieces.
      var origins: [Int?] = []
      origins.reserveCapacity(base.count + pieces.count)
      var next = 0
      func takeBase() {
        entries.append(base[next])
        origins.append(next)
      }
      for piece in pieces {
        while next < base.count, Identity(base[next]) <= Identity(piece) {
          if Identity(base[next]) != Identity(piece) { takeBase() }
          next += 1
        }
        entries.append(AdjacencyEntry(piece))
        origins.append(nil)
      }
      while next < base.count {
        takeBase()
        next += 1
      }
      made = AdjacencyTable(
        entries,
        base.checks.forTable(count: entries.count) { place in
          origins[place].map(base.checks.isKnownSound) ?? true
        })
      stale = []
    } else {
      made = AdjacencyTable(copying: base)
      stale = Set(pieces.map { Identity($0) })
    }
    table = made
    return made
  }

  // MARK: Applying notes

  private enum Owner {
    case none
    case piece(Int)
    case base(Int)
  }

  /// The last piece whose identity is not above (node, entry); -1 if there is none.
  private func place(_ node: UInt64, _ entry: UInt64) -> Int {
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

  /// The chunk that an entry belongs to.
  private func owner(_ node: UInt64, _ entry: UInt64) -> Owner {
    let piece = place(node, entry)
    let chunk = base.place(node, entry)
    if chunk >= 0, piece < 0 || !(Identity(base[chunk]) <= Identity(pieces[piece])) {
      return .base(chunk)
    }
    return piece < 0 ? .none : .piece(piece)
  }

  /// Puts all notes into pieces.
  private func apply(_ base: AdjacencyTable) {
    self.base = base
    if notes.isEmpty { return }
    if notes.count > 1 { notes.sort(by: <) }
    for note in notes {
      if note.isRemoval { applyRemoval(note) } else { applyInsertion(note) }
    }
    notes.removeAll(keepingCapacity: notes.count < 4096)
    (countedNotes, notedCount, noted) = (0, 0, [])
  }

  private func applyInsertion(_ note: Note) {
    let node = UInt64(note.node)
    let owner = owner(node, UInt64(note.neighbour) << 32 | UInt64(note.row))
    let range =
      switch owner {
      case .none: UInt64(0)..<0
      case .piece(let place):
        pieces[place].firstNode..<pieces[place].firstNode + UInt64(pieces[place].nodeCount)
      case .base(let place): base.readable(place).nodes
      }
    if case .none = owner {
    } else if node <= range.upperBound + UInt64(AdjacencyChunk.gapMaximum) {
      let place = mutable(owner)
      let chunk = pieces[place]
      chunk.insert(node, neighbour: note.neighbour, row: note.row)
      if chunk.isOversized {
        pieces.replaceSubrange(place...place, with: chunk.split())
        changeStructure()
      } else if table != nil {
        stale.insert(Identity(chunk))
      }
      return
    }
    // Begins at a round number, so that nodes inserted in descending order share chunks.
    let chunk = MutableAdjacencyChunk(firstNode: max(range.upperBound, node & ~63))
    chunk.insert(node, neighbour: note.neighbour, row: note.row)
    pieces.insert(chunk, at: place(chunk.firstNode, chunk.lowerBound) + 1)
    changeStructure()
  }

  private func applyRemoval(_ note: Note) {
    let owner = owner(UInt64(note.node), UInt64(note.neighbour) << 32 | UInt64(note.row))
    if case .none = owner { return }
    let chunk = pieces[mutable(owner)]
    chunk.remove(UInt64(note.node), neighbour: note.neighbour, row: note.row)
    if table != nil { stale.insert(Identity(chunk)) }
  }

  /// Where the owner is among the pieces; a chunk of the base becomes one.
  private func mutable(_ owner: Owner) -> Int {
    switch owner {
    case .none: preconditionFailure("no chunk to change")
    case .piece(let place): return place
    case .base(let chunk):
      let entry = base.readable(chunk)
      let place = place(UInt64(entry.firstNode), entry.lowerBound) + 1
      pieces.insert(MutableAdjacencyChunk(entry), at: place)
      return place
    }
  }

  private func changeStructure() {
    hasNewPieces = true
    table = nil
    stale.removeAll(keepingCapacity: true)
  }

  /// What is to be written. The edit is of no use afterwards.
  func takeChanges(base: AdjacencyTable) -> Changes {
    apply(base)
    return Self.joined(pieces, base: base)
  }
}

extension AdjacencyEdit.Identity {
  init(_ entry: AdjacencyEntry) {
    self.init(firstNode: UInt64(entry.firstNode), lowerBound: entry.lowerBound)
  }
  init(_ chunk: MutableAdjacencyChunk) {
    self.init(firstNode: chunk.firstNode, lowerBound: chunk.lowerBound)
  }
}

extension AdjacencyTable {
  func contains(_ node: UInt32, neighbour: UInt32, row: UInt32) -> Bool {
    let place = place(UInt64(node), UInt64(neighbour) << 32 | UInt64(row))
    return place >= 0 && readable(place).contains(node, neighbour: neighbour, row: row)
  }
}

extension AdjacencyEntry {
  fileprivate func contains(_ node: UInt32, neighbour: UInt32, row: UInt32) -> Bool {
    let run = run(of: UInt64(node))
    var index = Adjacency.place(of: neighbour, in: run.neighbours, run.count)
    while index < run.count, run.neighbours[index] == neighbour {
      if run.row(index) == row { return true }
      index += 1
    }
    return false
  }

  fileprivate var nodes: Range<UInt64> {
    UInt64(firstNode)..<UInt64(firstNode) + UInt64(nodeCount)
  }
}
