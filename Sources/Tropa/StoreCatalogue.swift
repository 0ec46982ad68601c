internal import CypherExecution
internal import CypherPlanning
internal import GraphStore
import Synchronization

/// What the planner of one statement may know of the store and of the registered procedures.
final class StoreCatalogue: PlanningCatalogue {
  let reader: GraphReader
  private let database: Database
  private let distinct = Mutex<[Property: Double?]>([:])

  private struct Property: Hashable {
    var label: String?
    var key: String
  }

  init(reader: GraphReader, database: Database) {
    self.reader = reader
    self.database = database
  }

  private var registry: ProcedureRegistry { database.registry }

  func function(named name: String) -> FunctionSignature? {
    FunctionTable.function(named: name) ?? database.functions.function(named: name)?.signature
  }
  func procedure(named name: String) -> ProcedureSignature? { registry.procedure(named: name) }
  var functionNames: [String] {
    FunctionTable.all.map(\.name) + database.functions.all.map(\.name)
  }
  var procedureNames: [String] { registry.procedureNames }
  var labelNames: [String] { reader.labelNames }
  var relationshipTypeNames: [String] { reader.relationshipTypeNames }
  var propertyKeyNames: [String] { reader.propertyKeyNames }

  func nodeCount(label: String?) -> Double {
    guard let label else { return Double(reader.nodeCount) }
    return reader.labelID(label).map { Double(reader.nodeCount(label: $0)) } ?? 0
  }

  func relationshipCount(type: String?, from: String?, to: String?) -> Double {
    let typeID = type.flatMap { reader.relationshipTypeID($0) }
    let (start, end) = (from.flatMap { reader.labelID($0) }, to.flatMap { reader.labelID($0) })
    // Of names that nothing in the store has, there is nothing.
    if (type != nil && typeID == nil) || (from != nil && start == nil) || (to != nil && end == nil)
    {
      return 0
    }
    return Double(reader.relationshipCount(type: typeID, from: start, to: end))
  }

  /// The planner asks of the same property for every order of joins that it looks at.
  func distinctValues(label: String?, key: String) -> Double? {
    let property = Property(label: label, key: key)
    if let known = distinct.withLock({ $0[property] }) { return known }
    let count = measuredDistinctValues(label: label, key: key)
    distinct.withLock { $0[property] = .some(count) }
    return count
  }

  /// From an index on the key alone, else as last measured.
  private func measuredDistinctValues(label: String?, key: String) -> Double? {
    if let label,
      let index = nodeIndexes(label: label).first(where: { $0.keys == [key] })
    {
      return index.distinctValues
    }
    guard let key = reader.propertyKeyID(key) else { return nil }
    let id = label.flatMap { reader.labelID($0) }
    if label != nil && id == nil { return nil }
    // Damage to estimates only costs a worse plan.
    return (try? reader.distinctCount(label: id, key: key)) ?? nil
  }

  func nodeIndexes(label: String) -> [IndexDescription] {
    reader.labelID(label).map { indexes($0.rawValue, label, onRelationships: false) } ?? []
  }

  func relationshipIndexes(type: String) -> [IndexDescription] {
    reader.relationshipTypeID(type)
      .map { indexes($0.rawValue, type, onRelationships: true) } ?? []
  }

  func estimatedEntries(_ range: IndexRange) -> Double? {
    guard let index = reader.schema.index(named: range.index) else { return nil }
    let bound: IndexSearch.Bound =
      switch range.bound {
      case .all: .all
      case .prefix(let text): .prefix(text)
      case .range(let lower, let lowerInclusive, let upper, let upperInclusive):
        .range(
          lower: lower, lowerInclusive: lowerInclusive, upper: upper,
          upperInclusive: upperInclusive)
      }
    return reader.estimatedCount(index, IndexSearch(equal: range.equal, bound: bound))
  }

  /// `date('2025-01-31')` and the like. What fails here fails when the statement runs.
  func value(of constant: BoundExpression) -> Value? {
    if let value = constant.literalValue { return value }
    let context = ExecutionContext(
      reader: reader, transaction: nil, parameters: [:],
      procedures: DatabaseProcedures(database: database),
      statementTime: SystemClock.now, control: ExecutionControl())
    return try? CompiledExpression(constant, layout: RowLayout([]), context: context)
      .constantValue()
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
