import CypherPlanning

/// The client–product–review graph of scale M, by its counts.
struct ShopCatalogue: PlanningCatalogue {
  var functions = BinderCatalogue()
  var nodes: [String: Double] = ["Client": 200_000, "Product": 20_000, "Review": 345_931]
  /// Type: count and the labels of its ends.
  var relationships: [String: (Double, String, String)] = [
    "PURCHASED": (2_415_643, "Client", "Product"), "VIEWED": (1_673_787, "Client", "Product"),
    "FOLLOWS": (1_042_546, "Client", "Client"), "WROTE": (345_931, "Client", "Review"),
    "ABOUT": (345_931, "Review", "Product"),
  ]
  var distinct: [String: Double] = [
    "Client.id": 200_000, "Product.id": 20_000, "Review.id": 345_931, "Client.city": 60,
    "Product.category": 20, "Review.rating": 5,
  ]
  var indexes: [IndexDescription] = []

  func function(named name: String) -> FunctionSignature? { functions.function(named: name) }
  func procedure(named name: String) -> ProcedureSignature? { functions.procedure(named: name) }
  var functionNames: [String] { functions.functionNames }
  var procedureNames: [String] { functions.procedureNames }
  var labelNames: [String] { nodes.keys.sorted() }
  var relationshipTypeNames: [String] { relationships.keys.sorted() }
  var propertyKeyNames: [String] { [] }

  func nodeCount(label: String?) -> Double {
    label.map { nodes[$0] ?? 0 } ?? nodes.values.reduce(0, +)
  }
  func relationshipCount(type: String?, from: String?, to: String?) -> Double {
    relationships.reduce(0) { sum, entry in
      let (count, start, end) = entry.value
      return (type ?? entry.key) == entry.key && (from ?? start) == start && (to ?? end) == end
        ? sum + count : sum
    }
  }
  func distinctValues(label: String?, key: String) -> Double? {
    label.flatMap { distinct["\($0).\(key)"] }
  }
  func nodeIndexes(label: String) -> [IndexDescription] {
    indexes.filter { $0.label == label }
  }
  func relationshipIndexes(type: String) -> [IndexDescription] {
    indexes.filter { $0.label == type }
  }

  /// An index that holds all nodes of the label or relationships of the type, named after its keys.
  mutating func addIndex(_ label: String, _ keys: String..., isUnique: Bool = false) {
    let entries = nodes[label] ?? relationships[label]?.0 ?? 0
    let name = ([label] + keys).joined(separator: "_").lowercased()
    indexes.append(
      IndexDescription(
        name: name, label: label, keys: keys, isUnique: isUnique, entries: entries,
        distinctValues: isUnique ? entries : distinct["\(label).\(keys[0])"] ?? entries / 10))
  }
}
