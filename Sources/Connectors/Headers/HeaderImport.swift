internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// Imports node and relationship files that have neo4j-admin headers.
struct HeaderImport {
  let run: ImportRun
  let spaces: IdentifierSpaces

  init(_ run: ImportRun) {
    self.run = run
    spaces = IdentifierSpaces(sink: run.sink)
  }

  func importAll() throws {
    let nodes = try run.options.nodes.map { ($0, try files($0.files)) }
    let relationships = try run.options.relationships.map { ($0, try files($0.files)) }
    for (_, files) in nodes { for file in files { run.bytesTotal += ImportRun.size(file) } }
    for (_, files) in relationships { for file in files { run.bytesTotal += ImportRun.size(file) } }
    for (source, files) in nodes { try importNodes(source, files) }
    for (source, files) in relationships { try importRelationships(source, files) }
  }

  private func files(_ arguments: [String]) throws -> [String] {
    try arguments.flatMap { try ImportRun.expand($0, in: run.options.inputFolder) }
  }

  // MARK: Headers

  /// The files of one source, opened one after the other; the header stands in the first.
  private struct Table {
    var header: [UInt8]
    var columns: [HeaderColumn]
    var format: TextFormat
  }

  private func open(_ file: String, _ format: TextFormat) throws -> RecordBlockReader {
    try RecordBlockReader(file, format: format, blockSize: run.options.blockSize)
  }

  private func readHeader(_ reader: RecordBlockReader) throws -> Table {
    let file = reader.file.path
    guard let record = try reader.nextRecord() else {
      throw ImportError("is empty; the first line must be the header", file: file)
    }
    let texts = RecordFields.split(record, format: reader.format)
    var columns: [HeaderColumn] = []
    var keys: Set<String> = []
    for (index, text) in texts.enumerated() {
      do {
        let column = try HeaderColumn(text)
        let isStored: Bool
        switch column.role {
        case .property, .identifier: isStored = !column.key.isEmpty
        default: isStored = false
        }
        if isStored, !keys.insert(column.key).inserted {
          throw ImportError("two columns are named '\(column.key)'")
        }
        columns.append(column)
      } catch var error as ImportError {
        error.file = file
        error.line = error.line ?? max(reader.line - 1, 1)
        error.message = "header, field \(index + 1): \(error.message)"
        throw error
      }
    }
    return Table(header: record, columns: columns, format: reader.format)
  }

  /// Calls `body` for each file of a source, with a reader that stands behind the header.
  private func forEachFile(
    _ files: [String], _ body: (String, RecordBlockReader, Table) throws -> Void
  ) throws {
    guard let first = files.first else { return }
    let reader = try open(first, run.options.format)
    let table = try readHeader(reader)
    try body(first, reader, table)
    run.endFile(first)
    for file in files.dropFirst() {
      try body(file, try openPart(file, table), table)
      run.endFile(file)
    }
  }

  /// A further file of a table. Parts that repeat the header are taken too.
  private func openPart(_ file: String, _ table: Table) throws -> RecordBlockReader {
    var format = run.options.format
    format.delimiter = table.format.delimiter
    let reader = try open(file, format)
    return try reader.nextRecord() == table.header ? reader : try open(file, format)
  }

  // MARK: Nodes

