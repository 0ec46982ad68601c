import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// Lists that outgrow their chunk, by transactions.
@Suite struct AdjacencyGrowthTests {
  private func build(_ nodes: Int) throws -> (Store, GraphModel) {
    let store = try Store.temporary()
    var model = GraphModel()
    let transaction = try store.beginWrite()
    for _ in 0..<nodes { model.nodes[try transaction.createNode(labels: [])] = .init(labels: []) }
    try transaction.commit()
    return (store, model)
  }

  private func connect(
    _ transaction: WriteTransaction, _ model: inout GraphModel, _ from: UInt64, _ to: UInt64
  ) throws {
    let reference = try transaction.createRelationship(
      transaction.relationshipType("T"), from: NodeID(from), to: NodeID(to))
    model.relationships[reference.id] = .init(reference: reference, type: "T")
  }

  enum Order: CaseIterable { case ascending, descending, random, parallel }

  @Test(arguments: Order.allCases) func hub(_ order: Order) throws {
    var (store, model) = try build(300)
    var random = SeededGenerator(seed: 5)
    for part in 0..<3 {
      let transaction = try store.beginWrite()
      for index in 0..<3000 {
        let other: UInt64 =
          switch order {
          case .ascending: UInt64(index / 10)
          case .descending: UInt64(299 - index / 10)
          case .random: random.next() % 300
          case .parallel: 7
          }
        // A hub both ways, with ordinary nodes before and behind it.
        try connect(transaction, &model, 150, other)
        if index % 20 == 0 { try connect(transaction, &model, other, 151) }
      }
      if part == 1 { #expect(try model.differences(transaction.reader, keys: []) == []) }
      try transaction.commit()
    }
    let reader = try store.snapshot()
    #expect(try model.differences(reader, keys: []) == [])
    let type = try #require(reader.relationshipTypeID("T"))
    #expect(try reader.adjacency(type, .outgoing).chunkCount > 3)
    // Take most of it away again, in random order.
    let transaction = try store.beginWrite()
    for record in model.relationships.values.sorted(by: { $0.reference.id < $1.reference.id })
      .shuffled(using: &random).dropLast(100)
    {
      #expect(try transaction.deleteRelationship(record.reference))
      model.relationships[record.reference.id] = nil
    }
    #expect(try model.differences(transaction.reader, keys: []) == [])
    try transaction.commit()
    let after = try store.snapshot()
    #expect(try model.differences(after, keys: []) == [])
    // Small remains are joined.
    #expect(try after.adjacency(type, .outgoing).chunkCount <= 2)
  }

  @Test func scattered() throws {
    var (store, model) = try build(3000)
    var random = SeededGenerator(seed: 8)
    for _ in 0..<4 {
      let transaction = try store.beginWrite()
      for _ in 0..<500 {
        try connect(transaction, &model, random.next() % 3000, random.next() % 3000)
      }
      try transaction.commit()
    }
    for node in stride(from: 2999, through: 0, by: -3) {
      let transaction = node % 300 == 2 ? try store.beginWrite() : nil
      if let transaction {
        try connect(transaction, &model, UInt64(node), 0)
        try transaction.commit()
      }
    }
    let reader = try store.snapshot()
    #expect(try model.differences(reader, keys: []) == [])
    let type = try #require(reader.relationshipTypeID("T"))
    #expect(try reader.adjacency(type, .outgoing).chunkCount <= 8)
  }
}
