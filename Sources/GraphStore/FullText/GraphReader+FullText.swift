package import GraphColumns
package import GraphTypes

/// What is asked of a full-text index.
package struct FullTextSearch: Sendable {
  /// See `FullTextQueryParser`.
  package var query: String
  package var skip: Int
  package var limit: Int?
  /// Instead of the one of the index, for the words of the query.
  package var analyzer: String?

  package init(_ query: String, skip: Int = 0, limit: Int? = nil, analyzer: String? = nil) {
    self.query = query
    self.skip = skip
    self.limit = limit
    self.analyzer = analyzer
  }
}

extension GraphReader {
  /// The nodes that a query finds, best first, with their scores; equal ones ascending by id. A
  /// write transaction finds what it sees.
  /// - Throws: `invalidArgument` for a query that cannot be read, with the column.
  package func search(
    _ index: IndexDefinition, _ search: FullTextSearch
  ) throws(StoreError) -> (nodes: [NodeID], scores: [Double]) {
    guard index.kind == .fulltext, !index.onRelationships else {
      throw wrongKind(index, "nodes")
    }
    let (_, documents, scores) = try evaluate(index, search)
    return (documents.map { NodeID($0) }, scores)
  }

  /// The same for an index of relationships; ids of equal ones order by type, then row.
  package func searchRelationships(
    _ index: IndexDefinition, _ search: FullTextSearch
  ) throws(StoreError) -> (relationships: [RelationshipRef], scores: [Double]) {
    guard index.kind == .fulltext, index.onRelationships else {
      throw wrongKind(index, "relationships")
    }
    let (reader, documents, scores) = try evaluate(index, search)
    var relationships: [RelationshipRef] = []
    relationships.reserveCapacity(documents.count)
    for document in documents {
      let ends = try reader.ends(of: document)
      relationships.append(
        RelationshipRef(
          id: RelationshipID(rawValue: document), start: NodeID(UInt64(ends.start)),
          end: NodeID(UInt64(ends.end))))
    }
    return (relationships, scores)
  }

  private func wrongKind(_ index: IndexDefinition, _ what: String) -> StoreError {
    StoreError(
      .invalidArgument, "the index `\(index.name)` is not a full-text index of \(what)",
      hint: "SHOW INDEXES lists the indexes with their types")
  }

  private func evaluate(
    _ index: IndexDefinition, _ search: FullTextSearch
  ) throws(StoreError) -> (FullTextIndexReader, documents: [UInt64], scores: [Double]) {
    guard schema.index(id: index.id) != nil else {
      throw StoreError(.schemaNotFound, "there is no index `\(index.name)` any more")
    }
    let query = try FullTextQueryParser.parse(
      search.query, fields: index.keys.map { name(of: $0) })
    let analyzer = search.analyzer ?? index.analyzer ?? TextAnalyzer.defaultName
    let analysis = try TermAnalysis(.named(analyzer))
    let reader = try FullTextIndexReader(index, self)
    let matches = try FullTextEvaluation(reader, analysis).matches(query)
    let (end, overflow) = search.skip.addingReportingOverflow(search.limit ?? matches.count)
    let places = matches.best(overflow ? matches.count : end).dropFirst(search.skip)
    return (reader, places.map { matches.documents[$0] }, places.map { matches.scores[$0] })
  }
}
