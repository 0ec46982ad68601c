import Foundation
import GraphTypes
import TestSupport
import Testing

@testable import Connectors

@Suite struct MappingTests {
  @Test func severalNodesAndRelationshipsPerRow() throws {
    try withImport { fixture in
      try fixture.file(
        "orders.csv",
        Data(
          "Заказы за январь\nзаказ;клиент;имя;товар;цена;дата\n10;1;;A-1;1 200,50;31.01.2024 10:30\n10;1;Анна;A-2;5;31.01.2024 10:30\n11;;;A-1;7,5;01.02.2024 00:00\n12;2;Пётр;NA;7;2.2.2024 1:00\n"
            .unicodeScalars.map { scalar in
              (0...255).first { Windows1251.scalar(UInt8($0)) == UInt16(scalar.value) }.map {
                UInt8($0)
              } ?? 63
            }))
      try fixture.file("clients.csv", "client,name,city\n1,Анна Иванова,Тверь\n3,Ольга,\n")
      fixture.options.mapping = try fixture.file(
        "m.yaml",
        """
        tables:
          - file: orders.csv
            encoding: windows-1251
            decimal: ","
            thousands: true
            dates: [dd.MM.yyyy HH:mm]
            null: NA
            skip-lines: 1
            columns: {заказ: int, клиент: int, цена: float, дата: localdatetime}
            nodes:
              - labels: [Client, Person]
                key: {id: клиент}
                properties: {name: имя}
              - label: Product
                key: {id: товар}
              - label: Line
                name: line
                properties: {price: цена, source: {constant: shop}, text: "{заказ}/{товар}"}
            relationships:
              - type: ORDERED
                from: Client
                to: Product
                properties: {at: дата, order: заказ}
              - {type: HAS, from: Client, to: line}
              - {type: KNOWS, from: Client, to: Product, merge-duplicates: true, where: {цена: {at-least: 7}}}
          - file: clients.csv
            columns: {client: int}
            nodes:
              - label: Client
                key: {id: client}
                properties: [name, city]
            relationships:
              - {type: SELF, from: Client, to: {label: Client, key: client}}
        """)
      for size in [1, 1 << 20] {
        fixture.options.blockSize = size
        let (graph, summary) = try fixture.run()
        #expect(summary.files.map(\.rows) == [4, 2] && summary.rejected == 0)
        let clients = graph.nodes("Client").sorted {
          Value.order($0.properties["id"] ?? .null, $1.properties["id"] ?? .null) < 0
        }
        #expect(
          clients.map(\.properties) == [
            ["id": .integer(1), "name": .string("Анна"), "city": .string("Тверь")],
            ["id": .integer(2), "name": .string("Пётр")],
            ["id": .integer(3), "name": .string("Ольга")],
          ])
        #expect(
          clients.map(\.labels) == [["Client", "Person"], ["Client", "Person"], ["Client"]])
        #expect(
          graph.nodes("Product").map(\.properties) == [
            ["id": .string("A-1")], ["id": .string("A-2")],
          ])
        #expect(graph.nodes("Line").count == 4)
        #expect(
          graph.nodes("Line").compactMap { $0.properties["text"] } == [
            .string("10/A-1"), .string("10/A-2"), .string("11/A-1"),
          ])
        let ordered = graph.edges("ORDERED")
        #expect(ordered.count == 2)
        #expect(
          ordered[0].properties == [
            "at": .localDateTime(try LocalDateTime("2024-01-31T10:30")), "order": .integer(10),
          ])
        #expect(graph.nodes[graph.edges("HAS")[2].to].properties["price"] == .float(7))
        #expect(graph.edges("HAS").count == 3 && graph.edges("KNOWS").count == 1)
        #expect(graph.edges("SELF").count == 2)
      }
    }
  }

  @Test func withoutHeader() throws {
    try withImport { fixture in
      try fixture.file("t.csv", "1|a\n2|b\n")
      fixture.options.mapping = try fixture.file(
        "m.yaml",
        """
        tables:
          - file: t.csv
            header: false
            columns: [{id: int}, name]
            where: {name: {not: a}}
            nodes: [{label: T, key: id, properties: [name]}]
        """)
      let graph = try fixture.run().graph
      #expect(graph.nodes.map(\.properties) == [["id": .integer(2), "name": .string("b")]])
    }
  }

  @Test func errorsNameLineAndNearestKey() throws {
    func failure(_ yaml: String, _ csv: String = "id,name\n1,a\n") throws -> String {
      try withImport { fixture in
        try fixture.file("t.csv", csv)
        fixture.options.mapping = try fixture.file("m.yaml", yaml)
        return fixture.failure()
      }
    }
    let start = "tables:\n  - file: t.csv\n"
    let nodes = "    nodes:\n      - label: T\n        key: id\n"
    #expect(
      try failure(start + "    colums: {id: int}\n")
        == "m.yaml:3:5: unknown key 'colums' (did you mean 'columns'?)")
    #expect(
      try failure(start + "    columns: {id: itn}\n" + nodes)
        == "m.yaml:3:19: unknown type 'itn' (did you mean 'int'?)")
    #expect(
      try failure(start + nodes + "        properties: [nmae]\n")
        == "m.yaml:6: t.csv has no column 'nmae' (did you mean 'name'?)")
    #expect(
      try failure(start + nodes + "    relationships:\n      - {type: R, from: T, to: Q}\n")
        == "m.yaml:7:32: unknown node 'Q' (known: T)")
    #expect(try failure(start) == "m.yaml:2:5: the table makes neither nodes nor relationships")
    #expect(try failure("tables: [\n").hasPrefix("m.yaml:2:1: not valid YAML: "))
    #expect(
      try failure("table:\n").hasPrefix("m.yaml:1:1: unknown key 'table' (did you mean 'tables'?)"))
    #expect(
      try failure(start + "    columns: {id: float}\n" + nodes)
        == "m.yaml:5: column 'id' is a key and has type float (keys are int or string)")
    #expect(
      try failure(start + "    columns: {id: int}\n" + nodes, "id,name\n1,a\nx,b\n")
        == "t.csv:3:1: column 'id': 'x' is not an integer (an integer looks like 42; "
        + "for decimals use type float)")
    #expect(
      try failure(
        start + nodes
          + "    relationships:\n      - {type: R, from: T, to: {label: T, key: name}}\n")
        == "t.csv:2: there is no T with key 'a'")
  }

  @Test func additionsByMapping() throws {
    try withImport { fixture in
      try fixture.file("t.csv", "id,name,other\n1,,5\n2,b,1\n")
      fixture.options.mapping = try fixture.file(
        "m.yaml",
        """
        tables:
          - file: t.csv
            columns: {id: int, other: int}
            nodes: [{label: T, key: id, properties: [name]}]
            relationships:
              - {type: R, from: T, to: {label: T, key: other}}
        """)
      let sink = MemorySink(existing: [
        .init(labels: ["T"], properties: ["id": .integer(5)]),
        .init(labels: ["T"], properties: ["id": .integer(2), "name": .string("old")]),
      ])
      let (graph, summary) = try fixture.run(into: sink)
      #expect(summary.nodes == 1 && summary.updatedNodes == 1)
      #expect(graph.nodes[1].properties["name"] == .string("b"))
      #expect(graph.edges.map { [$0.from, $0.to] } == [[2, 0], [1, 2]])
    }
  }
}
