internal import GraphColumns
internal import GraphTypes

/// Changes of one full-text index that are not yet in its tree: which documents have changed, what
/// texts they had, and (once that is asked for) what it does to the postings.
final class FullTextPending {
  let definition: IndexDefinition
  /// Not in the tree at all so far: is filled when it is written.
  private(set) var isNew: Bool
  private let progress: ((Double) -> Void)?
  private let analysis: TextAnalysis

  private struct Document {
    /// The values that the tree has; none where it does not have the document.
    var old: [Value]
    var ends: EndsBlock.Ends?
    var isDeleted = false
    var isStale = true
    /// Of the fields, before and after: terms.
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
  private var changes: [FieldTerm: [PostingChange]] = [:]
  private(set) var positions: [UInt32] = []
  /// What is to be added to the statistics of each field.
  private(set) var statistics: [FieldStatistics]
  private var isPopulated = false

  /// - Parameter progress: called with the share that is done when a new index is filled.
  init(
    _ definition: IndexDefinition, isNew: Bool = false, progress: ((Double) -> Void)? = nil
  ) throws(StoreError) {
    self.definition = definition
    self.isNew = isNew
    self.progress = progress
    analysis = try TextAnalysis(definition)
    statistics = Array(repeating: FieldStatistics(), count: definition.keys.count)
  }

  private var noLengths: [Int] { Array(repeating: 0, count: definition.keys.count) }

  // MARK: Changes

  var isEmpty: Bool { documents.isEmpty }
  func isKnown(_ document: UInt64) -> Bool { documents[document] != nil }

  /// Nothing needs to be kept of a new index that nobody has searched.
  var isWatching: Bool { !isNew || isPopulated }

  /// A document's texts may have changed.
  /// - Parameter old: the values that it had at the last write; empty where it was no document of
  ///   this index. Counts the first time.
  func mark(_ document: UInt64, old: [Value], ends: EndsBlock.Ends? = nil) {
    if let place = documents.index(forKey: document) {
      if documents.values[place].isStale { return }
      documents.values[place].isStale = true
    } else {
      documents[document] = Document(
        old: isNew ? [] : old, ends: ends, oldLengths: noLengths, newLengths: noLengths)
    }
    stale.append(document)
  }

  func markDeleted(_ relationship: RelationshipRef, old: [Value]) {
    mark(relationship.id.rawValue, old: old, ends: .init(relationship))
    documents[relationship.id.rawValue]?.isDeleted = true
  }

  /// Makes a new index searchable before it is written.
  private func populate(_ reader: GraphReader) throws(StoreError) {
    isPopulated = true
    try FullTextDocuments(definition: definition, reader: reader).forEachBatch { batch in
      for (row, document) in batch.documents.enumerated() {
        mark(document, old: [], ends: batch.ends.isEmpty ? nil : batch.ends[row])
      }
    }
  }

  // MARK: What it does to the index

  /// Brings all that follows up to date.
  func refresh(_ reader: GraphReader) throws(StoreError) {
    if isNew, !isPopulated { try populate(reader) }
    let source = FullTextDocuments(definition: definition, reader: reader)
    for number in stale {
      guard var document = documents[number] else { continue }
      forget(&document, number)
      var new: [Value] = []
      let isThere =
        definition.onRelationships
        ? !document.isDeleted && source.contains(RelationshipID(rawValue: number))
        : source.contains(NodeID(number))
      if isThere { new = try source.values(of: number) }
      compare(&document, number, new)
      document.isStale = false
      documents[number] = document
    }
    stale.removeAll(keepingCapacity: true)
  }

  /// Takes back what an earlier state of a document did.
  private func forget(_ document: inout Document, _ number: UInt64) {
    for term in document.terms { changes[term]?.remove(document: number) }
    document.terms = []
    count(document, -1)
  }

  private func count(_ document: Document, _ sign: Int) {
    for field in statistics.indices {
      let (old, new) = (document.oldLengths[field], document.newLengths[field])
      statistics[field].documentCount += sign * ((new > 0 ? 1 : 0) - (old > 0 ? 1 : 0))
      statistics[field].totalLength += sign * (new - old)
    }
  }

  private func compare(_ document: inout Document, _ number: UInt64, _ new: [Value]) {
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
    count(document, 1)
  }

  /// Ascending by term, then position.
  private func tokens(_ values: [Value], _ field: Int) -> [Token] {
    guard field < values.count else { return [] }
    var tokens: [Token] = []
    analysis.analyze(values[field], appendingTo: &tokens)
    tokens.sort { ($0.term, $0.position) < ($1.term, $1.position) }
    return tokens
  }

  // MARK: For a search, after `refresh`

  /// Ascending by document.
  func changes(field: Int, term: [UInt8]) -> [PostingChange] {
    guard let number = term.withUnsafeBufferPointer({ analysis.terms.number(of: $0) }) else {
      return []
    }
    return changes[FieldTerm(field: field, term: UInt32(number))] ?? []
  }

  /// Terms of a field with changes.
  func terms(field: Int) -> [[UInt8]] {
    changes.keys.filter { $0.field == field }.map { analysis.terms.term(Int($0.term)) }
  }

  /// Nil for a document that has not changed.
  func lengthCode(_ document: UInt64, field: Int) -> UInt8? {
    documents[document].map { FieldLength.code($0.newLengths[field]) }
  }

  func ends(_ document: UInt64) -> EndsBlock.Ends? { documents[document]?.ends }

  /// Changed documents that have a text now.
  func documents(field: Int) -> [UInt64] {
    documents.filter { $0.value.newLengths[field] > 0 }.map(\.key).sorted()
  }

  // MARK: Writing

  /// Puts all into the tree.
  /// - Parameter reader: sees all changes.
  func write(_ writer: TreeWriter, _ reader: GraphReader) throws(StoreError) {
    if isNew {
      try FullTextBuilder.fill(definition, from: reader, writer, progress: progress)
    } else if !documents.isEmpty {
      try refresh(reader)
      try writeChanges(writer)
    }
    isNew = false
    isPopulated = false
    documents = [:]
    stale = []
    changes = [:]
    positions = []
    statistics = Array(repeating: FieldStatistics(), count: definition.keys.count)
    analysis.reset()
  }

  private func writeChanges(_ writer: TreeWriter) throws(StoreError) {
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
}
