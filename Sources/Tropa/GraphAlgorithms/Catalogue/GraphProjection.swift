/// What a projected graph consists of: GDS's native projection, read from its many forms.
package struct GraphProjection: Sendable {
  package struct NodeSet: Sendable {
    package var name: String
    /// Nil: all nodes.
    package var label: String?
    package var properties: [ProjectedProperty] = []
  }
  package struct RelationshipSet: Sendable {
    package var name: String
    /// Nil: all types.
    package var type: String?
    package var orientation = "NATURAL"
    package var aggregation = "NONE"
    package var properties: [ProjectedProperty] = []
  }
  package struct ProjectedProperty: Sendable {
    /// The name in the projection.
    package var name: String
    /// The key in the store; `*` counts relationships.
    package var key: String
    package var defaultValue: Double?
    package var aggregation: String?
  }
  package var nodes: [NodeSet]
  package var relationships: [RelationshipSet]

  /// - Parameters:
  ///   - nodes: `'*'`, a label, a list of labels, or a map name → {label, properties}.
  ///   - relationships: `'*'`, a type, a list of types, or a map name → {type, orientation,
  ///     aggregation, properties} or name → type.
  package init(
    nodes: Value, relationships: Value, nodeProperties: Value, relationshipProperties: Value
  ) throws(QueryError) {
    self.nodes = try Self.entries(nodes, "node projection", defaultKey: "label").map {
      (name, map) throws(QueryError) in
      var configuration = try ConfigurationMap(.map(map), of: "node projection `\(name)`")
      let label = try configuration.string("label") ?? name
      var set = NodeSet(name: name, label: label == "*" ? nil : label)
      set.properties =
        try Self.properties(configuration.value("properties"))
        + Self.properties(nodeProperties)
      try configuration.finish()
      return set
    }
    self.relationships = try Self.entries(
      relationships, "relationship projection", defaultKey: "type"
    ).map { (name, map) throws(QueryError) in
      var configuration = try ConfigurationMap(.map(map), of: "relationship projection `\(name)`")
      let type = try configuration.string("type") ?? name
      var set = RelationshipSet(name: name, type: type == "*" ? nil : type)
      set.orientation = try configuration.choice("orientation", default: Orientation.natural)
        .rawValue
      set.aggregation = try configuration.choice("aggregation", default: Aggregation.none).rawValue
      set.properties =
        try Self.properties(configuration.value("properties"))
        + Self.properties(relationshipProperties)
      configuration.ignore("indexInverse")
      try configuration.finish()
      return set
    }
  }

  /// Labels and nothing stored: for graphs that hold what they consist of.
  init(nodeLabels: [String]) {
    nodes = nodeLabels.map { NodeSet(name: $0, label: $0) }
    relationships = []
  }

  private enum Orientation: String, CaseIterable {
    case natural = "NATURAL"
    case reverse = "REVERSE"
    case undirected = "UNDIRECTED"
  }
  private enum Aggregation: String, CaseIterable {
    case none = "NONE"
    case single = "SINGLE"
    case minimum = "MIN"
    case maximum = "MAX"
    case sum = "SUM"
    case count = "COUNT"
  }

  /// The forms of a projection as name → map.
  private static func entries(
    _ value: Value, _ what: String, defaultKey: String
  ) throws(QueryError) -> [(String, [String: Value])] {
    switch value {
    case .string(let name):
      return [(name == "*" ? "__ALL__" : name, [defaultKey: .string(name)])]
    case .list(let values):
      var result: [(String, [String: Value])] = []
      for value in values { result += try entries(value, what, defaultKey: defaultKey) }
      if result.isEmpty { break }
      return result
    case .map(let map):
      var result: [(String, [String: Value])] = []
      for (name, value) in map.sorted(by: { $0.key < $1.key }) {
        switch value {
        case .string(let text): result.append((name, [defaultKey: .string(text)]))
        case .map(let inner): result.append((name, inner))
        default:
          throw QueryError(
            .typeError, "InvalidArgumentType",
            "`\(name)` in the \(what) is \(value.typeNameWithArticle), not a string or a map")
        }
      }
      if result.isEmpty { break }
      return result
    default: break
    }
    throw QueryError(
      .argumentError, "InvalidProjection", "the \(what) is empty or of a type that does not fit",
      hint: "give '*', a name, a list of names, or a map")
  }

  private static func properties(_ value: Value) throws(QueryError) -> [ProjectedProperty] {
    switch value {
    case .null: return []
    case .string(let name): return [ProjectedProperty(name: name, key: name)]
    case .list(let values):
      var result: [ProjectedProperty] = []
      for value in values { result += try properties(value) }
      return result
    case .map(let map):
      var result: [ProjectedProperty] = []
      for (name, value) in map.sorted(by: { $0.key < $1.key }) {
        switch value {
        case .string(let key): result.append(ProjectedProperty(name: name, key: key))
        case .map:
          var configuration = try ConfigurationMap(value, of: "projected property `\(name)`")
          var property = ProjectedProperty(
            name: name, key: try configuration.string("property") ?? name)
          property.defaultValue = try configuration.float("defaultValue")
          property.aggregation = try configuration.string("aggregation")?.uppercased()
          try configuration.finish()
          result.append(property)
        default:
          throw QueryError(
            .typeError, "InvalidArgumentType",
            "the projected property `\(name)` is \(value.typeNameWithArticle)")
        }
      }
      return result
    default:
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "projected properties are \(value.typeNameWithArticle), not names or a map")
    }
  }

  // MARK: As GDS gives it back

  package var nodeValue: Value {
    .map(
      Dictionary(
        nodes.map { set in
          (
            set.name,
            .map([
              "label": .string(set.label ?? "*"), "properties": Self.value(set.properties),
            ])
          )
        }, uniquingKeysWith: { $1 }))
  }

  package var relationshipValue: Value {
    .map(
      Dictionary(
        relationships.map { set in
          (
            set.name,
            .map([
              "type": .string(set.type ?? "*"), "orientation": .string(set.orientation),
              "aggregation": .string(set.aggregation), "indexInverse": .boolean(false),
              "properties": Self.value(set.properties),
            ])
          )
        }, uniquingKeysWith: { $1 }))
  }

  private static func value(_ properties: [ProjectedProperty]) -> Value {
    .map(
      Dictionary(
        properties.map { property in
          (
            property.name,
            .map([
              "property": .string(property.key),
              "defaultValue": property.defaultValue.map { .float($0) } ?? .null,
            ])
          )
        }, uniquingKeysWith: { $1 }))
  }
}
