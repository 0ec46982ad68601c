internal import Cypher
internal import GraphTypes

/// The patterns of one MATCH, MERGE or subquery, on their way to a graph.
struct PatternBuilder {
  enum Purpose {
    case match
    /// A predicate or a function: it declares nothing.
    case predicate
  }
  var purpose: Purpose
  /// Variables below this number were bound before.
  var firstVariable: Int
  var graph = QueryGraph()
  /// Places in `graph.nodes`.
  var nodes: [VariableID: Int] = [:]
  /// Variables of this pattern's relationships.
  var relationships: Set<String> = []
  var nodeConditions: [(pattern: NodePattern, subject: VariableID)] = []
  var relationshipConditions: [RelationshipCondition] = []

  /// Properties and predicates that wait until all variables are known.
  struct RelationshipCondition {
    enum Place {
      case relationship(Int)
      case shortestPath(Int)
    }
    var pattern: RelationshipPattern
    var place: Place
    /// `((x)-[r]->(y) WHERE …)+`: what holds for each step.
    var repeated: RepeatedStep?
  }

  struct RepeatedStep {
    var left: NodePattern
    var right: NodePattern
    var predicate: Expression?
  }

  init(purpose: Purpose, firstVariable: Int) {
    self.purpose = purpose
    self.firstVariable = firstVariable
  }
}

extension StatementBinder {
  /// Binds patterns and their WHERE; variables that they declare are then in scope.
  func graph(
    _ patterns: [PathPattern], where predicate: Expression?, purpose: PatternBuilder.Purpose
  ) throws -> QueryGraph {
    var builder = PatternBuilder(purpose: purpose, firstVariable: variableNames.count)
    for pattern in patterns { try path(pattern, &builder) }
    try conditions(&builder)
    if let predicate { builder.graph.predicates += try predicates(predicate, "WHERE") }
    return builder.graph
  }

  // MARK: - Paths

  private func path(_ pattern: PathPattern, _ builder: inout PatternBuilder) throws {
    switch pattern.selector {
    case .all: try plainPath(pattern, &builder)
    case .shortestPathFunction, .shortest(1), .any(1):
      try shortestPath(pattern, all: false, &builder)
    case .allShortestPathsFunction, .allShortest, .shortestGroups(1):
      try shortestPath(pattern, all: true, &builder)
    case .shortest, .shortestGroups, .any:
      throw notSupported(
        "more than one shortest path per pair of nodes", at: pattern.range,
        hint: "use ALL SHORTEST, or `gds.shortestPath.yens`")
    }
  }

  private func plainPath(_ pattern: PathPattern, _ builder: inout PatternBuilder) throws {
    let elements = try simpleElements(pattern)
    var variables: [VariableID] = []
    var index = 0
    while index < elements.count {
      guard case .node(let right) = elements[index].element else { break }
      if index == 0 {
        variables.append(try node(right, &builder))
      } else if case .relationship(let relationship) = elements[index - 1].element,
        let left = variables.last
      {
        // The far node is declared first: in `(r)-[r]-()` it is the relationship that conflicts.
        let declared = try relationshipVariable(relationship, &builder)
        let far = try node(right, &builder)
        let repeated = elements[index - 1].repeated
        try self.relationship(
          relationship, declared, from: left, to: far, repeated: repeated, &builder)
        if let repeated {
          try declareEnds(repeated, of: declared.variable, relationship.direction)
        }
        variables += [declared.variable, far]
      }
      index += 2
    }
    guard let name = pattern.variable else { return }
    let variable = try pathVariable(name)
    builder.graph.paths.append(NamedPath(variable: variable, elements: variables))
  }

  private func pathVariable(_ name: Identifier) throws -> VariableID {
    if scope.binding(name.name) != nil {
      throw alreadyBound(name.name, at: name.range, hint: "give the path another name")
    }
    let variable = newVariable(name.name)
    scope.declare(name.name, Binding(variable, .init(.path)))
    return variable
  }

  private func shortestPath(
    _ pattern: PathPattern, all: Bool, _ builder: inout PatternBuilder
  ) throws {
    let elements = try simpleElements(pattern)
    guard elements.count == 3, case .node(let left) = elements[0].element,
      case .relationship(let relationship) = elements[1].element,
      case .node(let right) = elements[2].element
    else {
      throw notSupported(
        "a shortest path with more or less than one relationship pattern", at: pattern.range,
        hint: "write `(a)-[:TYPE*]-(b)` in it, and match what is around in another pattern")
    }
    let from = try node(left, &builder)
    var declared = try relationshipVariable(relationship, &builder)
    let to = try node(right, &builder)
    if declared.length == nil {
      // One step: the walk is a list of one relationship, which the name then stands for.
      declared.length = .init(minimum: 1, maximum: 1)
      let walk = newVariable()
      if let name = relationship.variable {
        scope.names[name.name] = Binding(
          .index(.variable(walk), .literal(.integer(0))), .init(.relationship))
      }
      declared.variable = walk
    }
    let bound = patternRelationship(relationship, declared, from: from, to: to, &builder)
    let path = try pattern.variable.map { try pathVariable($0) }
    builder.graph.shortestPaths.append(
      ShortestPathPattern(relationship: bound.relationship, path: path, all: all))
    builder.relationshipConditions.append(
      .init(
        pattern: relationship, place: .shortestPath(builder.graph.shortestPaths.count - 1),
        repeated: elements[1].repeated))
    if let label = bound.condition {
      addStep(
        label, to: &builder.graph.shortestPaths[builder.graph.shortestPaths.count - 1].relationship)
    }
  }

