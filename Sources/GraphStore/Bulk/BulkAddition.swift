internal import GraphTypes

/// A bulk load into an existing database: one write transaction.
final class BulkAddition {
  /// The state before the load.
  let before: GraphReader
  private let transaction: WriteTransaction
  private var summary = BulkLoader.Summary()
  var requests: [BulkSchemaRequest] = []

  init(_ store: Store) throws(StoreError) {
    transaction = try store.beginWrite()
    do throws(StoreError) {
      before = try store.snapshot()
    } catch {
      transaction.abort()
      throw error
    }
  }

  func addNodes(
    labels: [String], columns: [BulkLoader.Column], count: Int
  ) throws -> [Range<UInt64>] {
    var ids: [LabelID] = []
    for label in labels { ids.append(try transaction.label(label)) }
    var runs: [Range<UInt64>] = []
    for _ in 0..<count {
      let row = try transaction.createNode(labels: ids).rawValue
      if let last = runs.last, last.upperBound == row {
        runs[runs.count - 1] = last.lowerBound..<(row + 1)
      } else {
        runs.append(row..<(row + 1))
      }
    }
    for column in columns {
      let key = try transaction.propertyKey(column.key)
      var row = 0
      for run in runs {
        for node in run {
          let value = column.values.boxed(row)
          row += 1
          if case .null = value { continue }
          try transaction.set(key, of: NodeID(node), to: value)
          summary.properties += 1
        }
      }
    }
    summary.nodes += count
    return runs
  }

  func update(_ node: NodeID, key: String, value: Value) throws {
    try transaction.set(try transaction.propertyKey(key), of: node, to: value)
    summary.properties += 1
  }

  func addRelationships(
    type: String, from: UnsafePointer<UInt32>, to: UnsafePointer<UInt32>,
    columns: [BulkLoader.Column], count: Int
  ) throws {
    let type = try transaction.relationshipType(type)
    var keys: [PropertyKeyID] = []
    for column in columns { keys.append(try transaction.propertyKey(column.key)) }
    for row in 0..<count {
      let relationship = try transaction.createRelationship(
        type, from: NodeID(UInt64(from[row])), to: NodeID(UInt64(to[row])))
      for (column, key) in zip(columns, keys) {
        let value = column.values.boxed(row)
        if case .null = value { continue }
        try transaction.set(key, of: relationship, to: value)
        summary.properties += 1
      }
    }
    summary.relationships += count
  }

  func finish(progress: ((Double) -> Void)?) throws -> BulkLoader.Summary {
    progress?(0)
    try requests.create(in: transaction)
    try transaction.commit()
    progress?(1)
    return summary
  }

  func cancel() { transaction.abort() }
}
