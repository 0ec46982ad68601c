import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

@Suite struct FullTextSearchTests {
  /// Reviews with the texts, ids from 0.
  private func reviews(_ texts: [String], analyzer: String? = nil) throws -> Store {
    let store = try Store.temporary()
    let write = try store.beginWrite()
    for text in texts {
      let node = try write.createNode(labels: [try write.label("Review")])
      try write.set(try write.propertyKey("text"), of: node, to: .string(text))
    }
    try write.createIndex(
      try FullTextGraph.definition(write, relationships: false, analyzer: analyzer))
    try write.commit()
    return store
  }

  private func found(_ query: String, _ reader: GraphReader) throws -> [UInt64] {
    let index = try #require(reader.schema.index(named: FullTextGraph.nodeIndex))
    return try reader.search(index, FullTextSearch(query)).nodes.map(\.rawValue)
  }

  /// By hand: N = 3, mean length 3. чайник: n = 2, idf ln(1 + 1.5 / 2.5).
  @Test func scoresByHand() throws {
    let reader = try reviews(["Отличный чайник", "Чайник, чайник и чайники", "Плохой размер, увы"])
      .snapshot()
    let index = try #require(reader.schema.index(named: FullTextGraph.nodeIndex))
    let (nodes, scores) = try reader.search(index, FullTextSearch("чайник"))
    #expect(nodes == [NodeID(1), NodeID(0)])
    let mean = 8.0 / 3
    let idf = 0.470_003_629_245_735_5
    #expect(abs(scores[0] - idf * 3 / (3 + 1.2 * (0.25 + 0.75 * 3 / mean))) < 1e-12)
    #expect(abs(scores[1] - idf * 1 / (1 + 1.2 * (0.25 + 0.75 * 2 / mean))) < 1e-12)
  }

  @Test func queries() throws {
    let reader = try reviews([
      "Отличный чайник, быстро закипает", "Чайник плохой: долго закипает",
      "Интернет-магазин прислал не тот размер", "Great phones, fast delivery of the phone",
      "Размер подошёл, ёлка отличная", "Елки и палки", "магазин без интернета",
    ]).snapshot()
    let samples: [(String, Set<UInt64>)] = [
      ("чайники", [0, 1]), ("отличного", [0, 4]), ("phone", [3]), ("елкой", [4, 5]),
      ("ЁЛКА", [4, 5]), ("чайник размер", [0, 1, 2, 4]), ("чайник AND отличный", [0]),
      ("чайник -плохой", [0]), ("+чайник +закипать", [0, 1]), ("чайник NOT отличный", [1]),
      ("\"быстро закипает\"", [0]), ("\"закипает быстро\"", []), ("\"чайник закипает\"~1", [0]),
      ("\"чайник закипает\"~2", [0, 1]), ("интернет-магазин", [2]), ("закип*", [0, 1]),
      ("*", [0, 1, 2, 3, 4, 5, 6]), ("text:*", [0, 1, 2, 3, 4, 5, 6]), ("title:*", []),
      ("*:* -чайник", [2, 3, 4, 5, 6]), ("ра?мер", [2, 4]), ("чайнек~", [0, 1]),
      ("fone~2", [3]), ("и", []), ("+и +чайник", [0, 1]), ("text:чайник", [0, 1]),
      ("title:чайник", []), ("-чайник", []),
      ("(чайник OR размер) AND (плохой OR подошел)", [1, 4]),
      ("", []), ("нетслова", []), ("+чайник +нетслова", []), ("\"прислал не тот размер\"", [2]),
    ]
    for (query, expected) in samples {
      #expect(Set(try found(query, reader)) == expected, "\(query)")
    }
  }

  @Test func limits() throws {
    let reader = try reviews((0..<500).map { "слово \($0 % 7 == 0 ? "слово" : "другое")" })
      .snapshot()
    let index = try #require(reader.schema.index(named: FullTextGraph.nodeIndex))
    let all = try reader.search(index, FullTextSearch("слово"))
    #expect(all.nodes.count == 500)
    for (a, b) in zip(all.nodes.indices, all.nodes.indices.dropFirst()) {
      #expect((-all.scores[a], all.nodes[a].rawValue) < (-all.scores[b], all.nodes[b].rawValue))
    }
    for (skip, limit) in [(0, 0), (0, 1), (3, 10), (70, 5), (490, 20), (600, 5), (.max, .max)] {
      let page = try reader.search(index, FullTextSearch("слово", skip: skip, limit: limit))
      #expect(page.nodes == Array(all.nodes.dropFirst(skip).prefix(limit)), "\(skip), \(limit)")
    }
    let other = try reader.search(index, FullTextSearch("слова", analyzer: "standard"))
    #expect(other.nodes.isEmpty)
  }

