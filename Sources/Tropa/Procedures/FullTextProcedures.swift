internal import GraphColumns
internal import GraphStore

/// `db.index.fulltext.*`: searches in texts.
enum FullTextProcedures {
  private static let inputs: [Procedure.Field] = [
    .init("indexName", "STRING"), .init("queryString", "STRING"),
    .init("options", "MAP", defaultValue: .map([:])),
  ]

  static let all: [Procedure] = [
    Procedure(
      "db.index.fulltext.queryNodes", inputs: inputs,
      outputs: [.init("node", "NODE"), .init("score", "FLOAT")],
      summary: "Nodes that a full-text query finds, best first."
    ) { call in
      let (index, search) = try request(call, "queryNodes")
      let (nodes, scores) = try report { () throws(StoreError) in
        try call.context.reader.search(index, search)
      }
      try call.emit(columns: [.nodes(nodes), .floats(scores)])
    },
    Procedure(
      "db.index.fulltext.queryRelationships", inputs: inputs,
      outputs: [.init("relationship", "RELATIONSHIP"), .init("score", "FLOAT")],
      summary: "Relationships that a full-text query finds, best first."
    ) { call in
      let (index, search) = try request(call, "queryRelationships")
      let (relationships, scores) = try report { () throws(StoreError) in
        try call.context.reader.searchRelationships(index, search)
      }
      try call.emit(columns: [
        .values(relationships.map { .relationship($0.boxed) }), .floats(scores),
      ])
    },
    Procedure(
      "db.index.fulltext.listAvailableAnalyzers",
      outputs: [
        .init("analyzer", "STRING"), .init("description", "STRING"),
        .init("stopwords", "LIST<STRING>"),
      ],
      summary: "Ways in which full-text indexes can divide texts into terms."
    ) { call in
      for analyzer in TextAnalyzer.all.sorted(by: { $0.name < $1.name }) {
        try call.emit([
          .string(analyzer.name), .string(analyzer.description),
          .list(analyzer.stopWords.map { .string($0) }),
        ])
      }
    },
    Procedure(
      "db.index.fulltext.awaitEventuallyConsistentIndexRefresh",
      summary: "Does nothing: full-text indexes follow each change at once."
    ) { _ in },
  ]

  private static func request(
    _ call: ProcedureInvocation, _ name: String
  ) throws -> (IndexDefinition, FullTextSearch) {
    let procedure = "db.index.fulltext.\(name)"
    guard case .string(let indexName) = call.arguments[0],
      case .string(let query) = call.arguments[1]
    else {
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "`\(procedure)` takes the name of an index and a query, both strings")
    }
    var options = try ConfigurationMap(call.arguments[2], of: procedure)
    let search = FullTextSearch(
      query, skip: try options.integer("skip", default: 0, in: 0 ... .max),
      limit: try options.has("limit")
        ? options.integer("limit", default: 0, in: 0 ... .max) : nil,
      analyzer: try options.string("analyzer"))
    try options.finish()
    let schema = call.context.reader.schema
    guard let index = schema.index(named: indexName) else {
      let names = schema.indexes.filter { $0.kind == .fulltext }.map(\.name)
      throw QueryError(
        .procedureError, "IndexNotFound", "there is no index `\(indexName)`",
        hint: NameSuggestion.nearest(to: indexName, among: names).map { "did you mean `\($0)`?" }
          ?? "CREATE FULLTEXT INDEX makes one, SHOW INDEXES lists them")
    }
    return (index, search)
  }

  /// A query that cannot be read is the caller's, not the store's.
  private static func report<Result>(_ body: () throws(StoreError) -> Result) throws -> Result {
    do throws(StoreError) {
      return try body()
    } catch {
      guard error.code == .invalidArgument else { throw error }
      throw QueryError(
        .argumentError, "InvalidFullTextQuery", error.message, hint: error.hint)
    }
  }
}
