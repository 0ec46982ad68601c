package import GraphColumns
package import GraphTypes

/// A search of one range index, read in parts: what is stored, with the changes of a transaction over
/// it. To be kept and used for one search after another: it holds an open cursor, and a look-up of
/// single values allocates nothing.
///
/// Exact: no need to compare the values again. What it gives is in the order of the index: by values,
/// equal ones by ascending row, in both directions. It holds one entry of the tree at a time, save
/// where values are longer than a key: all that share a cut key are read at once.
///
/// Belongs to one thread. While it is being read, the transaction may change the graph: what comes to
/// or goes from the part that is still ahead is seen.
package final class RangeIndexSearch {
  let index: IndexDefinition
  /// Of relationships.
  private let type: UInt32
  unowned(unsafe) let reader: GraphReader
  /// Keeps `reader` alive; nil where the reader owns this.
  private let owner: GraphReader?
  let overlay: IndexOverlay?
  let cursor: IndexCursor
  private let entitySize: Int

  // What is asked for.
  var range: IndexKeyRange
  private var asked = IndexSearch(equal: [])
  private var isDescending = false
  /// The parts of `key` that have been appended.
  private var partCount = 0

  // Where the search is. The key at hand; in a snapshot only that of a look-up.
  private var key: IndexKey
  /// There may be keys behind the one at hand.
  private var hasMoreKeys = false
  /// The cursor is at a key.
  private var isAtKey = false
  /// It is the key at hand.
  private var isAtHand = false
  /// In the overlay: the first change that has not been passed.
  private var place = IndexOverlay.Position.start
  /// In the overlay, descending: all changes of keys still to come are before it.
  private var end = IndexOverlay.Position.start
  private var overlayVersion = 0

  // What is left under the key at hand: of the tree, of the overlay, of what had to be arranged.
  private var page = UnsafeRawBufferPointer(start: nil, count: 0)
  private var remaining = 0
  private var hasChanges = false
  private var lastRow: UInt32?
  private var arranged: [IndexEntity] = []
  private var arrangedPlace = 0

  init(
    _ index: IndexDefinition, _ reader: GraphReader, owner: GraphReader?, overlay: IndexOverlay?
  ) throws(StoreError) {
    self.index = index
    self.reader = reader
    self.owner = owner
    self.overlay = overlay
    type = index.labels.first ?? 0
    cursor = try IndexCursor(reader, onRelationships: index.onRelationships)
    entitySize = index.onRelationships ? IndexEntity.relationshipSize : IndexEntity.nodeSize
    range = IndexKeyRange(index: index.id)
    key = IndexKey(index: index.id)
  }

  // MARK: One value for each key

  /// Starts a look-up: the values follow, one for each key of the index, then `find`.
  package func begin() {
    key.removeAll()
    partCount = 0
  }

  private func isLastPart() -> Bool {
    partCount += 1
    return partCount == index.keys.count
  }

  package func append(_ number: Int64) {
    partCount += 1
    key.append(number)
  }
  /// A text in UTF-8.
  package func append(_ text: UnsafeBufferPointer<UInt8>) {
    key.append(text: text, isLast: isLastPart())
  }
  /// Not null, and without NaN: those equal nothing.
  package func append(_ value: Value) { key.append(value, isLast: isLastPart()) }

  /// Goes to what has the values.
  /// - Parameter values: the same again, asked for where they are longer than a key.
  package func find(_ values: @autoclosure () -> [Value]) throws(StoreError) {
    try findKey()
    if key.isFull {
      asked = IndexSearch(equal: values())
      try arrange(mustCompare: true)
    }
  }

  /// Goes to what is under a key. Where the key is full, values may differ.
  func find(_ other: borrowing IndexKey) throws(StoreError) {
    key.copy(other.contents)
    try findKey()
  }

  private func findKey() throws(StoreError) {
    hasMoreKeys = false
    isDescending = false
    isAtHand = try cursor.find(key.stored)
    if let overlay {
      overlayVersion = overlay.version
      place = overlay.position(key)
    }
    try open(isStored: isAtHand)
  }

  // MARK: Many keys

  /// Starts a search.
  package func start(_ search: IndexSearch, descending: Bool = false) throws(StoreError) {
    leave()
    hasMoreKeys = false
    isAtHand = false
    guard try range.set(search, in: index) else { return }
    if range.isSingle {
      key.copy(range.lower.contents)
      try findKey()
      if key.isFull {
        asked = search
        try arrange(mustCompare: true)
      }
      return
    }
    asked = search
    isDescending = descending
    hasMoreKeys = true
    if descending {
      isAtKey = try seekLast()
    } else {
      isAtKey = try cursor.seek(range.lower.stored)
    }
    placeInOverlay()
  }

  /// Goes to the last key of the range, or one before it.
  func seekLast() throws(StoreError) -> Bool {
    guard try cursor.seek(range.upper.stored) else { return try cursor.last() }
    if let found = range.upper.suffix(of: cursor.currentKey), !range.isBehind(found) { return true }
    return try cursor.previous()
  }

  /// To where the range begins in the overlay.
  private func placeInOverlay() {
    guard let overlay else { return }
    overlayVersion = overlay.version
    if isDescending {
      end = overlay.position(range.upper, row: range.includesUpper ? .max : 0)
    } else {
      place = overlay.position(range.lower)
    }
  }

  /// Goes to the next key that is asked for; all under the one at hand has been read.
  private func nextKey() throws(StoreError) -> Bool {
    while hasMoreKeys {
      if isAtHand {
        isAtKey = isDescending ? try cursor.previous() : try cursor.next()
        isAtHand = false
      }
      let stored = isAtKey ? range.lower.suffix(of: cursor.currentKey) : nil
      let changed = nextChangedKey()
      guard let next = Self.first(stored, changed, isDescending: isDescending), isInRange(next)
      else {
        hasMoreKeys = false
        break
      }
      isAtHand = stored.map { IndexKey.order($0, next) == 0 } ?? false
      let isExcluded = range.excludes(next)
      let mayHaveOthers = range.mayHaveOthers(next)
      let mustCompare = mayHaveOthers && range.mustCompare(next)
      let isCut = next.count == IndexKey.capacity
      if let overlay {
        key.copy(next)
        if isDescending {
          end = overlay.position(key)
          place = end
        }
      }
      try open(isStored: isAtHand)
      var isWanted = !isExcluded
      if isWanted, isCut {
        try arrange(mustCompare: mustCompare)
      } else if isWanted, mustCompare {
        isWanted = try firstMatches()
      }
      if isWanted { return true }
      passChanges()
      leave()
    }
    isAtHand = false
    lastRow = nil
    return false
  }

  private func nextChangedKey() -> UnsafeRawBufferPointer? {
    guard let overlay, !overlay.isEmpty else { return nil }
    return isDescending
      ? overlay.entry(before: end)?.pointee.bytes
      : overlay.entry(place)?.pointee.bytes
  }

  @inline(__always)
  private static func first(
    _ a: UnsafeRawBufferPointer?, _ b: UnsafeRawBufferPointer?, isDescending: Bool
  ) -> UnsafeRawBufferPointer? {
    guard let a, let b else { return a ?? b }
    return (IndexKey.order(a, b) <= 0) != isDescending ? a : b
  }

  @inline(__always)
  private func isInRange(_ key: UnsafeRawBufferPointer) -> Bool {
    isDescending ? range.lower.order(key) <= 0 : !range.isBehind(key)
  }

  // MARK: Under one key

  /// Forgets what is left under the key at hand.
  private func leave() {
    page = UnsafeRawBufferPointer(start: nil, count: 0)
    remaining = 0
    hasChanges = false
    lastRow = nil
    arrangedPlace = arranged.count
  }

  /// Begins with what is under the key at hand. `place` is where the overlay may have it.
  private func open(isStored: Bool) throws(StoreError) {
    leave()
    if isStored { page = try cursor.firstEntities(size: entitySize, remaining: &remaining) }
    hasChanges = isChanged()
  }

  /// Whether the next change is one of the key at hand.
  private func isChanged() -> Bool {
    guard let overlay, let entry = overlay.entry(place)?.pointee else { return false }
    return entry.order(head: key.head, key.bytes, key.count) == 0
  }

  private func passChanges() {
    guard let overlay else { return }
    while hasChanges {
      overlay.advance(&place)
      hasChanges = isChanged()
    }
  }

  /// After the transaction has changed the index: finds the place in the overlay again.
  private func followChanges() {
    guard let overlay, overlay.version != overlayVersion else { return }
    overlayVersion = overlay.version
    guard isAtHand || hasChanges || lastRow != nil else {
      if hasMoreKeys { placeInOverlay() }
      return
    }
    place = overlay.position(key, row: lastRow.map { $0 &+ 1 } ?? 0)
    // What is under a cut key has been read at once.
    hasChanges = !key.isFull && isChanged()
    if isDescending { end = overlay.position(key) }
  }

  private func stored() -> IndexEntity? {
    guard let base = page.baseAddress, page.count >= entitySize else { return nil }
    return index.onRelationships ? IndexEntity(relationship: base) : IndexEntity(node: base)
  }

  /// The next entity under the key at hand, of tree and overlay.
  private func nextEntity() throws(StoreError) -> IndexEntity? {
    while true {
      if page.isEmpty && remaining > 0 {
        page = try cursor.moreEntities(remaining: &remaining)
      }
      let stored = stored()
      if hasChanges, let overlay, let change = overlay.entry(place)?.pointee,
        stored.map({ change.entity.row <= $0.row }) ?? true
      {
        overlay.advance(&place)
        hasChanges = isChanged()
        if change.isAdded {
          lastRow = change.entity.row
          return change.entity
        }
        if stored?.row == change.entity.row { passStored(1) }
        continue
      }
      guard let stored else { return nil }
      passStored(1)
      lastRow = stored.row
      return stored
    }
  }

  @inline(__always)
  private func passStored(_ count: Int) {
    page = UnsafeRawBufferPointer(rebasing: page.dropFirst(count * entitySize))
  }

  // MARK: Reading

  /// The next nodes.
  /// - Returns: how many; fewer than `capacity` at the end.
  package func read(
    into nodes: UnsafeMutablePointer<NodeID>, capacity: Int
  ) throws(StoreError) -> Int {
    try readElements(into: nodes, capacity)
  }
  /// The next relationships.
  package func read(
    into relationships: UnsafeMutablePointer<RelationshipRef>, capacity: Int
  ) throws(StoreError) -> Int {
    try readElements(into: relationships, capacity)
  }

  func readElements<Element: IndexedElement>(
    into elements: UnsafeMutablePointer<Element>, _ capacity: Int
  ) throws(StoreError) -> Int {
    followChanges()
    let size = Element.storedSize
    var count = 0
    while count < capacity {
      if arrangedPlace < arranged.count {
        (elements + count).initialize(to: Element(arranged[arrangedPlace], type: type))
        arrangedPlace += 1
        count += 1
      } else if hasChanges {
        guard let entity = try nextEntity() else { continue }
        (elements + count).initialize(to: Element(entity, type: type))
        count += 1
      } else if let base = page.baseAddress, page.count >= size {
        let part = min(capacity - count, page.count / size)
        for index in 0..<part {
          (elements + count + index).initialize(
            to: Element(Element.entity(stored: base + index * size), type: type))
        }
        if overlay != nil { lastRow = Element.entity(stored: base + (part - 1) * size).row }
        passStored(part)
        count += part
      } else if remaining > 0 {
        page = try cursor.moreEntities(remaining: &remaining)
      } else if try !nextKey() {
        break
      }
    }
    return count
  }

  /// Passes over the next entries: those under one key at a time, until there are `limit` or more.
  /// - Returns: how many; 0 at the end.
  /// - Complexity: O(keys).
  package func skip(atLeast limit: Int) throws(StoreError) -> Int {
    followChanges()
    var count = 0
    while count < limit {
      count += arranged.count - arrangedPlace
      arrangedPlace = arranged.count
      while hasChanges {
        if try nextEntity() != nil { count += 1 }
      }
      count += (page.count + remaining) / entitySize
      leave()
      if try !nextKey() { break }
    }
    return count
  }

  // MARK: Comparing values

  /// Puts what is under a cut key in order, and leaves out what is not asked for.
  private func arrange(mustCompare: Bool) throws(StoreError) {
    var keyed: [(values: [Value], entity: IndexEntity)] = []
    while let entity = try nextEntity() {
      let values = try values(of: entity)
      if !mustCompare || asked.matches(values) { keyed.append((values, entity)) }
    }
    let isDescending = isDescending
    keyed.sort { a, b in
      for (first, second) in zip(a.values, b.values) {
        let order = Value.order(first, second)
        if order != 0 { return (order < 0) != isDescending }
      }
      return a.entity.row < b.entity.row
    }
    arranged = keyed.map(\.entity)
    arrangedPlace = 0
  }

  /// Whether what is under a key that is not cut, which all has the same values, is asked for.
  private func firstMatches() throws(StoreError) -> Bool {
    guard let entity = try nextEntity() else { return false }
    guard asked.matches(try values(of: entity)) else { return false }
    arranged = [entity]
    arrangedPlace = 0
    return true
  }

  private func values(of entity: IndexEntity) throws(StoreError) -> [Value] {
    index.onRelationships
      ? try index.values(of: RelationshipRef(entity, type: type), reader)
      : try index.values(of: NodeID(entity, type: type), reader)
  }
}

extension IndexSearch {
  /// Whether values of the keys are what is asked for.
  func matches(_ values: [Value]) -> Bool {
    for (value, asked) in zip(values, equal) where Value.equals(value, asked) != true {
      return false
    }
    guard equal.count < values.count else { return true }
    let value = values[equal.count]
    switch bound {
    case .all: return true
    case .prefix(let prefix):
      guard case .string(let text) = value else { return false }
      return text.utf8.starts(with: prefix.utf8)
    case .range(let lower, let includesLower, let upper, let includesUpper):
      if let lower {
        let order = Value.compare(value, lower)
        if order != .greater, !(includesLower && order == .equal) { return false }
      }
      if let upper {
        let order = Value.compare(value, upper)
        if order != .less, !(includesUpper && order == .equal) { return false }
      }
      return true
    }
  }
}
