import TestSupport
import Testing

@testable import GraphStore

@Suite struct PostingsTests {
  static func random(_ random: inout SeededGenerator, count: Int, from lowerBound: UInt64)
    -> Postings
  {
    var postings = Postings()
    var document = lowerBound
    for index in 0..<count {
      if index > 0 { document += 1 + UInt64(random.below(random.below(10) == 0 ? 1 << 40 : 70)) }
      var positions: [UInt32] = []
      var position: UInt32 = 0
      for _ in 0...(random.below(4) == 0 ? random.below(6) : 0) {
        position += UInt32(random.below(300)) + (positions.isEmpty ? 0 : 1)
        positions.append(position)
      }
      postings.append(document, positions[...])
    }
    return postings
  }

  private func block(_ postings: Postings, _ lowerBound: UInt64) -> PostingsBlock {
    var block = PostingsBlock(lowerBound: lowerBound)
    var position = 0
    for index in 0..<postings.count {
      let end = position + Int(postings.frequencies[index])
      block.append(postings.documents[index], postings.positions[position..<end])
      position = end
    }
    return block
  }

  @Test func roundTrip() throws {
    var random = SeededGenerator(seed: 1)
    for round in 0..<200 {
      let bound = UInt64(random.below(1 << 50))
      let postings = Self.random(&random, count: random.below(200), from: bound)
      let bytes = TermHead.encoded(chunk: block(postings, bound))
      var read = Postings()
      try bytes.withUnsafeBytes {
        try TermHead.read($0, lowerBound: bound, withPositions: true, appendingTo: &read)
      }
      #expect(read == postings, "round \(round)")
      read.removeAll()
      try bytes.withUnsafeBytes {
        try TermHead.read($0, lowerBound: bound, withPositions: false, appendingTo: &read)
      }
      #expect(read.documents == postings.documents && read.frequencies == postings.frequencies)
      #expect(read.positions.isEmpty)
    }
    let head = TermHead.encoded(documentCount: 300_000)
    let summary = try head.withUnsafeBytes { try TermHead.summary($0) }
    #expect(summary == (300_000, true))
  }

  /// Mutated bytes, with their checksum and with one made to fit.
  @Test func damagedBytes() throws {
    var random = Fuzzing.generator(seed: 2)
    func decode(_ bytes: [UInt8]) throws {
      try bytes.withUnsafeBytes { raw in
        _ = try? TermHead.summary(raw)
        _ = try? LengthBlock(raw)
        _ = try? EndsBlock(raw)
        _ = try? FullTextStatistics.decoded(raw, fieldCount: 2)
        var read = Postings()
        try TermHead.read(raw, lowerBound: 5, withPositions: true, appendingTo: &read)
        // What is accepted has the form of postings.
        #expect(zip(read.documents, read.documents.dropFirst()).allSatisfy { $0 < $1 })
        #expect(read.frequencies.reduce(0) { $0 + Int($1) } == read.positions.count)
      }
    }
    var accepted = 0
    let rounds = Fuzzing.rounds(4000)
    for _ in rounds {
      let count = 1 + random.below(30)
      var bytes = TermHead.encoded(
        chunk: block(Self.random(&random, count: count, from: 5), 5))
      if random.below(5) == 0 { bytes.removeLast(random.below(bytes.count)) }
      for _ in 0..<(1 + random.below(4)) where bytes.count > 4 {
        bytes[4 + random.below(bytes.count - 4)] = UInt8(truncatingIfNeeded: random.next())
      }
      let isForged = random.below(4) > 0
      if isForged, bytes.count >= 4 {
        var writer = FullTextValueWriter(capacity: bytes.count)
        writer.put(Array(bytes.dropFirst(4)))
        bytes = writer.finish()
      }
      do {
        try decode(bytes)
        accepted += 1
      } catch let error as StoreError {
        #expect(error.code == .damaged)
      }
    }
    #expect(accepted < rounds.count * 3 / 4)
  }

  @Test func mergesLikeADictionary() throws {
    var random = SeededGenerator(seed: 3)
    for round in 0..<300 {
      let old = Self.random(&random, count: random.below(20), from: 0)
      var model: [UInt64: [UInt32]] = [:]
      var position = 0
      for (document, frequency) in zip(old.documents, old.frequencies) {
        model[document] = Array(old.positions[position..<(position + Int(frequency))])
        position += Int(frequency)
      }
      var changes: [PostingChange] = []
      var positions: [UInt32] = []
      let candidates = Set(old.documents.shuffled(using: &random).prefix(5))
        .union((0..<5).map { _ in UInt64(random.below(400)) })
      for document in candidates.shuffled(using: &random) {
        let first = positions.count
        positions += (0..<random.below(3)).map { UInt32($0 * 7) }
        changes.insert(
          inOrder: PostingChange(
            document: document, positions: first..<positions.count,
            isNew: model[document] == nil))
        model[document] = first == positions.count ? nil : Array(positions[first...])
      }
      #expect(zip(changes, changes.dropFirst()).allSatisfy { $0.document < $1.document })
      var merged = Postings()
      old.merge(changes[...], positions, into: &merged)
      var expected = Postings()
      for (document, positions) in model.sorted(by: { $0.key < $1.key }) {
        expected.append(document, positions[...])
      }
      #expect(merged == expected, "round \(round)")
      for change in changes { changes.remove(document: change.document) }
      #expect(changes.isEmpty)
    }
  }

  @Test func lengthCodes() throws {
    for length in 0...40 { #expect(FieldLength.length(FieldLength.code(length)) == length) }
    // Values of Lucene's SmallFloat.
    let samples = [(41, 40), (42, 42), (56, 56), (57, 56), (100, 96), (1000, 984)]
    for (length, kept) in samples { #expect(FieldLength.length(FieldLength.code(length)) == kept) }
    for length in 0..<100_000 {
      let code = FieldLength.code(length)
      #expect(FieldLength.length(code) <= length)
      if code < .max { #expect(FieldLength.length(code + 1) > length) }
    }
    #expect(FieldLength.code(.max) == .max)
    var random = SeededGenerator(seed: 4)
    for _ in 0..<50 {
      var block = LengthBlock()
      for _ in 0..<random.below(5) { block.codes[random.below(1024)] = UInt8(random.below(256)) }
      let copy = try block.encoded()?.withUnsafeBytes { try LengthBlock($0) }
      #expect(copy ?? LengthBlock() == block)
      var ends = EndsBlock()
      for _ in 0..<random.below(5) {
        ends.ends[random.below(128)] = .init(
          start: UInt32(random.below(1 << 32)), end: UInt32(random.below(1 << 32)))
      }
      let endsCopy = try ends.encoded()?.withUnsafeBytes { try EndsBlock($0) }
      #expect(endsCopy ?? EndsBlock() == ends)
    }
  }
}
