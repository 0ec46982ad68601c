/// Nodes by their distance, the least first; distances can be lowered. Equal distances come out by
/// index, so that results do not depend on how they came in. A heap with four children a node.
final class DistanceHeap {
  let distances: UnsafeMutablePointer<Double>
  private let nodes: UnsafeMutablePointer<UInt32>
  /// `notSeen`, `removed`, or where the node is in the heap.
  private let places: UnsafeMutablePointer<UInt32>
  let nodeCount: Int
  private(set) var count = 0
  private static let notSeen = UInt32.max
  private static let removed = UInt32.max - 1

  /// All distances infinite.
  init(_ nodeCount: Int) {
    self.nodeCount = nodeCount
    distances = .allocate(capacity: max(nodeCount, 1))
    nodes = .allocate(capacity: max(nodeCount, 1))
    places = .allocate(capacity: max(nodeCount, 1))
    distances.initialize(repeating: .infinity, count: max(nodeCount, 1))
    nodes.initialize(repeating: 0, count: max(nodeCount, 1))
    places.initialize(repeating: Self.notSeen, count: max(nodeCount, 1))
  }
  deinit {
    distances.deallocate()
    nodes.deallocate()
    places.deallocate()
  }

  func reset() {
    distances.update(repeating: .infinity, count: nodeCount)
    places.update(repeating: Self.notSeen, count: nodeCount)
    count = 0
  }

  /// Forgets one node's distance; only of nodes that are not in the heap.
  @inline(__always)
  func forget(_ node: Int) {
    distances[node] = .infinity
    places[node] = Self.notSeen
  }

  @inline(__always)
  func isRemoved(_ node: Int) -> Bool { places[node] == Self.removed }

  @inline(__always)
  private func isBefore(_ a: UInt32, _ b: UInt32) -> Bool {
    let x = distances[Int(a)]
    let y = distances[Int(b)]
    return x < y || x == y && a < b
  }

  /// Gives a node a distance, which is below the one that it has.
  func lower(_ node: UInt32, to distance: Double) {
    distances[Int(node)] = distance
    var place = Int(places[Int(node)])
    if places[Int(node)] >= Self.removed {
      place = count
      count += 1
    }
    while place > 0 {
      let parent = (place - 1) >> 2
      if !isBefore(node, nodes[parent]) { break }
      nodes[place] = nodes[parent]
      places[Int(nodes[place])] = UInt32(truncatingIfNeeded: place)
      place = parent
    }
    nodes[place] = node
    places[Int(node)] = UInt32(truncatingIfNeeded: place)
  }

  var least: Double { count > 0 ? distances[Int(nodes[0])] : .infinity }

  /// Takes the first node out; nil when there is none.
  func removeLeast() -> UInt32? {
    if count == 0 { return nil }
    let first = nodes[0]
    places[Int(first)] = Self.removed
    count -= 1
    if count == 0 { return first }
    let node = nodes[count]
    var place = 0
    while true {
      let child = 4 * place + 1
      if child >= count { break }
      var best = child
      var other = child + 1
      while other < min(child + 4, count) {
        if isBefore(nodes[other], nodes[best]) { best = other }
        other += 1
      }
      if !isBefore(nodes[best], node) { break }
      nodes[place] = nodes[best]
      places[Int(nodes[place])] = UInt32(truncatingIfNeeded: place)
      place = best
    }
    nodes[place] = node
    places[Int(node)] = UInt32(truncatingIfNeeded: place)
    return first
  }
}
