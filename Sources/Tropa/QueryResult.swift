internal import CypherExecution
package import GraphColumns

/// All rows of a statement, and what it changed.
///
/// Rows are made as they are looked at; `integers(_:)` and its kin read a whole typed column
/// without making values.
public struct QueryResult: RandomAccessCollection, Sendable {
  /// Names of the columns, in order.
  public let columns: [String]
  /// What the statement changed.
  public let counters: QueryCounters
  /// From the start of planning to the last row.
  public internal(set) var elapsed = Duration.zero
  /// The plan, for EXPLAIN and PROFILE: a tree in text.
  public internal(set) var plan: String?
  /// What is allowed in the statement but probably not meant, such as a label that no node has.
  public internal(set) var notices: [QueryNotice] = []
  package let batches: [Batch]
  /// First row of each batch, and the number of rows at the end.
  private let starts: [Int]

  init(columns: [String], batches: [Batch], counters: UpdateCounters) {
    self.columns = columns
    self.batches = batches
    self.counters = QueryCounters(counters)
    var starts = [0]
    for batch in batches { starts.append(starts[starts.count - 1] + batch.count) }
    self.starts = starts
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { starts[starts.count - 1] }

  public subscript(index: Int) -> Row {
    let (batch, row) = place(index)
    return Row(columns: columns, values: batches[batch].columns.map { $0.boxed(row) })
  }

  /// All rows as plain arrays.
  public var rows: [[Value]] { map(\.values) }

  private func place(_ index: Int) -> (batch: Int, row: Int) {
    precondition(indices.contains(index), "row \(index) of a result of \(count) rows")
    var low = 0
    var high = batches.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= index { low = middle } else { high = middle }
    }
    return (low, index - starts[low])
  }

  // MARK: Columns

  private func column(_ name: String) throws(QueryError) -> Int {
    if let index = columns.firstIndex(of: name) { return index }
    throw QueryError(
      .argumentError, "UnknownColumn", "the result has no column `\(name)`",
      hint: NameSuggestion.nearest(to: name, among: columns).map { "did you mean `\($0)`?" }
        ?? "its columns are \(columns.joined(separator: ", "))")
  }

  /// A column as values.
  public func values(_ name: String) throws(QueryError) -> [Value] {
    let index = try column(name)
    var result: [Value] = []
    result.reserveCapacity(count)
    for batch in batches {
      for row in 0..<batch.count { result.append(batch.columns[index].boxed(row)) }
    }
    return result
  }

  /// A column of integers; nulls and other types are an error that names the row.
  public func integers(_ name: String) throws(QueryError) -> [Int64] {
    try typed(name, .integer, "Integer") { if case .integer(let value) = $0 { value } else { nil } }
  }

  /// A column of floats; integers among them are converted.
  public func floats(_ name: String) throws(QueryError) -> [Double] {
    try typed(name, .float, "Float") {
      switch $0 {
      case .float(let value): value
      case .integer(let value): Double(value)
      default: nil
      }
    }
  }

  /// A column of strings.
  public func strings(_ name: String) throws(QueryError) -> [String] {
    try typed(name, nil, "String") { if case .string(let value) = $0 { value } else { nil } }
  }

  /// A column of booleans.
  public func booleans(_ name: String) throws(QueryError) -> [Bool] {
    try typed(name, .boolean, "Boolean") { if case .boolean(let value) = $0 { value } else { nil } }
  }

  /// A column of nodes, as identities.
  public func nodeIDs(_ name: String) throws(QueryError) -> [NodeID] {
    try typed(name, .node, "Node") { if case .node(let value) = $0 { value.id } else { nil } }
  }

