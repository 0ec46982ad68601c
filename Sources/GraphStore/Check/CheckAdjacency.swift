internal import GraphTypes

extension StoreCheck {
  /// Neighbour lists: each in order and in its place, between nodes that exist, and both directions
  /// of a type the same. Leaves the sets of relationships.
  func checkAdjacency() throws(StoreError) {
    var lists: [ListAddress: [Entry]] = [:]
    for entry in entries[.adjacency] ?? [] {
      guard entry.key.count == 18, let type = Key.number(entry.key, at: 0, bytes: 4),
        type < UInt64(relationships.count), let direction = Direction(rawValue: entry.key[4]),
        direction != .both
      else {
        found(.adjacency, "a chunk belongs to no relationship type")
        continue
      }
      lists[ListAddress(type: Int(type), direction: direction), default: []].append(entry)
    }
    for type in relationships.indices {
      let ends = RelationshipEnds(count: relationships[type].count)
      var isWhole = true
      for direction in [Direction.outgoing, .incoming] {
        let address = ListAddress(type: type, direction: direction)
        let isRead = try check(lists[address] ?? [], address, ends)
        isWhole = isWhole && isRead
      }
      let name = name(.relationshipType, UInt32(type))
      if isWhole {
        try checkMirror(name, ends)
        try checkEndCounts(RelationshipTypeID(UInt32(type)), rowCount: ends.count) { row in
          ends.start(row).map { ($0, ends.end(row)) }
        }
      }
      compare(
        "relationships \(name)", counted: counts.relationships[type], found: ends.outgoingCount,
        isWhole: isWhole)
      for row in 0..<ends.count where ends.start(row) != nil {
        _ = relationships[type].insert(row)
      }
      relationships[type].isWhole = isWhole
    }
  }

  private struct ListAddress: Hashable {
    var type: Int
    var direction: Direction
  }

  /// - Returns: whether all chunks could be read.
  private func check(
    _ entries: [Entry], _ address: ListAddress, _ ends: RelationshipEnds
  ) throws(StoreError) -> Bool {
    let list = "\(name(.relationshipType, UInt32(address.type))), \(address.direction)"
    var isWhole = true
    for (place, entry) in entries.enumerated() {
      let next = place + 1 < entries.count ? Identity(key: entries[place + 1].key) : nil
      try advance(entry.value.count)
      guard let identity = Identity(key: entry.key) else { continue }
      do throws(StoreError) {
        let chunk = try AdjacencyChunk(entry.value, verifyingChecksum: true)
        guard Identity(node: chunk.firstNode, entry: chunk.lowerBound) == identity else {
          throw ChunkFormat.damaged("It", "it is not in its place")
        }
        var check = ListCheck(
          chunk: chunk, identity: identity, next: next, isOutgoing: address.direction == .outgoing,
          nodes: nodes, ends: ends)
        check.run()
        for text in check.findings { found(.adjacency, "\(list): \(text)") }
      } catch {
        found(.adjacency, "\(list), lists from node \(identity.node) on: \(error.message)")
        isWhole = false
      }
    }
    return isWhole
  }

  private func checkMirror(_ name: String, _ ends: RelationshipEnds) throws(StoreError) {
    for row in 0..<ends.count {
      if row & 0xFFFF == 0 { try checkCancelled() }
      if let start = ends.start(row), !ends.isIncoming(row) {
        found(
          .adjacency,
          "relationship \(row) of \(name) is in the list of node \(start), where it begins, but not"
            + " in that of node \(ends.end(row)), where it ends")
      }
    }
  }

  /// What identifies a chunk, and each entry in one.
  fileprivate struct Identity: Comparable {
    var node: UInt64
    /// Neighbour << 32 | row.
    var entry: UInt64

    init(node: UInt64, entry: UInt64) {
      self.node = node
      self.entry = entry
    }
    init?(key: UnsafeRawBufferPointer) {
      guard let node = Key.number(key, at: 5, bytes: 5),
        let entry = Key.number(key, at: 10, bytes: 8)
      else { return nil }
      self.init(node: node, entry: entry)
    }
    static func < (a: Identity, b: Identity) -> Bool { (a.node, a.entry) < (b.node, b.entry) }
  }
}

/// Both ends of the relationships of a type, by row: 8 bytes a row and a bit.
private final class RelationshipEnds {
  let count: Int
  private(set) var outgoingCount = 0
  private let starts: UnsafeMutablePointer<UInt32>
  private let ends: UnsafeMutablePointer<UInt32>
  private var incoming: RowSet

