package import GraphTypes

/// Vectors for nodes such that nodes that random walks meet together have similar ones (Grover,
/// Leskovec: "node2vec: scalable feature learning for networks", 2016): skip-gram with negative
/// sampling over walks.
package enum Node2Vec {
  package enum Initializer: String, Sendable, CaseIterable {
    /// Entries in ±1/2, by the dimension.
    case normalized = "NORMALIZED"
    /// Entries in ±1.
    case uniform = "UNIFORM"
  }

  package struct Configuration: Sendable {
    package var walks = RandomWalk.Configuration()
    /// How many nodes before and behind a node in a walk are its context.
    package var windowSize = 10
    /// How many nodes that are not in the context are drawn for each that is.
    package var negativeSamplingRate = 5
    /// The smaller, the more often frequent nodes are left out as centres.
    package var positiveSamplingFactor = 0.001
    /// Negative samples are drawn by frequency to this power.
    package var negativeSamplingExponent = 0.75
    package var embeddingDimension = 128
    package var embeddingInitializer = Initializer.normalized
    package var iterations = 1
    package var initialLearningRate = 0.01
    package var minLearningRate = 0.0001
    package init() {}
  }

  package struct Result: Sendable {
    package var embeddings: FloatMatrix
    /// The mean loss of a pair in each iteration.
    package var lossPerIteration: [Double]
  }

  /// Walks are made by several threads; vectors are trained by one, so that the result does not
  /// depend on their number.
  /// - Throws: `ArgumentError` for a configuration out of range; what the monitor throws.
  /// - Complexity: O(walk steps · window · samples · dimension) an iteration; 8 · dimension bytes a
  ///   node, and the walks.
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    try validate(configuration)
    let walks = try RandomWalk.run(view, configuration.walks, monitor: monitor)
    let trainer = SkipGramTrainer(view.nodeCount, walks, configuration)
    var losses: [Double] = []
    for iteration in 0..<configuration.iterations {
      losses.append(try trainer.train(walks, iteration: iteration, monitor))
      monitor.report(
        "iteration \(iteration + 1) of \(configuration.iterations)",
        fraction: Double(iteration + 1) / Double(configuration.iterations))
    }
    return Result(embeddings: trainer.embeddings, lossPerIteration: losses)
  }

  package static func memoryEstimate(
    nodeCount: Int, _ configuration: Configuration
  ) -> MemoryEstimate {
    let vectors = 8 * nodeCount * configuration.embeddingDimension + 24 * nodeCount
    return RandomWalk.memoryEstimate(nodeCount: nodeCount, configuration.walks)
      + MemoryEstimate(bytesMin: vectors, bytesMax: vectors)
  }

  private static func validate(_ configuration: Configuration) throws(QueryError) {
    try require(
      configuration.windowSize >= 2, "windowSize", configuration.windowSize, "at least 2")
    try require(
      configuration.negativeSamplingRate >= 1, "negativeSamplingRate",
      configuration.negativeSamplingRate, "at least 1")
    try require(
      configuration.embeddingDimension >= 1, "embeddingDimension",
      configuration.embeddingDimension, "at least 1")
    try require(configuration.iterations >= 1, "iterations", configuration.iterations, "at least 1")
    let rate = configuration.initialLearningRate
    try require(rate > 0, "initialLearningRate", rate, "above 0")
    try require(
      configuration.minLearningRate > 0 && configuration.minLearningRate <= rate,
      "minLearningRate", configuration.minLearningRate, "above 0, at most initialLearningRate")
    try require(
      configuration.positiveSamplingFactor > 0, "positiveSamplingFactor",
      configuration.positiveSamplingFactor, "above 0")
  }
}

/// Two vectors a node: as a centre, which is the result, and as context.
private final class SkipGramTrainer {
  private let nodeCount: Int
  private let dimension: Int
  private let configuration: Node2Vec.Configuration
  private let centres: Scratch<Float>
  private let contexts: Scratch<Float>
  private let gradient: Scratch<Float>
  /// How often a node is kept as a centre.
  private let chances: Scratch<Double>
  private let negatives: AliasTable

