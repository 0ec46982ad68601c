internal import GraphColumns
internal import GraphTypes

/// Puts sorted rows together to one sorted sequence. Of equal rows those of the earlier source come
/// first.
final class RowMerge {
  private struct Head {
    var entry: SortEntry
    var source: Int32
    var type: VectorType?
  }

  private let order: SortOrder
  /// Columns that come out: the first ones.
  private let columnCount: Int
  private let sources: [SortedRows]
  /// A binary heap of the first rows of all sources.
  private var heap: [Head] = []
  /// The source whose window has been used up, and which is not in the heap.
  private var exhausted: Int?
  private var isOpen = false
  private var pickedSources: [Int32] = []
  private var pickedRows: [Int32] = []

  init(_ sources: [SortedRows], order: SortOrder, columnCount: Int) {
    self.sources = sources
    self.order = order
    self.columnCount = columnCount
  }

  /// All rows of sorted runs. Where there are more of them than can be merged at once, neighbours are
  /// first merged to longer runs.
  convenience init(
    _ runs: [SpillRun], order: SortOrder, columnCount: Int, allColumns: Int,
    into file: SpillFile, control: ExecutionControl
  ) throws {
    var runs = runs
    while runs.count > SpillSizes.fanIn {
      var longer: [SpillRun] = []
      for start in stride(from: 0, to: runs.count, by: SpillSizes.fanIn) {
        let part = runs[start..<min(runs.count, start + SpillSizes.fanIn)]
        let merge = RowMerge(
          part.map { SortedRows($0, order: order, control) }, order: order, columnCount: allColumns)
        let run = SpillRun(file, blockBytes: SpillSizes(control).blockBytes)
        while let batch = try merge.next() {
          try control.check()
          try run.append(batch)
        }
        try run.finish()
        longer.append(run)
      }
      runs = longer
    }
    self.init(
      runs.map { SortedRows($0, order: order, control) }, order: order, columnCount: columnCount)
  }

  func next() throws -> Batch? {
    if !isOpen {
      isOpen = true
      for source in sources.indices { try push(source) }
    }
    if let source = exhausted {
      exhausted = nil
      try push(source)
    }
    if heap.count == 1 && exhausted == nil { return try rest() }
    if heap.isEmpty { return nil }
    pickedSources.removeAll(keepingCapacity: true)
    pickedRows.removeAll(keepingCapacity: true)
    while pickedRows.count < Vector.batchCapacity {
      let head = heap[0]
      pickedSources.append(head.source)
      pickedRows.append(head.entry.row)
      let source = sources[Int(head.source)]
      source.removeFirst()
      if let next = source.first {
        heap[0].entry = next
        siftDown()
      } else {
        exhausted = Int(head.source)
        removeTop()
        break
      }
    }
    return Batch(columns: (0..<columnCount).map(interleaved), count: pickedRows.count)
  }

  /// Only one source is left.
  private func rest() throws -> Batch? {
    let number = Int(heap[0].source)
    let source = sources[number]
    let rows = source.take(Vector.batchCapacity)
    let columns = source.columns.prefix(columnCount).map { $0.picking(rows) }
    if source.first == nil {
      removeTop()
      exhausted = number
    }
    return Batch(columns: columns, count: rows.count)
  }

  // MARK: Heap

  private func push(_ number: Int) throws {
    let source = sources[number]
    if source.first == nil {
      guard try source.refill() else { return }
    }
    guard let first = source.first else { return try push(number) }
    heap.append(
      Head(
        entry: first, source: Int32(truncatingIfNeeded: number),
        type: order.places.first.map { source.columns[$0].type }))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if !isBefore(heap[child], heap[parent]) { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private func removeTop() {
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    siftDown()
  }

  private func siftDown() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && isBefore(heap[child], heap[least]) { least = child }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  private func isBefore(_ a: Head, _ b: Head) -> Bool {
    // Words of different types do not compare.
    if a.type == b.type && a.entry.word != b.entry.word { return a.entry.word < b.entry.word }
    let result = order.compare(
      sources[Int(a.source)].columns, Int(a.entry.row), sources[Int(b.source)].columns,
      Int(b.entry.row))
    return result != 0 ? result < 0 : a.source < b.source
  }

  // MARK: Rows

  /// The picked elements of a column.
  private func interleaved(_ column: Int) -> Vector {
    let vectors = sources.map { $0.columns.isEmpty ? nil : $0.columns[column] }
    let used = Set(pickedSources)
    let parts = used.compactMap { vectors[Int($0)] }
    guard let first = parts.first, first.type != .any,
      parts.allSatisfy({ $0.type == first.type && !$0.isConstant })
    else { return mixed(vectors) }
    let count = pickedRows.count
    let result = Vector(type: first.type, capacity: count)
    result.count = count
    if first.type == .string {
      // Of long columns the vectors themselves stand for the many owners.
      let owners = parts.flatMap(\.owners)
      result.owners = owners.count <= parts.count ? owners : parts
    }
    let bases = vectors.map { $0.map { UnsafeRawPointer($0.elements(UInt8.self)) } }
    switch first.type.stride {
    case 1: copy(bases, UInt8.self, result)
    case 8: copy(bases, UInt64.self, result)
    case 16: copy(bases, StringRef.self, result)
    default: copy(bases, RelationshipRef.self, result)
    }
    if parts.contains(where: { !$0.hasNoNulls }) {
      for (index, row) in pickedRows.enumerated()
      where vectors[Int(pickedSources[index])]?.isNull(Int(row)) == true { result.setNull(index) }
    }
    return result
  }

  @inline(__always)
  private func copy<T>(_ bases: [UnsafeRawPointer?], _: T.Type, _ result: Vector) {
    let target = result.elements(T.self)
    for (index, row) in pickedRows.enumerated() {
      let base = bases[Int(pickedSources[index])].unsafelyUnwrapped
      target[index] = base.assumingMemoryBound(to: T.self)[Int(row)]
    }
  }

  /// Of several types, or boxed.
  private func mixed(_ vectors: [Vector?]) -> Vector {
    let buffer = ColumnBuffer(copiesStrings: true)
    for (index, row) in pickedRows.enumerated() {
      if let vector = vectors[Int(pickedSources[index])] { buffer.append(vector, row: Int(row)) }
    }
    return buffer.contents
  }
}
