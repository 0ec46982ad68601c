import Dispatch
internal import GraphTypes
import Synchronization

/// Index ranges of about equal work, handed out to threads one by one.
///
/// The division depends on the data alone, never on the number of threads: a reduction that
/// combines the morsels' results in order is the same for any concurrency.
struct Morsels: Sendable {
  /// Ascending, first 0, last the number of items; morsel *i* is `bounds[i] ..< bounds[i + 1]`.
  let bounds: [Int]
  var count: Int { bounds.count - 1 }
  func range(_ index: Int) -> Range<Int> { bounds[index]..<bounds[index + 1] }

  /// Equal numbers of items.
  init(count: Int, size: Int) {
    bounds = Array(stride(from: 0, to: count, by: max(size, 1))) + [count]
  }

  /// About `work` neighbours (a node itself counts as two) each.
  init(_ table: NeighbourTable, work: Int = 32_768) {
    var bounds = [0]
    var sum = 0
    for node in 0..<table.nodeCount {
      sum += table.degree(of: node) + 2
      if sum >= work {
        bounds.append(node + 1)
        sum = 0
      }
    }
    if bounds[bounds.count - 1] != table.nodeCount { bounds.append(table.nodeCount) }
    self.bounds = bounds
  }
}

/// Runs `body(worker, index)` for every index below `count` on up to `concurrency` threads, which
/// draw the indices in ascending order.
///
/// - Throws: what the monitor or `body` throws first; the other threads stop at their next index.
func parallelFor(
  _ count: Int, concurrency: Int, monitor: some AlgorithmMonitor,
  _ body: (_ worker: Int, _ index: Int) throws(QueryError) -> Void
) throws(QueryError) {
  let workers = min(max(concurrency, 1), count)
  if workers <= 1 {
    for index in 0..<count {
      try monitor.checkpoint()
      try body(0, index)
    }
    return
  }
  let next = Atomic(0)
  let failure = Mutex<QueryError?>(nil)
  // SAFETY: concurrentPerform returns after the last call of the closure.
  withoutActuallyEscaping(body) { body in
    nonisolated(unsafe) let body = body
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if index >= count { return }
        do throws(QueryError) {
          try monitor.checkpoint()
          try body(worker, index)
        } catch {
          failure.withLock { first in first = first ?? error }
          next.store(count, ordering: .relaxed)
          return
        }
      }
    }
  }
  if let error = failure.withLock({ $0 }) { throw error }
}

/// Numbers of a trivial type in one allocation that threads fill side by side, each its own part.
final class Scratch<Element: BitwiseCopyable>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  let count: Int

  init(_ count: Int, repeating value: Element) {
    self.count = count
    base = .allocate(capacity: max(count, 1))
    base.initialize(repeating: value, count: max(count, 1))
  }
  deinit { base.deallocate() }
  var array: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
