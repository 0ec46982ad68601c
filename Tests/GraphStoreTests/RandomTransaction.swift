import GraphColumns
import GraphTypes
import TestSupport

@testable import GraphStore

/// Random changes, made to a write transaction and to a model alike.
struct RandomTransaction {
  let write: WriteTransaction
  var model: GraphModel
  /// Of nodes in one large operation.
  var scale = 40

  private static let labels = ["Клиент", "Product", "Ж", "x\u{301}", "\u{E1}", "a\u{301}", ""]
  private static let types = ["BOUGHT", "VIEWED", "ДРУЖИТ"]
  private static let keys = ["name", "age", "rating", "born", "seen", "смесь", "tags"]

  mutating func step(_ random: inout SeededGenerator) throws {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<15: try createNode(&random)
    case 15..<18: for _ in 0..<random.below(scale) { try createNode(&random) }
    case 18..<40: try createRelationship(&random)
    case 40..<43: try growHub(&random)
    case 43..<65: try setNodeProperty(&random)
    case 65..<73: try setRelationshipProperty(&random)
    case 73..<81: try changeLabel(&random)
    case 81..<90: try deleteRelationship(&random)
    case 90..<93: try deleteManyRelationships(&random)
    case 93..<96: try setManyProperties(&random)
    case 96..<97: try addName(&random)
    default: try deleteNode(&random)
    }
  }

  private func anyNode(_ random: inout SeededGenerator) -> UInt64? {
    if model.nodes.isEmpty { return nil }
    for _ in 0..<20 {
      // Low rows are hubs.
      let limit = Bool.random(using: &random) ? model.nodes.count : min(5, model.nodes.count)
      let row = random.below(limit)
      if model.nodes[row] != nil { return UInt64(row) }
    }
    return model.existingNodes.randomElement(using: &random)
  }

  private func anyRelationship(_ random: inout SeededGenerator) -> (type: Int, row: Int)? {
    for _ in 0..<20 {
      guard let type = model.types.indices.randomElement(using: &random),
        let row = model.relationships[type].indices.randomElement(using: &random)
      else { continue }
      if model.relationships[type][row] != nil { return (type, row) }
    }
    return nil
  }

  private func ref(_ type: Int, _ row: Int) -> RelationshipRef? {
    model.relationships[type][row].map {
      RelationshipRef(
        id: RelationshipID(type: RelationshipTypeID(UInt32(type)), row: UInt64(row)),
        start: NodeID($0.from), end: NodeID($0.to))
    }
  }

  private func check(_ condition: Bool, _ what: String) throws {
    if !condition { throw GraphComparison.Difference(description: what) }
  }

  private mutating func label(_ random: inout SeededGenerator) throws -> (LabelID, Int) {
    let name = Self.labels[random.below(Self.labels.count)]
    return (try write.label(name), model.label(name))
  }
  private mutating func key(_ random: inout SeededGenerator) throws -> (PropertyKeyID, Int) {
    let name = Self.keys[random.below(Self.keys.count)]
    return (try write.propertyKey(name), model.key(name))
  }
  private mutating func type(_ random: inout SeededGenerator) throws -> (RelationshipTypeID, Int) {
    let name = Self.types[random.below(Self.types.count)]
    return (try write.relationshipType(name), model.type(name))
  }

  /// Names that nothing uses, some of them new.
  private mutating func addName(_ random: inout SeededGenerator) throws {
    let name = "name \(random.below(20))"
    switch random.below(3) {
    case 0: try check(Int(write.label(name).rawValue) == model.label(name), "id of a label")
    case 1: try check(Int(write.propertyKey(name).rawValue) == model.key(name), "id of a key")
    default:
      try check(Int(write.relationshipType(name).rawValue) == model.type(name), "id of a type")
    }
  }

  private mutating func createNode(_ random: inout SeededGenerator) throws {
    var node = GraphModel.Node()
    var labels: [LabelID] = []
    for _ in 0..<random.below(4) {
      let (id, number) = try label(&random)
      labels.append(id)
      node.labels.insert(number)
    }
    let id = try write.createNode(labels: labels)
    try check(id.rawValue == UInt64(model.nodes.count), "id of a new node")
    model.nodes.append(node)
  }

  private mutating func createRelationship(_ random: inout SeededGenerator) throws {
    guard let from = anyNode(&random) else { return }
    let isLoop = random.below(8) == 0
    guard let to = isLoop ? from : anyNode(&random) else { return }
    let (id, type) = try type(&random)
    for _ in 0...(random.below(5) == 0 ? 2 : 0) { try connect(id, type, from, to) }
  }

  private mutating func connect(
    _ id: RelationshipTypeID, _ type: Int, _ from: UInt64, _ to: UInt64
  ) throws {
    let made = try write.createRelationship(id, from: NodeID(from), to: NodeID(to))
    model.relationships[type].append(.init(from: from, to: to))
    try check(made == ref(type, model.relationships[type].count - 1), "a new relationship")
  }

  private mutating func growHub(_ random: inout SeededGenerator) throws {
    guard let hub = anyNode(&random) else { return }
    let (id, type) = try type(&random)
    let isOut = Bool.random(using: &random)
    for _ in 0..<random.below(scale) {
      guard let other = anyNode(&random) else { return }
      try connect(id, type, isOut ? hub : other, isOut ? other : hub)
    }
  }

  private func value(_ key: Int, _ random: inout SeededGenerator) -> Value {
    switch random.below(10) {
    case 0: .null
    case 1: ValueSamples.value(kind: random.below(ValueSamples.kindCount), &random)
    // Mostly one type a key.
    default: ValueSamples.value(kind: key % ValueSamples.kindCount, &random)
    }
  }

  private mutating func setNodeProperty(_ random: inout SeededGenerator) throws {
    guard let node = anyNode(&random) else { return }
    let (id, key) = try key(&random)
    let value = value(key, &random)
    let had = try write.set(id, of: NodeID(node), to: value)
    try check(had == (model.nodes[Int(node)]?.properties[key] != nil), "what set returns")
    model.nodes[Int(node)]?.properties[key] = value.orNil
  }

  private mutating func setManyProperties(_ random: inout SeededGenerator) throws {
    let (id, key) = try key(&random)
    let isRemoval = random.below(3) == 0
    for node in model.existingNodes where random.below(3) > 0 {
      let value = isRemoval ? .null : value(key, &random)
      try write.set(id, of: NodeID(node), to: value)
      model.nodes[Int(node)]?.properties[key] = value.orNil
    }
  }

  private mutating func setRelationshipProperty(_ random: inout SeededGenerator) throws {
    guard let (type, row) = anyRelationship(&random), let ref = ref(type, row) else { return }
    let (id, key) = try key(&random)
    let value = value(key, &random)
    let had = try write.set(id, of: ref, to: value)
    try check(
      had == (model.relationships[type][row]?.properties[key] != nil), "what set returns")
    model.relationships[type][row]?.properties[key] = value.orNil
  }

  private mutating func changeLabel(_ random: inout SeededGenerator) throws {
    guard let node = anyNode(&random) else { return }
    let (id, label) = try label(&random)
    let has = model.nodes[Int(node)]?.labels.contains(label) ?? false
    if Bool.random(using: &random) {
      try check(try write.addLabel(id, to: NodeID(node)) == !has, "what addLabel returns")
      model.nodes[Int(node)]?.labels.insert(label)
    } else {
      try check(try write.removeLabel(id, from: NodeID(node)) == has, "what removeLabel returns")
      model.nodes[Int(node)]?.labels.remove(label)
    }
  }

  private mutating func delete(_ type: Int, _ row: Int) throws {
    guard let ref = ref(type, row) else { return }
    try check(write.deleteRelationship(ref), "a relationship is deleted")
    model.relationships[type][row] = nil
    try check(!write.deleteRelationship(ref), "a relationship is deleted once")
  }

  private mutating func deleteRelationship(_ random: inout SeededGenerator) throws {
    guard let (type, row) = anyRelationship(&random) else { return }
    try delete(type, row)
  }

  /// Whole lists go, and with them chunks.
  private mutating func deleteManyRelationships(_ random: inout SeededGenerator) throws {
    guard let (type, _) = anyRelationship(&random) else { return }
    let node = anyNode(&random)
    let isAll = random.below(3) == 0
    for row in model.relationships[type].indices.shuffledInRuns(&random) {
      guard let relationship = model.relationships[type][row] else { continue }
      let touches = relationship.from == node || relationship.to == node
      if isAll ? random.below(8) > 0 : touches { try delete(type, row) }
    }
  }

  private mutating func deleteNode(_ random: inout SeededGenerator) throws {
    guard let node = anyNode(&random) else { return }
    if model.degree(node) > 0 {
      do {
        _ = try write.deleteNode(NodeID(node))
        try check(false, "a node with relationships is deleted")
      } catch let error as StoreError {
        try check(error.code == .invalidArgument, "the error of a node with relationships")
      }
      if random.below(3) > 0 { return }
      for type in model.types.indices {
        for (row, relationship) in model.relationships[type].enumerated()
        where relationship?.from == node || relationship?.to == node {
          try delete(type, row)
        }
      }
    }
    try check(write.deleteNode(NodeID(node)), "a node is deleted")
    try check(!write.deleteNode(NodeID(node)), "a node is deleted once")
    model.nodes[Int(node)] = nil
  }
}

extension Value {
  fileprivate var orNil: Value? { if case .null = self { nil } else { self } }
}
extension Range<Int> {
  fileprivate func shuffledInRuns(_ random: inout SeededGenerator) -> [Int] {
    Array(self).shuffledInRuns(&random)
  }
}
