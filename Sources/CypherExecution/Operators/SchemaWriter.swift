internal import CypherPlanning
internal import GraphStore
internal import GraphTypes

/// Changes of indexes and constraints, by Neo4j's rules of what may be beside what.
final class SchemaWriter {
  /// What is asked for is there already, or what is to be dropped is not: an error, unless the
  /// statement says IF (NOT) EXISTS.
  struct NothingToDo: Error {
    var notice: String
    /// Nil where a notice is enough, whatever the statement says.
    var error: QueryError?
  }

  private let context: ExecutionContext
  private let transaction: WriteTransaction
  private var text: SchemaText { SchemaText(context.reader) }
  private var schema: Schema { context.reader.schema }

  init(_ context: ExecutionContext) throws {
    guard let transaction = context.transaction else {
      throw QueryError(
        .storage, "ReadOnlyTransaction",
        "the statement changes the schema, but its transaction only reads",
        hint: "run it in a write transaction")
    }
    self.context = context
    self.transaction = transaction
  }

  private var indexProgress: ((Double) -> Void)? {
    context.progress.map { report in { share in report("building the index", share) } }
  }

  // MARK: Indexes

  func createIndex(
    _ name: String?, _ kind: SchemaCommand.IndexKind, _ pattern: SchemaPattern,
    analyzer: String?
  ) throws {
    if kind == .lookup {
      throw NothingToDo(
        notice:
          "nodes are stored by label and relationships by type: a lookup index is not needed, and "
          + "nothing was created", error: nil)
    }
    var definition = IndexDefinition(
      name: "", kind: kind == .fulltext ? .fulltext : .range,
      onRelationships: pattern.onRelationships, labels: try labels(pattern),
      keys: try pattern.keys.map { try transaction.propertyKey($0) }, analyzer: analyzer)
    let wanted = name ?? makeName("index", "\(definition.kind) \(pattern.text)")
    definition.name = wanted
    if let existing = schema.indexes.first(where: { $0.isEquivalent(to: definition) }) {
      if kind.isKeptAsRange {
        throw NothingToDo(
          notice: "index `\(existing.name)` for \(pattern.text) serves as \(kind.rawValue) index: "
            + "nothing was created", error: nil)
      }
      throw conflict(
        "index `\(existing.name)` for \(pattern.text) is there already",
        existing.constraint != nil
          ? "ConstraintAlreadyExists"
          : existing.name == wanted ? "EquivalentSchemaRuleAlreadyExists" : "IndexAlreadyExists",
        hint: existing.constraint == nil
          ? "drop it first, or write IF NOT EXISTS"
          : "the constraint of that name has brought it; it serves queries like any other")
    }
    try checkName(wanted)
    try transaction.createIndex(definition, progress: indexProgress)
    context.counters.indexesAdded += 1
    if kind.isKeptAsRange {
      context.notices.append(
        QueryWarning(
          .hint, "\(kind.rawValue.lowercased()) index `\(wanted)` is kept as a range index",
          range: 0..<0,
          hint: kind == .text
            ? "it finds equal texts, ranges and prefixes; CONTAINS is answered by a scan"
            : "it finds equal points; distances and boxes are answered by a scan"))
    }
  }

  func dropIndex(_ name: String) throws {
    guard let index = schema.index(named: name) else {
      throw absent("index", name, "IndexDropFailed", among: schema.indexes.map(\.name))
    }
    if let owner = schema.constraints.first(where: { $0.id == index.constraint }) {
      throw QueryError(
        .schemaError, "IndexDropFailed",
        "index `\(name)` belongs to constraint `\(owner.name)` and cannot be dropped alone",
        hint: "DROP CONSTRAINT \(CypherText.name(owner.name))")
    }
    try transaction.dropIndex(named: name)
    context.counters.indexesRemoved += 1
  }

  // MARK: Constraints

  func createConstraint(
    _ name: String?, _ requirement: SchemaCommand.ConstraintRequirement, _ pattern: SchemaPattern
  ) throws {
    let labels = try labels(pattern)
    var definition = ConstraintDefinition(
      name: "", kind: .init(requirement), onRelationships: pattern.onRelationships,
      label: labels[0], keys: try pattern.keys.map { try transaction.propertyKey($0) })
    let wanted = name ?? makeName("constraint", "\(pattern.text) \(requirement.text)")
    definition.name = wanted
    if let existing = schema.constraints.first(where: { $0.excludes(definition) }) {
      let isSame = existing.kind == definition.kind
      let message =
        "constraint `\(existing.name)` (\(text.statement(existing))) is there already"
      if isSame {
        throw conflict(
          message,
          existing.name == wanted
            ? "EquivalentSchemaRuleAlreadyExists" : "ConstraintAlreadyExists",
          hint: "drop it first, or write IF NOT EXISTS")
      }
      throw QueryError(
        .schemaError, "ConstraintAlreadyExists", message, hint: "drop it first")
    }
    try checkName(wanted)
    if definition.needsIndex,
      let index = schema.indexes.first(where: { $0.isRange(over: definition) })
    {
      throw QueryError(
        .schemaError, "IndexAlreadyExists",
        "index `\(index.name)` for \(pattern.text) is there already, and the constraint needs its own",
        hint: "DROP INDEX \(CypherText.name(index.name)), then create the constraint")
    }
    do throws(StoreError) {
      try transaction.createConstraint(definition, progress: indexProgress)
    } catch {
      guard error.code == .constraint else { throw error }
      throw QueryError(
        .schemaError, "ConstraintCreationFailed",
        "constraint `\(wanted)` cannot be created: \(error.message)",
        hint: "change such data first")
    }
    context.counters.constraintsAdded += 1
  }