  private struct Element {
    var element: PathElement
    var repeated: PatternBuilder.RepeatedStep?
  }

  /// Nodes and relationships alternating. Of parenthesised paths those that repeat one relationship
  /// become relationships of variable length, and those that only group are opened.
  private func simpleElements(_ pattern: PathPattern) throws -> [Element] {
    if pattern.isSimple { return pattern.elements.map { Element(element: $0) } }
    var elements: [Element] = []
    for element in pattern.elements {
      guard case .parenthesized(let group) = element else {
        // Two nodes side by side are one, if only one of them says something.
        if case .node(let node) = element, case .node(let last)? = elements.last?.element {
          guard let one = Self.merged(last, node) else { throw unsupportedGroup(node.range) }
          elements[elements.count - 1].element = .node(one)
        } else {
          elements.append(Element(element: element))
        }
        continue
      }
      let inner = try simpleElements(group.pattern)
      guard group.pattern.variable == nil, group.pattern.selector == .all, inner.count == 3,
        let quantifier = group.quantifier, case .node(let left) = inner[0].element,
        case .relationship(var relationship) = inner[1].element,
        case .node(let right) = inner[2].element, relationship.length == nil,
        relationship.quantifier == nil
      else { throw unsupportedGroup(group.range) }
      relationship.quantifier = quantifier
      if elements.isEmpty {
        elements.append(Element(element: .node(Self.anonymous(left))))
      }
      guard case .node? = elements.last?.element else { throw unsupportedGroup(group.range) }
      elements.append(
        Element(
          element: .relationship(relationship),
          repeated: .init(left: left, right: right, predicate: group.predicate)))
    }
    if case .relationship? = elements.last?.element, case .node(let node)? = elements.first?.element
    {
      elements.append(Element(element: .node(Self.anonymous(node))))
    }
    return elements
  }

  private static func anonymous(_ node: NodePattern) -> NodePattern {
    var node = node
    node.variable = nil
    node.labels = nil
    node.properties = nil
    node.predicate = nil
    return node
  }

  private static func merged(_ a: NodePattern, _ b: NodePattern) -> NodePattern? {
    isPlain(a) ? b : isPlain(b) ? a : nil
  }

  private static func isPlain(_ node: NodePattern) -> Bool {
    node.variable == nil && node.labels == nil && node.properties == nil && node.predicate == nil
  }

  private func unsupportedGroup(_ range: SourceRange) -> QueryError {
    notSupported(
      "this parenthesised path", at: range,
      hint: "one relationship can be repeated: `((a)-[r:TYPE]->(b) WHERE …){1,3}`")
  }

  // MARK: - Nodes

  /// Declares or reuses the variable of a node.
  private func node(
    _ pattern: NodePattern, _ builder: inout PatternBuilder
  ) throws -> VariableID {
    let variable: VariableID
    var isBound = false
    if let name = pattern.variable {
      if let binding = scope.binding(name.name) {
        guard !binding.type.excludes(.node), let known = binding.variable else {
          throw typeConflict(name.name, binding.type, wanted: .node, at: name.range)
        }
        variable = known
        isBound = known.rawValue < builder.firstVariable
        use(known)
        scope.names[name.name]?.type = .init(.node)
      } else {
        if let hidden = scope.hidden[name.name], !hidden.allowsNew {
          throw undefined(name.name, at: name.range)
        }
        if builder.purpose == .predicate { throw undeclared(name) }
        variable = newVariable(name.name)
        scope.declare(name.name, Binding(variable, .init(.node)))
      }
    } else {
      variable = newVariable()
    }
    let place: Int
    if let known = builder.nodes[variable] {
      place = known
    } else {
      place = builder.graph.nodes.count
      builder.nodes[variable] = place
      builder.graph.nodes.append(PatternNode(variable: variable, labels: [], isBound: isBound))
    }
    if let labels = pattern.labels {
      warnOfUnknownLabels(labels, onRelationship: false)
      if let names = labels.conjunctionOfNames {
        for name in names where !builder.graph.nodes[place].labels.contains(name.name) {
          builder.graph.nodes[place].labels.append(name.name)
        }
      } else {
        builder.graph.predicates.append(.hasLabels(.variable(variable), labelPredicate(labels)))
      }
    }
    if pattern.properties != nil || pattern.predicate != nil {
      builder.nodeConditions.append((pattern, variable))
    }
    return variable
  }

