import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

@Suite struct AdjacencyChunkTests {
  /// What a chunk holds, by its own words.
  private func entries(_ chunk: AdjacencyChunk) -> [[UInt64]] {
    var entries: [[UInt64]] = []
    for index in 0..<chunk.nodeCount {
      let node = chunk.firstNode + UInt64(index)
      let run = chunk.run(of: node)
      for entry in 0..<run.count {
        entries.append([node, UInt64(run.neighbours[entry]), UInt64(run.row(entry))])
      }
    }
    return entries
  }

  private func entries(_ chunk: MutableAdjacencyChunk) throws -> [[UInt64]] {
    try withAlignedBytes(chunk.encoded()) {
      let view = try AdjacencyChunk($0, verifyingChecksum: true)
      let back = MutableAdjacencyChunk(view)
      #expect(back.encoded() == chunk.encoded())
      #expect(view.firstNode == chunk.firstNode && view.lowerBound == chunk.lowerBound)
      #expect(view.relationshipCount == chunk.relationshipCount)
      for index in 0..<view.nodeCount {
        let node = view.firstNode + UInt64(index)
        #expect(chunk.degree(of: node) == view.run(of: node).count)
      }
      return entries(view)
    }
  }

  @Test func agreesWithTheModel() throws {
    var random = SeededGenerator(seed: 7)
    for round in 0..<10 {
      let chunk = MutableAdjacencyChunk(firstNode: 1000, lowerBound: UInt64(round))
      var model: Set<[UInt64]> = []
      for row in 0..<UInt32(400) {
        let node = 1000 + UInt64.random(in: 0..<30, using: &random)
        let neighbour = UInt32.random(in: 0..<50, using: &random)
        #expect(chunk.insert(node, neighbour: neighbour, row: row))
        #expect(!chunk.insert(node, neighbour: neighbour, row: row))
        model.insert([node, UInt64(neighbour), UInt64(row)])
        if Int.random(in: 0..<3, using: &random) == 0,
          let victim = model.min(by: { $0[1] < $1[1] })
        {
          model.remove(victim)
          let (neighbour, row) = (UInt32(victim[1]), UInt32(victim[2]))
          #expect(chunk.contains(victim[0], neighbour: neighbour, row: row))
          #expect(chunk.remove(victim[0], neighbour: neighbour, row: row))
          #expect(!chunk.remove(victim[0], neighbour: neighbour, row: row))
        }
      }
      let expected = model.sorted { $0.lexicographicallyPrecedes($1) }
      #expect(try entries(chunk) == expected)
    }
  }

  @Test func consecutiveRowsAreLeftOut() throws {
    let chunk = MutableAdjacencyChunk(firstNode: 0)
    for row in 0..<UInt32(1000) { chunk.insert(UInt64(row / 10), neighbour: row, row: 500 + row) }
    let bytes = chunk.encoded()
    #expect(bytes.count == AdjacencyChunk.headerSize + 4 * (101 + 1000))
    try withAlignedBytes(bytes) {
      let view = try AdjacencyChunk($0)
      #expect(view.run(of: 7).row(3) == 573)
    }
    chunk.remove(50, neighbour: 503, row: 1003)
    #expect(try entries(chunk).count == 999)
  }

  /// Rows on a line over the neighbours, near one, and anywhere: all come back, in few bits.
  @Test func rowsAreStoredAsResiduals() throws {
    var random = SeededGenerator(seed: 10)
    let lines: [(name: String, spread: UInt32, bits: Int)] = [
      ("on a line", 1, 1), ("near a line", 1000, 12), ("anywhere", .max, 32),
    ]
    for line in lines {
      for (slope, last) in [(UInt32(13), UInt32(200_000)), (3, .max / 4), (0, .max)] {
        var neighbours: [UInt32] = []
        var rows: [UInt32] = []
        let count: UInt32 = 2000
        for entry in 0..<count {
          let neighbour = last / count * entry + UInt32.random(in: 0..<50, using: &random)
          neighbours.append(neighbour)
          rows.append(
            slope &* neighbour
              &+ UInt32.random(in: 0..<line.spread, using: &random))
        }
        let bytes = AdjacencyChunk.encode(
          firstNode: 5, nodeCount: 1, offsets: [0, count], neighbours: neighbours, rows: rows)
        try withAlignedBytes(bytes) {
          let run = try AdjacencyChunk($0, verifyingChecksum: true).run(of: 5)
          #expect((0..<Int(count)).allSatisfy { run.row($0) == rows[$0] }, "\(line.name)")
        }
        let size = bytes.count - AdjacencyChunk.headerSize - 8 - 4 * Int(count)
        #expect(size <= Int(count) * line.bits / 8 + 16, "\(line.name), slope \(slope)")
      }
    }
  }

  @Test func splittingKeepsAllEntriesInOrder() throws {
    var random = SeededGenerator(seed: 8)
    for hub in [0, 50, 5000, 20_000] {
      let chunk = MutableAdjacencyChunk(firstNode: 10, lowerBound: 5)
      for row in 0..<UInt32(hub) { chunk.insert(40, neighbour: row / 3, row: row) }
      for row in 0..<UInt32(6000) {
        let node = 10 + UInt64.random(in: 0..<40, using: &random)
        chunk.insert(node == 40 ? 41 : node, neighbour: row % 777, row: 100_000 + row)
      }
      chunk.insert(900, neighbour: 1, row: 7)
      #expect(chunk.isOversized)
      let pieces = chunk.split()
      #expect(try pieces.flatMap { try entries($0) } == entries(chunk))
      #expect(pieces[0].firstNode == 10 && pieces[0].lowerBound == 5)
      #expect(pieces.last?.firstNode == 900)
      for piece in pieces { #expect(!piece.isOversized) }
      for (a, b) in zip(pieces, pieces.dropFirst()) {
        #expect((a.firstNode, a.lowerBound) < (b.firstNode, b.lowerBound))
      }
    }
    #expect(MutableAdjacencyChunk(firstNode: 3).split().isEmpty)
  }

  @Test func onlyNearNodesAreAccepted() {
    let chunk = MutableAdjacencyChunk(firstNode: 100)
    #expect(!chunk.accepts(99) && chunk.accepts(100) && chunk.accepts(164) && !chunk.accepts(165))
  }

  @Test func damagedBytesNeverCrash() {
    var random = Fuzzing.generator(seed: 9)
    let chunk = MutableAdjacencyChunk(firstNode: 0)
    for row in 0..<UInt32(200) { chunk.insert(UInt64(row % 9), neighbour: row, row: row) }
    let intact = chunk.encoded()
    for round in Fuzzing.rounds(500) {
      var bytes = intact
      for _ in 0..<3 {
        let limit = round % 2 == 0 ? 80 : bytes.count
        bytes[Int.random(in: 0..<limit, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      withAlignedBytes(bytes) { raw in
        guard let view = try? AdjacencyChunk(raw) else { return }
        var sum: UInt64 = 0
        for index in 0..<min(view.nodeCount, 300) {
          let run = view.run(of: view.firstNode + UInt64(index))
          for entry in 0..<run.count {
            sum &+= UInt64(run.neighbours[entry]) &+ UInt64(run.row(entry))
          }
        }
        _ = MutableAdjacencyChunk(view).encoded()
      }
    }
  }
}
