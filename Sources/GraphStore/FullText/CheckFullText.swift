internal import GraphTypes

extension StoreCheck {
  /// The full-text indexes: each value by itself, postings against the lengths of documents and
  /// the statistics, and documents against the nodes and relationships.
  func checkFullText() throws(StoreError) {
    var current: FullTextCheck?
    var currentID: UInt64?
    var terms = 0
    func finish() {
      guard let check = current else { return }
      for finding in check.finish(exists: { self.exists($0, check.definition) }) {
        found(.fulltext, "\(check.name): \(finding)")
      }
      terms += check.termCount
    }
    for entry in entries[.fulltext] ?? [] {
      guard let id = Key.number(entry.key, at: 0, bytes: 4) else {
        found(.fulltext, "an entry has an unknown key")
        continue
      }
      if currentID != id {
        finish()
        currentID = id
        current = FullTextCheck(indexDefinition(UInt32(truncatingIfNeeded: id)))
        if current == nil {
          found(.fulltext, "there are entries of an index \(id) that is unknown")
        }
      }
      do throws(StoreError) {
        try current?.read(entry.key, entry.value)
      } catch {
        found(.fulltext, "\(current?.name ?? ""): \(error.message)")
      }
      try advance(entry.value.count)
    }
    finish()
    examined("full-text terms", terms)
  }

  private func indexDefinition(_ id: UInt32) -> IndexDefinition? {
    let key = Key.schema(.index, id)
    let entry = entries[.schema]?.first { entry in
      key.withBytes { entry.key.elementsEqual($0) }
    }
    return entry.flatMap { SchemaCodec.index(id, $0.value) }
  }

  private func exists(_ document: UInt64, _ index: IndexDefinition) -> Bool {
    if !index.onRelationships { return !nodes.isWhole || nodes.contains(Int(document)) }
    let id = RelationshipID(rawValue: document)
    guard Int(id.type.rawValue) < relationships.count else { return false }
    let rows = relationships[Int(id.type.rawValue)]
    return !rows.isWhole || rows.contains(Int(id.row))
  }
}

/// One full-text index, whose entries come in the order of their keys.
private struct FullTextCheck {
  let definition: IndexDefinition
  private(set) var termCount = 0
  private var statistics: [FieldStatistics]
  /// By field: the stored codes, and the terms that have been found.
  private var codes: [[UInt64: UInt8]]
  private var lengths: [[UInt64: Int]]
  private var withEnds: Set<UInt64> = []
  private var postings = Postings()

  /// The term whose chunks follow: its key, the documents that it has according to its head, those
  /// that have been found, and the last of them.
  private var head: [UInt8] = []
  private var counted = 0
  private var found = 0
  private var last: UInt64?
  private var chunkCount = 0

  init?(_ definition: IndexDefinition?) {
    guard let definition else { return nil }
    self.definition = definition
    let fields = definition.keys.count
    statistics = Array(repeating: FieldStatistics(), count: fields)
    codes = Array(repeating: [:], count: fields)
    lengths = Array(repeating: [:], count: fields)
  }

  var name: String { "index \(definition.name)" }

  private func damaged(_ reason: String) -> StoreError { FullTextValueReader.damaged(reason) }

  mutating func read(
    _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
  ) throws(StoreError) {
    guard key.count > 4, let kind = FullTextKey.Kind(rawValue: key[4]) else {
      throw damaged("an entry has an unknown key")
    }
    switch kind {
    case .statistics:
      statistics = try FullTextStatistics.decoded(value, fieldCount: statistics.count)
    case .lengths:
      let (field, first) = (try field(key), try number(key, at: 6))
      for (place, code) in try LengthBlock(value).codes.enumerated() where code != 0 {
        codes[field][first &+ UInt64(place)] = code
      }
    case .ends:
      let first = try number(key, at: 5)
      for (place, ends) in try EndsBlock(value).ends.enumerated() where ends != .none {
        withEnds.insert(first &+ UInt64(place))
      }
    case .terms:
      try readTerm(key, value, try field(key))
    }
  }

  private func field(_ key: UnsafeRawBufferPointer) throws(StoreError) -> Int {
    guard key.count > 5, Int(key[5]) < statistics.count else {
      throw damaged("an entry is of an unknown field")
    }
    return Int(key[5])
  }
  private func number(
    _ key: UnsafeRawBufferPointer, at offset: Int
  ) throws(StoreError) -> UInt64 {
    guard key.count == offset + 8, let number = Key.number(key, at: offset, bytes: 8) else {
      throw damaged("an entry has an unknown key")
    }
    return number
  }

  private mutating func readTerm(
    _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ field: Int
  ) throws(StoreError) {
    postings.removeAll()
    if let bound = FullTextKey.lowerBound(key, of: head), !head.isEmpty {
      if chunkCount == 0, bound != 0 { throw damaged("a term lacks its first chunk") }
      chunkCount += 1
      if let last, bound <= last { throw damaged("chunks of a term overlap") }
      try TermHead.read(value, lowerBound: bound, withPositions: true, appendingTo: &postings)
      found += postings.count
    } else {
      try finishTerm()
      head = Array(key)
      termCount += 1
      let isChunked: Bool
      (counted, isChunked) = try TermHead.summary(value)
      if counted == 0 { throw damaged("a term has no documents") }
      try TermHead.read(value, withPositions: true, appendingTo: &postings)
      found = isChunked ? 0 : counted
    }
    last = postings.documents.last ?? last
    for (document, frequency) in zip(postings.documents, postings.frequencies) {
      lengths[field][document, default: 0] += Int(frequency)
    }
  }

  private mutating func finishTerm() throws(StoreError) {
    let isRight = counted == found
    (counted, found, last, chunkCount) = (0, 0, nil, 0)
    if !isRight { throw damaged("the number of documents of a term is wrong") }
  }

  /// - Parameter exists: whether there is such a node or relationship.
  func finish(exists: (UInt64) -> Bool) -> [String] {
    var findings: [String] = []
    if counted != found { findings.append("the number of documents of a term is wrong") }
    for field in statistics.indices {
      let lengths = lengths[field]
      for (document, length) in lengths.sorted(by: { $0.key < $1.key }) {
        if codes[field][document] != FieldLength.code(length) {
          findings.append("document \(document) has \(length) terms, but another length")
        }
        if !exists(document) { findings.append("document \(document) does not exist") }
        if definition.onRelationships, !withEnds.contains(document) {
          findings.append("relationship \(document) lacks its ends")
        }
      }
      for document in codes[field].keys.sorted() where lengths[document] == nil {
        findings.append("document \(document) has a length, but no terms")
      }
      let total = FieldStatistics(
        documentCount: lengths.count, totalLength: lengths.values.reduce(0, +))
      if total != statistics[field] {
        findings.append(
          "its statistics have \(statistics[field].documentCount) documents and "
            + "\(statistics[field].totalLength) terms, but there are \(total.documentCount) and "
            + "\(total.totalLength)")
      }
    }
    return findings
  }
}
