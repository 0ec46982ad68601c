internal import GraphColumns
internal import GraphTypes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `function(DISTINCT x)`: hands each value of a group to the function once, when it first comes, or,
/// once values have been written to temporary files, in the end.
final class DistinctAggregate: GroupedAggregate {
  private let inner: any GroupedAggregate
  private var seen = DistinctValues()
  /// Further arguments (the percentile), by entry of `seen`; empty if there are none.
  private var rest: [[Value]] = []
  private let argumentCount: Int
  private let control: ExecutionControl
  private var spilled: SpilledValues?
  private var groupCount = 0
  private(set) var spilledBytes = 0
  /// Entries of `seen` by group, and where each group's begin; made when states are asked for.
  private var byGroup: (entries: [Int32], starts: [Int])?

  init(_ inner: any GroupedAggregate, argumentCount: Int, _ control: ExecutionControl) {
    self.inner = inner
    self.control = control
    self.argumentCount = argumentCount
  }

  func add(
    _ arguments: [Vector], groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    byGroup = nil
    self.groupCount = max(self.groupCount, groupCount)
    let new = seen.insert(arguments[0], groups, count)
    if arguments.count > 1 {
      for row in new { rest.append(arguments.dropFirst().map { $0.boxed(Int(row)) }) }
    }
    if spilled == nil { return try give(arguments, groups, new) }
    if seen.byteCount > control.memoryLimit / 32 { try writeValues(isGiven: false) }
  }

  private func give(
    _ arguments: [Vector], _ groups: UnsafePointer<Int32>, _ new: [Int32]
  ) throws {
    let newGroups = new.map { groups[Int($0)] }
    try newGroups.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      if let inner = inner as? CountAggregate {
        inner.addRows(groups: base, count: buffer.count, groupCount: groupCount)
      } else if !buffer.isEmpty {
        try inner.add(
          arguments.map { $0.picking(new) }, groups: base, count: buffer.count,
          groupCount: groupCount)
      }
    }
  }

  func results(_ range: Range<Int>) throws -> Vector {
    try giveSpilled()
    return try inner.results(range)
  }

  func merge(_ other: any GroupedAggregate, map: [Int32], groupCount: Int) throws {
    guard let other = other as? DistinctAggregate else { throw mismatchedAggregates() }
    if let theirs = other.spilled {
      if spilled == nil { try spillValues() }
      try theirs.eachBatch { arguments, groups in
        let mapped = groups.map { map[Int($0)] }
        try mapped.withUnsafeBufferPointer { mapped in
          guard let base = mapped.baseAddress else { return }
          try add(arguments, groups: base, count: mapped.count, groupCount: groupCount)
        }
      }
    }
    var rows = ArgumentRows(argumentCount)
    for entry in 0..<other.seen.count {
      rows.append(
        other.seen.value(entry), other.furtherArguments(entry), map[Int(other.seen.group(entry))])
      if rows.isFull { try add(&rows, groupCount) }
    }
    try add(&rows, groupCount)
  }

  private func furtherArguments(_ entry: Int) -> ArraySlice<Value> {
    rest.isEmpty ? [] : rest[entry][...]
  }

  /// Arguments that come one by one.
  private struct ArgumentRows {
    private(set) var arguments: [VectorBuilder]
    private(set) var groups: [Int32] = []
    init(_ argumentCount: Int) {
      arguments = (0..<argumentCount).map { _ in VectorBuilder(capacity: Vector.batchCapacity) }
    }
    var isFull: Bool { groups.count == Vector.batchCapacity }

    mutating func append(_ value: Value, _ further: ArraySlice<Value>, _ group: Int32) {
      arguments[0].append(value)
      for (index, value) in further.enumerated() where index + 1 < arguments.count {
        arguments[index + 1].append(value)
      }
      groups.append(group)
    }
  }

  private func add(_ rows: inout ArgumentRows, _ groupCount: Int) throws {
    try control.check()
    let count = rows.groups.count
    try rows.groups.withUnsafeBufferPointer { groups in
      guard let base = groups.baseAddress, count > 0 else { return }
      try add(
        rows.arguments.map { $0.finish() }, groups: base, count: count, groupCount: groupCount)
    }
    rows = ArgumentRows(argumentCount)
  }

  var byteCount: Int {
    seen.byteCount + inner.byteCount + rest.capacity * 2 * MemoryLayout<Value>.stride
  }

  /// A list of the values, or of lists of all arguments, in the order in which these came.
  func states(_ range: Range<Int>) throws -> Vector {
    try readSpilled()
    let (entries, starts) = byGroup ?? seen.byGroup(count: range.upperBound)
    byGroup = (entries, starts)
    var builder = VectorBuilder(capacity: range.count)
    for group in range {
      let own = group + 1 < starts.count ? entries[starts[group]..<starts[group + 1]] : []
      builder.append(
        .list(
          own.map { entry in
            let value = seen.value(Int(entry))
            return argumentCount > 1 ? .list([value] + furtherArguments(Int(entry))) : value
          }))
    }
    return builder.finish()
  }

  func add(
    states: Vector, groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    var rows = ArgumentRows(argumentCount)
    for row in 0..<count {
      guard case .list(let values) = states.boxed(row) else { continue }
      for value in values {
        if argumentCount > 1, case .list(let arguments) = value, let first = arguments.first {
          rows.append(first, arguments.dropFirst(), groups[row])
        } else {
          rows.append(value, [], groups[row])
        }
        if rows.isFull { try add(&rows, groupCount) }
      }
    }
    try add(&rows, groupCount)
  }
}