  private func undeclared(_ name: Identifier) -> QueryError {
    failure(
      "UndefinedVariable",
      "variable `\(name.name)` is not defined; a pattern in an expression declares none",
      at: name.range,
      hint: didYouMean(name.name, among: scope.names.keys.sorted())
        ?? "leave the name out, or use EXISTS { … }")
  }

  // MARK: - Relationships

  private struct Declared {
    var variable: VariableID
    var isBound: Bool
    var length: PatternRelationship.Length?
  }

  private func relationshipVariable(
    _ pattern: RelationshipPattern, _ builder: inout PatternBuilder
  ) throws -> Declared {
    let length: PatternRelationship.Length? =
      if let quantifier = pattern.quantifier {
        .init(minimum: quantifier.minimum, maximum: quantifier.maximum)
      } else if let length = pattern.length {
        .init(minimum: length.minimum ?? 1, maximum: length.maximum)
      } else { nil }
    let type = length == nil ? StaticType(.relationship) : .list(.relationship)
    guard let name = pattern.variable else {
      return Declared(variable: newVariable(), isBound: false, length: length)
    }
    guard let binding = scope.binding(name.name) else {
      if let hidden = scope.hidden[name.name], !hidden.allowsNew {
        throw undefined(name.name, at: name.range)
      }
      if builder.purpose == .predicate { throw undeclared(name) }
      let variable = newVariable(name.name)
      scope.declare(name.name, Binding(variable, type))
      builder.relationships.insert(name.name)
      return Declared(variable: variable, isBound: false, length: length)
    }
    if builder.relationships.contains(name.name) {
      throw failure(
        "RelationshipUniquenessViolation",
        "relationship `\(name.name)` stands twice in one pattern, where all relationships differ",
        at: name.range, hint: "use another name, or split the pattern into two MATCH clauses")
    }
    let excluded =
      length == nil
      ? binding.type.excludes(.relationship)
      : binding.type.excludes(.list)
        || binding.type.kinds == .list && !binding.type.elements.isEmpty
          && binding.type.elements.isDisjoint(with: .relationship)
    guard !excluded, let variable = binding.variable else {
      throw typeConflict(name.name, binding.type, wanted: type.kinds, at: name.range)
    }
    use(variable)
    builder.relationships.insert(name.name)
    scope.names[name.name]?.type = type
    return Declared(variable: variable, isBound: true, length: length)
  }

  private func relationship(
    _ pattern: RelationshipPattern, _ declared: Declared, from: VariableID, to: VariableID,
    repeated: PatternBuilder.RepeatedStep?, _ builder: inout PatternBuilder
  ) throws {
    var bound = patternRelationship(pattern, declared, from: from, to: to, &builder)
    if let label = bound.condition { addStep(label, to: &bound.relationship) }
    builder.graph.relationships.append(bound.relationship)
    builder.relationshipConditions.append(
      .init(
        pattern: pattern, place: .relationship(builder.graph.relationships.count - 1),
        repeated: repeated))
  }

  /// - Returns: also what must hold for each relationship of a walk because of a type expression
  ///   beyond alternatives; that of a single relationship goes to the graph's predicates.
  private func patternRelationship(
    _ pattern: RelationshipPattern, _ declared: Declared, from: VariableID, to: VariableID,
    _ builder: inout PatternBuilder
  ) -> (relationship: PatternRelationship, condition: LabelPredicate?) {
    var types: [String] = []
    var condition: LabelPredicate?
    if let labels = pattern.types {
      warnOfUnknownLabels(labels, onRelationship: true)
      if let names = labels.disjunctionOfNames {
        for name in names where !types.contains(name.name) { types.append(name.name) }
      } else if labels.kind != .wildcard {
        condition = labelPredicate(labels)
      }
    }
    let relationship = PatternRelationship(
      variable: declared.variable, from: from, to: to, types: types,
      direction: pattern.direction, length: declared.length, isBound: declared.isBound)
    if declared.length == nil, let predicate = condition {
      builder.graph.predicates.append(.hasLabels(.variable(declared.variable), predicate))
      condition = nil
    }
    return (relationship, condition)
  }

  private func addStep(_ labels: LabelPredicate, to relationship: inout PatternRelationship) {
    let step = newVariable()
    relationship.step = step
    relationship.stepPredicate = .hasLabels(.variable(step), labels)
  }

