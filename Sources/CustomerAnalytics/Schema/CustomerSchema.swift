import Tropa

/// Where clients and their footprints are in the graph: labels, types and properties, with the names
/// of the default schema (`SchemaKey.defaultName`) unless the database or the call says otherwise.
///
/// What counts, from the strongest: short keys of the call, its map `schema`, the mapping that
/// `crm.schema.set` keeps in the database, the default.
struct CustomerSchema: Sendable {
  enum Origin: String, Sendable {
    /// The call.
    case call
    /// The database.
    case stored
    /// Nobody named it.
    case standard = "default"
  }
  private var names: [SchemaKey: String] = [:]
  private var origins: [SchemaKey: Origin] = [:]

  /// The mapping of a call: reads the key `schema` and the short keys.
  ///
  /// - Throws: `QueryError` for unknown keys, values that are no names, and a file that cannot be
  ///   read.
  init(_ map: inout ConfigurationMap, _ call: ProcedureInvocation) throws {
    try add(StoredSchema.read(call), .stored)
    switch map.value("schema") {
    case .null: break
    case .map(let mapping): try add(Self.checked(mapping), .call)
    case .string(let path): try add(Self.checked(SchemaFile.read(path)), .call)
    case let other:
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "`schema` is \(other.typeNameWithArticle), not a map",
        hint: "write schema: {clientLabel: 'Household'}, or the path of a YAML file with such keys")
    }
    for key in SchemaKey.short {
      if let name = try map.string(key.rawValue) { set(key, name, .call) }
    }
  }

  /// The mapping that is kept in the database.
  init(storedIn call: ProcedureInvocation) throws { try add(StoredSchema.read(call), .stored) }

  private mutating func add(_ mapping: [SchemaKey: String], _ origin: Origin) throws {
    for (key, name) in mapping { set(key, name, origin) }
  }
  private mutating func set(_ key: SchemaKey, _ name: String, _ origin: Origin) {
    names[key] = name
    origins[key] = origin
  }

  /// A mapping as people write it; null leaves a key out.
  ///
  /// - Throws: `QueryError` for an unknown key, with the nearest one, or a value that is no string.
  static func checked(_ mapping: [String: Value]) throws(QueryError) -> [SchemaKey: String] {
    var result: [SchemaKey: String] = [:]
    for (name, value) in mapping.sorted(by: { $0.key < $1.key }) {
      guard let key = SchemaKey(rawValue: name) else {
        let all = SchemaKey.allCases.map(\.rawValue)
        throw QueryError(
          .argumentError, "UnknownConfigurationKey", "`schema` has no key `\(name)`",
          hint: NameSuggestion.nearest(to: name, among: all).map { "did you mean `\($0)`?" }
            ?? "its keys are \(all.joined(separator: ", "))")
      }
      switch value {
      case .null: break
      case .string(let text) where !text.isEmpty: result[key] = text
      default:
        throw QueryError(
          .typeError, "InvalidArgumentType",
          "`\(name)` of `schema` is \(value.typeNameWithArticle), not a name",
          hint: key.defaultName.map { "write \(name): '\($0)'" })
      }
    }
    return result
  }

  /// The name that counts; nil where nothing is named and there is no default.
  subscript(_ key: SchemaKey) -> String? {
    names[key] ?? key.fallback.flatMap { self[$0] } ?? key.defaultName
  }
  func origin(_ key: SchemaKey) -> Origin { origins[key] ?? .standard }
  func isNamed(_ key: SchemaKey) -> Bool { names[key] != nil }

  /// As Cypher text.
  func quoted(_ key: SchemaKey) -> String { Self.quoted(self[key] ?? "") }

  /// `variable.property`.
  func property(_ variable: String, _ key: SchemaKey) -> String { "\(variable).\(quoted(key))" }

  /// Checks that clients and purchases with a date and money are there.
  ///
  /// - Throws: `QueryError` that names the configuration key to set and the nearest known name.
  func validate(_ call: ProcedureInvocation) throws {
    let inventory = try GraphInventory(call)
    try require(.clientLabel, inventory)
    try requirePurchases(inventory)
    try require(.dateProperty, inventory)
    if !isNamed(.amount) { try require(.amountProperty, inventory) }
  }

  /// Whether purchases are relationships from orders to products, not from clients: when the
  /// mapping names a part of that path, or when the graph has only that.
  func hasOrders(_ inventory: GraphInventory) -> Bool {
    if isNamed(.purchaseType) { return false }
    if isNamed(.placedType) || isNamed(.containsType) || isNamed(.orderLabel) { return true }
    return !inventory.has(self[.purchaseType], .type) && inventory.has(self[.placedType], .type)
  }

  func requirePurchases(_ inventory: GraphInventory) throws(QueryError) {
    if hasOrders(inventory) {
      try require(.orderLabel, inventory)
      try require(.placedType, inventory)
      if isNamed(.containsType) { try require(.containsType, inventory) }
    } else {
      try require(.purchaseType, inventory)
    }
  }

  /// - Throws: `QueryError` if the database does not have what the key names.
  func require(_ key: SchemaKey, _ inventory: GraphInventory) throws(QueryError) {
    guard let name = self[key], !inventory.has(name, key.kind) else { return }
    throw QueryError(
      .argumentError, "SchemaMismatch", "the database has no \(key.kind.words) `\(name)`",
      hint: remedy(key, inventory))
  }

  /// That nothing of a kind has the property of a key.
  func missing(_ key: SchemaKey, of what: String) -> QueryError {
    QueryError(
      .argumentError, "SchemaMismatch", "no \(what) has the \(key.kind.words) `\(self[key] ?? "")`",
      hint: "set \(key.rawValue) in the configuration; crm.schema.check shows what is found")
  }

  /// What to write so that a key finds something.
  func remedy(_ key: SchemaKey, _ inventory: GraphInventory) -> String {
    let known = inventory.names(key.kind)
    if let nearest = self[key].flatMap({ NameSuggestion.nearest(to: $0, among: known) }) {
      return "did you mean `\(nearest)`? Set \(key.rawValue): '\(nearest)' in the configuration"
    }
    return "set \(key.rawValue) in the configuration; there is "
      + (known.isEmpty ? "none yet" : known.sorted().prefix(12).joined(separator: ", "))
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
