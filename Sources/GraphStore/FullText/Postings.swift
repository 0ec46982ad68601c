/// The documents that have a term, ascending, with how often and where each has it.
struct Postings: Equatable {
  var documents: [UInt64] = []
  var frequencies: [UInt32] = []
  /// Of all documents one behind the other, ascending in each. Empty where they were not asked for.
  var positions: [UInt32] = []

  var count: Int { documents.count }
  var isEmpty: Bool { documents.isEmpty }

  mutating func removeAll() {
    documents.removeAll(keepingCapacity: true)
    frequencies.removeAll(keepingCapacity: true)
    positions.removeAll(keepingCapacity: true)
  }

  mutating func append(_ document: UInt64, _ newPositions: ArraySlice<UInt32>) {
    documents.append(document)
    frequencies.append(UInt32(newPositions.count))
    positions.append(contentsOf: newPositions)
  }

  /// These postings with changes.
  /// - Parameters:
  ///   - changes: ascending by document.
  ///   - newPositions: what the changes refer to.
  ///   - result: is overwritten.
  func merge(
    _ changes: ArraySlice<PostingChange>, _ newPositions: [UInt32], into result: inout Postings
  ) {
    result.removeAll()
    var place = 0
    var position = 0
    for change in changes {
      while place < count, documents[place] < change.document {
        let end = position + Int(frequencies[place])
        result.append(documents[place], positions[position..<end])
        (place, position) = (place + 1, end)
      }
      if place < count, documents[place] == change.document {
        (place, position) = (place + 1, position + Int(frequencies[place]))
      }
      if !change.positions.isEmpty {
        result.append(change.document, newPositions[change.positions])
      }
    }
    result.documents.append(contentsOf: documents[place...])
    result.frequencies.append(contentsOf: frequencies[place...])
    result.positions.append(contentsOf: positions[position...])
  }
}

/// One document's change in the postings of a term.
struct PostingChange: Equatable {
  var document: UInt64
  /// Where the new positions are in a list of many; empty: the document has the term no more.
  var positions: Range<Int>
  /// The document has not had the term so far.
  var isNew: Bool

  /// What it does to the number of documents.
  var countChange: Int { positions.isEmpty ? -1 : isNew ? 1 : 0 }
}

extension [PostingChange] {
  /// Of the first change that is not of a document before this one.
  private func place(of document: UInt64) -> Int {
    // They mostly come in order.
    guard let last, last.document >= document else { return count }
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].document < document { low = middle + 1 } else { high = middle }
    }
    return low
  }
  /// Of a document that has none yet.
  mutating func insert(inOrder change: PostingChange) {
    insert(change, at: place(of: change.document))
  }
  mutating func remove(document: UInt64) {
    let place = place(of: document)
    if place < count, self[place].document == document { remove(at: place) }
  }
}

/// Postings in bytes, as one block: the number of documents; how many bytes their part has; their
/// part: for each the difference to the one before (to the lower bound for the first), doubled, plus
/// 1 if the document has the term once, else followed by how often; then the positions of each: the
/// first, then differences. All numbers are of variable length.
struct PostingsBlock {
  private var documents: [UInt8] = []
  private var positions: [UInt8] = []
  private(set) var count = 0
  private var last: UInt64
  let lowerBound: UInt64

  init(lowerBound: UInt64) {
    self.lowerBound = lowerBound
    last = lowerBound
  }

  /// Bytes of the block, at most.
  var byteCount: Int { documents.count + positions.count + 8 }

  /// - Parameter positions: at least one, ascending.
  mutating func append(_ document: UInt64, _ newPositions: ArraySlice<UInt32>) {
    let difference = (document - last) << 1
    last = document
    count += 1
    if newPositions.count == 1 {
      documents.append(variable: difference | 1)
    } else {
      documents.append(variable: difference)
      documents.append(variable: UInt64(newPositions.count))
    }
    var previous: UInt32 = 0
    for position in newPositions {
      positions.append(variable: UInt64(position - previous))
      previous = position
    }
  }

  func write(to writer: inout FullTextValueWriter) {
    writer.put(variable: UInt64(count))
    writer.put(variable: UInt64(documents.count))
    writer.put(documents)
    writer.put(positions)
  }

