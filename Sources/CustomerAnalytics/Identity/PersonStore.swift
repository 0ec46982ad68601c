import Tropa

/// Persons in the graph: nodes to which their records lead, and their numbers.
struct PersonStore {
  let label: String
  let relationshipType: String
  /// Property of the records that gets the number, too.
  let property: String?
  private let call: ProcedureInvocation

  private static let sequenceLabel = "PersonSequence"

  init(_ map: inout ConfigurationMap, _ call: ProcedureInvocation) throws {
    label = try map.string("personLabel") ?? "Person"
    relationshipType = try map.string("relationshipType") ?? "RECORD_OF"
    property = try map.string("writeProperty")
    self.call = call
  }

  /// - Throws: `QueryError` if persons would be records.
  func checkLabel(_ recordLabels: [String]) throws(QueryError) {
    guard recordLabels.contains(label) else { return }
    throw QueryError(
      .argumentError, "InvalidConfigurationValue",
      "the label `\(label)` is that of client records, so persons need another",
      hint: "set personLabel: 'Customer' in the configuration")
  }

  private var person: String { "(p:\(CustomerSchema.quoted(label)))" }
  private var membership: String { "[m:\(CustomerSchema.quoted(relationshipType))]" }

  // MARK: Reading

  /// - Parameter records: ascending.
  func written(_ records: [NodeID]) throws -> PersonNumbering.Written {
    var written = PersonNumbering.Written()
    written.personOfRecord = [Int](repeating: -1, count: records.count)
    written.reasons = [String?](repeating: nil, count: records.count)
    let persons = try call.query(
      """
      MATCH \(person) WHERE p.personId IS NOT NULL AND p.records IS NOT NULL
      RETURN id(p) AS node, p.personId AS number, p.records AS size, p.formerIds AS former
      ORDER BY node
      """)
    written.nodes = try persons.integers("node").map { NodeID(UInt64($0)) }
    written.numbers = try persons.integers("number")
    written.sizes = try persons.values("size").map { if case .integer(let n) = $0 { n } else { 0 } }
    written.formerNumbers = try persons.values("former").map { value in
      guard case .list(let items) = value else { return [] }
      return items.compactMap { if case .integer(let number) = $0 { number } else { nil } }
    }
    let sequence = try call.query(
      "MATCH (s:\(Self.sequenceLabel) {personLabel: $label}) RETURN s.last AS last",
      parameters: ["label": .string(label)])
    written.lastNumber = try sequence.integers("last").max() ?? 0
    for (numbers, former) in zip(written.numbers, written.formerNumbers) {
      written.lastNumber = max(written.lastNumber, numbers, former.max() ?? 0)
    }
    if written.nodes.isEmpty { return written }
    let memberships = try call.query(
      """
      MATCH (r)-\(membership)->\(person) WHERE p.personId IS NOT NULL
      RETURN id(r) AS record, id(p) AS person, m.reason AS reason
      """)
    let members = try memberships.integers("record")
    let owners = try memberships.integers("person")
    let reasons = try memberships.values("reason")
    for index in members.indices {
      guard let record = Self.index(of: UInt64(members[index]), in: records),
        let owner = Self.index(of: UInt64(owners[index]), in: written.nodes)
      else {
        written.hasStrangers = true
        continue
      }
      if written.personOfRecord[record] >= 0 { written.tangled.insert(record) }
      // Of several, the one with the smallest number counts.
      let known = written.personOfRecord[record]
      if known < 0 || written.numbers[owner] < written.numbers[known] {
        written.personOfRecord[record] = owner
        if case .string(let reason) = reasons[index] {
          written.reasons[record] = reason
        } else {
          written.reasons[record] = nil
        }
      }
    }
    return written
  }

  private static func index(of node: UInt64, in nodes: [NodeID]) -> Int? {
    var low = 0
    var high = nodes.count
    while low < high {
      let middle = (low + high) / 2
      if nodes[middle].rawValue < node { low = middle + 1 } else { high = middle }
    }
    return low < nodes.count && nodes[low].rawValue == node ? low : nil
  }

  // MARK: Writing

  struct Outcome {
    var persons = 0
    var created = 0
    var removed = 0
    var moved = 0
  }

