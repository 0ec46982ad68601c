import GraphColumns
import GraphTypes
import TestSupport

@testable import GraphStore

/// A graph with full-text indexes and the same texts in naive ones.
final class FullTextGraph {
  let store: Store
  /// Nodes with `Review` or `Product`; relationships of the type `NOTE`.
  static let nodeIndex = "texts"
  static let relationshipIndex = "notes"
  var nodes = NaiveFullText(fieldCount: 2)
  var notes = NaiveFullText(fieldCount: 1)
  var labels: [UInt64: Set<String>] = [:]
  var properties: [UInt64: [Value]] = [:]
  var relationships: [UInt64: RelationshipRef] = [:]

  init(_ store: Store) { self.store = store }

  static func definition(
    _ write: WriteTransaction, relationships: Bool, analyzer: String? = nil
  ) throws -> IndexDefinition {
    IndexDefinition(
      id: 0, name: relationships ? relationshipIndex : nodeIndex, kind: .fulltext,
      onRelationships: relationships,
      labels: relationships
        ? [try write.relationshipType("NOTE").rawValue]
        : [try write.label("Review").rawValue, try write.label("Product").rawValue],
      keys: relationships
        ? [try write.propertyKey("text")]
        : [try write.propertyKey("text"), try write.propertyKey("title")],
      isUnique: false, constraint: nil, analyzer: analyzer, state: .populating)
  }

  static let vocabulary = [
    "чайник", "чайника", "чайники", "отличный", "отлично", "плохой", "и", "не", "не", "размер",
    "размеры", "Wi-Fi", "phone", "phones", "the", "кофе", "кофеварка", "ёлка", "елки", "12,5",
  ]

  static func text(_ random: inout SeededGenerator) -> Value {
    switch random.below(12) {
    case 0: return .null
    case 1: return .integer(5)
    case 2:
      return .list(
        [text(&random), text(&random)].filter { if case .string = $0 { true } else { false } })
    case 3: return .string("")
    default:
      let count = random.below(random.below(10) == 0 ? 80 : 9)
      return .string(
        (0..<count).map { _ in vocabulary[random.below(vocabulary.count)] }.joined(separator: " "))
    }
  }

  /// One random change in the transaction and in the model.
  func step(_ write: WriteTransaction, _ random: inout SeededGenerator) throws {
    let keys = [try write.propertyKey("text"), try write.propertyKey("title")]
    let some = properties.keys.sorted().randomElement(using: &random)
    switch random.below(12) {
    case 0...3:
      let labels: Set<String> = [["Review"], ["Product"], ["Review", "Product"], ["Other"], []][
        random.below(5)]
      let node = try write.createNode(labels: try labels.sorted().map { try write.label($0) })
      self.labels[node.rawValue] = labels
      properties[node.rawValue] = [.null, .null]
      for key in 0..<random.below(3) {
        properties[node.rawValue]?[key] = Self.text(&random)
        try write.set(keys[key], of: node, to: properties[node.rawValue]?[key] ?? .null)
      }
    case 4, 5, 6:
      guard let some else { return }
      let key = random.below(2)
      properties[some]?[key] = Self.text(&random)
      try write.set(keys[key], of: NodeID(some), to: properties[some]?[key] ?? .null)
    case 7:
      guard let some else { return }
      let label = ["Review", "Product", "Other"][random.below(3)]
      if labels[some]?.contains(label) == true {
        labels[some]?.remove(label)
        try write.removeLabel(try write.label(label), from: NodeID(some))
      } else {
        labels[some]?.insert(label)
        try write.addLabel(try write.label(label), to: NodeID(some))
      }
    case 8:
      guard let some,
        !relationships.values.contains(where: {
          $0.start.rawValue == some || $0.end.rawValue == some
        })
      else { return }
      try write.deleteNode(NodeID(some))
      labels[some] = nil
      properties[some] = nil
    case 9:
      guard let some, let other = properties.keys.sorted().randomElement(using: &random) else {
        return
      }
      let isNote = random.below(4) > 0
      let relationship = try write.createRelationship(
        try write.relationshipType(isNote ? "NOTE" : "OTHER"), from: NodeID(some),
        to: NodeID(other))
      relationships[relationship.id.rawValue] = relationship
      let text = Self.text(&random)
      try write.set(keys[0], of: relationship, to: text)
      if isNote { notes.documents[relationship.id.rawValue] = [text] }
    case 10:
      guard
        let (number, relationship) = relationships.sorted(by: { $0.key < $1.key })
          .randomElement(using: &random)
      else { return }
      let text = Self.text(&random)
      try write.set(keys[0], of: relationship, to: text)
      if notes.documents[number] != nil { notes.documents[number] = [text] }
    default:
      guard
        let (number, relationship) = relationships.sorted(by: { $0.key < $1.key })
          .randomElement(using: &random)
      else { return }
      try write.deleteRelationship(relationship)
      relationships[number] = nil
      notes.documents[number] = nil
    }
    nodes.documents = properties.filter {
      labels[$0.key]?.isDisjoint(with: ["Review", "Product"]) == false
    }
  }
}
