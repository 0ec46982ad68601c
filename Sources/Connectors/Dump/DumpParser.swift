import Foundation
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// The rows of a piece of a dump.
final class DumpBlock: @unchecked Sendable {
  struct Counts { var nodes: Int64, relationships: Int64 }
  struct Fault {
    /// In the block, from 0.
    var line: Int
    /// In bytes, from 1.
    var column: Int
    var message: String
  }

  fileprivate(set) var nodes: [DumpTable] = []
  fileprivate(set) var relationships: [DumpTable] = []
  fileprivate(set) var schema: [(line: Int, statement: String)] = []
  /// Format, if the block has the first line.
  fileprivate(set) var format: Int64?
  /// What the last line says, and which line that is.
  fileprivate(set) var end: (line: Int, counts: Counts)?
  fileprivate(set) var fault: Fault?
  fileprivate(set) var lineCount = 0
  /// Of the file on disk, up to the block's end.
  var fileBytes = 0
}

/// Reads lines of JSON into tables, without objects in between.
struct DumpParser {
  private struct Failure: Error { var message: String }
  private typealias Text = UnsafeBufferPointer<UInt8>

  private let base: UnsafePointer<UInt8>
  private let count: Int
  private var at = 0
  private let block = DumpBlock()
  private let arena = StringArena(blockSize: 1 << 18)
  private var tables: [[String]: DumpTable] = [:]
  private var types: [String: DumpTable] = [:]
  /// The labels or type of the line before, as they stand there: most lines have the same.
  private var lastLabels: (text: Range<Int>, table: DumpTable)?
  private var lastType: (text: Range<Int>, table: DumpTable)?

  static func parse(_ bytes: ByteBlock) -> DumpBlock {
    var parser = DumpParser(bytes)
    parser.run()
    parser.block.fileBytes = bytes.fileBytes
    return parser.block
  }

  private init(_ bytes: ByteBlock) {
    base = UnsafePointer(bytes.bytes)
    count = bytes.count
  }

  private mutating func run() {
    while at < count {
      let start = at
      do throws(Failure) {
        try line()
      } catch {
        block.fault = .init(
          line: block.lineCount, column: at - start + 1, message: error.message)
        return
      }
      block.lineCount += 1
    }
  }

  /// Of the value at hand in others.
  private var depth = 0
  private static let depthMaximum = 8

  // MARK: Lines

  private mutating func line() throws(Failure) {
    skipSpace()
    if at < count, base[at] == UInt8(ascii: "{") {
      try row()
      skipSpace()
    }
    guard at == count || base[at] == 10 else { throw Failure(message: "a JSON object is expected") }
    at += 1
  }

  private mutating func row() throws(Failure) {
    var labels: DumpTable?
    var type: DumpTable?
    var node: UInt64?
    var start: UInt64?
    var end: UInt64?
    var laterProperties: Int?
    var row = -1
    at += 1
    var isFirst = true
    while try member(&isFirst) {
      let key = try name()
      switch key.count {
      case 4 where Self.equal(key, "node"): node = try identifier()
      case 4 where Self.equal(key, "type"):
        try checkFirst(type == nil)
        type = try typeTable()
      case 5 where Self.equal(key, "start"): start = try identifier()
      case 3 where Self.equal(key, "end"):
        if at < count, base[at] == UInt8(ascii: "{") { return try lastLine() }
        end = try identifier()
      case 6 where Self.equal(key, "labels"):
        try checkFirst(labels == nil)
        labels = try labelTable()
      case 6 where Self.equal(key, "schema"):
        block.schema.append((block.lineCount, try string().string))
      case 5 where Self.equal(key, "tropa"): block.format = try header()
      case 10 where Self.equal(key, "properties"):
        try checkFirst(row < 0 && laterProperties == nil)
        if let table = labels ?? type {
          row = table.ids.count
          try properties(of: table, row)
        } else {
          laterProperties = at
          try skipValue()
        }
      default: try skipValue()
      }
    }
    guard let table = labels ?? type else {
      if node == nil, start == nil, end == nil, laterProperties == nil { return }
      throw Failure(message: node != nil ? "`labels` is missing" : "`type` is missing")
    }
    guard labels == nil || type == nil, labels != nil || node == nil,
      type != nil || (start == nil && end == nil)
    else {
      throw Failure(
        message: "a line has `node` and `labels`, or `type`, `start` and `end`, not both")
    }
    if row < 0, let laterProperties {
      let behind = at
      at = laterProperties
      try properties(of: table, table.ids.count)
      at = behind
    }
    try append(to: table, node: node, start: start, end: end)
  }

