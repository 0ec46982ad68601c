import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

@Suite struct ColumnChunkTests {
  /// Values → chunk → values, one by one, as vectors, and as vectors of `any`.
  private func expectRoundTrip(_ values: [Value], _ comment: String) throws {
    guard let bytes = try ColumnEncoder.encode(values) else {
      #expect(values.allSatisfy { if case .null = $0 { true } else { false } })
      return
    }
    try withUnalignedBytes(bytes) { raw in
      let chunk = try ColumnChunk(raw, verifyingChecksum: true)
      #expect(chunk.rowCount == values.count)
      let back = chunk.decoded()
      #expect(zip(values, back).allSatisfy { ValueSamples.isIdentical($0, $1) }, "\(comment)")
      let rows = (0..<values.count + 3).map { UInt16($0) }.shuffled()
      for type in [chunk.vectorType, .any] {
        let vector = Vector(type: type, capacity: rows.count + 5)
        vector.count = rows.count + 5
        chunk.gather(rows: rows, count: rows.count, into: vector, at: 5)
        let isSame = rows.indices.allSatisfy { index in
          let row = Int(rows[index])
          return ValueSamples.isIdentical(
            row < values.count ? values[row] : .null, vector.boxed(5 + index))
        }
        #expect(isSame, "\(comment), gathered as \(type)")
      }
      if let (minimum, maximum) = chunk.bounds {
        for value in values {
          if case .null = value { continue }
          #expect(Value.order(minimum, value) <= 0 && Value.order(value, maximum) <= 0)
        }
      }
    }
  }

  @Test func allTypesComeBackExactly() throws {
    var random = SeededGenerator(seed: 1)
    for kind in 0..<ValueSamples.kindCount {
      for count in [1, 2, 63, 64, 65, 700] {
        for nulls in [0, 3, 100] {
          let values = (0..<count).map { _ in
            Int.random(in: 0..<100, using: &random) < nulls
              ? Value.null : ValueSamples.value(kind: kind, &random)
          }
          try expectRoundTrip(values, "kind \(kind), \(count) rows, \(nulls) % nulls")
        }
      }
      let value = ValueSamples.value(kind: kind, &random)
      try expectRoundTrip([.null] + Array(repeating: value, count: 100), "constant \(value)")
    }
  }

  @Test func mixedTypesComeBackExactly() throws {
    var random = SeededGenerator(seed: 2)
    for round in 0..<20 {
      let values = (0..<300).map { _ in
        ValueSamples.value(
          kind: Int.random(in: 0..<ValueSamples.kindCount, using: &random), &random)
      }
      try expectRoundTrip(values, "round \(round)")
    }
    try expectRoundTrip([.integer(1), .float(1), .integer(2)], "integers and floats")
  }

  private func encoding(
    _ values: [Value]
  ) throws -> (encoding: ColumnEncoding, width: Int, size: Int) {
    let bytes = try #require(try ColumnEncoder.encode(values))
    return try bytes.withUnsafeBytes {
      let chunk = try ColumnChunk($0)
      return (chunk.encoding, chunk.width, bytes.count)
    }
  }

