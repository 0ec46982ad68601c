import GraphTypes

/// What the TCK needs of an engine. The runner makes one engine per worker thread, uses it on that
/// thread only, and calls `reset()` before each case.
///
/// A query that goes wrong throws `QueryError`; any other error counts as a failure of the case.
package protocol ConformanceEngine: AnyObject {
  /// Empties the database (data, indexes, constraints) and forgets the registered procedures.
  func reset() throws

  /// Runs one query in a transaction of its own.
  ///
  /// Nodes and relationships in the result are filled with their labels and properties. After
  /// `timeout` the query must end by throwing.
  func execute(
    _ query: String, parameters: [String: Value], timeout: Duration
  ) throws -> EngineResult

  /// Installs a procedure that answers from a table. A call returns the outputs of the rows whose
  /// inputs equal the arguments.
  func register(procedure: TestProcedure) throws

  /// The whole graph as a new query would see it.
  func graphState() throws -> GraphState
}

package struct EngineResult: Sendable {
  package var columns: [String]
  package var rows: [[Value]]
  package init(columns: [String], rows: [[Value]]) {
    self.columns = columns
    self.rows = rows
  }
}

/// A procedure of a scenario's `there exists a procedure` step.
package struct TestProcedure: Sendable {
  package struct Field: Equatable, Sendable {
    package var name: String
    /// As the signature has it, with the question mark of a nullable type: `INTEGER?`.
    package var type: String
    package init(name: String, type: String) {
      self.name = name
      self.type = type
    }
  }
  package var name: String
  package var inputs: [Field]
  package var outputs: [Field]
  /// Each row has the values of the inputs, then of the outputs.
  package var rows: [[Value]]

  package init(name: String, inputs: [Field], outputs: [Field], rows: [[Value]]) {
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.rows = rows
  }

  /// `test.my.proc(in :: INTEGER?) :: (out :: STRING?)`
  package var signature: String {
    func list(_ fields: [Field]) -> String {
      "(" + fields.map { "\($0.name) :: \($0.type)" }.joined(separator: ", ") + ")"
    }
    return "\(name)\(list(inputs)) :: \(list(outputs))"
  }
}

/// All nodes and relationships of a graph at one moment.
package struct GraphState: Sendable {
  package var nodes: [Node]
  package var relationships: [Relationship]
  package init(nodes: [Node] = [], relationships: [Relationship] = []) {
    self.nodes = nodes
    self.relationships = relationships
  }
}

extension ConformanceEngine {
  /// The graph as two queries return it, for engines that offer nothing more direct.
  package func queriedGraphState(timeout: Duration) throws -> GraphState {
    func entities(_ query: String) throws -> [Value] {
      try execute(query, parameters: [:], timeout: timeout).rows.flatMap { $0 }
    }
    var state = GraphState()
    for case .node(let node) in try entities("MATCH (n) RETURN n") { state.nodes.append(node) }
    for case .relationship(let relationship) in try entities("MATCH ()-[r]->() RETURN r") {
      state.relationships.append(relationship)
    }
    return state
  }
}
