import Foundation
import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// Recorded changes over the chunks, and the transactions that make them.
@Suite struct DeltaTests {
  private func entries(_ store: Store, _ tree: String) throws -> Int {
    try store.storeInfo().structures.first { $0.name == tree }?.entries ?? -1
  }

  @Test func smallCommitsWriteRecordsAndLargeOnesChunks() throws {
    let store = try Store.temporary()
    var write = try store.beginWrite()
    let node = try write.createNode(labels: [try write.label("A")])
    let key = try write.propertyKey("k")
    try write.set(key, of: node, to: .integer(1))
    try write.commit()
    #expect(try entries(store, "delta") == 1)
    #expect(try entries(store, "columns") == 0 && entries(store, "catalogue") == 0)
    #expect(try store.snapshot().property(key, of: node) == .integer(1))
    // Nothing has changed: nothing is recorded.
    try store.beginWrite().commit()
    write = try store.beginWrite()
    #expect(try !write.set(write.propertyKey("k"), of: node, to: .integer(2)) == false)
    write.abort()
    #expect(try entries(store, "delta") == 1)
    write = try store.beginWrite()
    for _ in 0..<18_000 { _ = try write.createNode(labels: []) }
    try write.commit()
    #expect(try entries(store, "delta") == 0 && entries(store, "columns") == 1)
    let reader = try store.snapshot()
    #expect(reader.nodeCount == 18_001 && reader.labelNames == ["A"])
    #expect(try reader.property(key, of: node) == .integer(1))
  }

  @Test func recordsAreFolded() throws {
    let store = try Store.temporary()
    try store.currentLease().environment.deltaLimits.changes = 20
    var most = 0
    for round in 0..<100 {
      let write = try store.beginWrite()
      let node = try write.createNode(labels: [])
      try write.set(write.propertyKey("k"), of: node, to: .integer(Int64(round)))
      try write.commit()
      most = max(most, try entries(store, "delta"))
    }
    #expect((5...10).contains(most))
    let reader = try store.snapshot()
    let key = try #require(reader.propertyKeyID("k"))
    for row in 0..<100 {
      #expect(try reader.property(key, of: NodeID(UInt64(row))) == .integer(Int64(row)))
    }
    try store.fold()
    #expect(try entries(store, "delta") == 0)
  }

  /// Relationships fold when they have changed many chunks, not when there are many in a few.
  @Test func chunksOfNeighbourListsAreCountedOnce() throws {
    let store = try Store.temporary()
    var write = try store.beginWrite()
    let type = try write.relationshipType("T")
    let nodes = try (0..<16_000).map { _ in try write.createNode(labels: []) }
    for node in nodes {
      for other in [0, 1] { _ = try write.createRelationship(type, from: node, to: nodes[other]) }
    }
    try write.commit()
    try store.fold()
    let chunks = try store.snapshot().adjacency(type, .outgoing).chunkCount
    try store.currentLease().environment.deltaLimits.chunks = 6
    #expect(chunks > 8)
    for round in 0..<40 {
      write = try store.beginWrite()
      _ = try write.createRelationship(type, from: nodes[round], to: nodes[1])
      try write.commit()
    }
    #expect(try entries(store, "delta") == 40)
    for round in 0..<8 {
      write = try store.beginWrite()
      _ = try write.createRelationship(type, from: nodes[2000 * round], to: nodes[1])
      try write.commit()
    }
    #expect(try entries(store, "delta") < 8)
    #expect(try store.snapshot().relationshipCount(type: type) == 32_048)
  }

  /// Records that undo each other leave the chunks as they are; readers still see that they are gone.
  @Test func foldsThatChangeNothing() throws {
    let store = try Store.temporary()
    var write = try store.beginWrite()
    let node = try write.createNode(labels: [])
    let key = try write.propertyKey("lock")
    try write.commit()
    try store.fold()
    func set(_ value: Value) throws {
      write = try store.beginWrite()
      try write.set(key, of: node, to: value)
      try write.commit()
    }
    for round in 0..<3 {
      try set(.integer(1))
      try set(.null)
      #expect(try store.snapshot().property(key, of: node) == .null)
      try store.fold()
      for number in 0..<Int64(round + 3) {
        try set(.integer(number))
        #expect(try store.snapshot().property(key, of: node) == .integer(number))
      }
      try set(.null)
      try store.fold()
    }
  }

