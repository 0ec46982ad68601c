import CypherExecution
import CypherPlanning
import GraphColumns
import GraphTypes

@testable import GraphStore

/// No procedures.
struct NoProcedures: ProcedureTable {
  func procedure(named name: String) -> ProcedureSignature? { nil }
  var procedureNames: [String] { [] }
  func call(
    _ name: String, arguments: [Value], columns: [Int], context: ExecutionContext,
    emit: (Batch) throws -> Void
  ) throws {}
}

/// The functions, and nothing else.
struct FunctionCatalogue: PlanningCatalogue {
  func function(named name: String) -> FunctionSignature? { FunctionTable.function(named: name) }
  func procedure(named name: String) -> ProcedureSignature? { nil }
  var functionNames: [String] { FunctionTable.all.map(\.name) }
  var procedureNames: [String] { [] }
  var labelNames: [String] { [] }
  var relationshipTypeNames: [String] { [] }
  var propertyKeyNames: [String] { [] }
  func nodeCount(label: String?) -> Double { 0 }
  func relationshipCount(type: String?, from: String?, to: String?) -> Double { 0 }
  func distinctValues(label: String?, key: String) -> Double? { nil }
  func nodeIndexes(label: String) -> [IndexDescription] { [] }
  func relationshipIndexes(type: String) -> [IndexDescription] { [] }
}

/// One empty graph for all tests: making a store takes longer than most of them.
private let emptyReader = Result { try Store.temporary().snapshot() }

/// A context over an empty graph, at 2024-05-06T07:08:09.123456789Z.
func emptyContext(parameters: [String: Value] = [:]) throws -> ExecutionContext {
  ExecutionContext(
    reader: try emptyReader.get(), transaction: nil, parameters: parameters,
    procedures: NoProcedures(),
    statementTime: ZonedDateTime(seconds: 1_714_979_289, nanoseconds: 123_456_789, offset: 0),
    control: ExecutionControl(memoryLimit: 64 << 20))
}

extension Vector {
  /// A vector of the values' type, `.any` if they have several or `boxed` is asked for.
  static func of(_ values: [Value], boxed: Bool = false) -> Vector {
    if boxed {
      let vector = Vector(type: .any, capacity: values.count)
      vector.count = values.count
      for (row, value) in values.enumerated() { vector.values[row] = value }
      return vector
    }
    return VectorReader.vector(values)
  }
}

/// Vectors from and to values by way of compiled expressions, which the tests can reach.
enum VectorReader {
  static func values(_ vector: Vector, _ count: Int) -> [Value] {
    (0..<count).map { row in
      if vector.isNull(row) { return .null }
      let row = vector.physical(row)
      return switch vector.type {
      case .boolean: .boolean(vector.booleans[row])
      case .integer: .integer(vector.integers[row])
      case .float: .float(vector.floats[row])
      case .string: .string(vector.strings[row].string)
      case .date: .date(vector.dates[row])
      case .localDateTime: .localDateTime(vector.localDateTimes[row])
      case .node: .node(Node(id: vector.nodes[row]))
      case .relationship:
        .relationship(
          Relationship(
            id: vector.relationships[row].id, start: vector.relationships[row].start,
            end: vector.relationships[row].end))
      case .any: vector.values[row]
      }
    }
  }

  static func vector(_ values: [Value]) -> Vector {
    var type: VectorType?
    for value in values {
      let own: VectorType
      switch value {
      case .null: continue
      case .boolean: own = .boolean
      case .integer: own = .integer
      case .float: own = .float
      case .string: own = .string
      case .date: own = .date
      case .localDateTime: own = .localDateTime
      case .node: own = .node
      case .relationship: own = .relationship
      default: own = .any
      }
      if type != nil && type != own { return .of(values, boxed: true) }
      type = own
    }
    guard let type, type != .any else { return .of(values, boxed: true) }
    let vector = Vector(type: type, capacity: values.count)
    vector.count = values.count
    let arena = StringArena()
    vector.owners = [arena]
    for (row, value) in values.enumerated() {
      switch value {
      case .boolean(let value): vector.booleans[row] = value
      case .integer(let value): vector.integers[row] = value
      case .float(let value): vector.floats[row] = value
      case .string(let value): vector.strings[row] = arena.append(value)
      case .date(let value): vector.dates[row] = value
      case .localDateTime(let value): vector.localDateTimes[row] = value
      case .node(let value): vector.nodes[row] = value.id
      case .relationship(let value):
        vector.relationships[row] = RelationshipRef(
          id: value.id, start: value.start, end: value.end)
      default: vector.setNull(row)
      }
    }
    return vector
  }
}