// MARK: Temporary files

extension DistinctAggregate {
  /// Whether values may come in another order than that of their first rows.
  var canSpillValues: Bool {
    switch inner {
    case is CountAggregate, is SumAggregate, is AverageAggregate, is DeviationAggregate: true
    default: false
    }
  }
  var hasSpilledValues: Bool { spilled != nil }
  var valueByteCount: Int { seen.byteCount }

  /// Writes the values. From now on groups must keep their numbers.
  func spillValues() throws {
    spilled = try SpilledValues(control)
    try writeValues(isGiven: true)
  }

  private func writeValues(isGiven: Bool) throws {
    guard let spilled else { return }
    var rows = ArgumentRows(argumentCount)
    for entry in 0..<seen.count {
      rows.append(seen.value(entry), furtherArguments(entry), seen.group(entry))
      if rows.isFull || entry + 1 == seen.count {
        try spilled.append(
          rows.arguments.map { $0.finish() }, groups: rows.groups, isGiven: isGiven)
        rows = ArgumentRows(argumentCount)
      }
    }
    seen = DistinctValues()
    rest = []
    spilledBytes = spilled.byteCount
  }

  private func giveSpilled() throws {
    guard let spilled else { return }
    try writeValues(isGiven: false)
    try spilled.forEachNew { arguments, groups, rows in
      try groups.withUnsafeBufferPointer { groups in
        if let base = groups.baseAddress { try give(arguments, base, rows) }
      }
    }
    spilledBytes = spilled.byteCount
    self.spilled = nil
  }

  /// Takes all values back into memory.
  private func readSpilled() throws {
    guard let spilled else { return }
    try spilled.eachBatch { arguments, groups in
      let new = groups.withUnsafeBufferPointer { groups in
        groups.baseAddress.map { seen.insert(arguments[0], $0, groups.count) } ?? []
      }
      if argumentCount > 1 {
        for row in new { rest.append(arguments.dropFirst().map { $0.boxed(Int(row)) }) }
      }
    }
    self.spilled = nil
  }
}

/// A hash set of (group, value) by equivalence, that remembers the order in which pairs came.
/// Nulls are never in it.
final class DistinctValues {
  private enum Tag {
    static let integer: UInt8 = 0
    static let float: UInt8 = 1
    static let boolean: UInt8 = 2
    static let string: UInt8 = 3
    static let date: UInt8 = 4
    static let localDateTime: UInt8 = 5
    static let node: UInt8 = 6
    static let relationship: UInt8 = 7
    static let other: UInt8 = 8
  }

  /// `first` and `second`: the number; address and length of a string; number and reference of a
  /// relationship; place in `others`.
  private struct Entry {
    var hash: UInt64
    var first: UInt64
    var second: UInt64
    var group: Int32
    var tag: UInt8
  }

