package import CypherExecution
internal import CypherPlanning
internal import GraphColumns
internal import GraphStore

/// One call of a procedure while it runs: its arguments, the graph, and where its rows go.
public final class ProcedureInvocation {
  /// As many as the procedure has inputs, defaults filled in.
  public let arguments: [Value]
  public let database: Database
  package let context: ExecutionContext
  private let output: (Batch) throws -> Void
  private let outputs: [String]
  private let wanted: [Int]
  private var rows: [[Value]] = []

  init(
    arguments: [Value], database: Database, context: ExecutionContext, outputs: [String],
    wanted: [Int], output: @escaping (Batch) throws -> Void
  ) {
    self.arguments = arguments
    self.database = database
    self.context = context
    self.outputs = outputs
    self.wanted = wanted
    self.output = output
  }

  private var columnCount: Int { outputs.count }

  /// Whether anyone looks at an output: what is costly to make may be left null otherwise.
  public func isWanted(_ output: String) -> Bool { wanted.contains { outputs[$0] == output } }

  /// One row: a value for each output of the procedure, in order.
  public func emit(_ row: [Value]) throws {
    guard row.count == columnCount else {
      throw QueryError(
        .procedureError, "InvalidOutput",
        "the procedure gave a row of \(row.count) values for its \(columnCount) outputs")
    }
    rows.append(row)
    if rows.count >= Vector.batchCapacity { try flush() }
  }

  /// Many rows: a column of equal length for each output, in order.
  public func emit(columns: [ColumnData]) throws {
    try flush()
    let count = columns.first?.count ?? 0
    guard columns.count == columnCount, columns.allSatisfy({ $0.count == count }) else {
      throw QueryError(
        .procedureError, "InvalidOutput",
        "the procedure gave \(columns.count) columns for its \(columnCount) outputs, or unequal ones"
      )
    }
    for start in stride(from: 0, to: count, by: Vector.batchCapacity) {
      let range = start..<min(start + Vector.batchCapacity, count)
      try output(Batch(columns: columns.map { $0.vector(range) }, count: range.count))
    }
  }

  func flush() throws {
    if rows.isEmpty { return }
    let columns = (0..<columnCount).map { column in ColumnData.values(rows.map { $0[column] }) }
    let count = rows.count
    rows.removeAll(keepingCapacity: true)
    try output(Batch(columns: columns.map { $0.vector(0..<count) }, count: count))
  }

  /// Throws when the statement was cancelled or ran out of time; long work calls it now and then.
  public func checkCancellation() throws { try context.control.check() }

  /// Runs another statement on the same state of the graph (in an updating statement: in the same
  /// transaction).
  @discardableResult
  public func query(_ text: String, parameters: [String: Value] = [:]) throws -> QueryResult {
    let (statement, inner) = try prepare(text, parameters)
    let result = try StatementRunner.run(statement, context: inner)
    context.counters.add(inner.counters)
    return result
  }

  /// Runs a reading statement on the same state of the graph and gives its rows as they come.
  public func stream(
    _ text: String, parameters: [String: Value] = [:]
  ) throws -> ResultCursor {
    let (statement, inner) = try prepare(text, parameters)
    if statement.isUpdating {
      return ResultCursor(try query(text, parameters: parameters), start: ContinuousClock.now)
    }
    return try ResultCursor(statement, context: inner, start: ContinuousClock.now, whenEnded: nil)
  }

  private func prepare(
    _ text: String, _ parameters: [String: Value]
  ) throws -> (PlannedStatement, ExecutionContext) {
    let statement = try StatementRunner.plan(
      text, parameters: parameters.keys, database: database, reader: context.reader)
    if statement.isUpdating && context.transaction == nil {
      throw QueryError(
        .procedureError, "ReadOnlyProcedure",
        "a procedure in mode READ cannot run an updating statement",
        hint: "declare the procedure with mode .write")
    }
    let inner = ExecutionContext(
      reader: context.reader, transaction: context.transaction, parameters: parameters,
      procedures: context.procedures, statementTime: context.statementTime,
      control: context.control, threads: context.threads)
    inner.progress = context.progress
    return (statement, inner)
  }

