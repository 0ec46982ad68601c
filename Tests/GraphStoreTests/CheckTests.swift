import Foundation
import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// `StoreCheck` finds nothing in whole files, and what is wrong in others.
@Suite struct CheckTests {
  /// Nodes with values of all kinds, relationships with a hub, deleted ones of both; in the base, and
  /// the last changes recorded only.
  private func make(_ path: String, nodes: Int = 2500) throws {
    let store = try Store.open(path)
    defer { store.close() }
    let write = try store.beginWrite()
    let sample = try SampleGraph.create(write, nodes: nodes, seed: 11)
    try write.commit()
    let small = try store.beginWrite()
    let lonely = try small.createNode(labels: [])
    let kept = try small.createNode(labels: [sample.labels[1]])
    try small.set(sample.keys[0], of: kept, to: .integer(7))
    _ = try small.createRelationship(sample.type, from: kept, to: NodeID(3))
    try small.deleteNode(lonely)
    try small.commit()
  }

  private func expectWhole(_ path: String, _ location: SourceLocation = #_sourceLocation) throws {
    let report = try StoreCheck.run(path: path)
    #expect(report.findings.map(\.text) == [], sourceLocation: location)
    #expect(report.findingCount == 0, sourceLocation: location)
  }

  /// Changes values behind the store's back.
  private func change(
    _ path: String, _ tree: Tree, where isMeant: ([UInt8]) -> Bool = { _ in true },
    _ body: ([UInt8]) throws -> [UInt8]?
  ) throws {
    let store = try Store.open(path)
    defer { store.close() }
    let environment = try store.lockForWriting().environment
    defer { environment.writerLock.release() }
    let writer = try TreeWriter(environment, durability: .bulk)
    var entries: [(key: [UInt8], value: [UInt8])] = []
    try writer.walk(tree) { key, value in entries.append((Array(key), Array(value))) }
    let entry = try #require(entries.first { isMeant($0.key) })
    if let value = try body(entry.value) {
      try writer.put(tree, Key(bytes: entry.key), value)
    } else {
      try writer.delete(tree, Key(bytes: entry.key))
    }
    try writer.commit()
    environment.forgetNewest()
  }

  private func findings(_ path: String) throws -> [String] {
    try StoreCheck.run(path: path).findings.map { "\($0.structure): \($0.text)" }
  }

