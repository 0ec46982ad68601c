internal import GraphTypes

/// One full-text index as a state or transaction has it: its tree with the changes that are not
/// yet in it. Not for use by two threads at once; gone before the state.
final class FullTextIndexReader {
  let definition: IndexDefinition
  let fieldCount: Int
  let statistics: [FieldStatistics]
  /// What a transaction has changed.
  private let changes: FullTextIndexChanges?
  private let cursor: FullTextCursor
  private var lengthBlocks: [LengthPlace: LengthBlock] = [:]

  private struct LengthPlace: Hashable {
    var field: Int
    var first: UInt64
  }

  init(_ definition: IndexDefinition, _ reader: GraphReader) throws(StoreError) {
    self.definition = definition
    fieldCount = definition.keys.count
    cursor = try FullTextCursor(reader)
    changes = reader.transactionSchema?.fullTextChanges(of: definition)
    try changes?.refresh()
    var statistics = Array(repeating: FieldStatistics(), count: fieldCount)
    if let value = try cursor.value(of: FullTextKey.statistics(definition.id)) {
      statistics = try FullTextStatistics.decoded(value, fieldCount: fieldCount)
    }
    if let changes {
      for field in statistics.indices {
        statistics[field].documentCount += changes.statistics[field].documentCount
        statistics[field].totalLength += changes.statistics[field].totalLength
      }
    }
    self.statistics = statistics
  }

  // MARK: Postings

  struct Term {
    var field: Int
    /// The bytes of the term.
    var bytes: [UInt8]
    var documentCount: Int
    fileprivate var isChunked: Bool
    fileprivate var changes: [PostingChange]
  }

  /// Nil for a term that no document has.
  func term(_ bytes: [UInt8], field: Int) throws(StoreError) -> Term? {
    let value = try cursor.value(of: FullTextKey.term(definition.id, field: field, bytes))
    guard let value else { return term(bytes, field: field, stored: (0, false)) }
    return term(bytes, field: field, stored: try TermHead.summary(value))
  }

  private func term(
    _ bytes: [UInt8], field: Int, stored: (documentCount: Int, isChunked: Bool)
  ) -> Term? {
    let changes = changes?.changes(field: field, term: bytes) ?? []
    let count = changes.reduce(stored.documentCount) { $0 + $1.countChange }
    if count <= 0 { return nil }
    return Term(
      field: field, bytes: bytes, documentCount: count, isChunked: stored.isChunked,
      changes: changes)
  }

  /// The documents that have a term.
  /// - Parameter candidates: ascending; other documents may be left out.
  func postings(
    of term: Term, among candidates: [UInt64]? = nil, withPositions: Bool = false
  ) throws(StoreError) -> Postings {
    var postings = Postings()
    let head = FullTextKey.term(definition.id, field: term.field, term.bytes)
    // What the changes replace has positions to be skipped.
    let needsPositions = withPositions || !term.changes.isEmpty
    if !term.isChunked {
      if let value = try cursor.value(of: head) {
        try TermHead.read(value, withPositions: needsPositions, appendingTo: &postings)
      }
    } else if let candidates {
      try readChunks(head, among: candidates, needsPositions, &postings)
    } else {
      postings.documents.reserveCapacity(term.documentCount)
      postings.frequencies.reserveCapacity(term.documentCount)
      var entry = try cursor.first(from: FullTextKey.chunk(of: head, lowerBound: 0))
      while let chunk = entry, let bound = FullTextKey.lowerBound(chunk.key, of: head) {
        try TermHead.read(
          chunk.value, lowerBound: bound, withPositions: needsPositions, appendingTo: &postings)
        entry = try cursor.next()
      }
    }
    if term.changes.isEmpty { return postings }
    var merged = Postings()
    postings.merge(term.changes[...], changes?.positions ?? [], into: &merged)
    return merged
  }

  /// Reads the chunks that may have one of the candidates.
  private func readChunks(
    _ head: [UInt8], among candidates: [UInt64], _ withPositions: Bool, _ postings: inout Postings
  ) throws(StoreError) {
    var next = 0
    while next < candidates.count {
      let key = FullTextKey.chunk(of: head, lowerBound: candidates[next])
      guard let chunk = try cursor.last(upTo: key),
        let bound = FullTextKey.lowerBound(chunk.key, of: head)
      else { throw FullTextValueReader.damaged("a term lacks its first chunk") }
      try TermHead.read(
        chunk.value, lowerBound: bound, withPositions: withPositions, appendingTo: &postings)
      guard let following = try cursor.next(),
        let nextBound = FullTextKey.lowerBound(following.key, of: head)
      else { return }
      while next < candidates.count, candidates[next] < nextBound { next += 1 }
    }
  }

