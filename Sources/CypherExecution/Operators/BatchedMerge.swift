internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// MERGE of a batch at once: all rows are matched, then what is missing is created, once for rows
/// that are equal in all that the pattern asks for. See `MergeBatching` for when this is the same as
/// going row by row.
final class BatchedMerge {
  private let inner: InnerSide
  private let creator: ElementCreator
  private let onCreate: SetItems
  private let onMatch: SetItems
  private let addedColumns: [(inner: Int?, created: Int?)]
  /// Bound ends of the relationship, by columns of the outer batch.
  private let boundColumns: [Int]
  /// The ends can be exchanged.
  private let isUndirected: Bool
  /// The join that matches against a table of what was there before the first row.
  private let join: HashJoin?
  /// The table is the same for all batches.
  private let canKeepTable: Bool
  private var made: Made
  private var scratch = RowNumberScratch()

  /// What has been created, by the key that a row asks for.
  fileprivate struct Made {
    var table: KeyTable?
    /// By key: the row of `columns`.
    var rows: [Int32] = []
    var columns: [ColumnBuffer]
    var count = 0
  }

  init(
    inner: InnerSide, creator: ElementCreator, onCreate: SetItems, onMatch: SetItems,
    addedColumns: [(inner: Int?, created: Int?)], boundColumns: [Int], isUndirected: Bool
  ) {
    self.inner = inner
    self.creator = creator
    self.onCreate = onCreate
    self.onMatch = onMatch
    self.addedColumns = addedColumns
    self.boundColumns = boundColumns
    self.isUndirected = isUndirected
    join = inner.root as? HashJoin
    canKeepTable = join.map { $0.plan.inputs[1].argumentLeaves.isEmpty } ?? false
    made = Made(columnCount: addedColumns.count)
  }

  /// Forgets what was there and what was made.
  func open() {
    giveUpTable()
    join?.keepsTable = canKeepTable
  }

  /// From now on what is there is looked for anew each time: rows are also written elsewhere.
  func giveUpTable() {
    join?.keepsTable = false
    join?.removeTable()
    made = Made(columnCount: addedColumns.count)
  }

  func write(_ batch: Batch, _ writer: GraphWriter) throws -> Batch {
    // A table that is not kept is made anew for each batch, and finds what earlier ones created.
    if join?.keepsTable != true { made = Made(columnCount: addedColumns.count) }
    let columns = addedColumns.map { _ in ColumnBuffer() }
    let found = Self.byRow(try match(batch, into: columns), rowCount: batch.count)
    let foundCount = found.places.count
    let missing = (0..<batch.count).filter { found.starts[$0] == found.starts[$0 + 1] }
      .map { Int32($0) }
    let isNew = try create(missing, of: batch, into: columns, writer)
    // Output rows in the order of the outer rows: the row there, and the row of `columns`.
    var outer: [Int32] = []
    var places: [Int32] = []
    outer.reserveCapacity(foundCount + missing.count)
    places.reserveCapacity(foundCount + missing.count)
    /// Rows that found something, be it made for an earlier row.
    var matched: [Int32] = []
    var next = 0
    for row in 0..<batch.count {
      for index in found.starts[row]..<found.starts[row + 1] {
        matched.append(Int32(outer.count))
        outer.append(Int32(row))
        places.append(found.places[index])
      }
      guard found.starts[row] == found.starts[row + 1] else { continue }
      if !isNew[next] { matched.append(Int32(outer.count)) }
      outer.append(Int32(row))
      places.append(Int32(foundCount + next))
      next += 1
    }
    var result = batch.picking(outer)
    result.columns += columns.map { $0.contents.picking(places) }
    if !onMatch.isEmpty && !matched.isEmpty {
      for part in result.picking(matched).split() { try onMatch.apply(part, writer) }
    }
    return result
  }

  /// Places of what was found, in the order of the outer rows; `starts[row]` is the first of a row.
  private static func byRow(
    _ rows: [Int32], rowCount: Int
  ) -> (starts: [Int], places: [Int32]) {
    var starts = [Int](repeating: 0, count: rowCount + 1)
    for row in rows { starts[Int(row) + 1] += 1 }
    for row in 0..<rowCount { starts[row + 1] += starts[row] }
    var next = starts
    var places = [Int32](repeating: 0, count: rows.count)
    for (place, row) in rows.enumerated() {
      places[next[Int(row)]] = Int32(place)
      next[Int(row)] += 1
    }
    return (starts, places)
  }

