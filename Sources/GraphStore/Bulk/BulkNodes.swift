internal import GraphColumns
internal import GraphTypes

/// The node table of a bulk load: hands out rows and encodes segments as they fill.
///
/// A label set with many nodes fills segments of its own, so that a segment's labels are one
/// constant. Small ones share segments, in grants of 64 rows, so that a graph with hundreds of
/// label sets does not leave most of its rows unused.
final class BulkNodes {
  /// Rows of one segment for the nodes of one label set.
  private struct Grant {
    var start: Int
    var size: Int
    var used = 0
    var set: Int
    var usedEnd: Int { start + used }
    var isFull: Bool { used == size }
  }
  private struct Segment {
    var grants: [Grant] = []
    var openGrants = 0
    var handedOut: Int { grants.last.map { $0.start + $0.size } ?? 0 }
    /// Rows up to the last one in use.
    var rowCount: Int { grants.reduce(0) { $1.used > 0 ? max($0, $1.usedEnd) : $0 } }
  }
  private final class LabelSet {
    let number: Int
    let labels: [LabelID]
    var count = 0
    var open: (segment: Int, grant: Int)?
    init(number: Int, labels: [LabelID]) {
      self.number = number
      self.labels = labels
    }
  }

  private var segments: [Segment] = []
  /// By segment: the label set and the rows in use, where all rows have one set; else set -1.
  private var wholeSegments: [(set: Int32, used: Int32)] = []
  /// Columns of segments that are not full.
  private var columns: [Int: [PropertyKeyID: BulkColumn]] = [:]
  /// Columns of full segments that have not been encoded yet.
  private var full: [FullColumn] = []
  private struct FullColumn {
    var key: PropertyKeyID
    var segment: Int
    var column: BulkColumn
    var rowCount: Int
    var groups: [(rows: Range<Int>, set: Int)]
  }
  private(set) var statistics = NodeStatisticsCollector()
  private var sets: [[LabelID]: LabelSet] = [:]
  /// Labels by the number of their set.
  private(set) var labelSets: [[LabelID]] = []
  private var shared: Int?
  private(set) var propertyCount = 0
  /// Chunks of columns that have been encoded and wait to be taken.
  private(set) var chunks: [(key: Key, bytes: [UInt8])] = []
  private(set) var chunkSize = 0

  private static let grantSize = 64
  /// Columns that are encoded together, on all cores.
  private static let batchSize = 64
  /// Nodes from which a label set has segments of its own.
  private static let smallMaximum = Segments.rowCount / 2
  private static let rowMaximum = Int(UInt32.max) - 1

  var segmentCount: Int { segments.count }
  /// One above the last row in use.
  var rowCount: Int {
    segments.last.map { (segments.count - 1) * Segments.rowCount + $0.rowCount } ?? 0
  }

  /// - Parameter labels: ascending.
  /// - Returns: the ids as runs of consecutive ones.
  func add(
    labels: [LabelID], columns: [(key: PropertyKeyID, values: Vector)], count: Int
  ) throws -> [Range<UInt64>] {
    let set = labelSet(labels)
    var runs: [Range<UInt64>] = []
    var done = 0
    while done < count {
      let (segment, index) = try open(set, need: count - done)
      let grant = segments[segment].grants[index]
      let part = min(count - done, grant.size - grant.used)
      let row = grant.usedEnd
      for column in columns {
        let builder =
          self.columns[segment]?[column.key] ?? BulkColumn(blockShift: Int(Segments.shift))
        self.columns[segment, default: [:]][column.key] = builder
        try builder.append(column.values, from: done, count: part, at: row)
      }
      segments[segment].grants[index].used += part
      if segments[segment].grants.count == 1 {
        wholeSegments[segment] = (Int32(set.number), Int32(segments[segment].grants[0].used))
      } else {
        wholeSegments[segment].set = -1
      }
      set.count += part
      let first = UInt64(segment) << Segments.shift + UInt64(row)
      if let last = runs.last, last.upperBound == first {
        runs[runs.count - 1] = last.lowerBound..<(first + UInt64(part))
      } else {
        runs.append(first..<(first + UInt64(part)))
      }
      done += part
      if segments[segment].grants[index].isFull {
        set.open = nil
        segments[segment].openGrants -= 1
        if segments[segment].openGrants == 0,
          segments[segment].handedOut == Segments.rowCount
        {
          try close(segment)
        }
      }
    }
    return runs
  }

  private func labelSet(_ labels: [LabelID]) -> LabelSet {
    if let set = sets[labels] { return set }
    let set = LabelSet(number: labelSets.count, labels: labels)
    labelSets.append(labels)
    sets[labels] = set
    return set
  }