  /// Appends what a block has.
  /// - Parameter count: of its documents, which has been read already.
  static func read(
    _ reader: inout FullTextValueReader, lowerBound: UInt64, withPositions: Bool,
    appendingTo postings: inout Postings
  ) throws(StoreError) {
    let count = try reader.variable()
    var documents = try reader.part(try reader.variable())
    guard count <= UInt64(documents.remaining) else {
      throw FullTextValueReader.damaged("it lacks documents")
    }
    postings.documents.reserveCapacity(postings.documents.count + Int(count))
    postings.frequencies.reserveCapacity(postings.frequencies.count + Int(count))
    let first = postings.count
    var document = lowerBound
    var total: UInt64 = 0
    for index in 0..<count {
      let coded = try documents.variable()
      let (next, overflow) = document.addingReportingOverflow(coded >> 1)
      guard !overflow, index == 0 || next > document else {
        throw FullTextValueReader.damaged("its documents are out of order")
      }
      document = next
      let frequency = coded & 1 == 1 ? 1 : try documents.variable()
      total &+= frequency
      // Each position has a byte at least.
      guard frequency > 0, frequency <= UInt64(reader.remaining) else {
        throw FullTextValueReader.damaged("it lacks positions")
      }
      postings.documents.append(document)
      postings.frequencies.append(UInt32(truncatingIfNeeded: frequency))
    }
    guard withPositions else { return }
    guard total <= UInt64(reader.remaining) else {
      throw FullTextValueReader.damaged("it lacks positions")
    }
    postings.positions.reserveCapacity(postings.positions.count + Int(total))
    for index in first..<postings.count {
      var position: UInt64 = 0
      for place in 0..<postings.frequencies[index] {
        let difference = try reader.variable()
        let (next, overflow) = position.addingReportingOverflow(difference)
        guard !overflow, next <= UInt32.max, place == 0 || difference > 0 else {
          throw FullTextValueReader.damaged("its positions are out of order")
        }
        position = next
        postings.positions.append(UInt32(truncatingIfNeeded: position))
      }
    }
  }
}

/// The value of a term: either its postings, or how many documents its chunks have.
enum TermHead {
  enum Layout: UInt8 {
    case postings = 1
    case chunks = 2
    case chunk = 3
  }

  /// - Parameter block: with the lower bound 0.
  static func encoded(_ block: PostingsBlock) -> [UInt8] { encoded(.postings, block) }

  /// The value of a chunk of a term.
  static func encoded(chunk block: PostingsBlock) -> [UInt8] { encoded(.chunk, block) }

  private static func encoded(_ layout: Layout, _ block: PostingsBlock) -> [UInt8] {
    var writer = FullTextValueWriter(capacity: block.byteCount + 8)
    writer.put(layout.rawValue)
    block.write(to: &writer)
    return writer.finish()
  }

  static func encoded(documentCount: Int) -> [UInt8] {
    var writer = FullTextValueWriter(capacity: 12)
    writer.put(Layout.chunks.rawValue)
    writer.put(variable: UInt64(documentCount))
    return writer.finish()
  }

  /// Bytes of a head or chunk besides its block.
  static let overhead = 5

  /// The number of documents, and whether the postings are in chunks.
  static func summary(
    _ value: UnsafeRawBufferPointer
  ) throws(StoreError) -> (documentCount: Int, isChunked: Bool) {
    var reader = try FullTextValueReader(value)
    let layout = Layout(rawValue: try reader.byte())
    guard layout == .postings || layout == .chunks else {
      throw FullTextValueReader.damaged("a term has no head")
    }
    let count = try reader.variable()
    guard count < 1 << 48 else { throw FullTextValueReader.damaged("a count is too large") }
    return (Int(count), layout == .chunks)
  }

  /// Appends the postings that a head (with lower bound 0) or a chunk has; none for a head of chunks.
  static func read(
    _ value: UnsafeRawBufferPointer, lowerBound: UInt64 = 0, withPositions: Bool,
    appendingTo postings: inout Postings
  ) throws(StoreError) {
    var reader = try FullTextValueReader(value)
    switch Layout(rawValue: try reader.byte()) {
    case .postings, .chunk:
      try PostingsBlock.read(
        &reader, lowerBound: lowerBound, withPositions: withPositions, appendingTo: &postings)
    case .chunks: break
    case nil: throw FullTextValueReader.damaged("a value is of an unknown kind")
    }
  }
}