  func dropConstraint(_ name: String) throws {
    guard schema.constraint(named: name) != nil else {
      throw absent(
        "constraint", name, "ConstraintDropFailed", among: schema.constraints.map(\.name))
    }
    try transaction.dropConstraint(named: name)
    context.counters.constraintsRemoved += 1
  }

  // MARK: Names

  private func labels(_ pattern: SchemaPattern) throws -> [UInt32] {
    try pattern.labels.map {
      pattern.onRelationships
        ? try transaction.relationshipType($0).rawValue : try transaction.label($0).rawValue
    }
  }

  private func isTaken(_ name: String) -> Bool {
    schema.index(named: name) != nil || schema.constraint(named: name) != nil
  }

  private func checkName(_ name: String) throws {
    guard isTaken(name) else { return }
    let isConstraint = schema.constraint(named: name) != nil
    throw conflict(
      "there is \(isConstraint ? "a constraint" : "an index") called `\(name)` already",
      isConstraint ? "ConstraintWithNameAlreadyExists" : "IndexWithNameAlreadyExists",
      hint: "choose another name")
  }

  /// `index_` or `constraint_` and eight digits that follow from what it is for (FNV-1a), as Neo4j
  /// makes names. Should another rule have taken the name, the next free one.
  private func makeName(_ prefix: String, _ description: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in description.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var number = UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    while true {
      let digits = String(number, radix: 16)
      let name = "\(prefix)_" + String(repeating: "0", count: 8 - digits.count) + digits
      if !isTaken(name) || isEquivalent(name, to: description) { return name }
      number &+= 1
    }
  }

  /// Whether the rule of that name is the one described: it keeps its name.
  private func isEquivalent(_ name: String, to description: String) -> Bool {
    if let constraint = schema.constraint(named: name) {
      let kind = SchemaCommand.ConstraintRequirement(constraint.kind)
      return "\(text.pattern(constraint).text) \(kind.text)" == description
    }
    return schema.index(named: name).map { "\($0.kind) \(text.pattern($0).text)" } == description
  }

  // MARK: Errors

  private func conflict(_ message: String, _ code: String, hint: String) -> NothingToDo {
    NothingToDo(
      notice: "\(message): nothing was created",
      error: QueryError(.schemaError, code, message, hint: hint))
  }

  private func absent(
    _ kind: String, _ name: String, _ code: String, among known: [String]
  ) -> NothingToDo {
    let message = "there is no \(kind) called `\(name)`"
    return NothingToDo(
      notice: "\(message): nothing was dropped",
      error: QueryError(
        .schemaError, code, message,
        hint: NameSuggestion.nearest(to: name, among: known).map { "did you mean `\($0)`?" }
          ?? "SHOW \(kind == "index" ? "INDEXES" : "CONSTRAINTS") lists them"))
  }
}

extension SchemaCommand.IndexKind {
  /// A kind of its own elsewhere, and here a range index.
  fileprivate var isKeptAsRange: Bool { self == .text || self == .point }
}

extension IndexDefinition {
  /// Of the same kind for the same: full-text indexes take labels and keys in any order.
  fileprivate func isEquivalent(to other: IndexDefinition) -> Bool {
    guard kind == other.kind, onRelationships == other.onRelationships else { return false }
    return kind == .fulltext
      ? Set(labels) == Set(other.labels) && Set(keys) == Set(other.keys)
      : labels == other.labels && keys == other.keys
  }

  fileprivate func isRange(over constraint: ConstraintDefinition) -> Bool {
    kind == .range && onRelationships == constraint.onRelationships
      && labels == [constraint.label] && keys == constraint.keys
  }
}

extension ConstraintDefinition {
  fileprivate var needsIndex: Bool { kind == .unique || kind == .key }

  /// Both cannot be: they are of the same kind, or want the same index, or different types.
  fileprivate func excludes(_ other: ConstraintDefinition) -> Bool {
    guard onRelationships == other.onRelationships, label == other.label, keys == other.keys
    else { return false }
    switch (kind, other.kind) {
    case (.type, .type): return true
    default: return kind == other.kind || needsIndex && other.needsIndex
    }
  }
}

extension ConstraintDefinition.Kind {
  fileprivate init(_ requirement: SchemaCommand.ConstraintRequirement) {
    self =
      switch requirement {
      case .unique: .unique
      case .exists: .exists
      case .key: .key
      case .typed(let type): .type(type)
      }
  }
}

extension SchemaCommand.ConstraintRequirement {
  fileprivate init(_ kind: ConstraintDefinition.Kind) {
    self =
      switch kind {
      case .unique: .unique
      case .exists: .exists
      case .key: .key
      case .type(let type): .typed(type)
      }
  }
}
