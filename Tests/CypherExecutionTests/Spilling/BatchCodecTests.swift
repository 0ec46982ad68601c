import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import CypherExecution

@Suite struct BatchCodecTests {
  /// A value of any type; lists and maps with others in them.
  private func randomValue(_ random: inout SeededGenerator, depth: Int = 0) -> Value {
    func text() -> String {
      String((0..<random.below(20)).map { _ in "абвxyz😀".randomElement(using: &random) ?? "a" })
    }
    func node() -> Node {
      Node(
        id: NodeID(random.next() >> 20), labels: (0..<random.below(3)).map { _ in text() },
        properties: random.below(2) == 0 ? [:] : [text(): .integer(7)])
    }
    func relationship() -> Relationship {
      Relationship(
        id: RelationshipID(rawValue: random.next()), start: NodeID(random.next()),
        end: NodeID(random.next()), type: text(), properties: [text(): .string(text())])
    }
    let number = Int64(bitPattern: random.next())
    switch random.below(depth < 3 ? 18 : 14) {
    case 0: return .null
    case 1: return .boolean(number > 0)
    case 2: return .integer(number)
    case 3: return .float([Double(number) / 7, .nan, .infinity, -0.0][random.below(4)])
    case 4: return .string(text())
    case 5: return .bytes((0..<random.below(9)).map { UInt8($0) })
    case 6: return .node(node())
    case 7: return .relationship(relationship())
    case 8: return .date(LocalDate(days: number >> 40))
    case 9: return .localTime(LocalTime(nanoseconds: number & 0xFFFF))
    case 10: return .localDateTime(LocalDateTime(seconds: number >> 30, nanoseconds: 5))
    case 11:
      return .dateTime(
        ZonedDateTime(
          seconds: number >> 30, nanoseconds: 9, offset: 3600,
          zone: random.below(2) == 0 ? nil : "Europe/Moscow"))
    case 12: return .duration(CalendarDuration(months: 3, days: number >> 40, seconds: 7))
    case 13:
      return .point(Point(srid: 7203, x: 1.5, y: Double(number), z: random.below(2) == 0 ? nil : 2))
    case 14: return .list((0..<random.below(5)).map { _ in randomValue(&random, depth: depth + 1) })
    case 15:
      return .map(
        Dictionary(
          (0..<random.below(5)).map { _ in (text(), randomValue(&random, depth: depth + 1)) },
          uniquingKeysWith: { $1 }))
    case 16: return .time(OffsetTime(nanoseconds: number & 0xFFFF_FFFF, offset: -7200))
    default:
      let length = random.below(4)
      return .path(
        Path(
          nodes: (0...length).map { _ in node() },
          relationships: (0..<length).map { _ in relationship() }))
    }
  }

  private func randomVector(_ type: VectorType, _ count: Int, _ random: inout SeededGenerator)
    -> Vector
  {
    let isConstant = random.below(5) == 0
    let vector = Vector(type: type, capacity: count, isConstant: isConstant)
    vector.count = count
    let arena = StringArena()
    vector.owners = [arena]
    /// Numbers of every width.
    let shift = UInt64([0, 8, 24, 40, 60][random.below(5)])
    let hasNulls = random.below(2) == 0
    for row in 0..<(isConstant ? 1 : count) {
      let word = random.next() >> shift
      if hasNulls && random.below(3) == 0 {
        vector.setNull(row)
        continue
      }
      switch type {
      case .boolean: vector.booleans[row] = word & 1 == 0
      case .integer: vector.integers[row] = Int64(bitPattern: word) - 5
      case .float: vector.floats[row] = Double(bitPattern: random.next())
      case .string: vector.strings[row] = arena.append(String(word))
      case .date: vector.dates[row] = LocalDate(days: Int64(bitPattern: word))
      case .localDateTime:
        vector.localDateTimes[row] = LocalDateTime(
          seconds: Int64(bitPattern: word), nanoseconds: Int32(random.below(1_000_000_000)))
      case .node: vector.nodes[row] = NodeID(word)
      case .relationship:
        vector.relationships[row] = RelationshipRef(
          id: RelationshipID(rawValue: word), start: NodeID(random.next()), end: NodeID(word))
      case .any: vector.values[row] = randomValue(&random)
      }
    }
    return vector
  }

  private func randomBatch(_ random: inout SeededGenerator) -> Batch {
    let count = random.below(4) == 0 ? random.below(3) : random.below(300)
    return Batch(
      columns: (0..<random.below(5)).map { _ in
        randomVector(
          VectorType.allCases.randomElement(using: &random) ?? .any, count, &random)
      }, count: count)
  }

  private func encoded(_ batch: Batch) -> [UInt8] {
    var buffer = ByteBuffer(capacity: 16)
    BatchCodec.append(batch, to: &buffer)
    return Array(buffer.bytes)
  }

  private func text(_ batch: Batch) -> [String] {
    (0..<batch.count).map { row in
      batch.columns.map { column in
        // Labels, types and properties too, which the text of a result does not show.
        "\(column.type) \(column.isConstant) \(Self.deep(column.boxed(row)))"
      }.joined(separator: " | ")
    }
  }

  private static func deep(_ value: Value) -> String {
    switch value {
    case .node(let node):
      "node \(node.id.rawValue) \(node.labels) \(deep(.map(node.properties)))"
    case .relationship(let value):
      "relationship \(value.id.rawValue) \(value.start) \(value.end) \(value.type) "
        + deep(.map(value.properties))
    case .path(let path):
      "path \(path.nodes.map { deep(.node($0)) }) "
        + "\(path.relationships.map { deep(.relationship($0)) })"
    case .list(let elements): "\(elements.map(deep))"
    case .map(let map): "\(map.sorted { $0.key < $1.key }.map { "\($0.key): \(deep($0.value))" })"
    case .float(let number): "float \(number.bitPattern)"
    default: "\(value)"
    }
  }

  @Test func batchesComeBackAsTheyWere() throws {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<400 {
      let batch = randomBatch(&random)
      let bytes = encoded(batch)
      try bytes.withUnsafeBytes { bytes in
        var cursor = ByteCursor(bytes)
        let decoded = try #require(BatchCodec.batch(&cursor, owner: StringArena()))
        #expect(cursor.count == 0)
        #expect(decoded.count == batch.count)
        #expect(text(decoded) == text(batch))
      }
    }
  }

  @Test func numbersTakeTheBytesThatTheyNeed() {
    let vector = Vector(type: .integer, capacity: 1000)
    vector.count = 1000
    for row in 0..<1000 { vector.integers[row] = 5_000_000_000 + Int64(row % 200) }
    #expect(encoded(Batch(columns: [vector], count: 1000)).count < 1030)
  }

  @Test func damagedBytesAreRefusedOrGiveSomething() {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<1500 {
      var bytes = encoded(randomBatch(&random))
      for _ in 0..<(1 + random.below(4)) where !bytes.isEmpty {
        bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
      }
      if random.below(3) == 0 { bytes.removeLast(random.below(bytes.count)) }
      bytes.withUnsafeBytes { bytes in
        var cursor = ByteCursor(bytes)
        guard let batch = BatchCodec.batch(&cursor, owner: StringArena()) else { return }
        for column in batch.columns {
          for row in 0..<min(batch.count, 50) { _ = column.boxed(row) }
        }
      }
    }
  }
}