  @Test func narrowEncodingsAreChosen() throws {
    let rows = (0..<2048).map { Int64($0) }
    func expect(
      _ encoding: ColumnEncoding, _ width: Int, _ values: [Value]
    ) throws {
      let found = try self.encoding(values)
      #expect(found.encoding == encoding && found.width == width, "\(values[0]): \(found)")
    }
    try expect(.constant, 0, rows.map { _ in .integer(7) })
    try expect(.frameOfReference, 3, rows.map { .integer(1 + $0 % 5) })
    // Whole bytes where fewer bits would take as many pages.
    try expect(.frameOfReference, 8, rows.map { .integer(-1_000_000 + $0 % 256) })
    try expect(.frameOfReference, 11, rows.prefix(100).map { .integer(20 * ($0 ^ 1)) })
    try expect(.frameOfReference, 31, rows.map { .integer(($0 ^ 1) * 1_000_000) })
    try expect(.frameOfReference, 64, [.integer(.min), .integer(.max)])
    try expect(.frameOfReference, 11, rows.map { .date(LocalDate(days: 18_000 + ($0 ^ 1))) })
    try expect(.sequence, 0, rows.map { .date(LocalDate(days: 18_000 + $0)) })
    try expect(.sequence, 0, rows.map { .integer(1_000_000_007 - 3 * $0) })
    try expect(
      .frameOfReference, 21,
      rows.map { .localDateTime(LocalDateTime(seconds: 1_700_000_000 + $0 * 1000)) })
    try expect(.frameOfReference, 18, rows.map { .float(Double($0 * 99) / 100) })
    try expect(.frameOfReference, 3, rows.map { .float(Double($0 % 6)) })
    try expect(.plain, 0, rows.map { .float(Double($0) / 3) })
    try expect(.plain, 0, [.float(-0.0), .float(0.0), .float(1)])
    try expect(.bits, 0, rows.map { .boolean($0 % 3 == 0) })
    try expect(.constant, 0, rows.map { _ in .string("Москва") })
    try expect(.dictionary, 8, rows.map { .string("город \($0 % 200)") })
    try expect(.dictionary, 1, rows.map { .string($0 % 2 == 0 ? "женский" : "мужской") })
    try expect(.dictionary, 10, rows.map { .string("a longer name of a product \($0 % 600)") })
    try expect(.offsets, 0, rows.map { .string("client \($0)") })
    try expect(.words, 7, rows.map { .string("Отзыв \($0 % 47): товар \($0 % 43) понравился.") })
    #expect(try encoding(rows.map { .boolean($0 % 3 == 0) }).size == 64 + 256)
    #expect(try encoding(rows.map { .integer($0) }).size == 64)
    #expect(try encoding(rows.map { .string("\($0 % 200)") }).size < 64 + 2048 + 1200)
  }

  @Test func sequencesComeBackExactly() throws {
    var random = SeededGenerator(seed: 12)
    let limit = Int64(Int32.max)
    let steps: [Int64] = [1, -1, 7, -100, limit, -limit - 1, limit + 1, -limit - 2, 0]
    let firsts = [0, -5, Int64.max - 4, Int64.min + 3, Int64(truncatingIfNeeded: random.next())]
    for step in steps {
      for count in [1, 2, 3, 100] {
        for first in firsts {
          // Where a number is out of range, the rest is not a sequence of numbers but wraps.
          let numbers = (0..<Int64(count)).map { first &+ step &* $0 }
          try expectRoundTrip(numbers.map { .integer($0) }, "\(first) + \(step) * row")
        }
        let days = (0..<Int64(count)).map { Value.date(LocalDate(days: 10_000 + step % 1000 * $0)) }
        try expectRoundTrip(days, "days in steps of \(step % 1000)")
        // One that does not fit, at any place, or none at all.
        var values = (0..<Int64(count)).map { Value.integer(step &* $0) }
        let place = Int.random(in: 0..<count, using: &random)
        values[place] = .integer(12_345)
        try expectRoundTrip(values, "\(step) * row, but not in row \(place)")
        values[place] = .null
        try expectRoundTrip(values, "\(step) * row, but null in row \(place)")
      }
    }
  }

  @Test func endsOfTextsOfAllWidths() throws {
    var random = SeededGenerator(seed: 13)
    for size in [20, 31, 32, 33, 100, 127, 128, 300, 1100] {
      let texts = (0..<2048).map { row -> Value in
        if row % 9 == 4 { return .null }
        let length = Int.random(in: 0...2 * size, using: &random)
        return .string("\(row) " + String(repeating: row % 2 == 0 ? "я" : "z", count: length))
      }
      try expectRoundTrip(texts, "texts of \(size) letters")
      try expectRoundTrip(
        texts.indices.map { texts[$0 % 100] }, "100 texts of \(size) letters, repeated")
      let lists = texts.prefix(400).map { (text: Value) -> Value in
        if case .null = text { text } else { .list([text]) }
      }
      try expectRoundTrip(lists, "lists of texts of \(size) letters")
    }
  }

