internal import GraphTypes

extension StoreCheck {
  /// Column chunks: values of rows that exist, of properties and tables with names, and as their
  /// headers say.
  func checkColumns() throws(StoreError) {
    let values = try inParallel(.columns) { [self] entry in check(entry) }
    examined("property values", values)
  }

  private func check(_ entry: Entry) -> (findings: [String], count: Int) {
    guard entry.key.count == 12, let key = Key.number(entry.key, at: 0, bytes: 4),
      let table = Key.number(entry.key, at: 4, bytes: 4),
      let number = Key.number(entry.key, at: 8, bytes: 4)
    else { return (["a chunk has a wrong key"], 0) }
    guard key < UInt64(names(.propertyKey).count) else {
      return (["a chunk belongs to property \(key), which has no name"], 0)
    }
    guard table <= UInt64(relationships.count) else {
      return (["a chunk belongs to relationship type \(table - 1), which has no name"], 0)
    }
    let space = ColumnSpace(rawValue: UInt32(table))
    let rows = space == .nodes ? nodes : relationships[Int(table) - 1]
    let owner =
      space == .nodes ? "nodes" : "\(name(.relationshipType, UInt32(table) - 1)) relationships"
    let first = Int(number) * space.segmentRows
    let place = "property \(name(.propertyKey, UInt32(key))) of \(owner), segment \(number)"
    guard first < rows.count else { return (["\(place) is beyond the end of the table"], 0) }
    let chunk: ColumnChunk
    do throws(StoreError) {
      chunk = try ColumnChunk(entry.value, verifyingChecksum: true)
    } catch {
      return (["\(place) (rows from \(first) on): \(error.message)"], 0)
    }
    var check = ColumnCheck(chunk)
    check.run()
    var findings = check.findings
    if chunk.rowCount > rows.count - first { findings.append("it has rows beyond the end") }
    if rows.isWhole {
      for row in 0..<chunk.rowCount where chunk.isValid(row) && !rows.contains(first + row) {
        findings.append(
          "\(space == .nodes ? "node" : "relationship") \(first + row) has a value, but does not "
            + "exist")
      }
    }
    return (findings.map { "\(place): \($0)" }, chunk.rowCount - chunk.nullCount)
  }
}

/// One column chunk against its own header.
private struct ColumnCheck {
  private let chunk: ColumnChunk
  private(set) var findings: [String] = []

  init(_ chunk: ColumnChunk) { self.chunk = chunk }

  mutating func run() {
    let rows = chunk.rowCount
    var nulls = 0
    for row in 0..<rows where !chunk.isValid(row) { nulls += 1 }
    if nulls != chunk.nullCount {
      findings.append("it counts \(chunk.nullCount) nulls, but has \(nulls)")
    }
    if nulls == rows { findings.append("it has no values") }
    switch chunk.type {
    case .boolean: break
    case .integer, .date, .float, .localDateTime: checkBounds()
    case .string:
      checkTexts()
      checkBounds()
    case .any: checkValues()
    }
  }

  /// The zone map includes all values.
  private mutating func checkBounds() {
    guard let bounds = chunk.bounds else { return }
    for row in 0..<chunk.rowCount where chunk.isValid(row) {
      let value = chunk.value(at: row)
      if Value.order(value, bounds.minimum) < 0 || Value.order(value, bounds.maximum) > 0 {
        findings.append("the value at \(row) is outside of its zone map")
        return
      }
    }
  }

  /// Texts follow one another and are UTF-8.
  private mutating func checkTexts() {
    switch chunk.encoding {
    case .dictionary:
      for row in 0..<chunk.rowCount where chunk.isValid(row) {
        if chunk.code(ofRow: row) >= chunk.textCount {
          findings.append("the value at \(row) is not in its dictionary")
          return
        }
      }
      checkEnds()
    case .words: return checkWords()
    default: checkEnds()
    }
    let count = chunk.encoding == .constant ? 1 : chunk.textCount
    for index in 0..<count {
      let text = chunk.encoding == .constant ? chunk.text(ofRow: 0) : chunk.text(index)
      if String(validating: text, as: UTF8.self) == nil {
        findings.append("text \(index) is not UTF-8")
        return
      }
    }
  }

  private mutating func checkEnds() {
    if chunk.textCount > 0, !ascend(chunk.ends, chunk.textCount, to: chunk.textSize) {
      findings.append("the ends of its texts do not ascend")
    }
  }

  private var endMask: UInt64 {
    chunk.endWidth >= 64 ? ~0 : (1 << UInt64(chunk.endWidth)) - 1
  }

  /// Whether packed ends ascend up to `last`.
  private func ascend(_ ends: UnsafeRawPointer, _ count: Int, to last: Int) -> Bool {
    var previous: UInt64 = 0
    for index in 0..<count {
      let end = ends.packed(index, width: chunk.endWidth, mask: endMask)
      if end < previous { return false }
      previous = end
    }
    return previous == UInt64(last)
  }

  private mutating func checkWords() {
    guard ascend(chunk.data, chunk.rowCount + 1, to: chunk.codeCount),
      ascend(chunk.ends, chunk.textCount + 1, to: chunk.textSize)
    else {
      findings.append("the bounds of its words do not ascend")
      return
    }
    for place in 0..<chunk.codeCount {
      let code = chunk.codes.packed(place, width: chunk.width, mask: chunk.mask)
      if code >= UInt64(chunk.textCount) {
        findings.append("word \(place) is not in its dictionary")
        return
      }
    }
    var start = 0
    for word in 0..<chunk.textCount {
      let end = Int(chunk.ends.packed(word + 1, width: chunk.endWidth, mask: endMask))
      let text = UnsafeRawBufferPointer(start: chunk.texts + start, count: end - start)
      start = end
      if String(validating: text, as: UTF8.self) == nil {
        findings.append("word \(word) is not UTF-8")
        return
      }
    }
  }

  private mutating func checkValues() {
    checkEnds()
    for row in 0..<chunk.rowCount where chunk.isValid(row) {
      if case .null = chunk.value(at: row) {
        findings.append("the value at \(row) cannot be read")
        return
      }
    }
  }
}
