internal import GraphColumns
internal import GraphTypes

/// Fetches one column for the nodes or relationships of a batch.
///
/// A *place* is a row of some table: a node's id, or type << 40 | row of a relationship. Rows that
/// follow each other in one segment are fetched by one call of its chunk.
struct ColumnGather {
  /// Every `stride` bytes a place (`UInt64`).
  var places: UnsafeRawPointer
  var stride: Int
  var count: Int
  var validity: UnsafePointer<UInt64>?
  /// What keeps the chunks alive.
  var owner: AnyObject
  /// Whether the places are of nodes or of relationships: their segments differ.
  var isOfNodes: Bool

  static func nulls(_ count: Int) -> Vector {
    let vector = Vector(type: .any, isConstant: true)
    vector.count = count
    return vector
  }

  @inline(__always) func place(_ row: Int) -> UInt64 {
    places.loadUnaligned(fromByteOffset: row &* stride, as: UInt64.self)
  }
  @inline(__always) func isValid(_ row: Int) -> Bool {
    guard let validity else { return true }
    return validity[row >> 6] >> UInt64(row & 63) & 1 != 0
  }

  /// Where a place's segment is.
  struct Place {
    /// 0 for nodes.
    var type: RelationshipTypeID
    var segment: Int
    /// The place of the segment's first row, and how many it has.
    var first: UInt64
    var rowCount: UInt64

    @inline(__always) func contains(_ place: UInt64) -> Bool { place &- first < rowCount }
  }

  @inline(__always) func segment(_ row: Int) -> Place {
    let place = place(row)
    let inTable = place & (1 << 40 - 1)
    let type = RelationshipTypeID(UInt32(truncatingIfNeeded: place >> 40))
    if isOfNodes {
      return Place(
        type: type, segment: Segments.segment(of: inTable),
        first: place & ~UInt64(Segments.rowCount - 1), rowCount: UInt64(Segments.rowCount))
    }
    let segment = RelationshipSegments.segment(of: inTable)
    let rowCount = UInt64(RelationshipSegments.rowCount)
    return Place(
      type: type, segment: segment,
      first: place &- inTable &+ UInt64(truncatingIfNeeded: segment) &* rowCount,
      rowCount: rowCount)
  }

  /// The type of all relationships; nil if there are several or none.
  var onlyType: RelationshipTypeID? {
    var type: UInt64?
    for row in 0..<count where isValid(row) {
      let other = place(row) >> 40
      if let type, type != other { return nil }
      type = other
    }
    return type.map { RelationshipTypeID(UInt32(truncatingIfNeeded: $0)) }
  }

  /// Whether the predicate holds for the type and number of one of the segments.
  func touches(_ predicate: (RelationshipTypeID, Int) -> Bool) -> Bool {
    var previous = UInt64.max
    for row in 0..<count where isValid(row) {
      let place = segment(row)
      if place.first == previous { continue }
      previous = place.first
      if predicate(place.type, place.segment) { return true }
    }
    return false
  }

  /// All places are rows of the table (the type of relationships is not looked at).
  func run(_ table: ColumnTable) throws(StoreError) -> Vector {
    try run { (_, segment, count) throws(StoreError) in
      try table.source(segment, reading: count)
    }
  }

  /// - Parameter chunk: the chunk of a type's segment (nodes have type 0) to read so many rows from.
  /// It must stay as long as `owner`.
  @inline(__always)
  func run(
    _ chunk: (RelationshipTypeID, Int, Int) throws(StoreError) -> UnsafePointer<ColumnChunk>?
  ) throws(StoreError) -> Vector {
    // First which types there are.
    var type: VectorType?
    var previous: Place?
    for row in 0..<count where isValid(row) {
      if let previous, previous.contains(place(row)) { continue }
      let segment = segment(row)
      previous = segment
      guard let found = try chunk(segment.type, segment.segment, 0)?.pointee.vectorType else {
        continue
      }
      if let known = type, known != found {
        type = .any
        break
      }
      type = found
    }
    guard let type else { return Self.nulls(count) }

    let vector = Vector(type: type, capacity: max(count, 1))
    vector.count = count
    if type == .string { vector.owners = [owner] }
    var failure: StoreError?
    var arena: StringArena?
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: max(count, 1)) { rows in
      guard let rows = rows.baseAddress else { return }
      var row = 0
      while row < count {
        guard isValid(row) else {
          vector.setNull(row)
          row += 1
          continue
        }
        let start = row
        let segment = segment(row)
        while row < count, isValid(row), case let place = place(row), segment.contains(place) {
          rows[row - start] = UInt16(truncatingIfNeeded: place &- segment.first)
          row += 1
        }
        do throws(StoreError) {
          if let chunk = try chunk(segment.type, segment.segment, row - start) {
            chunk.pointee.gather(
              rows: rows, count: row - start, into: vector, at: start, arena: &arena)
          } else {
            for missing in start..<row { vector.setNull(missing) }
          }
        } catch {
          failure = error
          return
        }
      }
    }
    if let failure { throw failure }
    if let arena { vector.owners.append(arena) }
    return vector
  }
}
