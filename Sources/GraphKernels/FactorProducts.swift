/// The products of some sources' vectors with all targets'.
struct FactorProducts: Sendable {
  /// Sources whose products are made at once, one in each lane of a register: each number of a
  /// target's vector is read once for all, and no register has to be summed up.
  static let blockSize = 16
  private let x: FactorRows
  private let y: FactorRows

  init(_ x: FactorRows, _ y: FactorRows) {
    self.x = x
    self.y = y
  }

  /// The products of one block.
  final class Scores: @unchecked Sendable {
    private let count: Int
    /// Shape: targets × lanes.
    fileprivate let values: Scratch<Float>
    /// Shape: factors × lanes.
    fileprivate let vectors: Scratch<Float>

    fileprivate init(_ count: Int, _ factors: Int) {
      self.count = count
      values = Scratch(blockSize * count, repeating: 0)
      vectors = Scratch(blockSize * factors, repeating: 0)
    }

    func offer(_ lane: Int, to selection: RecommendationSearch.Selection) {
      let values = values.base + lane
      var least = -Float.infinity
      for target in 0..<count {
        let score = values[target &* blockSize]
        if score < least { continue }
        selection.offer(target, Double(score))
        least = Float(selection.threshold)
      }
    }
  }

  func makeScores() -> Scores { Scores(y.count, x.factors) }

  /// - Parameter rows: at most `blockSize` rows of *x*.
  func fill(_ scores: Scores, _ rows: ArraySlice<Int>) {
    let factors = x.factors
    let lanes = Self.blockSize
    let vectors = scores.vectors.base
    for (lane, row) in rows.enumerated() {
      let vector = x.row(row)
      for i in 0..<factors { vectors[i * lanes + lane] = vector[i] }
    }
    let values = scores.values.base
    let stride = y.stride
    var target = 0
    // Four targets at once: additions of one sum would wait for each other.
    while target &+ 4 <= y.count {
      let row = y.row(target)
      var a = SIMD16<Float>(repeating: 0)
      var b = a
      var c = a
      var d = a
      for i in 0..<factors {
        let column = FactorRows.load(vectors + i &* lanes)
        a.addProduct(column, SIMD16(repeating: row[i]))
        b.addProduct(column, SIMD16(repeating: row[i &+ stride]))
        c.addProduct(column, SIMD16(repeating: row[i &+ 2 &* stride]))
        d.addProduct(column, SIMD16(repeating: row[i &+ 3 &* stride]))
      }
      let place = values + target &* lanes
      FactorRows.store(a, place)
      FactorRows.store(b, place + lanes)
      FactorRows.store(c, place + 2 * lanes)
      FactorRows.store(d, place + 3 * lanes)
      target &+= 4
    }
    while target < y.count {
      let row = y.row(target)
      var sums = SIMD16<Float>(repeating: 0)
      for i in 0..<factors {
        sums.addProduct(FactorRows.load(vectors + i &* lanes), SIMD16(repeating: row[i]))
      }
      FactorRows.store(sums, values + target &* lanes)
      target &+= 1
    }
  }
}
