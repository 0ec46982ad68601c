import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

@Suite struct NodeSegmentChunkTests {
  /// A naive model: the labels of each row, nil where it was deleted.
  private typealias Model = [Set<UInt32>?]

  private func expectSame(_ model: Model, _ segment: MutableNodeSegment) throws {
    let bytes = segment.encoded()
    try withUnalignedBytes(bytes) { raw in
      let chunk = try NodeSegmentChunk(raw, verifyingChecksum: true)
      let back = MutableNodeSegment(chunk)
      #expect(chunk.rowCount == model.count && back.rowCount == model.count)
      #expect(chunk.existingCount == model.count { $0 != nil })
      #expect(back.encoded() == bytes)
      for (row, labels) in model.enumerated() {
        let expected = (labels ?? []).sorted().map { LabelID($0) }
        #expect(chunk.exists(row) == (labels != nil) && segment.exists(row) == (labels != nil))
        #expect(chunk.labels(at: row) == expected && segment.labels(at: row) == expected)
        let has = labels?.contains(3) ?? false
        #expect(chunk.contains(LabelID(3), at: row) == has)
        #expect(segment.contains(LabelID(3), at: row) == has)
      }
      for wanted in [[], [3], [1, 3], [99]] as [[UInt32]] {
        let expected = model.indices.filter { row in
          model[row].map { $0.isSuperset(of: wanted) } ?? false
        }.map { NodeID(10_000 + UInt64($0)) }
        let labels = wanted.map { LabelID($0) }
        #expect(scan { chunk.scan(labels: labels, first: 10_000, into: $0) } == expected)
        #expect(scan { segment.scan(labels: labels, first: 10_000, into: $0) } == expected)
      }
    }
  }

  private func scan(_ body: (UnsafeMutablePointer<NodeID>) -> Int) -> [NodeID] {
    [NodeID](unsafeUninitializedCapacity: Segments.rowCount) { buffer, count in
      count = buffer.baseAddress.map(body) ?? 0
    }
  }

  @Test func agreesWithTheModel() throws {
    var random = SeededGenerator(seed: 5)
    for round in 0..<12 {
      var model: Model = []
      var segment = MutableNodeSegment()
      let labelCount = UInt32(round % 4 == 3 ? 12 : round % 4 + 1)
      for _ in 0..<600 {
        let labels = Set((0..<labelCount).filter { _ in Bool.random(using: &random) })
        switch Int.random(in: 0..<4, using: &random) {
        case 0 where !model.isEmpty && round > 2:
          let row = Int.random(in: 0..<model.count, using: &random)
          #expect(segment.delete(row) == (model[row] != nil))
          model[row] = nil as Set<UInt32>?
        case 1 where !model.isEmpty:
          let row = Int.random(in: 0..<model.count, using: &random)
          if model[row] != nil {
            model[row] = labels
            segment.setLabels(labels.shuffled().map { LabelID($0) }, at: row)
          }
        default:
          #expect(segment.append(labels: labels.map { LabelID($0) }) == model.count)
          model.append(labels)
        }
      }
      try expectSame(model, segment)
    }
  }

  @Test func oneLabelSetCostsNothingPerRow() throws {
    let segment = MutableNodeSegment(rowCount: 2048, labels: [LabelID(3)])
    let bytes = segment.encoded()
    #expect(bytes.count == 32)
    let labels = try bytes.withUnsafeBytes { try NodeSegmentChunk($0).constantLabels }
    #expect(labels == [LabelID(3)])
    try expectSame(Array(repeating: [3], count: 2048), segment)
    try expectSame([], MutableNodeSegment())
  }

  @Test func manyLabelSetsNeedWideCodes() throws {
    var segment = MutableNodeSegment()
    var model: Model = []
    for row in 0..<UInt32(700) {
      segment.append(labels: [LabelID(row), LabelID(3_000)])
      model.append([row, 3_000])
    }
    try expectSame(model, segment)
  }

  @Test func damagedBytesNeverCrash() {
    var random = Fuzzing.generator(seed: 6)
    var segment = MutableNodeSegment()
    for row in 0..<100 { segment.append(labels: [LabelID(UInt32(row % 5)), LabelID(9)]) }
    segment.delete(17)
    let intact = segment.encoded()
    for _ in Fuzzing.rounds(500) {
      var bytes = intact
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      withUnalignedBytes(bytes) { raw in
        guard let chunk = try? NodeSegmentChunk(raw) else { return }
        for row in 0..<120 { _ = chunk.labels(at: row) }
        _ = scan { chunk.scan(labels: [LabelID(9)], first: 0, into: $0) }
        _ = MutableNodeSegment(chunk).encoded()
      }
    }
  }
}
