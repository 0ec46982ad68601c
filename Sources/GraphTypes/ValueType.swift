extension Value {
  /// The type as messages name it, such as `Integer`, `LocalDateTime`, `Null`.
  public var typeName: String {
    switch self {
    case .null: "Null"
    case .boolean: "Boolean"
    case .integer: "Integer"
    case .float: "Float"
    case .string: "String"
    case .bytes: "ByteArray"
    case .list: "List"
    case .map: "Map"
    case .node: "Node"
    case .relationship: "Relationship"
    case .path: "Path"
    case .date: "Date"
    case .localTime: "LocalTime"
    case .time: "Time"
    case .localDateTime: "LocalDateTime"
    case .dateTime: "DateTime"
    case .duration: "Duration"
    case .point: "Point"
    }
  }

  /// For sentences: "an Integer", "a List", "null".
  package var typeNameWithArticle: String {
    switch self {
    case .null: "null"
    case .integer: "an Integer"
    default: "a \(typeName)"
    }
  }

  /// What Cypher's `valueType()` says, such as `LIST<INTEGER NOT NULL | STRING NOT NULL> NOT NULL`.
  package var valueType: String {
    if case .null = self { return "NULL" }
    return valueTypeWithoutNull + " NOT NULL"
  }

  private var valueTypeWithoutNull: String {
    switch self {
    case .null: return "NULL"
    case .localTime: return "LOCAL TIME"
    case .time: return "ZONED TIME"
    case .localDateTime: return "LOCAL DATETIME"
    case .dateTime: return "ZONED DATETIME"
    case .list(let values): return "LIST<\(Self.valueType(ofElements: values))>"
    default: return typeName.uppercased()
    }
  }

  /// The union of the elements' types in the order of `typeRank`; nullable as soon as one is null.
  private static func valueType(ofElements values: [Value]) -> String {
    var names: [String: Int] = [:]
    var hasNull = false
    for value in values {
      if case .null = value {
        hasNull = true
      } else {
        names[value.valueTypeWithoutNull] = value.typeRank
      }
    }
    if names.isEmpty { return hasNull ? "NULL" : "NOTHING" }
    return names.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
      .map { hasNull ? $0.key : $0.key + " NOT NULL" }.joined(separator: " | ")
  }

  /// The order in which Cypher lists the types of a union.
  private var typeRank: Int {
    switch self {
    case .null: 0
    case .boolean: 1
    case .string: 2
    case .integer: 3
    case .float: 4
    case .date: 5
    case .localTime: 6
    case .time: 7
    case .localDateTime: 8
    case .dateTime: 9
    case .duration: 10
    case .point: 11
    case .bytes: 12
    case .node: 13
    case .relationship: 14
    case .map: 15
    case .list: 16
    case .path: 17
    }
  }
}
