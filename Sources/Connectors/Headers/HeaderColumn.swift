internal import GraphTypes

/// A column of a header in neo4j-admin's manner: `name:type`, `name:ID(Space){option:value}`,
/// `:START_ID(Space)`, `:END_ID(Space)`, `:LABEL`, `:TYPE`, `:IGNORE`.
///
/// Ids: with `{id-type:long}` (or `int`, `integer`) they are integers, with `{id-type:string}`
/// texts. Without it they are integers if all ids of the first block are written as integers are
/// (no leading zeros), otherwise texts. neo4j-admin would store texts; here `c.id = 17` finds the
/// client. `id:ID(Client)` also stores the id as property `id`; `:ID(Client)` does not.
///
/// `{label:Client}` at an ID gives its nodes a label. `{label:Client, property:id}` at START_ID and
/// END_ID says where the ids of nodes that are already in the database are found; without it the
/// label is the space and the property `id`. (A header field with a comma is quoted in the file.)
struct HeaderColumn: Sendable, Equatable {
  struct Identifier: Sendable, Equatable {
    /// Empty for the space without a name.
    var space = ""
    var kind: IdentifierMap.Kind?
    var label: String?
    var property: String?
  }
  enum Role: Sendable, Equatable {
    case property(ColumnType)
    case identifier(Identifier)
    case start(Identifier)
    case end(Identifier)
    case labels, type, ignored
  }
  /// As it stands in the header.
  var text: String
  /// The property key; empty for none.
  var key: String
  var role: Role

  static let roleNames = ["ID", "START_ID", "END_ID", "LABEL", "TYPE", "IGNORE"]

  /// - Throws: `ImportError` without place.
  init(_ text: String) throws(ImportError) {
    self.text = text
    guard let colon = text.firstIndex(of: ":") else {
      key = text.trimmingBlanks
      role = .property(.string)
      if key.isEmpty {
        throw ImportError("a column has no name", hint: "write :IGNORE for a column to leave out")
      }
      return
    }
    key = text[..<colon].trimmingBlanks
    var rest = text[text.index(after: colon)...].trimmingBlanks
    var options: [String: String] = [:]
    if rest.hasSuffix("}"), let brace = rest.firstIndex(of: "{") {
      let inside = rest[rest.index(after: brace)...].dropLast()
      for option in inside.split(separator: ",") {
        let parts = option.split(separator: ":", maxSplits: 1).map { $0.trimmingBlanks }
        guard parts.count == 2 else {
          throw ImportError("column '\(text)': '\(option)' is not option:value")
        }
        options[parts[0]] = parts[1]
      }
      rest = rest[..<brace].trimmingBlanks
    }
    var space: String?
    if rest.hasSuffix(")"), let bracket = rest.firstIndex(of: "(") {
      space = rest[rest.index(after: bracket)...].dropLast().trimmingBlanks
      rest = rest[..<bracket].trimmingBlanks
    }
    var identifier = Identifier(space: space ?? "")
    switch rest.uppercased() {
    case "ID":
      identifier.label = options.removeValue(forKey: "label")
      try Self.readKind(&identifier, &options, text)
      role = .identifier(identifier)
    case "START_ID", "END_ID":
      identifier.label = options.removeValue(forKey: "label")
      identifier.property = options.removeValue(forKey: "property")
      try Self.readKind(&identifier, &options, text)
      role = rest.uppercased() == "START_ID" ? .start(identifier) : .end(identifier)
    case "LABEL", "LABELS": role = .labels
    case "TYPE": role = .type
    case "IGNORE": role = .ignored
    default:
      if rest.contains("{") {
        throw ImportError(
          "column '\(text)': the options have no closing brace",
          hint: "quote the column's header if its options contain the delimiter")
      }
      guard let type = ColumnType(rest) else {
        throw ImportError.unknown(
          "type", rest, among: Self.roleNames + ColumnType.names.keys.sorted())
      }
      role = .property(type)
      if key.isEmpty { throw ImportError("column '\(text)' has no name before the type") }
    }
    if let option = options.keys.sorted().first {
      throw ImportError.unknown("option", option, among: ["id-type", "label", "property"])
    }
  }

  private static func readKind(
    _ identifier: inout Identifier, _ options: inout [String: String], _ text: String
  ) throws(ImportError) {
    guard let name = options.removeValue(forKey: "id-type") else { return }
    switch ColumnType(name) {
    case .integer?: identifier.kind = .integer
    case .string?: identifier.kind = .string
    default:
      throw ImportError(
        "column '\(text)': ids of type '\(name)' are not supported",
        hint: "id-type is long or string")
    }
  }
}

extension StringProtocol {
  var trimmingBlanks: String {
    var rest = self[...]
    while let first = rest.first, first == " " || first == "\t" { rest = rest.dropFirst() }
    while let last = rest.last, last == " " || last == "\t" { rest = rest.dropLast() }
    return String(rest)
  }
}