  private func typed<T>(
    _ name: String, _ type: VectorType?, _ typeName: String, _ convert: (Value) -> T?
  ) throws(QueryError) -> [T] {
    let index = try column(name)
    var result: [T] = []
    result.reserveCapacity(count)
    for batch in batches {
      let vector = batch.columns[index]
      if vector.type == type, vector.hasNoNulls, !vector.isConstant {
        result.append(
          contentsOf: UnsafeBufferPointer(start: vector.elements(T.self), count: batch.count))
        continue
      }
      for row in 0..<batch.count {
        let value = vector.boxed(row)
        guard let converted = convert(value) else {
          throw QueryError(
            .typeError, "InvalidColumnType",
            "row \(result.count + 1) of column `\(name)` is \(value.typeNameWithArticle), not a \(typeName)",
            hint: "read it with values(_:), or convert it in the query")
        }
        result.append(converted)
      }
    }
    return result
  }
}

/// One row of a result.
public struct Row: Sendable {
  public let columns: [String]
  public let values: [Value]

  /// - Precondition: the result has that many columns.
  public subscript(column: Int) -> Value { values[column] }

  /// Null also when there is no such column.
  public subscript(column: String) -> Value {
    columns.firstIndex(of: column).map { values[$0] } ?? .null
  }
}

/// What a statement changed; only what really changed is counted.
public struct QueryCounters: Equatable, Sendable {
  public var nodesCreated = 0
  public var nodesDeleted = 0
  public var relationshipsCreated = 0
  public var relationshipsDeleted = 0
  public var propertiesSet = 0
  public var labelsAdded = 0
  public var labelsRemoved = 0
  public var indexesAdded = 0
  public var indexesRemoved = 0
  public var constraintsAdded = 0
  public var constraintsRemoved = 0
  public init() {}

  init(_ counters: UpdateCounters) {
    nodesCreated = counters.nodesCreated
    nodesDeleted = counters.nodesDeleted
    relationshipsCreated = counters.relationshipsCreated
    relationshipsDeleted = counters.relationshipsDeleted
    propertiesSet = counters.propertiesSet
    labelsAdded = counters.labelsAdded
    labelsRemoved = counters.labelsRemoved
    indexesAdded = counters.indexesAdded
    indexesRemoved = counters.indexesRemoved
    constraintsAdded = counters.constraintsAdded
    constraintsRemoved = counters.constraintsRemoved
  }

  /// The counters that are not zero, by the names of the Bolt protocol.
  public var named: [(name: String, count: Int)] {
    [
      ("nodes-created", nodesCreated), ("nodes-deleted", nodesDeleted),
      ("relationships-created", relationshipsCreated),
      ("relationships-deleted", relationshipsDeleted), ("properties-set", propertiesSet),
      ("labels-added", labelsAdded), ("labels-removed", labelsRemoved),
      ("indexes-added", indexesAdded), ("indexes-removed", indexesRemoved),
      ("constraints-added", constraintsAdded), ("constraints-removed", constraintsRemoved),
    ].filter { $0.1 != 0 }
  }

  /// Each in words: "1 node created", "3 indexes removed".
  public var sentences: [String] {
    named.map { name, count in
      let words = name.split(separator: "-")
      let noun = count == 1 ? Self.singular(String(words[0])) : String(words[0])
      return "\(count) \(noun) \(words[1])"
    }
  }

  private static func singular(_ noun: String) -> String {
    switch noun {
    case "indexes": "index"
    case "properties": "property"
    default: String(noun.dropLast())
    }
  }
}

extension UpdateCounters {
  /// Adds what a statement inside of this one changed.
  mutating func add(_ other: UpdateCounters) {
    nodesCreated += other.nodesCreated
    nodesDeleted += other.nodesDeleted
    relationshipsCreated += other.relationshipsCreated
    relationshipsDeleted += other.relationshipsDeleted
    propertiesSet += other.propertiesSet
    labelsAdded += other.labelsAdded
    labelsRemoved += other.labelsRemoved
    indexesAdded += other.indexesAdded
    indexesRemoved += other.indexesRemoved
    constraintsAdded += other.constraintsAdded
    constraintsRemoved += other.constraintsRemoved
  }
}
