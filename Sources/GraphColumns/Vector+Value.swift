package import GraphTypes

extension Vector {
  /// The element as a `Value`; nodes and relationships as bare identities.
  package func boxed(_ row: Int) -> Value {
    let row = physical(row)
    if type == .any { return values[row] }
    if let validity, validity[row >> 6] >> UInt64(row & 63) & 1 == 0 { return .null }
    switch type {
    case .boolean: return .boolean(booleans[row])
    case .integer: return .integer(integers[row])
    case .float: return .float(floats[row])
    case .string: return .string(strings[row].string)
    case .date: return .date(dates[row])
    case .localDateTime: return .localDateTime(localDateTimes[row])
    case .node: return .node(Node(id: nodes[row]))
    case .relationship:
      let reference = relationships[row]
      return .relationship(
        Relationship(id: reference.id, start: reference.start, end: reference.end))
    case .any: return values[row]
    }
  }
}

extension Value {
  /// The type of a vector of such values; nil for null.
  package var vectorType: VectorType? {
    switch self {
    case .null: nil
    case .boolean: .boolean
    case .integer: .integer
    case .float: .float
    case .string: .string
    case .date: .date
    case .localDateTime: .localDateTime
    case .node: .node
    // A vector refers to relationships of the graph only.
    case .relationship(let value): value.id.isVirtual ? .any : .relationship
    default: .any
    }
  }
}
