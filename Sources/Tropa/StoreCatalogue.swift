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

  /// Known where there is an index on the key alone.
  func distinctValues(label: String?, key: String) -> Double? {
    label.flatMap { nodeIndexes(label: $0).first { $0.keys == [key] }?.distinctValues }
  }

  func nodeIndexes(label: String) -> [IndexDescription] {
    reader.labelID(label).map { indexes($0.rawValue, label, onRelationships: false) } ?? []
  }

  func relationshipIndexes(type: String) -> [IndexDescription] {
    reader.relationshipTypeID(type)
      .map { indexes($0.rawValue, type, onRelationships: true) } ?? []
  }

  private func indexes(
    _ label: UInt32, _ name: String, onRelationships: Bool
  ) -> [IndexDescription] {
    reader.schema.indexes.filter {
      $0.kind == .range && $0.state == .online && $0.onRelationships == onRelationships
        && $0.labels == [label]
    }.map { index in
      let statistics = reader.statistics(of: index)
      return IndexDescription(
        name: index.name, label: name, keys: index.keys.map { reader.name(of: $0) },
        isUnique: index.isUnique, entries: statistics.entries,
        distinctValues: statistics.distinct)
    }
  }
}
