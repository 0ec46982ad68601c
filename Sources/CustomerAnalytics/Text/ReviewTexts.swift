package import TextAnalysis
package import Tropa

/// Reviews of a graph: nodes with a text.
package struct ReviewTexts {
  package var nodes: [NodeID]
  package var texts: [String]

  /// Texts and marks of all nodes that have both, in order of node id.
  ///
  /// - Throws: `QueryError` that names what the database lacks.
  package static func marked(
    _ database: Database, label: String, text: String, stars: String
  ) throws(QueryError) -> (texts: [String], marks: [Double]) {
    try require(label, text, stars, in: database)
    let result = try database.query(
      """
      MATCH (r:\(CustomerSchema.quoted(label)))
      WHERE r.\(CustomerSchema.quoted(text)) IS NOT NULL
        AND r.\(CustomerSchema.quoted(stars)) IS NOT NULL
      RETURN r.\(CustomerSchema.quoted(text)) AS text, r.\(CustomerSchema.quoted(stars)) AS stars
      ORDER BY id(r)
      """)
    return (try result.strings("text"), try result.floats("stars"))
  }

  /// Ids and texts of all nodes that have a text.
  package static func all(
    _ database: Database, label: String, text: String
  ) throws(QueryError) -> ReviewTexts {
    try require(label, text, nil, in: database)
    let result = try database.query(query(label, text, ""))
    return ReviewTexts(
      nodes: try result.integers("node").map { NodeID(UInt64($0)) },
      texts: try result.strings("text"))
  }

  /// The query for nodes with a text.
  static func query(_ label: String, _ text: String, _ columns: String) -> String {
    """
    MATCH (r:\(CustomerSchema.quoted(label)))
    WHERE r.\(CustomerSchema.quoted(text)) IS NOT NULL
    RETURN id(r) AS node, r.\(CustomerSchema.quoted(text)) AS text\(columns)
    ORDER BY node
    """
  }

  private static func require(
    _ label: String, _ text: String, _ stars: String?, in database: Database
  ) throws(QueryError) {
    func names(_ procedure: String) throws(QueryError) -> [String] {
      let result = try database.query("CALL \(procedure)()")
      return try result.strings(result.columns[0])
    }
    try require(label, "label", "--label", try names("db.labels"))
    let keys = try names("db.propertyKeys")
    try require(text, "property", "--text", keys)
    if let stars { try require(stars, "property", "--stars", keys) }
  }

  private static func require(
    _ name: String, _ what: String, _ option: String, _ known: [String]
  ) throws(QueryError) {
    if known.contains(name) { return }
    throw QueryError(
      .argumentError, "SchemaMismatch", "the database has no \(what) `\(name)`",
      hint: NameSuggestion.nearest(to: name, among: known)
        .map { "did you mean `\($0)`? Set \(option) \($0)" }
        ?? "set \(option); there is "
        + (known.isEmpty ? "none yet" : known.sorted().prefix(12).joined(separator: ", ")))
  }
}

extension QueryError {
  /// What is wrong with a model, a lexicon or texts, as statements report it.
  package init(_ error: TextError) {
    self.init(.argumentError, "InvalidTextModel", error.message, hint: error.hint)
  }
}
