internal import GraphTypes

/// Vectors of one length in one allocation, each padded with zeros to whole SIMD registers.
final class FactorRows: @unchecked Sendable {
  let count: Int
  let factors: Int
  let stride: Int
  private let values: Scratch<Float>

  init(_ count: Int, _ factors: Int) {
    self.count = count
    self.factors = factors
    stride = (factors + 15) / 16 * 16
    values = Scratch(count * stride, repeating: 0)
  }

  @inline(__always)
  func row(_ index: Int) -> UnsafeMutablePointer<Float> { values.base + index * stride }

  /// Small numbers on both sides of 0, of each row by its own seed.
  func randomise(_ seed: UInt64) {
    let scale = 1 / Float(factors).squareRoot()
    for index in 0..<count {
      var random = SplitMix(seed, index)
      for i in 0..<factors { row(index)[i] = (Float(random.nextUnit()) - 0.5) * scale }
    }
  }

  var matrix: FloatMatrix {
    var result = FloatMatrix(rows: count, dimension: factors)
    for index in 0..<count {
      for i in 0..<factors { result.values[index * factors + i] = row(index)[i] }
    }
    return result
  }

  var squares: Double {
    var sum = 0.0
    for index in 0..<count { sum += Double(Self.dot(row(index), row(index), stride)) }
    return sum
  }

  /// - Parameter stride: a multiple of 16.
  @inline(__always)
  static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ stride: Int) -> Float {
    var sums = SIMD16<Float>(repeating: 0)
    var i = 0
    while i < stride {
      sums.addProduct(load(a + i), load(b + i))
      i &+= 16
    }
    return sums.sum()
  }

  /// `target += factor · source`
  @inline(__always)
  static func add(
    _ factor: Float, _ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>,
    _ stride: Int
  ) {
    let factors = SIMD16<Float>(repeating: factor)
    var i = 0
    while i < stride {
      var sum = load(target + i)
      sum.addProduct(factors, load(source + i))
      store(sum, target + i)
      i &+= 16
    }
  }

  @inline(__always)
  static func load(_ pointer: UnsafePointer<Float>) -> SIMD16<Float> {
    UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<Float>.self)
  }

  @inline(__always)
  static func store(_ value: SIMD16<Float>, _ pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: SIMD16<Float>.self)
  }
}

/// A symmetric square matrix of padded rows.
final class SymmetricMatrix: @unchecked Sendable {
  let stride: Int
  let values: Scratch<Float>

  init(_ stride: Int) {
    self.stride = stride
    values = Scratch(stride * stride, repeating: 0)
  }

  /// The product with a vector, four registers of it at a time.
  @inline(__always)
  func multiply(_ vector: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) {
    var begin = 0
    while begin &+ 64 <= stride {
      var a = SIMD16<Float>(repeating: 0)
      var b = a
      var c = a
      var d = a
      var row = UnsafePointer(values.base) + begin
      for i in 0..<stride {
        let factor = SIMD16<Float>(repeating: vector[i])
        a.addProduct(factor, FactorRows.load(row))
        b.addProduct(factor, FactorRows.load(row + 16))
        c.addProduct(factor, FactorRows.load(row + 32))
        d.addProduct(factor, FactorRows.load(row + 48))
        row += stride
      }
      FactorRows.store(a, result + begin)
      FactorRows.store(b, result + begin + 16)
      FactorRows.store(c, result + begin + 32)
      FactorRows.store(d, result + begin + 48)
      begin &+= 64
    }
    while begin < stride {
      var sums = SIMD16<Float>(repeating: 0)
      var row = UnsafePointer(values.base) + begin
      for i in 0..<stride {
        sums.addProduct(SIMD16(repeating: vector[i]), FactorRows.load(row))
        row += stride
      }
      FactorRows.store(sums, result + begin)
      begin &+= 16
    }
  }

  /// Adds the products of four vectors with themselves.
  func addSquares(
    _ v0: UnsafePointer<Float>, _ v1: UnsafePointer<Float>, _ v2: UnsafePointer<Float>,
    _ v3: UnsafePointer<Float>
  ) {
    var row = values.base
    for i in 0..<stride {
      let f0 = SIMD16<Float>(repeating: v0[i])
      let f1 = SIMD16<Float>(repeating: v1[i])
      let f2 = SIMD16<Float>(repeating: v2[i])
      let f3 = SIMD16<Float>(repeating: v3[i])
      var j = 0
      while j < stride {
        var sum = FactorRows.load(row + j)
        sum.addProduct(f0, FactorRows.load(v0 + j))
        sum.addProduct(f1, FactorRows.load(v1 + j))
        sum.addProduct(f2, FactorRows.load(v2 + j))
        sum.addProduct(f3, FactorRows.load(v3 + j))
        FactorRows.store(sum, row + j)
        j &+= 16
      }
      row += stride
    }
  }
}