  private func importNodes(_ source: ImportJob.NodeSource, _ files: [String]) throws {
    try forEachFile(files) { file, reader, table in
      var scan = TableScan(reader: reader, fields: [], firstBlock: nil)
      var layout = NodeLayout(labels: source.labels)
      var fields: [FieldPlan] = []
      for (index, column) in table.columns.enumerated() {
        var plan = FieldPlan(name: column.text, target: .ignored)
        switch column.role {
        case .property(let type):
          plan.target = .column(type)
          layout.properties.append((column.key, index))
        case .identifier(let identifier):
          if layout.identifierField != nil {
            throw ImportError(
              "the header has two ID columns", file: file, line: 1,
              hint: "a composite key can be built by a mapping file")
          }
          if let label = identifier.label, !layout.labels.contains(label) {
            layout.labels.append(label)
          }
          layout.identifierField = index
          if !column.key.isEmpty { layout.properties.append((column.key, index)) }
          plan.name = column.key.isEmpty ? column.text : column.key
          plan.isRequired = true
        case .labels:
          plan.target = .column(.string)
          layout.labelFields.append(index)
        case .ignored: break
        case .start, .end, .type:
          throw ImportError(
            "a node file has no column '\(column.text)'", file: file, line: 1,
            hint: "is it a relationship file?")
        }
        if case .property = column.role { plan.name = column.key }
        fields.append(plan)
      }
      if let index = layout.identifierField,
        case .identifier(let identifier) = table.columns[index].role
      {
        let space = try space(
          identifier, key: table.columns[index].key, layout: layout, fields: fields, index: index,
          reader: reader, scan: &scan, table: table, files: files)
        layout.space = space
        fields[index].target = .column(space.map.kind == .integer ? .integer : .string)
      }
      try TableScan(reader: reader, fields: fields, firstBlock: scan.firstBlock)
        .run(threads: run.options.threads) { block, line in
          try take(block, line, file, table, layout)
          try run.advance(file, rows: block.recordCount, fileBytes: block.fileBytes)
        }
    }
  }

  private struct NodeLayout {
    var labels: [String]
    var properties: [(key: String, field: Int)] = []
    var identifierField: Int?
    var labelFields: [Int] = []
    var space: IdentifierSpaces.Space?
  }

  /// Finds or makes the id space of a node file; the kind of its ids is looked up in the database
  /// or in the file's first block unless the header says it.
  private func space(
    _ identifier: HeaderColumn.Identifier, key: String, layout: NodeLayout, fields: [FieldPlan],
    index: Int, reader: RecordBlockReader, scan: inout TableScan, table: Table, files: [String]
  ) throws -> IdentifierSpaces.Space {
    if let known = spaces.spaces[identifier.space] {
      if let kind = identifier.kind, kind != known.map.kind {
        throw ImportError(
          "the ids of space '\(identifier.space)' are \(known.map.kind)s in an earlier file",
          file: reader.file.path, line: 1, hint: "give both the same id-type")
      }
      return known
    }
    let label = layout.labels.first ?? identifier.space
    let existing = key.isEmpty || label.isEmpty ? nil : (label: label, key: key)
    var kind = identifier.kind
    if kind == nil, let existing {
      kind = try spaces.existingKind(label: existing.label, key: existing.key)
    }
    if kind == nil {
      scan.firstBlock = try reader.nextBlock()
      kind = scan.firstBlock.flatMap { probableKind($0, fields, index, reader) }
      // The first file may be the header alone.
      for file in files.dropFirst() where kind == nil {
        let part = try openPart(file, table)
        kind = try part.nextBlock().flatMap { probableKind($0, fields, index, part) }
      }
    }
    return try spaces.make(identifier.space, kind: kind ?? .string, existing: existing)
  }

  private func probableKind(
    _ block: ByteBlock, _ fields: [FieldPlan], _ index: Int, _ reader: RecordBlockReader
  ) -> IdentifierMap.Kind? {
    var plans = fields.map { FieldPlan(name: $0.name, target: .ignored) }
    plans[index] = FieldPlan(name: "", target: .column(.string), isRequired: true)
    let parsed = BlockParser(fields: plans, format: reader.format, boundary: reader.boundary)
      .parse(block)
    guard let column = parsed.columns[index], parsed.rowCount > 0 else { return nil }
    for row in 0..<parsed.rowCount {
      let text = column.strings[row]
      guard let base = text.base, NumberText.isCanonicalInteger(base, text.count) else {
        return .string
      }
    }
    return .integer
  }

