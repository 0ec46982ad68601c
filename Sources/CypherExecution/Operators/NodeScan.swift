internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// `.nodeScan`: segment by segment, skipping those whose zone map excludes the sought value.
final class NodeScanOperator: Operator {
  private let scan: NodeScan
  private let seek: CompiledSeek?
  private var labels: [LabelID] = []
  /// The segments to scan; nil: all.
  private var segments: Range<Int>?
  private var segment = 0
  private var endSegment = 0
  private var isStarted = false
  private let pending = UnsafeMutablePointer<NodeID>.allocate(capacity: Segments.rowCount)
  private var pendingStart = 0
  private var pendingEnd = 0
  private var sought: CompiledSeek.Sought?
  private var soughtNodes: [NodeID] = []

  init(_ plan: Plan, _ scan: NodeScan, slot: ArgumentSlot?, context: ExecutionContext) throws {
    self.scan = scan
    seek = try scan.seek.map { try CompiledSeek($0, slot: slot, context: context) }
    super.init(plan, inputs: [], layout: RowLayout([scan.variable]), context: context)
  }
  deinit { pending.deallocate() }

  override func open() throws {
    isStarted = false
    pendingStart = 0
    pendingEnd = 0
  }

  override func restrict(to nodes: Range<UInt64>) {
    segments = Segments.segment(of: nodes.lowerBound)..<Segments.segment(of: nodes.upperBound)
  }

  override func produce() throws -> Batch? {
    if !isStarted { try start() }
    let nodes = Vector(type: .node)
    var filled = 0
    while filled < nodes.capacity {
      if pendingStart == pendingEnd {
        guard try scanNext() else { break }
        continue
      }
      let count = min(nodes.capacity - filled, pendingEnd - pendingStart)
      (nodes.nodes + filled).update(from: pending + pendingStart, count: count)
      filled += count
      pendingStart += count
    }
    nodes.count = filled
    return filled == 0 ? nil : Batch(columns: [nodes], count: filled)
  }

  private func start() throws {
    isStarted = true
    segment = 0
    endSegment = 0
    soughtNodes = []
    sought = nil
    let reader = context.reader
    labels = scan.labels.uniqued().compactMap { reader.labelID($0) }
    if labels.count < Set(scan.labels).count { return }
    if let seek {
      switch try seek.evaluate() {
      case .nothing: return
      case .nodes(let nodes):
        soughtNodes = nodes.filter { node in
          node.rawValue < UInt64(reader.nodeRowCount) && reader.exists(node)
            && labels.allSatisfy { reader.hasLabel(node, $0) }
        }
        soughtNodes.sort(by: >)  // Taken from the end.
        return
      case let other: sought = other
      }
    }
    segment = segments?.lowerBound ?? 0
    endSegment = min(segments?.upperBound ?? .max, reader.nodeSegmentCount)
  }

  /// Fills `pending` with the next nodes.
  private func scanNext() throws -> Bool {
    pendingStart = 0
    pendingEnd = 0
    while pendingEnd < Segments.rowCount, let node = soughtNodes.popLast() {
      pending[pendingEnd] = node
      pendingEnd += 1
    }
    if pendingEnd > 0 { return true }
    while segment < endSegment {
      defer { segment += 1 }
      if segment & 63 == 63 { try context.control.check() }
      if let sought, try !sought.mayOccur(inSegment: segment, context.reader) { continue }
      pendingEnd = context.reader.scanNodes(segment: segment, labels: labels, into: pending)
      if let sought, pendingEnd > 0 {
        pendingEnd = try sought.narrow(pending, count: pendingEnd, context.reader)
      }
      if pendingEnd > 0 {
        return true
      }
    }
    return false
  }
}
