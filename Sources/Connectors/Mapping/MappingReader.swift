import Foundation
internal import GraphTypes
internal import Yams

private typealias YAMLNode = Yams.Node

/// Reads a mapping file; what is wrong is named with its line, and unknown keys with the nearest
/// known one.
struct MappingReader {
  let file: String

  func read(base: TextFormat) throws(ImportError) -> Mapping {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ImportError("the mapping cannot be read", file: file)
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw ImportError("the mapping is not valid UTF-8", file: file)
    }
    return try read(text, base: base)
  }

  func read(_ text: String, base: TextFormat) throws(ImportError) -> Mapping {
    let root: YAMLNode?
    do { root = try compose(yaml: text) } catch let error as YamlError {
      throw yamlError(error)
    } catch { throw ImportError("\(error)", file: file) }
    guard let root else { throw ImportError("the mapping is empty", file: file) }
    let top = try entries(root, "mapping", allowed: ["defaults", "tables"])
    var format = base
    if let defaults = top["defaults"] {
      for (key, node) in try entries(defaults, "defaults", allowed: Self.formatKeys) {
        try set(key, node, in: &format)
      }
    }
    guard let tables = top["tables"] else {
      throw ImportError("the mapping has no 'tables'", file: file)
    }
    var mapping = Mapping()
    for node in try list(tables, "tables") {
      mapping.tables.append(try table(node, format))
    }
    if mapping.tables.isEmpty { throw error("'tables' has no table", tables) }
    return mapping
  }

  // MARK: Errors

  private func error(_ message: String, _ node: YAMLNode?, hint: String? = nil) -> ImportError {
    ImportError(
      message, file: file, line: node?.mark?.line, column: node?.mark?.column, hint: hint)
  }

  private func yamlError(_ error: YamlError) -> ImportError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      ImportError(
        "not valid YAML: \(problem)", file: file, line: mark.line, column: mark.column,
        hint: "texts with : # { [ or a leading quote are written in quotes")
    default: ImportError("not valid YAML: \(error)", file: file)
    }
  }

  // MARK: Parts of YAML

  private func entries(
    _ node: YAMLNode, _ what: String, allowed: [String]? = nil
  ) throws(ImportError) -> OrderedEntries {
    guard let map = node.mapping else { throw error("\(what) must be a map of key: value", node) }
    var result = OrderedEntries()
    for (key, value) in map {
      guard let name = key.scalar?.string else { throw error("a key of \(what) is no text", key) }
      if let allowed, !allowed.contains(name) {
        throw ImportError.unknown(
          "key", name, among: allowed, file: file, line: key.mark?.line, column: key.mark?.column)
      }
      if result[name] != nil { throw error("'\(name)' stands twice in \(what)", key) }
      result.append(name, value)
    }
    return result
  }

  private func list(_ node: YAMLNode, _ what: String) throws(ImportError) -> [YAMLNode] {
    guard let sequence = node.sequence else { throw error("\(what) must be a list", node) }
    return Array(sequence)
  }

  private func text(_ node: YAMLNode, _ what: String) throws(ImportError) -> String {
    guard let scalar = node.scalar else { throw error("\(what) must be a text", node) }
    return scalar.string
  }

  private func texts(_ node: YAMLNode, _ what: String) throws(ImportError) -> [String] {
    if let scalar = node.scalar { return [scalar.string] }
    var result: [String] = []
    for item in try list(node, what) { result.append(try text(item, what)) }
    return result
  }

  private func flag(_ node: YAMLNode, _ what: String) throws(ImportError) -> Bool {
    switch try text(node, what).lowercased() {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default: throw error("\(what) must be true or false", node)
    }
  }

  // MARK: Format

  private static let formatKeys = [
    "delimiter", "quote", "encoding", "decimal", "thousands", "dates", "null", "array-delimiter",
    "zone", "trim", "quoted-empty", "skip-lines", "extra-fields",
  ]

  private func byte(_ node: YAMLNode, _ what: String) throws(ImportError) -> UInt8 {
    guard case .byte(let byte)? = TextFormat.Delimiter(try text(node, what)) else {
      throw error("\(what) must be one ASCII character", node)
    }
    return byte
  }

  private func set(_ key: String, _ node: YAMLNode, in format: inout TextFormat) throws(ImportError)
  {
    switch key {
    case "delimiter":
      let name = try text(node, key)
      guard let delimiter = TextFormat.Delimiter(name) else {
        throw error(
          "'\(name)' is not a delimiter", node, hint: "one ASCII character, tab, blanks or auto")
      }
      format.delimiter = delimiter
    case "quote":
      format.quote = try text(node, key) == "none" ? nil : try byte(node, key)
    case "encoding":
      let name = try text(node, key)
      guard let encoding = TextEncoding(name) else {
        throw ImportError.unknown(
          "encoding", name, among: TextEncoding.allCases.map(\.rawValue), file: file,
          line: node.mark?.line, column: node.mark?.column)
      }
      format.encoding = encoding
    case "decimal":
      format.decimalPoint = try byte(node, key)
      guard [44, 46].contains(format.decimalPoint) else {
        throw error("decimal must be '.' or ','", node)
      }
    case "thousands": format.allowsThousandsSpaces = try flag(node, key)
    case "dates":
      var patterns: [DatePattern] = []
      for text in try texts(node, key) {
        do throws(ImportError) { patterns.append(try DatePattern(text)) } catch {
          throw self.error(error.message, node, hint: error.hint)
        }
      }
      format.datePatterns = patterns
    case "null": format.nullTexts = try texts(node, key)
    case "array-delimiter": format.arrayDelimiter = try byte(node, key)
    case "zone":
      do { format.zone = try TemporalZone(named: try text(node, key)) } catch {
        throw self.error("\((error as? QueryError)?.message ?? "not a time zone")", node)
      }
    case "trim": format.trimsText = try flag(node, key)
    case "quoted-empty": format.isQuotedEmptyText = try flag(node, key)
    case "skip-lines":
      guard let count = Int(try text(node, key)), count >= 0 else {
        throw error("skip-lines must be a number of lines", node)
      }
      format.skippedLines = count
    case "extra-fields": format.allowsExtraFields = try flag(node, key)
    default: break
    }
  }

  // MARK: Tables

  private func table(_ node: YAMLNode, _ base: TextFormat) throws(ImportError) -> Mapping.Table {
    var table = Mapping.Table()
    table.format = base
    table.line = node.mark?.line ?? 0
    let keys = ["file", "header", "columns", "where", "nodes", "relationships"]
    let entries = try entries(node, "a table", allowed: keys + Self.formatKeys)
    guard let file = entries["file"] else { throw error("the table has no 'file'", node) }
    table.file = try texts(file, "file").joined(separator: ",")
    for (key, value) in entries where Self.formatKeys.contains(key) {
      try set(key, value, in: &table.format)
    }
    if let header = entries["header"] { table.hasHeader = try flag(header, "header") }
    if let columns = entries["columns"] { try readColumns(columns, &table) }
    if !table.hasHeader && table.columnNames == nil {
      throw error("a table without a header needs 'columns' as a list of all names", node)
    }
    if let conditions = entries["where"] {
      table.conditions = try readConditions(conditions, &table)
    }
    if let nodes = entries["nodes"] {
      for item in try list(nodes, "nodes") {
        let mapped = try self.node(item, &table)
        if table.nodes.contains(where: { $0.name == mapped.name }) {
          throw error(
            "two nodes of the table are named '\(mapped.name)'", item,
            hint: "give them different names: name: …")
        }
        table.nodes.append(mapped)
      }
    }
    if let relationships = entries["relationships"] {
      for item in try list(relationships, "relationships") {
        table.relationships.append(try relationship(item, &table))
      }
    }
    if table.nodes.isEmpty && table.relationships.isEmpty {
      throw error("the table makes neither nodes nor relationships", node)
    }
    return table
  }

  private func columnType(_ node: YAMLNode) throws(ImportError) -> ColumnType {
    let name = try text(node, "a type")
    guard let type = ColumnType(name) else {
      throw ImportError.unknown(
        "type", name, among: ColumnType.names.keys.sorted(), file: file, line: node.mark?.line,
        column: node.mark?.column)
    }
    return type
  }

  private func readColumns(_ node: YAMLNode, _ table: inout Mapping.Table) throws(ImportError) {
    var names: [String] = []
    func note(_ name: String, _ type: YAMLNode?, _ at: YAMLNode, _ table: inout Mapping.Table)
      throws(ImportError)
    {
      if names.contains(name) { throw error("column '\(name)' stands twice", at) }
      names.append(name)
      if table.columnLines[name] == nil { table.columnLines[name] = at.mark?.line ?? table.line }
      if let type { table.types[name] = try columnType(type) }
    }
    if node.sequence != nil {
      for item in try list(node, "columns") {
        if item.mapping != nil {
          for (name, type) in try entries(item, "a column") { try note(name, type, item, &table) }
        } else {
          try note(try text(item, "a column"), nil, item, &table)
        }
      }
      if table.hasHeader {
        throw error(
          "'columns' as a list names all columns of a table without header", node,
          hint: "add header: false, or write column: type")
      }
      table.columnNames = names
    } else {
      for (name, type) in try entries(node, "columns") { try note(name, type, type, &table) }
    }
  }

  private func source(
    _ node: YAMLNode, _ table: inout Mapping.Table
  ) throws(ImportError) -> Mapping.Source {
    if node.mapping != nil {
      let entries = try entries(
        node, "a value", allowed: ["constant", "template", "column", "multiply"])
      if let constant = entries["constant"] { return .constant(value(constant)) }
      if let template = entries["template"] { return try self.template(template, &table) }
      if let column = entries["column"] {
        return columnSource(try text(column, "column"), column, &table)
      }
      if let factors = entries["multiply"] {
        let names = try texts(factors, "multiply")
        for name in names {
          guard table.types[name] == .integer || table.types[name] == .float else {
            throw error(
              "multiply: '\(name)' is not a number column", factors,
              hint: "give it type int or float under 'columns'")
          }
          _ = columnSource(name, factors, &table)
        }
        return .product(names)
      }
      throw error("a value needs 'column', 'template', 'multiply' or 'constant'", node)
    }
    let name = try text(node, "a column")
    return name.contains("{") ? try template(node, &table) : columnSource(name, node, &table)
  }

  private func columnSource(_ name: String, _ node: YAMLNode, _ table: inout Mapping.Table)
    -> Mapping.Source
  {
    if table.columnLines[name] == nil { table.columnLines[name] = node.mark?.line ?? table.line }
    return .column(name)
  }

  private func value(_ node: YAMLNode) -> Value {
    if let flag = node.bool { return .boolean(flag) }
    if let number = node.int { return .integer(Int64(number)) }
    if let number = node.float { return .float(number) }
    return .string(node.scalar?.string ?? "")
  }

  private func template(
    _ node: YAMLNode, _ table: inout Mapping.Table
  ) throws(ImportError) -> Mapping.Source {
    var parts: [Mapping.TemplatePart] = []
    var rest = try text(node, "a template")[...]
    while let open = rest.firstIndex(of: "{") {
      if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw error("the template has no '}' for its '{'", node)
      }
      let name = String(rest[rest.index(after: open)..<close])
      _ = columnSource(name, node, &table)
      parts.append(.column(name))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    return .template(parts)
  }

  /// A list of names and of maps, or a map, of properties and where they come from.
  private func properties(
    _ node: YAMLNode, _ table: inout Mapping.Table
  ) throws(ImportError) -> [Mapping.Property] {
    var result: [Mapping.Property] = []
    func add(_ key: String, _ value: YAMLNode, _ table: inout Mapping.Table) throws(ImportError) {
      if result.contains(where: { $0.key == key }) {
        throw error("property '\(key)' stands twice", value)
      }
      result.append(.init(key: key, source: try source(value, &table)))
    }
    if node.mapping != nil {
      for (key, value) in try entries(node, "properties") { try add(key, value, &table) }
      return result
    }
    for item in try list(node, "properties") {
      if item.mapping != nil {
        for (key, value) in try entries(item, "a property") { try add(key, value, &table) }
      } else {
        try add(try text(item, "a property"), item, &table)
      }
    }
    return result
  }

  private func node(_ node: YAMLNode, _ table: inout Mapping.Table) throws(ImportError)
    -> Mapping.Node
  {
    let entries = try entries(
      node, "a node",
      allowed: ["label", "labels", "name", "key", "unique", "properties", "index", "where"])
    var result = Mapping.Node()
    result.line = node.mark?.line ?? table.line
    if let label = entries["label"] { result.labels = [try text(label, "label")] }
    if let labels = entries["labels"] { result.labels += try texts(labels, "labels") }
    guard let first = result.labels.first, !result.labels.contains("") else {
      throw error("the node has no label", node)
    }
    result.name =
      try entries["name"].map { node throws(ImportError) in try text(node, "name") } ?? first
    if let key = entries["key"] {
      if key.mapping != nil {
        let properties = try properties(key, &table)
        guard let property = properties.first, properties.count == 1 else {
          throw error(
            "a key is one property", key, hint: "for several columns write id: \"{a}-{b}\"")
        }
        result.key = property
      } else {
        let name = try text(key, "key")
        guard !name.contains("{") else {
          throw error("a key by template needs a property", key, hint: "key: {id: \"{a}-{b}\"}")
        }
        result.key = .init(key: name, source: columnSource(name, key, &table))
      }
    }
    if let properties = entries["properties"] {
      result.properties = try self.properties(properties, &table)
      if let key = result.key, result.properties.contains(where: { $0.key == key.key }) {
        throw error("property '\(key.key)' is already the key", properties)
      }
    }
    if let unique = entries["unique"] {
      result.isUnique = try flag(unique, "unique")
      if result.isUnique, result.key == nil {
        throw error("'unique' is about the key, and the node has none", unique, hint: "key: …")
      }
    }
    if let index = entries["index"] {
      result.indexes = try indexes(index, (result.key.map { [$0] } ?? []) + result.properties)
    }
    if let conditions = entries["where"] {
      result.conditions = try readConditions(conditions, &table)
    }
    return result
  }

  /// A property, or a list of properties and of lists of them.
  private func indexes(
    _ node: YAMLNode, _ properties: [Mapping.Property]
  ) throws(ImportError) -> [[String]] {
    var result: [[String]] = []
    for item in node.scalar == nil ? try list(node, "index") : [node] {
      let keys = try texts(item, "index")
      for key in keys where !properties.contains(where: { $0.key == key }) {
        throw ImportError.unknown(
          "property", key, among: properties.map(\.key), file: file, line: item.mark?.line,
          column: item.mark?.column)
      }
      if keys.isEmpty || Set(keys).count < keys.count {
        throw error("an index is for one or several different properties", item)
      }
      result.append(keys)
    }
    return result
  }

  private func end(
    _ node: YAMLNode?, _ what: String, _ owner: YAMLNode, _ table: inout Mapping.Table
  ) throws(ImportError) -> Mapping.End {
    guard let node else { throw error("the relationship has no '\(what)'", owner) }
    if node.mapping != nil {
      let entries = try entries(node, what, allowed: ["label", "key"])
      guard let label = entries["label"], let key = entries["key"] else {
        throw error("'\(what)' needs a label and a key", node)
      }
      return .lookup(label: try text(label, "label"), try source(key, &table))
    }
    let name = try text(node, what)
    guard table.nodes.contains(where: { $0.name == name }) else {
      throw ImportError.unknown(
        "node", name, among: table.nodes.map(\.name), file: file, line: node.mark?.line,
        column: node.mark?.column)
    }
    return .node(name)
  }

  private func relationship(
    _ node: YAMLNode, _ table: inout Mapping.Table
  ) throws(ImportError) -> Mapping.Relationship {
    let entries = try entries(
      node, "a relationship",
      allowed: ["type", "from", "to", "properties", "index", "where", "merge-duplicates"])
    var result = Mapping.Relationship()
    result.line = node.mark?.line ?? table.line
    guard let type = entries["type"] else { throw error("the relationship has no 'type'", node) }
    result.type = try text(type, "type")
    result.from = try end(entries["from"], "from", node, &table)
    result.to = try end(entries["to"], "to", node, &table)
    if let properties = entries["properties"] {
      result.properties = try self.properties(properties, &table)
    }
    if let conditions = entries["where"] {
      result.conditions = try readConditions(conditions, &table)
    }
    if let index = entries["index"] { result.indexes = try indexes(index, result.properties) }
    if let merges = entries["merge-duplicates"] {
      result.mergesDuplicates = try flag(merges, "merge-duplicates")
    }
    return result
  }

  private func readConditions(
    _ node: YAMLNode, _ table: inout Mapping.Table
  ) throws(ImportError) -> [Mapping.Condition] {
    var result: [Mapping.Condition] = []
    for (column, test) in try entries(node, "where") {
      _ = columnSource(column, test, &table)
      let line = test.mark?.line ?? table.line
      func add(_ test: Mapping.Condition.Test) {
        result.append(.init(column: column, test: test, line: line))
      }
      guard test.mapping != nil else {
        switch try text(test, "a condition") {
        case "not-empty": add(.notEmpty)
        case "empty": add(.empty)
        case let name:
          throw ImportError.unknown(
            "condition", name, among: ["not-empty", "empty"], file: file, line: test.mark?.line,
            column: test.mark?.column)
        }
        continue
      }
      let names = [
        "equals", "not", "in", "not-in", "starts-with", "not-starts-with", "greater", "less",
        "at-least", "at-most",
      ]
      for (name, value) in try entries(test, "a condition", allowed: names) {
        switch name {
        case "equals", "in": add(.oneOf(try texts(value, name)))
        case "not", "not-in": add(.noneOf(try texts(value, name)))
        case "starts-with": add(.startsWith(try text(value, name)))
        case "not-starts-with": add(.notStartsWith(try text(value, name)))
        case "greater": add(.greater(try text(value, name)))
        case "less": add(.less(try text(value, name)))
        case "at-least": add(.atLeast(try text(value, name)))
        default: add(.atMost(try text(value, name)))
        }
      }
    }
    return result
  }
}

/// The entries of a YAML map in their order.
private struct OrderedEntries: Sequence {
  private var pairs: [(String, YAMLNode)] = []
  mutating func append(_ key: String, _ value: YAMLNode) { pairs.append((key, value)) }
  subscript(key: String) -> YAMLNode? { pairs.first { $0.0 == key }?.1 }
  func makeIterator() -> Array<(String, YAMLNode)>.Iterator { pairs.makeIterator() }
}
