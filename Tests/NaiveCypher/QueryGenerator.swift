internal import TestSupport

/// Makes random queries, the same for the same seed: the grammar's forms over typed variables, so
/// that nearly all of them are valid, and only such whose answer the language fixes: no row order
/// that nothing orders, no updates whose outcome depends on the order of rows.
package struct QueryGenerator {
  package struct GeneratedQuery: Sendable {
    package var text: String
    /// Whether its rows have an order.
    package var isOrdered: Bool
    /// Whether one of several equivalent values (1 and 1.0) stands for all: which one is open.
    package var isLoose: Bool
    package var isUpdating: Bool
    /// Columns of lists whose order is open.
    package var bagColumns: Set<Int> = []
  }

  /// What a value is known to be. Any may be null.
  indirect enum Kind: Hashable, Sendable {
    case integer, float, string, boolean, mixed, node, relationship, path
    case list(Kind)
    /// A list whose order is open, such as what `collect` gives.
    case bag(Kind)

    /// Whether ORDER BY, min and DISTINCT give the same in any engine.
    var isOrderable: Bool {
      switch self {
      case .integer, .float, .string, .boolean, .mixed: true
      case .list(let element): element.isOrderable
      case .node, .relationship, .path, .bag: false
      }
    }

    /// Whether it can be a key of grouping.
    var isGroupable: Bool { if case .bag = self { false } else { true } }
    var isElement: Bool { self == .node || self == .relationship || self == .path }
  }

  struct Variable: Hashable {
    var name: String
    var kind: Kind
  }

  static let labels = ["A", "B", "C"]
  static let types = ["R", "S"]

  var random: SeededGenerator
  var scope: [Variable] = []
  private var names = 0
  var isOrdered = false
  var isLoose = false
  var isUpdating = false
  var bagColumns: Set<Int> = []
  /// How many subqueries the generator is in.
  var nesting = 0
  /// Relationships that a path at hand uses again: once for a MATCH.
  var usedInPath: Set<String> = []
  /// Whether the clause at hand writes.
  var isWriting = false
  /// Whether arithmetic may fail.
  var mayOverflow = false

  package init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  // MARK: Choices

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
  mutating func pick<T>(_ items: [T]) -> T { items[number(0...(items.count - 1))] }

  mutating func fresh(_ prefix: String) -> String {
    names += 1
    return "\(prefix)\(names)"
  }

  mutating func variable(_ kinds: Kind...) -> Variable? {
    let found = scope.filter { kinds.contains($0.kind) }
    return found.isEmpty ? nil : pick(found)
  }

  // MARK: Queries

  /// A query that reads, or one that writes too.
  package mutating func query(isUpdating: Bool) -> GeneratedQuery {
    (scope, names, nesting, isWriting) = ([], 0, 0, false)
    (isOrdered, isLoose, self.isUpdating, bagColumns) = (false, false, false, [])
    if !isUpdating, chance(8) { return failing() }
    var text: String
    if !isUpdating, chance(12) {
      let count = number(1...3)
      let columns = (0..<count).map { Variable(name: "c\($0)", kind: pick(Self.scalars)) }
      let isDistinct = chance(50)
      if isDistinct { isLoose = true }
      text = (0..<number(2...3)).map { _ in
        scope = []
        return readingClauses(number(0...2)) + projection("RETURN", columns)
      }.joined(separator: isDistinct ? " UNION " : " UNION ALL ")
    } else {
      text = readingClauses(number(isUpdating ? 0...2 : 1...4))
      let isReturning = !isUpdating || chance(70)
      if isUpdating { text += updates(isLast: !isReturning) }
      if isReturning { text += finalReturn() }
    }
    return GeneratedQuery(
      text: text.trimmed, isOrdered: isOrdered, isLoose: isLoose, isUpdating: self.isUpdating,
      bagColumns: bagColumns)
  }

  /// A query whose arithmetic may fail. Every expression is asked for, for every row: whether an
  /// expression is evaluated whose value no one reads, or for rows that a condition takes away, is
  /// open.
  private mutating func failing() -> GeneratedQuery {
    (nesting, mayOverflow) = (2, true)
    defer { (nesting, mayOverflow) = (0, false) }
    var text = ""
    if chance(50) {
      let name = fresh("u")
      text = "UNWIND \(literal(.list(.integer))) AS \(name) "
      scope.append(Variable(name: name, kind: .integer))
    }
    let columns = (0..<number(1...2)).map { Variable(name: "c\($0)", kind: pick(Self.scalars)) }
    return GeneratedQuery(
      text: text + projection("RETURN", columns), isOrdered: false, isLoose: false,
      isUpdating: false)
  }

  static let scalars: [Kind] = [.integer, .integer, .float, .string, .boolean, .mixed]

  mutating func readingClauses(_ count: Int) -> String {
    (0..<count).map { _ in readingClause() }.joined()
  }

  mutating func readingClause() -> String {
    switch number(0...99) {
    case ..<45: return match(isOptional: false)
    case ..<58: return match(isOptional: true)
    case ..<70: return unwind()
    case ..<90: return with()
    case ..<95 where nesting < 2: return call()
    case 95...: return shortest() ?? with()
    default: return match(isOptional: false)
    }
  }

  mutating func match(isOptional: Bool) -> String {
    usedInPath = []
    let pattern = (0..<(chance(70) ? 1 : chance(80) ? 2 : 3)).reduce(into: PatternText()) {
      text, _ in path(into: &text)
    }
    scope += pattern.added
    var text = (isOptional ? "OPTIONAL MATCH " : "MATCH ") + pattern.parts.joined(separator: ", ")
    if chance(45) { text += " WHERE " + predicate() }
    return text + " "
  }

  /// What follows WHERE, the place of pattern predicates.
  private mutating func predicate() -> String {
    let condition = expression(.boolean, 3)
    guard chance(15), let start = variable(.node) else { return condition }
    let pattern = (chance(40) ? "NOT " : "") + patternPredicate(from: start)
    return chance(40) ? pattern : "\(condition) \(pick(["AND", "OR"])) \(pattern)"
  }

  private mutating func unwind() -> String {
    let bags = scope.filter { if case .bag = $0.kind { true } else { false } }
    let name = fresh("u")
    if !bags.isEmpty, chance(50), case let bag = pick(bags), case .bag(let element) = bag.kind {
      scope.append(Variable(name: name, kind: element))
      return "UNWIND \(bag.name) AS \(name) "
    }
    let kind = pick([Kind.integer, .integer, .string, .mixed])
    // More rows than a batch has, now and then.
    let isLong = kind == .integer && chance(4)
    let list = isLong ? "range(1, \(number(1000...1400)))" : expression(.list(kind), 2)
    scope.append(Variable(name: name, kind: kind))
    return "UNWIND \(list) AS \(name) "
  }

  // MARK: Projections

  private mutating func with() -> String {
    if !scope.isEmpty, chance(12) {
      let (name, kind) = (fresh("w"), pick(Self.scalars))
      let text = "WITH *, \(expression(kind, 2)) AS \(name)"
      scope.append(Variable(name: name, kind: kind))
      return text + (chance(50) ? " WHERE \(predicate()) " : " ")
    }
    let keptCount = scope.isEmpty ? 0 : number(0...min(3, scope.count))
    let kept = Array(scope.shuffled(using: &random).prefix(keptCount))
    let isAggregating = chance(35)
    let isDistinct = !isAggregating && chance(20)
    var (items, new): ([String], [Variable]) = ([], [])
    for variable in kept where !(isAggregating || isDistinct) || variable.kind.isGroupable {
      items.append(variable.name)
      new.append(variable)
    }
    for _ in 0..<number(items.isEmpty ? 1...2 : 0...2) {
      let name = fresh("w")
      if isAggregating {
        let (text, kind) = aggregate()
        items.append("\(text) AS \(name)")
        new.append(Variable(name: name, kind: kind))
      } else {
        let kind: Kind = chance(75) ? pick(Self.scalars) : .list(.integer)
        items.append("\(expression(kind, 2)) AS \(name)")
        new.append(Variable(name: name, kind: kind))
      }
    }
    if isAggregating, chance(50) {
      let (name, kind) = (fresh("k"), pick(Self.scalars))
      items.append("\(expression(kind, 1)) AS \(name)")
      new.append(Variable(name: name, kind: kind))
    }
    if isAggregating || isDistinct { isLoose = true }
    var text = "WITH " + (isDistinct ? "DISTINCT " : "") + items.joined(separator: ", ")
    scope = new
    if new.allSatisfy(\.kind.isOrderable), chance(30) { text += order(new, canCut: true) }
    if chance(30) { text += " WHERE " + predicate() }
    return text + " "
  }

  /// ORDER BY all columns, so that rows that tie are equivalent.
  private mutating func order(_ columns: [Variable], canCut: Bool) -> String {
    isLoose = true
    var keys = columns.shuffled(using: &random).map { $0.name + pick(["", " DESC", " ASC"]) }
    if chance(15), let integer = columns.first(where: { $0.kind == .integer }) {
      keys.insert("abs(\(integer.name)) % 3", at: 0)
    }
    var text = " ORDER BY " + keys.joined(separator: ", ")
    if canCut {
      if chance(30) { text += " SKIP \(number(0...3))" }
      if chance(60) { text += " LIMIT \(number(0...6))" }
    }
    return text
  }

  mutating func aggregate() -> (String, Kind) {
    let distinct = chance(30) ? "DISTINCT " : ""
    switch number(0...10) {
    case 0: return ("count(*)", .integer)
    case 1: return ("count(\(distinct)\(expression(pick(Self.scalars), 1)))", .integer)
    case 2:
      if let variable = variable(.node, .relationship) {
        return ("count(\(distinct)\(variable.name))", .integer)
      }
      return ("count(*) + 1", .integer)
    case 3: return ("sum(\(distinct)\(expression(.integer, 1)))", .integer)
    case 4: return ("sum(\(distinct)\(expression(.float, 1)))", .float)
    case 5:
      let kind = pick(Self.scalars)
      return ("\(pick(["min", "max"]))(\(expression(kind, 1)))", kind)
    case 6:
      if chance(40), let variable = variable(.node, .relationship) {
        return ("collect(\(distinct)\(variable.name))", .bag(variable.kind))
      }
      let kind = pick(Self.scalars)
      return ("collect(\(distinct)\(expression(kind, 1)))", .bag(kind))
    case 8: return ("(count(*) + sum(\(expression(.integer, 1))))", .integer)
    case 9:
      return ("[min(\(expression(.mixed, 1))), max(\(expression(.string, 1)))]", .list(.mixed))
    case 7: return ("size(collect(\(distinct)\(expression(pick(Self.scalars), 1))))", .integer)
    default: return ("avg(\(expression(.integer, 1)))", .float)
    }
  }

  mutating func projection(_ word: String, _ columns: [Variable]) -> String {
    "\(word) "
      + columns.map { "\(expression($0.kind, 2)) AS \($0.name)" }.joined(separator: ", ")
  }

  private mutating func finalReturn() -> String {
    let isAggregating = chance(35)
    let isDistinct = !isAggregating && chance(15)
    var (items, columns): ([String], [Variable]) = ([], [])
    for index in 0..<number(1...3) {
      let name = "c\(index)"
      if isAggregating && (index == 0 || chance(40)) {
        let (text, kind) = aggregate()
        items.append("\(text) AS \(name)")
        columns.append(Variable(name: name, kind: kind))
      } else if !scope.isEmpty, chance(50), case let variable = pick(scope),
        variable.kind.isGroupable || !(isAggregating || isDistinct)
      {
        items.append("\(variable.name) AS \(name)")
        columns.append(Variable(name: name, kind: variable.kind))
      } else if !isAggregating, !isDistinct, chance(15), let start = variable(.node) {
        items.append("\(patternComprehension(from: start)) AS \(name)")
        columns.append(Variable(name: name, kind: .bag(.mixed)))
      } else {
        let kind: Kind = chance(75) ? pick(Self.scalars) : .list(.integer)
        items.append("\(expression(kind, 3)) AS \(name)")
        columns.append(Variable(name: name, kind: kind))
      }
    }
    for (index, column) in columns.enumerated() where !column.kind.isGroupable {
      bagColumns.insert(index)
    }
    if isAggregating || isDistinct { isLoose = true }
    var text = "RETURN " + (isDistinct ? "DISTINCT " : "") + items.joined(separator: ", ")
    if columns.allSatisfy(\.kind.isOrderable), chance(40) {
      text += order(columns, canCut: chance(60))
      isOrdered = true
    }
    return text
  }

  // MARK: Subqueries

  private mutating func call() -> String {
    let outer = scope
    let imports = Array(scope.shuffled(using: &random).prefix(number(0...2)))
    let names = imports.map(\.name).joined(separator: ", ")
    let isLeading = chance(40) && !imports.isEmpty
    nesting += 1
    scope = imports
    var body = isLeading ? "WITH \(names) " : ""
    if chance(20) {
      // A subquery as a whole sees its imports in every part.
      let kind = pick(Self.scalars)
      let output = Variable(name: fresh("q"), kind: kind)
      let all = chance(60)
      if !all { isLoose = true }
      let parts = (0..<2).map { _ in
        scope = imports
        return (isLeading ? "WITH \(names) " : "") + readingClauses(number(0...1))
          + projection("RETURN", [output])
      }
      scope = outer + [output]
      nesting -= 1
      let head = isLeading ? "CALL" : "CALL (\(names))"
      return "\(head) { \(parts.joined(separator: all ? " UNION ALL " : " UNION ")) } "
    }
    body += readingClauses(number(0...2))
    let isAggregating = chance(30)
    var (items, outputs): ([String], [Variable]) = ([], [])
    for _ in 0..<number(1...2) {
      let name = fresh("q")
      if isAggregating {
        let (text, kind) = aggregate()
        items.append("\(text) AS \(name)")
        outputs.append(Variable(name: name, kind: kind))
      } else {
        let kind = pick(Self.scalars)
        items.append("\(expression(kind, 2)) AS \(name)")
        outputs.append(Variable(name: name, kind: kind))
      }
    }
    if isAggregating { isLoose = true }
    body += "RETURN " + items.joined(separator: ", ")
    if outputs.allSatisfy(\.kind.isOrderable), chance(25) {
      body += order(outputs, canCut: true)
    }
    nesting -= 1
    scope = outer + outputs
    return (isLeading ? "CALL" : "\(chance(20) ? "OPTIONAL " : "")CALL (\(names))")
      + " { \(body) } "
  }
}

extension String {
  var trimmed: String {
    var text = self[...]
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
