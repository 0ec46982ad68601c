/// A table whose first column names the rows.
struct Table {
  struct Column {
    var title: String
    /// Numbers stand under each other at the right.
    var isNumber = true
    static func text(_ title: String) -> Column { .init(title: title, isNumber: false) }
    static func number(_ title: String) -> Column { .init(title: title) }
  }

  var columns: [Column]
  var rows: [[String]] = []
  /// Rows that are to be warned of.
  var warned: Set<Int> = []

  func write(to page: inout Markup) {
    page.element("div", ["class": "scroll"]) { frame in
      frame.element("table") { table in
        table.element("thead") { head in
          head.element("tr") { row in
            for column in columns {
              row.element(
                "th", ["scope": "col", "class": column.isNumber ? "number" : ""], column.title)
            }
          }
        }
        table.element("tbody") { body in
          for (index, cells) in rows.enumerated() { write(cells, warned.contains(index), &body) }
        }
      }
    }
    page.lineBreak()
  }

  private func write(_ cells: [String], _ isWarned: Bool, _ body: inout Markup) {
    body.element("tr", ["class": isWarned ? "warning" : ""]) { row in
      for (column, cell) in zip(columns, cells) {
        if column.title == columns[0].title {
          row.element("th", ["scope": "row"], cell)
        } else {
          row.element("td", ["class": column.isNumber ? "number" : ""], cell)
        }
      }
    }
    body.lineBreak()
  }
}

extension Markup {
  mutating func note(_ text: String) { element("p", ["class": "note"], text) }

  /// A drawing with its heading.
  mutating func figure(_ drawing: Drawing, title: String, showsTitle: Bool = false) {
    element("figure") { figure in
      if showsTitle { figure.element("h3", title) }
      drawing.write(to: &figure, title: title)
    }
  }
}
