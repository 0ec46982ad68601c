import Tropa

/// `crm.schema.*`: what the analysis looks for, whether the graph has it, and the mapping that the
/// database keeps.
enum SchemaMappingProcedures {
  static let all: [Procedure] = [check, set, reset]

  static let check = Procedure(
    "crm.schema.check",
    inputs: [.init("configuration", "MAP", defaultValue: .map([:]))],
    outputs: [
      .init("key", "STRING"), .init("kind", "STRING"), .init("name", "STRING"),
      .init("origin", "STRING"), .init("found", "BOOLEAN"), .init("count", "INTEGER"),
      .init("meaning", "STRING"), .init("remedy", "STRING"),
    ],
    summary:
      "Every name that crm.* looks for in the graph: where it comes from, how many there are, "
      + "and what to do if there are none."
  ) { call in
    var configuration = try ConfigurationMap(call.arguments[0], of: "crm.schema.check")
    let schema = try CustomerSchema(&configuration, call)
    try configuration.finish()
    let inventory = try GraphInventory(call)
    for key in SchemaKey.allCases {
      // Counting reads all that there is.
      let count = call.isWanted("count") ? try count(key, schema, inventory, call) : nil
      let isFound =
        try count.map { $0 > 0 } ?? isFound(key, schema, inventory, call)
      try call.emit([
        .string(key.rawValue), .string(key.kind.words),
        schema[key].map { .string($0) } ?? .null, .string(schema.origin(key).rawValue),
        isFound.map { .boolean($0) } ?? .null, count.map { .integer($0) } ?? .null,
        .string(key.summary),
        isFound == false ? .string(remedy(key, schema, inventory)) : .null,
      ])
    }
  }

  /// Whether anything has what the key names; nil for expressions.
  private static func isFound(
    _ key: SchemaKey, _ schema: CustomerSchema, _ inventory: GraphInventory,
    _ call: ProcedureInvocation
  ) throws -> Bool? {
    switch key.kind {
    case .expression: nil
    case .label, .type: inventory.has(schema[key], key.kind)
    case .property: try schema.find(key, inventory, call) != nil
    }
  }

  /// How many nodes or relationships have what the key names; nil for expressions.
  private static func count(
    _ key: SchemaKey, _ schema: CustomerSchema, _ inventory: GraphInventory,
    _ call: ProcedureInvocation
  ) throws -> Int64? {
    let query: String
    switch key.kind {
    case .expression: return nil
    case .label: query = "MATCH (n:\(schema.quoted(key))) RETURN count(n) AS n"
    case .type: query = "MATCH ()-[r:\(schema.quoted(key))]->() RETURN count(r) AS n"
    case .property:
      guard let place = try schema.find(key, inventory, call) else { return 0 }
      query = "MATCH \(place.pattern) RETURN count(\(place.text)) AS n"
    }
    if !inventory.has(schema[key], key.kind) { return 0 }
    return try call.query(query).integers("n").first
  }

  /// What to do about a name that nothing has: the nearest that there is, or else that it may stay
  /// so.
  private static func remedy(
    _ key: SchemaKey, _ schema: CustomerSchema, _ inventory: GraphInventory
  ) -> String {
    if !inventory.has(schema[key], key.kind) {
      let isNeeded =
        schema.isNamed(key) || [.clientLabel, .dateProperty, .amountProperty].contains(key)
        || key == (schema.hasOrders(inventory) ? .placedType : .purchaseType)
      return (isNeeded ? "" : "not needed; if it is there by another name: ")
        + schema.remedy(key, inventory)
    }
    let places = schema.places(key, inventory).map(\.pattern)
    return places.isEmpty
      ? "what would have it is not in the graph"
      : "nothing in \(places.joined(separator: " or ")) has it: set \(key.rawValue)"
  }

  static let set = Procedure(
    "crm.schema.set", inputs: [.init("mapping", "ANY")],
    outputs: [.init("key", "STRING"), .init("name", "STRING"), .init("found", "BOOLEAN")],
    mode: .write,
    summary: "Keeps a mapping, a map or the path of a YAML file, in the database for all calls of "
      + "crm.*; null takes a key back to its default."
  ) { call in
    let mapping: [String: Value]
    switch call.arguments[0] {
    case .map(let map): mapping = map
    case .string(let path): mapping = try SchemaFile.read(path)
    case let other:
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "the mapping is \(other.typeNameWithArticle), not a map or the path of a YAML file",
        hint: "write crm.schema.set({clientLabel: 'Household'})")
    }
    try StoredSchema.set(mapping, call)
    let schema = try CustomerSchema(storedIn: call)
    let inventory = try GraphInventory(call)
    for key in SchemaKey.allCases where schema.origin(key) == .stored {
      let isFound = key.kind == .expression || inventory.has(schema[key], key.kind)
      if !isFound {
        call.addNotice(
          "the database has no \(key.kind.words) `\(schema[key] ?? "")` (\(key.rawValue)) yet",
          hint: schema.remedy(key, inventory))
      }
      try call.emit([
        .string(key.rawValue), schema[key].map { .string($0) } ?? .null, .boolean(isFound),
      ])
    }
  }

  static let reset = Procedure(
    "crm.schema.reset", outputs: [.init("removed", "BOOLEAN")], mode: .write,
    summary: "Removes the mapping that the database keeps: the default schema counts again."
  ) { call in
    try call.emit([.boolean(try StoredSchema.remove(call))])
  }
}
