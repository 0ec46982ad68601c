import Tropa

/// All clients of the graph, numbered in the order of their node ids.
struct TriggerAudience {
  /// Node ids, ascending.
  let nodes: [Int64]
  /// What control groups are drawn by.
  let keys: [ClientKey]
  /// By node id; -1 for what is no client.
  private let rows: [Int32]

  /// - Parameter keyProperty: clients without it are known by their node id.
  init(
    _ schema: CustomerSchema, _ inventory: GraphInventory, keyProperty: String,
    _ call: ProcedureInvocation
  ) throws {
    try schema.require(.clientLabel, inventory)
    let key =
      inventory.properties.contains(keyProperty)
      ? "c.\(CustomerSchema.quoted(keyProperty))" : "null"
    let cursor = try call.stream(
      "MATCH (c:\(schema.quoted(.clientLabel))) RETURN id(c) AS client, \(key) AS key")
    var nodes: [Int64] = []
    var keys: [ClientKey] = []
    while let batch = try cursor.nextColumns() {
      let start = nodes.count
      try batch.appendIntegers(of: 0, to: &nodes)
      for row in 0..<batch.count {
        let value = batch.value(row, of: 1)
        // Not the number itself: another client may have it for its key.
        if case .null = value {
          keys.append(ClientKey(.string("node \(nodes[start + row])")))
        } else {
          keys.append(ClientKey(value))
        }
      }
      try call.checkCancellation()
    }
    if !zip(nodes, nodes.dropFirst()).allSatisfy(<) {
      let order = nodes.indices.sorted { nodes[$0] < nodes[$1] }
      keys = order.map { keys[$0] }
      nodes = order.map { nodes[$0] }
    }
    var rows = [Int32](repeating: -1, count: Int(nodes.last ?? -1) + 1)
    for (row, node) in nodes.enumerated() { rows[Int(node)] = Int32(row) }
    self.nodes = nodes
    self.keys = keys
    self.rows = rows
  }

  var count: Int { nodes.count }

  func row(_ node: Int64) -> Int? {
    guard node >= 0, node < rows.count, rows[Int(node)] >= 0 else { return nil }
    return Int(rows[Int(node)])
  }
}
