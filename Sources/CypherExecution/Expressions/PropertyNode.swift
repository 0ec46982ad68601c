internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// A property key, resolved to its number when the store knows it. In an updating statement a key
/// may come into being while it runs, so an unknown one is asked for again.
final class ResolvedKey {
  let name: String
  private var id: PropertyKeyID?
  private var isResolved = false
  init(_ name: String) { self.name = name }

  func id(_ evaluation: Evaluation) -> PropertyKeyID? {
    if isResolved { return id }
    id = evaluation.reader.propertyKeyID(name)
    isResolved = id != nil || evaluation.context.transaction == nil
    return id
  }
}

/// `subject.key`.
final class PropertyNode: ExpressionNode {
  private let subject: ExpressionNode
  private let key: ResolvedKey
  private let component: TemporalComponent?
  private let evaluation: Evaluation
  private let dense = DenseProperty()

  init(_ subject: ExpressionNode, key: String, _ evaluation: Evaluation) {
    self.subject = subject
    self.key = ResolvedKey(key)
    component = TemporalComponent(name: key)
    self.evaluation = evaluation
    super.init(children: [subject])
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let a = try subject.evaluate(batch)
    let count = batch.count
    if a.isEntirelyNull { return .nulls(count: count) }
    if a.isConstant {
      let value = try PropertyAccess.property(key, of: a.boxed(0), evaluation)
      return .constant(value, count: count)
    }
    switch a.type {
    case .node:
      try PropertyAccess.checkNodes(a, count, evaluation)
      guard let key = key.id(evaluation) else { return .nulls(count: count) }
      if let values = try dense.values(key, of: a, count, evaluation) { return values }
      return try evaluation.reader.gather(
        key, nodes: a.nodes, count: count, validity: a.validity.map { UnsafePointer($0) })
    case .relationship:
      try PropertyAccess.checkRelationships(a, count, evaluation)
      guard let key = key.id(evaluation) else { return .nulls(count: count) }
      return try evaluation.reader.gather(
        key, relationships: a.relationships, count: count,
        validity: a.validity.map { UnsafePointer($0) })
    case .date:
      guard let component, let result = Self.components(a, count, component) else {
        throw ExpressionError.noPart(key.name, of: .date(LocalDate(days: 0)))
      }
      return result
    case .localDateTime:
      guard let component, let result = Self.timeComponents(a, count, component) else {
        throw ExpressionError.noPart(key.name, of: .localDateTime(LocalDateTime(seconds: 0)))
      }
      return result
    default:
      return try mapRows(a, count) { try PropertyAccess.property(key, of: $0, evaluation) }
    }
  }

  private static func components(_ a: Vector, _ count: Int, _ component: TemporalComponent)
    -> Vector?
  {
    switch component {
    case .year: return map(a.dates, a, count) { $0.year }
    case .month: return map(a.dates, a, count) { $0.month }
    case .day: return map(a.dates, a, count) { $0.day }
    case .quarter: return map(a.dates, a, count) { $0.quarter }
    case .dayOfWeek: return map(a.dates, a, count) { $0.dayOfWeek }
    default:
      // Null rows hold any bits, of which every part exists or none.
      guard LocalDate(days: 0).component(component) != nil else { return nil }
      return map(a.dates, a, count) { $0.component(component) ?? 0 }
    }
  }

  private static func timeComponents(_ a: Vector, _ count: Int, _ component: TemporalComponent)
    -> Vector?
  {
    switch component {
    case .year: return map(a.localDateTimes, a, count) { $0.year }
    case .month: return map(a.localDateTimes, a, count) { $0.month }
    case .day: return map(a.localDateTimes, a, count) { $0.day }
    case .hour: return map(a.localDateTimes, a, count) { $0.hour }
    case .minute: return map(a.localDateTimes, a, count) { $0.minute }
    case .dayOfWeek: return map(a.localDateTimes, a, count) { $0.dayOfWeek }
    default:
      guard LocalDateTime(seconds: 0).component(component) != nil else { return nil }
      return map(a.localDateTimes, a, count) { $0.component(component) ?? 0 }
    }
  }