  /// Chunks of words are decoded when many of their rows change; the texts must stay.
  @Test func rowsBehindTextsOfWords() throws {
    let store = try Store.temporary()
    func text(_ row: Int) -> Value { .string("a long text of some words, number \(row)") }
    var count = 0
    for step in [3000, 500, 60, 1, 2000] {
      let write = try store.beginWrite()
      let key = try write.propertyKey("text")
      for row in count..<(count + step) {
        try write.set(key, of: try write.createNode(labels: []), to: text(row))
      }
      count += step
      try write.commit()
      try store.fold()
      let reader = try store.snapshot()
      for row in 0..<count where try reader.property(key, of: NodeID(UInt64(row))) != text(row) {
        Issue.record("row \(row) after \(count)")
        return
      }
    }
  }

  /// A writer that goes on after another transaction has been dropped, in each kind of change.
  @Test func nothingOfAbortedTransactionsStays() throws {
    let store = try Store.temporary()
    var write = try store.beginWrite()
    let node = try write.createNode(labels: [try write.label("A")])
    try write.commit()
    write = try store.beginWrite()
    try write.addLabel(try write.label("B"), to: node)
    try write.set(try write.propertyKey("k"), of: node, to: .string("x"))
    _ = try write.createRelationship(try write.relationshipType("T"), from: node, to: node)
    _ = try write.createNode(labels: [])
    write.abort()
    write = try store.beginWrite()
    #expect(write.reader.labelNames == ["A"] && write.reader.propertyKeyNames == [])
    #expect(write.reader.relationshipTypeNames == [] && write.reader.nodeRowCount == 1)
    #expect(write.reader.labels(of: node) == [LabelID(0)])
    #expect(try write.createNode(labels: []) == NodeID(1))
    try write.commit()
    #expect(try store.snapshot().nodeCount == 2)
  }

  /// What a transaction has shown stays as it was, also when the next changes the same.
  @Test func readersOfEndedTransactionsDoNotChange() throws {
    let store = try Store.temporary()
    var write = try store.beginWrite()
    let node = try write.createNode(labels: [])
    let key = try write.propertyKey("k")
    try write.set(key, of: node, to: .string("before"))
    let reader = write.reader
    let texts = try reader.gather(key, nodes: [node], count: 1)
    let chunk = try reader.column(key, nodeSegment: 0)
    try write.commit()
    for round in 0..<50 {
      write = try store.beginWrite()
      try write.set(key, of: node, to: .string("after \(round)"))
      _ = try write.reader.column(key, nodeSegment: 0)
      try write.commit()
    }
    #expect(try reader.property(key, of: node) == .string("before"))
    #expect(texts.boxed(0) == .string("before"))
    #expect(chunk?.value(at: 0) == .string("before"))
  }

