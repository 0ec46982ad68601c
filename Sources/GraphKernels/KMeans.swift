package import GraphTypes

/// Groups of vectors around centroids (Lloyd 1982).
package enum KMeans {
  package enum Sampler: String, Sendable, CaseIterable {
    case uniform
    /// Far from those chosen before (Arthur, Vassilvitskii 2007).
    case plusPlus = "kmeans++"
  }

  package struct Configuration: Sendable {
    package var k = 10
    package var maxIterations = 10
    /// Ends when no greater share of nodes changes its group.
    package var deltaThreshold = 0.05
    package var numberOfRestarts = 1
    package var initialSampler = Sampler.uniform
    /// Where centroids start; then there is one start, and no sampling.
    package var seedCentroids: [[Double]] = []
    package var computeSilhouette = false
    package var randomSeed: UInt64 = 42
    package var concurrency = 4
    package init() {}
  }

  package struct Result: Sendable {
    /// Shape `[rowCount]`, in `0 ..< k`.
    package var groups: [Int64]
    /// Euclidean, to the own centroid.
    package var distances: [Double]
    package var centroids: [[Double]]
    package var averageDistance: Double
    /// When asked for: (b - a) / max(a, b), a the mean distance to the own group's others, b to the
    /// nearest other group; 0 for groups of one.
    package var silhouettes: [Double]
    package var ranIterations: Int
  }

  /// The best of the starts, by mean distance. The result does not depend on the number of threads.
  /// - Throws: `ArgumentError` for a configuration out of range; what the monitor throws.
  /// - Complexity: O(starts · iterations · rows · k · dimension); silhouettes O(rows² · dimension).
  package static func run(
    _ points: FloatMatrix, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    try validate(configuration, points)
    var best: Result?
    let starts = configuration.seedCentroids.isEmpty ? configuration.numberOfRestarts : 1
    for start in 0..<starts {
      var random = SplitMix(configuration.randomSeed, start)
      let run = try GroupSearch(points, configuration, &random, monitor)
      let result = try run.result(monitor)
      if result.averageDistance < best?.averageDistance ?? .infinity { best = result }
      monitor.report("starts", fraction: Double(start + 1) / Double(starts))
    }
    guard var result = best else {
      return Result(
        groups: [], distances: [], centroids: configuration.seedCentroids, averageDistance: 0,
        silhouettes: [], ranIterations: 0)
    }
    if configuration.computeSilhouette {
      result.silhouettes = try silhouettes(
        points, result.groups, configuration.k, configuration.concurrency, monitor)
    }
    return result
  }

  private static func silhouettes(
    _ points: FloatMatrix, _ groups: [Int64], _ k: Int, _ concurrency: Int,
    _ monitor: some AlgorithmMonitor
  ) throws(QueryError) -> [Double] {
    var sizes = [Int](repeating: 0, count: k)
    for group in groups { sizes[Int(group)] += 1 }
    let counts = sizes
    let result = Scratch<Double>(groups.count, repeating: 0)
    let blocks = Morsels(count: groups.count, size: 64)
    try parallelFor(blocks.count, concurrency: concurrency, monitor: monitor) {
      (_, block) throws(QueryError) in
      var sums = [Double](repeating: 0, count: k)
      for point in blocks.range(block) {
        for group in 0..<k { sums[group] = 0 }
        points.values.withUnsafeBufferPointer { values in
          for other in 0..<groups.count {
            sums[Int(groups[other])] +=
              squaredDistance(values, point, other, points.dimension).squareRoot()
          }
        }
        let own = Int(groups[point])
        if counts[own] < 2 { continue }
        let inner = sums[own] / Double(counts[own] - 1)
        var outer = Double.infinity
        for group in 0..<k where group != own && counts[group] > 0 {
          outer = min(outer, sums[group] / Double(counts[group]))
        }
        if outer == .infinity { continue }
        let greater = max(inner, outer)
        result.base[point] = greater > 0 ? (outer - inner) / greater : 0
      }
    }
    return Array(result.array.prefix(groups.count))
  }

  private static func squaredDistance(
    _ values: UnsafeBufferPointer<Float>, _ a: Int, _ b: Int, _ d: Int
  ) -> Double {
    var sum = 0.0
    for i in 0..<d {
      let difference = Double(values[a * d + i]) - Double(values[b * d + i])
      sum += difference * difference
    }
    return sum
  }

  package static func memoryEstimate(
    nodeCount: Int, dimension: Int, _ configuration: Configuration
  ) -> MemoryEstimate {
    let bytes = nodeCount * (24 + 4 * dimension)
    return MemoryEstimate(bytesMin: bytes, bytesMax: 2 * bytes)
  }

  private static func validate(
    _ configuration: Configuration, _ points: FloatMatrix
  ) throws(QueryError) {
    try require(configuration.k >= 1, "k", configuration.k, "at least 1")
    try require(
      configuration.maxIterations >= 1, "maxIterations", configuration.maxIterations, "at least 1")
    try require(
      configuration.numberOfRestarts >= 1, "numberOfRestarts", configuration.numberOfRestarts,
      "at least 1")
    let delta = configuration.deltaThreshold
    try require(delta >= 0 && delta <= 1, "deltaThreshold", delta, "in 0 ... 1")
    let seeds = configuration.seedCentroids
    if !seeds.isEmpty {
      try require(
        seeds.count == configuration.k, "seedCentroids", seeds.count, "k (\(configuration.k)) many")
      try require(
        seeds.allSatisfy { $0.count == points.dimension }, "seedCentroids",
        seeds.map(\.count).description, "vectors of \(points.dimension) numbers")
    }
    for value in points.values where !value.isFinite {
      try require(false, "nodeProperty", value, "a finite number everywhere")
    }
  }
}