  @inline(__always)
  private static func map<T>(
    _ elements: UnsafeMutablePointer<T>, _ a: Vector, _ count: Int, _ body: (T) -> Int64
  ) -> Vector {
    let result = Vector(type: .integer, capacity: count)
    result.count = count
    let out = result.integers
    if a.hasNoNulls {
      for row in 0..<count { out[row] = body(elements[row]) }
    } else {
      result.adoptNulls(a)
      for row in 0..<count where !a.isNull(row) { out[row] = body(elements[row]) }
    }
    return result
  }
}

/// Reading properties one value at a time, and the check for deleted entities.
enum PropertyAccess {
  static func checkNodes(_ vector: Vector, _ count: Int, _ evaluation: Evaluation) throws {
    guard evaluation.mayMeetDeletedNodes else { return }
    for row in 0..<(vector.isConstant ? min(count, 1) : count) where !vector.isNull(row) {
      try evaluation.checkExists(vector.nodes[row])
    }
  }

  static func checkRelationships(_ vector: Vector, _ count: Int, _ evaluation: Evaluation) throws {
    guard evaluation.mayMeetDeletedRelationships else { return }
    for row in 0..<(vector.isConstant ? min(count, 1) : count) where !vector.isNull(row) {
      try evaluation.checkExists(vector.relationships[row].id)
    }
  }

  /// `value.key`; null for a key that a node, relationship or map does not have.
  ///
  /// - Throws: for a part that a date, time, duration or point of this type does not have, and for
  ///   values without properties.
  static func property(_ key: ResolvedKey, of value: Value, _ evaluation: Evaluation) throws
    -> Value
  {
    switch value {
    case .null: return .null
    case .map(let map): return map[key.name] ?? .null
    case .node(let node):
      try evaluation.checkExists(node.id)
      guard let id = key.id(evaluation) else { return .null }
      return try evaluation.reader.property(id, of: node.id)
    case .relationship(let relationship):
      if relationship.id.isVirtual { return relationship.properties[key.name] ?? .null }
      try evaluation.checkExists(relationship.id)
      guard let id = key.id(evaluation) else { return .null }
      return try evaluation.reader.property(id, of: relationship.id)
    case .date, .localTime, .time, .localDateTime, .dateTime, .duration, .point:
      guard let part = try value.component(named: key.name) else {
        throw ExpressionError.noPart(key.name, of: value)
      }
      return part
    default:
      throw ExpressionError.type(
        "\(value.typeNameWithArticle) has no properties, so '.\(key.name)' cannot be read",
        hint: "nodes, relationships, maps, dates and times, durations and points have them")
    }
  }

  /// All properties of a node or relationship, or the map itself; nil for null.
  static func properties(of value: Value, _ evaluation: Evaluation) throws -> [String: Value]? {
    switch value {
    case .null: return nil
    case .map(let map): return map
    case .node(let node):
      try evaluation.checkExists(node.id)
      return map(try evaluation.reader.properties(of: node.id), evaluation)
    case .relationship(let relationship):
      if relationship.id.isVirtual { return relationship.properties }
      try evaluation.checkExists(relationship.id)
      return map(try evaluation.reader.properties(of: relationship.id), evaluation)
    default:
      throw ExpressionError.type(
        "a node, relationship or map is needed here, not \(value.typeNameWithArticle)")
    }
  }

  private static func map(
    _ properties: [(key: PropertyKeyID, value: Value)], _ evaluation: Evaluation
  ) -> [String: Value] {
    var map: [String: Value] = [:]
    map.reserveCapacity(properties.count)
    for (key, value) in properties { map[evaluation.reader.name(of: key)] = value }
    return map
  }
}
