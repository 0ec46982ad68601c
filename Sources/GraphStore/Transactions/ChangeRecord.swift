internal import GraphColumns
internal import GraphTypes

/// One change of the graph as it is recorded. Ids of what is made are not: they follow each other.
enum Change {
  case name(NameKind, String)
  /// Labels are without repeats.
  case createNode([LabelID])
  case deleteNode(NodeID)
  case addLabel(LabelID, NodeID)
  case removeLabel(LabelID, NodeID)
  case setNode(PropertyKeyID, NodeID, Value)
  case createRelationship(RelationshipTypeID, from: NodeID, to: NodeID)
  case deleteRelationship(RelationshipRef)
  case setRelationship(PropertyKeyID, RelationshipRef, Value)
}

/// The changes of a transaction, in order, as one value of the tree `delta`.
///
/// ```
/// 0 u64 checksum   8 u8 format  9 u8 kind 'D'   10 changes, each a tag and its parts
/// ```
/// Numbers are LEB128. A node is its row, a label, type or key its id, a text or value (see
/// `ValueCodec`) its size in bytes and the bytes. Tags: 1 name (kind, text), 2 create node (number
/// of labels, labels), 3 delete node (node), 4 add label, 5 remove label (label, node), 6 set (key,
/// node, value), 7 create relationship (type, start, end), 8 delete relationship (type, row, start,
/// end), 9 set (key, type, row, start, end, value). Null as a value has no bytes.
struct ChangeRecord {
  static let kind: UInt8 = 0x44
  static let headerSize = 10

  /// With room for the checksum.
  private(set) var bytes: [UInt8]
  private(set) var changeCount = 0

  init() {
    bytes = []
    bytes.reserveCapacity(256)
    bytes.append(contentsOf: repeatElement(0, count: 8))
    bytes.append(ChunkFormat.current)
    bytes.append(Self.kind)
  }

  var isEmpty: Bool { changeCount == 0 }

  // MARK: Writing

