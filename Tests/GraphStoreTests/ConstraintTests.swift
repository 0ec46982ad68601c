import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

struct ConstraintTests {
  /// A store with `(:Client {id: 5})` as node 0 and `(:Client {id: 6})` as node 1.
  private func clients() throws -> Store {
    let store = try Store.temporary()
    let write = try store.beginWrite()
    for id in [5, 6] as [Int64] {
      let node = try write.createNode(labels: [write.label("Client")])
      try write.set(write.propertyKey("id"), of: node, to: .integer(id))
    }
    try write.commit()
    return store
  }

  private func constrain(
    _ write: WriteTransaction, _ kind: ConstraintDefinition.Kind, _ name: String = "rule",
    keys: [String] = ["id"]
  ) throws {
    try write.createConstraint(
      ConstraintDefinition(
        name: name, kind: kind, label: write.label("Client").rawValue,
        keys: keys.map { try write.propertyKey($0) }))
  }

  private func constrain(_ store: Store, _ kind: ConstraintDefinition.Kind) throws {
    let write = try store.beginWrite()
    try constrain(write, kind)
    try write.commit()
  }

  private func error(_ body: () throws -> Void) -> StoreError? {
    do {
      try body()
    } catch {
      return error as? StoreError
    }
    return nil
  }

  @Test func secondOfTheSameValueIsRefused() throws {
    let store = try clients()
    try constrain(store, .unique)
    let write = try store.beginWrite()
    let id = try write.propertyKey("id")
    let node = try write.createNode(labels: [write.label("Client")])
    try write.set(id, of: node, to: .integer(7))
    let error = error { try write.set(id, of: node, to: .float(5)) }
    #expect(error?.code == .constraint)
    #expect(
      error?.message.hasPrefix(
        "Node(0) already exists with label `Client` and property `id` = 5") == true)
    #expect(error?.message.contains("Node(2)") == true)
    // The change has been made, so that the transaction cannot end well.
    #expect(self.error { try write.commit() }?.code == .constraint)
    #expect(try store.snapshot().nodeCount == 2)
  }

  @Test func valuesMoveBetweenNodes() throws {
    let store = try clients()
    try constrain(store, .unique)
    let write = try store.beginWrite()
    let id = try write.propertyKey("id")
    let client = try write.label("Client")
    // By another value, without the label, and by deletion.
    try write.set(id, of: NodeID(0), to: .integer(8))
    let second = try write.createNode(labels: [client])
    try write.set(id, of: second, to: .integer(5))
    try write.removeLabel(client, from: NodeID(1))
    let third = try write.createNode(labels: [client])
    try write.set(id, of: third, to: .integer(6))
    try write.deleteNode(third)
    try write.addLabel(client, to: NodeID(1))
    // Nothing equals NaN, and null is no value.
    for value in [Value.float(.nan), .float(.nan), .null, .null] {
      let node = try write.createNode(labels: [client])
      try write.set(id, of: node, to: value)
    }
    let long = String(repeating: "x", count: 600)
    for end in ["a", "b"] {
      let node = try write.createNode(labels: [client])
      try write.set(id, of: node, to: .string(long + end))
    }
    try write.commit()
    let other = try store.beginWrite()
    let node = try other.createNode(labels: [client])
    #expect(error { try other.set(id, of: node, to: .string(long + "b")) }?.code == .constraint)
  }

  @Test func labelsBringNodesUnderAConstraint() throws {
    let store = try clients()
    try constrain(store, .unique)
    let write = try store.beginWrite()
    let node = try write.createNode(labels: [])
    try write.set(write.propertyKey("id"), of: node, to: .integer(6))
    #expect(error { try write.addLabel(write.label("Client"), to: node) }?.code == .constraint)
  }

  @Test func existingDataIsChecked() throws {
    let store = try clients()
    let write = try store.beginWrite()
    let id = try write.propertyKey("id")
    try write.set(id, of: NodeID(1), to: .integer(5))
    let unique = error { try constrain(write, .unique) }
    #expect(unique?.message.contains("Node(0)") == true)
    #expect(unique?.message.contains("Node(1)") == true)
    #expect(error { try constrain(write, .type("STRING")) }?.message.contains("Node(0)") == true)
    try write.set(id, of: NodeID(1), to: .null)
    #expect(error { try constrain(write, .exists) }?.message.contains("Node(1)") == true)
    #expect(error { try constrain(write, .key) }?.message.contains("Node(1)") == true)
    // A constraint that fails leaves nothing behind.
    #expect(write.reader.schema.indexes.isEmpty && write.reader.schema.constraints.isEmpty)
    try constrain(write, .unique)
    try write.commit()
    #expect(try store.snapshot().schema.constraints.count == 1)
  }

  @Test func missingPropertiesAreFoundAtTheEnd() throws {
    let store = try clients()
    try constrain(store, .exists)
    let id = try store.snapshot().propertyKeyID("id").map { $0 }
    func attempt(_ body: (WriteTransaction) throws -> Void) throws -> StoreError? {
      let write = try store.beginWrite()
      try body(write)
      return error { try write.commit() }
    }
    let key = try #require(id)
    #expect(
      try attempt { _ = try $0.createNode(labels: [$0.label("Client")]) }?.message
        .contains("Node(2) with label `Client` must have the property `id`") == true)
    #expect(try attempt { try $0.set(key, of: NodeID(0), to: .null) }?.code == .constraint)
    #expect(
      try attempt {
        let node = try $0.createNode(labels: [])
        try $0.addLabel($0.label("Client"), to: node)
      }?.code == .constraint)
    // All is well in the end.
    #expect(
      try attempt {
        try $0.set(key, of: NodeID(0), to: .null)
        try $0.set(key, of: NodeID(0), to: .string("back"))
        let gone = try $0.createNode(labels: [$0.label("Client")])
        try $0.deleteNode(gone)
        let other = try $0.createNode(labels: [$0.label("Client")])
        try $0.removeLabel($0.label("Client"), from: other)
      } == nil)
  }

  @Test func typesAreChecked() throws {
    let cases: [(type: String, good: [Value], bad: [Value])] = [
      ("STRING", [.string("a")], [.integer(1), .list([.string("a")])]),
      ("INTEGER | FLOAT", [.integer(1), .float(1)], [.string("1"), .boolean(true)]),
      (
        "LIST<STRING NOT NULL>", [.list([]), .list([.string("a")])],
        [.string("a"), .list([.integer(1)])]
      ),
      ("LIST<INTEGER NOT NULL | FLOAT NOT NULL>", [.list([.integer(1), .float(2)])], [.float(1)]),
      ("LOCAL DATETIME", [.localDateTime(LocalDateTime(seconds: 1))], [.date(LocalDate(days: 1))]),
      ("ANY<DATE | BOOLEAN>", [.date(LocalDate(days: 1)), .boolean(true)], [.integer(1)]),
    ]
    for (type, good, bad) in cases {
      let store = try Store.temporary()
      try constrain(store, .type(type))
      let write = try store.beginWrite()
      let node = try write.createNode(labels: [write.label("Client")])
      let id = try write.propertyKey("id")
      for value in good + [.null] { try write.set(id, of: node, to: value) }
      for value in bad {
        #expect(error { try write.set(id, of: node, to: value) }?.code == .constraint, "\(type)")
      }
    }
    let write = try Store.temporary().beginWrite()
    #expect(error { try constrain(write, .type("NODE")) }?.code == .invalidArgument)
  }

  @Test func relationshipsHaveConstraints() throws {
    let store = try clients()
    let write = try store.beginWrite()
    let type = try write.relationshipType("BOUGHT")
    let key = try write.propertyKey("number")
    for (number, kind) in [ConstraintDefinition.Kind.key, .type("INTEGER")].enumerated() {
      try write.createConstraint(
        ConstraintDefinition(
          name: "rule \(number)", kind: kind, onRelationships: true, label: type.rawValue,
          keys: [key]))
    }
    let first = try write.createRelationship(type, from: NodeID(0), to: NodeID(1))
    try write.set(key, of: first, to: .integer(1))
    try write.commit()
    let second = try store.beginWrite()
    let made = try second.createRelationship(type, from: NodeID(1), to: NodeID(0))
    let error = error { try second.set(key, of: made, to: .integer(1)) }
    #expect(error?.message.contains("already exists with type `BOUGHT`") == true)
    second.abort()
    let third = try store.beginWrite()
    _ = try third.createRelationship(type, from: NodeID(1), to: NodeID(0))
    #expect(self.error { try third.commit() }?.message.contains("must have") == true)
    let fourth = try store.beginWrite()
    let gone = try fourth.createRelationship(type, from: NodeID(1), to: NodeID(0))
    try fourth.deleteRelationship(gone)
    try fourth.commit()
  }

  @Test func namesAndEquivalentsConflict() throws {
    let store = try clients()
    let write = try store.beginWrite()
    try constrain(write, .unique)
    #expect(error { try constrain(write, .exists) }?.code == .schemaConflict)
    #expect(error { try constrain(write, .key, "other") }?.code == .schemaConflict)
    try constrain(write, .exists, "other")
    let client = try write.label("Client").rawValue
    let id = try write.propertyKey("id")
    #expect(
      error { try write.createIndex(IndexDefinition(name: "i", labels: [client], keys: [id])) }?
        .code == .schemaConflict)
    #expect(error { try write.dropIndex(named: "rule") }?.code == .schemaConflict)
    #expect(error { try write.dropIndex(named: "nothing") }?.code == .schemaNotFound)
    try write.dropConstraint(named: "rule")
    #expect(error { try write.dropConstraint(named: "rule") }?.code == .schemaNotFound)
    try write.createIndex(IndexDefinition(name: "rule", labels: [client], keys: [id]))
    #expect(error { try constrain(write, .unique, "third") }?.code == .schemaConflict)
    try write.commit()
  }

  @Test func definitionsSurvive() throws {
    try withTemporaryDirectory { directory in
      let path = directory.path + "/граф"
      let expected: (indexes: [IndexDefinition], constraints: [ConstraintDefinition], version: Int)
      do {
        let store = try Store.open(path)
        let before = try store.snapshot()
        let write = try store.beginWrite()
        try constrain(write, .unique, "а")
        try constrain(write, .type("LIST<STRING>"), "б", keys: ["tags"])
        try constrain(write, .key, "в", keys: ["id", "tags"])
        try write.createIndex(
          IndexDefinition(
            name: "г", onRelationships: true, labels: [write.relationshipType("R").rawValue],
            keys: [write.propertyKey("x")]))
        try write.dropConstraint(named: "б")
        let schema = write.reader.schema
        expected = (schema.indexes, schema.constraints, schema.version)
        try write.commit()
        #expect(before.schema.indexes.isEmpty)
        store.close()
      }
      let store = try Store.open(path)
      let schema = try store.snapshot().schema
      #expect(schema.indexes == expected.indexes)
      #expect(schema.constraints == expected.constraints)
      #expect(schema.version == expected.version)
      #expect(try store.snapshot().schema === schema)
      try store.reset()
      #expect(try store.snapshot().schema.indexes.isEmpty)
      #expect(try store.snapshot().schema.version > expected.version)
      store.close()
    }
  }
}