  private func open(
    _ set: LabelSet, need: Int
  ) throws(StoreError) -> (segment: Int, grant: Int) {
    if let open = set.open { return open }
    let segment: Int
    var size = Segments.rowCount
    if set.count + need < Self.smallMaximum {
      if let shared, segments[shared].handedOut < Segments.rowCount {
        segment = shared
      } else {
        segment = try newSegment()
        shared = segment
      }
      let rounded = (need + Self.grantSize - 1) / Self.grantSize * Self.grantSize
      size = min(rounded, Segments.rowCount - segments[segment].handedOut)
    } else {
      segment = try newSegment()
    }
    let grant = Grant(start: segments[segment].handedOut, size: size, set: set.number)
    segments[segment].grants.append(grant)
    segments[segment].openGrants += 1
    let open = (segment, segments[segment].grants.count - 1)
    set.open = open
    return open
  }

  private func newSegment() throws(StoreError) -> Int {
    guard (segments.count + 1) * Segments.rowCount < Self.rowMaximum else {
      throw StoreError(
        .limit, "a database cannot have more than \(Self.rowMaximum) nodes",
        hint: "load less, or into several databases")
    }
    segments.append(Segment())
    wholeSegments.append((-1, 0))
    return segments.count - 1
  }

  /// No row of the segment can be added any more.
  private func close(_ segment: Int) throws {
    let rowCount = segments[segment].rowCount
    let groups = segments[segment].grants.map { (rows: $0.start..<$0.usedEnd, set: $0.set) }
    for group in groups {
      statistics.addRows(group.rows.count, labels: labelSets[group.set])
    }
    for (key, column) in columns.removeValue(forKey: segment) ?? [:] {
      full.append(
        FullColumn(
          key: key, segment: segment, column: column, rowCount: rowCount, groups: groups))
    }
    if full.count >= Self.batchSize { try encodeFull() }
  }

  private func encodeFull() throws {
    nonisolated(unsafe) let full = self.full
    self.full = []
    try ChunkMaking.inParallel(full.count) { index in
      let column = full[index]
      return try column.column.encoded(
        count: column.rowCount, groups: column.groups.map(\.rows))
    } take: { index, encoded in
      let column = full[index]
      propertyCount += column.column.valueCount
      chunks.append((.column(column.key, .nodes, segment: column.segment), encoded.bytes))
      chunkSize += encoded.bytes.count
      for (group, part) in zip(column.groups, encoded.statistics) where part.valueCount > 0 {
        statistics.add(part, column.key, labels: labelSets[group.set])
      }
    }
  }

  /// Encodes what is left: no rows can be added afterwards.
  func closeAll() throws {
    for segment in columns.keys.sorted() { try close(segment) }
    try encodeFull()
  }

  /// The chunks with keys below `limit` (nil: all), ascending. They are no longer kept here.
  func takeChunks(below limit: Key? = nil) -> [(key: Key, bytes: [UInt8])] {
    chunks.sort { $0.key < $1.key }
    let count = limit.map { limit in chunks.firstIndex { !($0.key < limit) } ?? chunks.count }
    let taken = Array(chunks.prefix(count ?? chunks.count))
    chunks.removeFirst(taken.count)
    chunkSize -= taken.reduce(0) { $0 + $1.bytes.count }
    return taken
  }

  /// The number of a node's label set; nil if it does not exist.
  @inline(__always)
  func labelSet(of node: UInt32) -> Int? {
    let segment = Segments.segment(of: UInt64(node))
    guard segment < segments.count else { return nil }
    let row = Segments.offset(of: UInt64(node))
    let only = wholeSegments[segment]
    if only.set >= 0 { return row < only.used ? Int(only.set) : nil }
    return segments[segment].grants.first { row >= $0.start && row < $0.usedEnd }?.set
  }

  /// The chunk of labels of a segment.
  func labelChunk(segment: Int) -> [UInt8] {
    let grants = segments[segment].grants
    if grants.count == 1, let grant = grants.first {
      return MutableNodeSegment(rowCount: grant.used, labels: labelSets[grant.set]).encoded()
    }
    var table = MutableNodeSegment()
    let rowCount = segments[segment].rowCount
    for grant in grants {
      for row in grant.start..<min(rowCount, grant.start + grant.size) {
        table.append(labels: row < grant.usedEnd ? labelSets[grant.set] : [])
        if row >= grant.usedEnd { table.delete(row) }
      }
    }
    return table.encoded()
  }
}