  // MARK: Dictionary

  /// What to do behind a term.
  enum Step {
    case next
    /// Go on behind all terms that begin so.
    case skip(prefix: [UInt8])
  }

  /// Calls `body` for each different term of a field that begins with `prefix`, in the order of
  /// their bytes; those that only changes have come at the end.
  func forEachTerm(
    field: Int, prefix: [UInt8], _ body: (Term) throws(StoreError) -> Step
  ) throws(StoreError) {
    var added = changes.map { Set($0.terms(field: field)) } ?? []
    let terms = FullTextKey.terms(definition.id, field: field)
    let start = terms + prefix
    var entry = try cursor.first(from: start)
    while let found = entry, found.key.starts(with: start) {
      let bytes = Array(found.key.dropFirst(FullTextKey.termOffset))
      if !added.isEmpty { added.remove(bytes) }
      let stored = try TermHead.summary(found.value)
      var step = Step.next
      if let term = term(bytes, field: field, stored: stored) { step = try body(term) }
      switch step {
      case .skip(let prefix):
        // Terms are UTF-8, which has no byte FF.
        entry = try cursor.first(from: terms + prefix + [0xFF])
      case .next:
        // Chunks of a term begin with a byte that no term has, 0.
        entry =
          stored.isChunked
          ? try cursor.first(from: terms + bytes + [1]) : try cursor.next()
      }
    }
    for bytes in added.sorted(by: { $0.lexicographicallyPrecedes($1) })
    where bytes.starts(with: prefix) {
      if let term = term(bytes, field: field, stored: (0, false)) { _ = try body(term) }
    }
  }

  // MARK: Documents

  /// The code of a document's length, see `FieldLength`.
  @inline(__always)
  func lengthCodes(
    of documents: [UInt64], field: Int, _ body: (Int, UInt8) -> Void
  ) throws(StoreError) {
    let size = UInt64(LengthBlock.documentCount)
    var first: UInt64?
    var block = LengthBlock()
    let changes = changes.flatMap { $0.isEmpty ? nil : $0 }
    for (place, document) in documents.enumerated() {
      if let code = changes?.lengthCode(document, field: field) {
        body(place, code)
        continue
      }
      let offset = Int(document % size)
      if first != document - UInt64(offset) {
        first = document - UInt64(offset)
        block = try lengthBlock(field: field, first: document - UInt64(offset))
      }
      body(place, block.codes[offset])
    }
  }

  private func lengthBlock(field: Int, first: UInt64) throws(StoreError) -> LengthBlock {
    let place = LengthPlace(field: field, first: first)
    if let block = lengthBlocks[place] { return block }
    let key = FullTextKey.lengths(definition.id, field: field, firstDocument: first)
    var block = LengthBlock()
    if let value = try cursor.value(of: key) { block = try LengthBlock(value) }
    lengthBlocks[place] = block
    return block
  }

  /// All documents with a text in a field, ascending.
  func documents(field: Int) throws(StoreError) -> [UInt64] {
    var documents: [UInt64] = []
    let start = FullTextKey.lengths(definition.id, field: field, firstDocument: 0)
    let prefix = start.dropLast(8)
    var entry = try cursor.first(from: start)
    while let found = entry, found.key.count == start.count, found.key.starts(with: prefix),
      let first = Key.number(found.key, at: prefix.count, bytes: 8)
    {
      for (place, code) in try LengthBlock(found.value).codes.enumerated() where code != 0 {
        let document = first + UInt64(place)
        if changes?.isChanged(document) != true { documents.append(document) }
      }
      entry = try cursor.next()
    }
    guard let changed = changes?.documents(field: field), !changed.isEmpty else {
      return documents
    }
    return (documents + changed).sorted()
  }

  /// The ends of a relationship of the index.
  func ends(of document: UInt64) throws(StoreError) -> EndsBlock.Ends {
    if let ends = changes?.ends(document) { return ends }
    let size = UInt64(EndsBlock.documentCount)
    let first = document / size * size
    let key = FullTextKey.ends(definition.id, firstDocument: first)
    guard let value = try cursor.value(of: key),
      case let ends = try EndsBlock(value).ends[Int(document - first)], ends != .none
    else { throw FullTextValueReader.damaged("a relationship lacks its ends") }
    return ends
  }
}
