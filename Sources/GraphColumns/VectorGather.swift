package import GraphTypes

// Copies of a vector's rows in another order: what filters, joins and sorts do to every column.
// Each picks the element type once per vector, then runs one tight loop.

extension Vector {
  /// The rows `rows[i]`, in that order; a row number of -1 gives null.
  ///
  /// A constant vector stays one, unless -1 may occur (`isOptional`).
  /// - Complexity: O(`count`).
  package func gather(
    _ rows: UnsafePointer<Int32>, count: Int, isOptional: Bool = false
  ) -> Vector {
    if isConstant && !isOptional { return constant(row: 0, count: count) }
    let result = Vector(type: type, capacity: count)
    result.count = count
    result.owners = owners
    if isConstant || isOptional {
      gatherOptional(rows, count, into: result)
    } else {
      switch type {
      case .boolean: copy(booleans, rows, count, into: result.booleans)
      case .integer: copy(integers, rows, count, into: result.integers)
      case .float: copy(floats, rows, count, into: result.floats)
      case .string: copy(strings, rows, count, into: result.strings)
      case .date: copy(dates, rows, count, into: result.dates)
      case .localDateTime: copy(localDateTimes, rows, count, into: result.localDateTimes)
      case .node: copy(nodes, rows, count, into: result.nodes)
      case .relationship: copy(relationships, rows, count, into: result.relationships)
      case .any: copy(values, rows, count, into: result.values)
      }
      if let validity, type != .any {
        let target = result.makeValidity()
        for index in 0..<count {
          let row = Int(rows[index])
          let bit = (validity[row >> 6] >> UInt64(row & 63)) & 1
          target[index >> 6] &= ~((bit ^ 1) << UInt64(index & 63))
        }
      }
    }
    return result
  }

  /// Rows `start ..< start + count`; the vector itself when these are all.
  package func slice(from start: Int, count: Int) -> Vector {
    if start == 0 && count == self.count { return self }
    if isConstant { return constant(row: 0, count: count) }
    let result = Vector(type: type, capacity: count)
    result.count = count
    result.owners = owners
    if type == .any {
      result.values.update(from: values + start, count: count)
    } else {
      result.elements(UInt8.self).update(
        from: elements(UInt8.self) + start * type.stride, count: count * type.stride)
      if validity != nil {
        for index in 0..<count where isNull(start + index) { result.setNull(index) }
      }
    }
    return result
  }

  /// A constant vector of `count` rows with the element of one row.
  package func constant(row: Int, count: Int) -> Vector {
    if isConstant && count == self.count { return self }
    let row = physical(row)
    let result = Vector(type: type, isConstant: true)
    result.count = count
    result.owners = owners
    if type == .any {
      result.values[0] = values[row]
    } else if isNull(row) {
      result.setNull(0)
    } else {
      result.elements(UInt8.self).update(
        from: elements(UInt8.self) + row * type.stride, count: type.stride)
    }
    return result
  }

  /// A constant vector of nulls.
  package static func nulls(count: Int) -> Vector {
    let result = Vector(type: .any, isConstant: true)
    result.count = count
    return result
  }

  @inline(__always)
  private func copy<T>(
    _ source: UnsafeMutablePointer<T>, _ rows: UnsafePointer<Int32>, _ count: Int,
    into target: UnsafeMutablePointer<T>
  ) {
    for index in 0..<count { target[index] = source[Int(rows[index])] }
  }

  private func gatherOptional(_ rows: UnsafePointer<Int32>, _ count: Int, into result: Vector) {
    for index in 0..<count {
      let row = rows[index]
      if row < 0 || isNull(Int(row)) {
        result.setNull(index)
      } else if type == .any {
        result.values[index] = values[physical(Int(row))]
      } else {
        (result.elements(UInt8.self) + index * type.stride).update(
          from: elements(UInt8.self) + physical(Int(row)) * type.stride, count: type.stride)
      }
    }
  }
}

extension RelationshipRef {
  package var boxed: Relationship { Relationship(id: id, start: start, end: end) }
  package init(_ relationship: Relationship) {
    self.init(id: relationship.id, start: relationship.start, end: relationship.end)
  }
}

extension Batch {
  /// The rows `rows[i]` of all columns.
  package func gather(_ rows: UnsafePointer<Int32>, count: Int) -> Batch {
    Batch(columns: columns.map { $0.gather(rows, count: count) }, count: count)
  }

  package func slice(from start: Int, count: Int) -> Batch {
    if start == 0 && count == self.count { return self }
    return Batch(columns: columns.map { $0.slice(from: start, count: count) }, count: count)
  }

  /// One row as a batch of `count` equal rows: all columns constant.
  package func constant(row: Int, count: Int = 1) -> Batch {
    Batch(columns: columns.map { $0.constant(row: row, count: count) }, count: count)
  }

  /// Memory that the columns' own storage takes, without what they refer to.
  package var byteCount: Int {
    columns.reduce(64) { $0 + $1.capacity * $1.type.stride + 64 }
  }
}
