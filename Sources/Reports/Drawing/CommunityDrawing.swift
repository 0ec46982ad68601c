/// Communities as circles and categories as squares, tied by lines.
struct CommunityDrawing {
  struct Node {
    var name: String
    var size: Double
    var tip: String
  }
  struct Tie {
    var community: Int
    var category: Int
    var weight: Double
    var tip: String
  }

  var communities: [Node]
  var categories: [Node]
  var ties: [Tie]

  private static let (width, height) = (860.0, 620.0)

  var drawing: Drawing {
    var drawing = Drawing(width: Self.width, height: Self.height)
    let greatest = communities.map(\.size).max() ?? 1
    let used = categories.indices.filter { category in ties.contains { $0.category == category } }
    // The area says the size.
    let radii =
      communities.map { 12 + 34 * ($0.size / greatest).squareRoot() } + used.map { _ in 26 }
    let heaviest = ties.map(\.weight).max() ?? 1
    let count = communities.count
    let edges = ties.compactMap { tie -> ForceLayout.Edge? in
      guard let category = used.firstIndex(of: tie.category) else { return nil }
      return .init(
        a: tie.community, b: count + category,
        weight: 0.3 + 0.7 * (tie.weight / heaviest).squareRoot())
    }
    let places = ForceLayout(radii: radii, edges: edges)
      .places(width: Self.width, height: Self.height, margin: 20)
    for (tie, edge) in zip(ties, edges) {
      let (a, b) = (places[edge.a], places[edge.b])
      drawing.line(
        from: (a.x, a.y), to: (b.x, b.y),
        stroke: Palette.categories[tie.community % Palette.categories.count],
        width: 1 + 11 * (tie.weight / heaviest).squareRoot(), opacity: 0.45, tip: tie.tip)
    }
    for (index, community) in communities.enumerated() {
      drawing.circle(
        x: places[index].x, y: places[index].y, radius: radii[index],
        fill: "#ffffff", stroke: Palette.categories[index % Palette.categories.count],
        strokeWidth: 4, tip: community.tip)
      drawing.text(
        community.name, x: places[index].x, y: places[index].y, anchor: .middle, size: 14,
        bold: true)
    }
    for (place, category) in used.enumerated() {
      let (x, y) = places[count + place]
      drawing.rectangle(
        x: x - 6, y: y - 6, width: 12, height: 12, fill: Palette.ink,
        tip: categories[category].tip)
      drawing.text(
        Drawing.fitted(categories[category].name, to: 170, size: 13), x: x, y: y + 17,
        anchor: .middle, haloed: true)
    }
    return drawing
  }
}
