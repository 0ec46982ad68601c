import Foundation
import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// Transactions that are dropped leave the state that the next one continues as it was. See also
/// `RandomTransactionTests`, which drop every sixth.
@Suite struct TakingBackTests {
  private func expectWhole(_ path: String, _ location: SourceLocation = #_sourceLocation) throws {
    #expect(try StoreCheck.run(path: path).findings.map(\.text) == [], sourceLocation: location)
  }

  /// All kinds of changes, so many that columns are decoded and neighbour lists applied.
  private func change(_ write: WriteTransaction, rows: Int) throws {
    let (label, type) = (try write.label("New"), try write.relationshipType("NEW"))
    let (key, old) = (try write.propertyKey("new"), PropertyKeyID(0))
    var nodes: [NodeID] = []
    for row in 0..<rows {
      let node = try write.createNode(labels: [label, LabelID(0)])
      nodes.append(node)
      try write.set(key, of: node, to: .string("text \(row)"))
      try write.set(old, of: node, to: .integer(Int64(row)))
      try write.set(old, of: NodeID(UInt64(row)), to: .string("mixed"))
      let relationship = try write.createRelationship(
        type, from: node, to: NodeID(UInt64(row)))
      try write.set(key, of: relationship, to: .boolean(true))
      if row % 10 == 5 {
        _ = try write.reader.adjacency(type, .outgoing)
        try write.deleteRelationship(relationship)
        try write.deleteNode(node)
        try write.addLabel(label, to: NodeID(UInt64(row)))
        try write.removeLabel(label, from: NodeID(UInt64(row - 5)))
      }
    }
    _ = try write.reader.column(old, nodeSegment: 0)
  }

  @Test func whatADroppedTransactionChangedIsTakenBack() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      let store = try Store.open(path)
      var write = try store.beginWrite()
      _ = try SampleGraph.create(write, nodes: 2100, seed: 5)
      try write.commit()
      for round in 0..<4 {
        let before = try store.snapshot()
        write = try store.beginWrite()
        try change(write, rows: [3, 60, 110, 400][round])
        write.abort()
        write = try store.beginWrite()
        let after = write.reader
        #expect(after.nodeCount == before.nodeCount && after.nodeRowCount == before.nodeRowCount)
        #expect(after.labelNames == before.labelNames)
        #expect(after.relationshipTypeNames == before.relationshipTypeNames)
        #expect(after.propertyKeyNames == before.propertyKeyNames)
        for row in 0..<UInt64(before.nodeRowCount) {
          let node = NodeID(row)
          #expect(
            try after.property(PropertyKeyID(0), of: node)
              == before.property(PropertyKeyID(0), of: node))
          #expect(after.labels(of: node) == before.labels(of: node))
        }
        // The same rows again, as something else.
        let node = try write.createNode(labels: [try write.label("Other \(round)")])
        #expect(after.labels(of: node).count == 1)
        #expect(try after.property(PropertyKeyID(0), of: node) == .null)
        let relationship = try write.createRelationship(
          try write.relationshipType("Other \(round)"), from: node, to: NodeID(0))
        try write.set(PropertyKeyID(0), of: relationship, to: .integer(1))
        try write.commit()
        try expectWhole(path)
        if round > 0 { try store.fold() }
        try expectWhole(path)
      }
      store.close()
    }
  }

  @Test func segmentsThatADroppedTransactionBeganAreNotStored() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      let store = try Store.open(path)
      var write = try store.beginWrite()
      for _ in 0..<Segments.rowCount { _ = try write.createNode(labels: []) }
      let key = try write.propertyKey("k")
      try write.commit()
      write = try store.beginWrite()
      for _ in 0..<40 { try write.set(key, of: write.createNode(labels: []), to: .integer(1)) }
      write.abort()
      try store.fold()
      #expect(try store.snapshot().nodeRowCount == Segments.rowCount)
      #expect(try store.storeInfo().structures.first { $0.name == "nodes" }?.entries == 1)
      try expectWhole(path)
      store.close()
    }
  }

  /// The next transaction goes on with the same state, unless too much was changed or it is still seen.
  @Test func theStateIsKept() throws {
    let store = try Store.temporary()
    var write = try store.beginWrite()
    let nodes = try (0..<(3 * Segments.rowCount)).map { _ in try write.createNode(labels: []) }
    let key = try write.propertyKey("k")
    try write.commit()
    try store.fold()
    func state() throws -> ObjectIdentifier {
      let write = try store.beginWrite()
      return ObjectIdentifier(try write.view().state)
    }
    let first = try state()
    write = try store.beginWrite()
    try write.set(key, of: nodes[0], to: .integer(1))
    write.abort()
    #expect(try state() == first)
    let limits = try store.currentLease().environment.deltaLimits
    try store.currentLease().environment.deltaLimits.chunks = 2
    write = try store.beginWrite()
    for segment in 0..<3 {
      try write.set(key, of: nodes[segment * Segments.rowCount], to: .integer(1))
    }
    write.abort()
    try store.currentLease().environment.deltaLimits = limits
    write = try store.beginWrite()
    #expect(try !write.view().state.hasChanged(moreChunksThan: 0))
    for node in nodes { try write.set(key, of: node, to: .integer(1)) }
    write.abort()
    write = try store.beginWrite()
    #expect(try !write.view().state.hasChanged(moreChunksThan: 0))
    try write.set(key, of: nodes[0], to: .integer(1))
    let reader = write.reader
    write.abort()
    #expect(try reader.property(key, of: nodes[0]) == .integer(1))
    write = try store.beginWrite()
    #expect(try write.reader.property(key, of: nodes[0]) == .null)
  }
}
