internal import GraphColumns
internal import GraphTypes

/// The id spaces of an import by name, with the nodes that the database already has.
final class IdentifierSpaces {
  /// An id space: which ids there are, and how many of them were there before.
  final class Space {
    let map: IdentifierMap
    /// Ordinals below are existing nodes.
    fileprivate(set) var existingCount = 0
    /// Existing ordinals that this import has met.
    var touched: [Bool] = []
    private var frozen: IdentifierLookup?

    init(_ map: IdentifierMap) { self.map = map }

    func lookup() -> IdentifierLookup {
      if let frozen { return frozen }
      let lookup = map.freeze()
      frozen = lookup
      return lookup
    }
  }

  private(set) var spaces: [String: Space] = [:]
  private let sink: any ImportSink

  init(sink: any ImportSink) { self.sink = sink }

  var names: [String] { spaces.keys.sorted() }

  /// The kind of the ids that existing nodes have under a key; nil when there are none.
  func existingKind(label: String, key: String) throws -> IdentifierMap.Kind? {
    guard sink.hasExistingNodes else { return nil }
    var kind: IdentifierMap.Kind?
    try sink.forEachExisting(label: label, key: key) { _, values, count in
      for row in 0..<count where kind == nil {
        switch values.value(atRow: row) {
        case .integer: kind = .integer
        case .string: kind = .string
        default: break
        }
      }
    }
    return kind
  }

  /// Makes a space and fills it with the ids of existing nodes.
  func make(
    _ name: String, kind: IdentifierMap.Kind, existing: (label: String, key: String)?
  ) throws -> Space {
    let space = Space(IdentifierMap(name: name, kind: kind))
    spaces[name] = space
    if let existing { try fill(space, label: existing.label, key: existing.key) }
    return space
  }

  private func fill(_ space: Space, label: String, key: String) throws {
    guard sink.hasExistingNodes else { return }
    let map = space.map
    try sink.forEachExisting(label: label, key: key) { nodes, values, count in
      for row in 0..<count {
        var ordinal: UInt32?
        switch (map.kind, values.value(atRow: row)) {
        case (.integer, .integer(let id)): ordinal = map.insert(id).ordinal
        case (.string, .string(let text)):
          var text = text
          ordinal = text.withUTF8 {
            map.insert(StringRef(base: $0.baseAddress, count: $0.count)).ordinal
          }
        default: break
        }
        if let ordinal { map.setRow(nodes[row].rawValue, ofOrdinal: Int(ordinal)) }
      }
    }
    space.existingCount = map.count
    space.touched = [Bool](repeating: false, count: map.count)
  }
}
