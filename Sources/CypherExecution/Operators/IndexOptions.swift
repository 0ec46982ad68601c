internal import CypherPlanning
internal import GraphTypes

/// `OPTIONS {indexProvider: …, indexConfig: {…}}`.
struct IndexOptions {
  static let analyzerKey = "fulltext.analyzer"
  /// Of Neo4j: our full-text indexes are always up to date.
  private static let eventuallyConsistentKey = "fulltext.eventually_consistent"

  private(set) var analyzer: String?

  /// - Parameter options: a map, or null for none.
  /// - Throws: `argumentError` for what is unknown.
  init(_ options: Value, _ kind: SchemaCommand.IndexKind) throws {
    let isFulltext = kind == .fulltext
    let entries = try Self.map(options, "OPTIONS")
    for key in entries.keys.sorted() where !["indexProvider", "indexConfig"].contains(key) {
      throw Self.unknown(key, among: ["indexConfig", "indexProvider"])
    }
    let config = try Self.map(entries["indexConfig"] ?? .null, "indexConfig")
    for (key, value) in config.sorted(by: { $0.key < $1.key }) {
      switch (key, value) {
      case (Self.analyzerKey, .string(let name)) where isFulltext: analyzer = name
      case (Self.eventuallyConsistentKey, .boolean) where isFulltext: break
      // The bounds of Neo4j's point indexes: a range index needs none.
      case (_, .list) where kind == .point && key.hasPrefix("spatial."): break
      case (Self.analyzerKey, _) where isFulltext:
        throw QueryError(
          .argumentError, "InvalidOption",
          "`\(key)` must be the name of an analyzer, not \(value.typeNameWithArticle)")
      default:
        throw Self.unknown(
          key, among: isFulltext ? [Self.analyzerKey, Self.eventuallyConsistentKey] : [])
      }
    }
  }

  private static func map(_ value: Value, _ name: String) throws -> [String: Value] {
    switch value {
    case .map(let entries): return entries
    case .null: return [:]
    default:
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "\(name) must be a map, not \(value.typeNameWithArticle)")
    }
  }

  private static func unknown(_ key: String, among known: [String]) -> QueryError {
    QueryError(
      .argumentError, "InvalidOption", "an index of this kind has no option `\(key)`",
      hint: known.isEmpty
        ? "leave it out" : "possible are \(known.map { "`\($0)`" }.joined(separator: ", "))")
  }
}
