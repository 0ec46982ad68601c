package import GraphTypes

/// The shortest path between two places on the earth: Dijkstra's algorithm that looks towards the
/// target first (Hart, Nilsson, Raphael 1968).
package enum AStar {
  /// Weights are taken as nautical miles, as in GDS: with them, the great-circle distance to the
  /// target is never more than what is left to go, and the path found is a shortest one.
  /// - Parameters:
  ///   - latitudes, longitudes: in degrees, shape `[nodeCount]`; NaN where unknown (no estimate).
  /// - Returns: nil when the target is not reached.
  /// - Throws: `ArgumentError` for negative weights; what the monitor throws.
  /// - Complexity: O(*m* log *n*) time; 40 bytes a node. One thread.
  package static func run(
    _ view: GraphView, from source: UInt32, to target: UInt32, latitudes: [Double],
    longitudes: [Double], usesWeights: Bool = true,
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> WeightedPath? {
    let table = view.outgoing
    let isWeighted = usesWeights && table.isWeighted
    if isWeighted { try table.requireWeights(above: 0, orEqual: true) }
    let n = view.nodeCount
    try require(latitudes.count == n, "latitudeProperty", latitudes.count, "one value a node")
    try require(longitudes.count == n, "longitudeProperty", longitudes.count, "one value a node")
    let goal = GreatCircle(latitudes[Int(target)], longitudes[Int(target)])
    // The heap is in order of cost and estimate together.
    let heap = DistanceHeap(n)
    let costs = Scratch<Double>(n, repeating: .infinity)
    let parents = Scratch<UInt32>(n, repeating: source)
    costs.base[Int(source)] = 0
    heap.lower(source, to: 0)
    var steps = 0
    while let node = heap.removeLeast() {
      steps += 1
      if steps & 0xFFF == 0 { try monitor.checkpoint() }
      if node == target {
        return ShortestPathTree(
          source: source, reached: [target], parents: parents, distances: costs
        ).path(to: target)
      }
      let cost = costs.base[Int(node)]
      table.forEachRun(of: Int(node)) { run in
        let weights = isWeighted ? table.weights(of: run) : nil
        for i in 0..<Int(run.count) {
          let neighbour = Int(run.start[i])
          let length = cost + (weights?[i] ?? 1)
          if length < costs.base[neighbour] {
            costs.base[neighbour] = length
            parents.base[neighbour] = node
            let estimate = goal.miles(from: latitudes[neighbour], longitudes[neighbour])
            // A node may come again: estimates need not agree with the weights.
            heap.lower(run.start[i], to: length + estimate)
          }
        }
      }
    }
    return nil
  }

  package static func memoryEstimate(nodeCount: Int) -> MemoryEstimate {
    MemoryEstimate(bytesMin: 44 * nodeCount, bytesMax: 44 * nodeCount)
  }
}

/// Distances on the earth to one place.
private struct GreatCircle {
  private let latitude: Double
  private let longitude: Double
  private static let radians = Double.pi / 180
  private static let radiusInMiles = 6371 / 1.852

  init(_ latitude: Double, _ longitude: Double) {
    self.latitude = latitude * Self.radians
    self.longitude = longitude * Self.radians
  }

  /// In nautical miles, by the haversine formula; 0 when one of the places is unknown.
  func miles(from latitude: Double, _ longitude: Double) -> Double {
    let other = latitude * Self.radians
    let a = sine((other - self.latitude) / 2)
    let b = sine((longitude * Self.radians - self.longitude) / 2)
    let square = a * a + b * b * cosine(other) * cosine(self.latitude)
    if square.isNaN { return 0 }
    return 2 * Self.radiusInMiles * arcSine(min(1, square.squareRoot()))
  }
}
