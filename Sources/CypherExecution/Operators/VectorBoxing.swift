internal import GraphColumns
internal import GraphTypes

extension Vector {
  /// The element of a row as a value; nodes and relationships as bare identities.
  func boxed(_ row: Int) -> Value {
    let row = physical(row)
    if type == .any { return values[row] }
    if isNull(row) { return .null }
    switch type {
    case .boolean: return .boolean(booleans[row])
    case .integer: return .integer(integers[row])
    case .float: return .float(floats[row])
    case .string: return .string(strings[row].string)
    case .date: return .date(dates[row])
    case .localDateTime: return .localDateTime(localDateTimes[row])
    case .node: return .node(Node(id: nodes[row]))
    case .relationship: return .relationship(relationships[row].boxed)
    case .any: return values[row]
    }
  }
}
