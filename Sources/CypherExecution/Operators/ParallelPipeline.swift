internal import Cypher
internal import CypherPlanning
import Dispatch
internal import GraphColumns
internal import GraphStore
internal import GraphTypes
import Synchronization

/// Copies of a pipeline, each over a range of the nodes that its leaf scans, to be drained by a thread
/// each. Put together in the order of the ranges, their rows are those of the one pipeline in order.
struct ParallelPipeline {
  private let pipelines: [Operator]
  private let contexts: [ExecutionContext]

  /// - Parameter main: the operator that the statement's own thread drains; it is restricted to the
  ///   first range.
  /// - Returns: nil where the plan or the amount of data does not suit.
  init?(_ main: Operator, isProfiled: Bool) throws {
    let context = main.context
    guard context.threads > 1, context.transaction == nil, main.plan.isParallel,
      main.plan.mostRows >= context.parallelRows, try main.allowsThreads()
    else { return nil }
    let ranges = try NodeRanges.split(main.plan, into: context.threads, context.reader)
    if ranges.count < 2 { return nil }
    guard try main.makeShared() else { return nil }
    var pipelines = [main]
    var contexts = [context]
    for _ in ranges.dropFirst() {
      let worker = context.forWorker()
      let copy = try OperatorBuilder(context: worker, isProfiled: isProfiled)
        .build(main.plan, slot: nil)
      main.share(with: copy)
      pipelines.append(copy)
      contexts.append(worker)
    }
    for (pipeline, range) in zip(pipelines, ranges) { pipeline.restrict(to: range) }
    self.pipelines = pipelines
    self.contexts = contexts
  }

  var count: Int { pipelines.count }
  func context(of worker: Int) -> ExecutionContext { contexts[worker] }

  /// Calls `body` on threads of their own with the number of a worker and each batch of its rows, and
  /// `finish` when it has no more. The first error ends all of them and is thrown.
  func drain(
    _ body: (Int, Batch) throws -> Void, finish: (Int) throws -> Void = { _ in }
  ) throws {
    try withoutActuallyEscaping(body) { body in
      try withoutActuallyEscaping(finish) { try run(Shared(body: body, finish: $0)) }
    }
    for pipeline in pipelines.dropFirst() { pipelines[0].addProfile(of: pipeline) }
  }

  private func run(_ shared: Shared) throws {
    let stop = Atomic<Bool>(false)
    let failures = Mutex<[(worker: Int, error: any Error)]>([])
    let sources = Sources(pipelines)
    DispatchQueue.concurrentPerform(iterations: pipelines.count) { worker in
      do {
        let pipeline = sources.pipelines[worker]
        try StatementStack.run(need: pipeline.context.stackNeed) {
          if worker > 0 { try pipeline.open() }
          while !stop.load(ordering: .relaxed), let batch = try pipeline.next() {
            try shared.body(worker, batch)
          }
          if !stop.load(ordering: .relaxed) { try shared.finish(worker) }
        }
      } catch {
        stop.store(true, ordering: .relaxed)
        failures.withLock { $0.append((worker, error)) }
      }
    }
    if let first = failures.withLock({ $0.min { $0.worker < $1.worker } }) { throw first.error }
  }

  /// Each worker touches only what is its own.
  private struct Shared: @unchecked Sendable {
    let body: (Int, Batch) throws -> Void
    let finish: (Int) throws -> Void
  }
  private struct Sources: @unchecked Sendable {
    let pipelines: [Operator]
    init(_ pipelines: [Operator]) { self.pipelines = pipelines }
  }
}

/// Ranges of nodes with about the same number of relationships.
private enum NodeRanges {
  static func split(
    _ plan: Plan, into count: Int, _ reader: GraphReader
  ) throws -> [Range<UInt64>] {
    let segments = reader.nodeSegmentCount
    let size = UInt64(Segments.rowCount)
    guard segments >= count else { return [] }
    var weights = [Int](repeating: Segments.rowCount, count: segments)
    if let (types, direction) = plan.firstHop {
      for type in types.uniqued().compactMap({ reader.relationshipTypeID($0) }) {
        let adjacency = try reader.adjacency(type, direction == .incoming ? .incoming : .outgoing)
        for place in 0..<adjacency.chunkCount {
          let chunk = adjacency.size(ofChunk: place)
          let segment = Segments.segment(of: chunk.firstNode)
          if segment < segments { weights[segment] += chunk.count }
        }
      }
    }
    let total = weights.reduce(0, +)
    var ranges: [Range<UInt64>] = []
    var (start, sum) = (0, 0)
    for segment in 0..<segments {
      sum += weights[segment]
      let isLast = segment + 1 == segments
      if isLast || ranges.count + 1 < count && sum >= total * (ranges.count + 1) / count {
        ranges.append(UInt64(start) * size..<UInt64(segment + 1) * size)
        start = segment + 1
      }
    }
    return ranges
  }
}

extension Plan {
  /// Whether copies of it over parts of its first leaf's nodes give all of its rows: all operators
  /// work on each row alone, and hold nothing that threads would share.
  fileprivate var isParallel: Bool {
    switch operation {
    case .relationshipScan: return true
    case .nodeScan(let scan):
      if case .ids? = scan.seek { return false }
      return operation.readVariables.isEmpty && !(scan.seek?.expressions.hasSubquery ?? false)
    case .expand, .intersect: return inputs[0].isParallel
    case .orderedAggregate(let groups, let aggregates, _):
      return !groups.map(\.expression).hasSubquery
        && !aggregates.flatMap(\.arguments).hasSubquery && inputs[0].isParallel
    case .variableLengthExpand(let walk):
      return walk.predicate?.hasSubquery != true && inputs[0].isParallel
    case .filter(let predicates): return !predicates.hasSubquery && inputs[0].isParallel
    case .project(let items):
      return !items.map(\.expression).hasSubquery && inputs[0].isParallel
    case .unwind(let list, _): return !list.hasSubquery && inputs[0].isParallel
    case .optionalApply, .semiApply, .apply(perRow: false):
      return inputs[0].isParallel && inputs[1].isInnerParallel
    case .hashJoin(let left, let right):
      // The table is made once, and shared.
      return !(left + right).hasSubquery && inputs[0].isParallel
    default: return false
    }
  }

  /// For the inner side of an apply.
  private var isInnerParallel: Bool {
    switch operation {
    case .argument: true
    case .expand, .intersect: inputs[0].isInnerParallel
    case .filter(let predicates): !predicates.hasSubquery && inputs[0].isInnerParallel
    case .project(let items):
      !items.map(\.expression).hasSubquery && inputs[0].isInnerParallel
    default: false
    }
  }

  /// The largest number of rows in it.
  fileprivate var mostRows: Double { inputs.map(\.mostRows).reduce(estimatedRows, max) }

  /// The relationships that come first over the leaf: most of the work follows them.
  fileprivate var firstHop: (types: [String], direction: Direction)? {
    if case .relationshipScan(let scan) = operation { return (scan.types, scan.direction) }
    if let below = inputs.first?.firstHop { return below }
    if case .expand(let expand) = operation { return (expand.types, expand.direction) }
    return nil
  }
}

extension Sequence where Element == BoundExpression {
  var hasSubquery: Bool { contains(where: \.hasSubquery) }
}
