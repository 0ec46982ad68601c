import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// What the store says of single relationships and of all those of a node.
@Suite struct RelationshipExistenceTests {
  /// A relationship is made or folded or recorded, and deleted in the same transaction, in one before
  /// or before a fold.
  @Test func deletedRelationshipsTakeNoProperties() throws {
    for folds in [false, true] {
      let store = try Store.temporary()
      var write = try store.beginWrite()
      let nodes = [try write.createNode(labels: []), try write.createNode(labels: [])]
      let (type, key) = (try write.relationshipType("T"), try write.propertyKey("k"))
      let relationships = try (0..<5).map { _ in
        try write.createRelationship(type, from: nodes[0], to: nodes[1])
      }
      func expectNone(_ relationship: RelationshipRef) throws {
        #expect(try !write.exists(relationship))
        for value in [Value.integer(1), .null] {
          let error = #expect(throws: StoreError.self) {
            try write.set(key, of: relationship, to: value)
          }
          #expect(error?.code == .invalidArgument)
          #expect(error?.message == "there is no relationship \(relationship.id.rawValue)")
        }
      }
      func end() throws { if folds { try write.fold() } else { try write.commit() } }
      func delete(_ relationship: RelationshipRef) throws {
        #expect(try write.exists(relationship))
        #expect(try write.deleteRelationship(relationship))
        try expectNone(relationship)
        #expect(try !write.deleteRelationship(relationship))
      }
      try delete(relationships[0])
      try write.set(key, of: relationships[1], to: .integer(1))
      try end()
      write = try store.beginWrite()
      try expectNone(relationships[0])
      try delete(relationships[1])
      try end()
      write = try store.beginWrite()
      for relationship in relationships.prefix(2) { try expectNone(relationship) }
      try delete(relationships[2])
      try write.set(key, of: relationships[3], to: .integer(2))
      var other = relationships[3]
      other.id = RelationshipID(type: type, row: 5)
      try expectNone(other)
      other.id = RelationshipID(type: RelationshipTypeID(1), row: 3)
      try expectNone(other)
      other = relationships[3]
      other.end = NodeID(2)
      try expectNone(other)
      write.abort()
      // What a dropped transaction has deleted is there.
      write = try store.beginWrite()
      try write.set(key, of: relationships[2], to: .integer(3))
      try end()
      let reader = try store.snapshot()
      #expect(try reader.property(key, of: relationships[0].id) == .null)
      #expect(try reader.property(key, of: relationships[1].id) == .null)
      #expect(try reader.property(key, of: relationships[2].id) == .integer(3))
      #expect(reader.relationshipCount == 3)
    }
  }

  @Test func relationshipsOfNodes() throws {
    let store = try Store.temporary()
    var random = SeededGenerator(seed: 4)
    for round in 0..<6 {
      let write = try store.beginWrite()
      let types = try ["A", "B", "C", "D"].map { try write.relationshipType($0) }
      let labels = try ["X", "Y", "Z"].map { try write.label($0) }
      let first = write.reader.nodeRowCount
      for row in 0..<30 {
        _ = try write.createNode(labels: Array(labels.prefix((row + round) % 4)))
      }
      for _ in 0..<60 {
        // B only from one node, D never.
        let type = random.below(3)
        let ends = (first + random.below(30), first + random.below(30))
        _ = try write.createRelationship(
          types[type], from: NodeID(UInt64(type == 1 ? first : ends.0)), to: NodeID(UInt64(ends.1)))
      }
      for row in 0..<write.reader.nodeRowCount {
        let node = NodeID(UInt64(row))
        var expected: [UInt64] = []
        for type in types {
          for direction in [Direction.outgoing, .incoming] {
            try write.reader.adjacency(type, direction).forEachRun(of: node) { run in
              for index in 0..<run.count
              where direction == .outgoing || run.neighbours[index] != UInt32(row) {
                expected.append(RelationshipID(type: type, row: UInt64(run.row(index))).rawValue)
              }
            }
          }
        }
        let found = try write.relationships(of: node)
        #expect(try write.hasRelationships(node) == !found.isEmpty)
        #expect(found.map(\.id.rawValue).sorted() == expected.sorted())
        #expect(found.allSatisfy { $0.start == node || $0.end == node })
        if random.below(5) == 0 {
          for relationship in found { try write.deleteRelationship(relationship) }
          #expect(try write.relationships(of: node).isEmpty)
          #expect(try !write.reader.exists(node) || write.deleteNode(node))
        } else if !found.isEmpty {
          #expect(throws: StoreError.self) { try write.deleteNode(node) }
        }
      }
      if round % 2 == 0 { try write.commit() } else { try write.fold() }
    }
  }
}
