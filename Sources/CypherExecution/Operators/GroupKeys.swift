internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// Numbers the groups of an aggregation densely from 0, in order of first appearance.
///
/// Each key expression has a table of its own that numbers its values; a group is a chain of pairs of
/// such numbers. So a table of words finds groups of any keys, and keys that depend on one node alone
/// (`p.category`) are computed once for each node instead of once for each row.
final class GroupKeys {
  private let parts: [GroupKeyPart]
  /// Table `i` numbers pairs: the number from table `i - 1` (for the first, of part 0), and that of
  /// part `i + 1`.
  private let pairs: [KeyTable]
  private var hasEmptyKey = false
  private var scratch = RowNumberScratch()
  private let pair = Vector(type: .integer, capacity: 1)
  private let keyCount: Int

  init(_ groups: [Projection], layout: RowLayout, context: ExecutionContext) throws {
    keyCount = groups.count
    parts = try GroupKeyPart.make(groups, layout: layout, context: context)
    pairs = parts.dropFirst().map { _ in
      KeyTable(columnCount: 1, holdsPairs: true, control: context.control)
    }
  }

  var count: Int {
    pairs.last?.count ?? parts.first?.table.count ?? (hasEmptyKey ? 1 : 0)
  }

  var byteCount: Int {
    parts.reduce(0) { $0 + $1.byteCount } + pairs.reduce(0) { $0 + $1.byteCount }
  }

  /// - Parameter groups: room for the batch's rows.
  func find(_ batch: Batch, into groups: UnsafeMutablePointer<Int32>) throws {
    guard let first = parts.first else {
      hasEmptyKey = hasEmptyKey || batch.count > 0
      groups.update(repeating: 0, count: batch.count)
      return
    }
    try first.find(batch, into: groups)
    if pairs.isEmpty { return }
    let numbers = scratch.reserve(batch.count)
    for (part, table) in zip(parts.dropFirst(), pairs) {
      try part.find(batch, into: numbers)
      try Self.pair(groups, numbers, batch.count, table)
    }
  }

  /// The one group that there is without keys, also of no rows.
  func addEmptyKey() { hasEmptyKey = true }

  /// Replaces numbers by those of the pairs that they make with `seconds`.
  private static func pair(
    _ numbers: UnsafeMutablePointer<Int32>, _ seconds: UnsafePointer<Int32>, _ count: Int,
    _ table: KeyTable
  ) throws {
    let words = Vector(type: .integer, capacity: count)
    words.count = count
    let out = words.integers
    for row in 0..<count {
      out[row] = Int64(numbers[row]) << 32 | Int64(seconds[row])
    }
    try table.find([words], count: count, into: numbers)
  }

  /// The keys of groups `range`, one vector for each key expression.
  func keys(_ range: Range<Int>) -> [Vector] {
    guard let first = parts.first else { return [] }
    if pairs.isEmpty { return first.ordered(first.table.keys(range), keyCount) }
    return keys(range.map { Int32(truncatingIfNeeded: $0) })
  }

  /// The keys of some groups.
  func keys(_ groups: [Int32]) -> [Vector] {
    guard let first = parts.first else { return [] }
    var numbers = groups
    var columns: [Vector?] = Array(repeating: nil, count: keyCount)
    for index in pairs.indices.reversed() {
      let words = pairs[index].words(numbers)
      parts[index + 1].place(
        parts[index + 1].keys(words.map { Int32(truncatingIfNeeded: $0) }), in: &columns)
      numbers = words.map { Int32(truncatingIfNeeded: $0 >> 32) }
    }
    first.place(first.keys(numbers), in: &columns)
    return columns.map { $0 ?? .nulls(count: groups.count) }
  }

  /// Adds the groups of another worker.
  /// - Returns: for each of its groups the number here.
  func merge(_ other: GroupKeys) throws -> [Int32] {
    hasEmptyKey = hasEmptyKey || other.hasEmptyKey
    guard let first = parts.first, let otherFirst = other.parts.first else {
      return Array(repeating: 0, count: other.count)
    }
    var maps = [try first.merge(otherFirst)]
    for (part, theirs) in zip(parts.dropFirst(), other.parts.dropFirst()) {
      maps.append(try part.merge(theirs))
    }
    var result = maps[0]
    for index in pairs.indices {
      let theirs = other.pairs[index]
      let words = theirs.words((0..<theirs.count).map { Int32(truncatingIfNeeded: $0) })
      var numbers = words.map { result[Int($0 >> 32)] }
      let seconds = words.map { maps[index + 1][Int(truncatingIfNeeded: $0 & 0xFFFF_FFFF)] }
      try numbers.withUnsafeMutableBufferPointer { numbers in
        try seconds.withUnsafeBufferPointer { seconds in
          guard let numbers = numbers.baseAddress, let seconds = seconds.baseAddress else { return }
          for part in first.parts(of: words.count) {
            try Self.pair(
              numbers + part.lowerBound, seconds + part.lowerBound, part.count, pairs[index])
          }
        }
      }
      result = numbers
    }
    return result
  }
}

/// Key expressions that are numbered together, and the table of their values.
final class GroupKeyPart {
  let table: KeyTable
  private let expressions: [CompiledExpression]
  /// Where the keys stand among all.
  private let places: [Int]
  /// The column of the node on which all of them depend.
  private let nodeColumn: Int?
  private let nodeCount: Int
  private let control: ExecutionControl
  /// By node: the number of its keys, -1 while unknown. Made when many rows have been seen.
  private var numbers: UnsafeMutablePointer<Int32>?
  private var rowsSeen = 0
  private var missing: [Int32] = []
  private var found = RowNumberScratch()