  private func checkFirst(_ isFirst: Bool) throws(Failure) {
    if !isFirst { throw Failure(message: "a name is there twice") }
  }

  private func append(
    to table: DumpTable, node: UInt64?, start: UInt64?, end: UInt64?
  ) throws(Failure) {
    if let node {
      table.ids.append(node)
    } else if let start, let end {
      table.ids.append(start)
      table.ends.append(end)
    } else {
      throw Failure(message: "`node`, or `start` and `end` are missing")
    }
    table.lines.append(block.lineCount)
  }

  private mutating func header() throws(Failure) -> Int64 {
    try counts("dump").0
  }

  private mutating func lastLine() throws(Failure) {
    let (nodes, relationships) = try counts("nodes", "relationships")
    block.end = (block.lineCount, .init(nodes: nodes, relationships: relationships))
    guard try !member(afterFirst: true) else { throw Failure(message: "`}` is expected") }
  }

  /// Members of an object that are integers.
  private mutating func counts(
    _ first: StaticString, _ second: StaticString = ""
  ) throws(Failure) -> (Int64, Int64) {
    guard accept(UInt8(ascii: "{")) else { throw Failure(message: "an object is expected") }
    var found: (Int64?, Int64?) = (nil, nil)
    var isFirst = true
    while try member(&isFirst) {
      let key = try name()
      let isWanted = (Self.equal(key, first), Self.equal(key, second))
      guard isWanted.0 || isWanted.1 else {
        try skipValue()
        continue
      }
      guard case .integer(let number) = try value() else {
        throw Failure(message: "a number is expected")
      }
      if isWanted.0 { found.0 = number } else { found.1 = number }
    }
    guard let number = found.0, second.utf8CodeUnitCount == 0 || found.1 != nil else {
      throw Failure(message: "`\(first)` is missing")
    }
    return (number, found.1 ?? 0)
  }

  // MARK: Tables

  private mutating func labelTable() throws(Failure) -> DumpTable {
    skipSpace()
    let start = at
    try skipValue()
    let text = start..<at
    if let last = lastLabels, isSame(last.text, text) { return last.table }
    at = start
    guard case .value(.list(let labels)) = try value() else {
      throw Failure(message: "a list of labels is expected")
    }
    var names: [String] = []
    for label in labels {
      guard case .string(let name) = label else {
        throw Failure(message: "a list of labels is expected")
      }
      names.append(name)
    }
    let table = tables[names] ?? DumpTable(names: names, arena: arena)
    if tables[names] == nil {
      tables[names] = table
      block.nodes.append(table)
    }
    lastLabels = (text, table)
    return table
  }

  private mutating func typeTable() throws(Failure) -> DumpTable {
    skipSpace()
    let start = at
    let name = try string()
    let text = start..<at
    if let last = lastType, isSame(last.text, text) { return last.table }
    let type = name.string
    let table = types[type] ?? DumpTable(names: [type], arena: arena)
    if types[type] == nil {
      types[type] = table
      block.relationships.append(table)
    }
    lastType = (text, table)
    return table
  }

  private func isSame(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
    a.count == b.count && memcmp(base + a.lowerBound, base + b.lowerBound, a.count) == 0
  }

