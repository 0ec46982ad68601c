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

  /// In 0 ... 1.
  func value(_ a: Int, _ b: Int) -> Double {
    var sum = 0.0
    for property in properties {
      switch property {
      case .vectors(let rows, let metric):
        sum += rows.values.withUnsafeBufferPointer { values -> Double in
          guard let base = values.baseAddress else { return 0 }
          let d = rows.dimension
          return Self.compare(base + a * d, base + b * d, d, metric)
        }
      case .sets(let sets, let metric): sum += Self.compare(sets[a], sets[b], metric)
      case .numbers(let numbers): sum += 1 / (1 + abs(numbers[a] - numbers[b]))
      }
    }
    return properties.isEmpty ? 0 : sum / Double(properties.count)
  }

  @inline(__always)
  private static func compare(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ d: Int, _ metric: Metric
  ) -> Double {
    // Eight sums at once: additions of one sum would wait for each other.
    var sums = SIMD8<Float>(repeating: 0)
    var i = 0
    if metric == .euclidean {
      while i &+ 8 <= d {
        let difference = load(a + i) - load(b + i)
        sums += difference * difference
        i &+= 8
      }
    } else {
      while i &+ 8 <= d {
        sums += load(a + i) * load(b + i)
        i &+= 8
      }
    }
    var sum = sums.sum()
    while i < d {
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

  private static func compare(_ a: [Int64], _ b: [Int64], _ metric: Metric) -> Double {
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
