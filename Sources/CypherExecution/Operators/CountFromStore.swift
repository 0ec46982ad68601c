internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// `.count`. Counts of labels and of types, also with a label at each end, are kept by the store. With
/// several labels at an end, degrees of the nodes that have them are summed, and only if neither side
/// alone decides are neighbours looked at. Of an index, the entries that a search finds are counted,
/// those of one value at once.
final class CountFromStore: Operator {
  private let source: CountSource
  /// For the entries of an index.
  private let probe: IndexProbe?
  private var isDone = false

  init(
    _ plan: Plan, _ source: CountSource, as variable: VariableID, context: ExecutionContext
  ) throws {
    self.source = source
    if case .entries(let seek) = source {
      probe = try IndexProbe(seek, layout: RowLayout([]), context: context)
    } else {
      probe = nil
    }
    super.init(plan, inputs: [], layout: RowLayout([variable]), context: context)
  }

  override func open() throws { isDone = false }

  override func produce() throws -> Batch? {
    if isDone { return nil }
    isDone = true
    let vector = Vector(type: .integer, capacity: 1)
    vector.integers[0] = Int64(try count())
    vector.count = 1
    return Batch(columns: [vector], count: 1)
  }

  private func count() throws -> Int {
    let reader = context.reader
    switch source {
    case .nodes(nil): return reader.nodeCount
    case .nodes(let label?):
      return reader.labelID(label).map { reader.nodeCount(label: $0) } ?? 0
    case .relationships(let names, let from, let to):
      let types = Set(names.isEmpty ? reader.relationshipTypeNames : names)
        .compactMap { reader.relationshipTypeID($0) }
      guard let start = ids(from), let end = ids(to) else { return 0 }
      return try types.reduce(0) { try $0 + count($1, from: start, to: end) }
    case .entries: return try probe.map(entries) ?? 0
    }
  }

  private func entries(_ probe: IndexProbe) throws -> Int {
    try probe.evaluate(Batch(columns: [], count: 1))
    try probe.start(row: 0)
    var count = 0
    while let search = try probe.nextSearch() {
      while case let part = try search.skip(atLeast: Segments.rowCount), part > 0 {
        count += part
        try context.control.check()
      }
    }
    return count
  }

  /// Nil when one of the labels does not exist.
  private func ids(_ labels: [String]) -> [LabelID]? {
    let ids = labels.compactMap { context.reader.labelID($0) }
    return ids.count == labels.count ? ids : nil
  }

  private func count(
    _ type: RelationshipTypeID, from: [LabelID], to: [LabelID]
  ) throws -> Int {
    let reader = context.reader
    if from.count <= 1 && to.count <= 1 {
      return reader.relationshipCount(type: type, from: from.first, to: to.first)
    }
    let total = reader.relationshipCount(type: type)
    let leaving = from.isEmpty ? total : try degrees(from, reader.adjacency(type, .outgoing))
    if leaving == 0 || to.isEmpty { return leaving }
    let arriving = try degrees(to, reader.adjacency(type, .incoming))
    if leaving == total || arriving == 0 { return arriving }
    if arriving == total { return leaving }
    return try neighbours(reader.adjacency(type, .outgoing), from: from, to: to)
  }

  /// The sum of the degrees of the nodes that have the labels.
  private func degrees(_ labels: [LabelID], _ adjacency: Adjacency) throws -> Int {
    var sum = 0
    try forEachNode(labels) { sum += adjacency.degree(of: $0) }
    return sum
  }

  private func neighbours(
    _ adjacency: Adjacency, from: [LabelID], to: [LabelID]
  ) throws -> Int {
    let reader = context.reader
    var isEnd = [Bool](repeating: false, count: reader.nodeRowCount)
    try forEachNode(to) { isEnd[Int($0.rawValue)] = true }
    var sum = 0
    try forEachNode(from) { node in
      adjacency.forEachRun(of: node) { run in
        for index in 0..<run.count where isEnd[Int(run.neighbours[index])] { sum += 1 }
      }
    }
    return sum
  }

  @inline(__always)
  private func forEachNode(_ labels: [LabelID], _ body: (NodeID) -> Void) throws {
    let nodes = UnsafeMutablePointer<NodeID>.allocate(capacity: Segments.rowCount)
    defer { nodes.deallocate() }
    for segment in 0..<context.reader.nodeSegmentCount {
      let count = context.reader.scanNodes(segment: segment, labels: labels, into: nodes)
      for index in 0..<count { body(nodes[index]) }
      try context.control.check()
    }
  }
}
