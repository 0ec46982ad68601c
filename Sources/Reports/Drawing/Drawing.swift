/// An SVG drawing that scales with the page and prints. Units are pixels of the undiminished
/// drawing; y grows downwards.
struct Drawing {
  let width: Double
  let height: Double
  private var markup = Markup()

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  enum Anchor: String { case start, middle, end }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: String, stroke: String = "",
    radius: Double = 0, tip: String = ""
  ) {
    shape(
      "rect",
      [
        "x": n(x), "y": n(y), "width": n(max(width, 0)), "height": n(max(height, 0)),
        "fill": fill, "stroke": stroke, "rx": radius > 0 ? n(radius) : "",
      ], tip)
  }

  mutating func circle(
    x: Double, y: Double, radius: Double, fill: String, stroke: String = "",
    strokeWidth: Double = 1, tip: String = ""
  ) {
    shape(
      "circle",
      [
        "cx": n(x), "cy": n(y), "r": n(radius), "fill": fill, "stroke": stroke,
        "stroke-width": strokeWidth == 1 ? "" : n(strokeWidth),
      ], tip)
  }

  mutating func line(
    from: (x: Double, y: Double), to: (x: Double, y: Double), stroke: String, width: Double = 1,
    opacity: Double = 1, dashes: String = "", tip: String = ""
  ) {
    shape(
      "line",
      [
        "x1": n(from.x), "y1": n(from.y), "x2": n(to.x), "y2": n(to.y), "stroke": stroke,
        "stroke-width": n(width), "stroke-opacity": opacity < 1 ? n(opacity, 100) : "",
        "stroke-dasharray": dashes,
      ], tip)
  }

  /// - Parameters:
  ///   - y: the middle of the line of text.
  ///   - haloed: with a white edge, to be read over lines.
  mutating func text(
    _ content: String, x: Double, y: Double, anchor: Anchor = .start, fill: String = Palette.ink,
    size: Double = 13, bold: Bool = false, turned: Bool = false, haloed: Bool = false
  ) {
    let baseline = y + size * 0.35
    markup.element(
      "text",
      [
        "x": n(x), "y": n(baseline), "text-anchor": anchor == .start ? "" : anchor.rawValue,
        "fill": fill, "font-size": n(size), "font-weight": bold ? "600" : "",
        "transform": turned ? "rotate(-90 \(n(x)) \(n(y)))" : "", "class": haloed ? "halo" : "",
      ], content)
  }

  private mutating func shape(
    _ name: StaticString, _ attributes: Markup.Attributes, _ tip: String
  ) {
    if tip.isEmpty { return markup.empty(name, attributes) }
    markup.element(name, attributes) { $0.element("title", tip) }
  }

  /// The drawing as an element; the title is read to who cannot see it.
  func write(to page: inout Markup, title: String) {
    page.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(n(width)) \(n(height))",
        "role": "img", "aria-label": title, "style": "max-width:\(n(width))px",
      ]
    ) { svg in
      svg.element("title", title)
      svg.append(markup)
    }
    page.lineBreak()
  }

  /// A coordinate with one digit after the point, or as many as the scale has zeros.
  private func n(_ value: Double, _ scale: Double = 10) -> String {
    guard value.isFinite, value.magnitude < 1e9 else { return "0" }
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  /// The room that a text needs in most fonts: Cyrillic is wide, and which font there is is not
  /// known here.
  static func width(of text: String, size: Double = 13) -> Double {
    Double(text.count) * size * 0.64
  }

  /// A text that is cut to a width.
  static func fitted(_ text: String, to width: Double, size: Double = 13) -> String {
    let count = max(Int(width / (size * 0.55)), 2)
    return text.count <= count ? text : text.prefix(count - 1) + "…"
  }
}
