import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

@Suite struct FullTextWriterTests {
  /// Long lists of postings under many changes, against a dictionary; terms of all lengths.
  @Test(arguments: 0..<2) func longLists(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let store = try Store.temporary()
    let terms = ["т", String(repeating: "ю", count: 100), "b"].map { Array($0.utf8) }
    var model: [[UInt64: [UInt32]]] = Array(repeating: [:], count: terms.count)
    let span = seed % 2 == 0 ? 20_000 : 1 << 45
    var last: UInt64 = 0
    for round in 0..<20 {
      let lease = try store.lockForWriting()
      defer { lease.environment.writerLock.release() }
      let tree = try TreeWriter(lease.environment, durability: .bulk)
      do {
        var writer = try FullTextWriter(tree, index: 7)
        for (number, term) in terms.enumerated() {
          let known = Array(model[number].keys)
          var documents: Set<UInt64> = []
          let count = random.below(random.below(4) == 0 ? 3000 : 20)
          for _ in 0..<count {
            switch random.below(10) {
            case 0..<3 where !known.isEmpty: documents.insert(known[random.below(known.count)])
            case 3..<8:
              last += UInt64(1 + random.below(5))
              documents.insert(last)
            default: documents.insert(UInt64(random.below(span)))
            }
          }
          if round % 10 == 9 { documents = Set(known) }
          var changes: [PostingChange] = []
          var positions: [UInt32] = []
          for document in documents.sorted() {
            let first = positions.count
            let isRemoved =
              model[number][document] != nil && (round % 10 == 9 || random.below(2) == 0)
            if !isRemoved {
              let length = random.below(2000) == 0 ? 5000 : 1 + random.below(4)
              positions += (0..<length).map { UInt32($0 * (1 + Int(document % 200))) }
            }
            changes.append(
              PostingChange(
                document: document, positions: first..<positions.count,
                isNew: model[number][document] == nil))
            model[number][document] = isRemoved ? nil : Array(positions[first...])
          }
          if changes.isEmpty { continue }
          try writer.apply(changes[...], positions: positions, field: 3, term: term)
        }
      }
      try tree.commit()
      lease.environment.noteCommit()
      try check(try store.snapshot(), terms, model, "seed \(seed), round \(round)")
    }
  }

  private func check(
    _ reader: GraphReader, _ terms: [[UInt8]], _ model: [[UInt64: [UInt32]]], _ when: String
  ) throws {
    let definition = IndexDefinition(
      id: 7, name: "", kind: .fulltext, onRelationships: false, labels: [],
      keys: (0..<4).map { PropertyKeyID($0) }, isUnique: false, constraint: nil, analyzer: nil,
      state: .online)
    let index = try FullTextIndexReader(definition, reader)
    for (term, documents) in zip(terms, model) {
      var expected = Postings()
      for (document, positions) in documents.sorted(by: { $0.key < $1.key }) {
        expected.append(document, positions[...])
      }
      guard let found = try index.term(term, field: 3) else {
        #expect(documents.isEmpty, "\(when)")
        continue
      }
      #expect(found.documentCount == documents.count, "\(when)")
      #expect(try index.postings(of: found, withPositions: true) == expected, "\(when)")
      // Chunks that can have one of few candidates.
      let candidates = Array(expected.documents.enumerated().filter { $0.offset % 97 == 5 })
        .map(\.element)
      let some = try index.postings(of: found, among: candidates)
      #expect(Set(candidates).isSubset(of: some.documents), "\(when)")
      #expect(some.documents.count == some.frequencies.count)
    }
    var found: [[UInt8]] = []
    try index.forEachTerm(field: 3, prefix: []) {
      found.append($0.bytes)
      return .next
    }
    let expected = zip(terms, model).filter { !$1.isEmpty }.map(\.0)
    #expect(found == expected.sorted { $0.lexicographicallyPrecedes($1) }, "\(when)")
  }
}
