import Synchronization

/// A forest whose trees are sets; a root is the smallest index of its tree, always.
final class UnionForest: @unchecked Sendable {
  private let parents: UnsafeMutablePointer<Atomic<UInt32>>
  private let count: Int

  init(_ count: Int) {
    self.count = count
    parents = .allocate(capacity: max(count, 1))
    for node in 0..<count { (parents + node).initialize(to: Atomic(UInt32(node))) }
  }
  deinit {
    parents.deinitialize(count: count)
    parents.deallocate()
  }

  @inline(__always)
  func parent(_ node: Int) -> UInt32 { parents[node].load(ordering: .relaxed) }

  @inline(__always)
  func link(_ a: Int, _ b: Int) {
    var x = parent(a)
    var y = parent(b)
    while x != y {
      let high = max(x, y)
      let low = min(x, y)
      let above = parent(Int(high))
      if above == low { return }
      if above == high {
        // Only a root may be hung below another tree; someone else may have been faster.
        let (done, _) = parents[Int(high)].compareExchange(
          expected: high, desired: low, ordering: .acquiringAndReleasing)
        if done { return }
      }
      x = parent(Int(parent(Int(high))))
      y = parent(Int(low))
    }
  }

  @inline(__always)
  func compress(_ node: Int) {
    var root = parent(node)
    while true {
      let above = parent(Int(root))
      if above == root { break }
      root = above
    }
    parents[node].store(root, ordering: .relaxed)
  }
}