  private func take(
    _ block: ParsedBlock, _ line: Int, _ file: String, _ table: Table, _ layout: NodeLayout
  ) throws {
    for row in block.rejects {
      try run.report(row, file: file, baseLine: line, header: table.header, format: table.format)
    }
    let count = block.rowCount
    guard count > 0 else { return }
    var chosen: [Int]?
    var firstOrdinal = 0
    if let space = layout.space, let field = layout.identifierField,
      let column = block.columns[field]
    {
      let map = space.map
      firstOrdinal = map.count
      var bad: [Int] = []
      var known: [(row: Int, ordinal: Int)] = []
      for row in 0..<count {
        let (ordinal, isNew) =
          map.kind == .integer ? map.insert(column.integers[row]) : map.insert(column.strings[row])
        if isNew { continue }
        if Int(ordinal) < space.existingCount, !space.touched[Int(ordinal)] {
          space.touched[Int(ordinal)] = true
          known.append((row, Int(ordinal)))
        } else {
          bad.append(row)
        }
      }
      for row in bad {
        let text = column.value(atRow: row)
        let shown: String
        if case .string(let string) = text {
          shown = string
        } else {
          shown = "\(column.integers[row])"
        }
        try run.report(
          block.reject(
            row, "the id '\(shown)' occurs twice in \(map.name.isEmpty ? "the files" : map.name)"),
          file: file, baseLine: line, header: table.header, format: table.format)
      }
      for (row, ordinal) in known {
        let node = NodeID(UInt64(map.rows[ordinal]))
        for (key, property) in layout.properties where property != field {
          let value = block.columns[property]?.value(atRow: row) ?? .null
          if case .null = value { continue }
          try run.sink.update(node, key: key, value: value)
        }
        run.summary.updatedNodes += 1
      }
      if !bad.isEmpty || !known.isEmpty {
        var isOut = [Bool](repeating: false, count: count)
        for row in bad { isOut[row] = true }
        for (row, _) in known { isOut[row] = true }
        chosen = (0..<count).filter { !isOut[$0] }
      }
    }
    try addNodes(block, layout, chosen, firstOrdinal)
  }

  private func addNodes(
    _ block: ParsedBlock, _ layout: NodeLayout, _ chosen: [Int]?, _ firstOrdinal: Int
  ) throws {
    // Positions count among the chosen rows, whose ordinals are consecutive.
    let rows = chosen ?? []
    let count = chosen?.count ?? block.rowCount
    if count == 0 { return }
    func vector(_ field: Int) -> Vector? {
      guard let column = block.columns[field] else { return nil }
      return chosen == nil ? column : column.selecting(rows)
    }
    let columns = layout.properties.compactMap { key, field in
      vector(field).map { BulkLoader.Column(key: key, values: $0) }
    }
    var groups: [(labels: [String], positions: [Int]?)] = [(layout.labels, nil)]
    for field in layout.labelFields {
      guard let texts = vector(field) else { continue }
      groups = groups.flatMap { labels, positions -> [([String], [Int]?)] in
        let part = positions.map { texts.selecting($0) } ?? texts
        return part.groupedRows(count: positions?.count ?? count).map { text, inner in
          let more = (text ?? "").split(
            separator: Character(UnicodeScalar(run.options.format.arrayDelimiter))
          )
          .map { $0.trimmingBlanks }
          var all = labels
          for label in more where !label.isEmpty && !all.contains(label) { all.append(label) }
          guard let inner else { return (all, positions) }
          return (all, positions.map { outer in inner.map { outer[$0] } } ?? inner)
        }
      }
    }
    for (labels, positions) in groups {
      let part = positions.map { positions in
        columns.map { BulkLoader.Column(key: $0.key, values: $0.values.selecting(positions)) }
      }
      let ranges = try run.sink.addNodes(
        labels: labels, columns: part ?? columns, count: positions?.count ?? count)
      guard let space = layout.space else { continue }
      var position = 0
      for range in ranges {
        if range.upperBound > UInt64(UInt32.max) {
          throw ImportError("a database has at most 4,294,967,295 nodes")
        }
        for row in range {
          space.map.setRow(row, ofOrdinal: firstOrdinal + (positions?[position] ?? position))
          position += 1
        }
      }
    }
  }