  private init(
    _ expressions: [CompiledExpression], places: [Int], nodeColumn: Int?, nodeCount: Int,
    control: ExecutionControl
  ) {
    self.expressions = expressions
    self.places = places
    self.nodeColumn = nodeColumn
    self.nodeCount = nodeCount
    self.control = control
    table = KeyTable(columnCount: expressions.count, control: control)
  }

  deinit { numbers?.deallocate() }

  var byteCount: Int { table.byteCount + (numbers == nil ? 0 : 4 * nodeCount) }

  /// Keys with one variable go together, if one of them is more than the variable; others stand
  /// alone.
  static func make(
    _ groups: [Projection], layout: RowLayout, context: ExecutionContext
  ) throws -> [GroupKeyPart] {
    // In a transaction properties change between rows.
    let mayKeep = context.transaction == nil
    let hasRoom = context.reader.nodeRowCount < context.control.memoryLimit / 32
    var sets: [(variable: VariableID?, places: [Int])] = []
    for (place, group) in groups.enumerated() {
      let variables = group.expression.freeVariables
      let isKept = mayKeep && variables.count == 1 && group.expression.isFunctionOfItsVariables
      let variable = isKept ? variables.first : nil
      if let variable, let index = sets.firstIndex(where: { $0.variable == variable }) {
        sets[index].places.append(place)
      } else {
        sets.append((variable, [place]))
      }
    }
    return try sets.map { set in
      let own = set.places.map { groups[$0].expression }
      let isPlain = own.allSatisfy { if case .variable = $0 { true } else { false } }
      return GroupKeyPart(
        try own.map { try CompiledExpression($0, layout: layout, context: context) },
        places: set.places,
        nodeColumn: isPlain || !hasRoom ? nil : set.variable.flatMap { layout.column(of: $0) },
        nodeCount: context.reader.nodeRowCount, control: context.control)
    }
  }

  func find(_ batch: Batch, into groups: UnsafeMutablePointer<Int32>) throws {
    guard let nodeColumn, case let nodes = batch.columns[nodeColumn], nodes.type == .node,
      !nodes.isConstant, nodes.hasNoNulls, let numbers = knownNumbers(batch.count)
    else { return try evaluate(batch, into: groups) }
    let rows = nodes.nodes
    missing.removeAll(keepingCapacity: true)
    for row in 0..<batch.count {
      let node = rows[row].rawValue
      let number = node < UInt64(nodeCount) ? numbers[Int(truncatingIfNeeded: node)] : -1
      groups[row] = number
      if number < 0 { missing.append(Int32(truncatingIfNeeded: row)) }
    }
    if missing.isEmpty { return }
    var columns = batch.columns
    columns[nodeColumn] = nodes.picking(missing)
    let found = found.reserve(missing.count)
    try evaluate(Batch(columns: columns, count: missing.count), into: found)
    for (index, row) in missing.enumerated() {
      groups[Int(row)] = found[index]
      let node = rows[Int(row)].rawValue
      if node < UInt64(nodeCount) { numbers[Int(truncatingIfNeeded: node)] = found[index] }
    }
  }

  /// The numbers by node, once there were so many rows that they pay.
  private func knownNumbers(_ rowCount: Int) -> UnsafeMutablePointer<Int32>? {
    if let numbers { return numbers }
    rowsSeen += rowCount
    if rowsSeen < nodeCount / 32 { return nil }
    let made = UnsafeMutablePointer<Int32>.allocate(capacity: max(nodeCount, 1))
    made.initialize(repeating: -1, count: nodeCount)
    numbers = made
    return made
  }

  private func evaluate(_ batch: Batch, into groups: UnsafeMutablePointer<Int32>) throws {
    try table.find(try expressions.map { try $0.evaluate(batch) }, count: batch.count, into: groups)
  }

  /// The keys with the given numbers.
  func keys(_ numbers: [Int32]) -> [Vector] { table.keys(numbers) }

  func place(_ keys: [Vector], in columns: inout [Vector?]) {
    for (key, place) in zip(keys, places) { columns[place] = key }
  }

  /// The keys of the only part, as all of the aggregation's keys.
  func ordered(_ keys: [Vector], _ count: Int) -> [Vector] {
    var columns: [Vector?] = Array(repeating: nil, count: count)
    place(keys, in: &columns)
    return columns.compactMap(\.self)
  }

  func merge(_ other: GroupKeyPart) throws -> [Int32] {
    let count = other.table.count
    var map = [Int32](repeating: 0, count: count)
    try map.withUnsafeMutableBufferPointer { map in
      guard let map = map.baseAddress else { return }
      for part in parts(of: count) {
        try control.check()
        try table.find(other.table.keys(part), count: part.count, into: map + part.lowerBound)
      }
    }
    return map
  }

  /// Ranges of as many rows as are worked on at a time.
  func parts(of count: Int) -> some Sequence<Range<Int>> {
    let step = 8 * Vector.batchCapacity
    return stride(from: 0, to: count, by: step).lazy.map { $0..<min(count, $0 + step) }
  }
}

extension BoundExpression {
  /// Equal variables give equal values, within one state of the graph.
  var isFunctionOfItsVariables: Bool {
    !contains {
      switch $0 {
      case .subquery: true
      case .function(let name, _): FunctionTable.function(named: name)?.isDeterministic != true
      default: false
      }
    }
  }
}