  // MARK: - Properties and predicates

  private func conditions(_ builder: inout PatternBuilder) throws {
    for (pattern, variable) in builder.nodeConditions {
      builder.graph.predicates += try conditions(
        of: .variable(variable), properties: pattern.properties, predicate: pattern.predicate)
    }
    for condition in builder.relationshipConditions {
      switch condition.place {
      case .relationship(let place):
        let relationship = builder.graph.relationships[place]
        if relationship.length == nil {
          builder.graph.predicates += try conditions(
            of: .variable(relationship.variable), properties: condition.pattern.properties,
            predicate: condition.pattern.predicate)
        } else {
          try stepConditions(condition, &builder.graph.relationships[place])
        }
      case .shortestPath(let place):
        try stepConditions(condition, &builder.graph.shortestPaths[place].relationship)
      }
    }
  }

  /// Equality per key of an inline map, and the inline WHERE.
  private func conditions(
    of subject: BoundExpression, properties: Expression?, predicate: Expression?
  ) throws -> [BoundExpression] {
    var result: [BoundExpression] = []
    if let properties {
      guard case .map(let entries) = properties.kind else {
        throw failure(
          "InvalidParameterUse", "a pattern to match needs its properties written out",
          at: properties.range, hint: "write `{key: $parameter.key}`")
      }
      for entry in entries { warnOfUnknownKey(entry.key) }
      result += try mapEntries(entries).map {
        .comparison(.equal, .property(subject, key: $0.key), $0.value)
      }
    }
    if let predicate { result += try predicates(predicate, "WHERE") }
    return result
  }

  /// What must hold for each relationship of a walk.
  private func stepConditions(
    _ condition: PatternBuilder.RelationshipCondition,
    _ relationship: inout PatternRelationship
  ) throws {
    let pattern = condition.pattern
    let hasConditions =
      pattern.properties != nil || pattern.predicate != nil || condition.repeated != nil
    guard hasConditions else { return }
    let step = relationship.step ?? newVariable()
    var inner = scope
    if let name = pattern.variable {
      inner.declareLocal(name.name, Binding(step, .init(.relationship)))
    }
    var predicates = relationship.stepPredicate.map { [$0] } ?? []
    try with(scope: inner) {
      predicates += try conditions(
        of: .variable(step), properties: pattern.properties, predicate: pattern.predicate)
      if let repeated = condition.repeated {
        predicates += try repeatedConditions(repeated, step: step, direction: pattern.direction)
      }
    }
    guard !predicates.isEmpty else { return }
    relationship.step = step
    relationship.stepPredicate = predicates.count == 1 ? predicates[0] : .and(predicates)
  }

  /// Behind `((x)-[r]->(y))+`, `x` and `y` are lists: the ends of the relationships in `r`.
  private func declareEnds(
    _ repeated: PatternBuilder.RepeatedStep, of walk: VariableID, _ direction: Direction
  ) throws {
    for (node, isStart) in [
      (repeated.left, direction == .outgoing), (repeated.right, direction != .outgoing),
    ] {
      guard let name = node.variable else { continue }
      guard direction != .both else { throw unsupportedGroup(node.range) }
      if scope.binding(name.name) != nil { throw alreadyBound(name.name, at: name.range) }
      let step = newVariable()
      let end = BoundExpression.function(isStart ? "startNode" : "endNode", [.variable(step)])
      scope.declare(
        name.name,
        Binding(
          .listComprehension(step, in: .variable(walk), where: nil, yield: end), .list(.node)))
    }
  }

  /// The ends of each step of `((x:A)-[r]->(y) WHERE …)+`.
  private func repeatedConditions(
    _ repeated: PatternBuilder.RepeatedStep, step: VariableID, direction: Direction
  ) throws -> [BoundExpression] {
    if Self.isPlain(repeated.left), Self.isPlain(repeated.right) {
      return try repeated.predicate.map { try predicates($0, "WHERE") } ?? []
    }
    guard direction != .both else { throw unsupportedGroup(repeated.left.range) }
    let start = BoundExpression.function("startNode", [.variable(step)])
    let end = BoundExpression.function("endNode", [.variable(step)])
    let ends = direction == .outgoing ? [start, end] : [end, start]
    let nodes = [repeated.left, repeated.right]
    for (node, end) in zip(nodes, ends) {
      if let name = node.variable {
        scope.declareLocal(name.name, Binding(end, .init(.node)))
      }
    }
    var result: [BoundExpression] = []
    for (node, end) in zip(nodes, ends) {
      if let labels = node.labels { result.append(.hasLabels(end, labelPredicate(labels))) }
      result += try conditions(of: end, properties: node.properties, predicate: node.predicate)
    }
    if let predicate = repeated.predicate { result += try predicates(predicate, "WHERE") }
    return result
  }
}