  /// Texts of a few words, of hundreds of words, empty ones, words beyond the longest, and words of
  /// which there are so many that codes or places need more than 16 bits.
  @Test func textsOfWordsComeBackExactly() throws {
    var random = SeededGenerator(seed: 15)
    let letters = Array("абвгдежзийклмнопрстуфхцчшщъыьэюяabcdefghij0123456789é日本")
    let separators = [" ", " ", " ", ", ", ". ", "-", "\n", " — ", "\u{0}", "!!! "]
    for (wordCount, wordSize, textSize) in [
      (100, 8, 5), (1000, 12, 20), (40, 300, 9), (2000, 60, 300), (2, 1, 300), (300, 6, 200),
    ] {
      let words = (0..<wordCount).map { _ in
        String(
          (0..<Int.random(in: 1...wordSize, using: &random)).map { _ in
            letters.randomElement(using: &random) ?? "x"
          })
      }
      for nulls in [0, 10] {
        let texts = (0..<600).map { row -> Value in
          if row % 100 < nulls { return .null }
          var text = ""
          for _ in 0..<Int.random(in: 0...textSize, using: &random) {
            let word = Int.random(in: 0..<wordCount, using: &random)
            text += words[word] + separators[word % separators.count]
          }
          return .string(text)
        }
        #expect(try encoding(texts).encoding == .words)
        try expectRoundTrip(texts, "\(wordCount) words of \(wordSize), \(textSize) a text")
      }
    }
  }

