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
    var (any, all) = (UInt64(0), UInt64.max)
    if validity == nil {
      for row in 0..<count {
        let place = place(row)
        any |= place
        all &= place
      }
    } else {
      for row in 0..<count where isValid(row) {
        let place = place(row)
        any |= place
        all &= place
      }
    }
    return any >> 40 == all >> 40
      ? RelationshipTypeID(UInt32(truncatingIfNeeded: any >> 40)) : nil
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
    var row = 0
    while row < count {
      guard isValid(row) else {
        row += 1
        continue
      }
      let segment = segment(row)
      row = end(of: segment, from: row)
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
        row = end(of: segment, from: row)
        for index in start..<row {
          rows[index - start] = UInt16(truncatingIfNeeded: place(index) &- segment.first)
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

  /// The first row behind those that follow each other in a segment.
  @inline(__always)
  private func end(of segment: Place, from start: Int) -> Int {
    var row = start + 1
    if validity == nil {
      // Long runs, as after a scan, are tested a block at a time, without a branch for each row.
      while row + 64 <= count {
        var outside = false
        for index in row..<(row + 64) where !segment.contains(place(index)) { outside = true }
        if outside { break }
        row += 64
      }
      while row < count, segment.contains(place(row)) { row += 1 }
    } else {
      while row < count, isValid(row), segment.contains(place(row)) { row += 1 }
    }
    return row
  }
}
