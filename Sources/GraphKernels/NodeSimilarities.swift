internal import GraphTypes

/// How alike nodes are by their properties: the mean of the similarities of single properties.
package struct NodeSimilarities: Sendable {
  package enum Metric: String, Sendable, CaseIterable {
    /// Of vectors: (1 + cos) / 2.
    case cosine = "COSINE"
    /// Of vectors: 1 / (1 + distance).
    case euclidean = "EUCLIDEAN"
    /// Of vectors: the correlation, 0 where it is negative.
    case pearson = "PEARSON"
    /// Of sets of integers: common ones by all.
    case jaccard = "JACCARD"
    /// Of sets of integers: common ones by the smaller set.
    case overlap = "OVERLAP"
  }

  private enum Property: Sendable {
    case vectors(FloatMatrix, Metric)
    /// Ascending, each once.
    case sets([[Int64]], Metric)
    /// 1 / (1 + |difference|).
    case numbers([Double])
  }
  private var properties: [Property] = []

  package init() {}

  package var isEmpty: Bool { properties.isEmpty }

  /// - Parameter vectors: a row for each index of the view.
  package mutating func add(vectors: FloatMatrix, _ metric: Metric) {
    var rows = vectors
    let d = rows.dimension
    // What cosine and correlation have to divide by is divided by once.
    if metric == .cosine || metric == .pearson {
      for row in 0..<rows.rowCount {
        let range = row * d..<(row + 1) * d
        if metric == .pearson {
          let mean = rows.values[range].reduce(0, +) / Float(d)
          for i in range { rows.values[i] -= mean }
        }
        var squares = 0.0
        for i in range { squares += Double(rows.values[i]) * Double(rows.values[i]) }
        if squares > 0 {
          let scale = Float(1 / squares.squareRoot())
          for i in range { rows.values[i] *= scale }
        }
      }
    }
    properties.append(.vectors(rows, metric))
  }

  package mutating func add(sets: [[Int64]], _ metric: Metric) {
    properties.append(.sets(sets.map { Array(Set($0)).sorted() }, metric))
  }

  package mutating func add(numbers: [Double]) { properties.append(.numbers(numbers)) }

  /// Runs `body` with the fastest way to compare nodes: one list of vectors is compared without
  /// looking what it is each time.
  func withPairs<Result>(
    _ vectors: (VectorPairs) throws(QueryError) -> Result,
    others: (MixedPairs) throws(QueryError) -> Result
  ) throws(QueryError) -> Result {
    if properties.count == 1, case .vectors(let rows, let metric) = properties[0] {
      return try vectors(VectorPairs(rows, metric))
    }
    return try others(
      MixedPairs(
        parts: properties.map { property in
          switch property {
          case .vectors(let rows, let metric): .vectors(VectorPairs(rows, metric))
          case .sets(let sets, let metric): .sets(sets, metric)
          case .numbers(let numbers): .numbers(numbers)
          }
        }))
  }
}

/// How alike two nodes are, in 0 ... 1.
protocol PairSimilarity: Sendable {
  func value(_ a: Int, _ b: Int) -> Double
}

/// By one list of vectors.
struct VectorPairs: PairSimilarity, @unchecked Sendable {
  private let base: UnsafePointer<Float>
  private let dimension: Int
  private let metric: NodeSimilarities.Metric
  private let owner: Scratch<Float>

  fileprivate init(_ rows: FloatMatrix, _ metric: NodeSimilarities.Metric) {
    owner = Scratch(rows.values.count, repeating: 0)
    for (i, value) in rows.values.enumerated() { owner.base[i] = value }
    base = UnsafePointer(owner.base)
    dimension = rows.dimension
    self.metric = metric
  }

  @inline(__always)
  func value(_ first: Int, _ second: Int) -> Double {
    let a = base + first * dimension
    let b = base + second * dimension
    // Eight sums at once: additions of one sum would wait for each other.
    var sums = SIMD8<Float>(repeating: 0)
    var i = 0
    if metric == .euclidean {
      while i &+ 8 <= dimension {
        let difference = Self.load(a + i) - Self.load(b + i)
        sums += difference * difference
        i &+= 8
      }
    } else {
      while i &+ 8 <= dimension {
        sums += Self.load(a + i) * Self.load(b + i)
        i &+= 8
      }
    }
    var sum = sums.sum()
    while i < dimension {
      let difference = a[i] - b[i]
      sum += metric == .euclidean ? difference * difference : a[i] * b[i]
      i &+= 1
    }
    if metric == .euclidean { return 1 / (1 + Double(sum).squareRoot()) }
    let product = metric == .cosine ? (1 + Double(sum)) / 2 : Double(sum)
    return min(max(product, 0), 1)
  }

  @inline(__always)
  private static func load(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
    UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
  }
}

/// By several properties, or by sets or numbers: the mean.
struct MixedPairs: PairSimilarity {
  fileprivate enum Part: Sendable {
    case vectors(VectorPairs)
    case sets([[Int64]], NodeSimilarities.Metric)
    case numbers([Double])
  }
  fileprivate let parts: [Part]

  func value(_ a: Int, _ b: Int) -> Double {
    var sum = 0.0
    for part in parts {
      switch part {
      case .vectors(let vectors): sum += vectors.value(a, b)
      case .sets(let sets, let metric): sum += Self.compare(sets[a], sets[b], metric)
      case .numbers(let numbers): sum += 1 / (1 + abs(numbers[a] - numbers[b]))
      }
    }
    return parts.isEmpty ? 0 : sum / Double(parts.count)
  }

  private static func compare(
    _ a: [Int64], _ b: [Int64], _ metric: NodeSimilarities.Metric
  ) -> Double {
    var common = 0
    var (i, j) = (0, 0)
    while i < a.count && j < b.count {
      if a[i] == b[j] {
        common += 1
        i += 1
        j += 1
      } else if a[i] < b[j] {
        i += 1
      } else {
        j += 1
      }
    }
    let size = metric == .overlap ? min(a.count, b.count) : a.count + b.count - common
    return size > 0 ? Double(common) / Double(size) : 0
  }
}
