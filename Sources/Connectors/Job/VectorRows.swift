internal import GraphColumns
internal import GraphTypes

extension Vector {
  /// One row as a value.
  func value(atRow row: Int) -> Value {
    if isNull(row) { return .null }
    let row = physical(row)
    return switch type {
    case .boolean: .boolean(booleans[row])
    case .integer: .integer(integers[row])
    case .float: .float(floats[row])
    case .string: .string(strings[row].string)
    case .date: .date(dates[row])
    case .localDateTime: .localDateTime(localDateTimes[row])
    case .any: values[row]
    case .node, .relationship: .null
    }
  }

  /// Some rows as a vector of their own.
  func selecting(_ rows: [Int]) -> Vector {
    let result = Vector(type: type, capacity: max(rows.count, 1))
    result.count = rows.count
    result.owners = owners
    for (target, source) in rows.enumerated() {
      if isNull(source) {
        result.setNull(target)
        continue
      }
      let source = physical(source)
      switch type {
      case .boolean: result.booleans[target] = booleans[source]
      case .integer: result.integers[target] = integers[source]
      case .float: result.floats[target] = floats[source]
      case .string: result.strings[target] = strings[source]
      case .date: result.dates[target] = dates[source]
      case .localDateTime: result.localDateTimes[target] = localDateTimes[source]
      case .node: result.nodes[target] = nodes[source]
      case .relationship: result.relationships[target] = relationships[source]
      case .any: result.values[target] = values[source]
      }
    }
    return result
  }

  /// Rows by equal text, in the order of first appearance; nil for null. One group when all rows
  /// have the same text, which costs one comparison a row.
  func groupedRows(count: Int) -> [(text: String?, rows: [Int]?)] {
    guard count > 0 else { return [] }
    var isUniform = true
    let firstIsNull = isNull(0)
    for row in 1..<max(count, 1) {
      if isNull(row) != firstIsNull
        || !firstIsNull && !IdentifierMap.equal(strings[row], strings[0])
      {
        isUniform = false
        break
      }
    }
    if isUniform { return [(firstIsNull ? nil : strings[0].string, nil)] }
    var order: [String?] = []
    var groups: [String?: [Int]] = [:]
    for row in 0..<count {
      let text = isNull(row) ? nil : strings[row].string
      if groups[text] == nil { order.append(text) }
      groups[text, default: []].append(row)
    }
    return order.map { ($0, groups[$0]) }
  }
}
