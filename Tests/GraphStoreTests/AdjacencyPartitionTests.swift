import TestSupport
import Testing

@testable import GraphStore

@Suite struct AdjacencyPartitionTests {
  private struct Lists {
    var offsets: [UInt32] = [0]
    var neighbours: [UInt32] = []
    var rows: [UInt32] = []

    mutating func append(_ count: Int, _ row: (Int) -> UInt32) {
      for index in 0..<count {
        neighbours.append(UInt32(3 * index))
        rows.append(row(neighbours.count - 1))
      }
      offsets.append(UInt32(neighbours.count))
    }

    /// Of the rows in these tests.
    private static let rowBits = 17

    func parts(fillingUp: Bool, hasRows: Bool = true) -> [AdjacencyPartition.Part] {
      AdjacencyPartition.parts(
        nodeCount: offsets.count - 1, offsets: offsets, rows: hasRows ? rows : nil,
        rowBits: Self.rowBits,
        byteCountMaximum: AdjacencyChunk.byteCountAim, fillingUp: fillingUp)
    }

    /// Encoded, with the first and the last list cut to the part.
    func size(_ part: AdjacencyPartition.Part, hasRows: Bool = true) -> Int {
      var cut = Array(offsets[part.nodes.lowerBound...part.nodes.upperBound])
      cut[0] = UInt32(part.entries.lowerBound)
      cut[part.nodes.count] = UInt32(part.entries.upperBound)
      return AdjacencyChunk.encode(
        firstNode: 0, nodeCount: part.nodes.count, offsets: cut, neighbours: neighbours,
        rows: hasRows ? rows : nil, slope: 0
      ).count
    }
  }

  /// All entries in order, each in a part that covers its node, and no part is too large.
  private func expectSound(
    _ lists: Lists, _ parts: [AdjacencyPartition.Part], hasRows: Bool, _ comment: String
  ) {
    var next = 0
    var isGood = true
    for (index, part) in parts.enumerated() {
      isGood = isGood && part.entries.lowerBound == next && !part.entries.isEmpty
      next = part.entries.upperBound
      let first = part.nodes.lowerBound
      let last = part.nodes.upperBound - 1
      isGood = isGood && Int(lists.offsets[first]) <= part.entries.lowerBound
      isGood = isGood && Int(lists.offsets[first + 1]) > part.entries.lowerBound
      isGood = isGood && Int(lists.offsets[last]) < part.entries.upperBound
      isGood = isGood && Int(lists.offsets[last + 1]) >= part.entries.upperBound
      isGood =
        isGood && part.isContinuation == (Int(lists.offsets[first]) < part.entries.lowerBound)
      if part.isContinuation {
        isGood = isGood && index > 0 && parts[index - 1].nodes.upperBound == first + 1
      }
      isGood = isGood && lists.size(part, hasRows: hasRows) <= AdjacencyChunk.byteCountAim
    }
    #expect(isGood && next == lists.neighbours.count, "\(comment)")
  }

  @Test func allEntriesAreInAPart() {
    var random = SeededGenerator(seed: 30)
    for round in 0..<120 {
      var lists = Lists()
      let largest = [1, 3, 40, 300, 1500, 9000][round % 6]
      let gap = [1, 4, 200][round / 6 % 3]
      let isConsecutive = round % 4 == 0
      while lists.neighbours.count < 20_000 {
        for _ in 0..<Int.random(in: 0..<gap, using: &random) { lists.append(0) { _ in 0 } }
        let shift: UInt32 = isConsecutive && Int.random(in: 0..<40, using: &random) > 0 ? 5 : 77
        lists.append(Int.random(in: 1...largest, using: &random)) {
          shift == 5 ? UInt32($0) + shift : UInt32.random(in: 0..<100_000, using: &random)
        }
      }
      for fillingUp in [false, true] {
        for hasRows in [false, true] {
          let parts = lists.parts(fillingUp: fillingUp, hasRows: hasRows)
          expectSound(lists, parts, hasRows: hasRows, "round \(round), filling \(fillingUp)")
          guard fillingUp, gap == 1, !isConsecutive else { continue }
          let least = parts.dropLast().map { lists.size($0, hasRows: hasRows) }.min() ?? 0
          let limit = AdjacencyChunk.byteCountAim - AdjacencyPartition.emptyMaximum - 32
          #expect(parts.count < 2 || least >= limit, "round \(round)")
        }
      }
    }
  }

  /// Each node one entry with consecutive rows, as of reviews and their authors: 8 bytes a node.
  @Test func partsOfConsecutiveRowsAreFull() {
    var lists = Lists()
    for _ in 0..<10_000 { lists.append(1) { UInt32($0) } }
    let parts = lists.parts(fillingUp: true)
    #expect(parts.count == 5)
    for part in parts.dropLast() {
      #expect(lists.size(part) > AdjacencyChunk.byteCountAim - 32)
    }
  }
}
