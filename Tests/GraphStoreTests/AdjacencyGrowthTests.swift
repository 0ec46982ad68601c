import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// Lists that outgrow their chunk, by transactions.
@Suite struct AdjacencyGrowthTests {
  /// The relationships that there must be, all of one type.
  private struct Lists {
    var relationships: [RelationshipID: RelationshipRef] = [:]

    /// Differences between these and what a reader has, both ways; empty if there are none.
    func differences(_ reader: GraphReader) throws -> [String] {
      guard let type = reader.relationshipTypeID("T") else { return ["no type"] }
      var found: [String] = []
      for direction in [Direction.outgoing, .incoming] {
        let adjacency = try reader.adjacency(type, direction)
        var expected: [NodeID: [[UInt64]]] = [:]
        for one in relationships.values {
          let ends = direction == .outgoing ? (one.start, one.end) : (one.end, one.start)
          expected[ends.0, default: []].append([ends.1.rawValue, one.id.row])
        }
        for row in 0..<UInt64(reader.nodeRowCount) {
          var list: [[UInt64]] = []
          adjacency.forEachRun(of: NodeID(row)) { run in
            for place in 0..<run.count {
              list.append([UInt64(run.neighbours[place]), UInt64(run.row(place))])
            }
          }
          let wanted = (expected[NodeID(row)] ?? []).sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
          if list != wanted { found.append("\(direction) of \(row)") }
          if adjacency.degree(of: NodeID(row)) != wanted.count { found.append("degree of \(row)") }
          guard let neighbour = wanted.last?[0] else { continue }
          var parallel: [UInt64] = []
          adjacency.forEachRun(of: NodeID(row), to: NodeID(neighbour)) { run in
            for place in 0..<run.count { parallel.append(UInt64(run.row(place))) }
          }
          if parallel != wanted.filter({ $0[0] == neighbour }).map({ $0[1] }) {
            found.append("relationships from \(row) to \(neighbour)")
          }
        }
      }
      if reader.relationshipCount(type: type) != relationships.count { found.append("count") }
      return found
    }
  }

  private func build(_ nodes: Int) throws -> (Store, Lists) {
    let store = try Store.temporary()
    let transaction = try store.beginWrite()
    for _ in 0..<nodes { _ = try transaction.createNode(labels: []) }
    try transaction.commit()
    return (store, Lists())
  }

  private func connect(
    _ transaction: WriteTransaction, _ model: inout Lists, _ from: UInt64, _ to: UInt64
  ) throws {
    let reference = try transaction.createRelationship(
      transaction.relationshipType("T"), from: NodeID(from), to: NodeID(to))
    model.relationships[reference.id] = reference
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
      if part == 1 { #expect(try model.differences(transaction.reader) == []) }
      try transaction.commit()
    }
    let reader = try store.snapshot()
    #expect(try model.differences(reader) == [])
    let type = try #require(reader.relationshipTypeID("T"))
    #expect(try reader.adjacency(type, .outgoing).chunkCount > 3)
    // Take most of it away again, in random order.
    let transaction = try store.beginWrite()
    for record in model.relationships.values.sorted(by: { $0.id < $1.id })
      .shuffled(using: &random).dropLast(100)
    {
      #expect(try transaction.deleteRelationship(record))
      model.relationships[record.id] = nil
    }
    #expect(try model.differences(transaction.reader) == [])
    try transaction.commit()
    #expect(try model.differences(try store.snapshot()) == [])
    try store.fold()
    let after = try store.snapshot()
    #expect(try model.differences(after) == [])
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
    #expect(try model.differences(reader) == [])
    let type = try #require(reader.relationshipTypeID("T"))
    #expect(try reader.adjacency(type, .outgoing).chunkCount <= 8)
  }
}