  private mutating func properties(of table: DumpTable, _ row: Int) throws(Failure) {
    guard accept(UInt8(ascii: "{")) else { throw Failure(message: "an object is expected") }
    var isFirst = true
    var hint = 0
    while try member(&isFirst) {
      let place = table.column(try name(), hint: hint)
      hint = place + 1
      if let scalar = try value() { table.columns[place].set(row, scalar) }
    }
  }

  // MARK: JSON

  @inline(__always)
  private mutating func skipSpace() {
    // A line feed ends the line.
    while at < count, base[at] == 32 || base[at] == 9 || base[at] == 13 { at &+= 1 }
  }

  private mutating func accept(_ byte: UInt8) -> Bool {
    skipSpace()
    guard at < count, base[at] == byte else { return false }
    at += 1
    return true
  }

  /// Goes to the next member of an object.
  /// - Returns: false behind its end.
  private mutating func member(_ isFirst: inout Bool) throws(Failure) -> Bool {
    defer { isFirst = false }
    return try member(afterFirst: !isFirst)
  }
  private mutating func member(afterFirst: Bool) throws(Failure) -> Bool {
    if accept(UInt8(ascii: "}")) { return false }
    if afterFirst, !accept(UInt8(ascii: ",")) { throw Failure(message: "`,` or `}` is expected") }
    return true
  }

  /// A member's name, and the colon behind it.
  private mutating func name() throws(Failure) -> Text {
    let name = try string()
    guard accept(UInt8(ascii: ":")) else { throw Failure(message: "`:` is expected") }
    skipSpace()
    return name.bytes
  }

  private static func equal(_ text: Text, _ name: StaticString) -> Bool {
    guard text.count == name.utf8CodeUnitCount, let base = text.baseAddress else {
      return text.isEmpty && name.utf8CodeUnitCount == 0
    }
    return memcmp(base, name.utf8Start, text.count) == 0
  }

  private mutating func identifier() throws(Failure) -> UInt64 {
    guard case .integer(let number) = try value(), number >= 0 else {
      throw Failure(message: "a number of a node is expected")
    }
    return UInt64(number)
  }

  /// In the block where it has no escapes, else in the arena.
  private mutating func string() throws(Failure) -> StringRef {
    guard accept(UInt8(ascii: "\"")) else { throw Failure(message: "a string is expected") }
    let start = at
    var seen: UInt8 = 0
    while at < count {
      let byte = base[at]
      if byte == UInt8(ascii: "\"") {
        let text = StringRef(base: base + start, count: at - start)
        if seen >= 0x80 { try checkEncoding(text) }
        at += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      if byte < 0x20 {
        throw Failure(message: "a control character in a string must be escaped")
      }
      seen |= byte
      at &+= 1
    }
    throw Failure(message: "the string is not closed")
  }

  private func checkEncoding(_ text: StringRef) throws(Failure) {
    if String(validating: text.bytes, as: UTF8.self) == nil {
      throw Failure(message: "the string is not UTF-8")
    }
  }

  private mutating func escapedString(from start: Int) throws(Failure) -> StringRef {
    var content = Array(Text(start: base + start, count: at - start))
    while at < count, base[at] != UInt8(ascii: "\"") {
      let byte = base[at]
      at += 1
      if byte == UInt8(ascii: "\\") {
        try escape(into: &content)
      } else if byte < 0x20 {
        throw Failure(message: "a control character in a string must be escaped")
      } else {
        content.append(byte)
      }
    }
    guard at < count else { throw Failure(message: "the string is not closed") }
    at += 1
    let text = content.withUnsafeBufferPointer { arena.append($0) }
    try checkEncoding(text)
    return text
  }

  private mutating func escape(into content: inout [UInt8]) throws(Failure) {
    guard at < count else { throw Failure(message: "the string is not closed") }
    let byte = base[at]
    at += 1
    switch byte {
    case UInt8(ascii: "n"): content.append(10)
    case UInt8(ascii: "t"): content.append(9)
    case UInt8(ascii: "r"): content.append(13)
    case UInt8(ascii: "b"): content.append(8)
    case UInt8(ascii: "f"): content.append(12)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "u"):
      var code = try unit()
      if (0xD800..<0xDC00).contains(code), at + 1 < count, base[at] == UInt8(ascii: "\\"),
        base[at + 1] == UInt8(ascii: "u")
      {
        at += 2
        let low = try unit()
        guard (0xDC00..<0xE000).contains(low) else { throw Failure(message: "half a character") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw Failure(message: "half a character") }
      content.append(contentsOf: String(Character(scalar)).utf8)
    default: throw Failure(message: "unknown escape")
    }
  }

  private mutating func unit() throws(Failure) -> UInt32 {
    let digits = String(decoding: Text(start: base + at, count: min(4, count - at)), as: UTF8.self)
    guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit),
      let code = UInt32(digits, radix: 16)
    else {
      throw Failure(message: "four hexadecimal digits are expected")
    }
    at += 4
    return code
  }

