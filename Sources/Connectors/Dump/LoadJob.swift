internal import GraphColumns
internal import GraphStore
internal import GraphTypes
internal import Tropa

/// Makes a database from a dump (see `DumpJob`): all of it, or nothing.
package struct LoadJob {
  package struct Summary: Sendable {
    package var nodes = 0
    package var relationships = 0
    package var properties = 0
    /// Indexes and constraints.
    package var schema = 0
  }

  package let file: String
  /// Threads that parse, beside the one that calls.
  package var threads = 2
  /// Called with the share of a phase that is done.
  package var progress: ((Phase, Double) -> Void)?
  /// Asked once a block, before each index, and at the end.
  package var isCancelled: (() -> Bool)?
  package enum Phase: String, Sendable { case reading, writing, indexing }

  package init(file: String) { self.file = file }

  /// - Throws: `ImportError`, which names the line, for what is wrong with the dump; `StoreError`
  ///   for what is wrong with the database (`alreadyExists`). There is no database then.
  package func run(creating path: String) throws -> Summary {
    let unfinished = try UnfinishedFile.begin(path)
    do {
      let rows = try DumpRows(BulkLoader(creating: unfinished), file: file)
      try read(into: rows)
      let summary = try rows.finish { progress?(.writing, $0) }
      try makeSchema(rows.schema, in: unfinished)
      try checkCancelled()
      try UnfinishedFile.put(unfinished, at: path)
      UnfinishedFile.syncFolder(of: path)
      return Summary(
        nodes: summary.nodes, relationships: summary.relationships,
        properties: summary.properties, schema: rows.schema.count)
    } catch {
      UnfinishedFile.remove(unfinished)
      throw error
    }
  }

  private func checkCancelled() throws(ImportError) {
    if isCancelled?() == true { throw ImportError("the load was cancelled", file: file) }
  }

  private func read(into rows: DumpRows) throws {
    let blocks = try LineBlocks(file)
    let pipeline = OrderedPipeline<ByteBlock, DumpBlock>(
      window: threads + 2, source: { try blocks.next() }, work: { DumpParser.parse($0) })
    try pipeline.run(threads: threads) { block in
      try checkCancelled()
      try rows.take(block)
      progress?(.reading, Double(block.fileBytes) / Double(max(blocks.byteCount, 1)))
    }
  }

  private func makeSchema(_ schema: [(line: Int, statement: String)], in path: String) throws {
    if schema.isEmpty { return }
    var options = DatabaseOptions()
    options.createIfMissing = false
    let database = try Database.open(path, options: options)
    defer { database.close() }
    for (number, (line, statement)) in schema.enumerated() {
      try checkCancelled()
      progress?(.indexing, Double(number) / Double(schema.count))
      guard QueryText.isSchemaStatement(statement) else {
        throw ImportError(
          "'\(statement)' makes no index and no constraint", file: file, line: line)
      }
      do throws(QueryError) {
        try database.query(statement)
      } catch {
        throw ImportError(error.message, file: file, line: line, hint: error.hint)
      }
    }
  }
}

/// Takes the rows of blocks in their order.
private final class DumpRows {
  private let loader: BulkLoader
  private let file: String
  private var nodes = NodeRows()
  private var nodeCount: Int64 = 0
  private var relationshipCount: Int64 = 0
  private var line = 1
  private var hasEnded = false
  private(set) var schema: [(line: Int, statement: String)] = []

  init(_ loader: BulkLoader, file: String) {
    self.loader = loader
    self.file = file
  }

  private func failure(_ message: String, _ line: Int, hint: String? = nil) -> ImportError {
    ImportError(message, file: file, line: line, hint: hint)
  }

  func take(_ block: DumpBlock) throws {
    if line == 1 { try checkHeader(block) }
    try checkEnd(block)
    for table in block.nodes { try takeNodes(table) }
    for table in block.relationships { try takeRelationships(table) }
    schema += block.schema.map { (line + $0.line, $0.statement) }
    if let fault = block.fault {
      throw ImportError(
        fault.message, file: file, line: line + fault.line, column: fault.column)
    }
    if let end = block.end {
      hasEnded = true
      if end.counts.nodes != nodeCount || end.counts.relationships != relationshipCount {
        throw failure(
          "there should be \(end.counts.nodes) nodes and \(end.counts.relationships) relationships"
            + ", but there are \(nodeCount) and \(relationshipCount)", line + end.line,
          hint: "dump the database again")
      }
    }
    line += block.lineCount
  }

  /// Nothing comes behind the line that ends a dump.
  private func checkEnd(_ block: DumpBlock) throws {
    let lines =
      (block.nodes + block.relationships).compactMap(\.lines.last)
      + block.schema.map(\.line)
    guard let last = lines.max() else { return }
    if hasEnded || block.end.map({ $0.line < last }) ?? false {
      throw failure("there are lines behind the end of the dump", line + last)
    }
  }

