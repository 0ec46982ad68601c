internal import GraphStore

/// `db.*` and `dbms.*`: what is in the database.
enum CatalogueProcedures {
  static let all: [Procedure] = [
    Procedure(
      "db.labels", outputs: [.init("label", "STRING")],
      summary: "Labels of the nodes in the database."
    ) { call in
      let reader = call.context.reader
      for name in reader.labelNames.sorted() {
        guard let id = reader.labelID(name), reader.nodeCount(label: id) > 0 else { continue }
        try call.emit([.string(name)])
      }
    },
    Procedure(
      "db.relationshipTypes", outputs: [.init("relationshipType", "STRING")],
      summary: "Types of the relationships in the database."
    ) { call in
      let reader = call.context.reader
      for name in reader.relationshipTypeNames.sorted() {
        guard let id = reader.relationshipTypeID(name), reader.relationshipCount(type: id) > 0
        else { continue }
        try call.emit([.string(name)])
      }
    },
    Procedure(
      "db.propertyKeys", outputs: [.init("propertyKey", "STRING")],
      summary: "Property keys ever used in the database."
    ) { call in
      for name in call.context.reader.propertyKeyNames.sorted() { try call.emit([.string(name)]) }
    },
    Procedure(
      "dbms.components",
      outputs: [
        .init("name", "STRING"), .init("versions", "LIST<STRING>"), .init("edition", "STRING"),
      ],
      summary: "Name and version of the engine."
    ) { call in
      try call.emit([
        .string("Tropa"), .list([.string(TropaVersion.current)]), .string("embedded"),
      ])
    },
    Procedure(
      "db.awaitIndexes",
      inputs: [.init("timeOutSeconds", "INTEGER", defaultValue: .integer(300))],
      summary: "Does nothing: an index is complete when the transaction that makes it is committed."
    ) { _ in },
    Procedure(
      "db.awaitIndex",
      inputs: [
        .init("indexName", "STRING"),
        .init("timeOutSeconds", "INTEGER", defaultValue: .integer(300)),
      ],
      summary: "Looks whether there is the index; it is complete then."
    ) { call in
      guard case .string(let name) = call.arguments[0],
        call.context.reader.schema.index(named: name) != nil
      else {
        throw QueryError(
          .schemaError, "IndexNotFound",
          "there is no index \(call.arguments[0].text(.literal))",
          hint: "SHOW INDEXES lists them")
      }
    },
  ]
}
