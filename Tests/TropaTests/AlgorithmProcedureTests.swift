import Foundation
import TestSupport
import Testing
import Tropa

/// Every algorithm in every mode, on one small graph.
@Suite struct AlgorithmProcedureTests {
  /// What algorithms cannot do without.
  private let required = [
    "gds.shortestPath.dijkstra": "sourceNode: 0, targetNode: 4",
    "gds.shortestPath.yens": "sourceNode: 0, targetNode: 4, k: 2",
    "gds.shortestPath.astar":
      "sourceNode: 0, targetNode: 4, latitudeProperty: 'x', longitudeProperty: 'y'",
    "gds.allShortestPaths.dijkstra": "sourceNode: 0", "gds.allShortestPaths.delta": "sourceNode: 0",
    "gds.bellmanFord": "sourceNode: 0", "gds.bfs": "sourceNode: 0", "gds.dfs": "sourceNode: 0",
    "gds.spanningTree": "sourceNode: 0", "gds.modularity": "communityProperty: 'c'",
    "gds.conductance": "communityProperty: 'c'", "gds.fastRP": "embeddingDimension: 4",
    "gds.scaleProperties": "nodeProperties: ['x'], scaler: 'MINMAX'",
    "gds.kmeans": "nodeProperty: 'v', k: 2", "gds.knn": "nodeProperties: 'x'",
    "gds.knn.filtered": "nodeProperties: 'x', sourceNodeFilter: [0, 1], targetNodeFilter: 'N'",
  ]

  private func graph() throws -> Database {
    let database = try Database.temporary()
    try database.query(
      """
      UNWIND range(0, 5) AS i CREATE (:N {i: i, x: i * 0.5, y: 1.0, c: i / 3, v: [i, 1.0]})
      """)
    try database.query(
      """
      UNWIND [[0,1],[1,2],[2,0],[2,3],[3,4],[4,5],[5,3]] AS e
      MATCH (a:N {i: e[0]}), (b:N {i: e[1]}) CREATE (a)-[:R {w: 1.0 + e[0]}]->(b)
      """)
    try database.query(
      "CALL gds.graph.project('g', {N: {properties: ['x', 'y', 'c', 'v']}}, {R: {properties: 'w'}})"
    )
    return database
  }

  /// Families of procedures with modes, by name.
  private func families(_ database: Database) throws -> [String: [String]] {
    var families: [String: [String]] = [:]
    for name in try database.query(
      """
      SHOW PROCEDURES YIELD name
      WHERE name STARTS WITH 'gds.' OR name STARTS WITH 'recommend.' RETURN name ORDER BY name
      """
    )
    .strings("name") where !name.hasPrefix("gds.graph.") {
      let parts = name.split(separator: ".").map(String.init)
      if parts.last == "estimate" || !["stream", "stats", "mutate", "write"].contains(parts.last) {
        continue
      }
      families[parts.dropLast().joined(separator: "."), default: []].append(parts[parts.count - 1])
    }
    return families
  }

  private func columns(of procedure: String, _ database: Database) throws -> [String] {
    let row = try database.query(
      "SHOW PROCEDURES YIELD name, returnDescription AS r WHERE name = '\(procedure)' RETURN [c IN r | c.name] AS c"
    ).first
    guard case .list(let names)? = row?["c"] else { return [] }
    return names.map { $0.text(.display) }
  }