  @Test func damagedWordsNeverCrash() throws {
    var random = Fuzzing.generator(seed: 16)
    let intact = try #require(
      try ColumnEncoder.encode(
        (0..<700).map { row in
          row % 9 == 4 ? .null : .string("слово \(row % 31), и ещё одно: \(row % 37) (конец)")
        }))
    for round in Fuzzing.rounds(400) {
      var bytes = intact
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let limit = round % 3 == 0 ? 80 : bytes.count
        bytes[Int.random(in: 0..<limit, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if round % 7 == 0 { bytes.removeLast(Int.random(in: 0...200, using: &random)) }
      withUnalignedBytes(bytes) { raw in
        guard let chunk = try? ColumnChunk(raw) else { return }
        _ = chunk.decoded()
        let table = WordTexts(segmentCount: 1)
        if chunk.encoding == .words {
          _ = table.chunk(0, chunk, reading: chunk.rowCount)?.pointee.decoded()
        }
      }
    }
  }

  @Test func segmentsOfRelationshipsComeBackExactly() throws {
    var random = SeededGenerator(seed: 14)
    for kind in 0..<ValueSamples.kindCount {
      let values = (0..<RelationshipSegments.rowCount).map { row in
        row % 50 == 7 ? Value.null : ValueSamples.value(kind: kind, &random)
      }
      try expectRoundTrip(values, "kind \(kind)")
    }
    // Numbers of whole bytes and what LMDB and the chunk put before them fill whole pages.
    for bits in [8, 16, 24, 32] {
      let values = (0..<Int64(RelationshipSegments.rowCount)).map { row in
        Value.integer(row == 0 ? (1 << Int64(bits)) - 1 : row % (1 << Int64(bits)))
      }
      #expect(try encoding(values).size + 16 <= bits / 8 * 3 * 4096, "\(bits) bits")
    }
  }

  @Test func dictionaryCodesStandForTexts() throws {
    let texts: [[Value]] = [
      (0..<500).map { $0 % 9 == 4 ? .null : .string("город \($0 % 7)") },
      (0..<50).map { $0 == 4 ? .null : .string("Тверь") },
    ]
    for values in texts {
      let bytes = try #require(try ColumnEncoder.encode(values))
      try withUnalignedBytes(bytes) { raw in
        let chunk = try ColumnChunk(raw)
        let count = try #require(chunk.dictionaryCount)
        let rows = (0..<values.count + 2).map { UInt16($0) }
        var codes = [UInt32](repeating: 0, count: rows.count)
        chunk.gatherCodes(rows: rows, count: rows.count, into: &codes)
        for (row, code) in codes.enumerated() {
          let value: Value =
            code == count ? .null : .string(chunk.dictionaryText(Int(code)).string)
          #expect(value == (row < values.count ? values[row] : .null))
        }
      }
    }
    let unique = try #require(try ColumnEncoder.encode((0..<2000).map { .string("имя \($0)") }))
    let count = try withUnalignedBytes(unique) { try ColumnChunk($0).dictionaryCount }
    #expect(count == nil)
  }

  @Test func packedNumbersOfAllWidths() {
    var random = SeededGenerator(seed: 11)
    for width in 1...64 where BitPacking.isWidth(width) {
      let mask: UInt64 = width == 64 ? ~0 : (1 << UInt64(width)) - 1
      let numbers = (0..<133).map { _ in random.next() & mask }
      let size = BitPacking.size(rowCount: numbers.count, width: width)
      let data = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
      defer { data.deallocate() }
      BitPacking.store(rowCount: numbers.count, width: width, to: data) { numbers[$0] }
      let back = numbers.indices.map {
        UnsafeRawPointer(data).packed($0, width: width, mask: mask)
      }
      #expect(back == numbers)
      #expect(BitPacking.width(mask) == width)
    }
  }

  @Test func zerosBehindAChunkDoNotMatter() throws {
    let bytes = try #require(try ColumnEncoder.encode([.string("a"), .string("b")]))
    for padding in [1, 8, 77] {
      let values = try withUnalignedBytes(bytes + Array(repeating: 0, count: padding)) {
        try ColumnChunk($0, verifyingChecksum: true).decoded()
      }
      #expect(values == [.string("a"), .string("b")])
    }
  }

  @Test func columnsOfVectorsEqualColumnsOfValues() throws {
    var random = SeededGenerator(seed: 3)
    for kind in 0..<7 {
      let values = (0..<500).map { _ in
        Int.random(in: 0..<9, using: &random) == 0
          ? Value.null : ValueSamples.value(kind: kind, &random)
      }
      let bytes = try #require(try ColumnEncoder.encode(values))
      try bytes.withUnsafeBytes { raw in
        let chunk = try ColumnChunk(raw)
        let vector = Vector(type: chunk.vectorType)
        vector.count = values.count
        let rows = values.indices.map { UInt16($0) }
        chunk.gather(rows: rows, count: rows.count, into: vector, at: 0)
        #expect(try ColumnEncoder.encode(vector, count: values.count) == bytes)
      }
    }
  }

  @Test func impossiblePropertiesAreRefused() {
    let refused: [Value] = [
      .map(["a": .integer(1)]), .node(Node(id: NodeID(1))), .list([.null]),
      .list([.list([.integer(1)])]), .list([.integer(1), .string("a")]), .list([.map([:])]),
    ]
    for value in refused {
      #expect(throws: QueryError.self) { try ColumnEncoder.encode([.integer(1), value]) }
    }
    #expect(throws: Never.self) { try ColumnEncoder.encode([.list([.integer(1), .float(2)])]) }
  }

  @Test func cutTextBoundsStillBound() throws {
    let long = "очень длинный текст без конца"
    let bytes = try #require(try ColumnEncoder.encode([.string(long), .string(long + "я")]))
    try bytes.withUnsafeBytes { raw in
      let bounds = try #require(try ColumnChunk(raw).bounds)
      #expect(bounds.minimum == .string("очень дл"))
      #expect(Value.order(bounds.maximum, .string(long + "я")) > 0)
      #expect(Value.order(bounds.maximum, .string("очеь")) < 0)
    }
  }

  @Test func damagedBytesNeverCrash() throws {
    var random = Fuzzing.generator(seed: 4)
    for round in Fuzzing.rounds(600) {
      let kind = round % (ValueSamples.kindCount + 1)
      let values = (0..<Int.random(in: 1...120, using: &random)).map { row in
        row % 7 == 3
          ? Value.null
          : ValueSamples.value(kind: kind == ValueSamples.kindCount ? row % kind : kind, &random)
      }
      let isSequence = round % 11 == 0
      let sequence = (0..<Int64(50)).map { Value.integer(9 * $0) }
      guard var bytes = try ColumnEncoder.encode(isSequence ? sequence : values) else { continue }
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let limit = Bool.random(using: &random) ? min(80, bytes.count) : bytes.count
        bytes[Int.random(in: 0..<limit, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if round % 5 == 0 { bytes.removeLast(Int.random(in: 0...bytes.count, using: &random)) }
      withUnalignedBytes(bytes) { raw in
        guard let chunk = try? ColumnChunk(raw) else { return }
        _ = chunk.decoded()
        _ = chunk.bounds
        let rows = (0..<200).map { UInt16($0) }
        let vector = Vector(type: chunk.vectorType)
        vector.count = 200
        chunk.gather(rows: rows, count: 200, into: vector, at: 0)
        for row in 0..<200 { _ = vector.boxed(row) }
      }
    }
  }

  @Test func anyChangedByteIsFound() throws {
    let values = (0..<50).map { Value.integer(Int64($0 * $0)) }
    let bytes = try #require(try ColumnEncoder.encode(values))
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 1 << UInt8(index % 8)
      withUnalignedBytes(damaged) { raw -> Void in
        #expect(throws: StoreError.self) { _ = try ColumnChunk(raw, verifyingChecksum: true) }
      }
    }
  }
}
