internal import GraphColumns
internal import GraphTypes

/// Keeps a full-text index: which documents have changed, what texts the tree has of them, and,
/// once a search or the write asks for it, what that does to the postings.
///
/// A change costs a note of the old values; texts are divided and compared once, however often they
/// change. A new index is filled when it is written; if it is searched before that, all documents
/// count as changed.
final class FullTextIndexChanges: IndexChanges {
  private struct Document {
    /// The values that the tree has; none where it does not have the document.
    var old: [Value]
    var ends: EndsBlock.Ends?
    var isDeleted = false
    /// The rest does not yet say what the changes do.
    var isStale = true
    /// Terms in each field, before and after.
    var oldLengths: [Int]
    var newLengths: [Int]
    /// Whose postings it changes.
    var terms: [FieldTerm] = []
  }
  private struct FieldTerm: Hashable {
    var field: Int
    var term: UInt32
  }

  private var documents: [UInt64: Document] = [:]
  private var stale: [UInt64] = []
  /// Made with the first text.
  private var analysis: TermAnalysis?
  private var changes: [FieldTerm: [PostingChange]] = [:]
  private(set) var positions: [UInt32] = []
  /// What is to be added to the statistics of each field.
  private(set) var statistics: [FieldStatistics]
  private var isPopulated = false
  private var progress: ((Double) -> Void)?

  override init(_ definition: IndexDefinition, _ view: TransactionReader, isNew: Bool) {
    statistics = Array(repeating: FieldStatistics(), count: definition.keys.count)
    super.init(definition, view, isNew: isNew)
  }

  /// Only checks: see the class.
  override func build(progress: ((Double) -> Void)?) throws(StoreError) {
    _ = try TermAnalysis(definition)
    guard definition.keys.count <= UInt8.max else {
      throw StoreError(.limit, "a full-text index can have \(UInt8.max) properties")
    }
    self.progress = progress
  }

  private var source: FullTextDocuments {
    FullTextDocuments(definition: definition, reader: view)
  }

  // MARK: Changes

  /// Nothing needs to be kept of a new index that nobody has searched.
  private var isWatching: Bool { !isNew || isPopulated }

  override func insert(_ node: NodeID) throws(StoreError) {
    if isWatching { mark(node.rawValue, old: []) }
  }
  override func remove(_ node: NodeID) throws(StoreError) {
    if isWatching { mark(node.rawValue, old: try oldValues(node.rawValue)) }
  }
  override func change(
    _ node: NodeID, _ key: PropertyKeyID, from old: Value, to new: Value
  ) throws(StoreError) {
    guard isWatching else { return }
    mark(node.rawValue, old: try oldValues(node.rawValue, key, old))
  }

  override func insert(_ relationship: RelationshipRef) throws(StoreError) {
    if isWatching { mark(relationship.id.rawValue, old: [], ends: .init(relationship)) }
  }
  override func remove(_ relationship: RelationshipRef) throws(StoreError) {
    guard isWatching else { return }
    let number = relationship.id.rawValue
    mark(number, old: try oldValues(number), ends: .init(relationship))
    documents[number]?.isDeleted = true
  }
  override func change(
    _ relationship: RelationshipRef, _ key: PropertyKeyID, from old: Value, to new: Value
  ) throws(StoreError) {
    guard isWatching else { return }
    let number = relationship.id.rawValue
    mark(number, old: try oldValues(number, key, old), ends: .init(relationship))
  }

  /// What the tree has; empty for a document whose values are kept already.
  /// - Parameter old: the value that `key` had.
  private func oldValues(
    _ document: UInt64, _ key: PropertyKeyID? = nil, _ old: Value = .null
  ) throws(StoreError) -> [Value] {
    if isNew || documents[document] != nil { return [] }
    var values = try source.values(of: document)
    if let place = definition.keys.firstIndex(where: { $0 == key }) { values[place] = old }
    return values
  }

  /// A document's texts may have changed.
  /// - Parameter old: counts the first time.
  private func mark(_ document: UInt64, old: [Value], ends: EndsBlock.Ends? = nil) {
    if let place = documents.index(forKey: document) {
      if documents.values[place].isStale { return }
      documents.values[place].isStale = true
    } else {
      let none = Array(repeating: 0, count: definition.keys.count)
      documents[document] = Document(old: old, ends: ends, oldLengths: none, newLengths: none)
    }
    stale.append(document)
  }

  // MARK: What they do to the index

  /// Brings all that follows up to date.
  func refresh() throws(StoreError) {
    if isNew, !isPopulated {
      isPopulated = true
      try source.forEachBatch { batch in
        for (row, document) in batch.documents.enumerated() {
          mark(document, old: [], ends: batch.ends.isEmpty ? nil : batch.ends[row])
        }
      }
    }
    if stale.isEmpty { return }
    if analysis == nil { analysis = try TermAnalysis(definition) }
    guard let analysis else { return }
    for number in stale {
      guard var document = documents[number] else { continue }
      for term in document.terms { changes[term]?.remove(document: number) }
      document.terms = []
      count(document, -1)
      let isThere =
        definition.onRelationships ? !document.isDeleted : source.contains(NodeID(number))
      compare(&document, number, isThere ? try source.values(of: number) : [], analysis)
      count(document, 1)
      document.isStale = false
      documents[number] = document
    }
    stale.removeAll(keepingCapacity: true)
  }