  @Test func everyModeOfEveryAlgorithm() throws {
    let database = try graph()
    let families = try families(database)
    #expect(families.count > 30)
    for (name, modes) in families.sorted(by: { $0.key < $1.key }) {
      for mode in modes {
        var keys = required[name].map { [$0] } ?? []
        let target = "\(name.replacing(".", with: "_"))_\(mode)"
        let columns = try columns(of: "\(name).\(mode)", database)
        if mode == "mutate" || mode == "write" {
          let what = columns.contains("relationshipsWritten") ? "RelationshipType" : "Property"
          keys.append("\(mode)\(what): '\(target)'")
        }
        let map = keys.joined(separator: ", ")
        let result = try database.query("CALL \(name).\(mode)('g', {\(map)})")
        #expect(mode == "stream" || result.count == 1, "\(name).\(mode)")
        if mode != "stream" {
          #expect(result.first?["computeMillis"] != .null, "\(name).\(mode)")
          #expect(result.first?["configuration"] != .null, "\(name).\(mode)")
        }
        let estimate = try database.query("CALL \(name).\(mode).estimate('g', {\(map)})").first
        #expect(estimate?["nodeCount"] == .integer(6), "\(name).\(mode)")
        let error = #expect(throws: QueryError.self) {
          try database.query(
            "CALL \(name).\(mode)('g', {\(map.isEmpty ? "" : map + ", ")concurency: 1})")
        }
        #expect(error?.hint == "did you mean `concurrency`?", "\(name).\(mode)")
      }
    }
  }

  /// The manual has a section for each, with all of its own keys and the columns of its stream.
  @Test func theManualIsComplete() throws {
    let root = try #require(SharedData.packageRoot)
    let sections = try ["GraphAlgorithms", "Recommendations"].flatMap { article in
      try String(
        contentsOf: root.appendingPathComponent(
          "Sources/Tropa/Tropa.docc/Articles/\(article).md"),
        encoding: .utf8
      ).components(separatedBy: "\n### ").dropFirst()
    }
    let database = try graph()
    let common = [
      "nodeLabels", "relationshipTypes", "concurrency", "jobId", "logProgress", "sudo", "username",
      "relationshipWeightProperty",
    ]
    for (name, modes) in try families(database).sorted(by: { $0.key < $1.key }) {
      let section = sections.first { section in
        section.prefix { $0 != "\n" }.split(separator: ",").contains {
          $0.trimmingCharacters(in: .whitespaces) == name
        }
      }
      guard let section else {
        Issue.record("no section for \(name)")
        continue
      }
      let mode = modes.contains("stream") ? "stream" : modes[0]
      let map = required[name].map { $0 + ", " } ?? ""
      let error = #expect(throws: QueryError.self) {
        try database.query("CALL \(name).\(mode)('g', {\(map)qqqqqqqqqqqqqqqqqqqq: 1})")
      }
      let keys = (error?.hint ?? "").replacing("its keys are ", with: "")
        .components(separatedBy: ", ")
      for key in keys where !common.contains(key) {
        #expect(section.contains("`\(key)`"), "\(name) \(key)")
      }
      let columns = try columns(of: "\(name).\(mode)", database)
      #expect(section.contains("→ `\(columns.joined(separator: ", "))`"), "\(name) \(columns)")
    }
  }

  // MARK: Values

  @Test func pathsAndTheirValues() throws {
    let database = try graph()
    let row = try database.query(
      """
      CALL gds.shortestPath.dijkstra.stream('g',
        {sourceNode: 0, targetNode: 4, relationshipWeightProperty: 'w'})
      YIELD index, sourceNode, targetNode, totalCost, nodeIds, costs, path
      RETURN index, totalCost, nodeIds, costs, [n IN nodes(path) | n.i] AS i,
        [r IN relationships(path) | type(r)] AS t, [r IN relationships(path) | r.cost] AS c,
        path
      """
    ).first
    #expect(row?["totalCost"] == .float(10))
    #expect(row?["costs"] == .list([.float(0), .float(1), .float(3), .float(6), .float(10)]))
    #expect(row?["i"] == .list((0...4).map { .integer($0) }))
    #expect(row?["t"] == .list(Array(repeating: .string("PATH_0"), count: 4)))
    #expect(row?["c"] == .list([.float(1), .float(2), .float(3), .float(4)]))
    guard case .path(let path)? = row?["path"] else {
      Issue.record("no path")
      return
    }
    #expect(path.relationships.map(\.type) == Array(repeating: "PATH_0", count: 4))
    #expect(path.nodes.map(\.labels) == Array(repeating: ["N"], count: 5))
    // Relationships of such paths are in no graph: they cannot be changed.
    let walk =
      "CALL gds.bfs.stream('*', {sourceNode: 0}) YIELD path UNWIND relationships(path) AS r "
    #expect(try database.query(walk + "RETURN r").count == 5)
    for change in ["SET r.x = 1", "DELETE r", "DELETE path", "REMOVE r.x"] {
      let error = #expect(throws: QueryError.self) { try database.query(walk + change) }
      #expect(error?.detail == "VirtualRelationship", "\(change)")
    }
    #expect(try database.query(walk + "MATCH (a)-[q:R]->(b) WHERE q = r RETURN q").isEmpty)
    #expect(
      try database.query(
        walk + "RETURN type(r) AS t, keys(r) AS k, id(startNode(r)) AS s, count(*) AS n"
      ).count == 5)
    #expect(try database.query("MATCH ()-[r:R]->() RETURN r").count == 7)
    let written = try database.query(
      "CALL gds.allShortestPaths.dijkstra.write('g', {sourceNode: 0, writeRelationshipType: 'WAY', writeNodeIds: true, writeCosts: true})"
    )
    #expect(written.first?["relationshipsWritten"] == .integer(6))
    let way = try database.query(
      "MATCH (:N {i: 0})-[w:WAY]->(:N {i: 3}) RETURN w.totalCost AS t, w.nodeIds AS n, w.costs AS c"
    ).first
    #expect(way?["t"] == .float(3))
    #expect(way?["n"] == .list([.integer(0), .integer(1), .integer(2), .integer(3)]))
  }

  @Test func resultsOfOneAlgorithmFeedAnother() throws {
    let database = try graph()
    try database.query("CALL gds.fastRP.mutate('g', {embeddingDimension: 8, mutateProperty: 'e'})")
    let knn = try database.query(
      "CALL gds.knn.mutate('g', {nodeProperties: {e: 'COSINE'}, topK: 2, mutateRelationshipType: 'LIKE', mutateProperty: 'score'})"
    ).first
    #expect(knn?["relationshipsWritten"] == .integer(12))
    #expect(
      try database.query(
        "CALL gds.louvain.stream('g', {relationshipTypes: ['LIKE'], relationshipWeightProperty: 'score'})"
      ).count == 6)
    try database.query(
      "CALL gds.kmeans.mutate('g', {nodeProperty: 'e', k: 2, mutateProperty: 'k'})")
    #expect(
      try database.query("CALL gds.conductance.stream('g', {communityProperty: 'k'})").count == 2)
    try database.query("CALL gds.fastRP.write('g', {embeddingDimension: 3, writeProperty: 'e'})")
    #expect(
      try database.query("MATCH (n:N) RETURN size(n.e) AS s").integers("s") == [3, 3, 3, 3, 3, 3])
    try database.query("CALL gds.hits.write('g', {writeProperty: ''})")
    #expect(try database.query("MATCH (n:N) WHERE n.auth >= 0 AND n.hub >= 0 RETURN n").count == 6)
  }

  @Test func mistakesAreNamed() throws {
    let database = try graph()
    func failure(_ call: String) -> QueryError? {
      #expect(throws: QueryError.self) { try database.query("CALL " + call) }
    }
    #expect(failure("gds.bfs.stream('g')")?.detail == "MissingConfigurationKey")
    #expect(failure("gds.bfs.stream('g', {sourceNode: 99})")?.detail == "NodeNotInGraph")
    #expect(
      failure("gds.scc.stream('g', {relationshipWeightProperty: 'w'})")?.detail
        == "UnknownConfigurationKey")
    #expect(failure("gds.kmeans.stream('g', {nodeProperty: 'nothing'})")?.kind == .argumentError)
    #expect(
      failure("gds.kmeans.stream('g', {nodeProperty: 'v', initialSampler: 'kmean++'})")?.hint
        == "did you mean 'kmeans++'?")
    #expect(failure("gds.knn.stream('g', {nodeProperties: {x: 'COSINE'}})")?.kind == .typeError)
    #expect(
      failure("gds.fastRP.stream('g', {embeddingDimension: 0})")?.detail == "NumberOutOfRange")
    #expect(failure("gds.leiden.stream('g', {theta: 0})")?.detail == "NumberOutOfRange")
    #expect(failure("gds.degree.mutate('g', {mutateProperty: 'x'})")?.detail == "PropertyExists")
    #expect(
      failure("gds.bfs.mutate('g', {sourceNode: 0, mutateRelationshipType: 'R'})")?.detail
        == "RelationshipTypeExists")
    #expect(failure("gds.pageRank.stream('g', {relationshipTypes: ['S']})")?.kind == .argumentError)
    #expect(failure("gds.pageRank.stream('g', {nodeLabels: ['M']})")?.kind == .argumentError)
  }
}
