/// The bend of a falling curve ("Kneedle", Satopää and others 2011): the point farthest below the
/// straight line between its ends, both axes scaled to 0 ... 1.
enum Knee {
  /// - Parameter points: x ascends.
  /// - Returns: nil without points; the first point for a curve that does not fall.
  static func position(_ points: [(x: Double, y: Double)]) -> Int? {
    guard let first = points.first, let last = points.last else { return nil }
    let width = last.x - first.x
    let height = first.y - last.y
    guard width > 0, height > 0 else { return 0 }
    var best = 0
    var depth = -Double.infinity
    for (position, point) in points.enumerated() {
      let below = 1 - (point.x - first.x) / width - (point.y - last.y) / height
      if below > depth { (best, depth) = (position, below) }
    }
    return best
  }
}