  private func count(_ document: Document, _ sign: Int) {
    for field in statistics.indices {
      let (old, new) = (document.oldLengths[field], document.newLengths[field])
      statistics[field].documentCount += sign * ((new > 0 ? 1 : 0) - (old > 0 ? 1 : 0))
      statistics[field].totalLength += sign * (new - old)
    }
  }

  private func compare(
    _ document: inout Document, _ number: UInt64, _ new: [Value], _ analysis: TermAnalysis
  ) {
    /// Ascending by term, then position.
    func tokens(_ values: [Value], _ field: Int) -> [Token] {
      guard field < values.count else { return [] }
      var tokens: [Token] = []
      analysis.analyze(values[field], appendingTo: &tokens)
      tokens.sort { ($0.term, $0.position) < ($1.term, $1.position) }
      return tokens
    }
    for field in definition.keys.indices {
      let before = tokens(document.old, field)
      let after = tokens(new, field)
      document.oldLengths[field] = before.count
      document.newLengths[field] = after.count
      var (a, b) = (0, 0)
      while a < before.count || b < after.count {
        let term = min(
          a < before.count ? before[a].term : .max, b < after.count ? after[b].term : .max)
        let (oldStart, newStart) = (a, b)
        while a < before.count, before[a].term == term { a += 1 }
        while b < after.count, after[b].term == term { b += 1 }
        if before[oldStart..<a] == after[newStart..<b] { continue }
        let first = positions.count
        for token in after[newStart..<b] { positions.append(token.position) }
        let key = FieldTerm(field: field, term: term)
        document.terms.append(key)
        changes[key, default: []].insert(
          inOrder: PostingChange(
            document: number, positions: first..<positions.count, isNew: a == oldStart))
      }
    }
  }

  // MARK: For a search, after `refresh`

  var isEmpty: Bool { documents.isEmpty }
  func isChanged(_ document: UInt64) -> Bool { documents[document] != nil }

  /// Ascending by document.
  func changes(field: Int, term: [UInt8]) -> [PostingChange] {
    guard let number = term.withUnsafeBufferPointer({ analysis?.terms.number(of: $0) }) else {
      return []
    }
    return changes[FieldTerm(field: field, term: UInt32(number))] ?? []
  }

  /// Terms of a field with changes.
  func terms(field: Int) -> [[UInt8]] {
    guard let analysis else { return [] }
    return changes.keys.filter { $0.field == field }.map { analysis.terms.term(Int($0.term)) }
  }

  /// Nil for a document that has not changed.
  func lengthCode(_ document: UInt64, field: Int) -> UInt8? {
    documents[document].map { FieldLength.code($0.newLengths[field]) }
  }

  func ends(_ document: UInt64) -> EndsBlock.Ends? { documents[document]?.ends }

  /// Changed documents that have a text now, ascending.
  func documents(field: Int) -> [UInt64] {
    documents.filter { $0.value.newLengths[field] > 0 }.map(\.key).sorted()
  }

  // MARK: Writing

  /// Documents whose terms are in memory at once while many are written.
  static let batchSize = 1 << 14

  override func write(_ writer: TreeWriter) throws(StoreError) {
    if isNew {
      try FullTextBuilder.fill(definition, from: view, writer, progress: progress)
    } else if changes.isEmpty, documents.count > Self.batchSize {
      let all = documents.sorted { $0.key < $1.key }
      for start in stride(from: 0, to: all.count, by: Self.batchSize) {
        forget()
        for (number, document) in all[start..<min(start + Self.batchSize, all.count)] {
          documents[number] = document
          stale.append(number)
        }
        try refresh()
        try writeChanges(writer)
      }
    } else if !documents.isEmpty {
      try refresh()
      try writeChanges(writer)
    }
    progress = nil
    isPopulated = false
    forget()
  }

  private func forget() {
    documents = [:]
    stale = []
    analysis = nil
    changes = [:]
    positions = []
    statistics = Array(repeating: FieldStatistics(), count: definition.keys.count)
  }

  private func writeChanges(_ writer: TreeWriter) throws(StoreError) {
    guard let analysis else { return }
    var index = try FullTextWriter(writer, index: definition.id)
    let terms = changes.filter { !$0.value.isEmpty }
      .map { (field: $0.key.field, term: analysis.terms.term(Int($0.key.term)), changes: $0.value) }
      .sorted {
        $0.field != $1.field ? $0.field < $1.field : $0.term.lexicographicallyPrecedes($1.term)
      }
    for term in terms {
      try index.apply(
        term.changes[...], positions: positions, field: term.field, term: term.term)
    }
    let sorted = documents.sorted { $0.key < $1.key }
    for field in definition.keys.indices {
      try index.setLengths(
        sorted.filter { $0.value.oldLengths[field] != $0.value.newLengths[field] }
          .map { ($0.key, FieldLength.code($0.value.newLengths[field])) },
        field: field)
    }
    if definition.onRelationships {
      try index.setEnds(
        sorted.map { number, document in
          let isThere = document.newLengths.contains { $0 > 0 }
          return (number, isThere ? document.ends ?? .none : .none)
        })
    }
    var stored = try index.statistics(fieldCount: definition.keys.count)
    for field in stored.indices {
      stored[field].documentCount += statistics[field].documentCount
      stored[field].totalLength += statistics[field].totalLength
      guard stored[field].documentCount >= 0, stored[field].totalLength >= 0 else {
        throw FullTextValueReader.damaged("its statistics do not fit its texts")
      }
    }
    try index.set(stored)
  }

  override func removeStored(_ writer: TreeWriter) throws(StoreError) {
    try FullTextWriter(writer, index: definition.id).drop()
  }
}
