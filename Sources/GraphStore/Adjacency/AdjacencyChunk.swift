/// Neighbour lists of consecutive nodes for one relationship type and direction, where they lie.
/// Does not own its bytes: valid as long as they are.
///
/// A chunk is identified by (first node, lower bound) and holds everything from there up to the
/// next chunk's identity. The lower bound is 0 except where the first node's list goes on from the
/// chunk before: then the chunk holds its entries from the lower bound (`neighbour << 32 | row`)
/// on. So a part may be split, filled or emptied without touching its siblings. Lists of hubs are
/// so divided, and in a bulk load those that fill up a chunk (`AdjacencyPartition`).
///
/// To insert or find an entry: the last chunk whose identity is not above (node, neighbour << 32 |
/// row). A node that no chunk covers has no neighbours.
///
/// ```
///  0 u64 checksum     8 u8 format  9 u8 kind 'A'  10 u8 bits of a residual  11 u8 step
/// 12 u32 node count  16 u64 first node           24 u64 lower bound
/// 32 u32 entry count 36 u32 base of the rows     40 u64 slope of the rows
/// 48 u32 offsets [node count + 1], u32 neighbours [entries], residuals of the rows, packed, if they
///    have bits (see `RelationshipRows`)
/// ```
package struct AdjacencyChunk: @unchecked Sendable {
  /// What a chunk aims at: four pages less the header that LMDB puts before a big value.
  package static let byteCountAim = 4 * 4096 - 16
  package static let headerSize = 48
  /// Nodes without neighbours between two lists beyond which a new chunk is cheaper than offsets.
  package static let gapMaximum = 64
  static let kind: UInt8 = 0x41

  package let bytes: UnsafeRawBufferPointer
  package let firstNode: UInt64
  package let lowerBound: UInt64
  package let nodeCount: Int
  package let relationshipCount: Int
  package let rows: RelationshipRows

  /// Reads the header and compares the sizes: O(1). The offsets are only checked by `verify`, and
  /// clamped when they are used.
  ///
  /// The bytes must be aligned to 4 for `run(of:)` and `neighbours`: LMDB's big values are,
  /// its small ones (below 2,038 bytes) only to 2 and have to be copied first.
  package init(_ bytes: UnsafeRawBufferPointer, verifyingChecksum: Bool = false) throws(StoreError)
  {
    let name = "A chunk of neighbour lists"
    try ChunkFormat.checkPrefix(
      bytes, kind: Self.kind, headerSize: Self.headerSize, name: name,
      verifyingChecksum: verifyingChecksum)
    self.bytes = bytes
    nodeCount = Int(bytes.number(12, UInt32.self))
    firstNode = bytes.number(16)
    lowerBound = bytes.number(24)
    relationshipCount = Int(bytes.number(32, UInt32.self))
    let width = bytes[10]
    let lists = Self.headerSize + 4 * (nodeCount + 1 + relationshipCount)
    guard width <= 32, firstNode < 1 << 40,
      bytes.count >= lists + RowFit.byteCount(relationshipCount, width: Int(width))
    else { throw ChunkFormat.damaged(name, "its lists do not fit its size") }
    let start = bytes.baseAddress.unsafelyUnwrapped
    rows = RelationshipRows(
      residuals: width == 0 ? start : start + lists, width: width, base: bytes.number(36),
      slope: bytes.number(40), step: bytes[11])
    if verifyingChecksum { try verify(name) }
  }

  /// Offsets ascend from 0 to the entry count, and neighbours ascend in each list.
  private func verify(_ name: String) throws(StoreError) {
    let raw = bytes.baseAddress.unsafelyUnwrapped + Self.headerSize
    let lists = raw + 4 * (nodeCount + 1)
    var end = 0
    for node in 0..<nodeCount {
      let start = Int(raw.element(node, UInt32.self))
      guard start == end else { throw ChunkFormat.damaged(name, "its offsets do not ascend") }
      end = Int(raw.element(node + 1, UInt32.self))
      guard end >= start, end <= relationshipCount else {
        throw ChunkFormat.damaged(name, "its offsets do not ascend")
      }
      var index = start + 1
      while index < end {
        if lists.element(index, UInt32.self) < lists.element(index - 1, UInt32.self) {
          throw ChunkFormat.damaged(name, "its neighbours do not ascend")
        }
        index += 1
      }
    }
    if end != relationshipCount { throw ChunkFormat.damaged(name, "its offsets end too early") }
  }

  /// `nodeCount + 1` starts of lists. Values are clamped by `range(ofNodeAt:)`, not here.
  @inlinable package var offsets: UnsafePointer<UInt32> {
    (bytes.baseAddress.unsafelyUnwrapped + 48).assumingMemoryBound(to: UInt32.self)
  }
  @inlinable package var neighbours: UnsafePointer<UInt32> { offsets + (nodeCount + 1) }

  /// Whether the node's list (or a part of it) would be here.
  @inlinable package func covers(_ node: UInt64) -> Bool {
    node &- firstNode < UInt64(truncatingIfNeeded: nodeCount)
  }

  /// Entries of the node at `firstNode + index`; `index` must be in `0 ..< nodeCount`.
  @inlinable package func range(ofNodeAt index: Int) -> Range<Int> {
    let start = min(Int(offsets[index]), relationshipCount)
    return start..<max(start, min(Int(offsets[index + 1]), relationshipCount))
  }

  /// The node's entries in this chunk; empty for a node it does not cover.
  @inlinable package func run(of node: UInt64) -> Adjacency.Run {
    let range = covers(node) ? range(ofNodeAt: Int(node &- firstNode)) : 0..<0
    return Adjacency.Run(
      neighbours: neighbours + range.lowerBound, rows: rows, first: range.lowerBound,
      count: range.count)
  }

  /// The bytes of a chunk from flat lists.
  ///
  /// - Parameters:
  ///   - offsets: `nodeCount + 1`, ascending; the first need not be 0.
  ///   - neighbours, rows: indexed by the offsets; rows may be nil for `firstRow + i`, counted from
  ///     the chunk's first entry.
  ///   - slope: of the line that rows are compared with (see `RowFit`); nil to find the best.
  package static func encode(
    firstNode: UInt64, lowerBound: UInt64 = 0, nodeCount: Int, offsets: UnsafePointer<UInt32>,
    neighbours: UnsafePointer<UInt32>, rows: UnsafePointer<UInt32>?, firstRow: UInt32 = 0,
    slope: UInt64? = nil
  ) -> [UInt8] {
    let base = offsets[0]
    let start = Int(base)
    let count = Int(offsets[nodeCount]) - start
    let neighbours = neighbours + start
    let rows = rows.map { $0 + start }
    let fit = RowFit(
      neighbours: neighbours, rows: rows, firstRow: firstRow, count: count, slope: slope)
    let lists = headerSize + 4 * (nodeCount + 1 + count)
    let total = lists + RowFit.byteCount(count, width: fit.width)
    return [UInt8](unsafeUninitializedCapacity: total) { buffer, initialized in
      guard let chunk = buffer.baseAddress.map(UnsafeMutableRawPointer.init) else { return }
      func put<T: FixedWidthInteger & BitwiseCopyable>(_ number: T, at offset: Int) {
        chunk.storeBytes(of: number.littleEndian, toByteOffset: offset, as: T.self)
      }
      put(ChunkFormat.current, at: 8)
      put(kind, at: 9)
      put(UInt8(fit.width), at: 10)
      put(fit.step, at: 11)
      put(UInt32(truncatingIfNeeded: nodeCount), at: 12)
      put(firstNode, at: 16)
      put(lowerBound, at: 24)
      put(UInt32(truncatingIfNeeded: count), at: 32)
      put(fit.base, at: 36)
      put(fit.slope, at: 40)
      for node in 0...nodeCount { put(offsets[node] &- base, at: headerSize + 4 * node) }
      let target = headerSize + 4 * (nodeCount + 1)
      for index in 0..<count { put(neighbours[index], at: target + 4 * index) }
      if let rows, fit.width > 0 {
        (chunk + lists).initializeMemory(as: UInt8.self, repeating: 0, count: total - lists)
        BitPacking.store(rowCount: count, width: fit.width, to: chunk + lists) {
          fit.residual(rows[$0], $0, neighbour: neighbours[$0])
        }
      }
      let sum = ChunkChecksum.of(UnsafeRawBufferPointer(start: chunk + 8, count: total - 8))
      put(sum, at: 0)
      initialized = total
    }
  }
}
