internal import GraphTypes

extension AdjacencyEdit {
  /// Chunks to be written, and identities of chunks of the base that are no more.
  typealias Changes = (chunks: [MutableAdjacencyChunk], removed: [Identity])

  /// Joins small pieces with those before and behind them, so that a trickle of changes leaves chunks
  /// of a good size.
  static func joined(_ pieces: [MutableAdjacencyChunk], base: AdjacencyTable) -> Changes {
    var kept: [MutableAdjacencyChunk] = []
    kept.reserveCapacity(pieces.count)
    var removed: [Identity] = []
    // All up to this, of the base and of the pieces, is in `kept` or `removed` or stays; and whether
    // the last of `kept` is the last of that.
    var done: Identity?
    var isOpen = false
    for (index, piece) in pieces.enumerated() {
      let identity = Identity(piece)
      let place = base.place(piece.firstNode, piece.lowerBound)
      let before = place >= 0 && Identity(base[place]) == identity ? place - 1 : place
      if before >= 0, done.map({ !(Identity(base[before]) <= $0) }) ?? true {
        isOpen = !piece.isEmpty && Self.isJoinable(AdjacencyEntry(piece), to: base[before])
        if isOpen { kept.append(MutableAdjacencyChunk(base.readable(before))) }
      }
      if piece.isEmpty {
        removed.append(identity)
        done = identity
        continue
      }
      if isOpen, let last = kept.last,
        Self.isJoinable(AdjacencyEntry(piece), to: AdjacencyEntry(last))
      {
        Self.append(AdjacencyEntry(piece), to: last)
        removed.append(identity)
      } else {
        kept.append(piece)
        isOpen = true
      }
      done = identity
      var next = place + 1
      while let last = kept.last, next < base.count,
        index + 1 == pieces.count || !(Identity(pieces[index + 1]) <= Identity(base[next])),
        Self.isJoinable(base[next], to: AdjacencyEntry(last))
      {
        Self.append(base.readable(next), to: last)
        done = Identity(base[next])
        removed.append(Identity(base[next]))
        next += 1
      }
    }
    return (
      kept,
      removed.filter { identity in
        let place = base.place(identity.firstNode, identity.lowerBound)
        return place >= 0 && Identity(base[place]) == identity
      }
    )
  }

  /// Whether a chunk and the next fit one, with room to grow.
  private static func isJoinable(_ next: AdjacencyEntry, to last: AdjacencyEntry) -> Bool {
    let first = Int(next.firstNode)
    let end = Int(last.firstNode) + Int(last.nodeCount)
    return first <= end + AdjacencyChunk.gapMaximum
      && last.byteCount + next.byteCount + 4 * (max(end, first) - end)
        <= AdjacencyChunk.byteCountAim * 3 / 4
  }

  private static func append(_ source: AdjacencyEntry, to target: MutableAdjacencyChunk) {
    for node in 0..<UInt64(source.nodeCount) {
      let id = UInt64(source.firstNode) + node
      for place in source.range(of: id) {
        target.insert(id, neighbour: source.neighbours[place], row: source.row(place))
      }
    }
  }
}

extension AdjacencyEntry {
  /// An upper bound of its size as a chunk.
  fileprivate var byteCount: Int {
    AdjacencyChunk.headerSize + 4 * (Int(nodeCount) + 1 + 2 * Int(count))
  }
}
