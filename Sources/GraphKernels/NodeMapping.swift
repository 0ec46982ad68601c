package import GraphTypes

/// Which nodes a view has, and their permanent identities.
///
/// Algorithms number nodes `0 ..< count`. A view without copies keeps the store's row numbers, so
/// its index space may hold rows that are not part of the graph (other labels, deleted nodes):
/// those are not *members*, have no relationships, and are left out of every result.
package struct NodeMapping: Sendable {
  private enum Kind: Sendable {
    case identity
    case list([UInt64], lookup: [UInt32])
  }
  private let kind: Kind
  /// The size of the index space: one more than the highest index.
  package let count: Int
  /// Ascending, disjoint ranges of the indices that are members.
  package let members: [Range<Int>]
  package let memberCount: Int

  /// Index = identity, for identities below `count`, all or those in `members`.
  package init(identity count: Int, members: [Range<Int>]? = nil) {
    kind = .identity
    self.count = count
    self.members = members ?? (count > 0 ? [0..<count] : [])
    memberCount = self.members.reduce(0) { $0 + $1.count }
    precondition(self.members.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= count })
  }

  /// Index *i* is `nodes[i]`; ascending identities. Costs 4 bytes per identity up to the greatest.
  package init(_ nodes: [NodeID]) {
    var lookup = [UInt32](
      repeating: .max, count: nodes.last.map { Int($0.rawValue) + 1 } ?? 0)
    for (index, node) in nodes.enumerated() { lookup[Int(node.rawValue)] = UInt32(index) }
    kind = .list(nodes.map(\.rawValue), lookup: lookup)
    count = nodes.count
    members = nodes.isEmpty ? [] : [0..<nodes.count]
    memberCount = nodes.count
  }

  @inline(__always)
  package func nodeID(of index: Int) -> NodeID {
    switch kind {
    case .identity: NodeID(UInt64(index))
    case .list(let nodes, _): NodeID(nodes[index])
    }
  }

  /// Nil for a node that is not a member.
  @inline(__always)
  package func index(of node: NodeID) -> UInt32? {
    switch kind {
    case .identity:
      guard node.rawValue < UInt64(count) else { return nil }
      let index = Int(node.rawValue)
      if memberCount == count { return UInt32(index) }
      return isMember(index) ? UInt32(index) : nil
    case .list(_, let lookup):
      guard node.rawValue < UInt64(lookup.count) else { return nil }
      let index = lookup[Int(node.rawValue)]
      return index == .max ? nil : index
    }
  }

  /// O(log of the number of ranges).
  package func isMember(_ index: Int) -> Bool {
    var low = 0
    var high = members.count
    while low < high {
      let middle = (low + high) / 2
      if members[middle].upperBound <= index { low = middle + 1 } else { high = middle }
    }
    return low < members.count && members[low].contains(index)
  }

  /// The values of members only, in order of index.
  package func memberValues<Element>(_ values: [Element]) -> [Element] {
    if memberCount == values.count { return values }
    var result: [Element] = []
    result.reserveCapacity(memberCount)
    for range in members { result.append(contentsOf: values[range]) }
    return result
  }
}
