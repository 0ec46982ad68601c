internal import GraphColumns
package import GraphTypes

/// How the degrees of nodes are distributed, for one relationship type and direction.
package struct DegreeStatistics: Equatable, Sendable {
  /// Relationships when it was measured.
  package private(set) var relationshipCount = 0
  /// Nodes with at least one.
  package private(set) var nodeCount = 0
  package private(set) var maximum = 0
  /// `histogram[k]`: nodes with a degree of 2^k up to below 2^(k + 1).
  package private(set) var histogram = [Int](repeating: 0, count: bucketCount)
  static let bucketCount = 32

  init() {}

  mutating func add(_ degree: Int) {
    guard degree > 0 else { return }
    relationshipCount += degree
    nodeCount += 1
    maximum = max(maximum, degree)
    histogram[min(Self.bucketCount, Int.bitWidth - degree.leadingZeroBitCount) - 1] += 1
  }

  // Stored as u64: relationships, nodes, maximum, and the histogram.
  static let byteCount = 8 * (3 + bucketCount)

  var bytes: [UInt8] {
    ([relationshipCount, nodeCount, maximum] + histogram).flatMap {
      withUnsafeBytes(of: UInt64($0).littleEndian, Array.init)
    }
  }

  /// Nil for bytes that are not from `bytes`.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Self.byteCount else { return nil }
    let numbers = (0..<(3 + Self.bucketCount)).map { Int(truncatingIfNeeded: bytes.word(8 * $0)) }
    guard numbers.allSatisfy({ $0 >= 0 }) else { return nil }
    (relationshipCount, nodeCount, maximum) = (numbers[0], numbers[1], numbers[2])
    histogram = Array(numbers[3...])
  }
}

/// The values of a property key among nodes with a label, or relationships of a type.
package struct PropertyStatistics: Equatable, Sendable {
  /// Nodes or relationships when it was measured, and how many of them had a value.
  package internal(set) var rowCount = 0
  package private(set) var valueCount = 0
  private var sketch = DistinctSketch()

  init() {}

  /// Different values, estimated.
  package var distinctCount: Double { min(sketch.estimate, Double(valueCount)) }
  package var nullFraction: Double {
    rowCount == 0 ? 0 : 1 - Double(valueCount) / Double(rowCount)
  }

  mutating func add(_ values: Vector, rows: Range<Int>) {
    valueCount += sketch.insert(values, rows: rows)
  }

  /// Takes in the values of other rows.
  mutating func merge(_ other: PropertyStatistics) {
    valueCount += other.valueCount
    sketch.merge(other.sketch)
  }

  // Stored as u64 rows, u64 values, sketch.
  static let byteCount = 16 + DistinctSketch.byteCount

  var bytes: [UInt8] {
    [rowCount, valueCount].flatMap { withUnsafeBytes(of: UInt64($0).littleEndian, Array.init) }
      + sketch.bytes
  }

  /// Nil for bytes that are not from `bytes`.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Self.byteCount, let base = bytes.baseAddress,
      bytes.word(0) < 1 << 48, bytes.word(8) <= bytes.word(0)
    else { return nil }
    rowCount = Int(bytes.word(0))
    valueCount = Int(bytes.word(8))
    sketch = DistinctSketch(base + 16)
  }
}

/// Estimates about the data, in the tree `statistics`. They were exact (degrees, nulls) or good to a
/// few per cent (distinct values) when a table was measured: in a bulk load, and in a commit after it
/// has grown by half. Changes of values in place are not noticed before that.
struct GraphStatistics: Equatable {
  enum Kind: UInt8 { case degrees, properties, measuredRows }

  struct PropertyScope: Hashable {
    var space: ColumnSpace
    /// Nil for all nodes, and for relationships.
    var label: LabelID?
    var key: PropertyKeyID
  }
  struct DegreeScope: Hashable {
    var type: RelationshipTypeID
    var direction: Direction
  }

  var degrees: [DegreeScope: DegreeStatistics] = [:]
  var properties: [PropertyScope: PropertyStatistics] = [:]
  /// Rows of each table when it was measured.
  var measuredRows: [ColumnSpace: Int] = [:]

  /// Whether a table is worth measuring: what that costs is spread over the rows that have come.
  func isOutdated(_ space: ColumnSpace, rows: Int) -> Bool {
    let measured = measuredRows[space] ?? 0
    return rows - measured >= max(1024, measured / 2)
  }

  /// All entries in the order of their keys.
  var entries: [(key: Key, bytes: [UInt8])] {
    var entries: [(key: Key, bytes: [UInt8])] = []
    for (scope, value) in degrees { entries.append((.statistics(scope), value.bytes)) }
    for (scope, value) in properties { entries.append((.statistics(scope), value.bytes)) }
    for (space, rows) in measuredRows {
      let bytes = withUnsafeBytes(of: UInt64(rows).littleEndian, Array.init)
      entries.append((.statistics(measuredRowsOf: space), bytes))
    }
    return entries.sorted { $0.key < $1.key }
  }

  /// Takes one stored entry in.
  /// - Throws: `damaged` for an entry that no program of this format writes.
  mutating func read(
    key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer
  ) throws(StoreError) {
    func number(_ offset: Int) -> UInt32? {
      Key.number(key, at: offset, bytes: 4).map { UInt32(truncatingIfNeeded: $0) }
    }
    switch Kind(rawValue: key.first ?? .max) {
    case .degrees:
      if key.count == 6, let type = number(1), let direction = Direction(rawValue: key[5]),
        let statistics = DegreeStatistics(value)
      {
        degrees[.init(type: RelationshipTypeID(type), direction: direction)] = statistics
        return
      }
    case .properties:
      if key.count == 13, let space = number(1), let label = number(5), let id = number(9),
        let statistics = PropertyStatistics(value)
      {
        let scope = PropertyScope(
          space: ColumnSpace(rawValue: space), label: label == .max ? nil : LabelID(label),
          key: PropertyKeyID(id))
        properties[scope] = statistics
        return
      }
    case .measuredRows:
      if key.count == 5, let space = number(1), value.count == 8, value.word(0) < 1 << 48 {
        measuredRows[ColumnSpace(rawValue: space)] = Int(value.word(0))
        return
      }
    case nil: break
    }
    throw ChunkFormat.damaged("The table of statistics", "an entry cannot be read")
  }
}

extension GraphReader {
  /// Statistics of a property among nodes with a label (nil: all nodes), from when the node table
  /// was last measured; nil if it was not, or if no node had a value.
  package final func propertyStatistics(
    label: LabelID?, key: PropertyKeyID
  ) throws(StoreError) -> PropertyStatistics? {
    try core.statistics().properties[.init(space: .nodes, label: label, key: key)]
  }
  package final func propertyStatistics(
    type: RelationshipTypeID, key: PropertyKeyID
  ) throws(StoreError) -> PropertyStatistics? {
    try core.statistics().properties[.init(space: .relationships(type), label: nil, key: key)]
  }
  /// Different values of a property among nodes with a label (nil: all nodes), estimated.
  package final func distinctCount(
    label: LabelID?, key: PropertyKeyID
  ) throws(StoreError) -> Double? {
    try propertyStatistics(label: label, key: key)?.distinctCount
  }
  /// How degrees were distributed when the type was last measured.
  package final func degreeStatistics(
    type: RelationshipTypeID, direction: Direction
  ) throws(StoreError) -> DegreeStatistics? {
    try core.statistics().degrees[.init(type: type, direction: direction)]
  }
}
