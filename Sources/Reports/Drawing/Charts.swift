/// Upright bars, such as a histogram or months.
struct Columns {
  struct Bar {
    var name: String
    var value: Double
    var fill = Palette.blue
    var tip = ""
  }

  var bars: [Bar]
  var width = 860.0
  var height = 220.0
  /// Each so many-th name is written.
  var nameStep = 1
  var axisTitle = ""

  func drawing(_ number: (Double) -> String) -> Drawing {
    let left = 64.0
    let bottom = axisTitle.isEmpty ? 26.0 : 46
    let axis = Axis(bars.map(\.value), start: height - bottom, length: -(height - bottom - 10))
    var drawing = Drawing(width: width, height: height)
    for tick in axis.ticks {
      let y = axis.place(tick)
      drawing.line(from: (left, y), to: (width, y), stroke: Palette.rule)
      drawing.text(number(tick), x: left - 8, y: y, anchor: .end, fill: Palette.faint, size: 12)
    }
    let step = (width - left) / Double(max(bars.count, 1))
    for (index, bar) in bars.enumerated() {
      let x = left + Double(index) * step
      let (y, zero) = (axis.place(bar.value), axis.place(0))
      drawing.rectangle(
        x: x + step * 0.1, y: min(y, zero), width: step * 0.8, height: (zero - y).magnitude,
        fill: bar.fill, tip: bar.tip)
      if index.isMultiple(of: nameStep) {
        drawing.text(
          bar.name, x: x + step / 2, y: height - bottom + 14, anchor: .middle,
          fill: Palette.faint, size: 12)
      }
    }
    if !axisTitle.isEmpty {
      drawing.text(
        axisTitle, x: left + (width - left) / 2, y: height - 10, anchor: .middle,
        fill: Palette.faint, size: 12)
    }
    return drawing
  }
}

/// Lying bars of several series for each name, with the values beside them.
struct Bars {
  struct Row {
    var name: String
    var values: [Double]
  }

  var series: [(name: String, fill: String)]
  var rows: [Row]
  var width = 860.0

  func drawing(_ number: (Double) -> String) -> Drawing {
    let left = min(rows.map { Drawing.width(of: $0.name) }.max() ?? 0, 300) + 14
    let barHeight = 13.0
    let rowHeight = Double(series.count) * barHeight + 12
    let top = series.count > 1 ? 30.0 : 4
    var drawing = Drawing(width: width, height: top + Double(rows.count) * rowHeight)
    if series.count > 1 { Legend(series).draw(on: &drawing, x: left, y: 10) }
    let greatest = rows.flatMap(\.values).filter(\.isFinite).max() ?? 1
    let scale = (width - left - 70) / max(greatest, 1e-300)
    for (row, bar) in rows.enumerated() {
      let y = top + Double(row) * rowHeight
      drawing.text(
        Drawing.fitted(bar.name, to: left - 14), x: left - 8, y: y + (rowHeight - 8) / 2,
        anchor: .end)
      for (index, value) in bar.values.enumerated() where value.isFinite {
        let start = y + Double(index) * barHeight
        drawing.rectangle(
          x: left, y: start, width: value * scale, height: barHeight - 2,
          fill: series[index].fill)
        drawing.text(
          number(value), x: left + value * scale + 6, y: start + barHeight / 2 - 1, size: 12)
      }
    }
    return drawing
  }
}

/// Lying bars that are divided into shares of a whole.
struct StackedBars {
  struct Row {
    var name: String
    var shares: [Double]
    var note: String
  }

  var parts: [(name: String, fill: String)]
  var rows: [Row]
  var width = 860.0

  func drawing(_ percent: (Double) -> String) -> Drawing {
    let left = (rows.map { Drawing.width(of: $0.name) }.max() ?? 0) + 14
    let right = (rows.map { Drawing.width(of: $0.note) }.max() ?? 0) + 10
    let (rowHeight, top) = (30.0, 30.0)
    var drawing = Drawing(width: width, height: top + Double(rows.count) * rowHeight)
    Legend(parts).draw(on: &drawing, x: left, y: 10)
    for (row, bar) in rows.enumerated() {
      let y = top + Double(row) * rowHeight
      drawing.text(bar.name, x: left - 8, y: y + 12, anchor: .end)
      var x = left
      for (index, share) in bar.shares.enumerated() {
        let length = share * (width - left - right)
        drawing.rectangle(
          x: x, y: y, width: length - 1, height: 24, fill: parts[index].fill,
          tip: "\(parts[index].name): \(percent(share))")
        if length > 44 {
          // White has the contrast on the dark ones only.
          drawing.text(
            percent(share), x: x + length / 2, y: y + 12, anchor: .middle,
            fill: index == 1 ? Palette.ink : "#ffffff", size: 12)
        }
        x += length
      }
      drawing.text(bar.note, x: width, y: y + 12, anchor: .end, fill: Palette.faint, size: 12)
    }
    return drawing
  }
}

/// A dot for each value with a line for its interval.
struct Intervals {
  struct Row {
    var name: String
    var value: Double
    var interval: ClosedRange<Double>?
  }

  var rows: [Row]
  var width = 420.0
  /// Whether 0 is a line that intervals are compared with.
  var marksZero = false

  func drawing(_ number: (Double) -> String) -> Drawing {
    let longest = rows.map { Drawing.width(of: $0.name, size: 12) }.max() ?? 0
    let left = min(longest + 14, width * 0.45)
    let rowHeight = 24.0
    let height = Double(rows.count) * rowHeight + 28
    let values = rows.flatMap { row in
      [row.value] + (row.interval.map { [$0.lowerBound, $0.upperBound] } ?? [])
    }
    let axis = Axis(values, start: left + 6, length: width - left - 34, count: 3)
    var drawing = Drawing(width: width, height: height)
    for tick in axis.ticks {
      let x = axis.place(tick)
      drawing.line(
        from: (x, 0), to: (x, height - 24),
        stroke: marksZero && tick == 0 ? Palette.ink : Palette.rule)
      drawing.text(
        number(tick), x: x, y: height - 12, anchor: .middle, fill: Palette.faint, size: 11)
    }
    for (index, row) in rows.enumerated() {
      let y = (Double(index) + 0.5) * rowHeight
      drawing.text(
        Drawing.fitted(row.name, to: left - 14, size: 12), x: left - 8, y: y, anchor: .end,
        size: 12)
      guard row.value.isFinite else { continue }
      var tip = "\(row.name): \(number(row.value))"
      if let interval = row.interval {
        tip += " [\(number(interval.lowerBound)); \(number(interval.upperBound))]"
        drawing.line(
          from: (axis.place(interval.lowerBound), y), to: (axis.place(interval.upperBound), y),
          stroke: Palette.blue, width: 2.5)
        for end in [interval.lowerBound, interval.upperBound] {
          let x = axis.place(end)
          drawing.line(from: (x, y - 4), to: (x, y + 4), stroke: Palette.blue, width: 1.5)
        }
      }
      drawing.circle(x: axis.place(row.value), y: y, radius: 4.5, fill: Palette.blue, tip: tip)
    }
    return drawing
  }
}

/// Names of colours in a line.
struct Legend {
  private let entries: [(name: String, fill: String)]
  init(_ entries: [(name: String, fill: String)]) { self.entries = entries }

  func draw(on drawing: inout Drawing, x: Double, y: Double) {
    var x = x
    for (name, fill) in entries {
      drawing.rectangle(x: x, y: y - 6, width: 12, height: 12, fill: fill)
      drawing.text(name, x: x + 18, y: y, size: 12)
      x += Drawing.width(of: name, size: 12) + 40
    }
  }
}
