internal import GraphStore

/// An index or a unique constraint that an import is asked for: `Client.id`, `PURCHASED.at`, or
/// `Client.lastName,city` for several properties together.
package struct SchemaArgument: Sendable, Equatable {
  /// As it was given.
  package var text: String
  package var isUnique: Bool
  /// A label or a relationship type.
  var owner: String
  var keys: [String]

  /// Nil when the argument is not of that form.
  package init?(_ text: String, isUnique: Bool) {
    guard let dot = text.firstIndex(of: ".") else { return nil }
    self.text = text
    self.isUnique = isUnique
    owner = String(text[..<dot])
    keys = text[text.index(after: dot)...].split(
      separator: ",", omittingEmptySubsequences: false
    ).map { $0.trimmingBlanks }
    if owner.isEmpty || keys.contains("") || Set(keys).count < keys.count { return nil }
  }

  /// - Parameter names: what the import has made.
  func request(_ names: ImportedNames) throws(ImportError) -> BulkSchemaRequest {
    let option = isUnique ? "--unique" : "--index"
    let isLabel = names.labels[owner] != nil
    guard let known = names.labels[owner] ?? names.types[owner] else {
      var error = ImportError.unknown(
        "label or relationship type", owner,
        among: (Array(names.labels.keys) + names.types.keys).sorted())
      error.message = "\(option) \(text): the import has no label or relationship type '\(owner)'"
      throw error
    }
    for key in keys where !known.contains(key) {
      var error = ImportError.unknown("property", key, among: known.sorted())
      error.message = "\(option) \(text): \(owner) has no property '\(key)'"
      throw error
    }
    return BulkSchemaRequest(
      isUnique ? .constraint(.unique) : .index, onRelationships: !isLabel, label: owner,
      keys: keys)
  }
}

/// The labels and relationship types that an import makes, each with its property keys.
struct ImportedNames {
  var labels: [String: Set<String>] = [:]
  var types: [String: Set<String>] = [:]
}