  /// Tells the caller of the statement what it should know though the call succeeds: what was
  /// missing, what was left out.
  public func addNotice(_ message: String, hint: String? = nil) {
    context.notices.append(QueryWarning(.procedure, message, range: 0..<0, hint: hint))
  }

  /// Sets one property of many nodes (procedures of mode `.write` only); null removes it.
  public func setProperty(_ key: String, of nodes: [NodeID], to values: ColumnData) throws {
    guard let transaction = context.transaction else {
      throw QueryError(
        .procedureError, "ReadOnlyProcedure", "a procedure in mode READ cannot set properties",
        hint: "declare the procedure with mode .write")
    }
    precondition(nodes.count == values.count)
    let id = try transaction.propertyKey(key)
    for (row, node) in nodes.enumerated() {
      try transaction.set(id, of: node, to: values.value(row))
      if row & 0xFFF == 0 { try checkCancellation() }
    }
    context.counters.propertiesSet += nodes.count
  }

  /// Creates nodes with properties (procedures of mode `.write` only): one for each row of the
  /// columns, which have `count` rows. Nulls are not stored.
  public func createNodes(
    _ count: Int, labels: [String], properties: [String: ColumnData] = [:]
  ) throws -> [NodeID] {
    guard let transaction = context.transaction else {
      throw QueryError(
        .procedureError, "ReadOnlyProcedure", "a procedure in mode READ cannot create nodes",
        hint: "declare the procedure with mode .write")
    }
    precondition(properties.allSatisfy { $0.value.count == count })
    let labelIDs = try labels.map { try transaction.label($0) }
    let keys = try properties.map { (try transaction.propertyKey($0.key), $0.value) }
    var nodes: [NodeID] = []
    nodes.reserveCapacity(count)
    for row in 0..<count {
      let node = try transaction.createNode(labels: labelIDs)
      for (key, values) in keys {
        let value = values.value(row)
        if case .null = value { continue }
        try transaction.set(key, of: node, to: value)
        context.counters.propertiesSet += 1
      }
      nodes.append(node)
      if row & 0xFFF == 0 { try checkCancellation() }
    }
    context.counters.nodesCreated += count
    context.counters.labelsAdded += count * labels.count
    return nodes
  }

  /// Creates relationships with properties (procedures of mode `.write` only).
  public func createRelationships(
    type: String, from: [NodeID], to: [NodeID], properties: [String: ColumnData] = [:]
  ) throws {
    guard let transaction = context.transaction else {
      throw QueryError(
        .procedureError, "ReadOnlyProcedure",
        "a procedure in mode READ cannot create relationships",
        hint: "declare the procedure with mode .write")
    }
    precondition(from.count == to.count)
    let typeID = try transaction.relationshipType(type)
    let keys = try properties.map { (try transaction.propertyKey($0.key), $0.value) }
    for row in from.indices {
      let relationship = try transaction.createRelationship(typeID, from: from[row], to: to[row])
      for (key, values) in keys {
        try transaction.set(key, of: relationship, to: values.value(row))
      }
      if row & 0xFFF == 0 { try checkCancellation() }
    }
    context.counters.relationshipsCreated += from.count
    context.counters.propertiesSet += from.count * keys.count
  }
}

extension ColumnData {
  public func value(_ row: Int) -> Value {
    switch self {
    case .integers(let values): .integer(values[row])
    case .floats(let values): .float(values[row])
    case .optionalFloats(let values): values[row].map { .float($0) } ?? .null
    case .booleans(let values): .boolean(values[row])
    case .strings(let values): .string(values[row])
    case .nodes(let values): .node(Node(id: values[row]))
    case .vectors(let values, let dimension):
      .list(values[row * dimension..<(row + 1) * dimension].map { .float(Double($0)) })
    case .values(let values): values[row]
    }
  }
}
