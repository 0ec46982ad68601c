internal import GraphStore
internal import GraphTypes

extension ExecutionContext {
  /// Those of the labels that not all relationships of some types have at one end: the store's
  /// counts of relationships by label are exact. In a transaction, where they change, all.
  ///
  /// - Parameters:
  ///   - types: empty for all.
  ///   - isFrom: the end from which the relationships are followed in the direction, or the other.
  func labelsToCheck(
    _ labels: [String], types: [String], direction: Direction, isFrom: Bool
  ) -> [String] {
    if labels.isEmpty || transaction != nil { return labels }
    let typeIDs =
      types.isEmpty
      ? (0..<reader.relationshipTypeNames.count).map { RelationshipTypeID(UInt32($0)) }
      : types.uniqued().compactMap { reader.relationshipTypeID($0) }
    return labels.filter { name in
      guard let label = reader.labelID(name) else { return true }
      return typeIDs.contains { type in
        let count = reader.relationshipCount(type: type)
        let isStart = reader.relationshipCount(type: type, from: label, to: nil) == count
        let isEnd = reader.relationshipCount(type: type, from: nil, to: label) == count
        return switch direction {
        case .outgoing: isFrom ? !isStart : !isEnd
        case .incoming: isFrom ? !isEnd : !isStart
        case .both: !isStart || !isEnd
        }
      }
    }
  }
}

/// Checks that nodes have some labels; ids are looked up once per opening.
struct LabelCheck {
  private let names: [String]
  private var members: [LabelMembership]?

  init(_ names: [String]) { self.names = names }

  var isNeeded: Bool { !names.isEmpty }
  mutating func reset() { members = nil }

  /// False when one of the labels does not exist.
  mutating func passes(_ node: NodeID, _ context: ExecutionContext) -> Bool {
    let members = self.members ?? prepare(context)
    guard members.count == names.count else { return false }
    for member in members where !member.contains(node) { return false }
    return true
  }

  private mutating func prepare(_ context: ExecutionContext) -> [LabelMembership] {
    let made = names.compactMap { context.reader.labelID($0) }
      .map { LabelMembership($0, context: context) }
    members = made
    return made
  }
}
