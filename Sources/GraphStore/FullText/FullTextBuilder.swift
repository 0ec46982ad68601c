internal import GraphColumns

/// Fills a full-text index from the data that there is.
///
/// Terms are collected as (term, document, position), put in order by counting, and written; with
/// many documents, several times, each time into what is there already.
struct FullTextBuilder {
  private let definition: IndexDefinition
  private let analysis: TermAnalysis
  private var writer: FullTextWriter
  private var statistics: [FieldStatistics]
  private var documents: [UInt64] = []
  private var ends: [EndsBlock.Ends] = []
  private var fields: [Field]
  private var isFirst = true
  /// Places of terms in memory at once, about 20 bytes each.
  private let tokensMaximum: Int

  private struct Field {
    /// In the order in which they came.
    var terms: [UInt32] = []
    var positions: [UInt32] = []
    /// Terms of each document: behind one another above.
    var lengths: [UInt32] = []
  }

  init(
    _ definition: IndexDefinition, _ writer: TreeWriter, tokensMaximum: Int = 16 << 20
  ) throws(StoreError) {
    self.definition = definition
    self.tokensMaximum = tokensMaximum
    analysis = try TermAnalysis(definition)
    self.writer = try FullTextWriter(writer, index: definition.id)
    statistics = Array(repeating: FieldStatistics(), count: definition.keys.count)
    fields = Array(repeating: Field(), count: definition.keys.count)
  }

  /// - Parameters:
  ///   - reader: what the index is filled from.
  ///   - progress: called with the share that is done.
  static func fill(
    _ definition: IndexDefinition, from reader: GraphReader, _ writer: TreeWriter,
    tokensMaximum: Int = 16 << 20, progress: ((Double) -> Void)?
  ) throws(StoreError) {
    var builder = try FullTextBuilder(definition, writer, tokensMaximum: tokensMaximum)
    try FullTextDocuments(definition: definition, reader: reader).forEachBatch {
      (batch) throws(StoreError) in
      try builder.add(batch)
      // Writing what has been collected takes a part too.
      progress?(batch.share * 0.9)
    }
    try builder.finish()
    progress?(1)
  }

  private mutating func add(_ batch: FullTextDocuments.Batch) throws(StoreError) {
    var tokens: [Token] = []
    for row in batch.documents.indices {
      documents.append(batch.documents[row])
      for (field, column) in batch.columns.enumerated() {
        tokens.removeAll(keepingCapacity: true)
        analysis.analyze(column, row: row, appendingTo: &tokens)
        for token in tokens {
          fields[field].terms.append(token.term)
          fields[field].positions.append(token.position)
        }
        fields[field].lengths.append(UInt32(tokens.count))
      }
    }
    ends.append(contentsOf: batch.ends)
    if fields.reduce(0, { $0 + $1.terms.count }) >= tokensMaximum { try flush() }
  }

  private mutating func finish() throws(StoreError) {
    try flush()
    try writer.set(statistics)
  }

  private mutating func flush() throws(StoreError) {
    let order = documentOrder()
    let sortedTerms = analysis.terms.sorted()
    if isFirst { try writer.beginAppending() }
    for field in fields.indices { try writeTerms(field, order, sortedTerms) }
    writer.endAppending()
    for field in fields.indices {
      let lengths = fields[field].lengths
      for length in lengths where length > 0 {
        statistics[field].documentCount += 1
        statistics[field].totalLength += Int(length)
      }
      try writer.setLengths(
        order.map { (documents[$0], FieldLength.code(Int(lengths[$0]))) }, field: field)
    }
    if definition.onRelationships {
      try writer.setEnds(order.map { (documents[$0], ends[$0]) })
    }
    isFirst = false
    documents.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    for field in fields.indices {
      fields[field].terms.removeAll(keepingCapacity: true)
      fields[field].positions.removeAll(keepingCapacity: true)
      fields[field].lengths.removeAll(keepingCapacity: true)
    }
    analysis.reset()
  }

  /// Places of the documents, ascending by their numbers.
  private func documentOrder() -> [Int] {
    let places = Array(documents.indices)
    let isAscending = zip(documents, documents.dropFirst()).allSatisfy { $0 < $1 }
    return isAscending ? places : places.sorted { documents[$0] < documents[$1] }
  }

  private mutating func writeTerms(
    _ field: Int, _ order: [Int], _ sortedTerms: [Int]
  ) throws(StoreError) {
    let source = fields[field]
    // Where the tokens of each term begin, then end.
    var bounds = [Int](repeating: 0, count: analysis.terms.count + 1)
    for term in source.terms { bounds[Int(term) + 1] += 1 }
    for term in 0..<analysis.terms.count { bounds[term + 1] += bounds[term] }
    var starts = [Int](repeating: 0, count: documents.count + 1)
    for place in documents.indices {
      starts[place + 1] = starts[place] + Int(source.lengths[place])
    }
    var places = [UInt32](repeating: 0, count: source.terms.count)
    var positions = [UInt32](repeating: 0, count: source.terms.count)
    for place in order {
      for token in starts[place]..<starts[place + 1] {
        let target = bounds[Int(source.terms[token])]
        bounds[Int(source.terms[token])] = target + 1
        places[target] = UInt32(place)
        positions[target] = source.positions[token]
      }
    }
    var changes: [PostingChange] = []
    for term in sortedTerms {
      // The beginning has moved to the end.
      let end = bounds[term]
      var next = term == 0 ? 0 : bounds[term - 1]
      if next == end { continue }
      changes.removeAll(keepingCapacity: true)
      while next < end {
        let start = next
        while next < end, places[next] == places[start] { next += 1 }
        changes.append(
          PostingChange(
            document: documents[Int(places[start])], positions: start..<next, isNew: true))
      }
      try writer.apply(
        changes[...], positions: positions, field: field, term: analysis.terms.term(term))
    }
  }
}

extension TermAnalysis {
  /// Of an index.
  convenience init(_ definition: IndexDefinition) throws(StoreError) {
    try self.init(TextAnalyzer.named(definition.analyzer ?? TextAnalyzer.defaultName))
  }
}