  private var entries: [Entry] = []
  private var references: [RelationshipRef] = []
  private var others: [Value] = []
  private let arena = StringArena()
  /// Bytes that `others` refer to.
  private var heldBytes = 0
  /// Index into `entries` plus 1; 0 is empty.
  private var slots: [UInt32] = Array(repeating: 0, count: 64)

  var count: Int { entries.count }
  var byteCount: Int {
    entries.capacity * MemoryLayout<Entry>.stride + slots.count * 4 + arena.byteCount
      + references.count * MemoryLayout<RelationshipRef>.stride
      + others.count * 2 * MemoryLayout<Value>.stride + heldBytes
  }
  func group(_ entry: Int) -> Int32 { entries[entry].group }

  /// All entries by group, those of a group in the order in which they came, and where each group's
  /// begin.
  /// - Parameter count: groups there are at least.
  func byGroup(count: Int) -> (entries: [Int32], starts: [Int]) {
    var starts = [Int](repeating: 0, count: count + 1)
    for entry in entries {
      starts.grow(to: Int(entry.group) + 2, 0)
      starts[Int(entry.group) + 1] += 1
    }
    for group in 1..<starts.count { starts[group] += starts[group - 1] }
    var next = starts
    var order = [Int32](repeating: 0, count: entries.count)
    for (index, entry) in entries.enumerated() {
      order[next[Int(entry.group)]] = Int32(truncatingIfNeeded: index)
      next[Int(entry.group)] += 1
    }
    return (order, starts)
  }

  func value(_ entry: Int) -> Value {
    let entry = entries[entry]
    switch entry.tag {
    case Tag.integer: return .integer(Int64(bitPattern: entry.first))
    case Tag.float: return .float(Double(bitPattern: entry.first))
    case Tag.boolean: return .boolean(entry.first != 0)
    case Tag.string: return .string(string(entry).string)
    case Tag.date: return .date(LocalDate(days: Int64(bitPattern: entry.first)))
    case Tag.localDateTime:
      return .localDateTime(
        LocalDateTime(
          seconds: Int64(bitPattern: entry.first),
          nanoseconds: Int32(truncatingIfNeeded: entry.second)))
    case Tag.node: return .node(Node(id: NodeID(entry.first)))
    case Tag.relationship:
      let reference = references[Int(entry.second)]
      return .relationship(
        Relationship(id: reference.id, start: reference.start, end: reference.end))
    default: return others[Int(entry.first)]
    }
  }

  private func string(_ entry: Entry) -> StringRef {
    StringRef(base: UnsafePointer(bitPattern: UInt(entry.first)), count: Int(entry.second))
  }

  /// - Returns: the rows whose pair is new, ascending.
  func insert(_ vector: Vector, _ groups: UnsafePointer<Int32>, _ count: Int) -> [Int32] {
    var new: [Int32] = []
    for row in 0..<count where !vector.isNull(row) {
      let group = groups[row]
      let element = vector.physical(row)
      let isNew: Bool =
        switch vector.type {
        case .integer: insert(vector.integers[element], group)
        case .float: insert(vector.floats[element], group)
        case .boolean:
          insert(
            group, ValueHash.boolean(vector.booleans[element]), Tag.boolean,
            vector.booleans[element] ? 1 : 0)
        case .string: insert(vector.strings[element], group)
        case .date: insert(vector.dates[element], group)
        case .localDateTime: insert(vector.localDateTimes[element], group)
        case .node: insert(vector.nodes[element], group)
        case .relationship: insert(vector.relationships[element], group)
        case .any: insert(vector.values[element], group)
        }
      if isNew { new.append(Int32(truncatingIfNeeded: row)) }
    }
    return new
  }

