internal import GraphColumns
internal import GraphTypes

/// A bulk load into a new database.
///
/// Node segments are encoded as they fill, relationships kept in memory and sorted at the end. All
/// chunks are then written in the order of their keys.
final class BulkCreation {
  private let file: BulkFile
  private var names = NameTables()
  private var counts = GraphCounts()
  private var summary = BulkLoader.Summary()
  private let nodes = BulkNodes()
  private var statistics = GraphStatistics()
  private var labelSets: [[String]: [LabelID]] = [:]
  private var relationships: [BulkRelationships] = []
  var requests: [BulkSchemaRequest] = []
  /// Bytes of node columns that may wait for the end; beyond, they are written out of order.
  private let waitingMaximum: Int

  /// - Parameters: `waitingMaximum`, `commitSize`: in bytes; they bound the memory used.
  init(
    _ path: String, durability: StoreOptions.Durability, waitingMaximum: Int = 256 << 20,
    commitSize: Int = 256 << 20
  ) throws(StoreError) {
    self.waitingMaximum = waitingMaximum
    file = try BulkFile(path, durability: durability, commitSize: commitSize)
  }

  private func id(_ name: String, _ kind: NameKind) -> UInt32 {
    names[kind].id(of: name) ?? names[kind].append(name)
  }

  private func keyed(
    _ columns: [BulkLoader.Column]
  ) -> [(key: PropertyKeyID, values: Vector)] {
    columns.map { (PropertyKeyID(id($0.key, .propertyKey)), $0.values) }
  }

  // MARK: Nodes

  func addNodes(
    labels: [String], columns: [BulkLoader.Column], count: Int
  ) throws -> [Range<UInt64>] {
    let ids = labelSet(labels)
    let runs = try nodes.add(labels: ids, columns: keyed(columns), count: count)
    if nodes.chunkSize > waitingMaximum {
      try write(nodes.takeChunks())
      try file.commit()
    }
    counts.nodes += count
    summary.nodes += count
    counts.grow(labels: names.labels.names.count, types: 0)
    for label in ids { counts.labelled[Int(label.rawValue)] += count }
    return runs
  }

  /// Ascending, without repeats.
  private func labelSet(_ labels: [String]) -> [LabelID] {
    if let ids = labelSets[labels] { return ids }
    let ids = Array(Set(labels.map { LabelID(id($0, .label)) })).sorted()
    labelSets[labels] = ids
    return ids
  }

  private func write(_ chunks: [(key: Key, bytes: [UInt8])]) throws(StoreError) {
    for (key, bytes) in chunks { try file.put(.columns, key, bytes) }
  }

  // MARK: Relationships

  private func relationshipType(_ name: String) -> UInt32 {
    let id = id(name, .relationshipType)
    if Int(id) == relationships.count {
      relationships.append(BulkRelationships(type: RelationshipTypeID(id)))
    }
    return id
  }

  func addRelationships(
    type: String, from: UnsafePointer<UInt32>, to: UnsafePointer<UInt32>,
    columns: [BulkLoader.Column], count: Int
  ) throws {
    let id = Int(relationshipType(type))
    let ends = try countEnds(from, to, count)
    try relationships[id].append(from: from, to: to, columns: keyed(columns), count: count)
    for (sets, amount) in ends {
      counts.ends.add(
        amount, relationships[id].type, from: nodes.labelSets[sets.from],
        to: nodes.labelSets[sets.to])
    }
    summary.relationships += count
  }

  private struct LabelSets: Hashable {
    var from: Int
    var to: Int
  }

  /// How many relationships there are between nodes with certain label sets.
  private func countEnds(
    _ from: UnsafePointer<UInt32>, _ to: UnsafePointer<UInt32>, _ count: Int
  ) throws(StoreError) -> [LabelSets: Int] {
    var found: [LabelSets: Int] = [:]
    var last = LabelSets(from: 0, to: 0)
    var run = 0
    for row in 0..<count {
      let sets = LabelSets(from: try labelSet(of: from[row]), to: try labelSet(of: to[row]))
      if sets != last {
        found[last, default: 0] += run
        last = sets
        run = 0
      }
      run += 1
    }
    found[last, default: 0] += run
    return found.filter { $0.value > 0 }
  }

  @inline(__always)
  private func labelSet(of node: UInt32) throws(StoreError) -> Int {
    guard let set = nodes.labelSet(of: node) else {
      throw StoreError(.invalidArgument, "there is no node \(node)")
    }
    return set
  }

  // MARK: The end

  func finish(progress: ((Double) -> Void)?) throws -> BulkLoader.Summary {
    // Before the tables are written: it may make names.
    let schema = requests.schema(
      label: { name, onRelationships in
        onRelationships ? relationshipType(name) : id(name, .label)
      }, key: { PropertyKeyID(id($0, .propertyKey)) })
    counts.schemaVersion = schema.version
    try nodes.closeAll()
    summary.properties += nodes.propertyCount
    // Sorting and the lists count as much as three columns.
    let work = relationships.reduce(1) { $0 + $1.count * (3 + $1.columns.count) }
    var done = 0
    func advance(_ amount: Int) {
      done += amount
      progress?(min(1, Double(done) / Double(work)))
    }
    progress?(0)
    var orders: [[UInt32]] = []
    for list in relationships {
      let sorted = list.sort()
      orders.append(sorted.order)
      for (direction, lists) in [
        (Direction.outgoing, sorted.outgoing), (.incoming, sorted.incoming),
      ] {
        statistics.degrees[.init(type: list.type, direction: direction)] = lists.degreeStatistics
      }
      advance(list.count)
      try write(sorted.outgoing, list.type, .outgoing)
      advance(list.count)
      try write(sorted.incoming, list.type, .incoming)
      advance(list.count)
    }
    // Keys of columns begin with the property key, so that goes first for the order of writing.
    for key in 0..<UInt32(names.propertyKeys.names.count) {
      let key = PropertyKeyID(key)
      for (list, order) in zip(relationships, orders) {
        guard let column = list.columns.removeValue(forKey: key) else { continue }
        summary.properties += column.valueCount
        try write(column, key, list.type, order, advance)
      }
    }
    try write(nodes.takeChunks())
    nodes.statistics.write(to: &statistics)
    try writeTables()
    if schema.version > 0 { try write(schema) }
    try file.finish()
    progress?(1)
    return summary
  }