  /// Appends what is found, and gives the outer row of each.
  private func match(_ batch: Batch, into columns: [ColumnBuffer]) throws -> [Int32] {
    var rows: [Int32] = []
    var walk = InnerWalk(batch)
    while let found = try inner.next(&walk, rows: &scratch) {
      rows.append(
        contentsOf: UnsafeBufferPointer(start: scratch.reserve(found.count), count: found.count))
      for (buffer, column) in zip(columns, addedColumns) {
        if let source = column.inner {
          buffer.append(found.columns[source], rows: nil, count: found.count)
        } else {
          for _ in 0..<found.count { buffer.appendNull() }
        }
      }
    }
    return rows
  }

  /// Creates what the missing rows ask for, and appends what stands for each of them.
  /// - Returns: for each missing row whether it was the first to ask.
  private func create(
    _ missing: [Int32], of batch: Batch, into columns: [ColumnBuffer], _ writer: GraphWriter
  ) throws -> [Bool] {
    if missing.isEmpty { return [] }
    let rows = batch.picking(missing)
    let properties = try creator.properties(rows)
    let keys = try ends(of: rows) + properties.flatMap { $0.entries.map(\.values) }
    let groups = try made.groups(of: keys, count: rows.count, inner.root.context.control)
    let mayDiffer = keys.filter { $0.type == .float || $0.type == .any }
    var newRows: [Int32] = []
    var isNew = [Bool](repeating: false, count: rows.count)
    var places = [Int32](repeating: 0, count: rows.count)
    for row in 0..<rows.count {
      let group = Int(groups[row])
      // NaN equals nothing, not even itself: such a row finds nothing that another made.
      if made.rows[group] < 0 || mayDiffer.contains(where: { $0.differsFromItself(row) }) {
        made.rows[group] = Int32(made.count + newRows.count)
        newRows.append(Int32(row))
        isNew[row] = true
      }
      places[row] = made.rows[group]
    }
    if !newRows.isEmpty {
      let created = try creator.create(
        rows.picking(newRows), properties: properties.map { $0.picking(newRows) }, writer)
      for (buffer, column) in zip(made.columns, addedColumns) {
        if let source = column.created {
          buffer.append(created.columns[source], rows: nil, count: created.count)
        } else {
          for _ in 0..<created.count { buffer.appendNull() }
        }
      }
      made.count += created.count
      try onCreate.apply(created, writer)
    }
    for (buffer, source) in zip(columns, made.columns) {
      buffer.append(source.contents.picking(places), rows: nil, count: places.count)
    }
    return isNew
  }

  private func ends(of batch: Batch) throws -> [Vector] {
    let columns = try boundColumns.map { try EntityColumn.nodes(batch.columns[$0]) }
    guard isUndirected, columns.count == 2 else { return columns }
    let (a, b) = (columns[0], columns[1])
    let (low, high) = (
      Vector(type: .node, capacity: batch.count), Vector(type: .node, capacity: batch.count)
    )
    low.count = batch.count
    high.count = batch.count
    for row in 0..<batch.count {
      if a.isNull(row) || b.isNull(row) {
        low.setNull(row)
        high.setNull(row)
        continue
      }
      let (x, y) = (a.nodes[a.physical(row)], b.nodes[b.physical(row)])
      low.nodes[row] = min(x, y)
      high.nodes[row] = max(x, y)
    }
    return [low, high]
  }
}

extension BatchedMerge.Made {
  init(columnCount: Int) {
    // The number of keys is known with the first of them.
    self.init(table: nil, columns: (0..<columnCount).map { _ in ColumnBuffer() })
  }

  /// The numbers of the rows' keys, for each of which `rows` has an entry.
  mutating func groups(
    of keys: [Vector], count: Int, _ control: ExecutionControl
  ) throws -> [Int32] {
    let table = self.table ?? KeyTable(columnCount: keys.count, control: control)
    self.table = table
    var groups = [Int32](repeating: 0, count: count)
    try groups.withUnsafeMutableBufferPointer { groups in
      if let base = groups.baseAddress { try table.find(keys, count: count, into: base) }
    }
    while rows.count < table.count { rows.append(-1) }
    return groups
  }
}

extension Batch {
  func picking(_ rows: [Int32]) -> Batch {
    Batch(columns: columns.map { $0.picking(rows) }, count: rows.count)
  }
}

extension Vector {
  /// NaN, or a list or point with NaN in it.
  fileprivate func differsFromItself(_ row: Int) -> Bool {
    if isNull(row) { return false }
    if type == .float { return floats[physical(row)].isNaN }
    let value = boxed(row)
    return Value.equals(value, value) != true
  }
}
