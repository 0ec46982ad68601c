internal import CypherExecution
internal import CypherPlanning
internal import GraphStore

/// `db.schema.*`: what kinds of nodes and relationships there are, found in the data: there is no
/// schema to declare. Columns and names of types are Neo4j's.
enum SchemaProcedures {
  static let all: [Procedure] = [
    Procedure(
      "db.schema.nodeTypeProperties",
      outputs: [
        .init("nodeType", "STRING"), .init("nodeLabels", "LIST<STRING>"),
        .init("propertyName", "STRING"), .init("propertyTypes", "LIST<STRING>"),
        .init("mandatory", "BOOLEAN"),
      ],
      summary: "Properties by set of labels: their types, and whether every node has them.",
      body: nodeTypeProperties),
    Procedure(
      "db.schema.relTypeProperties",
      outputs: [
        .init("relType", "STRING"), .init("propertyName", "STRING"),
        .init("propertyTypes", "LIST<STRING>"), .init("mandatory", "BOOLEAN"),
      ],
      summary: "Properties by relationship type: their types, and whether every one has them.",
      body: relationshipTypeProperties),
    Procedure(
      "db.schema.visualization",
      outputs: [.init("nodes", "LIST<MAP>"), .init("relationships", "LIST<MAP>")],
      summary: "The graph of labels, and of the types that connect them, with their counts.",
      body: visualization),
  ]

  // MARK: Properties

  /// What one kind of node or relationship has under one key.
  private struct Property {
    var types: Set<String> = []
    var count = 0
  }

  @Sendable private static func nodeTypeProperties(_ call: ProcedureInvocation) throws {
    let totals = try call.query("MATCH (n) RETURN labels(n), count(*)")
    var counts: [[String]: Int] = [:]
    for row in totals.rows { counts[strings(row[0]).sorted(), default: 0] += integer(row[1]) }
    let properties = try self.properties(call, "(n)", "labels(n)") { strings($0).sorted() }
    for labels in counts.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let name = Value.string(labels.map(quoted).joined())
      let list = Value.list(labels.map { .string($0) })
      let own = properties[labels] ?? [:]
      for (key, property) in own.sorted(by: { $0.key < $1.key }) {
        try call.emit([
          name, list, .string(key), types(property),
          .boolean(property.count == counts[labels]),
        ])
      }
      if own.isEmpty { try call.emit([name, list, .null, .null, .boolean(false)]) }
    }
  }

  @Sendable private static func relationshipTypeProperties(_ call: ProcedureInvocation) throws {
    let reader = call.context.reader
    let properties = try self.properties(call, "()-[n]->()", "type(n)") { value -> String in
      if case .string(let type) = value { type } else { "" }
    }
    for type in reader.relationshipTypeNames.sorted() {
      guard let id = reader.relationshipTypeID(type) else { continue }
      let count = reader.relationshipCount(type: id)
      if count == 0 { continue }
      let own = properties[type] ?? [:]
      for (key, property) in own.sorted(by: { $0.key < $1.key }) {
        try call.emit([
          .string(quoted(type)), .string(key), types(property), .boolean(property.count == count),
        ])
      }
      if own.isEmpty { try call.emit([.string(quoted(type)), .null, .null, .boolean(false)]) }
    }
  }

  /// One scan for each key.
  private static func properties<Kind: Hashable>(
    _ call: ProcedureInvocation, _ pattern: String, _ kind: String, _ read: (Value) -> Kind
  ) throws -> [Kind: [String: Property]] {
    var result: [Kind: [String: Property]] = [:]
    for key in call.context.reader.propertyKeyNames {
      let value = "n.\(CypherText.name(key))"
      let found = try call.query(
        "MATCH \(pattern) WHERE \(value) IS NOT NULL RETURN \(kind), valueType(\(value)), count(*)")
      for row in found.rows {
        guard case .string(let type) = row[1] else { continue }
        result[read(row[0]), default: [:]][key, default: Property()].types.insert(typeName(type))
        result[read(row[0]), default: [:]][key, default: Property()].count += integer(row[2])
      }
    }
    return result
  }

  private static func types(_ property: Property) -> Value {
    .list(property.types.sorted().map { .string($0) })
  }

  private static func quoted(_ name: String) -> String {
    ":`\(String(name.flatMap { $0 == "`" ? "``" : String($0) }))`"
  }

  /// `INTEGER NOT NULL` as `Long`, `LIST<STRING NOT NULL> NOT NULL` as `StringArray`.
  private static func typeName(_ type: String) -> String {
    let plain = type.replacing(" NOT NULL", with: "")
    if plain.hasPrefix("LIST<"), plain.hasSuffix(">") {
      let element = String(plain.dropFirst(5).dropLast())
      return element == "NOTHING" || element.contains("|") ? "Array" : typeName(element) + "Array"
    }
    return switch plain {
    case "INTEGER": "Long"
    case "FLOAT": "Double"
    case "BOOLEAN": "Boolean"
    case "STRING": "String"
    case "DATE": "Date"
    case "LOCAL TIME": "LocalTime"
    case "ZONED TIME": "Time"
    case "LOCAL DATETIME": "LocalDateTime"
    case "ZONED DATETIME": "DateTime"
    case "DURATION": "Duration"
    case "POINT": "Point"
    default: plain
    }
  }

  private static func strings(_ value: Value) -> [String] {
    guard case .list(let values) = value else { return [] }
    return values.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }

  private static func integer(_ value: Value) -> Int {
    if case .integer(let number) = value { Int(number) } else { 0 }
  }

  // MARK: The graph of labels

  @Sendable private static func visualization(_ call: ProcedureInvocation) throws {
    let reader = call.context.reader
    let schema = reader.schema
    let text = SchemaText(reader)
    let labels = reader.labelNames.filter { name in
      reader.labelID(name).map { reader.nodeCount(label: $0) > 0 } ?? false
    }
    func names(_ label: String, _ patterns: [SchemaPattern]) -> Value {
      .list(
        patterns.filter { !$0.onRelationships && $0.labels.contains(label) }
          .map { .string($0.keys.joined(separator: ", ")) })
    }
    let nodes = labels.map { label in
      Value.map([
        "name": .string(label), "count": count(reader.labelID(label)),
        "indexes": names(label, schema.indexes.map(text.pattern)),
        "constraints": names(label, schema.constraints.map(text.pattern)),
      ])
    }
    var relationships: [Value] = []
    for type in reader.relationshipTypeNames {
      guard let id = reader.relationshipTypeID(type) else { continue }
      for from in labels {
        for to in labels {
          let count = reader.relationshipCount(
            type: id, from: reader.labelID(from), to: reader.labelID(to))
          if count == 0 { continue }
          relationships.append(
            .map([
              "name": .string(type), "start": .string(from), "end": .string(to),
              "count": .integer(Int64(count)),
            ]))
        }
      }
    }
    func count(_ label: LabelID?) -> Value {
      .integer(Int64(label.map { reader.nodeCount(label: $0) } ?? 0))
    }
    try call.emit([.list(nodes), .list(relationships)])
  }
}