  private func write(
    _ lists: BulkRelationships.Lists, _ type: RelationshipTypeID, _ direction: Direction
  ) throws {
    let nodeCount = lists.offsets.count - 1
    let fit = lists.rowFit
    let parts = lists.withPointers { offsets, _, rows in
      AdjacencyPartition.parts(
        nodeCount: nodeCount, offsets: offsets, rows: rows, rowBits: fit.width,
        byteCountMaximum: AdjacencyChunk.byteCountAim, fillingUp: true)
    }
    try ChunkMaking.inParallel(parts.count) { index in
      Self.encode(lists, parts[index], slope: fit.slope)
    } take: { index, bytes in
      let part = parts[index]
      try file.put(
        .adjacency,
        .adjacency(
          type, direction, firstNode: UInt64(lists.firstNode) + UInt64(part.nodes.lowerBound),
          lowerBound: Self.lowerBound(lists, part)), bytes)
    }
  }

  private static func lowerBound(
    _ lists: BulkRelationships.Lists, _ part: AdjacencyPartition.Part
  ) -> UInt64 {
    if !part.isContinuation { return 0 }
    let first = part.entries.lowerBound
    let row = lists.rows.map { $0[first] } ?? UInt32(first)
    return UInt64(lists.neighbours[first]) << 32 | UInt64(row)
  }

  private static func encode(
    _ lists: BulkRelationships.Lists, _ part: AdjacencyPartition.Part, slope: UInt64
  ) -> [UInt8] {
    let entries = part.entries
    // The first and the last list may begin or end in another chunk.
    var offsets = Array(lists.offsets[part.nodes.lowerBound...part.nodes.upperBound])
    offsets[0] = UInt32(entries.lowerBound)
    offsets[part.nodes.count] = UInt32(entries.upperBound)
    return lists.withPointers { _, neighbours, rows in
      AdjacencyChunk.encode(
        firstNode: UInt64(lists.firstNode) + UInt64(part.nodes.lowerBound),
        lowerBound: lowerBound(lists, part), nodeCount: part.nodes.count, offsets: offsets,
        neighbours: neighbours, rows: rows, firstRow: UInt32(entries.lowerBound), slope: slope)
    }
  }

  private func write(
    _ column: BulkColumn, _ key: PropertyKeyID, _ type: RelationshipTypeID, _ order: [UInt32],
    _ advance: (Int) -> Void
  ) throws {
    let space = ColumnSpace.relationships(type)
    try write(nodes.takeChunks(below: .column(key, space)))
    let rows = space.segmentRows
    let segmentCount = (order.count + rows - 1) / rows
    var found = PropertyStatistics()
    nonisolated(unsafe) let column = column
    try ChunkMaking.inParallel(segmentCount) { segment -> BulkColumn.Encoded? in
      let first = segment * rows
      return try order.withUnsafeBufferPointer { order in
        guard let base = order.baseAddress else { return nil }
        return try column.encoded(order: base + first, count: min(rows, order.count - first))
      }
    } take: { segment, encoded in
      try file.put(.columns, .column(key, space, segment: segment), encoded.bytes)
      for part in encoded.statistics { found.merge(part) }
      advance(min(rows, order.count - segment * rows))
    }
    found.rowCount = order.count
    if found.valueCount > 0 {
      statistics.properties[.init(space: space, label: nil, key: key)] = found
    }
  }

  private func writeTables() throws(StoreError) {
    for segment in 0..<nodes.segmentCount {
      try file.put(.nodes, .nodes(segment: segment), nodes.labelChunk(segment: segment))
    }
    for kind in NameKind.allCases {
      for (id, name) in names[kind].names.enumerated() {
        try file.put(.catalogue, .name(kind, UInt32(id)), Array(name.utf8))
      }
    }
    counts.grow(labels: names.labels.names.count, types: names.relationshipTypes.names.count)
    counts.nodeRows = nodes.rowCount
    for list in relationships {
      counts.relationships[Int(list.type.rawValue)] = list.count
      counts.relationshipRows[Int(list.type.rawValue)] = list.count
    }
    statistics.measuredRows[.nodes] = nodes.rowCount
    for list in relationships {
      statistics.measuredRows[.relationships(list.type)] = list.count
    }
    for (key, bytes) in statistics.entries { try file.put(.statistics, key, bytes) }
    counts.catalogueVersion = 1
    for (key, value) in counts.entries {
      try file.put(.counts, key, withUnsafeBytes(of: UInt64(value).littleEndian, Array.init))
    }
  }

  /// Makes indexes from what has been written, and checks constraints.
  private func write(_ schema: Schema) throws(StoreError) {
    let reader = try file.snapshot()
    for constraint in schema.constraints {
      try PropertyConstraint(constraint)?.checkAll(reader, progress: nil)
      try file.put(
        .schema, .schema(.constraint, constraint.id), SchemaCodec.encoded(constraint))
    }
    for index in schema.indexes {
      try file.put(.schema, .schema(.index, index.id), SchemaCodec.encoded(index))
      try RangeIndexBuilder(index, reader, progress: nil).write(to: file)
    }
  }

  func cancel() { file.cancel() }
}
