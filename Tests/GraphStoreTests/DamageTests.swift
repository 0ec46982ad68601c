import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// Damaged values give errors or wrong values, never a crash.
@Suite struct DamageTests {
  private func graph() throws -> Store {
    let store = try Store.temporary()
    let write = try store.beginWrite()
    try SampleGraph.create(write, nodes: 2500, seed: 1)
    try write.commit()
    return store
  }

  /// Reads all that there is.
  private func readAll(_ reader: GraphReader) throws {
    var nodes = [NodeID](repeating: NodeID(0), count: Segments.rowCount)
    var labels: [[LabelID]] = [[]]
    labels += reader.labelNames.indices.map { [LabelID(UInt32($0))] }
    for segment in 0..<min(reader.nodeSegmentCount, 4) {
      for set in labels {
        let count = reader.scanNodes(segment: segment, labels: set, into: &nodes)
        for node in nodes[..<count] { _ = reader.labels(of: node) }
      }
    }
    if let damage = reader.damage { throw damage }
    let ids = (0..<2600).map { NodeID(UInt64($0)) }
    for key in reader.propertyKeyNames.indices {
      let key = PropertyKeyID(UInt32(key))
      for node in ids { _ = try reader.property(key, of: node) }
      for start in [0, 600] {
        let batch = Array(ids[start..<(start + 2000)])
        let vector = try reader.gather(key, nodes: batch, count: batch.count)
        for row in 0..<batch.count { _ = vector.boxed(row) }
      }
      for segment in 0..<2 { _ = try reader.column(key, nodeSegment: segment)?.bounds }
    }
    for type in reader.relationshipTypeNames.indices {
      let type = RelationshipTypeID(UInt32(type))
      for direction in [Direction.outgoing, .incoming] {
        let adjacency = try reader.adjacency(type, direction)
        var sum = 0
        for node in ids {
          adjacency.forEachRun(of: node) { run in
            for index in 0..<run.count { sum &+= Int(run.neighbours[index] &+ run.row(index)) }
          }
          adjacency.forEachRun(of: node, to: NodeID(5)) { sum &+= $0.count }
          sum &+= adjacency.degree(of: node)
        }
        _ = adjacency.hasNeighboursOnly(below: reader.nodeRowCount)
      }
      _ = try reader.relationship(RelationshipID(type: type, row: 77))
      for row in 0..<100 {
        _ = try reader.properties(of: RelationshipID(type: type, row: UInt64(row)))
      }
    }
  }

  /// Tries what writers do with a damaged state.
  private func change(_ store: Store) throws {
    let write = try store.beginWrite()
    defer { write.abort() }
    let type = try write.relationshipType("KNOWS")
    let key = try write.propertyKey("key 1")
    for row in [0, 5, 1000, 2400] {
      let node = NodeID(UInt64(row))
      guard write.reader.exists(node), write.reader.exists(NodeID(5)) else { continue }
      let ref = try write.createRelationship(type, from: NodeID(5), to: node)
      try write.set(key, of: node, to: .integer(1))
      try write.addLabel(try write.label("label 2"), to: node)
      try write.deleteRelationship(ref)
    }
    try readAll(write.reader)
  }

  @Test func damagedValuesDoNotCrash() throws {
    let store = try graph()
    var random = Fuzzing.generator(seed: 2)
    try readAll(try store.snapshot())
    var entries: [(tree: Tree, key: [UInt8], value: [UInt8])] = []
    do {
      let environment = try store.lockForWriting().environment
      defer { environment.writerLock.release() }
      let writer = try TreeWriter(environment, durability: .bulk)
      for tree in Tree.allCases where tree != .meta {
        try writer.walk(tree) { key, value in
          entries.append((tree, Array(key), Array(value)))
        }
      }
      writer.abort()
    }
    func put(_ tree: Tree, _ key: [UInt8], _ value: [UInt8]) throws {
      let environment = try store.lockForWriting().environment
      defer { environment.writerLock.release() }
      let writer = try TreeWriter(environment, durability: .bulk)
      try writer.put(tree, Key(bytes: key), value)
      try writer.commit()
      environment.forgetNewest()
    }
    var errors = 0
    for round in Fuzzing.rounds(45) {
      // Each tree as often, however many entries it has.
      let tree = Tree.allCases[1 + round % (Tree.allCases.count - 1)]
      guard let entry = entries.filter({ $0.tree == tree }).randomElement(using: &random) else {
        continue
      }
      var value = entry.value
      if value.isEmpty { continue }
      switch random.below(4) {
      case 0: value = Array(value.prefix(random.below(value.count)))
      case 1: for _ in 0..<20 { value[random.below(value.count)] = UInt8(random.below(256)) }
      default:
        // The header above all.
        for _ in 0..<3 {
          value[random.below(min(64, value.count))] = [0, 1, 127, 128, 255][random.below(5)]
        }
      }
      try put(entry.tree, entry.key, value)
      do { try readAll(try store.snapshot()) } catch let error as StoreError {
        errors += 1
        #expect(!error.message.isEmpty && error.hint != nil)
      }
      do { try change(store) } catch is StoreError {} catch is QueryError {}
      try put(entry.tree, entry.key, entry.value)
    }
    #expect(errors > 5)
    try readAll(try store.snapshot())
  }

