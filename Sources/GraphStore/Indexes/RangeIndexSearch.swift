internal import GraphColumns
internal import GraphTypes

/// Searches of one range index: what is stored, with the changes of a transaction over it.
///
/// Belongs to one thread; a search of one key allocates nothing.
struct RangeIndexSearch: ~Copyable {
  let index: IndexDefinition
  private let type: UInt32
  /// Outlives this.
  unowned(unsafe) let reader: GraphReader
  let overlay: IndexOverlay?
  private let cursor: IndexCursor

  init(
    _ index: IndexDefinition, _ reader: GraphReader, overlay: IndexOverlay?
  ) throws(StoreError) {
    self.index = index
    self.reader = reader
    self.overlay = overlay
    type = index.labels.first ?? 0
    cursor = try IndexCursor(reader, onRelationships: index.onRelationships)
  }

  // MARK: One key

  /// Appends what is under a key, ascending. Where the key is full, values may differ.
  @inline(__always)
  func find<Element: IndexedElement>(
    _ key: borrowing IndexKey, appendingTo elements: inout [Element]
  ) throws(StoreError) {
    let isStored = try cursor.find(key.stored)
    if let overlay, !overlay.isEmpty {
      var place = overlay.position(key)
      try append(
        key, isStored: isStored, overlay, &place, appendingTo: &elements)
    } else if isStored {
      try appendStored(to: &elements)
    }
  }

  /// As `find`, of a key without null, NaN and the like, comparing values.
  func findExactly<Element: IndexedElement>(
    _ values: [Value], _ key: borrowing IndexKey, appendingTo elements: inout [Element]
  ) throws(StoreError) {
    let start = elements.count
    try find(key, appendingTo: &elements)
    if key.isFull, elements.count > start {
      try keepMatches(IndexSearch(equal: values), of: &elements, from: start)
    }
  }

  /// Appends the stored entities under the key of the cursor.
  @inline(__always)
  private func appendStored<Element: IndexedElement>(
    to elements: inout [Element]
  ) throws(StoreError) {
    try cursor.forEachEntity(size: Element.storedSize) { bytes in
      elements.append(Element(Element.entity(stored: bytes), type: type))
    }
  }

  /// Appends the entities under a key: those stored (`isStored`: the cursor is at it), without those
  /// that the overlay has removed, and those it has added. `place` is where the overlay may have the
  /// key; it moves behind it.
  private func append<Element: IndexedElement>(
    _ key: borrowing IndexKey, isStored: Bool, _ overlay: IndexOverlay,
    _ place: inout IndexOverlay.Position, appendingTo elements: inout [Element]
  ) throws(StoreError) {
    let start = elements.count
    if isStored { try appendStored(to: &elements) }
    var changes: [(row: UInt32, element: Element?)] = []
    while let entry = overlay.entry(place)?.pointee,
      entry.order(head: key.head, key.bytes, key.count) == 0
    {
      let element = Element(entry.entity, type: type)
      if !isStored {
        elements.append(element)
      } else {
        changes.append((entry.entity.row, entry.isAdded ? element : nil))
      }
      overlay.advance(&place)
    }
    if changes.isEmpty { return }
    var merged: [Element] = []
    var next = start
    for (row, element) in changes {
      while next < elements.count, elements[next].entity.row < row {
        merged.append(elements[next])
        next += 1
      }
      if let element { merged.append(element) } else { next += 1 }
    }
    merged.append(contentsOf: elements[next...])
    elements.replaceSubrange(start..., with: merged)
  }

  // MARK: Many keys

  /// Appends what a search finds, in the order of the index.
  func search<Element: IndexedElement>(
    _ search: IndexSearch, appendingTo elements: inout [Element]
  ) throws(StoreError) {
    guard let range = try IndexKeyRange(search, in: index) else { return }
    if range.isSingle {
      return try findExactly(search.equal, range.lower, appendingTo: &elements)
    }
    if let overlay, !overlay.isEmpty {
      try searchBoth(search, range, overlay, appendingTo: &elements)
    } else {
      try searchStored(search, range, appendingTo: &elements)
    }
  }

  private func searchStored<Element: IndexedElement>(
    _ search: IndexSearch, _ range: borrowing IndexKeyRange, appendingTo elements: inout [Element]
  ) throws(StoreError) {
    var isStored = try cursor.seek(range.lower.stored)
    while isStored, let key = range.lower.suffix(of: cursor.currentKey), !range.isBehind(key) {
      if !range.excludes(key) {
        let start = elements.count
        try appendStored(to: &elements)
        if range.mayHaveOthers(key) {
          try arrange(key, range, search, of: &elements, from: start)
        }
      }
      isStored = try cursor.next()
    }
  }

  private func searchBoth<Element: IndexedElement>(
    _ search: IndexSearch, _ range: borrowing IndexKeyRange, _ overlay: IndexOverlay,
    appendingTo elements: inout [Element]
  ) throws(StoreError) {
    var place = overlay.position(range.lower)
    var current = IndexKey(index: index.id)
    var isStored = try cursor.seek(range.lower.stored)
    while true {
      let stored = isStored ? range.lower.suffix(of: cursor.currentKey) : nil
      let changed = overlay.entry(place)?.pointee.bytes
      guard let smaller = Self.smaller(stored, changed) else { return }
      current.copy(smaller)
      if range.isBehind(current.contents) { return }
      let isHere = stored.map { current.order($0) == 0 } ?? false
      let start = elements.count
      try append(
        current, isStored: isHere, overlay, &place, appendingTo: &elements)
      if range.excludes(current.contents) {
        elements.removeSubrange(start...)
      } else if range.mayHaveOthers(current.contents) {
        try arrange(current.contents, range, search, of: &elements, from: start)
      }
      if isHere { isStored = try cursor.next() }
    }
  }

  private static func smaller(
    _ a: UnsafeRawBufferPointer?, _ b: UnsafeRawBufferPointer?
  ) -> UnsafeRawBufferPointer? {
    guard let a, let b else { return a ?? b }
    return IndexKey.order(a, b) <= 0 ? a : b
  }

  // MARK: Comparing values

  /// Makes exact what is under a key that does not say everything about the values.
  private func arrange<Element: IndexedElement>(
    _ key: UnsafeRawBufferPointer, _ range: borrowing IndexKeyRange, _ search: IndexSearch,
    of elements: inout [Element], from start: Int
  ) throws(StoreError) {
    if range.mustCompare(key) { try keepMatches(search, of: &elements, from: start) }
    guard key.count == IndexKey.capacity, elements.count > start + 1 else { return }
    var keyed: [(values: [Value], element: Element)] = []
    for element in elements[start...] { keyed.append((try values(of: element), element)) }
    keyed.sort { a, b in
      for (first, second) in zip(a.values, b.values) {
        let order = Value.order(first, second)
        if order != 0 { return order < 0 }
      }
      return a.element.entity.row < b.element.entity.row
    }
    elements.replaceSubrange(start..., with: keyed.map(\.element))
  }

  private func values<Element: IndexedElement>(of element: Element) throws(StoreError) -> [Value] {
    var values: [Value] = []
    for key in index.keys { values.append(try element.property(key, reader)) }
    return values
  }

  private func keepMatches<Element: IndexedElement>(
    _ search: IndexSearch, of elements: inout [Element], from start: Int
  ) throws(StoreError) {
    var kept: [Element] = []
    for element in elements[start...] {
      if search.matches(try values(of: element)) { kept.append(element) }
    }
    elements.replaceSubrange(start..., with: kept)
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
