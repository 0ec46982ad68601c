internal import GraphTypes

/// The names of one kind (labels, relationship types or property keys), both ways.
struct NameTable {
  private(set) var names: [String] = []
  private var ids: [Name: UInt32] = [:]

  /// Names are compared by their bytes: Swift's `==` would take different spellings of one
  /// character for equal.
  private struct Name: Hashable {
    var text: String
    static func == (a: Name, b: Name) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }
    func hash(into hasher: inout Hasher) {
      var text = text
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }

  func id(of name: String) -> UInt32? { ids[Name(text: name)] }

  /// The name must be new.
  mutating func append(_ name: String) -> UInt32 {
    let id = UInt32(names.count)
    names.append(name)
    ids[Name(text: name)] = id
    return id
  }

  /// There must be a name.
  /// - Returns: its id.
  mutating func removeLast() -> UInt32 {
    ids[Name(text: names.removeLast())] = nil
    return UInt32(names.count)
  }
}

/// All names of a state of the catalogue.
struct NameTables {
  var labels = NameTable()
  var relationshipTypes = NameTable()
  var propertyKeys = NameTable()

  subscript(kind: NameKind) -> NameTable {
    get {
      switch kind {
      case .label: labels
      case .relationshipType: relationshipTypes
      case .propertyKey: propertyKeys
      }
    }
    _modify {
      switch kind {
      case .label: yield &labels
      case .relationshipType: yield &relationshipTypes
      case .propertyKey: yield &propertyKeys
      }
    }
  }

  /// Takes one stored entry in; entries come in the order of their ids.
  mutating func read(
    key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer
  ) throws(StoreError) {
    guard key.count == 5, let kind = NameKind(rawValue: key[0]),
      let id = Key.number(key, at: 1, bytes: 4), id == UInt64(self[kind].names.count)
    else { throw ChunkFormat.damaged("The catalogue of names", "an entry cannot be read") }
    _ = self[kind].append(String(decoding: value, as: UTF8.self))
  }
}
