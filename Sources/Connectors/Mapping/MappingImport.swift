import Foundation
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// Imports plain tables by a mapping, in two passes: the first reads the tables that make nodes and
/// brings nodes of equal key together, the second reads those that make relationships.
///
/// Memory: the nodes with their properties, not the rows.
struct MappingImport {
  private let run: ImportRun
  private let mappingFile: String
  private let mapping: Mapping
  private let spaces: IdentifierSpaces
  private let registry = Registry()

  private final class Registry {
    var nodes: [String: MappedNodes] = [:]
    var order: [MappedNodes] = []
  }

  init(_ run: ImportRun, file: String) throws {
    self.run = run
    mappingFile = file
    mapping = try MappingReader(file: file).read(base: run.options.format)
    spaces = IdentifierSpaces(sink: run.sink)
  }

  func importAll() throws {
    let folder = run.options.inputFolder ?? (mappingFile as NSString).deletingLastPathComponent
    let files = try mapping.tables.map {
      try ImportRun.expand($0.file, in: folder.isEmpty ? nil : folder)
    }
    for (table, files) in zip(mapping.tables, files) {
      let passes = (table.nodes.isEmpty ? 0 : 1) + (table.relationships.isEmpty ? 0 : 1)
      for file in files { run.bytesTotal += passes * ImportRun.size(file) }
    }
    for (index, table) in mapping.tables.enumerated() where !table.nodes.isEmpty {
      var rowBase: Int64 = 0
      for file in files[index] {
        try readNodes(table, index, file, &rowBase)
        run.endFile(file)
      }
    }
    for nodes in registry.order { run.summary.updatedNodes += try nodes.add(to: run.sink) }
    for (index, table) in mapping.tables.enumerated() where !table.relationships.isEmpty {
      var rowBase: Int64 = 0
      var pairs = [Set<UInt64>](repeating: [], count: table.relationships.count)
      for file in files[index] {
        try readRelationships(table, index, file, &rowBase, &pairs)
        run.endFile(file)
      }
    }
    try addSchema()
  }

  // MARK: Indexes and constraints

  /// Each once, though several tables may make the same nodes.
  private func addSchema() throws {
    var seen: Set<BulkSchemaRequest> = []
    func add(_ request: BulkSchemaRequest) throws {
      if seen.insert(request).inserted { try run.sink.add(request) }
    }
    for table in mapping.tables {
      for node in table.nodes {
        if node.isUnique, let key = node.key {
          try add(.init(.constraint(.unique), label: node.labels[0], keys: [key.key]))
        }
        for keys in node.indexes { try add(.init(.index, label: node.labels[0], keys: keys)) }
      }
      for relationship in table.relationships {
        for keys in relationship.indexes {
          try add(.init(.index, onRelationships: true, label: relationship.type, keys: keys))
        }
      }
    }
  }

  // MARK: Tables

  private struct OpenTable {
    var reader: RecordBlockReader
    var header: [UInt8]?
    var plans: [FieldPlan]
    var fields: [String: Int]
  }

  private func open(_ table: Mapping.Table, _ file: String) throws -> OpenTable {
    let reader = try RecordBlockReader(
      file, format: table.format, blockSize: run.options.blockSize)
    var names = table.columnNames ?? []
    var header: [UInt8]?
    if table.hasHeader {
      guard let record = try reader.nextRecord() else {
        throw ImportError("is empty; the first line must be the header", file: file)
      }
      header = record
      names = RecordFields.split(record, format: reader.format).map { $0.trimmingBlanks }
    }
    var fields: [String: Int] = [:]
    for (index, name) in names.enumerated() {
      if fields[name] != nil, table.columnLines[name] != nil {
        throw ImportError("two columns are named '\(name)'", file: file, line: 1)
      }
      fields[name] = index
    }
    for (name, line) in table.columnLines.sorted(by: { $0.value < $1.value })
    where fields[name] == nil {
      var error = ImportError.unknown(
        "column", name, among: names, file: mappingFile, line: line)
      error.message = "\((file as NSString).lastPathComponent) has no column '\(name)'"
      throw error
    }
    // Columns that nothing uses are not read.
    let plans = names.map { name -> FieldPlan in
      guard table.columnLines[name] != nil else { return FieldPlan(name: name, target: .ignored) }
      return FieldPlan(name: name, target: .column(table.types[name] ?? .string))
    }
    return OpenTable(reader: reader, header: header, plans: plans, fields: fields)
  }

  private func forEachBlock(
    _ table: Mapping.Table, _ file: String, isFirstPass: Bool,
    _ body: (_ values: BlockValues, _ open: OpenTable, _ line: Int) throws -> Void
  ) throws {
    let opened = try open(table, file)
    let reader = ValueReader(format: opened.reader.format)
    try TableScan(reader: opened.reader, fields: opened.plans).run(threads: run.options.threads) {
      block, line in
      if isFirstPass {
        for row in block.rejects {
          try run.report(
            row, file: file, baseLine: line, header: opened.header, format: opened.reader.format)
        }
      }
      try body(
        BlockValues(block: block, fields: opened.fields, types: table.types, reader: reader),
        opened, line)
      try run.advance(
        file, rows: block.recordCount, fileBytes: block.fileBytes, countsRows: isFirstPass)
    }
  }

