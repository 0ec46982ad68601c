package import GraphColumns
internal import GraphStore
internal import GraphTypes

extension ResultMaterializer {
  /// A whole batch with its nodes, relationships and paths filled in. Properties are fetched column
  /// by column for all nodes of a column at once. Columns without entities stay as they are.
  package static func batch(_ batch: Batch, context: ExecutionContext) throws -> Batch {
    var result = batch
    for (index, column) in batch.columns.enumerated() {
      switch column.type {
      case .node: result.columns[index] = try nodes(column, count: batch.count, context)
      case .relationship:
        result.columns[index] = try relationships(column, count: batch.count, context)
      case .any:
        let filled = Vector(
          type: .any, capacity: batch.count, isConstant: column.isConstant)
        filled.count = batch.count
        for row in 0..<(column.isConstant ? min(1, batch.count) : batch.count) {
          filled.values[row] = try value(column, row: row, context: context)
        }
        result.columns[index] = filled
      default: break
      }
    }
    return result
  }

  private static func nodes(
    _ column: Vector, count: Int, _ context: ExecutionContext
  ) throws -> Vector {
    let result = Vector(type: .any, capacity: count)
    result.count = count
    if column.isConstant || context.transaction != nil {
      // Deleted nodes must not be looked at: row by row.
      for row in 0..<count { result.values[row] = try value(column, row: row, context: context) }
      return result
    }
    let reader = context.reader
    var properties = [[String: Value]](repeating: [:], count: count)
    for key in reader.propertyKeyNames.indices {
      let id = PropertyKeyID(UInt32(key))
      let values = try reader.gather(
        id, nodes: column.nodes, count: count,
        validity: column.validity.map { UnsafePointer($0) })
      add(values, reader.name(of: id), count, to: &properties)
    }
    var names: [[LabelID]: [String]] = [:]
    for row in 0..<count where !column.isNull(row) {
      let node = column.nodes[row]
      let labels = reader.labels(of: node)
      let labelNames = names[labels] ?? labels.map { reader.name(of: $0) }
      names[labels] = labelNames
      result.values[row] = .node(
        Node(id: node, labels: labelNames, properties: properties[row]))
    }
    return result
  }

  private static func relationships(
    _ column: Vector, count: Int, _ context: ExecutionContext
  ) throws -> Vector {
    let result = Vector(type: .any, capacity: count)
    result.count = count
    if column.isConstant || context.transaction != nil {
      for row in 0..<count { result.values[row] = try value(column, row: row, context: context) }
      return result
    }
    let reader = context.reader
    var properties = [[String: Value]](repeating: [:], count: count)
    for key in reader.propertyKeyNames.indices {
      let id = PropertyKeyID(UInt32(key))
      let values = try reader.gather(
        id, relationships: column.relationships, count: count,
        validity: column.validity.map { UnsafePointer($0) })
      add(values, reader.name(of: id), count, to: &properties)
    }
    let types = reader.relationshipTypeNames
    for row in 0..<count where !column.isNull(row) {
      let value = column.relationships[row]
      result.values[row] = .relationship(
        Relationship(
          id: value.id, start: value.start, end: value.end,
          type: types[Int(value.id.type.rawValue)], properties: properties[row]))
    }
    return result
  }

  private static func add(
    _ values: Vector, _ key: String, _ count: Int, to properties: inout [[String: Value]]
  ) {
    if values.isEntirelyNull { return }
    for row in 0..<count where !values.isNull(row) { properties[row][key] = values.boxed(row) }
  }
}
