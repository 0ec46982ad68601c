import Tropa

/// Where the records and their keys are, and which guards hold: the configuration that all
/// `crm.identity.*` procedures share.
struct IdentitySettings {
  var recordLabels: [String]
  /// In order of strength.
  var kinds: [KeyKind]
  /// For each kind the properties that hold it.
  var properties: [[String]]
  /// Whether they were named, and not those of the default schema.
  var namesProperties: Bool
  /// Queries that give further keys of records: columns `record`, `kind`, `key`.
  var keyQueries: [String]
  /// For each kind, how many profiles may share a key.
  var maximum: [Int]
  var joinsRoles: Bool
  var usesEmailBoxes: Bool
  /// `kind:key`, as reports write them.
  var ignored: Set<String>

  static let phone = "phone"
  static let email = "email"
  static let emailBox = "emailBox"
  static let clientId = "clientId"

  private static let known: [(kind: KeyKind, properties: [String])] = [
    (.init(name: "crmId", strength: .identifier), ["crmId"]),
    (.init(name: "login", strength: .identifier), ["login"]),
    (.init(name: phone, strength: .contact), ["phone", "phones"]),
    (.init(name: email, strength: .contact), ["email", "emails"]),
    (.init(name: "order", strength: .contact), ["orderNumber", "orderNumbers", "purchaseId"]),
    (.init(name: clientId, strength: .weak), ["clientId", "clientIds", "metrikaClientId"]),
  ]

  init(_ map: inout ConfigurationMap, _ call: ProcedureInvocation) throws {
    let client = try CustomerSchema(storedIn: call)[.clientLabel] ?? "Client"
    recordLabels = try map.strings("recordLabels", default: [client])
    kinds = Self.known.map(\.kind)
    properties = Self.known.map(\.properties)
    namesProperties = map.has("keys")
    try Self.readKeys(&map, &kinds, &properties)
    keyQueries = try map.strings("keyQueries", default: [])
    usesEmailBoxes = try map.boolean("emailBoxes", default: true)
    // Always there, so that the kinds are the same whatever is used of them.
    kinds.append(.init(name: Self.emailBox, strength: .weak))
    properties.append([])
    maximum = try Self.readMaximum(&map, kinds)
    joinsRoles = try map.boolean("roleAddresses", default: false)
    ignored = Set(try map.strings("ignore", default: []))
    if recordLabels.isEmpty { throw map.missing("recordLabels", example: "['Client']") }
  }

  func kind(named name: String) -> Int? { kinds.firstIndex { $0.name == name } }

  /// `keys: {phone: 'mobile', card: ['card', 'oldCard']}`: a name that is not one of the known kinds
  /// is a kind of contact.
  private static func readKeys(
    _ map: inout ConfigurationMap, _ kinds: inout [KeyKind], _ properties: inout [[String]]
  ) throws {
    let value = map.value("keys")
    guard case .map(let keys) = value else {
      if case .null = value { return }
      throw QueryError(
        .typeError, "InvalidArgumentType", "`keys` is not a map of kinds and their properties",
        hint: "write it as {phone: 'mobile', email: ['email', 'workEmail']}")
    }
    // Only what is named is used.
    properties = kinds.map { _ in [] }
    for (name, value) in keys.sorted(by: { $0.key < $1.key }) {
      var names: [String] = []
      switch value {
      case .string(let text): names = [text]
      case .list(let items):
        for case .string(let text) in items { names.append(text) }
        if names.count == items.count { break }
        fallthrough
      default:
        throw QueryError(
          .typeError, "InvalidArgumentType",
          "`\(name)` of `keys` is neither the name of a property nor a list of names")
      }
      if let index = kinds.firstIndex(where: { $0.name == name }) {
        properties[index] = names
        continue
      }
      if let near = NameSuggestion.nearest(to: name, among: kinds.map(\.name)) {
        throw QueryError(
          .argumentError, "UnknownKeyKind", "`keys` has no kind `\(name)`",
          hint: "did you mean `\(near)`? A kind of your own needs a name that resembles none")
      }
      guard kinds.count < 64, name != emailBox else {
        throw QueryError(
          .argumentError, "UnknownKeyKind", "`keys` cannot have the kind `\(name)`",
          hint: name == emailBox ? "it is made from e-mail addresses" : "64 kinds are the most")
      }
      kinds.append(.init(name: name, strength: .contact))
      properties.append(names)
    }
  }

  private static func readMaximum(
    _ map: inout ConfigurationMap, _ kinds: [KeyKind]
  ) throws -> [Int] {
    let fallback = 10
    let range = 1...IdentityResolution.countedSharers
    guard case .map(let limits) = map.value("maxShared") else {
      let limit = try map.integer("maxShared", default: fallback, in: range)
      return kinds.map { _ in limit }
    }
    var maximum = kinds.map { _ in fallback }
    for (name, value) in limits.sorted(by: { $0.key < $1.key }) {
      guard let kind = kinds.firstIndex(where: { $0.name == name }) else {
        throw QueryError(
          .argumentError, "UnknownKeyKind", "`maxShared` has no kind `\(name)`",
          hint: NameSuggestion.nearest(to: name, among: kinds.map(\.name))
            .map { "did you mean `\($0)`?" }
            ?? "kinds are \(kinds.map(\.name).joined(separator: ", "))")
      }
      guard case .integer(let limit) = value, range.contains(Int(limit)) else {
        throw QueryError(
          .argumentError, "NumberOutOfRange",
          "`\(name)` of `maxShared` must be an integer from 1 to \(range.upperBound)")
      }
      maximum[kind] = Int(limit)
    }
    return maximum
  }
}
