internal import GraphTypes

/// Keys of the tree `fulltext`. All begin with the index (u32) and a kind (u8):
///
/// | kind | then | value |
/// |---|---|---|
/// | 0 statistics | | see `FullTextStatistics` |
/// | 1 lengths | u8 field, u64 first document | see `LengthBlock` |
/// | 2 ends | u64 first relationship | see `EndsBlock` |
/// | 3 terms | u8 field, term | see `TermHead` |
/// | 3 terms | u8 field, term, 0, u64 lower bound | see `PostingsChunk` |
///
/// Terms have no byte 0, so that the chunks of a term come right behind its head.
enum FullTextKey {
  enum Kind: UInt8 { case statistics, lengths, ends, terms }

  private static func key(_ index: UInt32, _ kind: Kind, capacity: Int) -> [UInt8] {
    var key: [UInt8] = []
    key.reserveCapacity(capacity)
    key.append(number: UInt64(index), bytes: 4)
    key.append(kind.rawValue)
    return key
  }

  /// The beginning of all keys of an index.
  static func index(_ index: UInt32) -> [UInt8] {
    var key: [UInt8] = []
    key.append(number: UInt64(index), bytes: 4)
    return key
  }
  static func statistics(_ index: UInt32) -> [UInt8] { key(index, .statistics, capacity: 5) }
  static func lengths(_ index: UInt32, field: Int, firstDocument: UInt64) -> [UInt8] {
    var key = key(index, .lengths, capacity: 14)
    key.append(UInt8(field))
    key.append(number: firstDocument, bytes: 8)
    return key
  }
  static func ends(_ index: UInt32, firstDocument: UInt64) -> [UInt8] {
    var key = key(index, .ends, capacity: 13)
    key.append(number: firstDocument, bytes: 8)
    return key
  }
  /// The beginning of the keys of a field's terms.
  static func terms(_ index: UInt32, field: Int, capacity: Int = 6) -> [UInt8] {
    var key = key(index, .terms, capacity: capacity)
    key.append(UInt8(field))
    return key
  }
  static let termOffset = 6
  static func term<Term: Collection<UInt8>>(
    _ index: UInt32, field: Int, _ term: Term
  ) -> [UInt8] {
    var key = terms(index, field: field, capacity: termOffset + term.count + 9)
    key.append(contentsOf: term)
    return key
  }
  /// - Parameter head: the key of the term.
  static func chunk(of head: [UInt8], lowerBound: UInt64) -> [UInt8] {
    var key = head
    key.append(0)
    key.append(number: lowerBound, bytes: 8)
    return key
  }

  /// The lower bound, if the key is that of a chunk of the term with the key `head`.
  static func lowerBound(_ key: UnsafeRawBufferPointer, of head: [UInt8]) -> UInt64? {
    guard key.count == head.count + 9, key.starts(with: head), key[head.count] == 0 else {
      return nil
    }
    return Key.number(key, at: head.count + 1, bytes: 8)
  }
}

extension [UInt8] {
  /// Big-endian.
  fileprivate mutating func append(number: UInt64, bytes: Int) {
    for index in stride(from: bytes - 1, through: 0, by: -1) {
      append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index)))
    }
  }
}