  init(count: Int) {
    self.count = count
    starts = .allocate(capacity: max(count, 1))
    starts.initialize(repeating: .max, count: count)
    ends = .allocate(capacity: max(count, 1))
    ends.initialize(repeating: .max, count: count)
    incoming = RowSet(count: count)
  }
  deinit {
    starts.deallocate()
    ends.deallocate()
  }

  func start(_ row: Int) -> UInt32? { starts[row] == .max ? nil : starts[row] }
  func end(_ row: Int) -> UInt32 { ends[row] }
  func isIncoming(_ row: Int) -> Bool { incoming.contains(row) }

  /// - Returns: false when there is one of that row already.
  @inline(__always)
  func setOutgoing(_ row: Int, _ start: UInt32, _ end: UInt32) -> Bool {
    if starts[row] != .max { return false }
    outgoingCount += 1
    starts[row] = start
    ends[row] = end
    return true
  }
  @inline(__always) func setIncoming(_ row: Int) -> Bool { incoming.insert(row) }
}

/// One chunk of neighbour lists.
private struct ListCheck {
  let chunk: AdjacencyChunk
  let identity: StoreCheck.Identity
  /// Of the chunk behind.
  let next: StoreCheck.Identity?
  let isOutgoing: Bool
  let nodes: RowSet
  let ends: RelationshipEnds
  private(set) var findings: [String] = []

  init(
    chunk: AdjacencyChunk, identity: StoreCheck.Identity, next: StoreCheck.Identity?,
    isOutgoing: Bool, nodes: RowSet, ends: RelationshipEnds
  ) {
    self.chunk = chunk
    self.identity = identity
    self.next = next
    self.isOutgoing = isOutgoing
    self.nodes = nodes
    self.ends = ends
  }

  mutating func run() {
    let raw = chunk.bytes.baseAddress.unsafelyUnwrapped + AdjacencyChunk.headerSize
    let lists = raw + 4 * (chunk.nodeCount + 1)
    for index in 0..<chunk.nodeCount {
      // `AdjacencyChunk` has verified the offsets.
      let first = Int(raw.element(index, UInt32.self))
      let last = Int(raw.element(index + 1, UInt32.self))
      if first == last { continue }
      let node = chunk.firstNode + UInt64(index)
      if nodes.isWhole, !nodes.contains(Int(node)) {
        findings.append("node \(node) has relationships, but does not exist")
      }
      var previous: UInt64?
      for place in first..<last {
        let neighbour: UInt32 = lists.element(place)
        let row = chunk.rows.row(place, neighbour: neighbour)
        let entry = UInt64(neighbour) << 32 | UInt64(row)
        if let previous, previous >= entry {
          findings.append("the list of node \(node) is not in order")
        }
        previous = entry
        check(node, neighbour, row)
      }
      checkPlace(node, lists, first, previous)
    }
  }

  /// The list belongs to this chunk and not to the one before or behind.
  private mutating func checkPlace(
    _ node: UInt64, _ lists: UnsafeRawPointer, _ first: Int, _ last: UInt64?
  ) {
    let neighbour: UInt32 = lists.element(first)
    let lowest = UInt64(neighbour) << 32 | UInt64(chunk.rows.row(first, neighbour: neighbour))
    let isBefore = StoreCheck.Identity(node: node, entry: lowest) < identity
    let isBehind = next.map { StoreCheck.Identity(node: node, entry: last ?? 0) >= $0 } ?? false
    if isBefore || isBehind {
      findings.append("a part of the list of node \(node) belongs to another chunk")
    }
  }

  @inline(__always)
  private mutating func check(_ node: UInt64, _ neighbour: UInt32, _ row: UInt32) {
    if nodes.isWhole, !nodes.contains(Int(neighbour)) {
      findings.append("node \(node) has the neighbour \(neighbour), which does not exist")
    }
    guard Int(row) < ends.count else {
      findings.append("node \(node) has relationship \(row), which is beyond the end of the table")
      return
    }
    if isOutgoing {
      if !ends.setOutgoing(Int(row), UInt32(truncatingIfNeeded: node), neighbour) {
        findings.append("relationship \(row) is there twice, also at node \(node)")
      }
      return
    }
    if !ends.setIncoming(Int(row)) {
      findings.append("relationship \(row) is there twice, also at node \(node)")
    } else if let start = ends.start(Int(row)) {
      if start != neighbour || UInt64(ends.end(Int(row))) != node {
        findings.append(
          "relationship \(row) leads from \(neighbour) to \(node), but outgoing lists say from "
            + "\(start) to \(ends.end(Int(row)))")
      }
    } else {
      findings.append(
        "relationship \(row) from \(neighbour) to \(node) is not in the outgoing list of node "
          + "\(neighbour)")
    }
  }
}
