import Foundation
import GraphTypes
import TestSupport
import Testing

@testable import Connectors

@Suite struct HeaderImportTests {
  @Test func nodesAndRelationships() throws {
    try withImport { fixture in
      try fixture.nodes(
        "Client", name: "clients.csv",
        "id:ID(Client){id-type:long},name,tags:string[],joined:date,:LABEL,note:IGNORE\n"
          + "1,Анна,a;b,2024-01-31,Vip;Client,x\n2,\"Иван \"\"И\"\"\",,,,\n3,,c,2024-02-01,Vip,y\n")
      try fixture.nodes(
        "Product", name: "products.csv", ":ID(Product),price:double\nA-1,1.5\n007,2\n")
      try fixture.relationships(
        "BOUGHT", name: "bought.csv",
        ":START_ID(Client),:END_ID(Product),quantity:int,:TYPE\n1,007,2,\n3,A-1,1,SEEN\n2,007,,\n")
      for size in [1, 16, 1 << 20] {
        fixture.options.blockSize = size
        let (graph, summary) = try fixture.run()
        #expect(summary.nodes == 5 && summary.relationships == 3 && graph.isFinished)
        #expect(summary.files.map(\.rows) == [3, 2, 3])
        let clients = graph.nodes("Client").sorted {
          Value.order($0.properties["id"] ?? .null, $1.properties["id"] ?? .null) < 0
        }
        #expect(clients.map(\.labels) == [["Client", "Vip"], ["Client"], ["Client", "Vip"]])
        #expect(
          clients[0].properties == [
            "id": .integer(1), "name": .string("Анна"),
            "tags": .list([.string("a"), .string("b")]),
            "joined": .date(try LocalDate("2024-01-31")),
          ])
        #expect(clients[1].properties == ["id": .integer(2), "name": .string("Иван \"И\"")])
        #expect(
          graph.nodes("Product").map(\.properties) == [
            ["price": .float(1.5)], ["price": .float(2)],
          ])
        let seen = try #require(graph.edges("SEEN").first)
        #expect(graph.nodes[seen.from].properties["id"] == .integer(3))
        #expect(graph.nodes[seen.to].properties["price"] == .float(1.5))
        #expect(
          graph.edges("BOUGHT").map { graph.nodes[$0.from].properties["id"] } == [
            .integer(1), .integer(2),
          ])
        #expect(graph.edges("BOUGHT").map(\.properties) == [["quantity": .integer(2)], [:]])
      }
    }
  }

  @Test func severalFiles() throws {
    try withImport { fixture in
      try fixture.file("header.csv", "id:ID;name\n")
      try fixture.file("part1.csv", "1;a\n2;b\n")
      try fixture.file("part2.csv", "id:ID;name\n3;c\n")
      fixture.options.inputFolder = fixture.folder.path
      fixture.options.nodes = [.init(argument: "A:B=header.csv,part*.csv")]
      fixture.options.relationships = []
      let graph = try fixture.run().graph
      #expect(graph.nodes.map(\.labels) == [["A", "B"], ["A", "B"], ["A", "B"]])
      #expect(graph.nodes.map { $0.properties["id"] } == [.integer(1), .integer(2), .integer(3)])
    }
  }

  @Test func identifierKinds() throws {
    try withImport { fixture in
      try fixture.nodes("A", name: "a.csv", "id:ID(A)\n1\n02\n")
      try fixture.nodes("B", name: "b.csv", "id:ID(B)\n1\n-2\n")
      try fixture.nodes("C", name: "c.csv", "id:ID(C){id-type:string}\n1\n2\n")
      let graph = try fixture.run().graph
      #expect(
        graph.nodes.map { $0.properties["id"] } == [
          .string("1"), .string("02"), .integer(1), .integer(-2), .string("1"), .string("2"),
        ])
    }
  }

  @Test func errorsNamePlaceAndRemedy() throws {
    func failure(_ nodes: String, _ relationships: String = ":START_ID(A),:END_ID(A)\n") throws
      -> String
    {
      try withImport { fixture in
        try fixture.nodes("A", name: "a.csv", nodes)
        try fixture.relationships("R", name: "r.csv", relationships)
        let sink = MemorySink()
        let text = fixture.failure(into: sink)
        #expect(sink.isCancelled && !sink.isFinished)
        return text
      }
    }
    #expect(
      try failure("id:ID(A),age:int\n1,5\n2,x1\n")
        == "a.csv:3:3: column 'age': 'x1' is not an integer (an integer looks like 42; "
        + "for decimals use type float)")
    #expect(
      try failure("id:ID(A),age:integr\n1,5\n")
        == "a.csv:1: header, field 2: unknown type 'integr' (did you mean 'integer'?)")
    #expect(try failure("id:ID(A)\n1\n2\n1\n") == "a.csv:4: the id '1' occurs twice in A")
    #expect(
      try failure("id:ID(A)\n1\n", ":START_ID(A),:END_ID(A)\n1,1\n1,7\n")
        == "r.csv:3:3: column ':END_ID(A)': there is no node with id '7' in A")
    #expect(
      try failure("id:ID(Client)\n1\n", ":START_ID(Clint),:END_ID(Client)\n1,1\n")
        == "r.csv:1: unknown id space 'Clint' (did you mean 'Client'?)")
    #expect(
      try failure("id:ID(A),a,a\n1,2,3\n")
        == "a.csv:1: header, field 3: two columns are named 'a'")
    #expect(
      try failure("id:ID(A),a\n,2\n")
        == "a.csv:2:1: column 'id' is empty, but a value is needed")
    #expect(try failure("") == "a.csv: is empty; the first line must be the header")
    #expect(
      try failure("id:ID(A)\n1\n", ":START_ID(A)\n1\n")
        == "r.csv:1: a relationship file needs the columns :START_ID and :END_ID")
  }

  @Test func skippedRowsGoToAFile() throws {
    try withImport { fixture in
      try fixture.nodes(
        "A", name: "a.csv", "id:ID(A),age:int\r\n1,5\r\n2,\"x,\"\r\n1,6\r\n3,7\r\n\r\n4\r\n")
      try fixture.relationships("R", name: "r.csv", ":START_ID(A),:END_ID(A)\n1,3\n1,2\n")
      fixture.options.onError = .skip
      fixture.options.rejectFolder = fixture.folder.appendingPathComponent("bad").path
      for size in [1, 1 << 20] {
        fixture.options.blockSize = size
        let (graph, summary) = try fixture.run()
        #expect(graph.nodes.map { $0.properties["id"] } == [.integer(1), .integer(3)])
        #expect(graph.edges.count == 1)
        #expect(summary.rejected == 4)
        #expect(summary.files.map(\.rejected) == [3, 1])
        let path = try #require(summary.files[0].rejectFile)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\n").sorted()
        #expect(
          lines == [
            "1,6,line 4: the id '1' occurs twice in A",
            "2,\"x,\",\"line 3, column 4: column 'age': 'x,' is not an integer\"",
            "4,\"line 7: the row has 1 field, expected 2\"",
            "id:ID(A),age:int,reason",
          ])
      }
    }
  }

  @Test func additionsFindExistingNodes() throws {
    try withImport { fixture in
      try fixture.nodes("A", name: "a.csv", "id:ID(A),age:int,name\n2,5,\n3,6,x\n")
      try fixture.relationships("R", name: "r.csv", ":START_ID(A),:END_ID(A)\n1,3\n2,1\n")
      try fixture.relationships(
        "S", name: "s.csv", ":START_ID(A),\":END_ID(O){label:Other,property:key}\"\n3,k1\n")
      let sink = MemorySink(existing: [
        .init(labels: ["A"], properties: ["id": .integer(1)]),
        .init(labels: ["Other"], properties: ["key": .string("k1")]),
        .init(
          labels: ["A"], properties: ["id": .integer(2), "age": .integer(1), "name": .string("y")]),
      ])
      let (graph, summary) = try fixture.run(into: sink)
      #expect(summary.nodes == 1 && summary.updatedNodes == 1)
      #expect(
        graph.nodes[2].properties == [
          "id": .integer(2), "age": .integer(5), "name": .string("y"),
        ])
      #expect(graph.edges.map { [$0.from, $0.to] } == [[0, 3], [2, 0], [3, 1]])
    }
  }

  @Test func gzipInput() throws {
    try withImport { fixture in
      let text = "id:ID,t\n" + (0..<5000).map { "\($0),text number \($0)\n" }.joined()
      let plain = try fixture.file("a.csv", text)
      let packed = try CompletedProcess.run("gzip", ["-c", plain]).output
      try fixture.file("a.csv.gz", packed + packed.prefix(0))
      fixture.options.inputFolder = fixture.folder.path
      fixture.options.nodes = [.init(argument: "A=a.csv.gz")]
      fixture.options.blockSize = 1000
      #expect(try fixture.run().graph.nodes.count == 5000)
      try fixture.file("a.csv.gz", packed.prefix(packed.count / 2))
      #expect(fixture.failure().hasPrefix("a.csv.gz: ends in the middle of its gzip data"))
    }
  }

  @Test func largeIdentifiersAndTexts() throws {
    // Sparse integers and many texts go through hash tables that grow.
    var random = SeededGenerator(seed: 3)
    let map = IdentifierMap(name: "", kind: .integer)
    var model: [Int64: Int] = [:]
    for _ in 0..<20_000 {
      let id = Int64.random(in: -30_000...30_000, using: &random) &* 1_000_003
      let (ordinal, isNew) = map.insert(id)
      #expect(isNew == (model[id] == nil))
      if isNew {
        model[id] = Int(ordinal)
        map.setRow(UInt64(ordinal) + 7, ofOrdinal: Int(ordinal))
      }
    }
    let lookup = map.freeze()
    for (id, ordinal) in model { #expect(lookup.row(id) == UInt32(ordinal + 7)) }
    #expect(lookup.row(1) == IdentifierMap.missing)
  }
}
