/// How neighbour lists are cut into chunks: shared by the bulk loader and by chunks that split.
enum AdjacencyPartition {
  struct Part: Equatable {
    /// Indices of nodes, with the entries they hold.
    var nodes: Range<Int>
    var entries: Range<Int>
    /// A later part of one node's list.
    var isContinuation: Bool
  }

  /// Cuts the lists of nodes `0 ..< nodeCount` into parts whose encoding (`bytesPerEntry` an entry,
  /// 4 an offset) has at most `byteCountMaximum` bytes. A list that does not fit one chunk has
  /// chunks of its own. Nodes without neighbours are left out at the ends and where more than
  /// `AdjacencyChunk.gapMaximum` of them lie between two lists.
  static func parts(
    nodeCount: Int, offsets: UnsafePointer<UInt32>, bytesPerEntry: Int, byteCountMaximum: Int
  ) -> [Part] {
    var parts: [Part] = []
    let room = byteCountMaximum - AdjacencyChunk.headerSize - 4
    let entriesMaximum = max(1, (room - 4) / bytesPerEntry)
    var open: Part?
    func close() {
      if let part = open { parts.append(part) }
      open = nil
    }
    for node in 0..<nodeCount {
      let entries = Int(offsets[node])..<Int(offsets[node + 1])
      if entries.isEmpty { continue }
      if var part = open {
        let nodes = node + 1 - part.nodes.lowerBound
        let count = entries.upperBound - part.entries.lowerBound
        if node - part.nodes.upperBound <= AdjacencyChunk.gapMaximum,
          4 * nodes + bytesPerEntry * count <= room
        {
          part.nodes = part.nodes.lowerBound..<(node + 1)
          part.entries = part.entries.lowerBound..<entries.upperBound
          open = part
          continue
        }
        close()
      }
      if entries.count <= entriesMaximum {
        open = Part(nodes: node..<(node + 1), entries: entries, isContinuation: false)
        continue
      }
      var start = entries.lowerBound
      while start < entries.upperBound {
        let end = min(start + entriesMaximum, entries.upperBound)
        parts.append(
          Part(
            nodes: node..<(node + 1), entries: start..<end,
            isContinuation: start != entries.lowerBound))
        start = end
      }
    }
    close()
    return parts
  }
}
