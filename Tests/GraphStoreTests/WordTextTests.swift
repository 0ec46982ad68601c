import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// Columns of texts that are stored as words, as readers see them.
@Suite struct WordTextTests {
  private func text(_ row: Int) -> Value {
    row % 10 == 3
      ? .null : .string("Отзыв \(row % 97): товар \(row % 89) хороший, доставка \(row % 7) дней.")
  }

  private func expectTexts(
    _ reader: GraphReader, _ rows: [Int], _ text: (Int) -> Value, _ comment: String
  ) throws {
    let key = try #require(reader.propertyKeyID("text"))
    let nodes = rows.map { NodeID(UInt64($0)) }
    let vector = try reader.gather(key, nodes: nodes, count: nodes.count)
    #expect(rows.indices.allSatisfy { vector.boxed($0) == text(rows[$0]) }, "\(comment)")
    for row in rows.prefix(5) {
      #expect(try reader.property(key, of: NodeID(UInt64(row))) == text(row))
    }
  }

  @Test func textsAreTheSameHoweverManyAreRead() throws {
    let store = try Store.temporary()
    let count = 5 * Segments.rowCount
    do {
      let write = try store.beginWrite()
      let key = try write.propertyKey("text")
      for row in 0..<count {
        let node = try write.createNode(labels: [])
        try write.set(key, of: node, to: text(row))
      }
      try write.commit()
    }
    let reader = try store.snapshot()
    let key = try #require(reader.propertyKeyID("text"))
    let chunk = try #require(try reader.column(key, nodeSegment: 1))
    #expect(chunk.encoding == .words)
    var random = SeededGenerator(seed: 20)
    // Few rows: from the words. More and more: from the texts, from some point on.
    for size in [1, 3, 40, 200, 500, 900, 2048] {
      let rows = (0..<size).map { _ in Int.random(in: 0..<count, using: &random) }
      try expectTexts(reader, rows, text, "\(size) rows")
      try expectTexts(reader, rows.sorted(), text, "\(size) sorted rows")
    }
    // A changed row lies over the words.
    let write = try store.beginWrite()
    try write.set(key, of: NodeID(5), to: .string("другой"))
    func changed(_ row: Int) -> Value { row == 5 ? .string("другой") : text(row) }
    try expectTexts(write.reader, Array(0..<2048), changed, "in the transaction")
    try write.commit()
    try expectTexts(try store.snapshot(), Array(0..<2048), changed, "after it")
    try expectTexts(reader, Array(0..<2048), text, "as the old reader sees it")
  }

  @Test func wordsAreReadWhereThereIsNoRoomForTexts() throws {
    let store = try Store.temporary()
    let write = try store.beginWrite()
    let key = try write.propertyKey("text")
    for row in 0..<Segments.rowCount {
      try write.set(key, of: try write.createNode(labels: []), to: text(row))
    }
    try write.commit()
    let reader = try store.snapshot()
    let chunk = try #require(try reader.column(key, nodeSegment: 0))
    let texts = WordTexts(segmentCount: 1, sizeMaximum: 1000)
    for _ in 0..<3 { #expect(texts.chunk(0, chunk, reading: chunk.rowCount) == nil) }
  }

  @Test func readersOnSeveralThreadsAgree() async throws {
    let store = try Store.temporary()
    let write = try store.beginWrite()
    let key = try write.propertyKey("text")
    for row in 0..<Segments.rowCount {
      try write.set(key, of: try write.createNode(labels: []), to: text(row))
    }
    try write.commit()
    let reader = try store.snapshot()
    await withTaskGroup(of: Bool.self) { group in
      for task in 0..<8 {
        group.addTask {
          var random = SeededGenerator(seed: UInt64(task))
          for _ in 0..<20 {
            let rows = (0..<50).map { _ in Int.random(in: 0..<Segments.rowCount, using: &random) }
            let nodes = rows.map { NodeID(UInt64($0)) }
            guard let vector = try? reader.gather(key, nodes: nodes, count: nodes.count),
              rows.indices.allSatisfy({ vector.boxed($0) == self.text(rows[$0]) })
            else { return false }
          }
          return true
        }
      }
      for await isGood in group { #expect(isGood) }
    }
  }
}
