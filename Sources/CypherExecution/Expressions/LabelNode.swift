internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// `subject:A|B`: labels of nodes, types of relationships.
final class LabelNode: ExpressionNode {
  private let subject: ExpressionNode
  private let predicate: LabelPredicate
  private let evaluation: Evaluation
  private var nodeTest: LabelTest?
  private var membership: LabelMembership?
  private var typeTest: LabelTest?

  init(_ subject: ExpressionNode, _ predicate: LabelPredicate, _ evaluation: Evaluation) {
    self.subject = subject
    self.predicate = predicate
    self.evaluation = evaluation
    super.init(children: [subject])
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let a = try subject.evaluate(batch)
    let count = batch.count
    if a.isEntirelyNull { return .nulls(count: count) }
    if a.isConstant { return .constant(try test(a.boxed(0)), count: count) }
    switch a.type {
    case .node:
      try PropertyAccess.checkNodes(a, count, evaluation)
      return self.nodes(a, count)
    case .relationship:
      let test = relationshipTest()
      let result = Vector(type: .boolean, capacity: count)
      result.count = count
      result.adoptNulls(a)
      // Relationships come in runs of one type.
      var lastType: RelationshipTypeID?
      var lastTruth = false
      for row in 0..<count where !result.isNull(row) {
        let type = a.relationships[row].id.type
        if type != lastType {
          lastType = type
          lastTruth = test.holds(type: type)
        }
        result.booleans[row] = lastTruth
      }
      return result
    default: return try mapRows(a, count) { try test($0) }
    }
  }

  private func nodes(_ a: Vector, _ count: Int) -> Vector {
    let test = labelTest()
    let result = Vector(type: .boolean, capacity: count)
    result.count = count
    result.adoptNulls(a)
    let reader = evaluation.reader
    let nodes = a.nodes
    let out = result.booleans
    switch test {
    case .never: out.update(repeating: false, count: count)
    case .label(let label):
      let membership = self.membership(of: label)
      // The same node often comes several times in a row, after an expansion.
      var last: NodeID?
      var lastTruth = false
      for row in 0..<count where !result.isNull(row) {
        if nodes[row] != last {
          last = nodes[row]
          lastTruth = membership.contains(nodes[row])
        }
        out[row] = lastTruth
      }
    default:
      for row in 0..<count where !result.isNull(row) {
        out[row] = test.holds(node: nodes[row], reader)
      }
    }
    return result
  }

  private func membership(of label: LabelID) -> LabelMembership {
    if let membership, membership.label == label { return membership }
    let made = LabelMembership(label, context: evaluation.context)
    membership = made
    return made
  }

  func test(_ value: Value) throws -> Value {
    switch value {
    case .null: return .null
    case .node(let node):
      try evaluation.checkExists(node.id)
      return .boolean(labelTest().holds(node: node.id, evaluation.reader))
    case .relationship(let relationship):
      return .boolean(relationshipTest().holds(type: relationship.id.type))
    default:
      throw ExpressionError.type(
        "labels are tested on nodes and relationships, not on \(value.typeNameWithArticle)")
    }
  }

  /// Names are resolved once; in an updating statement, in which labels come into being, each time.
  private func labelTest() -> LabelTest {
    if let nodeTest { return nodeTest }
    let reader = evaluation.reader
    let test = LabelTest(predicate) { reader.labelID($0)?.rawValue }
    if evaluation.context.transaction == nil { nodeTest = test }
    return test
  }

  private func relationshipTest() -> LabelTest {
    if let typeTest { return typeTest }
    let reader = evaluation.reader
    let test = LabelTest(predicate) { reader.relationshipTypeID($0)?.rawValue }
    if evaluation.context.transaction == nil { typeTest = test }
    return test
  }
}

/// A label predicate with the names resolved.
private indirect enum LabelTest {
  case never
  case label(LabelID)
  case wildcard
  case not(LabelTest)
  case and([LabelTest])
  case or([LabelTest])

  init(_ predicate: LabelPredicate, resolve: (String) -> UInt32?) {
    switch predicate {
    case .label(let name): self = resolve(name).map { .label(LabelID($0)) } ?? .never
    case .wildcard: self = .wildcard
    case .not(let inner): self = .not(LabelTest(inner, resolve: resolve))
    case .and(let parts): self = .and(parts.map { LabelTest($0, resolve: resolve) })
    case .or(let parts): self = .or(parts.map { LabelTest($0, resolve: resolve) })
    }
  }

  func holds(node: NodeID, _ reader: GraphReader) -> Bool {
    switch self {
    case .never: false
    case .label(let label): reader.hasLabel(node, label)
    case .wildcard: !reader.labels(of: node).isEmpty
    case .not(let inner): !inner.holds(node: node, reader)
    case .and(let parts): parts.allSatisfy { $0.holds(node: node, reader) }
    case .or(let parts): parts.contains { $0.holds(node: node, reader) }
    }
  }

  func holds(type: RelationshipTypeID) -> Bool {
    switch self {
    case .never: false
    case .label(let label): label.rawValue == type.rawValue
    case .wildcard: true
    case .not(let inner): !inner.holds(type: type)
    case .and(let parts): parts.allSatisfy { $0.holds(type: type) }
    case .or(let parts): parts.contains { $0.holds(type: type) }
    }
  }
}
