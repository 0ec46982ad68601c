import Dispatch
import Synchronization

/// Runs `body` for every index below `count` on up to `concurrency` threads. What an index stands
/// for must not depend on `concurrency`; then results do not either.
package func parallelFor(_ count: Int, concurrency: Int, _ body: @Sendable (Int) -> Void) {
  let workers = min(max(concurrency, 1), count)
  if workers <= 1 {
    for index in 0..<count { body(index) }
    return
  }
  let next = Atomic(0)
  DispatchQueue.concurrentPerform(iterations: workers) { _ in
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if index >= count { return }
      body(index)
    }
  }
}

/// The same in rounds of `round` indices, between which the calling thread looks whether it shall
/// stop. For work whose indices take milliseconds.
///
/// - Throws: `SegmentationError.cancelled`.
func parallelFor(
  _ count: Int, concurrency: Int, round: Int, isCancelled: () -> Bool,
  _ body: @Sendable (Int) -> Void
) throws(SegmentationError) {
  var begin = 0
  while begin < count {
    if isCancelled() { throw .cancelled }
    let (first, size) = (begin, min(round, count - begin))
    parallelFor(size, concurrency: concurrency) { body(first + $0) }
    begin += size
  }
}

/// Numbers in one allocation, aligned to cache lines, that threads fill side by side, each its own
/// part.
final class Scratch<Element: BitwiseCopyable>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  let count: Int

  /// The elements have no value yet.
  init(uninitialized count: Int) {
    self.count = count
    base = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: 64
    ).bindMemory(to: Element.self, capacity: max(count, 1))
  }
  convenience init(_ count: Int, repeating value: Element) {
    self.init(uninitialized: count)
    base.initialize(repeating: value, count: max(count, 1))
  }
  convenience init(_ values: [Element]) {
    self.init(uninitialized: values.count)
    values.withUnsafeBufferPointer {
      if let start = $0.baseAddress { base.update(from: start, count: $0.count) }
    }
  }
  deinit { UnsafeMutableRawPointer(base).deallocate() }
  var array: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
