package import GraphTypes

/// Which rows of a node segment exist and which labels each has, where it lies. Does not own its
/// bytes: valid as long as they are. Needs no alignment.
///
/// ```
///  0 u64 checksum    8 u8 format  9 u8 kind 'N'  10 u16 row count
/// 12 u8 flags (1: existence bitmap)  13 u8 bytes a code (0, 1, 2)  14 u16 existing rows
/// 16 u32 label sets  20 u32 labels in all sets
/// 24 existence bitmap: u64 words, if flag 1
///    u32 ends of the sets [sets], u32 labels, ascending in each set; padded to 8
///    codes u8 or u16 [rows]: the number of each row's set. Without codes all rows have set 0
/// ```
package struct NodeSegmentChunk: @unchecked Sendable {
  package static let headerSize = 24
  static let kind: UInt8 = 0x4E

  package let bytes: UnsafeRawBufferPointer
  /// Rows handed out in this segment, at most `Segments.rowCount`.
  package let rowCount: Int
  package let existingCount: Int
  let codeWidth: Int
  let setCount: Int
  private let hasBitmap: Bool
  private let labelTotal: Int
  private let setsOffset: Int
  private let codesOffset: Int

  /// O(1); with `verifyingChecksum` O(size).
  package init(_ bytes: UnsafeRawBufferPointer, verifyingChecksum: Bool = false) throws(StoreError)
  {
    let name = "A node segment"
    try ChunkFormat.checkPrefix(
      bytes, kind: Self.kind, headerSize: Self.headerSize, name: name,
      verifyingChecksum: verifyingChecksum)
    self.bytes = bytes
    rowCount = Int(bytes.number(10, UInt16.self))
    hasBitmap = bytes[12] & 1 != 0
    codeWidth = Int(bytes[13])
    existingCount = Int(bytes.number(14, UInt16.self))
    setCount = Int(bytes.number(16, UInt32.self))
    labelTotal = Int(bytes.number(20, UInt32.self))
    setsOffset = Self.headerSize + (hasBitmap ? 8 * ((rowCount + 63) / 64) : 0)
    codesOffset = ChunkFormat.align(setsOffset + 4 * (setCount + labelTotal))
    guard rowCount <= Segments.rowCount, existingCount <= rowCount, codeWidth <= 2,
      bytes.count >= codesOffset + codeWidth * rowCount
    else { throw ChunkFormat.damaged(name, "its parts do not fit its size") }
  }

  package func exists(_ row: Int) -> Bool {
    guard row >= 0, row < rowCount else { return false }
    return !hasBitmap || (start + Self.headerSize).bit(row)
  }

  /// The labels that all rows have, if it is one set for the whole segment.
  package var constantLabels: [LabelID]? { codeWidth == 0 ? set(0) : nil }
  /// The segment's different label sets, each ascending.
  package var labelSets: [[LabelID]] { (0..<setCount).map { set($0) } }

  /// Ascending; empty for a row that does not exist.
  package func labels(at row: Int) -> [LabelID] { exists(row) ? set(code(row)) : [] }

  package func contains(_ label: LabelID, at row: Int) -> Bool {
    exists(row) && setContains(code(row), label)
  }

  /// Writes the ids `first + row` of the existing rows that have all `labels`, ascending.
  /// - Parameter nodes: room for `rowCount`.
  /// - Complexity: O(rows), a few instructions each.
  package func scan(
    labels: [LabelID], first: UInt64, into nodes: UnsafeMutablePointer<NodeID>
  ) -> Int {
    var matching = [Bool](repeating: true, count: max(setCount, 1))
    for set in 0..<setCount { matching[set] = labels.allSatisfy { setContains(set, $0) } }
    if setCount == 0, !labels.isEmpty { matching[0] = false }
    if codeWidth == 0 || matching.allSatisfy({ $0 == matching[0] }) {
      return matching[0] ? scanExisting(first, nodes) : 0
    }
    let codes = start + codesOffset
    let width = codeWidth
    var count = 0
    matching.withUnsafeBufferPointer { matching in
      for row in 0..<rowCount {
        let code =
          width == 1 ? Int(codes.element(row, UInt8.self)) : Int(codes.element(row, UInt16.self))
        nodes[count] = NodeID(first &+ UInt64(truncatingIfNeeded: row))
        if code < matching.count, matching[code], exists(row) { count += 1 }
      }
    }
    return count
  }

  private func scanExisting(_ first: UInt64, _ nodes: UnsafeMutablePointer<NodeID>) -> Int {
    if !hasBitmap {
      for row in 0..<rowCount { nodes[row] = NodeID(first &+ UInt64(truncatingIfNeeded: row)) }
      return rowCount
    }
    let bitmap = start + Self.headerSize
    var count = 0
    for word in 0..<(rowCount + 63) / 64 {
      var bits = bitmap.element(word, UInt64.self)
      while bits != 0 {
        let row = word * 64 + bits.trailingZeroBitCount
        if row >= rowCount { break }
        nodes[count] = NodeID(first &+ UInt64(truncatingIfNeeded: row))
        count += 1
        bits &= bits - 1
      }
    }
    return count
  }

  private var start: UnsafeRawPointer { bytes.baseAddress.unsafelyUnwrapped }

  func code(_ row: Int) -> Int {
    switch codeWidth {
    case 0: 0
    case 1: Int((start + codesOffset).element(row, UInt8.self))
    default: Int((start + codesOffset).element(row, UInt16.self))
    }
  }

  /// Places of a set's labels among all labels; empty for numbers beyond the table.
  private func range(ofSet set: Int) -> Range<Int> {
    guard set < setCount else { return 0..<0 }
    let ends = start + setsOffset
    let lower = set == 0 ? 0 : min(Int(ends.element(set - 1, UInt32.self)), labelTotal)
    return lower..<max(lower, min(Int(ends.element(set, UInt32.self)), labelTotal))
  }

  func set(_ set: Int) -> [LabelID] {
    let labels = start + setsOffset + 4 * setCount
    return range(ofSet: set).map { LabelID(labels.element($0)) }
  }

  private func setContains(_ set: Int, _ label: LabelID) -> Bool {
    let labels = start + setsOffset + 4 * setCount
    for index in range(ofSet: set) where labels.element(index, UInt32.self) == label.rawValue {
      return true
    }
    return false
  }
}

