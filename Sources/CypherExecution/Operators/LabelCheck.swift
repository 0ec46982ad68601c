internal import GraphStore
internal import GraphTypes

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