  // MARK: Relationships

  private func importRelationships(
    _ source: ImportJob.RelationshipSource, _ files: [String]
  ) throws {
    try forEachFile(files) { file, reader, table in
      var fields: [FieldPlan] = []
      var properties: [(key: String, field: Int)] = []
      var start: Int?
      var end: Int?
      var type: Int?
      for (index, column) in table.columns.enumerated() {
        var plan = FieldPlan(name: column.text, target: .ignored)
        switch column.role {
        case .property(let columnType):
          plan.name = column.key
          plan.target = .column(columnType)
          properties.append((column.key, index))
        case .start(let identifier), .end(let identifier):
          let space = try existingSpace(identifier, file)
          plan.target = .endpoint(space.map, space.lookup())
          plan.isRequired = true
          if case .start = column.role { start = index } else { end = index }
        case .type:
          plan.target = .column(.string)
          plan.isRequired = source.type == nil
          type = index
        case .ignored: break
        case .identifier, .labels:
          throw ImportError(
            "a relationship file has no column '\(column.text)'", file: file, line: 1,
            hint: "is it a node file?")
        }
        fields.append(plan)
      }
      guard let start, let end else {
        throw ImportError(
          "a relationship file needs the columns :START_ID and :END_ID", file: file, line: 1)
      }
      if type == nil && source.type == nil {
        throw ImportError(
          "the relationships have no type", file: file, line: 1,
          hint: "add a column :TYPE or give the type with the file: TYPE=\(file)")
      }
      try TableScan(reader: reader, fields: fields).run(threads: run.options.threads) {
        block, line in
        for row in block.rejects {
          try run.report(
            row, file: file, baseLine: line, header: table.header, format: table.format)
        }
        try take(block, source.type, type, start, end, properties)
        try run.advance(file, rows: block.recordCount, fileBytes: block.fileBytes)
      }
    }
  }

  private func existingSpace(
    _ identifier: HeaderColumn.Identifier, _ file: String
  ) throws -> IdentifierSpaces.Space {
    if let space = spaces.spaces[identifier.space] { return space }
    let label = identifier.label ?? identifier.space
    let key = identifier.property ?? "id"
    if !label.isEmpty, let kind = try spaces.existingKind(label: label, key: key) {
      return try spaces.make(identifier.space, kind: kind, existing: (label, key))
    }
    if identifier.space.isEmpty {
      throw ImportError(
        "no node file has an ID column without an id space", file: file, line: 1,
        hint: spaces.names.isEmpty ? nil : "known spaces: \(spaces.names.joined(separator: ", "))")
    }
    throw ImportError.unknown(
      "id space", identifier.space, among: spaces.names, file: file, line: 1)
  }

  private func take(
    _ block: ParsedBlock, _ fixedType: String?, _ typeField: Int?, _ start: Int, _ end: Int,
    _ properties: [(key: String, field: Int)]
  ) throws {
    guard block.rowCount > 0, let from = block.endpoints[start], let to = block.endpoints[end]
    else { return }
    let columns = properties.compactMap { key, field in
      block.columns[field].map { BulkLoader.Column(key: key, values: $0) }
    }
    guard let typeField, let types = block.columns[typeField] else {
      try run.sink.addRelationships(
        type: fixedType ?? "", from: from.values, to: to.values, columns: columns,
        count: block.rowCount)
      return
    }
    for (text, rows) in types.groupedRows(count: block.rowCount) {
      let type = text ?? fixedType ?? ""
      guard let rows else {
        try run.sink.addRelationships(
          type: type, from: from.values, to: to.values, columns: columns, count: block.rowCount)
        continue
      }
      try run.sink.addRelationships(
        type: type, from: rows.map { from.values[$0] }, to: rows.map { to.values[$0] },
        columns: columns.map { .init(key: $0.key, values: $0.values.selecting(rows)) },
        count: rows.count)
    }
  }
}