  /// Also in values that are not looked at, lines do not end.
  private mutating func skipValue() throws(Failure) {
    var depth = 0
    repeat {
      skipSpace()
      guard at < count else { throw Failure(message: "a value is missing") }
      switch base[at] {
      case UInt8(ascii: "\""): _ = try string()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        at += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        at += 1
      case 10: throw Failure(message: "the line ends too early")
      default: at += 1
      }
      if depth < 0 { throw Failure(message: "a value is missing") }
      // The rest of a number or word.
      while depth == 0, at < count, Self.isOfWord(base[at]) { at += 1 }
    } while depth > 0
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...122).contains(byte | 0x20) || byte == 43 || byte == 45
      || byte == 46
  }

  // MARK: Values

  /// Nil for null.
  private mutating func value() throws(Failure) -> DumpColumn.Scalar? {
    skipSpace()
    guard at < count else { throw Failure(message: "a value is missing") }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthMaximum else {
      throw Failure(message: "values are nested deeper than those of a property can be")
    }
    switch base[at] {
    case UInt8(ascii: "\""):
      let text = try string()
      return .string(arena.append(text.bytes))
    case UInt8(ascii: "{"): return try tagged()
    case UInt8(ascii: "["): return .value(.list(try list()))
    case UInt8(ascii: "t"):
      try word("true")
      return .boolean(true)
    case UInt8(ascii: "f"):
      try word("false")
      return .boolean(false)
    case UInt8(ascii: "n"):
      try word("null")
      return nil
    default: return try number()
    }
  }

  private mutating func word(_ word: StaticString) throws(Failure) {
    let size = word.utf8CodeUnitCount
    guard at + size <= count, memcmp(base + at, word.utf8Start, size) == 0 else {
      throw Failure(message: "a value is expected")
    }
    at += size
  }

  private mutating func number() throws(Failure) -> DumpColumn.Scalar {
    let start = at
    var isFloat = false
    while at < count, Self.isOfWord(base[at]) {
      if base[at] == UInt8(ascii: ".") || base[at] | 0x20 == UInt8(ascii: "e") { isFloat = true }
      at += 1
    }
    let size = at - start
    let isNumber = size > 0 && (base[start] == 45 || (48...57).contains(base[start]))
    if isNumber, !isFloat, let number = NumberText.integer(base + start, size) {
      return .integer(number)
    }
    if isNumber, isFloat,
      let number = NumberText.float(base + start, size, point: UInt8(ascii: ".")), number.isFinite
    {
      return .float(number)
    }
    throw Failure(
      message: isNumber
        ? "\(String(decoding: Text(start: base + start, count: size), as: UTF8.self)) is no number "
          + "of 64 bits"
        : "a value is expected")
  }

  private mutating func list() throws(Failure) -> [Value] {
    at += 1
    var values: [Value] = []
    if accept(UInt8(ascii: "]")) { return values }
    repeat {
      guard let scalar = try value() else {
        throw Failure(message: "a list with null cannot be the value of a property")
      }
      values.append(scalar.value)
    } while accept(UInt8(ascii: ","))
    guard accept(UInt8(ascii: "]")) else { throw Failure(message: "`,` or `]` is expected") }
    do throws(QueryError) {
      try PropertyValue.check(.list(values))
    } catch {
      throw Failure(message: error.message)
    }
    return values
  }

  /// `{"$date": "2026-01-31"}` and the like.
  private mutating func tagged() throws(Failure) -> DumpColumn.Scalar {
    at += 1
    let tag = try name()
    let scalar: DumpColumn.Scalar
    if Self.equal(tag, "$point") {
      scalar = .value(.point(try point()))
    } else {
      guard at < count, base[at] == UInt8(ascii: "\"") else {
        throw Failure(message: "a map cannot be the value of a property")
      }
      let text = try string()
      guard let found = Self.scalar(tag, text) else {
        throw Failure(
          message: "'\(text.string)' is no value of \(String(decoding: tag, as: UTF8.self))")
      }
      scalar = found
    }
    guard accept(UInt8(ascii: "}")) else { throw Failure(message: "`}` is expected") }
    return scalar
  }

  private static func scalar(_ tag: Text, _ text: StringRef) -> DumpColumn.Scalar? {
    if let base = text.base {
      if equal(tag, "$date"), let date = DateText.date(base, text.count) { return .date(date) }
      if equal(tag, "$localdatetime"), let moment = DateText.localDateTime(base, text.count) {
        return .localDateTime(moment)
      }
    }
    let text = text.string
    switch String(decoding: tag, as: UTF8.self) {
    case "$int": return Int64(text).map { .integer($0) }
    case "$float":
      return ["NaN": Double.nan, "Infinity": .infinity, "-Infinity": -.infinity][text]
        .map { .float($0) }
    case "$bytes": return Data(base64Encoded: text).map { .value(.bytes(Array($0))) }
    case "$date": return (try? LocalDate(text)).map { .date($0) }
    case "$localtime": return (try? LocalTime(text)).map { .value(.localTime($0)) }
    case "$time": return (try? OffsetTime(text)).map { .value(.time($0)) }
    case "$localdatetime": return (try? LocalDateTime(text)).map { .localDateTime($0) }
    case "$datetime": return (try? ZonedDateTime(text)).map { .value(.dateTime($0)) }
    case "$duration": return (try? CalendarDuration(text)).map { .value(.duration($0)) }
    default: return nil
    }
  }

  private mutating func point() throws(Failure) -> Point {
    guard accept(UInt8(ascii: "{")) else { throw Failure(message: "an object is expected") }
    var srid: Int32?
    var coordinates: [Double] = []
    var isFirst = true
    while try member(&isFirst) {
      let key = try name()
      if Self.equal(key, "srid"), case .integer(let number) = try value() {
        srid = Int32(exactly: number)
      } else if Self.equal(key, "coordinates"), accept(UInt8(ascii: "[")) {
        repeat {
          switch try value() {
          case .float(let number): coordinates.append(number)
          case .integer(let number): coordinates.append(Double(number))
          default: throw Failure(message: "a number is expected")
          }
        } while accept(UInt8(ascii: ","))
        guard accept(UInt8(ascii: "]")) else { throw Failure(message: "`,` or `]` is expected") }
      }
    }
    guard let srid, (2...3).contains(coordinates.count) else {
      throw Failure(message: "a point with srid and two or three coordinates is expected")
    }
    return Point(
      srid: srid, x: coordinates[0], y: coordinates[1],
      z: coordinates.count == 3 ? coordinates[2] : nil)
  }
}
