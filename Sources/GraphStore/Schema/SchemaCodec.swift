internal import GraphTypes

/// Definitions of indexes and constraints as they are stored: a list in the encoding of property
/// values (`ValueCodec`).
///
/// - index: name, kind, on relationships, labels, keys, unique, constraint or null, analyzer or
///   null;
/// - constraint: name, kind (0 unique, 1 exists, 2 key, 3 type), on relationships, label, keys,
///   index or null, type or null;
/// - statistics of a range index: u64 entries, u64 distinct keys.
enum SchemaCodec {
  enum Kind: UInt8 { case index, constraint, statistics }

  static func encoded(_ index: IndexDefinition) -> [UInt8] {
    encoded([
      .string(index.name), number(index.kind.rawValue), .boolean(index.onRelationships),
      .list(index.labels.map(number)), .list(index.keys.map { number($0.rawValue) }),
      .boolean(index.isUnique), index.constraint.map(number) ?? .null,
      index.analyzer.map { .string($0) } ?? .null,
    ])
  }

  static func encoded(_ constraint: ConstraintDefinition) -> [UInt8] {
    var type = Value.null
    let kind: UInt8 =
      switch constraint.kind {
      case .unique: 0
      case .exists: 1
      case .key: 2
      case .type: 3
      }
    if case .type(let name) = constraint.kind { type = .string(name) }
    return encoded([
      .string(constraint.name), number(kind), .boolean(constraint.onRelationships),
      number(constraint.label), .list(constraint.keys.map { number($0.rawValue) }),
      constraint.index.map(number) ?? .null, type,
    ])
  }

  private static func encoded(_ fields: [Value]) -> [UInt8] {
    var bytes: [UInt8] = []
    ValueCodec.appendChecked(.list(fields), to: &bytes)
    return bytes
  }
  private static func number(_ number: some FixedWidthInteger) -> Value { .integer(Int64(number)) }

  /// All definitions that are stored.
  static func schema(
    _ reader: TreeReader, version: Int
  ) throws(StoreError) -> Schema {
    var indexes: [IndexDefinition] = []
    var constraints: [ConstraintDefinition] = []
    try reader.walk(.schema) { (key, value) throws(StoreError) in
      guard key.count == 5, let kind = Kind(rawValue: key[0]),
        let id = Key.number(key, at: 1, bytes: 4).map(UInt32.init(truncatingIfNeeded:))
      else { throw damage }
      switch kind {
      case .index:
        guard let index = index(id, value) else { throw damage }
        indexes.append(index)
      case .constraint:
        guard let constraint = constraint(id, value) else { throw damage }
        constraints.append(constraint)
      case .statistics: break
      }
    }
    return Schema(indexes: indexes, constraints: constraints, version: version)
  }

  private static var damage: StoreError {
    ChunkFormat.damaged("The schema", "a definition cannot be read")
  }

  private struct Fields {
    var values: ArraySlice<Value>

    init?(_ bytes: UnsafeRawBufferPointer, count: Int) {
      guard case .list(let values) = ValueCodec.value(bytes), values.count == count else {
        return nil
      }
      self.values = values[...]
    }
    mutating func text() -> String? {
      if case .string(let text) = values.popFirst() { text } else { nil }
    }
    mutating func flag() -> Bool? {
      if case .boolean(let flag) = values.popFirst() { flag } else { nil }
    }
    mutating func number() -> UInt32? { values.popFirst().flatMap(Self.number) }
    mutating func numbers() -> [UInt32]? {
      guard case .list(let elements) = values.popFirst() else { return nil }
      let numbers = elements.compactMap(Self.number)
      return numbers.count == elements.count ? numbers : nil
    }
    private static func number(_ value: Value) -> UInt32? {
      if case .integer(let number) = value { UInt32(exactly: number) } else { nil }
    }
  }

  static func index(_ id: UInt32, _ bytes: UnsafeRawBufferPointer) -> IndexDefinition? {
    guard var fields = Fields(bytes, count: 8), let name = fields.text(),
      let kind = fields.number().flatMap({ UInt8(exactly: $0) })
        .flatMap(IndexDefinition.Kind.init(rawValue:)),
      let onRelationships = fields.flag(), let labels = fields.numbers(),
      let keys = fields.numbers(), let isUnique = fields.flag()
    else { return nil }
    return IndexDefinition(
      id: id, name: name, kind: kind, onRelationships: onRelationships, labels: labels,
      keys: keys.map(PropertyKeyID.init), isUnique: isUnique, constraint: fields.number(),
      analyzer: fields.text(), state: .online)
  }

  private static func constraint(
    _ id: UInt32, _ bytes: UnsafeRawBufferPointer
  ) -> ConstraintDefinition? {
    guard var fields = Fields(bytes, count: 7), let name = fields.text(),
      let number = fields.number(), let onRelationships = fields.flag(),
      let label = fields.number(), let keys = fields.numbers()
    else { return nil }
    let index = fields.number()
    let kind: ConstraintDefinition.Kind
    switch number {
    case 0: kind = .unique
    case 1: kind = .exists
    case 2: kind = .key
    default:
      guard let type = fields.text(), PropertyType(type) != nil else { return nil }
      kind = .type(type)
    }
    return ConstraintDefinition(
      id: id, name: name, kind: kind, onRelationships: onRelationships, label: label,
      keys: keys.map(PropertyKeyID.init), index: index)
  }
}

/// What is kept about the entries of a range index, in the same transaction.
struct IndexStatistics: Equatable {
  var entries = 0
  /// Different keys.
  var distinct = 0

  init() {}
  init(_ stored: UnsafeRawBufferPointer?) {
    guard let stored, stored.count == 16 else { return }
    entries = Int(truncatingIfNeeded: stored.word(0))
    distinct = Int(truncatingIfNeeded: stored.word(8))
  }
  var encoded: [UInt8] {
    [entries, distinct].flatMap { number in
      withUnsafeBytes(of: UInt64(number).littleEndian, Array.init)
    }
  }
}
