internal import GraphTypes

/// The trees of a database: LMDB's named databases. The raw value is the index of the handle.
///
/// | tree      | key (big-endian)                                            | value |
/// |-----------|-------------------------------------------------------------|-------|
/// | meta      | text: magic, format, pageSize, segmentRows, generation      | text, u32, u64 |
/// | catalogue | u8 kind (0 label, 1 type, 2 property key), u32 id           | name, UTF-8 |
/// | counts    | u8 kind (see `GraphCounts`), u32 id; or u32 type, from, to  | u64 |
/// | nodes     | u32 segment                                                 | `NodeSegmentChunk` |
/// | columns   | u32 key, u32 space (0 nodes, type + 1), u32 segment         | `ColumnChunk` |
/// | adjacency | u32 type, u8 direction, u40 first node, u64 lower bound     | `AdjacencyChunk` |
/// | delta     | u64 number                                                  | `ChangeRecord` |
/// | schema    | u8 kind (0 index, 1 constraint, 2 statistics), u32 id       | see `SchemaCodec` |
/// | indexes   | index, values (see `IndexKey`)                              | u32 nodes (sorted duplicates) |
/// | relationshipIndexes | the same                                          | u32 row, start, end (the same) |
/// | fulltext  | u32 index, u8 kind, …                                       | see `FullTextKey` |
/// | statistics| u8 kind (see `GraphStatistics`), …                          | degrees, sketches |
///
/// Numbers in values are little-endian. Values of nodes, columns and adjacency may be followed by
/// zeros (see `Environment.paddedSize`).
enum Tree: Int, CaseIterable {
  case meta, catalogue, counts, nodes, columns, adjacency, delta, schema, indexes
  case relationshipIndexes, fulltext, statistics

  var name: String { "\(self)" }
  var isPadded: Bool { self == .nodes || self == .columns || self == .adjacency }
  /// Belongs to the base state, over which recorded changes lie: see `BaseTables`.
  var isBase: Bool {
    isPadded || self == .catalogue || self == .counts || self == .statistics
  }
  /// Values are followed by a checksum (see `Seal`), as they are no chunks with one of their own.
  var isSealed: Bool {
    self == .catalogue || self == .counts || self == .schema || self == .statistics
  }
  /// Several values of one size under one key, in order.
  var hasDuplicates: Bool { self == .indexes || self == .relationshipIndexes }

  /// Version of keys, trees and counts. Chunks have a version of their own.
  static let format: UInt32 = 2
  static let magic = "tropa"
}

/// A key of up to 24 bytes, without allocation.
struct Key: Hashable {
  private var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
  private(set) var count = 0

  init() {}

  /// For short names in the meta tree; longer ones are cut.
  init(text: String) {
    for byte in text.utf8.prefix(24) { append(byte) }
  }

  /// Any key; longer ones are cut.
  init(bytes: [UInt8]) {
    for byte in bytes.prefix(24) { append(byte) }
  }

  private mutating func append(_ byte: UInt8) {
    let at = count
    withUnsafeMutableBytes(of: &words) { $0[at] = byte }
    count += 1
  }
  private mutating func append(_ number: UInt64, bytes: Int) {
    for index in stride(from: bytes - 1, through: 0, by: -1) {
      append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index)))
    }
  }

  @inline(__always)
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withUnsafeBytes(of: words) { body(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
  }

  func isPrefix(of bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= count else { return false }
    return withBytes { prefix in
      for index in 0..<prefix.count where prefix[index] != bytes[index] { return false }
      return true
    }
  }

  static func == (a: Key, b: Key) -> Bool { a.words == b.words && a.count == b.count }
  func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
  }

  /// Order of keys in a tree: by bytes, the shorter first.
  static func < (a: Key, b: Key) -> Bool {
    // Unused bytes are 0, so that whole words compare right.
    let (x, y) = (a.words, b.words)
    if x.0 != y.0 { return x.0.bigEndian < y.0.bigEndian }
    if x.1 != y.1 { return x.1.bigEndian < y.1.bigEndian }
    if x.2 != y.2 { return x.2.bigEndian < y.2.bigEndian }
    return a.count < b.count
  }
}

