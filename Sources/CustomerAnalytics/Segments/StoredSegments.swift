import Tropa

/// Segments as clients have them in a property: numbers, or names.
struct StoredSegments {
  let property: String
  /// In order of node ids; clients without the property are left out.
  private(set) var nodes: [NodeID] = []
  /// Of each client, from 1 on.
  private(set) var segments: [Int] = []
  /// The value of each segment, in Cypher's order.
  private(set) var values: [Value] = []

  /// More different values than this are no segments.
  private static let limit = 1000

  /// - Throws: `QueryError` if no client has the property, or it has too many different values.
  init(_ property: String, _ schema: CustomerSchema, _ call: ProcedureInvocation) throws {
    self.property = property
    let client = "(c:\(schema.quoted(.clientLabel)))"
    let key = "c.\(CustomerSchema.quoted(property))"
    let distinct = try call.query(
      """
      MATCH \(client) WHERE \(key) IS NOT NULL
      WITH DISTINCT \(key) AS value ORDER BY value LIMIT \(Self.limit + 1)
      RETURN collect(value) AS values
      """)
    if case .list(let found) = distinct.first?["values"] { values = found }
    guard !values.isEmpty else {
      let known = try GraphInventory(call).properties
      throw QueryError(
        .argumentError, "SchemaMismatch", "no client has the property `\(property)`",
        hint: NameSuggestion.nearest(to: property, among: known).map { "did you mean `\($0)`?" }
          ?? "crm.segments.write and crm.rfm.write set such properties")
    }
    guard values.count <= Self.limit else {
      throw QueryError(
        .argumentError, "InvalidConfigurationValue",
        "`\(property)` has more than \(Self.limit) different values: these are no segments",
        hint: "name a property that crm.segments.write or crm.rfm.write set")
    }
    let result = try call.query(
      """
      UNWIND range(0, size($values) - 1) AS number
      WITH number, $values[number] AS value
      MATCH \(client) WHERE \(key) = value
      RETURN id(c) AS node, number ORDER BY node
      """, parameters: ["values": .list(values)])
    nodes = try result.integers("node").map { NodeID(UInt64($0)) }
    segments = try result.integers("number").map { Int($0) + 1 }
  }
}
