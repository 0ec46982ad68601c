package import GraphColumns

/// Some rows of a result, read column by column into arrays: no value is made for each row, so that
/// millions of rows take a fraction of a second.
///
/// ```swift
/// let cursor = try connection.stream(
///   "MATCH (c:Client)-[p:PURCHASED]->() RETURN id(c) AS client, p.at AS at, p.amount AS amount")
/// var clients: [Int64] = [], times: [Int64] = [], amounts: [Double] = []
/// while let batch = try cursor.nextColumns() {
///   try batch.appendIntegers(of: 0, to: &clients)
///   try batch.appendSeconds(of: 1, to: &times)
///   try batch.appendFloats(of: 2, to: &amounts)
/// }
/// ```
/// Columns are numbered as the statement returns them, from 0.
public struct ResultBatch: Sendable {
  /// Names of the columns, in order.
  public let columns: [String]
  /// How many rows there are.
  public let count: Int
  private let vectors: [Vector]

  init(_ batch: Batch, columns: [String]) {
    self.columns = columns
    count = batch.count
    vectors = batch.columns
  }

  /// One value.
  /// - Precondition: `row` is below `count` and the result has that many columns.
  public func value(_ row: Int, of column: Int) -> Value { vectors[column].boxed(row) }

  /// Adds a column of numbers; null becomes NaN.
  ///
  /// - Throws: `QueryError` for a value that is no number.
  public func appendFloats(of column: Int, to numbers: inout [Double]) throws(QueryError) {
    let vector = vectors[column]
    if vector.type == .float, !vector.isConstant {
      let start = numbers.count
      numbers.append(contentsOf: UnsafeBufferPointer(start: vector.floats, count: count))
      fill(&numbers, from: start, vector, .nan)
    } else if vector.type == .integer, !vector.isConstant {
      let start = numbers.count
      for row in 0..<count { numbers.append(Double(vector.integers[row])) }
      fill(&numbers, from: start, vector, .nan)
    } else {
      for row in 0..<count {
        switch vector.boxed(row) {
        case .null: numbers.append(.nan)
        case .float(let value): numbers.append(value)
        case .integer(let value): numbers.append(Double(value))
        case let value: throw wrongType(value, column, "numbers")
        }
      }
    }
  }

  /// Adds a column of integers.
  ///
  /// - Parameter null: what stands for null.
  /// - Throws: `QueryError` for a value that is no integer.
  public func appendIntegers(
    of column: Int, to numbers: inout [Int64], null: Int64 = .min
  ) throws(QueryError) {
    let vector = vectors[column]
    if vector.type == .integer, !vector.isConstant {
      let start = numbers.count
      numbers.append(contentsOf: UnsafeBufferPointer(start: vector.integers, count: count))
      fill(&numbers, from: start, vector, null)
    } else {
      for row in 0..<count {
        switch vector.boxed(row) {
        case .null: numbers.append(null)
        case .integer(let value): numbers.append(value)
        case let value: throw wrongType(value, column, "integers")
        }
      }
    }
  }

  /// Adds a column of strings.
  ///
  /// - Parameter null: what stands for null.
  /// - Throws: `QueryError` for a value that is no string.
  public func appendStrings(
    of column: Int, to strings: inout [String], null: String = ""
  ) throws(QueryError) {
    let vector = vectors[column]
    for row in 0..<count {
      if vector.type == .string, !vector.isNull(row) {
        strings.append(vector.strings[vector.physical(row)].string)
        continue
      }
      switch vector.boxed(row) {
      case .null: strings.append(null)
      case .string(let value): strings.append(value)
      case let value: throw wrongType(value, column, "strings")
      }
    }
  }

  /// Adds a column of dates or date-times as seconds since 1970-01-01T00:00 on their own clock: a
  /// date is its midnight, and a zone does not move the time.
  ///
  /// - Parameter null: what stands for null.
  /// - Throws: `QueryError` for a value that is none of them.
  public func appendSeconds(
    of column: Int, to seconds: inout [Int64], null: Int64 = .min
  ) throws(QueryError) {
    let vector = vectors[column]
    let start = seconds.count
    if vector.type == .localDateTime, !vector.isConstant {
      for row in 0..<count { seconds.append(vector.localDateTimes[row].seconds) }
      fill(&seconds, from: start, vector, null)
    } else if vector.type == .date, !vector.isConstant {
      for row in 0..<count { seconds.append(vector.dates[row].days &* 86_400) }
      fill(&seconds, from: start, vector, null)
    } else {
      for row in 0..<count {
        switch vector.boxed(row) {
        case .null: seconds.append(null)
        case .date(let date): seconds.append(date.days * 86_400)
        case .localDateTime(let time): seconds.append(time.seconds)
        case .dateTime(let time): seconds.append(time.seconds + Int64(time.offset))
        case let value: throw wrongType(value, column, "dates")
        }
      }
    }
  }

  /// Adds a number for each value of a column, the same for equal values: see `ValueNumbering`.
  ///
  /// - Parameter null: what stands for null.
  public func appendNumbers(
    of column: Int, to numbers: inout [Int64], numbering: inout ValueNumbering,
    null: Int64 = .min
  ) {
    let vector = vectors[column]
    if vector.type == .integer, !vector.isConstant {
      for row in 0..<count { numbers.append(numbering.number(vector.integers[row])) }
    } else {
      for row in 0..<count {
        let value = vector.boxed(row)
        if case .null = value {
          numbers.append(null)
        } else {
          numbers.append(numbering.number(value))
        }
      }
      return
    }
    fill(&numbers, from: numbers.count - count, vector, null)
  }

  /// Overwrites what stands where the column is null.
  private func fill<T>(_ numbers: inout [T], from start: Int, _ vector: Vector, _ null: T) {
    if vector.hasNoNulls { return }
    for row in 0..<count where vector.isNull(row) { numbers[start + row] = null }
  }

  private func wrongType(_ value: Value, _ column: Int, _ expected: String) -> QueryError {
    QueryError(
      .typeError, "InvalidColumnType",
      "column `\(columns[column])` has \(value.typeName) values, not \(expected)")
  }
}

/// Gives each value a number, the same for equal ones: integers stand for themselves, other values
/// are counted.
public struct ValueNumbering: Sendable {
  private var numbers: [Value: Int64] = [:]
  /// Numbers of counted values lie where integers of data hardly ever do; one that does is counted
  /// too, so that no two values meet.
  private static let first = Int64.min + 1
  private static let last = Int64.min + (1 << 40)

  public init() {}

  public mutating func number(_ integer: Int64) -> Int64 {
    integer > Self.last ? integer : counted(.integer(integer))
  }

  public mutating func number(_ value: Value) -> Int64 {
    if case .integer(let integer) = value { return number(integer) }
    return counted(value)
  }

  private mutating func counted(_ value: Value) -> Int64 {
    if let number = numbers[value] { return number }
    let number = Self.first + Int64(numbers.count)
    numbers[value] = number
    return number
  }
}