  private func insert(_ value: Value, _ group: Int32) -> Bool {
    switch value {
    case .null: return false
    case .integer(let number): return insert(number, group)
    case .float(let number): return insert(number, group)
    case .boolean(let truth):
      return insert(group, ValueHash.boolean(truth), Tag.boolean, truth ? 1 : 0)
    case .string(let text):
      var text = text
      return text.withUTF8 { insert(StringRef(base: $0.baseAddress, count: $0.count), group) }
    case .date(let date): return insert(date, group)
    case .localDateTime(let time): return insert(time, group)
    case .node(let node): return insert(node.id, group)
    case .relationship(let relationship):
      return insert(
        RelationshipRef(
          id: relationship.id, start: relationship.start, end: relationship.end), group)
    default:
      let hash = ValueHash.combine(value.hash64, UInt64(UInt32(bitPattern: group)))
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] != 0 {
        let entry = entries[Int(slots[slot]) - 1]
        if entry.hash == hash, entry.group == group, entry.tag == Tag.other,
          others[Int(entry.first)] == value
        {
          return false
        }
        slot = (slot + 1) & (slots.count - 1)
      }
      others.append(value)
      heldBytes += value.heldByteCount
      place(
        Entry(
          hash: hash, first: UInt64(others.count - 1), second: 0, group: group, tag: Tag.other),
        slot)
      return true
    }
  }

  private func insert(_ number: Int64, _ group: Int32) -> Bool {
    insert(group, ValueHash.integer(number), Tag.integer, UInt64(bitPattern: number))
  }

  /// A whole float is the same value as its integer.
  private func insert(_ number: Double, _ group: Int32) -> Bool {
    if let integer = Int64(exactly: number) { return insert(integer, group) }
    let bits = number.isNaN ? Double.nan.bitPattern : number.bitPattern
    return insert(group, ValueHash.float(number), Tag.float, bits)
  }

  private func insert(_ date: LocalDate, _ group: Int32) -> Bool {
    let days = UInt64(bitPattern: date.days)
    return insert(group, ValueHash.word(days, tag: 9), Tag.date, days)
  }

  private func insert(_ time: LocalDateTime, _ group: Int32) -> Bool {
    let seconds = UInt64(bitPattern: time.seconds)
    let nanoseconds = UInt64(bitPattern: Int64(time.nanoseconds))
    let hash = ValueHash.combine(ValueHash.word(seconds, tag: 12), nanoseconds)
    return insert(group, hash, Tag.localDateTime, seconds, nanoseconds)
  }

  private func insert(_ node: NodeID, _ group: Int32) -> Bool {
    insert(group, ValueHash.word(node.rawValue, tag: 6), Tag.node, node.rawValue)
  }

  private func insert(_ reference: RelationshipRef, _ group: Int32) -> Bool {
    let id = reference.id.rawValue
    let isNew = insert(
      group, ValueHash.word(id, tag: 7), Tag.relationship, id, UInt64(references.count),
      comparesSecond: false)
    if isNew { references.append(reference) }
    return isNew
  }

  private func insert(_ text: StringRef, _ group: Int32) -> Bool {
    let hash = ValueHash.combine(
      ValueHash.bytes(UnsafeRawBufferPointer(text.bytes)), UInt64(UInt32(bitPattern: group)))
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot]) - 1]
      if entry.hash == hash, entry.group == group, entry.tag == Tag.string,
        string(entry).hasSameBytes(as: text)
      {
        return false
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    let copy = arena.append(text.bytes)
    place(
      Entry(
        hash: hash, first: UInt64(UInt(bitPattern: copy.base)), second: UInt64(copy.count),
        group: group, tag: Tag.string), slot)
    return true
  }

  private func insert(
    _ group: Int32, _ valueHash: UInt64, _ tag: UInt8, _ first: UInt64, _ second: UInt64 = 0,
    comparesSecond: Bool = true
  ) -> Bool {
    let hash = ValueHash.combine(valueHash, UInt64(UInt32(bitPattern: group)))
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot]) - 1]
      if entry.first == first, entry.group == group, entry.tag == tag,
        !comparesSecond || entry.second == second
      {
        return false
      }
      slot = (slot + 1) & mask
    }
    place(Entry(hash: hash, first: first, second: second, group: group, tag: tag), slot)
    return true
  }

  private func place(_ entry: Entry, _ slot: Int) {
    entries.append(entry)
    slots[slot] = UInt32(truncatingIfNeeded: entries.count)
    if entries.count * 2 < slots.count { return }
    let mask = slots.count * 2 - 1
    var larger = [UInt32](repeating: 0, count: mask + 1)
    for (index, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: entry.hash) & mask
      while larger[slot] != 0 { slot = (slot + 1) & mask }
      larger[slot] = UInt32(truncatingIfNeeded: index + 1)
    }
    slots = larger
  }
}
