internal import GraphColumns
internal import GraphTypes

extension Vector {
  /// Values as a vector of their own type if they (apart from nulls) have one that vectors know,
  /// else of type `.any`; a constant null vector when all are null. Text is copied into an arena
  /// that the vector owns.
  convenience init(_ values: [Value]) {
    var type: VectorType?
    for value in values {
      guard let found = value.vectorType else { continue }
      if let known = type, known != found {
        type = .any
        break
      }
      type = found
    }
    guard let type else {
      self.init(type: .any, isConstant: true)
      count = values.count
      return
    }
    self.init(type: type, capacity: max(values.count, 1))
    count = values.count
    let arena = StringArena(blockSize: 4096)
    if type == .string { owners = [arena] }
    for (row, value) in values.enumerated() {
      if type == .any {
        self.values[row] = value
        continue
      }
      switch value {
      case .boolean(let value): booleans[row] = value
      case .integer(let value): integers[row] = value
      case .float(let value): floats[row] = value
      case .string(let value): strings[row] = arena.append(value)
      case .date(let value): dates[row] = value
      case .localDateTime(let value): localDateTimes[row] = value
      default: setNull(row)
      }
    }
  }
}
