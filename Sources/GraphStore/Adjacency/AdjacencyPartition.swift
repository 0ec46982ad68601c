/// How neighbour lists are cut into chunks: shared by the bulk loader and by chunks that split.
enum AdjacencyPartition {
  struct Part: Equatable {
    /// Indices of nodes, with the entries they hold.
    var nodes: Range<Int>
    var entries: Range<Int>
    /// A later part of one node's list.
    var isContinuation: Bool
  }

  /// Fewer bytes than this stay empty at the end of a chunk, in a load, rather than that a list is
  /// cut in two.
  static let emptyMaximum = 512

  /// Cuts the lists of nodes `0 ..< nodeCount` into parts whose encoding (4 bytes an offset, 4 and
  /// `rowBits` an entry, or 4 where rows are consecutive) has at most `byteCountMaximum` bytes. A list
  /// that does not fit one chunk has chunks of its own (its last part may share one). Nodes without
  /// neighbours are left out at the ends and where more than `AdjacencyChunk.gapMaximum` of them lie
  /// between two lists.
  ///
  /// - Parameters:
  ///   - rows: of the entries; nil if they are consecutive.
  ///   - rowBits: what a row takes at most where rows are not consecutive.
  ///   - fillingUp: where more than `emptyMaximum` bytes would stay empty, the next list begins
  ///     there and goes on in the next chunk, together with the lists behind it.
  static func parts(
    nodeCount: Int, offsets: UnsafePointer<UInt32>, rows: UnsafePointer<UInt32>?, rowBits: Int,
    byteCountMaximum: Int, fillingUp: Bool
  ) -> [Part] {
    var parts: [Part] = []
    // All sizes in bits. The end of the offsets, and what packing adds at the end.
    let room = 8 * (byteCountMaximum - AdjacencyChunk.headerSize - 4 - (rows == nil ? 0 : 16))
    let offsetSize = 32
    let entrySize = rows == nil ? 32 : 32 + rowBits
    let entriesMaximum = max(1, (room - offsetSize) / entrySize)
    var open: Part?
    // Of the open part.
    var isConsecutive = true
    func close() {
      if let part = open { parts.append(part) }
      open = nil
    }
    /// Whether the rows of `entries` go on from that of the entry `first`.
    func goesOn(_ first: Int, _ entries: Range<Int>) -> Bool {
      // What grows is not cut to its present size.
      if !fillingUp { return false }
      guard let rows else { return true }
      for index in entries where rows[index] != rows[first] &+ UInt32(index - first) {
        return false
      }
      return true
    }
    for node in 0..<nodeCount {
      let entries = Int(offsets[node])..<Int(offsets[node + 1])
      if entries.isEmpty { continue }
      var start = entries.lowerBound
      if let part = open {
        let nodeSize = offsetSize * (node + 1 - part.nodes.lowerBound)
        let first = part.entries.lowerBound
        if node - part.nodes.upperBound <= AdjacencyChunk.gapMaximum {
          let joined = isConsecutive && goesOn(first, entries)
          if nodeSize + (joined ? 32 : entrySize) * (entries.upperBound - first) <= room {
            open?.nodes = part.nodes.lowerBound..<(node + 1)
            open?.entries = first..<entries.upperBound
            isConsecutive = joined
            continue
          }
          let empty = room - nodeSize - entrySize * part.entries.count
          if fillingUp, empty > 8 * emptyMaximum, entries.count > 1 {
            start += min(empty / entrySize, entries.count - 1)
            open?.nodes = part.nodes.lowerBound..<(node + 1)
            open?.entries = first..<start
          }
        }
        close()
      }
      while start < entries.upperBound {
        let end = min(start + entriesMaximum, entries.upperBound)
        let part = Part(
          nodes: node..<(node + 1), entries: start..<end,
          isContinuation: start != entries.lowerBound)
        if end == entries.upperBound, fillingUp || entries.count <= entriesMaximum {
          open = part
          isConsecutive = goesOn(start, start..<end)
        } else {
          parts.append(part)
        }
        start = end
      }
    }
    close()
    return parts
  }
}
