import Glibc

/// Places of some dozen nodes by springs and repulsion (Fruchterman, Reingold 1991), kept apart by
/// their radii. It starts from a circle and uses no chance, so that the same graph has the same
/// drawing.
struct ForceLayout {
  struct Edge {
    var a: Int
    var b: Int
    /// Above 0, to 1: how strongly it draws.
    var weight: Double
  }

  var radii: [Double]
  var edges: [Edge]

  private static let steps = 400

  /// - Complexity: O(steps · nodes²)
  func places(width: Double, height: Double, margin: Double) -> [(x: Double, y: Double)] {
    let count = radii.count
    if count == 0 { return [] }
    // Nodes of a golden angle's spiral: none lies on another, neighbours of the list lie apart.
    let golden = Double.pi * (3 - 5.0.squareRoot())
    var places = radii.indices.map { index in
      let angle = golden * Double(index)
      let reach = ((Double(index) + 0.5) / Double(count)).squareRoot() * 0.45
      return (x: width * (0.5 + reach * cos(angle)), y: height * (0.5 + reach * sin(angle)))
    }
    let ideal = (width * height / Double(count)).squareRoot() * 0.75
    for step in 0..<Self.steps {
      let heat = width / 10 * (1 - Double(step) / Double(Self.steps))
      var forces = radii.map { _ in (x: 0.0, y: 0.0) }
      func push(_ a: Int, _ b: Int, _ strength: Double, _ dx: Double, _ dy: Double) {
        forces[a].x += dx * strength
        forces[a].y += dy * strength
        forces[b].x -= dx * strength
        forces[b].y -= dy * strength
      }
      for a in radii.indices {
        for b in radii.indices where b > a {
          let (dx, dy) = (places[a].x - places[b].x, places[a].y - places[b].y)
          let distance = max((dx * dx + dy * dy).squareRoot(), 0.1)
          let gap = max(distance - radii[a] - radii[b], 4)
          push(a, b, ideal * ideal / gap / distance, dx, dy)
        }
        // A weak pull to the middle keeps apart what nothing ties.
        forces[a].x += (width / 2 - places[a].x) * 0.35
        forces[a].y += (height / 2 - places[a].y) * 0.6
      }
      for edge in edges {
        let (dx, dy) = (places[edge.a].x - places[edge.b].x, places[edge.a].y - places[edge.b].y)
        let distance = max((dx * dx + dy * dy).squareRoot(), 0.1)
        push(edge.a, edge.b, -edge.weight * distance / ideal, dx, dy)
      }
      for node in radii.indices {
        let (x, y) = forces[node]
        let length = max((x * x + y * y).squareRoot(), 1e-9)
        let scale = min(length, heat) / length
        let reach = radii[node] + margin
        places[node].x = min(max(places[node].x + x * scale, reach), width - reach)
        places[node].y = min(max(places[node].y + y * scale, reach), height - reach)
      }
    }
    return places
  }
}
