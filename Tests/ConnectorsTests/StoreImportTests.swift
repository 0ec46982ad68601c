import Foundation
import GraphStore
import GraphTypes
import TestSupport
import Testing

@testable import Connectors

/// Imports into real databases.
@Suite struct StoreImportTests {
  @Test func newDatabaseAndAddition() throws {
    try withImport { fixture in
      let path = fixture.folder.appendingPathComponent("g.tropa").path
      let rows = (1...5000).map { "\($0),имя \($0 % 7),\($0 % 3 == 0 ? "" : "\($0).5")\n" }
      try fixture.nodes(
        "Client", name: "c.csv", "id:ID(Client){id-type:long},name,rate:double\n" + rows.joined())
      let pairs = (1...5000).map { "\($0),\(5001 - $0),\($0)\n" }.joined()
      try fixture.relationships(
        "KNOWS", name: "k.csv", ":START_ID(Client),:END_ID(Client),n:int\n" + pairs)
      fixture.options.blockSize = 10_000
      let summary = try ImportJob(fixture.options).run(creating: path)
      #expect(summary.nodes == 5000 && summary.relationships == 5000)

      fixture.options.nodes = []
      fixture.options.relationships = []
      try fixture.nodes("Client", name: "c2.csv", "id:ID(Client),name\n7,новое\n6000,x\n")
      try fixture.relationships(
        "LIKES", name: "l.csv", ":START_ID(Client),:END_ID(Client)\n6000,7\n")
      fixture.options.schema = ["Client.id", "Client.name"].compactMap {
        SchemaArgument($0, isUnique: $0.hasSuffix("id"))
      }
      let store = try Store.open(path)
      defer { store.close() }
      let addition = try ImportJob(fixture.options).run(addingTo: store)
      #expect(addition.nodes == 1 && addition.relationships == 1 && addition.updatedNodes == 1)
      let reader = try store.snapshot()
      #expect(reader.nodeCount == 5001 && reader.relationshipCount == 5001)
      #expect(reader.schema.indexes.map(\.name) == ["Client_id_unique", "Client_name_index"])
      let name = try #require(reader.propertyKeyID("name"))
      let id = try #require(reader.propertyKeyID("id"))
      let likes = try #require(reader.relationshipTypeID("LIKES"))
      var found = 0
      for row in 0..<UInt64(reader.nodeRowCount) {
        guard case .integer(let number) = try reader.property(id, of: NodeID(row)) else { continue }
        let expected = number == 7 ? "новое" : number == 6000 ? "x" : "имя \(number % 7)"
        #expect(try reader.property(name, of: NodeID(row)) == .string(expected))
        let degree = try reader.adjacency(likes, .outgoing).degree(of: NodeID(row))
        #expect(degree == (number == 6000 ? 1 : 0))
        found += 1
      }
      #expect(found == 5001)
    }
  }

  @Test func nothingIsLeftOfABadImport() throws {
    try withImport { fixture in
      let path = fixture.folder.appendingPathComponent("g.tropa").path
      try fixture.nodes("A", name: "a.csv", "id:ID(A)\n1\n2\n1\n")
      #expect(throws: ImportError.self) { try ImportJob(fixture.options).run(creating: path) }
      let left = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path)
      #expect(left == ["a.csv"])
    }
  }

  @Test(
    .enabled(if: SharedData.url("data/cdnow") != nil, "needs shared/data/cdnow"))
  func cdnow() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("g.tropa").path
      var options = ImportJob.Options()
      options.mapping =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Mappings/cdnow.yaml").path
      options.inputFolder = SharedData.url("data/cdnow")?.path
      let summary = try ImportJob(options).run(creating: path)
      #expect(summary.nodes == 23_571 && summary.relationships == 69_659)
    }
  }

  @Test func indexesOfArguments() throws {
    try withImport { fixture in
      try fixture.nodes("Client", name: "c.csv", "id:ID(Client),name,city\n1,Анна,Тверь\n2,Ира,\n")
      try fixture.relationships(
        "KNOWS", name: "k.csv", ":START_ID(Client),:END_ID(Client),since:int\n1,2,2020\n")
      func arguments(_ unique: [String], _ index: [String]) {
        fixture.options.schema =
          unique.compactMap { SchemaArgument($0, isUnique: true) }
          + index.compactMap { SchemaArgument($0, isUnique: false) }
      }
      arguments(["Client.id"], ["Client.city", "Client.name, city", "KNOWS.since"])
      let (graph, _) = try fixture.run()
      #expect(
        graph.requests == [
          .init(.constraint(.unique), label: "Client", keys: ["id"]),
          .init(.index, label: "Client", keys: ["city"]),
          .init(.index, label: "Client", keys: ["name", "city"]),
          .init(.index, onRelationships: true, label: "KNOWS", keys: ["since"]),
        ])
      arguments([], ["Clent.id"])
      #expect(
        fixture.failure()
          == "--index Clent.id: the import has no label or relationship type 'Clent' "
          + "(did you mean 'Client'?)")
      arguments(["Client.ide"], [])
      #expect(
        fixture.failure()
          == "--unique Client.ide: Client has no property 'ide' (did you mean 'id'?)")
    }
    for text in ["Client", ".id", "Client.", "Client.a,", "Client.a,a"] {
      #expect(SchemaArgument(text, isUnique: true) == nil)
    }
  }

  @Test func indexesOfMappings() throws {
    try withImport { fixture in
      try fixture.file("c.csv", "client,name,city,friend\n1,Анна,Тверь,2\n2,Ира,,1\n")
      func mapping(_ node: String, _ relationship: String = "index: at") throws {
        fixture.options.mapping = try fixture.file(
          "m.yaml",
          """
          tables:
            - file: c.csv
              nodes:
                - {label: Client, key: {id: client}, properties: [name, city], \(node)}
              relationships:
                - {type: KNOWS, from: Client, to: {label: Client, key: friend},
                   properties: {at: city}, \(relationship)}
          """)
      }
      try mapping("unique: true, index: [city, [name, city]]")
      let (graph, _) = try fixture.run()
      #expect(
        graph.requests == [
          .init(.constraint(.unique), label: "Client", keys: ["id"]),
          .init(.index, label: "Client", keys: ["city"]),
          .init(.index, label: "Client", keys: ["name", "city"]),
          .init(.index, onRelationships: true, label: "KNOWS", keys: ["at"]),
        ])
      try mapping("index: town")
      #expect(fixture.failure().contains("unknown property 'town'"))
      try mapping("unique: true", "index: [[at, at]]")
      #expect(fixture.failure().contains("one or several different properties"))
    }
  }
}
