internal import CypherExecution
internal import CypherPlanning

/// What `gds.list` lists.
enum GraphDataScienceEntries {
  struct Entry {
    var name: String
    var summary: String
    var signature: String
    var type: String
  }

  /// Sorted by name.
  static func all(_ database: Database) -> [Entry] {
    let procedures = database.registry.all.map(\.signature)
      .filter { $0.name.hasPrefix("gds.") }
      .map { Entry(name: $0.name, summary: $0.summary, signature: $0.usage, type: "procedure") }
    let functions = FunctionTable.all.filter { $0.name.hasPrefix("gds.") }
      .map { Entry(name: $0.name, summary: $0.summary, signature: $0.usage, type: "function") }
    return (procedures + functions).sorted { ($0.name, $0.type) < ($1.name, $1.type) }
  }
}