  // MARK: Nodes

  private func kind(
    _ source: Mapping.Source, _ table: Mapping.Table, _ line: Int
  ) throws(ImportError) -> IdentifierMap.Kind {
    switch source {
    case .template: return .string
    case .constant(.integer): return .integer
    case .constant: return .string
    case .product:
      throw ImportError("a product cannot be a key", file: mappingFile, line: line)
    case .column(let name):
      switch table.types[name] ?? .string {
      case .integer: return .integer
      case .string: return .string
      case let type:
        throw ImportError(
          "column '\(name)' is a key and has type \(type.name)", file: mappingFile, line: line,
          hint: "keys are int or string")
      }
    }
  }

  private func spaceName(_ node: Mapping.Node, _ tableIndex: Int) -> String {
    node.key == nil ? "\(node.labels[0])#\(tableIndex).\(node.name)" : node.labels[0]
  }

  /// Finds or makes the node set that a node of a table belongs to.
  private func nodes(
    _ node: Mapping.Node, _ table: Mapping.Table, _ tableIndex: Int
  ) throws -> MappedNodes {
    let name = spaceName(node, tableIndex)
    let kind = try node.key.map { try self.kind($0.source, table, node.line) } ?? .integer
    if let known = registry.nodes[name] {
      if known.keyProperty != node.key?.key || known.space.map.kind != kind {
        throw ImportError(
          "the key of \(node.labels[0]) is '\(node.key?.key ?? "")' (\(kind)) here, but "
            + "'\(known.keyProperty ?? "")' (\(known.space.map.kind)) in an earlier table",
          file: mappingFile, line: node.line,
          hint: "all tables must give these nodes the same key property and type")
      }
      return known
    }
    let existing = node.key.map { (label: node.labels[0], key: $0.key) }
    let space = try spaces.make(name, kind: kind, existing: existing)
    let made = MappedNodes(space, label: node.labels[0], keyProperty: node.key?.key)
    registry.nodes[name] = made
    registry.order.append(made)
    return made
  }

  private func combined(_ a: [Bool]?, _ b: [Bool]?) -> [Bool]? {
    guard let a else { return b }
    guard let b else { return a }
    return zip(a, b).map { $0 && $1 }
  }

  private func readNodes(
    _ table: Mapping.Table, _ index: Int, _ file: String, _ rowBase: inout Int64
  ) throws {
    var base = rowBase
    try forEachBlock(table, file, isFirstPass: true) { values, _, _ in
      let count = values.block.rowCount
      let tableMask = values.mask(table.conditions)
      let ordinals = RowNumbers(capacity: count)
      for node in table.nodes {
        let set = try nodes(node, table, index)
        let mask = combined(tableMask, values.mask(node.conditions))
        let key = node.key.flatMap { values.vector($0.source) }
        insert(key, mask, base, set.space.map, ordinals.values, count)
        set.note(ordinals.values, count: count, place: set.placeNumber(node.labels))
        var properties = node.properties
        if let key = node.key { properties.insert(key, at: 0) }
        for property in properties {
          let isKey = property.key == node.key?.key
          guard let vector = isKey ? key : values.vector(property.source) else { continue }
          guard let column = set.column(property.key, vector.type) else {
            throw ImportError(
              "property '\(property.key)' of \(set.label) has different types in two places",
              file: mappingFile, line: node.line)
          }
          column.take(
            vector, ordinals: ordinals.values, count: count, nodeCount: set.space.map.count)
        }
      }
      base += Int64(count)
    }
    rowBase = base
  }

  private func insert(
    _ key: Vector?, _ mask: [Bool]?, _ rowBase: Int64, _ map: IdentifierMap,
    _ ordinals: UnsafeMutablePointer<UInt32>, _ count: Int
  ) {
    for row in 0..<count {
      if let mask, !mask[row] {
        ordinals[row] = IdentifierMap.missing
      } else if let key {
        if key.isNull(row) {
          ordinals[row] = IdentifierMap.missing
        } else if map.kind == .integer {
          ordinals[row] = map.insert(key.integers[key.physical(row)]).ordinal
        } else {
          ordinals[row] = map.insert(key.strings[key.physical(row)]).ordinal
        }
      } else {
        ordinals[row] = map.insert(rowBase + Int64(row)).ordinal
      }
    }
  }

  // MARK: Relationships

  /// Where a relationship's end is found.
  private struct End {
    var lookup: IdentifierLookup
    var kind: IdentifierMap.Kind
    /// Nil for nodes without a key.
    var key: Mapping.Source?
    var conditions: [Mapping.Condition]
    /// Label and key of an end that must be there.
    var required: String?
  }

