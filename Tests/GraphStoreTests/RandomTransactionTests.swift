import Foundation
import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// Random transactions on a store and on the model, which must agree: inside the transaction,
/// after commit or abort, in a snapshot taken before, and after opening the file again.
@Suite struct RandomTransactionTests {
  struct Worker {
    var random: SeededGenerator
    var model = GraphModel()

    private mutating func value() -> Value {
      switch Int.random(in: 0..<10, using: &random) {
      case 0: .null
      case 1: .integer(Int64.random(in: -5...5, using: &random))
      case 2: .integer(Int64(bitPattern: random.next()))
      case 3: .float(Double.random(in: -10...10, using: &random))
      case 4: .boolean(Bool.random(using: &random))
      case 5: .date(LocalDate(days: Int64.random(in: 0...20000, using: &random)))
      case 6: .list([.integer(1), .integer(2)])
      case 7:
        .string(String(repeating: "длинный ", count: Int.random(in: 0...200, using: &random)))
      default: .string("т\(Int.random(in: 0...9, using: &random))")
      }
    }
    /// Mostly one type per key, as in real data.
    private mutating func value(for key: String) -> Value {
      if Int.random(in: 0..<6, using: &random) == 0 { return .null }
      switch key {
      case "name": return .string("имя \(Int.random(in: 0...50, using: &random))")
      case "age": return .integer(Int64.random(in: 0...90, using: &random))
      case "score": return .float(Double.random(in: 0...1, using: &random))
      default: return value()
      }
    }

    /// One change to both.
    mutating func change(_ transaction: WriteTransaction) throws {
      let node = model.nodes.keys.sorted().randomElement(using: &random)
      let relationship = model.relationships.keys.sorted().randomElement(using: &random)
      switch Int.random(in: 0..<20, using: &random) {
      case 0..<4: try create(transaction)
      case 4..<9:
        guard let node else { return try create(transaction) }
        let other = model.nodes.keys.sorted().randomElement(using: &random) ?? node
        let type = GraphModel.types.randomElement(using: &random)!
        let reference = try transaction.createRelationship(
          transaction.relationshipType(type), from: node, to: other)
        #expect(model.relationships[reference.id] == nil)
        model.relationships[reference.id] = .init(reference: reference, type: type)
      case 9..<13:
        guard let node else { return }
        let key = GraphModel.keys.randomElement(using: &random)!
        let value = value(for: key)
        let had = try transaction.set(transaction.propertyKey(key), of: node, to: value)
        #expect(had == (model.nodes[node]?.properties[key] != nil))
        model.nodes[node]?.properties[key] = value.isNullValue ? nil : value
      case 13..<15:
        guard let relationship, let record = model.relationships[relationship] else { return }
        let key = GraphModel.keys.randomElement(using: &random)!
        let value = value(for: key)
        let had = try transaction.set(
          transaction.propertyKey(key), of: record.reference, to: value)
        #expect(had == (record.properties[key] != nil))
        model.relationships[relationship]?.properties[key] = value.isNullValue ? nil : value
      case 15:
        guard let node else { return }
        let label = GraphModel.labels.randomElement(using: &random)!
        let isNew = try transaction.addLabel(transaction.label(label), to: node)
        #expect(isNew == !(model.nodes[node]?.labels.contains(label) ?? false))
        model.nodes[node]?.labels.insert(label)
      case 16:
        guard let node else { return }
        let label = GraphModel.labels.randomElement(using: &random)!
        let had = try transaction.removeLabel(transaction.label(label), from: node)
        #expect(had == (model.nodes[node]?.labels.contains(label) ?? false))
        model.nodes[node]?.labels.remove(label)
      case 17..<19:
        guard let relationship, let record = model.relationships[relationship] else { return }
        #expect(try transaction.deleteRelationship(record.reference))
        #expect(try !transaction.deleteRelationship(record.reference))
        model.relationships[relationship] = nil
      default:
        guard let node else { return }
        let attached = model.relationships.values.filter {
          $0.reference.start == node || $0.reference.end == node
        }
        if let first = attached.first {
          #expect(throws: StoreError.self) { try transaction.deleteNode(node) }
          if attached.count > 3 { return }
          _ = first
        }
        for record in attached {
          #expect(try transaction.deleteRelationship(record.reference))
          model.relationships[record.reference.id] = nil
        }
        #expect(try transaction.deleteNode(node))
        #expect(try !transaction.deleteNode(node))
        model.nodes[node] = nil
      }
    }

    mutating func create(_ transaction: WriteTransaction) throws {
      let labels = GraphModel.labels.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
      let node = try transaction.createNode(labels: labels.map { try transaction.label($0) })
      #expect(model.nodes[node] == nil)
      model.nodes[node] = .init(labels: Set(labels))
    }
  }

  @Test(arguments: 1...4) func storeEqualsModel(_ seed: Int) throws {
    try withTemporaryDirectory { folder in
      var options = StoreOptions()
      options.durability = .bulk
      let path = folder.appendingPathComponent("graph").path
      var store = try Store.open(path, options: options)
      var worker = Worker(random: SeededGenerator(seed: UInt64(seed)))
      var old: (model: GraphModel, reader: GraphReader)?
      for round in 0..<500 {
        let before = worker.model
        let names = try store.snapshot().labelNames
        let transaction = try store.beginWrite()
        for _ in 0..<Int.random(in: 1...12, using: &worker.random) {
          try worker.change(transaction)
        }
        if round % 11 == 0 {
          #expect(try worker.model.differences(transaction.reader) == [], "inside, round \(round)")
        }
        if Int.random(in: 0..<4, using: &worker.random) == 0 {
          transaction.abort()
          worker.model = before
          #expect(try store.snapshot().labelNames == names)
        } else {
          try transaction.commit()
        }
        if let (model, reader) = old, round % 17 == 0 {
          #expect(try model.differences(reader) == [], "old reader, round \(round)")
        }
        if round % 23 == 0 { old = (worker.model, try store.snapshot()) }
        if round % 7 == 0 {
          #expect(try worker.model.differences(store.snapshot()) == [], "round \(round)")
        }
        if round % 60 == 59 {
          old = nil
          store.close()
          store = try Store.open(path, options: options)
          #expect(try worker.model.differences(store.snapshot()) == [], "reopened, \(round)")
        }
      }
    }
  }

  /// The same around the end of a segment.
  @Test func severalSegments() throws {
    let store = try Store.temporary()
    var worker = Worker(random: SeededGenerator(seed: 99))
    let first = try store.beginWrite()
    let key = try first.propertyKey("age")
    for row in 0..<(Segments.rowCount - 10) {
      try worker.create(first)
      let value = Value.integer(Int64(row))
      try first.set(key, of: NodeID(UInt64(row)), to: value)
      worker.model.nodes[NodeID(UInt64(row))]?.properties["age"] = value
    }
    try first.commit()
    for round in 0..<8 {
      let transaction = try store.beginWrite()
      for _ in 0..<60 { try worker.change(transaction) }
      if round % 4 == 1 {
        #expect(try worker.model.differences(transaction.reader, keys: ["age", "name"]) == [])
      }
      try transaction.commit()
    }
    #expect(try store.snapshot().nodeSegmentCount == 2)
    #expect(try worker.model.differences(store.snapshot()) == [])
  }
}

extension Value {
  var isNullValue: Bool { if case .null = self { true } else { false } }
}
