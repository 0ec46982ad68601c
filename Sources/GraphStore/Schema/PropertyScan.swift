internal import GraphColumns
internal import GraphTypes

/// All nodes with a label, or relationships of a type, with the values of some keys, in batches.
struct PropertyScan {
  let reader: GraphReader
  let keys: [PropertyKeyID]
  /// Told the share that is done; may give the scan up.
  var progress: ((Double) throws(StoreError) -> Void)?

  /// Calls `body` with nodes, ascending, their number, and a vector for each key.
  func nodes(
    _ label: LabelID,
    _ body: (UnsafePointer<NodeID>, Int, [Vector]) throws(StoreError) -> Void
  ) throws(StoreError) {
    if reader.nodeCount(label: label) == 0 { return }
    let nodes = UnsafeMutablePointer<NodeID>.allocate(capacity: Segments.rowCount)
    defer { nodes.deallocate() }
    let segmentCount = reader.nodeSegmentCount
    for segment in 0..<segmentCount {
      let count = reader.scanNodes(segment: segment, labels: [label], into: nodes)
      if let damage = reader.damage { throw damage }
      if count > 0 {
        var vectors: [Vector] = []
        for key in keys { vectors.append(try reader.gather(key, nodes: nodes, count: count)) }
        try body(nodes, count, vectors)
      }
      if segment % 64 == 63 { try progress?(Double(segment) / Double(segmentCount)) }
    }
  }

  /// Calls `body` with relationships by their starts, their number, and a vector for each key.
  func relationships(
    _ type: RelationshipTypeID,
    _ body: (UnsafePointer<RelationshipRef>, Int, [Vector]) throws(StoreError) -> Void
  ) throws(StoreError) {
    let total = reader.relationshipCount(type: type)
    if total == 0 { return }
    let adjacency = try reader.adjacency(type, .outgoing)
    let batch = UnsafeMutablePointer<RelationshipRef>.allocate(capacity: Vector.batchCapacity)
    defer { batch.deallocate() }
    var count = 0
    var done = 0
    func flush() throws(StoreError) {
      var vectors: [Vector] = []
      for key in keys {
        vectors.append(try reader.gather(key, relationships: batch, count: count))
      }
      try body(batch, count, vectors)
      done += count
      count = 0
      if done / Vector.batchCapacity % 64 == 63 { try progress?(Double(done) / Double(total)) }
    }
    for row in 0..<UInt64(reader.nodeRowCount) {
      let start = NodeID(row)
      for place in adjacency.entryRange(of: row) where adjacency.isSound(place) {
        let run = adjacency.entries[place].run(of: row)
        for entry in 0..<run.count {
          batch[count] = RelationshipRef(
            id: RelationshipID(type: type, row: UInt64(run.row(entry))), start: start,
            end: NodeID(UInt64(run.neighbours[entry])))
          count += 1
          if count == Vector.batchCapacity { try flush() }
        }
      }
    }
    if count > 0 { try flush() }
    if let damage = reader.damage { throw damage }
  }
}