  /// A counter that several threads increment in small transactions, some of which are dropped; each
  /// value that was acknowledged is there, and readers see a sum that fits.
  @Test(arguments: [StoreOptions.Durability.bulk, .full])
  func threadsCommitTogether(_ durability: StoreOptions.Durability) async throws {
    try await withTemporaryDirectory { folder in
      var options = StoreOptions()
      options.durability = durability
      options.lockTimeout = .seconds(60)
      let path = folder.appending(path: "graph").path
      let store = try Store.open(path, options: options)
      let write = try store.beginWrite()
      let (counter, total) = (try write.createNode(labels: []), try write.createNode(labels: []))
      let key = try write.propertyKey("n")
      for node in [counter, total] { try write.set(key, of: node, to: .integer(0)) }
      try write.commit()
      try store.currentLease().environment.deltaLimits.changes = 500
      let (threads, rounds) = (6, durability == .full ? 25 : 100)
      let before = try store.storeInfo().commits

      @Sendable func increment(_ thread: Int, _ round: Int) throws {
        let write = try store.beginWrite()
        guard case .integer(let n) = try write.reader.property(key, of: counter) else { return }
        try write.set(key, of: counter, to: .integer(n + 1))
        let node = try write.createNode(labels: [])
        try write.set(key, of: node, to: .integer(Int64(thread * 1000 + round)))
        if round % 7 == 3 { return write.abort() }
        guard case .integer(let m) = try write.reader.property(key, of: total) else { return }
        try write.set(key, of: total, to: .integer(m - 1))
        try write.commit()
        let reader = try store.snapshot()
        guard case .integer(let seen) = try reader.property(key, of: counter) else { return }
        if seen <= n { Issue.record("a commit is not seen after it has returned") }
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for thread in 0..<threads {
          group.addTask {
            for round in 0..<rounds { try increment(thread, round) }
          }
        }
        group.addTask {
          for _ in 0..<100 {
            let reader = try store.snapshot()
            guard case .integer(let n) = try reader.property(key, of: counter),
              case .integer(let m) = try reader.property(key, of: total)
            else { throw CancellationError() }
            if n + m != 0 { Issue.record("half a commit is seen: \(n), \(m)") }
            await Task.yield()
          }
        }
        try await group.waitForAll()
      }
      let done = threads * (0..<rounds).count { $0 % 7 != 3 }
      // Fewer than transactions: some were stored together.
      if durability == .full { #expect(try store.storeInfo().commits - before <= done) }
      store.close()
      let reader = try Store.open(path).snapshot()
      #expect(try reader.property(key, of: counter) == .integer(Int64(done)))
      #expect(reader.nodeCount == 2 + done)
      var values: Set<String> = []
      for row in 2..<reader.nodeRowCount {
        values.insert("\(try reader.property(key, of: NodeID(UInt64(row))))")
      }
      #expect(values.count == done)
    }
  }

  /// An aborted transaction between others that are stored together, with a unique index.
  @Test func conflictsDoNotHarmTheirGroup() async throws {
    var options = StoreOptions()
    options.durability = .bulk
    try await withTemporaryDirectory { folder in
      let store = try Store.open(folder.appending(path: "graph").path, options: options)
      let write = try store.beginWrite()
      let (label, key) = (try write.label("A"), try write.propertyKey("id"))
      try write.createConstraint(
        ConstraintDefinition(
          id: 0, name: "id", kind: .unique, onRelationships: false, label: label.rawValue,
          keys: [key], index: nil))
      try write.commit()
      let taken = try await withThrowingTaskGroup(of: Int.self) { group in
        for thread in 0..<6 {
          group.addTask {
            var taken = 0
            for number in 0..<60 {
              let write = try store.beginWrite(timeout: .seconds(60))
              do {
                let node = try write.createNode(labels: [label])
                try write.set(key, of: node, to: .integer(Int64((number * 7 + thread * 13) % 90)))
                try write.commit()
                taken += 1
              } catch let error as StoreError {
                write.abort()
                if error.code != .constraint { throw error }
              }
            }
            return taken
          }
        }
        return try await group.reduce(0, +)
      }
      let reader = try store.snapshot()
      #expect(taken == reader.nodeCount && taken == 90)
      let index = try #require(reader.schema.indexes.first)
      for number in 0..<90 {
        var found: [NodeID] = []
        try reader.search(index, .init(equal: [.integer(Int64(number))]), appendingTo: &found)
        #expect(found.count == 1)
        guard let node = found.first else { continue }
        #expect(try reader.property(key, of: node) == .integer(Int64(number)))
      }
    }
  }

  /// One more relationship costs a hub as much as a leaf.
  @Test func hubsGrowAsLeavesDo() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      let loader = try BulkLoader(creating: path)
      let count = 1_000_000
      _ = try loader.addNodes(labels: [], columns: [], count: 100_000)
      // Node 5 has nearly all.
      try loader.addRelationships(
        type: "T", from: (0..<count).map { $0 < 100_000 ? UInt32($0) : 5 },
        to: (0..<count).map { UInt32(($0 * 7) % 100_000) }, columns: [], count: count)
      _ = try loader.finish()
      var options = StoreOptions()
      options.durability = .bulk
      let store = try Store.open(path, options: options)
      let type = try #require(try store.snapshot().relationshipTypeID("T"))
      let clock = ContinuousClock()
      func grow(_ node: UInt64) throws -> Duration {
        try clock.measure {
          for index in 0..<300 {
            let write = try store.beginWrite()
            _ = try write.createRelationship(
              type, from: NodeID(node), to: NodeID(UInt64(index * 100)))
            try write.commit()
          }
          try store.fold()
        }
      }
      _ = try grow(77)
      let (hub, leaf) = (try grow(5), try grow(99))
      #expect(hub < leaf * 8, "\(hub) for a hub, \(leaf) for a leaf")
      let reader = try store.snapshot()
      #expect(try reader.adjacency(type, .outgoing).degree(of: NodeID(5)) == 900_001 + 300)
      #expect(try reader.adjacency(type, .outgoing).degree(of: NodeID(99)) == 301)
    }
  }
}
