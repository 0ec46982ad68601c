import CypherExecution
import CypherPlanning
import GraphColumns
import GraphStore
import GraphTypes
import TestSupport

/// A random graph in a temporary store, and the same graph as plain arrays to check answers by.
final class GraphModel {
  struct Relationship {
    var ref: RelationshipRef
    var type: String
    var weight: Int64
  }
  let store: Store
  private(set) var nodes: [NodeID] = []
  private(set) var labels: [NodeID: Set<String>] = [:]
  /// Property `p`, nil where it is missing.
  private(set) var values: [NodeID: Int64] = [:]
  private(set) var relationships: [Relationship] = []

  /// Nodes `:A`, `:B` or both, with an integer `p` of few values on most; relationships of types R
  /// and S with an integer `w`, self-loops and parallel ones among them.
  init(seed: UInt64, nodeCount: Int, relationshipCount: Int) throws {
    var random = SeededGenerator(seed: seed)
    store = try Store.temporary()
    let transaction = try store.beginWrite()
    let p = try transaction.propertyKey("p")
    let w = try transaction.propertyKey("w")
    for _ in 0..<nodeCount {
      var names: Set<String> = []
      if Bool.random(using: &random) { names.insert("A") }
      if Bool.random(using: &random) || names.isEmpty { names.insert("B") }
      let node = try transaction.createNode(
        labels: try names.sorted().map { try transaction.label($0) })
      nodes.append(node)
      labels[node] = names
      if Int.random(in: 0..<5, using: &random) > 0 {
        let value = Int64.random(in: 0..<7, using: &random)
        values[node] = value
        try transaction.set(p, of: node, to: .integer(value))
      }
    }
    for _ in 0..<relationshipCount {
      guard let from = nodes.randomElement(using: &random),
        let to = nodes.randomElement(using: &random)
      else { break }
      let type = Bool.random(using: &random) ? "R" : "S"
      let ref = try transaction.createRelationship(
        try transaction.relationshipType(type), from: from, to: to)
      let weight = Int64.random(in: 0..<10, using: &random)
      try transaction.set(w, of: ref, to: .integer(weight))
      relationships.append(Relationship(ref: ref, type: type, weight: weight))
    }
    try transaction.commit()
  }

  /// Ways to leave a node, as (relationship, other end); a self-loop once.
  func steps(
    from node: NodeID, types: [String], _ direction: Direction
  ) -> [(relationship: Relationship, node: NodeID)] {
    var found: [(relationship: Relationship, node: NodeID)] = []
    for relationship in relationships where types.isEmpty || types.contains(relationship.type) {
      let (start, end) = (relationship.ref.start, relationship.ref.end)
      if direction != .incoming && start == node {
        found.append((relationship, end))
      } else if direction != .outgoing && end == node {
        found.append((relationship, start))
      }
    }
    return found
  }

  /// All trails from a node, as lists of relationships with their ends.
  func trails(
    from node: NodeID, types: [String], _ direction: Direction, _ lengths: ClosedRange<Int>,
    where isAllowed: (Relationship) -> Bool = { _ in true }
  ) -> [(walk: [Relationship], end: NodeID)] {
    var found: [(walk: [Relationship], end: NodeID)] = []
    func visit(_ walk: [Relationship], _ end: NodeID) {
      if lengths.contains(walk.count) { found.append((walk, end)) }
      if walk.count == lengths.upperBound { return }
      for step in steps(from: end, types: types, direction)
      where isAllowed(step.relationship)
        && !walk.contains(where: { $0.ref.id == step.relationship.ref.id })
      {
        visit(walk + [step.relationship], step.node)
      }
    }
    visit([], node)
    return found
  }

  // MARK: Running

  struct NoProcedures: ProcedureTable {
    var procedureNames: [String] { [] }
    func procedure(named name: String) -> ProcedureSignature? { nil }
    func call(
      _ name: String, arguments: [Value], columns: [Int], context: ExecutionContext,
      emit: (Batch) throws -> Void
    ) throws {}
  }

  /// All rows of a plan, as text of their values.
  func rows(
    _ plan: Plan, _ outputs: [VariableID], parameters: [String: Value] = [:]
  ) throws -> [String] {
    let context = ExecutionContext(
      reader: try store.snapshot(), transaction: nil, parameters: parameters,
      procedures: NoProcedures(), statementTime: .epoch, control: ExecutionControl())
    return try Self.rows(plan, outputs, context)
  }

  static func rows(
    _ plan: Plan, _ outputs: [VariableID], _ context: ExecutionContext
  ) throws -> [String] {
    let names = outputs.map { "v\($0.rawValue)" }
    let top = Plan(
      .produceResults(names), inputs: [plan], outputs: outputs, estimatedRows: 1)
    let statement = PlannedStatement(
      mode: .run, plan: top, columns: names, isUpdating: context.transaction != nil,
      variableNames: [])
    let execution = try QueryExecution(statement, context: context)
    var rows: [String] = []
    while let batch = try execution.next() {
      for row in 0..<batch.count {
        let cells = try batch.columns.map {
          text(try ResultMaterializer.value($0, row: row, context: context))
        }
        rows.append(cells.joined(separator: " "))
      }
    }
    return rows
  }

  static func text(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .integer(let value): "\(value)"
    case .boolean(let value): "\(value)"
    case .node(let node): text(node.id)
    case .relationship(let value): text(value.id)
    case .list(let values): "[" + values.map(text).joined(separator: ",") + "]"
    case .path(let path):
      "<" + path.nodes.map { text($0.id) }.joined(separator: ",") + "|"
        + path.relationships.map { text($0.id) }.joined(separator: ",") + ">"
    default: "\(value)"
    }
  }
  static func text(_ node: NodeID) -> String { "n\(node.rawValue)" }
  static func text(_ id: RelationshipID) -> String { "r\(id.type.rawValue).\(id.row)" }
}

extension ZonedDateTime {
  static var epoch: ZonedDateTime {
    ZonedDateTime(seconds: 0, nanoseconds: 0, offset: 0)
  }
}

// Short names for plans.
let v0 = VariableID(0)
let v1 = VariableID(1)
let v2 = VariableID(2)
let v3 = VariableID(3)
let v4 = VariableID(4)

func scan(_ variable: VariableID, _ labels: [String] = [], seek: Seek? = nil) -> Plan {
  Plan(
    .nodeScan(NodeScan(variable: variable, labels: labels, seek: seek)), outputs: [variable],
    estimatedRows: 1)
}

extension Plan {
  func then(_ operation: PlanOperation, adding variables: [VariableID] = []) -> Plan {
    Plan(operation, inputs: [self], outputs: outputs + variables, estimatedRows: 1)
  }
}
