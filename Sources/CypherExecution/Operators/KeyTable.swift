internal import GraphColumns
internal import GraphTypes

/// Numbers distinct keys densely from 0, in order of first appearance: grouping, DISTINCT and joins.
///
/// Keys are equal when equivalent (null and null, 1 and 1.0). A single key of nodes, integers or
/// dates is compared as a bare word; as soon as a key of another type comes, the table goes over to
/// hashes and whole elements. Open addressing, at most half full.
final class KeyTable {
  private(set) var count = 0
  private let columnCount: Int
  /// -1: free.
  private var slots: UnsafeMutablePointer<Int32>
  private var slotCount: Int

  /// In word mode: the type of all keys so far, and the keys.
  private var wordType: VectorType?
  private var isGeneral = false
  private var nullGroup: Int32 = -1
  /// By group: the key in word mode, its hash in general mode. Room for half as many as slots.
  private var words: UnsafeMutablePointer<UInt64>
  private var columns: [ColumnBuffer]
  private let scratch = HashScratch()
  private let control: ExecutionControl

  /// Words are pairs of dense numbers: those with one first half lie close to each other, so that
  /// what comes in order of first halves finds its slots in the cache.
  private let holdsPairs: Bool

  /// - Parameter control: ends the work on large tables when the query is cancelled.
  init(columnCount: Int, holdsPairs: Bool = false, control: ExecutionControl) {
    self.columnCount = columnCount
    self.control = control
    self.holdsPairs = holdsPairs
    columns = (0..<columnCount).map { _ in ColumnBuffer(copiesStrings: true) }
    slotCount = 64
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: -1, count: slotCount)
    words = .allocate(capacity: slotCount / 2)
    isGeneral = columnCount != 1
  }
  deinit {
    slots.deallocate()
    words.deallocate()
  }

  /// The numbers of the keys in rows `0 ..< count`; new keys get the next ones.
  ///
  /// - Throws: only when the query is to end; the table is of no use then.
  func find(
    _ keys: [Vector], count rowCount: Int, into groups: UnsafeMutablePointer<Int32>
  ) throws {
    if rowCount == 0 { return }
    if columnCount == 0 {
      // Every row has the one empty key.
      count = 1
      groups.update(repeating: 0, count: rowCount)
      return
    }
    try reserve(count + rowCount)
    if !isGeneral {
      let key = keys[0]
      if key.type.isWord && (wordType == nil || wordType == key.type) {
        wordType = key.type
        findWords(key, rowCount, true, groups)
        return
      }
      try generalize()
    }
    findGeneral(keys, rowCount, true, groups, scratch)
  }

  /// The numbers of the keys in rows `0 ..< count`, -1 for those that are not there. Changes nothing:
  /// several threads may look up at a time, each with a scratch of its own.
  func lookUp(
    _ keys: [Vector], count rowCount: Int, into groups: UnsafeMutablePointer<Int32>,
    _ scratch: HashScratch
  ) {
    if columnCount == 0 || count == 0 {
      groups.update(repeating: count == 0 ? -1 : 0, count: rowCount)
    } else if isGeneral {
      findGeneral(keys, rowCount, false, groups, scratch)
    } else if keys[0].type == wordType {
      findWords(keys[0], rowCount, false, groups)
    } else {
      lookUpBoxed(keys[0], rowCount, groups)
    }
  }

  /// In word mode, keys of other types: a float may equal an integer.
  private func lookUpBoxed(
    _ key: Vector, _ rowCount: Int, _ groups: UnsafeMutablePointer<Int32>
  ) {
    let word = Vector(type: wordType ?? .integer, capacity: 1)
    word.count = 1
    let target = word.elements(UInt64.self)
    for row in 0..<rowCount {
      let value = key.boxed(row)
      if case .null = value {
        groups[row] = nullGroup
      } else if let bits = Self.word(value, word.type) {
        target[0] = bits
        findWords(word, 1, false, groups + row)
      } else {
        groups[row] = -1
      }
    }
  }

  private static func word(_ value: Value, _ type: VectorType) -> UInt64? {
    switch (value, type) {
    case (.integer(let number), .integer): UInt64(bitPattern: number)
    case (.float(let number), .integer):
      Int64(exactly: number).map { UInt64(bitPattern: $0) }
    case (.node(let node), .node): node.id.rawValue
    case (.date(let date), .date): UInt64(bitPattern: date.days)
    default: nil
    }
  }

  /// The keys of groups `range`, one vector a column.
  func keys(_ range: Range<Int>) -> [Vector] {
    if isGeneral { return columns.map { $0.slice(range) } }
    return [wordVector(range)]
  }

  /// The keys of some groups, one vector a column.
  func keys(_ groups: [Int32]) -> [Vector] {
    if isGeneral { return columns.map { $0.contents.picking(groups) } }
    let vector = Vector(type: wordType ?? .integer, capacity: groups.count)
    vector.count = groups.count
    let target = vector.elements(UInt64.self)
    for (row, group) in groups.enumerated() {
      target[row] = words[Int(group)]
      if group == nullGroup { vector.setNull(row) }
    }
    return [vector]
  }

  /// In a table of words: those of some groups, none of them null.
  func words(_ groups: [Int32]) -> [UInt64] { groups.map { words[Int($0)] } }

  var byteCount: Int {
    slotCount * 8 + columns.reduce(0) { $0 + $1.byteCount }
  }

  // MARK: Words

  private func findWords(
    _ key: Vector, _ rowCount: Int, _ inserting: Bool, _ groups: UnsafeMutablePointer<Int32>
  ) {
    let elements = key.elements(UInt64.self)
    let hasNulls = !key.hasNoNulls
    let step = key.isConstant ? 0 : 1
    let slots = slots
    let words = words
    let mask = slotCount - 1
    var next = Int32(count)
    for row in 0..<rowCount {
      if hasNulls && key.isNull(row) {
        if nullGroup < 0 && inserting {
          nullGroup = next
          words[Int(next)] = 0
          next += 1
        }
        groups[row] = nullGroup
        continue
      }
      let word = elements[row * step]
      var slot = Int(truncatingIfNeeded: hash(word)) & mask
      while true {
        let group = slots[slot]
        if group < 0 {
          if inserting {
            slots[slot] = next
            words[Int(next)] = word
            groups[row] = next
            next += 1
          } else {
            groups[row] = -1
          }
          break
        }
        if words[Int(group)] == word {
          groups[row] = group
          break
        }
        slot = (slot + 1) & mask
      }
    }
    count = Int(next)
  }

  @inline(__always)
  private func hash(_ word: UInt64) -> UInt64 {
    holdsPairs ? ValueHash.word(word >> 32) &+ (word & 0xFFFF_FFFF) : ValueHash.word(word)
  }

  private func wordVector(_ range: Range<Int>) -> Vector {
    let vector = Vector(type: wordType ?? .integer, capacity: range.count)
    vector.count = range.count
    vector.elements(UInt64.self).update(from: words + range.lowerBound, count: range.count)
    if nullGroup >= 0, range.contains(Int(nullGroup)) {
      vector.setNull(Int(nullGroup) - range.lowerBound)
    }
    return vector
  }

  /// From word mode to general mode, all groups keep their numbers.
  private func generalize() throws {
    if count > 0 {
      let keys = wordVector(0..<count)
      columns[0].append(keys, rows: nil, count: count)
      VectorHash.hash(keys, count: count, isFirst: true, into: words)
    }
    isGeneral = true
    try rehash(slotCount)
  }

  // MARK: General keys

  private func findGeneral(
    _ keys: [Vector], _ rowCount: Int, _ inserting: Bool, _ groups: UnsafeMutablePointer<Int32>,
    _ scratch: HashScratch
  ) {
    let rowHashes = scratch.hashes(of: keys, count: rowCount)
    let slots = slots
    let words = words
    let mask = slotCount - 1
    for row in 0..<rowCount {
      let hash = rowHashes[row]
      var slot = Int(truncatingIfNeeded: hash) & mask
      while true {
        let group = slots[slot]
        if group < 0 {
          if inserting {
            slots[slot] = Int32(count)
            groups[row] = Int32(count)
            words[count] = hash
            for index in 0..<columnCount { columns[index].append(keys[index], row: row) }
            count += 1
          } else {
            groups[row] = -1
          }
          break
        }
        if words[Int(group)] == hash && isEquivalent(Int(group), keys, row) {
          groups[row] = group
          break
        }
        slot = (slot + 1) & mask
      }
    }
  }

  private func isEquivalent(_ group: Int, _ keys: [Vector], _ row: Int) -> Bool {
    for index in 0..<columnCount
    where !columns[index].isEquivalent(group, to: keys[index], row) { return false }
    return true
  }

  // MARK: Slots

  private func reserve(_ keyCount: Int) throws {
    var wanted = slotCount
    while keyCount * 2 > wanted { wanted *= 2 }
    if wanted > slotCount { try rehash(wanted) }
  }

  private func rehash(_ newCount: Int) throws {
    slots.deallocate()
    if newCount > slotCount {
      let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: newCount / 2)
      larger.update(from: words, count: count)
      words.deallocate()
      words = larger
    }
    slotCount = newCount
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: -1, count: slotCount)
    let mask = slotCount - 1
    for group in 0..<count where isGeneral || group != Int(nullGroup) {
      if group & 0xF_FFFF == 0xF_FFFF { try control.check() }
      let hash = isGeneral ? words[group] : hash(words[group])
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(group)
    }
  }
}

/// Room for the hashes of a batch's keys. Belongs to one thread.
final class HashScratch {
  private var room: UnsafeMutablePointer<UInt64>?
  private var capacity = 0
  deinit { room?.deallocate() }

  /// Good until the next call.
  func hashes(of keys: [Vector], count: Int) -> UnsafeMutablePointer<UInt64> {
    let hashes: UnsafeMutablePointer<UInt64>
    if let room, capacity >= count {
      hashes = room
    } else {
      room?.deallocate()
      hashes = .allocate(capacity: max(count, 1))
      room = hashes
      capacity = count
    }
    for (index, key) in keys.enumerated() {
      VectorHash.hash(key, count: count, isFirst: index == 0, into: hashes)
    }
    return hashes
  }
}

extension VectorType {
  /// Elements are single words that are equal exactly when their bits are.
  fileprivate var isWord: Bool {
    switch self {
    case .integer, .node, .date: true
    default: false
    }
  }
}
