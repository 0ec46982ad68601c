/// Writes changes of one full-text index into the tree. To be gone before the commit.
struct FullTextWriter {
  private let cursor: FullTextCursor
  private let environment: Environment
  private let index: UInt32
  /// Key and value of what LMDB keeps in a leaf, with half of the leaf.
  private let entryBytesMaximum: Int
  private var old = Postings()
  private var merged = Postings()
  /// Keys come in ascending order, above all that the tree has.
  private var isAppending = false

  init(_ writer: TreeWriter, index: UInt32) throws(StoreError) {
    cursor = try FullTextCursor(writer)
    environment = writer.environment
    self.index = index
    // LMDB's limit for what does not get pages of its own, less its header of an entry.
    entryBytesMaximum = ((environment.pageSize - 16) / 2 & ~1) - 2 - 8
  }

  func drop() throws(StoreError) { try cursor.deleteAll(prefix: FullTextKey.index(index)) }

  // MARK: Terms

  /// The terms that follow are new and come in the order of their keys, if that is so.
  mutating func beginAppending() throws(StoreError) {
    guard let last = try cursor.last() else {
      isAppending = true
      return
    }
    isAppending = last.key.lexicographicallyPrecedes(FullTextKey.terms(index, field: 0))
  }
  mutating func endAppending() { isAppending = false }

  /// Changes the postings of one term.
  /// - Parameters:
  ///   - changes: ascending by document, not empty.
  ///   - positions: what the changes refer to.
  /// - Complexity: O(size of the chunks that the changes touch).
  mutating func apply<Term: Collection<UInt8>>(
    _ changes: ArraySlice<PostingChange>, positions: [UInt32], field: Int, term: Term
  ) throws(StoreError) {
    let head = FullTextKey.term(index, field: field, term)
    var documentCount = 0
    var isChunked = false
    old.removeAll()
    if !isAppending, let value = try cursor.value(of: head) {
      (documentCount, isChunked) = try TermHead.summary(value)
      if !isChunked {
        try TermHead.read(value, withPositions: true, appendingTo: &old)
      }
    }
    if isChunked {
      try applyToChunks(changes, positions, head, documentCount: documentCount)
      return
    }
    old.merge(changes, positions, into: &merged)
    if merged.isEmpty {
      if documentCount > 0 { try cursor.delete(head) }
      return
    }
    let limit = blockBytesMaximum(head.count)
    var block = PostingsBlock(lowerBound: 0)
    if append(from: 0, to: &block, limit: limit).documents == merged.count {
      try put(head, TermHead.encoded(block))
    } else {
      try put(head, TermHead.encoded(documentCount: merged.count))
      try putChunks(head, lowerBound: 0, isAtEnd: true)
    }
  }

  private mutating func applyToChunks(
    _ changes: ArraySlice<PostingChange>, _ positions: [UInt32], _ head: [UInt8],
    documentCount: Int
  ) throws(StoreError) {
    var count = documentCount
    var first = changes.startIndex
    while first < changes.endIndex {
      let document = changes[first].document
      guard
        let chunk = try cursor.last(
          upTo: FullTextKey.chunk(of: head, lowerBound: document)),
        let lowerBound = FullTextKey.lowerBound(chunk.key, of: head)
      else { throw FullTextValueReader.damaged("a term lacks its first chunk") }
      old.removeAll()
      try TermHead.read(
        chunk.value, lowerBound: lowerBound, withPositions: true, appendingTo: &old)
      let next = try cursor.next().flatMap { FullTextKey.lowerBound($0.key, of: head) }
      let end =
        next.map { bound in
          changes[first...].firstIndex { $0.document >= bound } ?? changes.endIndex
        } ?? changes.endIndex
      let isAtEnd = next == nil && old.documents.last ?? 0 < document
      for change in changes[first..<end] { count += change.countChange }
      old.merge(changes[first..<end], positions, into: &merged)
      if merged.isEmpty, lowerBound > 0 {
        try cursor.delete(FullTextKey.chunk(of: head, lowerBound: lowerBound))
      } else {
        try putChunks(head, lowerBound: lowerBound, isAtEnd: isAtEnd)
      }
      first = end
    }
    if count == documentCount { return }
    guard count >= 0 else { throw FullTextValueReader.damaged("a count is too small") }
    if count == 0 {
      try cursor.deleteAll(prefix: head + [0])
      try cursor.delete(head)
    } else {
      try put(head, TermHead.encoded(documentCount: count))
    }
  }

