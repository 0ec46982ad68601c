package import GraphTypes

/// How many relationships of a type there are between nodes with certain labels, exactly.
///
/// A relationship from a node with m labels to one with n counts in (m + 1)(n + 1) - 1 places: each
/// label or any at the start, each or any at the end. (Any at both ends is the count of the type.)
struct RelationshipEndCounts: Equatable {
  /// Labels of both ends; nil for any.
  struct Ends: Hashable {
    var from: LabelID?
    var type: RelationshipTypeID
    var to: LabelID?

    init(from: LabelID?, type: RelationshipTypeID, to: LabelID?) {
      self.from = from
      self.type = type
      self.to = to
    }

    /// From the key of a stored count; nil if it is of something else.
    init?(_ key: UnsafeRawBufferPointer) {
      func label(_ offset: Int) -> LabelID? {
        let id = Key.number(key, at: offset, bytes: 4) ?? UInt64(UInt32.max)
        return id == UInt64(UInt32.max) ? nil : LabelID(UInt32(id))
      }
      guard key.count == 13, let type = Key.number(key, at: 1, bytes: 4) else { return nil }
      self.init(from: label(5), type: RelationshipTypeID(UInt32(type)), to: label(9))
    }
  }

  private(set) var counts: [Ends: Int] = [:]

  subscript(_ ends: Ends) -> Int { counts[ends] ?? 0 }

  /// Counts `amount` relationships in or (below 0) out.
  /// - Parameters: `from`, `to`: all labels of the nodes at the ends.
  mutating func add(
    _ amount: Int, _ type: RelationshipTypeID, from: [LabelID], to: [LabelID]
  ) {
    for label in to { add(amount, Ends(from: nil, type: type, to: label)) }
    for label in from { addStart(amount, type, from: label, to: to) }
  }

  /// Of relationships from nodes with a label, as one label comes or goes.
  mutating func addStart(
    _ amount: Int, _ type: RelationshipTypeID, from: LabelID, to: [LabelID]
  ) {
    add(amount, Ends(from: from, type: type, to: nil))
    for label in to { add(amount, Ends(from: from, type: type, to: label)) }
  }
  mutating func addEnd(
    _ amount: Int, _ type: RelationshipTypeID, from: [LabelID], to: LabelID
  ) {
    add(amount, Ends(from: nil, type: type, to: to))
    for label in from { add(amount, Ends(from: label, type: type, to: to)) }
  }

  private mutating func add(_ amount: Int, _ ends: Ends) { counts[ends, default: 0] += amount }

  /// Removes the counts of a label or type that is no more.
  mutating func remove(_ label: LabelID) {
    counts = counts.filter { $0.key.from != label && $0.key.to != label }
  }
  mutating func remove(_ type: RelationshipTypeID) {
    counts = counts.filter { $0.key.type != type }
  }

  /// Takes a stored number in.
  mutating func read(_ ends: Ends, _ count: Int) { counts[ends] = count }
}

extension GraphState {
  /// False when no node with one of these labels has relationships of the type in the direction.
  func mayHave(
    _ type: RelationshipTypeID, _ direction: Direction, nodeWith labels: [LabelID]
  ) -> Bool {
    counts.relationships[Int(type.rawValue)] > 0
      && labels.allSatisfy { label in
        direction == .outgoing
          ? counts.ends[.init(from: label, type: type, to: nil)] > 0
          : counts.ends[.init(from: nil, type: type, to: label)] > 0
      }
  }

  /// Counts the relationships of a node in or out (`amount` 1 or -1) for a label that comes or
  /// goes. Called while the node does not have the label.
  /// - Complexity: O(degree).
  func countEnds(_ amount: Int, _ label: LabelID, of node: NodeID) throws(StoreError) {
    let own = labels(of: node)
    for type in names.relationshipTypes.names.indices where counts.relationships[type] > 0 {
      let type = RelationshipTypeID(UInt32(type))
      // A loop is counted with the label at its start alone, then with the label at its end and,
      // because the start has it by then, at both.
      try forEachRun(of: node, type, .outgoing) { run in
        for index in 0..<run.count {
          let other = NodeID(UInt64(run.neighbours[index]))
          counts.ends.addStart(amount, type, from: label, to: labels(of: other))
        }
      }
      try forEachRun(of: node, type, .incoming) { run in
        for index in 0..<run.count {
          let other = NodeID(UInt64(run.neighbours[index]))
          let labels = other == node ? own + [label] : labels(of: other)
          counts.ends.addEnd(amount, type, from: labels, to: label)
        }
      }
    }
  }
}

extension GraphReader {
  /// Relationships by type and the labels of their ends (nil: any), exactly.
  /// - Complexity: O(1); O(types) for all types.
  package final func relationshipCount(
    type: RelationshipTypeID?, from: LabelID?, to: LabelID?
  ) -> Int {
    guard let type else {
      return relationshipTypeNames.indices.reduce(0) {
        $0 + relationshipCount(type: RelationshipTypeID(UInt32($1)), from: from, to: to)
      }
    }
    if from == nil && to == nil { return relationshipCount(type: type) }
    return counts.ends[.init(from: from, type: type, to: to)]
  }
}
