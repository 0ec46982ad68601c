internal import GraphStore
internal import GraphTypes

/// Checks that nodes have some labels; ids are looked up once per opening.
struct LabelCheck {
  private let names: [String]
  private var ids: [LabelID]?

  init(_ names: [String]) { self.names = names }

  var isNeeded: Bool { !names.isEmpty }
  mutating func reset() { ids = nil }

  /// - Returns: nil when one of the labels does not exist, so that no node can pass.
  mutating func labels(_ reader: GraphReader) -> [LabelID]? {
    if let ids { return ids.count == names.count ? ids : nil }
    let found = names.compactMap { reader.labelID($0) }
    ids = found
    return found.count == names.count ? found : nil
  }

  mutating func passes(_ node: NodeID, _ reader: GraphReader) -> Bool {
    guard let labels = labels(reader) else { return false }
    for label in labels where !reader.hasLabel(node, label) { return false }
    return true
  }
}
