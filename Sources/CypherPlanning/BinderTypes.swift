internal import Cypher

/// The kinds of value that an expression may have besides null, as far as the text tells.
struct ValueKinds: OptionSet, Hashable, Sendable {
  let rawValue: UInt16
  static let boolean = ValueKinds(rawValue: 1)
  static let integer = ValueKinds(rawValue: 1 << 1)
  static let float = ValueKinds(rawValue: 1 << 2)
  static let string = ValueKinds(rawValue: 1 << 3)
  static let list = ValueKinds(rawValue: 1 << 4)
  static let map = ValueKinds(rawValue: 1 << 5)
  static let node = ValueKinds(rawValue: 1 << 6)
  static let relationship = ValueKinds(rawValue: 1 << 7)
  static let path = ValueKinds(rawValue: 1 << 8)
  /// Dates, times and the like.
  static let temporal = ValueKinds(rawValue: 1 << 9)
  static let duration = ValueKinds(rawValue: 1 << 10)
  static let point = ValueKinds(rawValue: 1 << 11)

  static let number: ValueKinds = [.integer, .float]
  static let entity: ValueKinds = [.node, .relationship]
  /// What has properties: `x.key` is more than an error.
  static let keyed: ValueKinds = [.entity, .map, .temporal, .duration, .point]
  static let any = ValueKinds(rawValue: 0xFFF)

  private static let names: [(ValueKinds, String)] = [
    (.boolean, "a boolean"), (.integer, "an integer"), (.float, "a float"), (.string, "a string"),
    (.list, "a list"), (.map, "a map"), (.node, "a node"), (.relationship, "a relationship"),
    (.path, "a path"), (.temporal, "a temporal value"), (.duration, "a duration"),
    (.point, "a point"),
  ]

  /// For sentences: "a node or a relationship".
  var phrase: String {
    if self == .any { return "any value" }
    let words = Self.names.filter { contains($0.0) }.map(\.1)
    if words.count < 2 { return words.first ?? "null" }
    return words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
  }
}

/// What is known of an expression's type without running it. Conservative: an error is raised only
/// when no value that the expression can have would do. Null is always possible.
struct StaticType: Hashable, Sendable {
  var kinds: ValueKinds
  /// Of the elements, should the value be a list.
  var elements: ValueKinds = .any

  init(_ kinds: ValueKinds, elements: ValueKinds = .any) {
    self.kinds = kinds
    self.elements = elements
  }

  static let any = StaticType(.any)
  static let null = StaticType([], elements: [])

  static func list(_ elements: ValueKinds) -> StaticType { .init(.list, elements: elements) }

  /// True when every value but null would be wrong where `allowed` is wanted.
  func excludes(_ allowed: ValueKinds) -> Bool { !kinds.isEmpty && kinds.isDisjoint(with: allowed) }

  func union(_ other: StaticType) -> StaticType {
    let elements: ValueKinds =
      switch (kinds.contains(.list), other.kinds.contains(.list)) {
      case (true, true): elements.union(other.elements)
      case (true, false): elements
      case (false, true): other.elements
      case (false, false): .any
      }
    return StaticType(kinds.union(other.kinds), elements: elements)
  }

  /// The type of an element, should this be a list.
  var element: StaticType {
    StaticType(kinds.subtracting(.list).isEmpty ? elements : .any)
  }

