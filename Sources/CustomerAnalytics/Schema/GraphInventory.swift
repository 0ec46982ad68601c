import Tropa

/// Which names a database has. Three look-ups in its catalogue.
struct GraphInventory {
  let labels: [String]
  let types: [String]
  let properties: [String]

  init(_ call: ProcedureInvocation) throws {
    func names(_ procedure: String) throws -> [String] {
      let result = try call.query("CALL \(procedure)()")
      return try result.strings(result.columns[0])
    }
    labels = try names("db.labels")
    types = try names("db.relationshipTypes")
    properties = try names("db.propertyKeys")
  }

  func names(_ kind: SchemaKey.Kind) -> [String] {
    switch kind {
    case .label: labels
    case .type: types
    case .property: properties
    case .expression: []
    }
  }

  func has(_ name: String?, _ kind: SchemaKey.Kind) -> Bool {
    name.map { names(kind).contains($0) } ?? false
  }
}
