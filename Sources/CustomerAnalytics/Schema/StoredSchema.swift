import Tropa

/// The mapping that a database keeps, so that calls need not repeat it: one node with the label
/// `CrmSchema`, whose properties are the keys that were set. It is data like any other: backups,
/// dumps and transactions have it.
enum StoredSchema {
  static let label = "CrmSchema"

  static func read(_ call: ProcedureInvocation) throws -> [SchemaKey: String] {
    let labels = try call.query(
      "CALL db.labels() YIELD label WHERE label = $label RETURN label",
      parameters: ["label": .string(label)])
    if labels.isEmpty { return [:] }
    let nodes = try call.query("MATCH (s:\(label)) RETURN properties(s) AS mapping LIMIT 1")
    guard case .map(let mapping)? = nodes.first?["mapping"] else { return [:] }
    do throws(QueryError) {
      return try CustomerSchema.checked(mapping)
    } catch {
      throw QueryError(
        error.kind, error.detail,
        "the mapping that the database keeps is wrong: \(error.message)",
        hint: "correct it with crm.schema.set, or remove it with crm.schema.reset")
    }
  }

  /// Sets keys; null takes one back to its default.
  static func set(_ mapping: [String: Value], _ call: ProcedureInvocation) throws {
    _ = try CustomerSchema.checked(mapping)
    try call.query(
      "MERGE (s:\(label)) SET s += $mapping", parameters: ["mapping": .map(mapping)])
  }

  /// - Returns: whether there was one.
  static func remove(_ call: ProcedureInvocation) throws -> Bool {
    try call.query("MATCH (s:\(label)) DETACH DELETE s").counters.nodesDeleted > 0
  }
}