/// A node segment while a transaction changes it.
package struct MutableNodeSegment: Sendable {
  package private(set) var existingCount = 0
  /// The label sets in use, first come; some may have become unused.
  private var sets: [[LabelID]] = []
  private var numbers: [[LabelID]: UInt16] = [:]
  private var codes: [UInt16] = []
  private var existence: [Bool] = []

  package init() {}

  /// `rowCount` existing rows with one label set.
  package init(rowCount: Int, labels: [LabelID]) {
    precondition(rowCount <= Segments.rowCount)
    let code = number(of: labels.sorted())
    codes = Array(repeating: code, count: rowCount)
    existence = Array(repeating: true, count: rowCount)
    existingCount = rowCount
  }

  package init(_ chunk: NodeSegmentChunk) {
    var known: [Int: UInt16] = [:]
    for row in 0..<chunk.rowCount {
      let code = chunk.code(row)
      let number = known[code] ?? number(of: chunk.set(code))
      known[code] = number
      codes.append(number)
      let exists = chunk.exists(row)
      existence.append(exists)
      if exists { existingCount += 1 }
    }
  }

  /// Rows handed out so far.
  package var rowCount: Int { codes.count }
  package var isFull: Bool { rowCount == Segments.rowCount }

  private mutating func number(of set: [LabelID]) -> UInt16 {
    if let number = numbers[set] { return number }
    if sets.count > Int(UInt16.max) - 1 { dropUnusedSets() }
    let number = UInt16(sets.count)
    numbers[set] = number
    sets.append(set)
    return number
  }

  /// At most `Segments.rowCount` sets are in use, so this always makes room.
  private mutating func dropUnusedSets() {
    let old = sets
    sets = []
    numbers = [:]
    for row in codes.indices { codes[row] = number(of: old[Int(codes[row])]) }
  }

  /// The segment must not be full.
  /// - Parameter labels: in any order, without repeats.
  /// - Returns: the row.
  @discardableResult
  package mutating func append(labels: [LabelID]) -> Int {
    precondition(!isFull)
    codes.append(number(of: labels.sorted()))
    existence.append(true)
    existingCount += 1
    return rowCount - 1
  }

  package func exists(_ row: Int) -> Bool {
    row >= 0 && row < rowCount && existence[row]
  }

  /// - Returns: whether it existed.
  @discardableResult
  package mutating func delete(_ row: Int) -> Bool {
    guard exists(row) else { return false }
    existence[row] = false
    existingCount -= 1
    codes[row] = number(of: [])
    return true
  }

  /// Takes back an `append`.
  mutating func removeLast() {
    codes.removeLast()
    if existence.removeLast() { existingCount -= 1 }
  }
  /// Takes back a `delete`.
  mutating func restore(_ row: Int, labels: [LabelID]) {
    existence[row] = true
    existingCount += 1
    setLabels(labels, at: row)
  }

  /// Ascending; empty for a row that does not exist.
  package func labels(at row: Int) -> [LabelID] { exists(row) ? sets[Int(codes[row])] : [] }

  package func contains(_ label: LabelID, at row: Int) -> Bool {
    exists(row) && sets[Int(codes[row])].contains(label)
  }

  /// `row` must exist.
  package mutating func setLabels(_ labels: [LabelID], at row: Int) {
    precondition(exists(row))
    codes[row] = number(of: labels.sorted())
  }

  /// As `NodeSegmentChunk.scan`.
  package func scan(
    labels: [LabelID], first: UInt64, into nodes: UnsafeMutablePointer<NodeID>
  ) -> Int {
    let matching = sets.map { set in labels.allSatisfy { set.contains($0) } }
    var count = 0
    for row in 0..<rowCount where existence[row] && matching[Int(codes[row])] {
      nodes[count] = NodeID(first + UInt64(row))
      count += 1
    }
    return count
  }

  /// - Complexity: O(rows).
  package func encoded() -> [UInt8] {
    var used: [UInt16?] = Array(repeating: nil, count: sets.count)
    var table: [[LabelID]] = []
    for row in 0..<rowCount where existence[row] && used[Int(codes[row])] == nil {
      used[Int(codes[row])] = UInt16(table.count)
      table.append(sets[Int(codes[row])])
    }
    let width = table.count <= 1 ? 0 : table.count <= 256 ? 1 : 2
    let hasBitmap = existingCount < rowCount
    let labelTotal = table.reduce(0) { $0 + $1.count }
    var writer = ChunkWriter(
      capacity: NodeSegmentChunk.headerSize + rowCount / 8 + 16 + 4 * (table.count + labelTotal)
        + width * rowCount)
    writer.put(ChunkFormat.current)
    writer.put(NodeSegmentChunk.kind)
    writer.put(UInt16(rowCount))
    writer.put(UInt8(hasBitmap ? 1 : 0))
    writer.put(UInt8(width))
    writer.put(UInt16(existingCount))
    writer.put(UInt32(table.count))
    writer.put(UInt32(labelTotal))
    if hasBitmap { putExistence(into: &writer) }
    var end: UInt32 = 0
    for set in table {
      end += UInt32(set.count)
      writer.put(end)
    }
    for set in table { for label in set { writer.put(label.rawValue) } }
    writer.align()
    if width > 0 {
      for row in 0..<rowCount {
        let code = used[Int(codes[row])] ?? 0
        if width == 1 { writer.put(UInt8(truncatingIfNeeded: code)) } else { writer.put(code) }
      }
    }
    return writer.finish()
  }

  private func putExistence(into writer: inout ChunkWriter) {
    for first in stride(from: 0, to: rowCount, by: 64) {
      var word: UInt64 = 0
      for row in first..<min(first + 64, rowCount) where existence[row] {
        word |= 1 << UInt64(row - first)
      }
      writer.put(word)
    }
  }
}