  /// Of the type names in signatures of functions and procedures: `INTEGER?`, `LIST<STRING>`.
  /// What is not understood is `any`.
  init(named name: String) {
    let alternatives = Self.alternatives(name)
    if alternatives.count > 1 {
      self = alternatives.dropFirst().reduce(StaticType(named: alternatives[0])) {
        $0.union(StaticType(named: $1))
      }
      return
    }
    var text = alternatives[0].uppercased()
    for suffix in ["?", " NOT NULL"] where text.hasSuffix(suffix) {
      text.removeLast(suffix.count)
    }
    if text.hasPrefix("LIST") {
      self = .list(.any)
      if text.hasPrefix("LIST<"), text.hasSuffix(">") {
        self = .list(StaticType(named: String(text.dropFirst(5).dropLast())).kinds)
      }
      return
    }
    switch text {
    case "BOOLEAN", "BOOL": self = .init(.boolean)
    case "INTEGER", "INT": self = .init(.integer)
    case "FLOAT": self = .init(.float)
    case "NUMBER": self = .init(.number)
    case "STRING": self = .init(.string)
    case "MAP": self = .init(.map)
    case "NODE": self = .init(.node)
    case "RELATIONSHIP": self = .init(.relationship)
    case "PATH": self = .init(.path)
    case "DATE", "TIME", "DATETIME", "LOCAL TIME", "LOCAL DATETIME", "ZONED TIME",
      "ZONED DATETIME", "LOCALTIME", "LOCALDATETIME":
      self = .init(.temporal)
    case "DURATION": self = .init(.duration)
    case "POINT": self = .init(.point)
    default: self = .any
    }
  }
}

extension StaticType {
  /// The parts of `INTEGER | LIST<INTEGER | FLOAT>`, without blanks around; at least one.
  private static func alternatives(_ name: String) -> [String] {
    var parts = [""]
    var depth = 0
    for character in name {
      if character == "<" { depth += 1 }
      if character == ">" { depth -= 1 }
      if character == "|", depth == 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts.map { part in
      let head = part.drop { $0 == " " }
      return String(head.reversed().drop { $0 == " " }.reversed())
    }
  }
}

/// A bound expression and what is known of its type.
struct TypedExpression {
  var expression: BoundExpression
  var type: StaticType
  init(_ expression: BoundExpression, _ type: StaticType) {
    self.expression = expression
    self.type = type
  }
}

/// What a name stands for. Mostly a variable; a path made by CREATE is put together where it is
/// used.
struct Binding {
  var expression: BoundExpression
  var type: StaticType
  /// From around the subquery at hand: it stays visible behind WITH there.
  var isOuter = false

  init(_ variable: VariableID, _ type: StaticType) { self.init(.variable(variable), type) }
  init(_ expression: BoundExpression, _ type: StaticType) {
    self.expression = expression
    self.type = type
  }

  var variable: VariableID? { if case .variable(let id) = expression { id } else { nil } }
}

/// The names that an expression can use.
struct Scope {
  /// Why a name that exists nearby cannot be used.
  enum Hidden {
    /// WITH did not pass it on, or DISTINCT or aggregation hides it.
    case dropped
    /// It is no grouping key, so that it has no single value beside an aggregation.
    case ungrouped
    /// The subquery around us does not import it.
    case notImported
    /// SKIP and LIMIT are the same for all rows.
    case notConstant

    /// Whether a pattern may use the name for something new.
    var allowsNew: Bool { self == .dropped || self == .notImported }
  }

  /// An expression that has been computed already: the tree stands for the variable.
  struct Substitution {
    var tree: Expression
    var binding: Binding
    /// The names it mentions; nil when that is not known.
    var names: Set<String>?
  }

  var names: [String: Binding] = [:]
  var hidden: [String: Hidden] = [:]
  var substitutions: [Substitution] = []

  func binding(_ name: String) -> Binding? { names[name] }

  mutating func declare(_ name: String, _ binding: Binding) {
    names[name] = binding
    hidden[name] = nil
  }

  /// Declares a variable of an expression (`x IN …`), which may hide others.
  mutating func declareLocal(_ name: String, _ binding: Binding) {
    declare(name, binding)
    substitutions.removeAll { $0.names?.contains(name) ?? true }
  }

  func substitution(for tree: Expression) -> Binding? {
    for substitution in substitutions where substitution.tree == tree {
      return substitution.binding
    }
    return nil
  }
}
