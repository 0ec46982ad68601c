internal import GraphColumns
internal import GraphTypes

/// The values of a mapping's sources and conditions over one parsed block.
struct BlockValues {
  let block: ParsedBlock
  /// Field of each column.
  let fields: [String: Int]
  let types: [String: ColumnType]
  let reader: ValueReader

  func column(_ name: String) -> Vector? { fields[name].flatMap { block.columns[$0] } }

  /// Nil for a source without value.
  func vector(_ source: Mapping.Source) -> Vector? {
    switch source {
    case .column(let name): return column(name)
    case .constant(let value): return Self.constant(value, count: block.rowCount)
    case .template(let parts): return text(parts)
    case .product(let names): return product(names)
    }
  }

  private func product(_ names: [String]) -> Vector {
    let count = block.rowCount
    let result = Vector(type: .float, capacity: max(count, 1))
    result.count = count
    for row in 0..<count { result.floats[row] = 1 }
    for name in names {
      guard let factor = column(name) else { continue }
      for row in 0..<count {
        if factor.isNull(row) {
          result.setNull(row)
        } else if factor.type == .integer {
          result.floats[row] *= Double(factor.integers[row])
        } else if factor.type == .float {
          result.floats[row] *= factor.floats[row]
        }
      }
    }
    return result
  }

  private static func constant(_ value: Value, count: Int) -> Vector? {
    let result: Vector
    switch value {
    case .boolean(let flag):
      result = Vector(type: .boolean, isConstant: true)
      result.booleans[0] = flag
    case .integer(let number):
      result = Vector(type: .integer, isConstant: true)
      result.integers[0] = number
    case .float(let number):
      result = Vector(type: .float, isConstant: true)
      result.floats[0] = number
    case .string(let text):
      let arena = StringArena(blockSize: 64)
      result = Vector(type: .string, isConstant: true)
      result.strings[0] = arena.append(text)
      result.owners.append(arena)
    default: return nil
    }
    result.count = count
    return result
  }

  /// The template's text per row; null where one of its columns is.
  private func text(_ parts: [Mapping.TemplatePart]) -> Vector {
    let count = block.rowCount
    let result = Vector(type: .string, capacity: max(count, 1))
    let arena = StringArena(blockSize: 64 << 10)
    result.count = count
    result.owners.append(arena)
    let vectors = parts.map { part -> Vector? in
      if case .column(let name) = part { column(name) } else { nil }
    }
    var bytes: [UInt8] = []
    for row in 0..<count {
      bytes.removeAll(keepingCapacity: true)
      var isNull = false
      for (index, part) in parts.enumerated() {
        if case .text(let text) = part {
          bytes.append(contentsOf: text.utf8)
          continue
        }
        guard let vector = vectors[index], !vector.isNull(row) else {
          isNull = true
          break
        }
        if vector.type == .string {
          bytes.append(contentsOf: vector.strings[row].bytes)
        } else if case .string(let text)? = try? Value.toString(vector.value(atRow: row)) {
          bytes.append(contentsOf: text.utf8)
        }
      }
      if isNull {
        result.setNull(row)
      } else {
        result.strings[row] = bytes.withUnsafeBufferPointer { arena.append($0) }
      }
    }
    return result
  }

  /// Which rows satisfy all conditions; nil when all do because there are none.
  func mask(_ conditions: [Mapping.Condition]) -> [Bool]? {
    if conditions.isEmpty { return nil }
    var mask = [Bool](repeating: true, count: block.rowCount)
    for condition in conditions {
      guard let vector = column(condition.column) else { continue }
      apply(condition, vector, &mask)
    }
    return mask
  }

  private func constants(_ texts: [String], _ column: String) -> [Value] {
    texts.compactMap { text in
      Array(text.utf8).withUnsafeBufferPointer { reader.read(types[column] ?? .string, $0) }
    }
  }

  private func apply(_ condition: Mapping.Condition, _ vector: Vector, _ mask: inout [Bool]) {
    switch condition.test {
    case .notEmpty: for row in mask.indices where vector.isNull(row) { mask[row] = false }
    case .empty: for row in mask.indices where !vector.isNull(row) { mask[row] = false }
    case .oneOf(let texts), .noneOf(let texts):
      var wanted = true
      if case .noneOf = condition.test { wanted = false }
      let values = constants(texts, condition.column)
      for row in mask.indices where mask[row] {
        let value = vector.value(atRow: row)
        mask[row] = values.contains(value) == wanted
      }
    case .startsWith(let prefix): applyPrefix(prefix, true, vector, &mask)
    case .notStartsWith(let prefix): applyPrefix(prefix, false, vector, &mask)
    case .greater(let text):
      compare(text, condition.column, vector, &mask) { $0 > 0 }
    case .less(let text):
      compare(text, condition.column, vector, &mask) { $0 < 0 }
    case .atLeast(let text):
      compare(text, condition.column, vector, &mask) { $0 >= 0 }
    case .atMost(let text):
      compare(text, condition.column, vector, &mask) { $0 <= 0 }
    }
  }

  private func applyPrefix(_ prefix: String, _ wanted: Bool, _ vector: Vector, _ mask: inout [Bool])
  {
    let bytes = Array(prefix.utf8)
    for row in mask.indices where mask[row] {
      var hasPrefix = false
      if vector.type == .string, !vector.isNull(row) {
        hasPrefix = vector.strings[row].bytes.starts(with: bytes)
      }
      mask[row] = hasPrefix == wanted
    }
  }

  private func compare(
    _ text: String, _ column: String, _ vector: Vector, _ mask: inout [Bool],
    _ isGood: (Int) -> Bool
  ) {
    let bound = constants([text], column).first ?? .null
    for row in mask.indices where mask[row] {
      let value = vector.value(atRow: row)
      if case .null = value {
        mask[row] = false
      } else {
        mask[row] = isGood(Value.order(value, bound))
      }
    }
  }
}
