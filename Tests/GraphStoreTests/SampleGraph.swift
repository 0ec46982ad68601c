import GraphColumns
import GraphTypes
import TestSupport

@testable import GraphStore

/// A graph with everything that a file can have: values of all kinds, several label sets, hubs, texts
/// that repeat, deleted relationships, a name without use.
struct SampleGraph {
  let labels: [LabelID]
  let keys: [PropertyKeyID]
  let type: RelationshipTypeID

  @discardableResult
  static func create(
    _ write: WriteTransaction, nodes: Int, seed: UInt64
  ) throws -> SampleGraph {
    var random = SeededGenerator(seed: seed)
    let keys = try (0..<ValueSamples.kindCount).map { try write.propertyKey("key \($0)") }
    let labels = try (0..<3).map { try write.label("label \($0)") }
    let type = try write.relationshipType("KNOWS")
    _ = try write.relationshipType("UNUSED")
    for index in 0..<nodes {
      let node = try write.createNode(labels: index % 3 == 0 ? [labels[index % 2]] : labels)
      if index % 10 < 3 {
        for (kind, key) in keys.enumerated() {
          try write.set(key, of: node, to: ValueSamples.value(kind: kind, &random))
        }
      }
      let hub = NodeID(UInt64(random.below(3) == 0 ? min(5, index) : random.below(index + 1)))
      let ref = try write.createRelationship(type, from: hub, to: node)
      try write.set(keys[index % 4], of: ref, to: .string("text \(index % 50)"))
      if index % 5 == 0 { try write.deleteRelationship(ref) }
    }
    return SampleGraph(labels: labels, keys: keys, type: type)
  }
}
