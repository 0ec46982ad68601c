internal import GraphColumns
internal import GraphTypes

/// The relationships of one type while they are loaded, in the order in which they come.
final class BulkRelationships {
  let type: RelationshipTypeID
  private(set) var count = 0
  /// Rows of nodes; released when they have been sorted.
  private(set) var from: [UInt32] = []
  private(set) var to: [UInt32] = []
  var columns: [PropertyKeyID: BulkColumn] = [:]
  private static let blockShift = 16

  init(type: RelationshipTypeID) { self.type = type }

  func append(
    from: UnsafePointer<UInt32>, to: UnsafePointer<UInt32>,
    columns: [(key: PropertyKeyID, values: Vector)], count: Int
  ) throws {
    guard self.count + count < Int(UInt32.max) else {
      throw StoreError(
        .limit, "there are more than \(UInt32.max - 1) relationships of one type",
        hint: "split them into several types")
    }
    for column in columns {
      let builder = self.columns[column.key] ?? BulkColumn(blockShift: Self.blockShift)
      self.columns[column.key] = builder
      try builder.append(column.values, from: 0, count: count, at: self.count)
    }
    self.from.append(contentsOf: UnsafeBufferPointer(start: from, count: count))
    self.to.append(contentsOf: UnsafeBufferPointer(start: to, count: count))
    self.count += count
  }

  /// Sorts by (from, to), stable.
  /// - Complexity: O(relationships + nodes between the smallest and the largest end).
  func sort() -> Sorted {
    let byEnd = CountingSort(keys: to, order: nil)
    let byStart = CountingSort(keys: from, order: byEnd.order)
    let order = byStart.order
    let sortedTo = [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
      for row in 0..<count { buffer[row] = to[Int(order[row])] }
      initialized = count
    }
    let sortedFrom = [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
      for row in 0..<count { buffer[row] = from[Int(order[row])] }
      initialized = count
    }
    from = []
    to = []
    // Rows are numbered by (from, to), so that a stable sort by `to` is one by (to, from, row).
    let incoming = CountingSort(keys: sortedTo, order: nil)
    let incomingFrom = [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
      for index in 0..<count { buffer[index] = sortedFrom[Int(incoming.order[index])] }
      initialized = count
    }
    return Sorted(
      order: order,
      outgoing: Lists(
        firstNode: byStart.first, offsets: byStart.offsets, neighbours: sortedTo, rows: nil),
      incoming: Lists(
        firstNode: incoming.first, offsets: incoming.offsets, neighbours: incomingFrom,
        rows: incoming.order))
  }

  /// Neighbour lists of consecutive nodes.
  struct Lists {
    var firstNode: UInt32
    /// One more than there are nodes.
    var offsets: [UInt32]
    var neighbours: [UInt32]
    /// Nil: the row is the index.
    var rows: [UInt32]?

    func withPointers<Result>(
      _ body: (
        _ offsets: UnsafePointer<UInt32>, _ neighbours: UnsafePointer<UInt32>,
        _ rows: UnsafePointer<UInt32>?
      ) -> Result
    ) -> Result {
      guard let rows else { return body(offsets, neighbours, nil) }
      return body(offsets, neighbours, rows)
    }

    var degreeStatistics: DegreeStatistics {
      var statistics = DegreeStatistics()
      for node in 1..<offsets.count { statistics.add(Int(offsets[node] - offsets[node - 1])) }
      return statistics
    }

    /// One line for the rows of all lists.
    var rowFit: RowFit {
      withPointers { _, neighbours, rows in
        RowFit(
          neighbours: neighbours, rows: rows, firstRow: 0, count: self.neighbours.count)
      }
    }
  }
  struct Sorted {
    /// The place in the order of coming of each row.
    var order: [UInt32]
    var outgoing: Lists
    var incoming: Lists
  }
}

/// A stable counting sort of indices by keys.
struct CountingSort {
  /// The smallest key.
  private(set) var first: UInt32 = 0
  /// `offsets[k]` is where key `first + k` begins; one more than there are keys.
  private(set) var offsets: [UInt32] = [0]
  /// Indices, sorted by their key.
  private(set) var order: [UInt32] = []

  /// - Parameter before: the order that equal keys keep; nil for that of the indices.
  init(keys: [UInt32], order before: [UInt32]?) {
    guard let smallest = keys.min(), let largest = keys.max() else { return }
    first = smallest
    let keyCount = Int(largest - smallest) + 1
    var offsets = [UInt32](repeating: 0, count: keyCount + 1)
    var next = [UInt32](repeating: 0, count: keyCount)
    keys.withUnsafeBufferPointer { keys in
      offsets.withUnsafeMutableBufferPointer { offsets in
        for key in keys { offsets[Int(key &- smallest) &+ 1] &+= 1 }
        next.withUnsafeMutableBufferPointer { next in
          for key in 0..<keyCount {
            next[key] = offsets[key]
            offsets[key + 1] &+= offsets[key]
          }
        }
      }
      next.withUnsafeMutableBufferPointer { next in
        order = [UInt32](unsafeUninitializedCapacity: keys.count) { order, count in
          if let before {
            before.withUnsafeBufferPointer { before in
              for index in before {
                let key = Int(keys[Int(index)] &- smallest)
                order[Int(next[key])] = index
                next[key] &+= 1
              }
            }
          } else {
            for index in 0..<keys.count {
              let key = Int(keys[index] &- smallest)
              order[Int(next[key])] = UInt32(truncatingIfNeeded: index)
              next[key] &+= 1
            }
          }
          count = keys.count
        }
      }
    }
    self.offsets = offsets
  }
}
