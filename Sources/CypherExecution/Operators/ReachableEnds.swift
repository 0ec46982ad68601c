internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// The set of nodes at the end of a trail of 0 or 1 up to `maximum` relationships, by
/// breadth-first search: a shortest walk never takes a relationship twice, so the nodes within
/// reach are the ends of trails. Only the start itself needs care: undirected, going out and back
/// over one relationship is no trail, so there must be a cycle through the start.
///
/// Complexity: O(reachable nodes + relationships) per start.
final class ReachableEnds {
  private let expand: VariableLengthExpand
  private var hops: [Hop] = []
  /// By reached node: the distance, and by which relationship of the start the search came there.
  private var reached: [NodeID: (distance: Int, branch: RelationshipID)] = [:]

  init(_ expand: VariableLengthExpand) { self.expand = expand }

  /// A longer minimum needs walks that are not shortest.
  static func canServe(_ expand: VariableLengthExpand) -> Bool { expand.minimum <= 1 }

  /// - Parameter target: if only this end matters: the search stops there.
  func find(
    from start: NodeID, target: NodeID?, _ reader: HopReader, _ context: ExecutionContext,
    into ends: inout [NodeID]
  ) throws {
    reached.removeAll(keepingCapacity: true)
    let maximum = expand.maximum ?? Int.max
    var isStartAnEnd = expand.minimum == 0
    if isStartAnEnd { ends.append(start) }
    if isStartAnEnd && target == start { return }
    var frontier = [start]
    var distance = 0
    while !frontier.isEmpty && distance < maximum {
      distance += 1
      var following: [NodeID] = []
      for (index, node) in frontier.enumerated() {
        if index & 0x3FF == 0x3FF { try context.control.check() }
        let branch = reached[node]?.branch
        hops.removeAll(keepingCapacity: true)
        try reader.append(from: node, to: &hops)
        for hop in hops {
          if hop.node == start {
            // Back at the start: a trail unless it is the relationship that the search left by.
            if !isStartAnEnd && branch != hop.relationship.id {
              isStartAnEnd = true
              ends.append(start)
            }
            continue
          }
          let newBranch = branch ?? hop.relationship.id
          if let known = reached[hop.node] {
            // Two branches meet: a cycle through the start, if it is short enough.
            if !isStartAnEnd && expand.direction == .both && known.branch != newBranch,
              known.distance + distance <= maximum
            {
              isStartAnEnd = true
              ends.append(start)
            }
            continue
          }
          reached[hop.node] = (distance, newBranch)
          ends.append(hop.node)
          if hop.node == target { return }
          following.append(hop.node)
        }
      }
      frontier = following
    }
    ends.reverse()
  }
}
