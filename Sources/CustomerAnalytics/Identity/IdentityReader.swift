import Tropa

/// Reads records and their keys from the graph.
struct IdentityReader {
  /// A value that is no key, and why.
  struct Rejected: Hashable {
    enum Reason: Hashable {
      /// No telephone number, address or ClientID, or one that nobody has.
      case malformed
      /// An address of an office, not of a person.
      case role
      /// The configuration says so.
      case ignored
    }
    var kind: Int
    var text: String
    var reason: Reason
  }

  private let settings: IdentitySettings
  private let call: ProcedureInvocation
  private(set) var keys: IdentityKeys
  /// How many times each was met.
  private(set) var rejected: [Rejected: Int] = [:]
  private let emailBox: Int?
  private let phone: Int?
  private let email: Int?
  private let clientId: Int?

  init(_ settings: IdentitySettings, _ call: ProcedureInvocation) throws {
    self.settings = settings
    self.call = call
    keys = IdentityKeys(kinds: settings.kinds)
    emailBox = settings.usesEmailBoxes ? settings.kind(named: IdentitySettings.emailBox) : nil
    phone = settings.kind(named: IdentitySettings.phone)
    email = settings.kind(named: IdentitySettings.email)
    clientId = settings.kind(named: IdentitySettings.clientId)
    try readRecords()
    try readQueries()
    keys.finish()
  }

  // MARK: Records and their properties

  private mutating func readRecords() throws {
    let inventory = try GraphInventory(call)
    let labels = inventory.labels
    for label in settings.recordLabels where !labels.contains(label) {
      throw QueryError(
        .argumentError, "SchemaMismatch", "the database has no label `\(label)`",
        hint: NameSuggestion.nearest(to: label, among: labels)
          .map { "did you mean `\($0)`? Set recordLabels: ['\($0)'] in the configuration" }
          ?? "set recordLabels in the configuration")
    }
    let known = Set(inventory.properties)
    if settings.namesProperties,
      let missing = settings.properties.joined().first(where: { !known.contains($0) })
    {
      throw QueryError(
        .argumentError, "SchemaMismatch", "the database has no property `\(missing)`",
        hint: NameSuggestion.nearest(to: missing, among: known.sorted())
          .map { "did you mean `\($0)`? Set it in `keys`" }
          ?? "`keys` names the properties that hold keys, as in {phone: 'mobile'}")
    }
    var columns: [(kind: Int, property: String)] = []
    for (kind, properties) in settings.properties.enumerated() {
      for property in properties where known.contains(property) { columns.append((kind, property)) }
    }
    if columns.isEmpty && settings.keyQueries.isEmpty {
      throw QueryError(
        .argumentError, "SchemaMismatch", "no record has a property that holds a key",
        hint: "name the properties, as in {keys: {phone: 'mobile', email: 'mail'}}")
    }
    var text = ""
    for (index, column) in columns.enumerated() {
      text += ", r.\(CustomerSchema.quoted(column.property)) AS k\(index)"
    }
    // A record with two of the labels comes once.
    let condition = settings.recordLabels.map { "r:\(CustomerSchema.quoted($0))" }
    let result = try call.query(
      """
      MATCH (r) WHERE \(condition.joined(separator: " OR "))
      RETURN id(r) AS record\(text) ORDER BY record
      """)
    keys.records = try result.integers("record").map { NodeID(UInt64($0)) }
    for (index, column) in columns.enumerated() {
      for (record, value) in try result.values("k\(index)").enumerated() {
        add(value, kind: column.kind, record: record)
        if record & 0xFFFF == 0 { try call.checkCancellation() }
      }
    }
  }

  /// Keys that queries give: of orders, visits, whatever is a step away from the record.
  private mutating func readQueries() throws {
    if settings.keyQueries.isEmpty { return }
    var rows: [UInt64: Int] = [:]
    for (row, node) in keys.records.enumerated() { rows[node.rawValue] = row }
    for query in settings.keyQueries {
      let result = try call.query(query)
      let records = try result.values("record")
      let kinds = try result.strings("kind")
      let values = try result.values("key")
      for index in result.indices {
        guard let kind = settings.kind(named: kinds[index]), kind != emailBox else {
          throw QueryError(
            .argumentError, "UnknownKeyKind", "a key query gives the kind '\(kinds[index])'",
            hint: NameSuggestion.nearest(to: kinds[index], among: settings.kinds.map(\.name))
              .map { "did you mean '\($0)'?" }
              ?? "kinds are \(settings.kinds.map(\.name).joined(separator: ", "))")
        }
        let id: UInt64
        switch records[index] {
        case .node(let node): id = node.id.rawValue
        case .integer(let raw) where raw >= 0: id = UInt64(raw)
        default:
          throw QueryError(
            .typeError, "InvalidArgumentType",
            "the column `record` of a key query is \(records[index].typeName), not a node or its id"
          )
        }
        // Keys of what is no record say nothing.
        if let record = rows[id] { add(values[index], kind: kind, record: record) }
      }
    }
  }

  // MARK: Keys

  private mutating func add(_ value: Value, kind: Int, record: Int) {
    switch value {
    case .null: return
    case .list(let items): for item in items { add(item, kind: kind, record: record) }
    default:
      guard let text = IdentityFunctions.contactText(value) else {
        return reject(value.text(.display), .malformed, kind)
      }
      add(text, kind: kind, record: record)
    }
  }

  private mutating func add(_ text: String, kind: Int, record: Int) {
    if text.utf8.allSatisfy({ $0 == 0x20 }) { return }
    if kind == phone {
      let numbers = PhoneNumber.numbers(in: text)
      if numbers.isEmpty { reject(text, .malformed, kind) }
      for number in numbers { add(.number(number.digits), kind, record) }
    } else if kind == email {
      let addresses = EmailAddress.addresses(in: text)
      if addresses.isEmpty { reject(text, .malformed, kind) }
      for address in addresses {
        if address.isRole && !settings.joinsRoles {
          reject(address.text, .role, kind)
          continue
        }
        add(.string(address.text), kind, record)
        if let emailBox, let alias = address.alias {
          add(.string(alias.text), emailBox, record)
        }
      }
    } else if kind == clientId {
      // Digits of 64 bits; several may be in one cell, as Metrica's arrays are.
      var isFound = false
      for part in text.split(whereSeparator: { !$0.isNumber && $0 != "." }) {
        guard let number = UInt64(part), number > 0 else { continue }
        isFound = true
        add(.number(number), kind, record)
      }
      if !isFound { reject(text, .malformed, kind) }
    } else {
      let name = text.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
      if name.allSatisfy({ $0 == "0" || $0 == "-" }) {
        reject(text, .malformed, kind)
      } else {
        add(.string(name), kind, record)
      }
    }
  }

  private mutating func add(_ key: IdentityKeys.Text, _ kind: Int, _ record: Int) {
    if !settings.ignored.isEmpty,
      settings.ignored.contains("\(settings.kinds[kind].name):\(key.text)")
    {
      return reject(key.text, .ignored, kind)
    }
    keys.add(key, kind: kind, record: record)
  }

  private mutating func reject(_ text: String, _ reason: Rejected.Reason, _ kind: Int) {
    rejected[Rejected(kind: kind, text: text, reason: reason), default: 0] += 1
  }
}
