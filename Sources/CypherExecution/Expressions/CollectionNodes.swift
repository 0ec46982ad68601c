internal import GraphColumns
internal import GraphTypes

/// `[a, b, c]`.
final class ListNode: ExpressionNode {
  private let elements: [ExpressionNode]
  init(_ elements: [ExpressionNode]) {
    self.elements = elements
    super.init(children: elements)
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let vectors = try elements.map { try $0.evaluate(batch) }
    let isConstant = vectors.allSatisfy(\.isConstant)
    let result = Vector(type: .any, capacity: batch.count, isConstant: isConstant)
    result.count = batch.count
    for row in 0..<(isConstant ? 1 : batch.count) {
      var list: [Value] = []
      list.reserveCapacity(vectors.count)
      for vector in vectors {
        let element = vector.boxed(row)
        if vector.type == .any { try ValueNesting.check(element) }
        list.append(element)
      }
      result.values[row] = .list(list)
    }
    return result
  }
}

/// `{a: 1, b: 2}`; of a key given twice, the last value counts.
final class MapNode: ExpressionNode {
  private let entries: [(key: String, value: ExpressionNode)]
  init(_ entries: [(key: String, value: ExpressionNode)]) {
    self.entries = entries
    super.init(children: entries.map(\.value))
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let vectors = try entries.map { try $0.value.evaluate(batch) }
    let isConstant = vectors.allSatisfy(\.isConstant)
    let result = Vector(type: .any, capacity: batch.count, isConstant: isConstant)
    result.count = batch.count
    for row in 0..<(isConstant ? 1 : batch.count) {
      var map: [String: Value] = [:]
      map.reserveCapacity(vectors.count)
      for index in 0..<vectors.count {
        let element = vectors[index].boxed(row)
        if vectors[index].type == .any { try ValueNesting.check(element) }
        map[entries[index].key] = element
      }
      result.values[row] = .map(map)
    }
    return result
  }
}

/// `subject {.a, .*, x: 1}`.
final class MapProjectionNode: ExpressionNode {
  private let subject: ExpressionNode
  private let entries: [(key: String, value: ExpressionNode)]
  private let allProperties: Bool
  private let evaluation: Evaluation
  init(
    _ subject: ExpressionNode, entries: [(key: String, value: ExpressionNode)],
    allProperties: Bool, _ evaluation: Evaluation
  ) {
    self.subject = subject
    self.entries = entries
    self.allProperties = allProperties
    self.evaluation = evaluation
    super.init(children: [subject] + entries.map(\.value))
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let subjects = try subject.evaluate(batch)
    if subjects.isEntirelyNull { return .nulls(count: batch.count) }
    let vectors = try entries.map { try $0.value.evaluate(batch) }
    let isConstant = subjects.isConstant && vectors.allSatisfy(\.isConstant)
    let result = Vector(type: .any, capacity: batch.count, isConstant: isConstant)
    result.count = batch.count
    for row in 0..<(isConstant ? 1 : batch.count) where !subjects.isNull(row) {
      var map: [String: Value] = [:]
      if allProperties {
        map = try PropertyAccess.properties(of: subjects.boxed(row), evaluation) ?? [:]
      }
      for index in 0..<vectors.count {
        let element = vectors[index].boxed(row)
        if vectors[index].type == .any { try ValueNesting.check(element) }
        map[entries[index].key] = element
      }
      result.values[row] = .map(map)
    }
    return result
  }
}

/// `subject[index]`: an element of a list, or the value of a key of a map, node or relationship.
final class IndexNode: ExpressionNode {
  private let subject: ExpressionNode
  private let index: ExpressionNode
  private let evaluation: Evaluation
  /// Keys by which nodes and relationships were asked.
  private var keys: [String: ResolvedKey] = [:]

  init(_ subject: ExpressionNode, _ index: ExpressionNode, _ evaluation: Evaluation) {
    self.subject = subject
    self.index = index
    self.evaluation = evaluation
    super.init(children: [subject, index])
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let a = try subject.evaluate(batch)
    let b = try index.evaluate(batch)
    return try mapRows(a, b, batch.count) { try element($0, $1) }
  }

  private func element(_ subject: Value, _ index: Value) throws -> Value {
    switch (subject, index) {
    case (.null, _): return .null
    case (.list(let list), .integer(let position)):
      let count = Int64(list.count)
      let offset = position < 0 ? position &+ count : position
      return offset >= 0 && offset < count ? list[Int(offset)] : .null
    case (.map(let map), .string(let key)): return map[key] ?? .null
    case (.list, .null), (.map, .null), (.node, .null), (.relationship, .null): return .null
    case (.date, .string), (.localTime, .string), (.time, .string), (.localDateTime, .string),
      (.dateTime, .string), (.duration, .string), (.point, .string):
      return try element(named: index, of: subject)
    case (.list, _):
      throw QueryError(
        .typeError, "ListElementAccessByNonInteger",
        "a list is indexed by an integer, not by \(index.typeNameWithArticle)")
    case (.map, _), (.node, _), (.relationship, _):
      return try element(named: index, of: subject)
    default:
      throw ExpressionError.type(
        "\(subject.typeNameWithArticle) cannot be indexed",
        hint: "lists are, by position, and maps, nodes and relationships, by key")
    }
  }

  private func element(named index: Value, of subject: Value) throws -> Value {
    guard case .string(let name) = index else {
      throw QueryError(
        .typeError, "MapElementAccessByNonString",
        "a \(subject.typeName) is indexed by a string, not by \(index.typeNameWithArticle)")
    }
    if let key = keys[name] { return try PropertyAccess.property(key, of: subject, evaluation) }
    let key = ResolvedKey(name)
    if keys.count < 1024 { keys[name] = key }
    return try PropertyAccess.property(key, of: subject, evaluation)
  }
}

/// `list[from..to]`: negative positions count from the end, and what lies outside is left out.
final class SliceNode: ExpressionNode {
  private let subject: ExpressionNode
  private let from: ExpressionNode?
  private let to: ExpressionNode?
  init(_ subject: ExpressionNode, from: ExpressionNode?, to: ExpressionNode?) {
    self.subject = subject
    self.from = from
    self.to = to
    super.init(children: [subject] + [from, to].compactMap { $0 })
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let subjects = try subject.evaluate(batch)
    let starts = try from?.evaluate(batch)
    let ends = try to?.evaluate(batch)
    var builder = VectorBuilder(capacity: batch.count)
    for row in 0..<batch.count {
      builder.append(
        try Self.slice(subjects.boxed(row), starts?.boxed(row), ends?.boxed(row)))
    }
    return builder.finish()
  }

  private static func slice(_ subject: Value, _ from: Value?, _ to: Value?) throws -> Value {
    let list: [Value]
    switch subject {
    case .null: return .null
    case .list(let elements): list = elements
    default:
      throw ExpressionError.type(
        "a slice is taken of a list, not of \(subject.typeNameWithArticle)")
    }
    guard let start = try bound(from, default: 0, list.count),
      let end = try bound(to, default: list.count, list.count)
    else { return .null }
    return .list(start < end ? Array(list[start..<end]) : [])
  }

  /// Nil for null.
  private static func bound(_ value: Value?, default standard: Int, _ count: Int) throws -> Int? {
    switch value {
    case nil: return standard
    case .null: return nil
    case .integer(let position):
      if position < 0 { return Int(max(position, Int64(-count))) + count }
      return Int(min(position, Int64(count)))
    case .some(let other):
      throw ExpressionError.type(
        "a slice goes from integer to integer, not \(other.typeNameWithArticle)")
    }
  }
}
