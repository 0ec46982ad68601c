import Foundation
import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// What must stay bounded however long a database is in use.
@Suite(.serialized) struct UpkeepTests {
  private func graph(nodes: Int) throws -> Store {
    let store = try Store.temporary()
    let write = try store.beginWrite()
    let (name, age) = (try write.propertyKey("name"), try write.propertyKey("age"))
    let type = try write.relationshipType("KNOWS")
    for index in 0..<nodes {
      let node = try write.createNode(labels: [try write.label("Person")])
      try write.set(name, of: node, to: .string("person \(index)"))
      try write.set(age, of: node, to: .integer(Int64(index)))
      _ = try write.createRelationship(type, from: node, to: NodeID(UInt64(index / 2)))
    }
    try write.commit()
    return store
  }

  @Test func snapshotsLeaveNoReaders() throws {
    let store = try graph(nodes: 10)
    let key = try #require(try store.snapshot().propertyKeyID("age"))
    var kept: [GraphReader] = []
    for round in 0..<10_000 {
      let reader = try store.snapshot()
      if reader.nodeCount != 10 { Issue.record("\(reader.nodeCount) nodes") }
      if round % 100 == 0 {
        let write = try store.beginWrite()
        try write.set(key, of: NodeID(3), to: .integer(Int64(round)))
        try write.commit()
      }
      if round % 7 == 0 { kept.append(reader) }
      if kept.count > 50 { kept.removeFirst() }
    }
    kept = []
    #expect(try store.storeInfo().readerPlaces <= 60)
  }

  /// More states in use than there are places for readers: an error, and no harm.
  @Test func tooManyReaders() throws {
    let store = try graph(nodes: 3)
    let key = try #require(try store.snapshot().propertyKeyID("age"))
    var kept: [GraphReader] = []
    let error = try #require(throws: StoreError.self) {
      for round in 0..<1100 {
        let write = try store.beginWrite()
        try write.set(key, of: NodeID(1), to: .integer(Int64(round)))
        try write.commit()
        kept.append(try store.snapshot())
      }
    }
    #expect(error.code == .readersFull && error.hint != nil)
    for (round, reader) in kept.enumerated() where round % 100 == 0 {
      #expect(try reader.property(key, of: NodeID(1)) == .integer(Int64(round)))
    }
    kept = []
    let write = try store.beginWrite()
    try write.set(key, of: NodeID(1), to: .integer(-1))
    try write.commit()
    #expect(try store.snapshot().property(key, of: NodeID(1)) == .integer(-1))
  }

  @Test func smallTransactionsDoNotGrowTheFile() throws {
    let store = try graph(nodes: 3000)
    var random = SeededGenerator(seed: 8)
    // No reader may stay: it would keep the pages of its state.
    let name = try #require(try store.snapshot().propertyKeyID("name"))
    let type = try #require(try store.snapshot().relationshipTypeID("KNOWS"))
    var sizes: [Int] = []
    var made: [RelationshipRef] = []
    for round in 0..<1000 {
      let write = try store.beginWrite()
      let node = NodeID(UInt64(random.below(3000)))
      try write.set(name, of: node, to: .string(String(repeating: "x", count: random.below(60))))
      made.append(
        try write.createRelationship(type, from: node, to: NodeID(UInt64(random.below(3000)))))
      if made.count > 50 { try write.deleteRelationship(made.remove(at: random.below(50))) }
      try write.commit()
      if round % 100 == 99 { sizes.append(try store.storeInfo().fileSize) }
    }
    // The first rounds make room for the states that follow each other; then it is used again.
    let first = try #require(sizes.dropFirst(2).first)
    #expect(sizes.allSatisfy { $0 <= first + first / 2 }, "\(sizes)")
  }

  @Test func oldReadersSeeTheirState() throws {
    let store = try graph(nodes: 100)
    let old = try store.snapshot()
    let age = try #require(old.propertyKeyID("age"))
    for round in 0..<300 {
      let write = try store.beginWrite()
      try write.set(age, of: NodeID(UInt64(round % 100)), to: .integer(-1))
      _ = try write.createNode(labels: [])
      try write.commit()
      if round == 150 { #expect(try old.property(age, of: NodeID(7)) == .integer(7)) }
    }
    #expect(old.nodeCount == 100 && !old.exists(NodeID(100)))
    for row in 0..<100 {
      #expect(try old.property(age, of: NodeID(UInt64(row))) == .integer(Int64(row)))
    }
    let new = try store.snapshot()
    #expect(new.nodeCount == 400 && new.stateNumber > old.stateNumber)
    #expect(try new.property(age, of: NodeID(7)) == .integer(-1))
  }

  /// Readers on several threads while a writer commits pairs of equal numbers.
  @Test func readersNeverSeeHalfACommit() async throws {
    let store = try graph(nodes: 5000)
    let age = try #require(try store.snapshot().propertyKeyID("age"))
    let (a, b) = (NodeID(0), NodeID(4999))
    func put(_ number: Int) throws {
      let write = try store.beginWrite()
      try write.set(age, of: a, to: .integer(Int64(number)))
      try write.set(age, of: b, to: .integer(Int64(number)))
      try write.commit()
    }
    try put(0)
    let halves = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<3 {
        group.addTask {
          var halves = 0
          var last: Int64 = 0
          while last < 200 {
            let reader = try store.snapshot()
            let (x, y) = (try reader.property(age, of: a), try reader.property(age, of: b))
            guard case .integer(let number) = x else { return -1 }
            if x != y || number < last { halves += 1 }
            last = number
          }
          return halves
        }
      }
      for number in 1...200 { try put(number) }
      return try await group.reduce(0, +)
    }
    #expect(halves == 0)
  }
}