/// One start.
private struct GroupSearch {
  private let points: FloatMatrix
  private let k: Int
  private let concurrency: Int
  private let groups: Scratch<UInt32>
  private let squares: Scratch<Double>
  private let centroids: Scratch<Double>
  private var ranIterations = 0

  init(
    _ points: FloatMatrix, _ configuration: KMeans.Configuration, _ random: inout SplitMix,
    _ monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    self.points = points
    k = configuration.k
    concurrency = configuration.concurrency
    let n = points.rowCount
    let d = points.dimension
    groups = Scratch(n, repeating: .max)
    squares = Scratch(n, repeating: .infinity)
    centroids = Scratch(k * d, repeating: 0)
    if n == 0 { return }
    try start(configuration, &random, monitor)
    let threshold = configuration.deltaThreshold * Double(n)
    while ranIterations < configuration.maxIterations {
      let changed = try assign(0..<k, monitor)
      moveCentroids()
      ranIterations += 1
      if Double(changed) <= threshold { break }
    }
    _ = try assign(0..<k, monitor)
  }

  private func start(
    _ configuration: KMeans.Configuration, _ random: inout SplitMix,
    _ monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    let n = points.rowCount
    if !configuration.seedCentroids.isEmpty {
      for (i, value) in configuration.seedCentroids.joined().enumerated() {
        centroids.base[i] = value
      }
      return
    }
    if configuration.initialSampler == .uniform {
      // The first k of a shuffled order; points again when there are fewer.
      var order = Array(0..<n)
      for i in 0..<min(k, n) { order.swapAt(i, i + random.next(below: n - i)) }
      for group in 0..<k { take(order[group % n], as: group) }
      return
    }
    take(random.next(below: n), as: 0)
    for group in 1..<max(k, 1) where group < k {
      _ = try assign(group - 1..<group, monitor)
      var total = 0.0
      for point in 0..<n { total += squares.base[point] }
      var mark = random.nextUnit() * total
      var chosen = random.next(below: n)
      if total > 0 {
        for point in 0..<n where squares.base[point] > 0 {
          chosen = point
          mark -= squares.base[point]
          if mark < 0 { break }
        }
      }
      take(chosen, as: group)
    }
    squares.base.update(repeating: .infinity, count: n)
    groups.base.update(repeating: .max, count: n)
  }

  private func take(_ point: Int, as group: Int) {
    for (i, value) in points.row(point).enumerated() {
      centroids.base[group * points.dimension + i] = Double(value)
    }
  }

  /// Compares all points with some centroids; when these are not all, points only move nearer.
  /// - Returns: how many points changed their group.
  private func assign(
    _ candidates: Range<Int>, _ monitor: some AlgorithmMonitor
  ) throws(QueryError) -> Int {
    let blocks = Morsels(count: points.rowCount, size: 1024)
    let changes = Scratch<Int>(blocks.count, repeating: 0)
    let d = points.dimension
    let isAll = candidates == 0..<k
    let search = self
    try parallelFor(blocks.count, concurrency: concurrency, monitor: monitor) {
      (_, block) throws(QueryError) in
      search.points.values.withUnsafeBufferPointer { values in
        guard let base = values.baseAddress else { return }
        var changed = 0
        for point in blocks.range(block) {
          let vector = base + point * d
          var best = search.groups.base[point]
          var least = isAll ? Double.infinity : search.squares.base[point]
          for group in candidates {
            let centroid = search.centroids.base + group * d
            var sum = 0.0
            for i in 0..<d {
              let difference = Double(vector[i]) - centroid[i]
              sum += difference * difference
            }
            if sum < least {
              least = sum
              best = UInt32(group)
            }
          }
          changed += best == search.groups.base[point] ? 0 : 1
          search.groups.base[point] = best
          search.squares.base[point] = least
        }
        changes.base[block] = changed
      }
    }
    return changes.array.reduce(0, +)
  }

  /// To the means of their groups; those without points stay.
  private func moveCentroids() {
    let d = points.dimension
    let sums = Scratch<Double>(k * d, repeating: 0)
    let counts = Scratch<Int>(k, repeating: 0)
    points.values.withUnsafeBufferPointer { values in
      for point in 0..<points.rowCount {
        let group = Int(groups.base[point])
        counts.base[group] += 1
        for i in 0..<d { sums.base[group * d + i] += Double(values[point * d + i]) }
      }
    }
    for group in 0..<k where counts.base[group] > 0 {
      for i in 0..<d {
        centroids.base[group * d + i] = sums.base[group * d + i] / Double(counts.base[group])
      }
    }
  }

  func result(_ monitor: some AlgorithmMonitor) throws(QueryError) -> KMeans.Result {
    let n = points.rowCount
    let d = points.dimension
    let distances = (0..<n).map { squares.base[$0].squareRoot() }
    return KMeans.Result(
      groups: (0..<n).map { Int64(groups.base[$0]) }, distances: distances,
      centroids: (0..<k).map { group in
        (0..<d).map { centroids.base[group * d + $0] }
      },
      averageDistance: n > 0 ? distances.reduce(0, +) / Double(n) : 0, silhouettes: [],
      ranIterations: ranIterations)
  }
}