  /// Changes one chunk of the outgoing lists.
  private func changeLists(
    _ store: Store, _ type: String, _ change: (inout [UInt8]) throws -> Void
  ) throws {
    let type = try #require(try store.snapshot().relationshipTypeID(type))
    let environment = try store.lockForWriting().environment
    defer { environment.writerLock.release() }
    let writer = try TreeWriter(environment, durability: .bulk)
    var entries: [(key: [UInt8], value: [UInt8])] = []
    try writer.walk(.adjacency, prefix: .adjacency(type, .outgoing)) { key, value in
      entries.append((Array(key), Array(value)))
    }
    var (key, value) = try #require(entries.first)
    try change(&value)
    try writer.put(.adjacency, Key(bytes: key), value)
    try writer.commit()
    environment.forgetNewest()
  }

  /// Flips a bit of one chunk of the outgoing lists.
  private func damageLists(
    _ store: Store, _ type: String, bit: (_ size: Int) -> Int
  ) throws {
    try changeLists(store, type) { value in
      // Zeros fill the pages of a value; nobody reads them.
      let used = (value.lastIndex { $0 != 0 } ?? 0) + 1
      let bit = bit(8 * used)
      value[bit / 8] ^= 1 << UInt8(bit % 8)
    }
  }

  private func rows(_ adjacency: Adjacency, _ node: NodeID) -> [UInt32] {
    var rows: [UInt32] = []
    adjacency.forEachRun(of: node) { run in rows += (0..<run.count).map { run.row($0) } }
    return rows
  }

  /// What reading throws or leaves behind.
  private func damage(_ reader: GraphReader, _ body: () throws -> Void) throws -> StoreError? {
    do { try body() } catch { return try #require(error as? StoreError) }
    return reader.damage
  }

  /// Whatever bit it is, who reads the lists is told, and nobody gets others.
  @Test func changedListsAreFoundWhenTheyAreRead() throws {
    var random = Fuzzing.generator(seed: 8)
    for round in Fuzzing.rounds(40) {
      let store = try graph()
      let bit = random.below(1 << 30)
      // The header, the offsets, or anything.
      let limit = [8 * 48, 8 * 400, 1 << 30][round % 3]
      let whole = try store.snapshot()
      let type = try #require(whole.relationshipTypeID("KNOWS"))
      let expected = try whole.adjacency(type, .outgoing)
      try damageLists(store, "KNOWS") { bit % min($0, limit) }
      let reader = try store.snapshot()
      let found = try damage(reader) {
        let adjacency = try reader.adjacency(type, .outgoing)
        // Nobody has read a list yet.
        #expect(reader.damage == nil)
        for node in (0..<2500).map({ NodeID($0) }) {
          let (all, rows) = (self.rows(expected, node), self.rows(adjacency, node))
          #expect(rows.allSatisfy(all.contains))
          #expect(adjacency.degree(of: node) == rows.count)
        }
      }
      #expect(found?.code == .damaged || found?.code == .newerFormat, "round \(round)")
      let names = ["neighbour lists", "outgoing lists of KNOWS"]
      #expect(names.contains { found?.message.contains($0) == true })
      // From now on who asks for these lists gets the error at once, and who does not, none.
      let next = try store.snapshot()
      #expect(throws: StoreError.self) { try next.adjacency(type, .outgoing) }
      _ = try next.adjacency(type, .incoming)
      #expect(next.damage == nil)
      withExtendedLifetime(whole) {}
    }
  }

  /// A right checksum does not make a neighbour of what is no node.
  @Test func neighboursAreNodes() throws {
    let store = try graph()
    let nodeCount = try store.snapshot().nodeRowCount
    for (neighbour, isNode) in [(nodeCount - 1, true), (nodeCount, false), (1 << 31, false)] {
      try changeLists(store, "KNOWS") { value in
        let chunk = try value.withUnsafeBytes { bytes in
          let chunk = try AdjacencyChunk(bytes)
          return (nodeCount: chunk.nodeCount, relationshipCount: chunk.relationshipCount)
        }
        let last =
          AdjacencyChunk.headerSize + 4 * (chunk.nodeCount + chunk.relationshipCount)
        value.withUnsafeMutableBytes { bytes in
          bytes.storeBytes(
            of: UInt32(neighbour).littleEndian, toByteOffset: last, as: UInt32.self)
          let sum = ChunkChecksum.of(UnsafeRawBufferPointer(rebasing: bytes[8...]))
          bytes.storeBytes(of: sum.littleEndian, as: UInt64.self)
        }
      }
      let reader = try store.snapshot()
      let type = try #require(reader.relationshipTypeID("KNOWS"))
      let found = try damage(reader) {
        let adjacency = try reader.adjacency(type, .outgoing)
        for node in 0..<2500 { _ = adjacency.degree(of: NodeID(UInt64(node))) }
      }
      #expect((found == nil) == isNode)
      if !isNode { #expect(found?.message.contains("outgoing lists of KNOWS") == true) }
    }
  }

  /// A writer does not put its change, and a right checksum, over lists that it could not read.
  @Test func damagedListsAreNotWrittenAnew() throws {
    let store = try graph()
    // An entry of the list of a node that has one.
    try damageLists(store, "KNOWS") { $0 - 9 }
    let count = try store.snapshot().relationshipCount
    for _ in 0..<2 {
      let write = try store.beginWrite()
      let type = try write.relationshipType("KNOWS")
      _ = try write.createRelationship(type, from: NodeID(0), to: NodeID(1))
      #expect(throws: StoreError.self) { try write.fold() }
    }
    #expect(try store.snapshot().relationshipCount == count)
    let write = try store.beginWrite()
    _ = try write.createNode(labels: [])
    try write.fold()
    let type = try #require(try store.snapshot().relationshipTypeID("KNOWS"))
    let reader = try store.snapshot()
    _ = try reader.adjacency(type, .outgoing).degree(of: NodeID(0))
    #expect(reader.damage != nil)
  }
}