  @Test func wholeFiles() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      try Store.open(path).close()
      try expectWhole(path)
      try make(path)
      try expectWhole(path)
      let store = try Store.open(path)
      // Also while it is open and changed.
      let write = try store.beginWrite()
      for row in stride(from: 0, to: 2000, by: 7) {
        for type in 0..<2 {
          for direction in [Direction.outgoing, .incoming] {
            var refs: [RelationshipRef] = []
            let type = RelationshipTypeID(UInt32(type))
            try write.reader.adjacency(type, direction).forEachRun(of: NodeID(UInt64(row))) { run in
              for index in 0..<run.count {
                let (near, far) = (NodeID(UInt64(row)), NodeID(UInt64(run.neighbours[index])))
                refs.append(
                  RelationshipRef(
                    id: RelationshipID(type: type, row: UInt64(run.row(index))),
                    start: direction == .outgoing ? near : far,
                    end: direction == .outgoing ? far : near))
              }
            }
            for ref in refs { try write.deleteRelationship(ref) }
          }
        }
        try write.deleteNode(NodeID(UInt64(row)))
      }
      try expectWhole(path)
      try write.commit()
      try expectWhole(path)
      let report = try StoreCheck.run(path: path)
      #expect(report.examined.first { $0.name == "property values" }?.count ?? 0 > 1000)
      try store.reset()
      try expectWhole(path)
    }
  }

  @Test(arguments: [Tree.counts, .nodes, .columns, .adjacency, .delta])
  func damagedValues(_ tree: Tree) throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      try make(path)
      try change(path, tree) { value in
        var value = value
        // Also makes a letter of a name no letter.
        value[value.count / 2] ^= 0xD5
        return value
      }
      #expect(try findings(path).contains { $0.hasPrefix(tree.name) }, "\(tree)")
    }
  }

  @Test func countsThatAreWrong() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      try make(path)
      try change(path, .counts, where: { $0[0] == GraphCounts.Kind.labelled.rawValue }) { value in
        var value = value
        value[0] &+= 1
        return value
      }
      #expect(try findings(path).contains { $0.contains("nodes with the label label 0") })
    }
  }

  @Test func countsByEndsThatAreWrong() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      try make(path)
      let kind = GraphCounts.Kind.relationshipEnds.rawValue
      try change(path, .counts, where: { $0[0] == kind }) { value in
        var value = value
        value[0] &+= 1
        return value
      }
      #expect(try findings(path).contains { $0.contains("relationships (:label 0)-[:KNOWS]->") })
    }
  }

  @Test func directionsThatDiffer() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      try make(path)
      try change(path, .adjacency, where: { $0[4] == Direction.incoming.rawValue }) { value in
        let chunk = try value.withUnsafeBytes { MutableAdjacencyChunk(try AdjacencyChunk($0)) }
        let lists = AdjacencyEntry(chunk)
        for node in 0..<UInt64(lists.nodeCount) {
          let run = lists.run(of: UInt64(lists.firstNode) + node)
          guard run.count > 0 else { continue }
          let wasThere = chunk.remove(
            UInt64(lists.firstNode) + node, neighbour: run.neighbours[0], row: run.row(0))
          #expect(wasThere)
          break
        }
        return chunk.encoded()
      }
      let found = try findings(path)
      #expect(found.count == 1 && found[0].contains("but not in that of node"), "\(found)")
    }
  }

  @Test func valuesOfMissingNodes() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      try make(path)
      try change(path, .nodes) { value in
        var segment = try value.withUnsafeBytes { MutableNodeSegment(try NodeSegmentChunk($0)) }
        segment.delete(10)
        return segment.encoded()
      }
      let found = try findings(path)
      #expect(found.contains { $0.contains("node 10 has a value, but does not exist") })
      #expect(found.contains { $0.contains("node 10 has relationships, but does not exist") })
      #expect(found.contains { $0.contains("counts: nodes:") })
      try change(path, .nodes) { _ in nil }
      #expect(try findings(path).contains { $0.contains("segment 0") && $0.contains("missing") })
    }
  }

  /// Bytes of the file itself, in pages of all kinds: an error, or nothing that matters.
  @Test func flippedBytes() throws {
    let rounds = Fuzzing.rounds(60)
    var random = Fuzzing.generator(seed: 12)
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      let copy = folder.appending(path: "copy").path
      try make(path, nodes: 600)
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      var damaged = 0
      for round in rounds {
        var data = whole
        for _ in 0..<(1 + random.below(3)) {
          // The first bytes of pages have the structure.
          let page = random.below(data.count / 4096)
          let offset = round % 2 == 0 ? random.below(4096) : random.below(200)
          data[4096 * page + offset] = UInt8(truncatingIfNeeded: random.next())
        }
        try data.write(to: URL(fileURLWithPath: copy))
        var isWhole = false
        do {
          isWhole = try StoreCheck.run(path: copy).findingCount == 0
        } catch let error as StoreError {
          #expect(error.message.contains(copy))
        }
        if !isWhole { damaged += 1 }
        do {
          let store = try Store.open(copy)
          defer { store.close() }
          try readAll(try store.snapshot())
        } catch let error as StoreError {
          #expect(!isWhole, "round \(round): \(error)")
        }
        try? FileManager.default.removeItem(atPath: copy + "-lock")
      }
      #expect(damaged > rounds.count / 4)
    }
  }

  private func readAll(_ reader: GraphReader) throws {
    for row in 0..<UInt64(min(reader.nodeRowCount, 10_000)) {
      _ = reader.labels(of: NodeID(row))
      _ = try reader.properties(of: NodeID(row))
    }
    if let damage = reader.damage { throw damage }
    for type in reader.relationshipTypeNames.indices {
      let type = RelationshipTypeID(UInt32(type))
      for direction in [Direction.outgoing, .incoming] {
        let adjacency = try reader.adjacency(type, direction)
        for row in 0..<UInt64(min(reader.nodeRowCount, 10_000)) {
          _ = adjacency.degree(of: NodeID(row))
        }
      }
      for row in 0..<100 {
        _ = try reader.properties(of: RelationshipID(type: type, row: UInt64(row)))
      }
    }
  }
}