/// The table that a column belongs to.
struct ColumnSpace: Hashable {
  var rawValue: UInt32
  static let nodes = ColumnSpace(rawValue: 0)
  static func relationships(_ type: RelationshipTypeID) -> ColumnSpace {
    ColumnSpace(rawValue: type.rawValue + 1)
  }
}

enum NameKind: UInt8, CaseIterable { case label, relationshipType, propertyKey }

extension Key {
  static func name(_ kind: NameKind, _ id: UInt32) -> Key {
    var key = Key()
    key.append(kind.rawValue)
    key.append(UInt64(id), bytes: 4)
    return key
  }
  static func count(_ kind: GraphCounts.Kind, _ id: UInt32 = 0) -> Key {
    var key = Key()
    key.append(kind.rawValue)
    key.append(UInt64(id), bytes: 4)
    return key
  }
  static func count(_ ends: RelationshipEndCounts.Ends) -> Key {
    var key = Key()
    key.append(GraphCounts.Kind.relationshipEnds.rawValue)
    key.append(UInt64(ends.type.rawValue), bytes: 4)
    key.append(UInt64(ends.from?.rawValue ?? .max), bytes: 4)
    key.append(UInt64(ends.to?.rawValue ?? .max), bytes: 4)
    return key
  }
  static func statistics(_ scope: GraphStatistics.DegreeScope) -> Key {
    var key = Key()
    key.append(GraphStatistics.Kind.degrees.rawValue)
    key.append(UInt64(scope.type.rawValue), bytes: 4)
    key.append(scope.direction.rawValue)
    return key
  }
  static func statistics(_ scope: GraphStatistics.PropertyScope) -> Key {
    var key = Key()
    key.append(GraphStatistics.Kind.properties.rawValue)
    key.append(UInt64(scope.space.rawValue), bytes: 4)
    key.append(UInt64(scope.label?.rawValue ?? .max), bytes: 4)
    key.append(UInt64(scope.key.rawValue), bytes: 4)
    return key
  }
  static func statistics(measuredRowsOf space: ColumnSpace) -> Key {
    var key = Key()
    key.append(GraphStatistics.Kind.measuredRows.rawValue)
    key.append(UInt64(space.rawValue), bytes: 4)
    return key
  }
  static func schema(_ kind: SchemaCodec.Kind, _ id: UInt32) -> Key {
    var key = Key()
    key.append(kind.rawValue)
    key.append(UInt64(id), bytes: 4)
    return key
  }
  static func record(_ number: Int) -> Key {
    var key = Key()
    key.append(UInt64(number), bytes: 8)
    return key
  }
  static func nodes(segment: Int) -> Key {
    var key = Key()
    key.append(UInt64(segment), bytes: 4)
    return key
  }
  /// Without segment: the prefix of a column's chunks.
  static func column(_ key: PropertyKeyID, _ space: ColumnSpace, segment: Int? = nil) -> Key {
    var bytes = Key()
    bytes.append(UInt64(key.rawValue), bytes: 4)
    bytes.append(UInt64(space.rawValue), bytes: 4)
    if let segment { bytes.append(UInt64(segment), bytes: 4) }
    return bytes
  }
  /// The prefix of the chunks of a type and direction.
  static func adjacency(_ type: RelationshipTypeID, _ direction: Direction) -> Key {
    var key = Key()
    key.append(UInt64(type.rawValue), bytes: 4)
    key.append(direction.rawValue)
    return key
  }
  static func adjacency(
    _ type: RelationshipTypeID, _ direction: Direction, firstNode: UInt64, lowerBound: UInt64
  ) -> Key {
    var key = adjacency(type, direction)
    key.append(firstNode, bytes: 5)
    key.append(lowerBound, bytes: 8)
    return key
  }

  /// A big-endian number of `count` bytes inside a stored key; nil where the key is too short.
  static func number(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, bytes count: Int
  ) -> UInt64? {
    guard offset + count <= bytes.count else { return nil }
    var number: UInt64 = 0
    for index in offset..<(offset + count) { number = number << 8 | UInt64(bytes[index]) }
    return number
  }
}
