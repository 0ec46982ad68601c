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
  struct Failure: Error { var message: String }
  typealias Text = UnsafeBufferPointer<UInt8>

  let base: UnsafePointer<UInt8>
  let count: Int
  var at = 0
  private let block = DumpBlock()
  let arena = StringArena(blockSize: 1 << 18)
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
  var depth = 0
  static let depthMaximum = 8

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
}
