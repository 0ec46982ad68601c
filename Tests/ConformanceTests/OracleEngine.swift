import GraphTypes
import TestSupport

/// An engine for one case that answers what the case expects, read from the expectations alone.
/// A change to one of its answers must make the case fail; that is how the runner is tested.
final class OracleEngine: ConformanceEngine {
  struct Answer {
    var query: String
    var isControl: Bool
    var outcome: Result<EngineResult, QueryError>
    var expectedResult: TCKStep.ExpectedResult?
    var expectedError: TCKStep.ExpectedError?
    var sideEffects = SideEffects()
    var areSideEffectsChecked = false
  }

  struct UnexpectedCall: Error {
    var query: String
  }

  var answers: [Answer] = []
  private(set) var registered: [TestProcedure] = []
  private var position = 0
  private var state = GraphState()

  init(for testCase: TCKCase) {
    var ids = IdentitySource()
    for step in testCase.steps {
      let last = answers.count - 1
      switch step {
      case .preparation(let query): append(query, isControl: true)
      case .query(let query): append(query, isControl: false)
      case .controlQuery(let query): append(query, isControl: true)
      case .parameters, .procedure: break
      case .result(let expected):
        answers[last].expectedResult = expected
        answers[last].outcome = .success(
          EngineResult(
            columns: expected.columns ?? [],
            rows: expected.rows.map { $0.map { $0.engineValue(&ids) } }))
      case .sideEffects(let expected):
        answers[last].sideEffects = expected
        answers[last].areSideEffectsChecked = true
      case .error(let expected):
        answers[last].expectedError = expected
        answers[last].areSideEffectsChecked = true
        answers[last].outcome = .failure(
          QueryError(
            QueryError.Kind(rawValue: expected.kind) ?? .storage, expected.detail ?? "Whatever",
            "as expected", phase: expected.phase ?? .runtime))
      }
    }
  }

  private func append(_ query: String, isControl: Bool) {
    answers.append(
      Answer(
        query: query, isControl: isControl, outcome: .success(EngineResult(columns: [], rows: []))))
  }

  // MARK: ConformanceEngine

  func reset() {
    position = 0
    registered = []
    state = GraphState(elementCount: 40)
  }

  func execute(
    _ query: String, parameters: [String: Value], timeout: Duration
  ) throws -> EngineResult {
    guard position < answers.count, answers[position].query == query else {
      throw UnexpectedCall(query: query)
    }
    defer { position += 1 }
    state.apply(answers[position].sideEffects, serial: UInt64(position))
    return try answers[position].outcome.get()
  }

  func register(procedure: TestProcedure) { registered.append(procedure) }

  func graphState() -> GraphState { state }
}

extension GraphState {
  /// Bare nodes and relationships to take away, and node 0 that holds all labels and properties.
  fileprivate init(elementCount: Int) {
    let keys = (0..<elementCount).map { "name\($0)" }
    let holder = Node(
      id: NodeID(0), labels: keys,
      properties: Dictionary(uniqueKeysWithValues: keys.map { ($0, .integer(1)) }))
    self.init(
      nodes: [holder] + (1...elementCount).map { Node(id: NodeID(UInt64($0))) },
      relationships: (0..<elementCount).map { .bare(UInt64($0)) })
  }

  /// - Parameter serial: makes the identities and names new that are added.
  fileprivate mutating func apply(_ effects: SideEffects, serial: UInt64) {
    let base = (serial + 1) * 1000
    let holder = nodes[0]
    var labels = Array(holder.labels.dropLast(effects["-labels"]))
    labels += (0..<effects["+labels"]).map { "label\(base)_\($0)" }
    var properties = holder.properties
    for key in properties.keys.sorted().prefix(effects["-properties"]) { properties[key] = nil }
    for index in 0..<effects["+properties"] { properties["key\(base)_\(index)"] = .boolean(true) }
    nodes[0] = Node(id: holder.id, labels: labels, properties: properties)
    nodes.removeLast(effects["-nodes"])
    nodes += (0..<effects["+nodes"]).map { Node(id: NodeID(base + UInt64($0))) }
    relationships.removeLast(effects["-relationships"])
    relationships += (0..<effects["+relationships"]).map { .bare(base + UInt64($0)) }
  }
}

extension Relationship {
  fileprivate static func bare(_ id: UInt64) -> Relationship {
    Relationship(id: RelationshipID(rawValue: id), start: NodeID(0), end: NodeID(0), type: "T")
  }
}

/// Hands out identities, which the TCK's notation does not have.
struct IdentitySource {
  private var last: UInt64 = 0
  mutating func next() -> UInt64 {
    last += 1
    return last
  }
}

extension TCKValue {
  /// A value as an engine would return it. Every element gets an identity of its own.
  func engineValue(_ ids: inout IdentitySource) -> Value {
    switch self {
    case .null: return .null
    case .boolean(let value): return .boolean(value)
    case .integer(let value): return .integer(value)
    case .float(let value): return .float(value)
    case .string(let value), .foreign(let value): return .string(value)
    case .list(let values): return .list(values.map { $0.engineValue(&ids) })
    case .map(let values): return .map(values.mapValues { $0.engineValue(&ids) })
    case .node(let node): return .node(Self.node(node, &ids))
    case .relationship(let entity):
      let ends = (NodeID(ids.next()), NodeID(ids.next()))
      return .relationship(Self.relationship(entity, from: ends.0, to: ends.1, &ids))
    case .path(let start, let hops):
      var nodes = [Self.node(start, &ids)]
      var relationships: [Relationship] = []
      for hop in hops {
        let (here, there) = (nodes[nodes.count - 1], Self.node(hop.node, &ids))
        let (from, to) = hop.isForward ? (here.id, there.id) : (there.id, here.id)
        relationships.append(Self.relationship(hop.relationship, from: from, to: to, &ids))
        nodes.append(there)
      }
      return .path(Path(nodes: nodes, relationships: relationships))
    }
  }

  private static func node(_ entity: Entity, _ ids: inout IdentitySource) -> Node {
    Node(
      id: NodeID(ids.next()), labels: entity.labels,
      properties: entity.properties.mapValues { $0.engineValue(&ids) })
  }

  private static func relationship(
    _ entity: Entity, from start: NodeID, to end: NodeID, _ ids: inout IdentitySource
  ) -> Relationship {
    Relationship(
      id: RelationshipID(rawValue: ids.next()), start: start, end: end, type: entity.labels[0],
      properties: entity.properties.mapValues { $0.engineValue(&ids) })
  }
}