  @Test func wrongIndex() throws {
    let store = try reviews(["a"])
    let index = try #require(try store.snapshot().schema.index(named: FullTextGraph.nodeIndex))
    #expect(throws: StoreError.self) {
      try store.snapshot().searchRelationships(index, FullTextSearch("a"))
    }
    #expect(throws: StoreError.self) {
      try store.snapshot().search(index, FullTextSearch("a", analyzer: "нет"))
    }
    let write = try store.beginWrite()
    #expect(throws: StoreError.self) {
      var bad = try FullTextGraph.definition(write, relationships: false, analyzer: "нет")
      bad.name = "other"
      try write.createIndex(bad)
    }
    try write.dropIndex(named: FullTextGraph.nodeIndex)
    #expect(throws: StoreError.self) { try write.reader.search(index, FullTextSearch("a")) }
    try write.commit()
    let error = #expect(throws: StoreError.self) {
      try store.snapshot().search(index, FullTextSearch("a"))
    }
    #expect(error?.code == .schemaNotFound)
    let entries = try store.storeInfo().structures.first { $0.name == "fulltext" }?.entries
    #expect(entries == 0)
  }

  private static let queries = [
    "чайник", "отличный чайник", "+чайник отлично", "чайник AND отлично AND размер",
    "чайник -плохой", "\"отличный чайник\"", "\"не размер\"~2", "\"wi-fi кофе\"", "ча*", "*к",
    "ко?е", "кофи~1", "кофеварко~", "phone^3 the кофе", "text:чайник title:размер",
    "title:(чайник кофе)", "*:* -чайник", "text:*", "\"размер размер\"", "\"размер размер\"~1",
    "+(чайник кофе) +(размер елка)", "12,5", "\"и не\"~3 елка^0.5", "не -не", "wi-fi",
  ]

  /// What the index finds is what a naive one finds, with the same scores.
  private func compare(_ graph: FullTextGraph, _ reader: GraphReader, _ when: String) throws {
    for (name, model) in [
      (FullTextGraph.nodeIndex, graph.nodes), (FullTextGraph.relationshipIndex, graph.notes),
    ] {
      let index = try #require(reader.schema.index(named: name))
      let analysis = try TermAnalysis(index)
      let fields = index.keys.map { reader.name(of: $0) }
      for query in Self.queries where fields.count > 1 || !query.contains("title") {
        var expected = model.search(
          try FullTextQueryParser.parse(query, fields: fields), analysis)
        var found: [(UInt64, Double)] = []
        if index.onRelationships {
          let (relationships, scores) = try reader.searchRelationships(
            index, FullTextSearch(query))
          for relationship in relationships {
            #expect(relationship == graph.relationships[relationship.id.rawValue], "\(when)")
          }
          found = Array(zip(relationships.map(\.id.rawValue), scores))
        } else {
          let (nodes, scores) = try reader.search(index, FullTextSearch(query))
          found = Array(zip(nodes.map(\.rawValue), scores))
        }
        // How near words are is tested elsewhere.
        let comparesScores = !query.contains("\"~")
        for (document, score) in found {
          let other = expected.removeValue(forKey: document)
          let isRight = other.map { !comparesScores || abs($0 - score) < 1e-9 } ?? false
          if !isRight { Issue.record("\(when): \(query): \(document) \(score) \(other as Any)") }
        }
        if !expected.isEmpty { Issue.record("\(when): \(query): lacks \(expected)") }
      }
    }
  }

  @Test(arguments: 0..<8) func randomChanges(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let graph = FullTextGraph(try Store.temporary())
    var isIndexed = false
    for round in 0..<12 {
      let write = try graph.store.beginWrite()
      let before = (graph.nodes, graph.notes, graph.labels, graph.properties, graph.relationships)
      for _ in 0..<(1 + random.below(40)) {
        try graph.step(write, &random)
        if isIndexed, random.below(60) == 0 {
          try compare(graph, write.reader, "seed \(seed), round \(round), in the transaction")
        }
      }
      if !isIndexed, round == Int(seed % 3) {
        for relationships in [false, true] {
          try write.createIndex(
            try FullTextGraph.definition(write, relationships: relationships))
        }
        isIndexed = true
        if random.below(2) == 0 {
          for _ in 0..<5 { try graph.step(write, &random) }
          try compare(graph, write.reader, "seed \(seed), new index in the transaction")
        }
        for _ in 0..<5 { try graph.step(write, &random) }
        try write.commit()
      } else if random.below(5) == 0 {
        write.abort()
        (graph.nodes, graph.notes, graph.labels, graph.properties, graph.relationships) = before
      } else {
        try write.commit()
      }
      if isIndexed, random.below(2) == 0 || round == 11 {
        try compare(graph, try graph.store.snapshot(), "seed \(seed), round \(round)")
      }
    }
  }

  /// An index that is filled in many parts, with relationships out of their order.
  @Test func fillsInParts() throws {
    var random = SeededGenerator(seed: 77)
    let graph = FullTextGraph(try Store.temporary())
    let write = try graph.store.beginWrite()
    for _ in 0..<900 { try graph.step(write, &random) }
    for relationships in [false, true] {
      try write.createIndex(try FullTextGraph.definition(write, relationships: relationships))
    }
    try write.commit()
    let reader = try graph.store.snapshot()
    let lease = try graph.store.lockForWriting()
    let tree = try TreeWriter(lease.environment, durability: .bulk)
    var shares: [Double] = []
    for index in reader.schema.indexes {
      try FullTextWriter(tree, index: index.id).drop()
      try FullTextBuilder.fill(index, from: reader, tree, tokensMaximum: 40) { shares.append($0) }
    }
    try tree.commit()
    lease.environment.noteCommit()
    lease.environment.writerLock.release()
    #expect(shares.count { $0 == 1 } == 2 && shares.allSatisfy { $0 > 0 && $0 <= 1 })
    try compare(graph, try graph.store.snapshot(), "filled in parts")
  }

  /// More changed documents than are held in memory at once.
  @Test func manyChanges() throws {
    let store = try reviews(["чайник"])
    let count = FullTextIndexChanges.batchSize + 100
    let write = try store.beginWrite()
    let (label, key) = (try write.label("Review"), try write.propertyKey("text"))
    for number in 1..<count {
      let node = try write.createNode(labels: [label])
      try write.set(key, of: node, to: .string(number % 100 == 0 ? "чайник" : "слово"))
    }
    try write.set(key, of: NodeID(0), to: .string("слово чайник"))
    try write.commit()
    #expect(try found("чайник", try store.snapshot()).count == (count - 1) / 100 + 1)
    #expect(try found("+чайник +слово", try store.snapshot()) == [0])
    let index = try #require(try store.snapshot().schema.index(named: FullTextGraph.nodeIndex))
    let statistics = try FullTextIndexReader(index, try store.snapshot()).statistics[0]
    #expect(statistics == FieldStatistics(documentCount: count, totalLength: count + 1))
  }

  /// A check finds each index whole, and each damaged value.
  @Test func checks() throws {
    var random = SeededGenerator(seed: 78)
    try withTemporaryDirectory { folder in
      let path = folder.path + "/graph"
      let graph = FullTextGraph(try Store.open(path))
      for round in 0..<6 {
        let write = try graph.store.beginWrite()
        for _ in 0..<80 { try graph.step(write, &random) }
        if round == 1 {
          for relationships in [false, true] {
            try write.createIndex(
              try FullTextGraph.definition(write, relationships: relationships))
          }
        }
        try write.commit()
      }
      let clean = try StoreCheck.run(path: path)
      #expect(clean.findingCount == 0, "\(clean.findings)")
      #expect(clean.examined.contains { $0.name == "full-text terms" && $0.count > 20 })

      let index = try #require(
        try graph.store.snapshot().schema.index(named: FullTextGraph.relationshipIndex))
      // The first of each kind, and some terms.
      let terms = FullTextKey.terms(index.id, field: 0)
      for start in [
        FullTextKey.statistics(index.id), FullTextKey.lengths(index.id, field: 0, firstDocument: 0),
        FullTextKey.ends(index.id, firstDocument: 0), terms, terms + "ч".utf8,
      ] {
        let lease = try graph.store.lockForWriting()
        let tree = try TreeWriter(lease.environment, durability: .bulk)
        var (key, value): ([UInt8], [UInt8]) = ([], [])
        do {
          let cursor = try FullTextCursor(tree)
          let entry = try #require(try cursor.first(from: start))
          (key, value) = (Array(entry.key), Array(entry.value))
          try cursor.delete(key)
        }
        try tree.commit()
        lease.environment.noteCommit()
        lease.environment.writerLock.release()
        let report = try StoreCheck.run(path: path)
        #expect(report.findings.contains { $0.structure == "fulltext" }, "\(key)")
        try put(key, value, graph.store)
        #expect(try StoreCheck.run(path: path).findingCount == 0)
        for _ in 0..<5 {
          var damaged = value
          damaged[random.below(value.count)] ^= UInt8(1 + random.below(255))
          try put(key, damaged, graph.store)
          #expect(try StoreCheck.run(path: path).findingCount > 0)
          // Searches end, with an error or without.
          for query in Self.queries {
            _ = try? graph.store.snapshot().searchRelationships(index, FullTextSearch(query))
          }
        }
        try put(key, value, graph.store)
      }
    }
  }

  private func put(_ key: [UInt8], _ value: [UInt8], _ store: Store) throws {
    let lease = try store.lockForWriting()
    defer { lease.environment.writerLock.release() }
    let tree = try TreeWriter(lease.environment, durability: .bulk)
    try withExtendedLifetime(try FullTextCursor(tree)) { try $0.put(key, value) }
    try tree.commit()
    lease.environment.noteCommit()
  }
}