  private mutating func begin(_ tag: UInt8) {
    bytes.append(tag)
    changeCount += 1
  }
  private mutating func put(_ number: some FixedWidthInteger & UnsignedInteger) {
    var rest = UInt64(number)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
  private mutating func put(_ value: Value) {
    if !value.isPresent {
      bytes.append(0)
      return
    }
    // Most values are short: their size is one byte.
    let place = bytes.count
    bytes.append(0)
    ValueCodec.appendChecked(value, to: &bytes)
    let size = bytes.count - place - 1
    if size < 0x80 {
      bytes[place] = UInt8(size)
    } else {
      let value = Array(bytes[(place + 1)...])
      bytes.removeSubrange(place...)
      put(UInt(size))
      bytes.append(contentsOf: value)
    }
  }
  private mutating func put(_ relationship: RelationshipRef) {
    put(relationship.id.type.rawValue)
    put(relationship.id.row)
    put(relationship.start.rawValue)
    put(relationship.end.rawValue)
  }

  mutating func append(_ change: Change) {
    switch change {
    case .name(let kind, let text):
      begin(1)
      bytes.append(kind.rawValue)
      put(UInt(text.utf8.count))
      bytes.append(contentsOf: text.utf8)
    case .createNode(let labels):
      begin(2)
      put(UInt(labels.count))
      for label in labels { put(label.rawValue) }
    case .deleteNode(let node):
      begin(3)
      put(node.rawValue)
    case .addLabel(let label, let node):
      begin(4)
      put(label.rawValue)
      put(node.rawValue)
    case .removeLabel(let label, let node):
      begin(5)
      put(label.rawValue)
      put(node.rawValue)
    case .setNode(let key, let node, let value):
      begin(6)
      put(key.rawValue)
      put(node.rawValue)
      put(value)
    case .createRelationship(let type, let start, let end):
      begin(7)
      put(type.rawValue)
      put(start.rawValue)
      put(end.rawValue)
    case .deleteRelationship(let relationship):
      begin(8)
      put(relationship)
    case .setRelationship(let key, let relationship, let value):
      begin(9)
      put(key.rawValue)
      put(relationship)
      put(value)
    }
  }

  /// With the checksum.
  func finished() -> [UInt8] {
    var bytes = bytes
    bytes.withUnsafeMutableBytes { raw in
      let sum = ChunkChecksum.of(UnsafeRawBufferPointer(rebasing: raw[8...]))
      raw.storeBytes(of: sum.littleEndian, as: UInt64.self)
    }
    return bytes
  }

  // MARK: Reading

  /// Calls `body` with each change of a record.
  /// - Throws: `damaged` for bytes that are no record; what `body` throws.
  static func read(
    _ bytes: UnsafeRawBufferPointer, _ body: (Change) throws(StoreError) -> Void
  ) throws(StoreError) {
    try ChunkFormat.checkPrefix(
      bytes, kind: kind, headerSize: headerSize, name: name, verifyingChecksum: true)
    var cursor = Cursor(bytes: bytes, position: headerSize)
    while cursor.position < bytes.count {
      guard let change = cursor.change() else {
        throw ChunkFormat.damaged(name, "a change in it cannot be read")
      }
      try body(change)
    }
  }

  static func changes(of record: [UInt8]) throws(StoreError) -> [Change] {
    let changes: Result<[Change], StoreError> = record.withUnsafeBytes { bytes in
      Result { () throws(StoreError) in
        var changes: [Change] = []
        try read(bytes) { changes.append($0) }
        return changes
      }
    }
    return try changes.get()
  }

  static let name = "A record of changes"

  private struct Cursor {
    let bytes: UnsafeRawBufferPointer
    var position: Int

    mutating func byte() -> UInt8? {
      guard position < bytes.count else { return nil }
      defer { position += 1 }
      return bytes[position]
    }
    mutating func number() -> UInt64? {
      var number: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 56, by: 7) {
        guard let byte = byte() else { return nil }
        number |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return number }
      }
      return nil
    }
    mutating func id() -> UInt32? { number().flatMap { UInt32(exactly: $0) } }
    /// Rows of nodes and relationships have 32 bits.
    mutating func element() -> UInt64? { id().map { UInt64($0) } }
    mutating func run() -> UnsafeRawBufferPointer? {
      guard let size = number(), size <= UInt64(bytes.count - position) else { return nil }
      defer { position += Int(size) }
      return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + Int(size))])
    }
    mutating func value() -> Value? {
      guard let run = run() else { return nil }
      if run.isEmpty { return .null }
      let value = ValueCodec.value(run)
      do { try PropertyValue.check(value) } catch { return nil }
      return value.isPresent ? value : nil
    }
    mutating func relationship() -> RelationshipRef? {
      guard let type = id(), let row = element(), let start = element(), let end = element() else {
        return nil
      }
      return RelationshipRef(
        id: RelationshipID(type: RelationshipTypeID(type), row: row), start: NodeID(start),
        end: NodeID(end))
    }
    mutating func labels() -> [LabelID]? {
      guard let count = number(), count <= UInt64(bytes.count - position) else { return nil }
      var labels: [LabelID] = []
      labels.reserveCapacity(Int(count))
      for _ in 0..<count {
        guard let label = id() else { return nil }
        labels.append(LabelID(label))
      }
      return labels
    }

    mutating func change() -> Change? {
      guard let tag = byte() else { return nil }
      switch tag {
      case 1:
        guard let kind = byte().flatMap({ NameKind(rawValue: $0) }), let text = run() else {
          return nil
        }
        return .name(kind, String(decoding: text, as: UTF8.self))
      case 2: return labels().map { .createNode($0) }
      case 3: return element().map { .deleteNode(NodeID($0)) }
      case 4, 5:
        guard let label = id(), let node = element() else { return nil }
        return tag == 4
          ? .addLabel(LabelID(label), NodeID(node)) : .removeLabel(LabelID(label), NodeID(node))
      case 6:
        guard let key = id(), let node = element(), let value = value() else { return nil }
        return .setNode(PropertyKeyID(key), NodeID(node), value)
      case 7:
        guard let type = id(), let start = element(), let end = element() else { return nil }
        return .createRelationship(
          RelationshipTypeID(type), from: NodeID(start), to: NodeID(end))
      case 8: return relationship().map { .deleteRelationship($0) }
      case 9:
        guard let key = id(), let relationship = relationship(), let value = value() else {
          return nil
        }
        return .setRelationship(PropertyKeyID(key), relationship, value)
      default: return nil
      }
    }
  }
}
