package import GraphTypes

/// What the planner asks of the world, so that it can be tested without a disk.
package protocol PlanningCatalogue: Sendable {
  func function(named name: String) -> FunctionSignature?
  func procedure(named name: String) -> ProcedureSignature?
  var functionNames: [String] { get }
  var procedureNames: [String] { get }
  var labelNames: [String] { get }
  var relationshipTypeNames: [String] { get }
  var propertyKeyNames: [String] { get }

  /// Number of nodes, or of those with the label.
  func nodeCount(label: String?) -> Double
  /// Number of relationships by type and the labels of their ends (nil: any).
  func relationshipCount(type: String?, from: String?, to: String?) -> Double
  /// Estimated number of distinct values, nil where unknown.
  func distinctValues(label: String?, key: String) -> Double?
  /// The range indexes over nodes with the label.
  func nodeIndexes(label: String) -> [IndexDescription]
  /// The range indexes over relationships of the type.
  func relationshipIndexes(type: String) -> [IndexDescription]
  /// Entries of an index in a range, estimated; nil where unknown.
  func estimatedEntries(_ range: IndexRange) -> Double?
  /// What an expression without variables and parameters gives, nil where this cannot be known.
  func value(of constant: BoundExpression) -> Value?
}

extension PlanningCatalogue {
  package func estimatedEntries(_ range: IndexRange) -> Double? { nil }
  package func value(of constant: BoundExpression) -> Value? { constant.literalValue }
}

extension BoundExpression {
  /// Of literals and lists of them.
  package var literalValue: Value? {
    switch self {
    case .literal(let value): return value
    case .list(let items):
      let values = items.compactMap(\.literalValue)
      return values.count == items.count ? .list(values) : nil
    default: return nil
    }
  }
}

/// Entries of an index that have some values of the first keys, and of the next key are in a range.
package struct IndexRange: Hashable, Sendable {
  package enum Bound: Hashable, Sendable {
    case all
    case range(lower: Value?, lowerInclusive: Bool, upper: Value?, upperInclusive: Bool)
    case prefix(String)
  }
  /// Its name.
  package var index: String
  package var equal: [Value]
  package var bound: Bound
  package init(index: String, equal: [Value], bound: Bound = .all) {
    self.index = index
    self.equal = equal
    self.bound = bound
  }
}

/// A range index as the planner sees it. Entities that lack one of its keys are not in it.
package struct IndexDescription: Hashable, Sendable {
  package var name: String
  /// The label, or the type of relationships.
  package var label: String
  package var keys: [String]
  package var isUnique: Bool
  /// Estimated.
  package var entries: Double
  /// Values of all keys together; estimated.
  package var distinctValues: Double
  package init(
    name: String, label: String, keys: [String], isUnique: Bool, entries: Double,
    distinctValues: Double
  ) {
    self.name = name
    self.label = label
    self.keys = keys
    self.isUnique = isUnique
    self.entries = entries
    self.distinctValues = distinctValues
  }
}

/// A function's entry in the table from which binder, executor, SHOW FUNCTIONS, completion and the
/// manual all read.
package struct FunctionSignature: Sendable {
  package struct Parameter: Sendable {
    package var name: String
    package var type: String
    package var isOptional: Bool
    package init(_ name: String, _ type: String, isOptional: Bool = false) {
      self.name = name
      self.type = type
      self.isOptional = isOptional
    }
  }
  /// A statement for the manual, and what it gives.
  package struct Example: Sendable {
    package var statement: String
    /// As Cypher writes it; nil where it is different each time.
    package var result: String?
    package init(_ statement: String, _ result: String?) {
      self.statement = statement
      self.result = result
    }
  }
  package enum NullBehaviour: Sendable {
    /// An argument that is null makes the result null.
    case propagates
    /// Aggregations leave nulls out.
    case leavesOut
    /// As the summary says.
    case own
  }
  /// Canonical spelling, with namespace: `toUpper`, `date.truncate`. Looked up without case.
  package var name: String
  package var category: String
  package var parameters: [Parameter]
  /// The last parameter may be repeated (`coalesce`).
  package var isVariadic: Bool
  package let returnType: String
  /// `returnType` as the binder reads it.
  let result: StaticType
  package var summary: String
  package var isAggregate: Bool
  /// Same arguments, same result: may be folded and moved.
  package var isDeterministic: Bool
  package var nullBehaviour: NullBehaviour
  /// What to write instead of a function that is only kept for old queries.
  package var replacement: String?
  package var examples: [Example] = []
  package init(
    name: String, category: String, parameters: [Parameter], isVariadic: Bool = false,
    returnType: String, summary: String, isAggregate: Bool = false, isDeterministic: Bool = true,
    nullBehaviour: NullBehaviour = .propagates
  ) {
    self.name = name
    self.category = category
    self.parameters = parameters
    self.isVariadic = isVariadic
    self.returnType = returnType
    result = StaticType(named: returnType)
    self.summary = summary
    self.isAggregate = isAggregate
    self.isDeterministic = isDeterministic
    self.nullBehaviour = nullBehaviour
  }
}

package struct ProcedureSignature: Sendable {
  package struct Field: Sendable {
    package var name: String
    package var type: String
    package var defaultValue: Value?
    package init(_ name: String, _ type: String, defaultValue: Value? = nil) {
      self.name = name
      self.type = type
      self.defaultValue = defaultValue
    }
  }
  package enum Mode: String, Sendable {
    case read = "READ"
    case write = "WRITE"
  }
  package var name: String
  package var inputs: [Field]
  package var outputs: [Field]
  package var mode: Mode
  package var summary: String
  package init(
    name: String, inputs: [Field], outputs: [Field], mode: Mode = .read, summary: String
  ) {
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.mode = mode
    self.summary = summary
  }
}
