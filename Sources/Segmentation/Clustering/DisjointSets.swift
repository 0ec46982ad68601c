/// Union–find over 0 ..< count with path halving; the least element is a set's root. Threads may
/// work on it at once as long as the sets they touch are disjoint.
struct DisjointSets: Sendable {
  let parents: Scratch<Int32>

  init(_ count: Int) {
    parents = Scratch(uninitialized: count)
    for element in 0..<count { parents.base[element] = Int32(truncatingIfNeeded: element) }
  }

  @inline(__always)
  func root(_ element: Int) -> Int {
    var current = element
    while true {
      let parent = Int(parents.base[current])
      if parent == current { return current }
      let next = parents.base[parent]
      parents.base[current] = next
      current = Int(next)
    }
  }

  @inline(__always)
  func unite(_ a: Int, _ b: Int) {
    let first = root(a)
    let second = root(b)
    if first < second {
      parents.base[second] = Int32(truncatingIfNeeded: first)
    } else if second < first {
      parents.base[first] = Int32(truncatingIfNeeded: second)
    }
  }
}
