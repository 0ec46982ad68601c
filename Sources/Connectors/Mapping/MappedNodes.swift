internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// The nodes of one first label, as they come together from all tables.
final class MappedNodes {
  let space: IdentifierSpaces.Space
  let label: String
  /// Nil for nodes without a key, one for each row.
  let keyProperty: String?
  private var columns: [(key: String, values: AccumulatedColumn)] = []
  /// The label lists of the places that make such nodes, and which of them made each node.
  private var labelLists: [[String]] = []
  private var madeBy: [UInt32] = []

  init(_ space: IdentifierSpaces.Space, label: String, keyProperty: String?) {
    self.space = space
    self.label = label
    self.keyProperty = keyProperty
  }

  /// - Returns: nil when the property has another type elsewhere.
  func column(_ key: String, _ type: VectorType) -> AccumulatedColumn? {
    if let known = columns.first(where: { $0.key == key }) {
      return known.values.type == type ? known.values : nil
    }
    let column = AccumulatedColumn(type: type)
    columns.append((key, column))
    return column
  }

  func placeNumber(_ labels: [String]) -> Int {
    if let index = labelLists.firstIndex(of: labels) { return index }
    labelLists.append(labels)
    return min(labelLists.count - 1, 31)
  }

  func note(_ ordinals: UnsafePointer<UInt32>, count: Int, place: Int) {
    while madeBy.count < space.map.count { madeBy.append(0) }
    for row in 0..<count where ordinals[row] != IdentifierMap.missing {
      madeBy[Int(ordinals[row])] |= 1 << UInt32(place)
    }
  }

  /// Hands all nodes to the sink, after the last table.
  /// - Returns: how many existing nodes got values.
  func add(to sink: any ImportSink) throws -> Int {
    let map = space.map
    var updated = 0
    for ordinal in 0..<min(space.existingCount, madeBy.count) where madeBy[ordinal] != 0 {
      let node = NodeID(UInt64(map.rows[ordinal]))
      var hasValue = false
      for (key, column) in columns where key != keyProperty {
        let value = column.value(ordinal)
        if case .null = value { continue }
        try sink.update(node, key: key, value: value)
        hasValue = true
      }
      if hasValue { updated += 1 }
    }
    var groups: [UInt32: [Int]] = [:]
    var order: [UInt32] = []
    for ordinal in min(space.existingCount, madeBy.count)..<madeBy.count {
      if groups[madeBy[ordinal]] == nil { order.append(madeBy[ordinal]) }
      groups[madeBy[ordinal], default: []].append(ordinal)
    }
    for mask in order {
      let ordinals = groups[mask] ?? []
      var labels: [String] = []
      for (index, list) in labelLists.enumerated() where mask >> UInt32(index) & 1 == 1 {
        for label in list where !labels.contains(label) { labels.append(label) }
      }
      for start in stride(from: 0, to: ordinals.count, by: 1 << 16) {
        let part = Array(ordinals[start..<min(start + 1 << 16, ordinals.count)])
        let ranges = try sink.addNodes(
          labels: labels,
          columns: columns.map { .init(key: $0.key, values: $0.values.vector(of: part)) },
          count: part.count)
        var position = 0
        for row in ranges.joined() {
          map.setRow(row, ofOrdinal: part[position])
          position += 1
        }
      }
    }
    return updated
  }
}
