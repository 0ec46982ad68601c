internal import CypherExecution
internal import CypherPlanning
internal import GraphStore

/// What the planner may know of the store and of the registered procedures.
struct StoreCatalogue: PlanningCatalogue {
  let reader: GraphReader
  let registry: ProcedureRegistry

  func function(named name: String) -> FunctionSignature? { FunctionTable.function(named: name) }
  func procedure(named name: String) -> ProcedureSignature? { registry.procedure(named: name) }
  var functionNames: [String] { FunctionTable.all.map(\.name) }
  var procedureNames: [String] { registry.procedureNames }
  var labelNames: [String] { reader.labelNames }
  var relationshipTypeNames: [String] { reader.relationshipTypeNames }
  var propertyKeyNames: [String] { reader.propertyKeyNames }

  func nodeCount(label: String?) -> Double {
    guard let label else { return Double(reader.nodeCount) }
    return reader.labelID(label).map { Double(reader.nodeCount(label: $0)) } ?? 0
  }

  /// Counts by the labels of the ends are not kept: the type's own count is an upper bound.
  func relationshipCount(type: String?, from: String?, to: String?) -> Double {
    guard let type else { return Double(reader.relationshipCount) }
    return reader.relationshipTypeID(type).map { Double(reader.relationshipCount(type: $0)) } ?? 0
  }

  func distinctValues(label: String?, key: String) -> Double? { nil }
  func hasIndex(label: String, key: String) -> Bool { false }
}
