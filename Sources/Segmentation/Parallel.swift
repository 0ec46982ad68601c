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

/// Numbers in one allocation that threads fill side by side, each its own part.
final class Scratch<Element: BitwiseCopyable>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  let count: Int

  init(_ count: Int, repeating value: Element) {
    self.count = count
    base = .allocate(capacity: max(count, 1))
    base.initialize(repeating: value, count: max(count, 1))
  }
  convenience init(_ values: [Element], padding: Element) {
    self.init(values.count, repeating: padding)
    values.withUnsafeBufferPointer {
      if let start = $0.baseAddress { base.update(from: start, count: $0.count) }
    }
  }
  deinit { base.deallocate() }
  var array: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
