/// A scale of numbers with round ticks, from data to pixels.
struct Axis {
  let low: Double
  let high: Double
  let ticks: [Double]
  let start: Double
  let length: Double

  /// - Parameters:
  ///   - values: all that must be on it; those that are not finite do not count.
  ///   - start: pixel of the lower end.
  init(_ values: [Double], includesZero: Bool = true, start: Double, length: Double, count: Int = 4)
  {
    let known = values.filter(\.isFinite) + (includesZero ? [0] : [])
    let smallest = known.min() ?? 0
    let greatest = known.max() ?? 1
    let spread = greatest > smallest ? greatest - smallest : max(greatest.magnitude, 1)
    let step = Self.roundStep(spread / Double(max(count, 1)))
    let first = (smallest / step).rounded(.down)
    let last = max((greatest / step).rounded(.up), first + 1)
    ticks = (0...Int(min(last - first, 50))).map { (first + Double($0)) * step }
    low = first * step
    high = last * step
    self.start = start
    self.length = length
  }

  func place(_ value: Double) -> Double { start + (value - low) / (high - low) * length }

  /// 1, 2 or 5 times a power of 10, at least the value.
  private static func roundStep(_ value: Double) -> Double {
    var power = 1.0
    while power * 10 <= value { power *= 10 }
    while power > value { power /= 10 }
    for factor in [1.0, 2, 5] where power * factor >= value * (1 - 1e-9) { return power * factor }
    return power * 10
  }
}
