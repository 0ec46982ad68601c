/// Cells in rows and columns, shaded by a share.
struct HeatMap {
  struct Cell {
    /// From 0 to 1.
    var shade: Double
    var lines: [String]
    var tip = ""
  }

  var rows: [String]
  var columns: [String]
  /// `cells[row][column]`; nil where there is nothing to say.
  var cells: [[Cell?]]
  var rowTitle = ""
  var columnTitle = ""
  var cellWidth = 56.0
  var cellHeight = 30.0
  /// Whether names of columns stand upright.
  var turnsColumns = false

  var drawing: Drawing {
    let longest = rows.map { Drawing.width(of: $0) }.max() ?? 0
    let left = longest + 16 + (rowTitle.isEmpty ? 0 : 24)
    let names = columns.map { Drawing.width(of: $0, size: 12) }.max() ?? 0
    let top = (turnsColumns ? names + 14 : 26) + (columnTitle.isEmpty ? 0 : 24)
    let width = left + Double(columns.count) * cellWidth + 2
    let height = top + Double(rows.count) * cellHeight + 2
    var drawing = Drawing(width: width, height: height)
    if !columnTitle.isEmpty {
      drawing.text(
        columnTitle, x: left + (width - left) / 2, y: 10, anchor: .middle, fill: Palette.faint)
    }
    if !rowTitle.isEmpty {
      drawing.text(
        rowTitle, x: 10, y: top + (height - top) / 2, anchor: .middle, fill: Palette.faint,
        turned: true)
    }
    for (column, name) in columns.enumerated() {
      let x = left + (Double(column) + 0.5) * cellWidth
      drawing.text(
        name, x: x, y: top - (turnsColumns ? 8 : 12), anchor: turnsColumns ? .start : .middle,
        size: 12, turned: turnsColumns)
    }
    for (row, name) in rows.enumerated() {
      let y = top + Double(row) * cellHeight
      drawing.text(name, x: left - 8, y: y + cellHeight / 2, anchor: .end)
      for column in columns.indices {
        guard let cell = cells[row][column] else { continue }
        let x = left + Double(column) * cellWidth
        drawing.rectangle(
          x: x, y: y, width: cellWidth - 2, height: cellHeight - 2,
          fill: Palette.shade(cell.shade), radius: 2, tip: cell.tip)
        for (line, text) in cell.lines.enumerated() {
          let offset = (Double(line) - Double(cell.lines.count - 1) / 2) * 16
          drawing.text(
            text, x: x + cellWidth / 2 - 1, y: y + cellHeight / 2 - 1 + offset, anchor: .middle,
            fill: Palette.inkOn(cell.shade), size: line == 0 ? 13 : 12)
        }
      }
    }
    return drawing
  }
}