/// Solves for one side of the factors while the other stays.
struct FactorSolver: Sendable {
  private let regularization: Float
  private let alpha: Float
  private let steps: Int
  private let concurrency: Int

  init(_ configuration: AlternatingLeastSquares.Configuration) {
    regularization = Float(configuration.regularization)
    alpha = Float(configuration.alpha)
    steps = configuration.steps
    concurrency = configuration.common.concurrency
  }

  /// YᵀY, summed in parts that do not depend on the number of threads.
  func gram(of y: FactorRows, monitor: some AlgorithmMonitor) throws(QueryError) -> SymmetricMatrix
  {
    // Not too many parts, each is a matrix; not too few for the threads.
    let size = max((y.count + 63) / 64, 256)
    let count = (y.count + size - 1) / size
    let parts = (0..<count).map { _ in SymmetricMatrix(y.stride) }
    let zero = Scratch<Float>(y.stride, repeating: 0)
    try parallelFor(count, concurrency: concurrency, monitor: monitor) {
      (_, index) throws(QueryError) in
      var row = index * size
      let end = min(row + size, y.count)
      while row < end {
        func vector(_ i: Int) -> UnsafePointer<Float> {
          UnsafePointer(row + i < end ? y.row(row + i) : zero.base)
        }
        parts[index].addSquares(vector(0), vector(1), vector(2), vector(3))
        row += 4
      }
    }
    let result = SymmetricMatrix(y.stride)
    for part in parts {
      for i in 0..<result.values.count { result.values.base[i] += part.values.base[i] }
    }
    return result
  }

  /// One vector of *x* after the other, each by itself.
  func solve(
    _ x: FactorRows, by y: FactorRows, _ interactions: SparseRows,
    monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    let gram = try gram(of: y, monitor: monitor)
    // λ on the diagonal; where the padding is, 0 = 0 holds anyway.
    for i in 0..<x.factors { gram.values.base[i * gram.stride + i] += regularization }
    let block = 64
    let workers = (0..<max(concurrency, 1)).map { _ in Scratch<Float>(3 * x.stride, repeating: 0) }
    try parallelFor((x.count + block - 1) / block, concurrency: concurrency, monitor: monitor) {
      (worker, index) throws(QueryError) in
      for row in index * block..<min((index + 1) * block, x.count) {
        solve(row, x, y, interactions, gram, workers[worker].base)
      }
    }
  }

  /// Conjugate gradients for (YᵀY + λ + Σ (c − 1) y yᵀ) x = Σ c y.
  private func solve(
    _ index: Int, _ x: FactorRows, _ y: FactorRows, _ interactions: SparseRows,
    _ gram: SymmetricMatrix, _ scratch: UnsafeMutablePointer<Float>
  ) {
    let stride = x.stride
    let vector = x.row(index)
    let residual = scratch
    let direction = scratch + stride
    let product = scratch + 2 * stride
    let range = interactions.range(index)
    let columns = interactions.columns.base
    let values = interactions.values.base

    gram.multiply(vector, into: product)
    for i in 0..<stride { residual[i] = -product[i] }
    for i in range {
      let row = y.row(Int(columns[i]))
      let extra = alpha * values[i]
      let weight = 1 + extra - extra * FactorRows.dot(row, vector, stride)
      FactorRows.add(weight, row, to: residual, stride)
    }
    direction.update(from: residual, count: stride)
    var square = FactorRows.dot(residual, residual, stride)
    for _ in 0..<steps {
      if square < 1e-20 { return }
      gram.multiply(direction, into: product)
      for i in range {
        let row = y.row(Int(columns[i]))
        let weight = alpha * values[i] * FactorRows.dot(row, direction, stride)
        FactorRows.add(weight, row, to: product, stride)
      }
      let curvature = FactorRows.dot(direction, product, stride)
      if !(curvature > 0) { return }
      let length = square / curvature
      FactorRows.add(length, direction, to: vector, stride)
      FactorRows.add(-length, product, to: residual, stride)
      let next = FactorRows.dot(residual, residual, stride)
      let turn = next / square
      for i in 0..<stride { direction[i] = residual[i] + turn * direction[i] }
      square = next
    }
  }
}