  private func end(
    _ end: Mapping.End, _ table: Mapping.Table, _ index: Int, _ line: Int
  ) throws -> End {
    switch end {
    case .node(let name):
      guard let node = table.nodes.first(where: { $0.name == name }) else {
        throw ImportError.unknown(
          "node", name, among: table.nodes.map(\.name), file: mappingFile, line: line)
      }
      let set = try nodes(node, table, index)
      return End(
        lookup: set.space.lookup(), kind: set.space.map.kind, key: node.key?.source,
        conditions: node.conditions, required: nil)
    case .lookup(let label, let source):
      let kind = try kind(source, table, line)
      var space = registry.nodes[label]?.space
      if space == nil, run.sink.hasExistingNodes {
        space = try spaces.make(label, kind: kind, existing: (label, "id"))
      }
      guard let space else {
        throw ImportError.unknown(
          "node label", label, among: registry.nodes.keys.filter { !$0.contains("#") }.sorted(),
          file: mappingFile, line: line)
      }
      if space.map.kind != kind {
        throw ImportError(
          "the key of \(label) is of type \(space.map.kind), here it is \(kind)",
          file: mappingFile, line: line)
      }
      return End(
        lookup: space.lookup(), kind: kind, key: source, conditions: [], required: label)
    }
  }

  private func readRelationships(
    _ table: Mapping.Table, _ index: Int, _ file: String, _ rowBase: inout Int64,
    _ pairs: inout [Set<UInt64>]
  ) throws {
    var base = rowBase
    let ends = try table.relationships.map {
      (try end($0.from, table, index, $0.line), try end($0.to, table, index, $0.line))
    }
    try forEachBlock(table, file, isFirstPass: table.nodes.isEmpty) { values, opened, line in
      let count = values.block.rowCount
      let tableMask = values.mask(table.conditions)
      var bad: [Int: String] = [:]
      var found: [(from: RowNumbers, to: RowNumbers, rows: [Int])] = []
      for (number, relationship) in table.relationships.enumerated() {
        var mask = combined(tableMask, values.mask(relationship.conditions))
        let from = RowNumbers(capacity: count)
        let to = RowNumbers(capacity: count)
        let (start, end) = ends[number]
        mask = combined(mask, values.mask(start.conditions))
        mask = combined(mask, values.mask(end.conditions))
        find(start, values, mask, base, from.values, &bad)
        find(end, values, mask, base, to.values, &bad)
        let rows = (0..<count).filter {
          from.values[$0] != IdentifierMap.missing && to.values[$0] != IdentifierMap.missing
        }
        found.append((from, to, rows))
      }
      for (row, message) in bad.sorted(by: { $0.key < $1.key }) {
        try run.report(
          values.block.reject(row, message), file: file, baseLine: line, header: opened.header,
          format: opened.reader.format)
      }
      for (number, relationship) in table.relationships.enumerated() {
        var (from, to, rows) = found[number]
        if !bad.isEmpty { rows = rows.filter { bad[$0] == nil } }
        if relationship.mergesDuplicates {
          rows = rows.filter {
            pairs[number].insert(UInt64(from.values[$0]) << 32 | UInt64(to.values[$0])).inserted
          }
        }
        if rows.isEmpty { continue }
        let isWhole = rows.count == count
        let columns = relationship.properties.compactMap { property in
          values.vector(property.source).map {
            BulkLoader.Column(key: property.key, values: isWhole ? $0 : $0.selecting(rows))
          }
        }
        if isWhole {
          try run.sink.addRelationships(
            type: relationship.type, from: from.values, to: to.values, columns: columns,
            count: count)
        } else {
          try run.sink.addRelationships(
            type: relationship.type, from: rows.map { from.values[$0] },
            to: rows.map { to.values[$0] }, columns: columns, count: rows.count)
        }
      }
      base += Int64(count)
    }
    rowBase = base
  }

  private func find(
    _ end: End, _ values: BlockValues, _ mask: [Bool]?, _ rowBase: Int64,
    _ rows: UnsafeMutablePointer<UInt32>, _ bad: inout [Int: String]
  ) {
    let key = end.key.flatMap { values.vector($0) }
    let lookup = end.lookup
    for row in 0..<values.block.rowCount {
      rows[row] = IdentifierMap.missing
      if let mask, !mask[row] { continue }
      guard let key else {
        rows[row] = lookup.row(rowBase + Int64(row))
        continue
      }
      if key.isNull(row) { continue }
      rows[row] =
        end.kind == .integer
        ? lookup.row(key.integers[key.physical(row)]) : lookup.row(key.strings[key.physical(row)])
      if rows[row] == IdentifierMap.missing, let label = end.required, bad[row] == nil {
        let shown: String
        if case .string(let text) = key.value(atRow: row) {
          shown = text
        } else {
          shown = "\(key.integers[key.physical(row)])"
        }
        bad[row] = "there is no \(label) with key '\(shown)'"
      }
    }
  }
}
