import Tropa

/// Where clients and their footprints are in the graph: labels, types and properties, with the names
/// of the default schema unless the configuration says otherwise.
struct CustomerSchema: Sendable {
  var clientLabel: String
  var purchaseType: String
  var dateProperty: String
  var amountProperty: String
  /// Lines with the same value belong to one order.
  var orderProperty: String
  /// A Cypher predicate over the client `c` and the purchase `p`; purchases that fail it do not count.
  var filter: String?
  var viewType: String
  var reviewType: String
  var ratingProperty: String
  var socialType: String

  init(_ map: inout ConfigurationMap) throws {
    clientLabel = try map.string("clientLabel") ?? "Client"
    purchaseType = try map.string("purchaseType") ?? "PURCHASED"
    dateProperty = try map.string("dateProperty") ?? "at"
    amountProperty = try map.string("amountProperty") ?? "amount"
    orderProperty = try map.string("orderProperty") ?? "orderId"
    filter = try map.string("filter")
    viewType = try map.string("viewType") ?? "VIEWED"
    reviewType = try map.string("reviewType") ?? "WROTE"
    ratingProperty = try map.string("ratingProperty") ?? "rating"
    socialType = try map.string("socialType") ?? "FOLLOWS"
  }

  /// Checks that clients and purchases are there.
  ///
  /// - Throws: `QueryError` that names the configuration key to set.
  func validate(_ call: ProcedureInvocation) throws {
    try require(clientLabel, "clientLabel", "label", try names(call, "db.labels"))
    try require(
      purchaseType, "purchaseType", "relationship type", try names(call, "db.relationshipTypes"))
    let keys = try names(call, "db.propertyKeys")
    try require(dateProperty, "dateProperty", "property", keys)
    try require(amountProperty, "amountProperty", "property", keys)
  }

  private func names(_ call: ProcedureInvocation, _ procedure: String) throws -> [String] {
    let result = try call.query("CALL \(procedure)()")
    return try result.strings(result.columns[0])
  }

  private func require(
    _ name: String, _ key: String, _ what: String, _ known: [String]
  ) throws(QueryError) {
    if known.contains(name) { return }
    let hint = NameSuggestion.nearest(to: name, among: known)
      .map { "did you mean `\($0)`? Set \(key): '\($0)' in the configuration" }
    throw QueryError(
      .argumentError, "SchemaMismatch", "the database has no \(what) `\(name)`",
      hint: hint
        ?? "set \(key) in the configuration; there is "
        + (known.isEmpty ? "none yet" : known.sorted().prefix(12).joined(separator: ", "))
    )
  }

  /// Whether a relationship type has any relationships.
  func has(_ type: String, _ call: ProcedureInvocation) throws -> Bool {
    try names(call, "db.relationshipTypes").contains(type)
  }

  /// A name as Cypher text.
  static func quoted(_ name: String) -> String {
    // By code points, as the lexer reads: a backtick may carry a combining mark.
    var quoted = "`"
    for scalar in name.unicodeScalars {
      if scalar == "`" { quoted += "`" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "`"
  }
}
