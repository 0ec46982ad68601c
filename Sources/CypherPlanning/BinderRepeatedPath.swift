internal import Cypher
internal import GraphTypes

// Parenthesised paths: `((a)-[r]->(b) WHERE …){1,3}`.

extension StatementBinder {
  /// A part of a path after `simpleElements`.
  struct PatternElement {
    var element: PathElement
    var repeated: PatternBuilder.RepeatedStep?
  }

  /// Nodes and relationships alternating. Of parenthesised paths those that repeat one relationship
  /// become relationships of variable length, and those that only group are opened.
  func simpleElements(_ pattern: PathPattern) throws -> [PatternElement] {
    if pattern.isSimple { return pattern.elements.map { PatternElement(element: $0) } }
    var elements: [PatternElement] = []
    for element in pattern.elements {
      guard case .parenthesized(let group) = element else {
        // Two nodes side by side are one, if only one of them says something.
        if case .node(let node) = element, case .node(let last)? = elements.last?.element {
          guard let one = Self.merged(last, node) else { throw unsupportedGroup(node.range) }
          elements[elements.count - 1].element = .node(one)
        } else {
          elements.append(PatternElement(element: element))
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
        elements.append(PatternElement(element: .node(Self.anonymous(left))))
      }
      guard case .node? = elements.last?.element else { throw unsupportedGroup(group.range) }
      elements.append(
        PatternElement(
          element: .relationship(relationship),
          repeated: .init(left: left, right: right, predicate: group.predicate)))
    }
    if case .relationship? = elements.last?.element, case .node(let node)? = elements.first?.element
    {
      elements.append(PatternElement(element: .node(Self.anonymous(node))))
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

  func unsupportedGroup(_ range: SourceRange) -> QueryError {
    notSupported(
      "this parenthesised path", at: range,
      hint: "one relationship can be repeated: `((a)-[r:TYPE]->(b) WHERE …){1,3}`")
  }

  /// Behind `((x)-[r]->(y))+`, `x` and `y` are lists: the ends of the relationships in `r`.
  func declareEnds(
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
  func repeatedConditions(
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
      if let labels = node.labels { result.append(try labelCondition(end, labels)) }
      result += try conditions(
        of: end, computed: nil, properties: node.properties, predicate: node.predicate)
    }
    if let predicate = repeated.predicate { result += try predicates(predicate, "WHERE") }
    return result
  }
}