  private func checkHeader(_ block: DumpBlock) throws {
    guard let format = block.format else {
      throw failure(
        "is not a dump: its first line does not begin with {\"tropa\"", 1,
        hint: "`tropa dump` makes one; `tropa import` reads tables")
    }
    if format > DumpJob.format {
      throw failure(
        "the dump has format \(format), this program reads up to \(DumpJob.format)", 1,
        hint: "use a newer version of Tropa")
    }
  }

  private func columns(_ table: DumpTable) -> [BulkLoader.Column] {
    table.columns.compactMap { column in
      column.values(count: table.ids.count).map { .init(key: column.key, values: $0) }
    }
  }

  private func takeNodes(_ table: DumpTable) throws {
    let runs = try loader.addNodes(
      labels: table.names, columns: columns(table), count: table.ids.count)
    var place = 0
    for run in runs {
      for row in run {
        guard nodes.set(table.ids[place], UInt32(row)) else {
          throw failure("node \(table.ids[place]) is there twice", line + table.lines[place])
        }
        place += 1
      }
    }
    nodeCount += Int64(table.ids.count)
  }

  private func takeRelationships(_ table: DumpTable) throws {
    func rows(_ ids: [UInt64]) throws -> [UInt32] {
      var rows: [UInt32] = []
      rows.reserveCapacity(ids.count)
      for (place, id) in ids.enumerated() {
        guard let row = nodes[id] else {
          throw failure(
            "there is no node \(id) in the lines before", line + table.lines[place])
        }
        rows.append(row)
      }
      return rows
    }
    try loader.addRelationships(
      type: table.names[0], from: rows(table.ids), to: rows(table.ends), columns: columns(table),
      count: table.ids.count)
    relationshipCount += Int64(table.ids.count)
  }

  func finish(_ progress: (Double) -> Void) throws -> BulkLoader.Summary {
    guard hasEnded else {
      throw failure(
        "ends too early: the last line of a dump begins with {\"end\"", max(line - 1, 1),
        hint: "copy it again, or dump the database again")
    }
    return try withoutActuallyEscaping(progress) { try loader.finish(progress: $0) }
  }
}

/// From numbers of nodes in a dump to their rows.
private struct NodeRows {
  private var dense: [UInt32] = []
  private var sparse: [UInt64: UInt32] = [:]
  private var count = 0

  subscript(id: UInt64) -> UInt32? {
    if id < UInt64(dense.count) { return dense[Int(id)] == .max ? sparse[id] : dense[Int(id)] }
    return sparse[id]
  }

  /// - Returns: false when the id has a row already.
  mutating func set(_ id: UInt64, _ row: UInt32) -> Bool {
    if self[id] != nil { return false }
    count += 1
    // Dumps number nodes with few gaps; other writers need not.
    guard id < UInt64(8 * count + 1 << 20) else {
      sparse[id] = row
      return true
    }
    if id >= UInt64(dense.count) {
      let size = max(Int(id) + 1, 2 * dense.count)
      dense.append(contentsOf: repeatElement(.max, count: size - dense.count))
    }
    dense[Int(id)] = row
    return true
  }
}

/// A text file in blocks of whole lines.
private final class LineBlocks {
  private static let blockSize = 2 << 20
  private static let lineMaximum = 1 << 30

  private let file: InputFile
  private var rest: [UInt8] = []
  private var isAtEnd = false

  /// On disk.
  var byteCount: Int { file.byteCount }

  init(_ path: String) throws(ImportError) { file = try InputFile(path) }

  func next() throws(ImportError) -> ByteBlock? {
    var size = Self.blockSize
    while !isAtEnd || !rest.isEmpty {
      let block = ByteBlock(capacity: rest.count + size)
      rest.withUnsafeBufferPointer { rest in
        if let base = rest.baseAddress { block.bytes.update(from: base, count: rest.count) }
      }
      let count = isAtEnd ? 0 : try file.read(into: block.bytes + rest.count, capacity: size)
      isAtEnd = isAtEnd || count < size
      block.count = rest.count + count
      block.fileBytes = file.bytesRead
      let end =
        isAtEnd
        ? block.count
        : ByteScanning.last(10, block.bytes, from: 0, to: block.count).map { $0 + 1 } ?? 0
      rest = Array(
        UnsafeBufferPointer(start: block.bytes + end, count: block.count - end))
      block.count = end
      block.padEnd()
      if end > 0 { return block }
      if isAtEnd { return nil }
      size *= 2
      if rest.count > Self.lineMaximum {
        throw ImportError("has a line of more than a gigabyte", file: file.path)
      }
    }
    return nil
  }
}