  /// Makes the graph say what was resolved, and changes nothing that says so already.
  func write(_ run: IdentityRun) throws -> Outcome {
    let records = run.keys.records
    let known = try written(records)
    let numbering = PersonNumbering(leaders: run.leaders, written: known)
    let sizes = run.sizes
    let joining = run.joiningKeys()
    let reasons = joining.map { $0 < 0 ? nil : run.name($0) }
    var outcome = Outcome()
    outcome.persons = sizes.count { $0 > 0 }

    if known.hasStrangers {
      let labels = run.settings.recordLabels.map { "r:\(CustomerSchema.quoted($0))" }
      _ = try call.query(
        """
        MATCH (r)-\(membership)->\(person) WHERE NOT (\(labels.joined(separator: " OR ")))
        DELETE m
        """)
    }
    if !numbering.removed.isEmpty {
      _ = try call.query(
        "UNWIND $nodes AS node MATCH \(person) WHERE id(p) = node DETACH DELETE p",
        parameters: [
          "nodes": .list(numbering.removed.map { .integer(Int64(known.nodes[$0].rawValue)) })
        ])
    }
    outcome.removed = numbering.removed.count
    let isRemoved = Set(numbering.removed)

    var moved: [Int] = []
    var leaving: [Value] = []
    for record in records.indices {
      let before = known.personOfRecord[record]
      let after = numbering.written[Int(run.leaders[record])]
      let isSame =
        before >= 0 && before == after && known.reasons[record] == reasons[record]
        && !known.tangled.contains(record)
      if isSame { continue }
      moved.append(record)
      if before >= 0 && (!isRemoved.contains(before) || known.tangled.contains(record)) {
        leaving.append(.integer(Int64(records[record].rawValue)))
      }
    }
    if !leaving.isEmpty {
      _ = try call.query(
        """
        UNWIND $records AS record
        MATCH (r)-\(membership)->\(person) WHERE id(r) = record DELETE m
        """, parameters: ["records": .list(leaving)])
    }
    outcome.moved = moved.count

    var nodes = numbering.written.map { $0 < 0 ? NodeID(0) : known.nodes[$0] }
    let new = sizes.indices.filter { sizes[$0] > 0 && numbering.written[$0] < 0 }
    let created = try call.createNodes(
      new.count, labels: [label],
      properties: [
        "personId": .integers(new.map { numbering.numbers[$0] }),
        "records": .integers(new.map { Int64(sizes[$0]) }),
      ])
    for (index, leader) in new.enumerated() { nodes[leader] = created[index] }
    outcome.created = new.count
    try update(numbering, known, sizes: sizes)
    try call.createRelationships(
      type: relationshipType, from: moved.map { records[$0] },
      to: moved.map { nodes[Int(run.leaders[$0])] },
      properties: ["reason": .values(moved.map { reasons[$0].map { .string($0) } ?? .null })])
    try writeProperty(run, numbering)
    if numbering.lastNumber != known.lastNumber {
      _ = try call.query(
        "MERGE (s:\(Self.sequenceLabel) {personLabel: $label}) SET s.last = $last",
        parameters: ["label": .string(label), "last": .integer(numbering.lastNumber)])
    }
    return outcome
  }

  /// What changed about persons that go on.
  private func update(
    _ numbering: PersonNumbering, _ known: PersonNumbering.Written, sizes: [UInt32]
  ) throws {
    let resized = sizes.indices.filter { leader in
      let person = numbering.written[leader]
      return person >= 0 && known.sizes[person] != Int64(sizes[leader])
    }
    try call.setProperty(
      "records", of: resized.map { known.nodes[numbering.written[$0]] },
      to: .integers(resized.map { Int64(sizes[$0]) }))
    let renamed = numbering.formerNumbers.keys.sorted().filter { leader in
      let person = numbering.written[leader]
      return person >= 0 && numbering.formerNumbers[leader] != known.formerNumbers[person]
    }
    try call.setProperty(
      "formerIds", of: renamed.map { known.nodes[numbering.written[$0]] },
      to: .values(
        renamed.map { .list((numbering.formerNumbers[$0] ?? []).map { .integer($0) }) }))
  }

  private func writeProperty(_ run: IdentityRun, _ numbering: PersonNumbering) throws {
    guard let property else { return }
    let labels = run.settings.recordLabels.map { "r:\(CustomerSchema.quoted($0))" }
    let known = try call.query(
      """
      MATCH (r) WHERE \(labels.joined(separator: " OR "))
      RETURN r.\(CustomerSchema.quoted(property)) AS number ORDER BY id(r)
      """
    ).values("number")
    let numbers = run.leaders.map { numbering.numbers[Int($0)] }
    let changed = numbers.indices.filter { known[$0] != .integer(numbers[$0]) }
    try call.setProperty(
      property, of: changed.map { run.keys.records[$0] },
      to: .integers(changed.map { numbers[$0] }))
  }

  // MARK: Undoing

  /// Removes all persons, and leaves the records as they were.
  func undo() throws -> (persons: Int, relationships: Int, properties: Int) {
    var properties = 0
    if let property {
      let key = CustomerSchema.quoted(property)
      properties =
        try call.query(
          "MATCH (r)-\(membership)->\(person) WHERE r.\(key) IS NOT NULL REMOVE r.\(key)"
        ).counters.propertiesSet
    }
    let relationships = try call.query(
      "MATCH ()-\(membership)->\(person) WHERE p.personId IS NOT NULL DELETE m"
    ).counters.relationshipsDeleted
    let persons = try call.query(
      "MATCH \(person) WHERE p.personId IS NOT NULL AND p.records IS NOT NULL DETACH DELETE p"
    ).counters.nodesDeleted
    _ = try call.query(
      "MATCH (s:\(Self.sequenceLabel) {personLabel: $label}) DETACH DELETE s",
      parameters: ["label": .string(label)])
    return (persons, relationships, properties)
  }
}