  private func put(_ key: [UInt8], _ value: [UInt8]) throws(StoreError) {
    var value = value
    if key.count + value.count > entryBytesMaximum {
      // One document has a term that often: pages of its own, of few sizes.
      let size = environment.paddedSize(value.count)
      value.append(contentsOf: repeatElement(0, count: size - value.count))
    }
    try cursor.put(key, value, appending: isAppending)
  }

  private func blockBytesMaximum(_ keyCount: Int) -> Int {
    entryBytesMaximum - keyCount - TermHead.overhead
  }

  /// Appends merged postings to a block until it is full.
  /// - Returns: how many there are behind, and where their positions begin.
  private func append(
    from start: Int, position startPosition: Int = 0, to block: inout PostingsBlock, limit: Int
  ) -> (documents: Int, positions: Int) {
    var place = start
    var position = startPosition
    while place < merged.count {
      let end = position + Int(merged.frequencies[place])
      // A number has up to 9 bytes, a position up to 5. One document at least.
      if block.byteCount + 18 + 5 * (end - position) > limit, block.count > 0 {
        var longer = block
        longer.append(merged.documents[place], merged.positions[position..<end])
        if longer.byteCount > limit { break }
        block = longer
      } else {
        block.append(merged.documents[place], merged.positions[position..<end])
      }
      (place, position) = (place + 1, end)
    }
    return (place, position)
  }

  /// Writes `merged` as chunks.
  /// - Parameter isAtEnd: more is expected behind, not between: fills the chunks.
  private func putChunks(
    _ head: [UInt8], lowerBound: UInt64, isAtEnd: Bool
  ) throws(StoreError) {
    var limit = blockBytesMaximum(head.count + 9)
    if !isAtEnd {
      var whole = PostingsBlock(lowerBound: lowerBound)
      _ = append(from: 0, to: &whole, limit: .max)
      // A lower bound of its own makes the first number of a chunk smaller.
      let pieces = (whole.byteCount + limit - 1) / limit
      limit = min(limit, whole.byteCount / pieces + 32)
    }
    var place = (documents: 0, positions: 0)
    var bound = lowerBound
    repeat {
      var block = PostingsBlock(lowerBound: bound)
      place = append(from: place.documents, position: place.positions, to: &block, limit: limit)
      try put(FullTextKey.chunk(of: head, lowerBound: bound), TermHead.encoded(chunk: block))
      if place.documents < merged.count { bound = merged.documents[place.documents] }
    } while place.documents < merged.count
  }

  // MARK: Documents

  /// - Parameter lengths: `FieldLength` codes, ascending by document; 0 for no text.
  func setLengths(
    _ lengths: [(document: UInt64, code: UInt8)], field: Int
  ) throws(StoreError) {
    let size = UInt64(LengthBlock.documentCount)
    var place = 0
    while place < lengths.count {
      let first = lengths[place].document / size * size
      let key = FullTextKey.lengths(index, field: field, firstDocument: first)
      let stored = try cursor.value(of: key)
      var block = LengthBlock()
      if let stored { block = try LengthBlock(stored) }
      let isStored = stored != nil
      while place < lengths.count, lengths[place].document - first < size {
        block.codes[Int(lengths[place].document - first)] = lengths[place].code
        place += 1
      }
      try replace(key, block.encoded(), isStored: isStored)
    }
  }

  /// - Parameter ends: ascending by document.
  func setEnds(_ ends: [(document: UInt64, ends: EndsBlock.Ends)]) throws(StoreError) {
    let size = UInt64(EndsBlock.documentCount)
    var place = 0
    while place < ends.count {
      let first = ends[place].document / size * size
      let key = FullTextKey.ends(index, firstDocument: first)
      let stored = try cursor.value(of: key)
      var block = EndsBlock()
      if let stored { block = try EndsBlock(stored) }
      let isStored = stored != nil
      while place < ends.count, ends[place].document - first < size {
        block.ends[Int(ends[place].document - first)] = ends[place].ends
        place += 1
      }
      try replace(key, block.encoded(), isStored: isStored)
    }
  }

  private func replace(_ key: [UInt8], _ value: [UInt8]?, isStored: Bool) throws(StoreError) {
    if let value {
      try cursor.put(key, value)
    } else if isStored {
      try cursor.delete(key)
    }
  }

  func statistics(fieldCount: Int) throws(StoreError) -> [FieldStatistics] {
    guard let value = try cursor.value(of: FullTextKey.statistics(index)) else {
      return Array(repeating: FieldStatistics(), count: fieldCount)
    }
    return try FullTextStatistics.decoded(value, fieldCount: fieldCount)
  }
  func set(_ statistics: [FieldStatistics]) throws(StoreError) {
    try cursor.put(FullTextKey.statistics(index), FullTextStatistics.encoded(statistics))
  }
}
