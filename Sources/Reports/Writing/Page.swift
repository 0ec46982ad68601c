import Tropa

/// The page around the sections.
struct Page {
  private let language: ReportLanguage
  private let title: String
  private let isEmpty: Bool

  init(_ settings: ReportSettings, isEmpty: Bool) {
    language = settings.language
    title = settings.title
    self.isEmpty = isEmpty
  }

  func html(_ findings: [(Section, Finding)]) -> String {
    var page = Markup()
    page.element("html", ["lang": language.rawValue, "xmlns": "http://www.w3.org/1999/xhtml"]) {
      html in
      html.element("head") { head in
        head.empty("meta", ["charset": "utf-8"])
        head.empty("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        head.empty("meta", ["name": "generator", "content": "tropa \(TropaVersion.current)"])
        head.element("title", heading)
        head.element("style", Self.style)
      }
      html.lineBreak()
      html.element("body") { body in
        body.element("header") { $0.element("h1", heading) }
        body.lineBreak()
        if isEmpty { body.element("p", ["class": "missing"], language(.emptyDatabase)) }
        body.element("nav", ["aria-label": language(.contents)]) { nav in
          for (section, _) in findings {
            nav.element("a", ["href": "#\(section.id)"], language(section.title))
            nav.write(" ")
          }
        }
        body.lineBreak()
        body.element("main") { main in
          for (section, finding) in findings { write(section, finding, &main) }
        }
        body.element("footer") { footer in
          footer.element("p", "\(language(.made)) \(TropaVersion.current)")
        }
      }
    }
    return "<!DOCTYPE html>\n" + page.text + "\n"
  }

  private var heading: String {
    title.isEmpty ? language(.report) : "\(title) — \(language(.report).lowercased())"
  }

  private func write(_ section: Section, _ finding: Finding, _ page: inout Markup) {
    page.lineBreak()
    page.element("section", ["id": section.id]) { part in
      part.element("h2", language(section.title))
      part.lineBreak()
      switch finding {
      case .body(let body): part.append(body)
      case .missing(let remedies, let reason):
        part.element("p", ["class": "missing"]) { paragraph in
          paragraph.write(language(.noData))
          if let reason { paragraph.write(" \(language(.reason)) \(reason).") }
          if !remedies.isEmpty { paragraph.write(" \(language(.remedy)) ") }
          for (index, remedy) in remedies.enumerated() {
            if index > 0 { paragraph.write(", ") }
            paragraph.element("code", remedy)
          }
        }
      }
    }
  }

  // No quotation marks, ampersands or angles: it is escaped like any text.
  private static let style = """
    :root { color-scheme: light; }
    * { box-sizing: border-box; }
    body { font: 16px/1.5 system-ui, -apple-system, Roboto, Arial, sans-serif; color: #1a1a1a;
      background: #ffffff; max-width: 960px; margin: 0 auto; padding: 24px; }
    h1 { font-size: 28px; line-height: 1.2; margin: 0 0 8px; }
    h2 { font-size: 20px; margin: 0 0 8px; }
    h3 { font-size: 16px; margin: 20px 0 6px; }
    section { margin: 36px 0 0; padding: 20px 0 0; border-top: 2px solid #1a1a1a; }
    nav { margin: 12px 0 0; line-height: 1.9; }
    nav a { margin-right: 14px; white-space: nowrap; }
    a { color: #005a8e; }
    p { margin: 0 0 12px; max-width: 75ch; }
    .note, footer, figcaption { color: #4a525c; font-size: 14px; }
    .missing { background: #f3f5f7; border-left: 4px solid #5b6470; padding: 10px 14px; }
    .warning { color: #a33c00; font-weight: 600; }
    code { font: 14px ui-monospace, Consolas, monospace; background: #e9edf1; padding: 1px 5px;
      overflow-wrap: anywhere; }
    dl { display: flex; flex-wrap: wrap; gap: 10px; margin: 0 0 16px; }
    dl div { border: 1px solid #c9d0d8; border-radius: 6px; padding: 8px 14px; min-width: 120px; }
    dt { color: #4a525c; font-size: 13px; }
    dd { margin: 0; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; margin: 8px 0 14px; font-size: 14px; width: 100%; }
    th, td { padding: 5px 10px; border-bottom: 1px solid #d4d9df; text-align: left;
      vertical-align: top; }
    thead th { border-bottom: 2px solid #5b6470; vertical-align: bottom; }
    tbody th { font-weight: 500; }
    .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    thead .number { white-space: normal; }
    figure { margin: 8px 0 16px; }
    svg { display: block; width: 100%; height: auto;
      font-family: system-ui, -apple-system, Roboto, Arial, sans-serif; }
    .halo { paint-order: stroke; stroke: #ffffff; stroke-width: 3px; stroke-linejoin: round; }
    .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(380px, 1fr));
      gap: 12px 24px; }
    @page { margin: 14mm; }
    @media print {
      body { max-width: none; padding: 0; font-size: 11pt; }
      nav { display: none; }
      section { margin-top: 18pt; }
      figure, table, .missing, dl { break-inside: avoid; }
      h2, h3 { break-after: avoid; }
      .scroll { overflow: visible; }
      .pair { grid-template-columns: 1fr 1fr; }
      svg, .missing, code { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
    }
    """
}
