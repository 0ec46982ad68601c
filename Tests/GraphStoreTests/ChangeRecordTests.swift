import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// Records of changes: what is written is read, and damaged ones give errors.
@Suite struct ChangeRecordTests {
  private func random(_ random: inout SeededGenerator) -> Change {
    func node() -> NodeID {
      NodeID(UInt64(random.below([3, 300, 70_000, 1 << 31][random.below(4)])))
    }
    let id = UInt32(random.below([3, 200][random.below(2)]))
    let relationship = RelationshipRef(
      id: RelationshipID(type: RelationshipTypeID(id), row: node().rawValue), start: node(),
      end: node())
    let value = ValueSamples.value(kind: random.below(ValueSamples.kindCount), &random)
    switch random.below(9) {
    case 0: return .name([.label, .relationshipType, .propertyKey][random.below(3)], "имя \(id)")
    case 1: return .createNode((0..<UInt32(random.below(4))).map { LabelID($0 + id) })
    case 2: return .deleteNode(node())
    case 3: return .addLabel(LabelID(id), node())
    case 4: return .removeLabel(LabelID(id), node())
    case 5: return .setNode(PropertyKeyID(id), node(), value)
    case 6: return .createRelationship(RelationshipTypeID(id), from: node(), to: node())
    case 7: return .deleteRelationship(relationship)
    default: return .setRelationship(PropertyKeyID(id), relationship, value)
    }
  }

  @Test func roundTrip() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<200 {
      let changes = (0..<random.below(30)).map { _ in self.random(&random) }
      var record = ChangeRecord()
      for change in changes { record.append(change) }
      #expect(record.changeCount == changes.count && record.isEmpty == changes.isEmpty)
      let read = try ChangeRecord.changes(of: record.finished())
      #expect("\(read)" == "\(changes)")
    }
    // A value whose size needs several bytes.
    var record = ChangeRecord()
    let long = Value.string(String(repeating: "длинный ", count: 5000))
    record.append(.setNode(PropertyKeyID(1), NodeID(2), long))
    record.append(.deleteNode(NodeID(2)))
    let read = try ChangeRecord.changes(of: record.finished())
    guard case .setNode(_, _, let value) = read[0], read.count == 2 else {
      throw CancellationError()
    }
    #expect(value == long)
  }

  /// With the right checksum, so that the changes themselves are damaged.
  @Test func damagedRecordsDoNotCrash() throws {
    let store = try Store.temporary()
    let write = try store.beginWrite()
    for name in ["A", "B"] { _ = try write.label(name) }
    for name in ["k", "l"] { _ = try write.propertyKey(name) }
    let type = try write.relationshipType("T")
    for _ in 0..<300 { _ = try write.createNode(labels: [LabelID(0)]) }
    for row in 0..<100 {
      _ = try write.createRelationship(type, from: NodeID(UInt64(row)), to: NodeID(UInt64(3 * row)))
    }
    try write.commit()
    let snapshot = try store.snapshot()
    var random = Fuzzing.generator(seed: 4)
    var (errors, read) = (0, 0)
    for round in Fuzzing.rounds(3000) {
      var record = ChangeRecord()
      for _ in 0..<(1 + random.below(20)) { record.append(self.random(&random)) }
      var bytes = record.finished()
      for _ in 0..<random.below(4) {
        bytes[8 + random.below(bytes.count - 8)] = [0, 1, 2, 127, 128, 255][random.below(6)]
      }
      if round % 5 == 0 { bytes.removeLast(random.below(bytes.count)) }
      if bytes.count >= 8 {
        bytes.withUnsafeMutableBytes {
          let sum = ChunkChecksum.of(UnsafeRawBufferPointer(rebasing: $0[8...]))
          $0.storeBytes(of: sum, as: UInt64.self)
        }
      }
      do {
        _ = try ChangeRecord.changes(of: bytes)
        read += 1
        let state = GraphState(snapshot.core)
        try snapshot.core.replay(into: state)
        let result: Result<Void, StoreError> = bytes.withUnsafeBytes { raw in
          Result { () throws(StoreError) in try state.replay(raw) }
        }
        try result.get()
      } catch let error {
        errors += 1
        #expect([.damaged, .newerFormat].contains(error.code) && error.hint != nil)
      }
    }
    #expect(errors > 1000 && read > 1000)
  }
}