  init(
    _ nodeCount: Int, _ walks: RandomWalk.Walks, _ configuration: Node2Vec.Configuration
  ) {
    self.nodeCount = nodeCount
    self.configuration = configuration
    dimension = configuration.embeddingDimension
    centres = Scratch(nodeCount * dimension, repeating: 0)
    contexts = Scratch(nodeCount * dimension, repeating: 0)
    gradient = Scratch(dimension, repeating: 0)
    chances = Scratch(nodeCount, repeating: 1)
    var counts = [Double](repeating: 0, count: nodeCount)
    for node in walks.nodes { counts[Int(node)] += 1 }
    let total = Double(max(walks.nodes.count, 1))
    for node in 0..<nodeCount where counts[node] > 0 {
      let share = counts[node] / total / configuration.positiveSamplingFactor
      chances.base[node] = min(1, (share.squareRoot() + 1) / share)
    }
    negatives = AliasTable(
      counts.map { $0 > 0 ? power($0, configuration.negativeSamplingExponent) : 0 })
    let scale: Float =
      configuration.embeddingInitializer == .normalized ? 1 / Float(dimension) : 2
    for node in 0..<nodeCount {
      var random = SplitMix(configuration.walks.randomSeed ^ 0x5DEE_CE66, node)
      for i in 0..<dimension {
        centres.base[node * dimension + i] = (Float(random.nextUnit()) - 0.5) * scale
        if configuration.embeddingInitializer == .uniform {
          contexts.base[node * dimension + i] = (Float(random.nextUnit()) - 0.5) * scale
        }
      }
    }
  }

  var embeddings: FloatMatrix {
    FloatMatrix(Array(centres.array.prefix(nodeCount * dimension)), dimension: dimension)
  }

  /// - Returns: the mean loss of a pair.
  func train(
    _ walks: RandomWalk.Walks, iteration: Int, _ monitor: some AlgorithmMonitor
  ) throws(QueryError) -> Double {
    var random = SplitMix(configuration.walks.randomSeed ^ 0xC0FF_EE, iteration)
    let decline =
      (configuration.initialLearningRate - configuration.minLearningRate)
      / Double(configuration.iterations)
    let rate = Float(
      max(
        configuration.minLearningRate,
        configuration.initialLearningRate - decline * Double(iteration)))
    var loss = 0.0
    var pairs = 0
    // Walks that begin at one place, one after the other, would pull vectors to and fro.
    var order = Array(0..<UInt32(walks.count))
    order.shuffle(using: &random)
    for (number, walk) in order.enumerated() {
      if number & 0xFF == 0 { try monitor.checkpoint() }
      let index = Int(walk)
      let begin = walks.offsets[index]
      let end = walks.offsets[index + 1]
      for position in begin..<end {
        let centre = Int(walks.nodes[position])
        if chances.base[centre] < 1 && random.nextUnit() >= chances.base[centre] { continue }
        let first = max(begin, position - configuration.windowSize)
        let last = min(end - 1, position + configuration.windowSize)
        for other in first...last where other != position {
          loss += Double(pair(centre, Int(walks.nodes[other]), rate, &random))
          pairs += 1
        }
      }
    }
    return pairs > 0 ? loss / Double(pairs) : 0
  }

  /// One step of gradient descent for a centre and a node of its context.
  private func pair(
    _ centre: Int, _ context: Int, _ rate: Float, _ random: inout SplitMix
  ) -> Float {
    let vector = centres.base + centre * dimension
    let change = gradient.base
    for i in 0..<dimension { change[i] = 0 }
    var loss = step(vector, contexts.base + context * dimension, isContext: true, rate)
    for _ in 0..<configuration.negativeSamplingRate {
      let other = negatives.draw(&random)
      if other == context { continue }
      loss += step(vector, contexts.base + other * dimension, isContext: false, rate)
    }
    for i in 0..<dimension { vector[i] += change[i] }
    return loss
  }

  @inline(__always)
  private func step(
    _ centre: UnsafePointer<Float>, _ context: UnsafeMutablePointer<Float>, isContext: Bool,
    _ rate: Float
  ) -> Float {
    var product: Float = 0
    for i in 0..<dimension { product += centre[i] * context[i] }
    let affinity = Float(1 / (1 + exponential(Double(-product))))
    let error = (isContext ? 1 - affinity : -affinity) * rate
    let change = gradient.base
    for i in 0..<dimension {
      change[i] += error * context[i]
      context[i] += error * centre[i]
    }
    return Float(-naturalLogarithm(Double(max(isContext ? affinity : 1 - affinity, 1e-12))))
  }
}

/// Draws indices with given weights in constant time (Vose 1991).
struct AliasTable: Sendable {
  private var chances: [Double] = []
  private var aliases: [UInt32] = []

  /// - Parameter weights: not negative.
  init(_ weights: [Double]) {
    let total = weights.reduce(0, +)
    guard total > 0 else { return }
    let scale = Double(weights.count) / total
    chances = weights.map { $0 * scale }
    aliases = Array(0..<UInt32(weights.count))
    var small = chances.indices.filter { chances[$0] < 1 }
    var large = chances.indices.filter { chances[$0] >= 1 }
    while let low = small.popLast(), let high = large.last {
      aliases[low] = UInt32(high)
      chances[high] -= 1 - chances[low]
      if chances[high] < 1 {
        large.removeLast()
        small.append(high)
      }
    }
  }

  @inline(__always)
  func draw(_ random: inout SplitMix) -> Int {
    if chances.isEmpty { return 0 }
    let place = random.next(below: chances.count)
    return random.nextUnit() < chances[place] ? place : Int(aliases[place])
  }
}
