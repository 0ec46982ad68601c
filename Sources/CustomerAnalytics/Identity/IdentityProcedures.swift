import Tropa

/// `crm.identity`: records that are one person, why they are, and why others are not.
enum IdentityProcedures {
  static let all: [Procedure] = [stream, stats, write, undo, explain, dropped]

  private static let configuration = Procedure.Field(
    "configuration", "MAP", defaultValue: .map([:]))

  static let stream = Procedure(
    "crm.identity.stream", inputs: [configuration],
    outputs: [
      .init("nodeId", "INTEGER"), .init("personId", "INTEGER"), .init("records", "INTEGER"),
      .init("state", "STRING"), .init("reason", "STRING"),
    ],
    summary:
      "For each client record its person: the number that crm.identity.write would give it, how many records it has, and the key by which the record belongs to it."
  ) { call in
    var map = try ConfigurationMap(call.arguments[0], of: "crm.identity.stream")
    let store = try PersonStore(&map, call)
    let run = try IdentityRun(call, &map)
    try map.finish()
    let numbering = PersonNumbering(
      leaders: run.leaders, written: try store.written(run.keys.records))
    let sizes = run.sizes
    let reasons: ColumnData =
      call.isWanted("reason")
      ? .values(run.joiningKeys().map { $0 < 0 ? .null : .string(run.name($0)) })
      : .values([Value](repeating: .null, count: run.leaders.count))
    try call.emit(columns: [
      .integers(run.keys.records.map { Int64($0.rawValue) }),
      .integers(run.leaders.map { numbering.numbers[Int($0)] }),
      .integers(run.leaders.map { Int64(sizes[Int($0)]) }),
      .strings(run.resolution.recordStates.map { "\($0)" }), reasons,
    ])
  }

  static let stats = Procedure(
    "crm.identity.stats", inputs: [configuration],
    outputs: [
      .init("records", "INTEGER"), .init("persons", "INTEGER"),
      .init("personsOfSeveralRecords", "INTEGER"), .init("largestPerson", "INTEGER"),
      .init("keys", "INTEGER"), .init("joiningKeys", "INTEGER"), .init("droppedKeys", "INTEGER"),
      .init("rejectedValues", "INTEGER"), .init("states", "MAP"),
    ],
    summary:
      "How many client records there are, how many persons they are, and what guards dropped."
  ) { call in
    var map = try ConfigurationMap(call.arguments[0], of: "crm.identity.stats")
    let run = try IdentityRun(call, &map)
    try map.finish()
    let sizes = run.sizes
    var states: [String: Int64] = [:]
    for state in run.resolution.recordStates { states["\(state)", default: 0] += 1 }
    let joining = run.recordsOfKeys
    let shared = (0..<run.keys.keyCount).count {
      run.resolution.states[$0] == .joins && joining[$0].count > 1
    }
    try call.emit([
      .integer(Int64(run.leaders.count)), .integer(Int64(sizes.count { $0 > 0 })),
      .integer(Int64(sizes.count { $0 > 1 })), .integer(Int64(sizes.max() ?? 0)),
      .integer(Int64(run.keys.keyCount)), .integer(Int64(shared)),
      .integer(Int64(run.resolution.states.count { $0 != .joins })),
      .integer(Int64(run.rejected.values.reduce(0, +))),
      .map(states.mapValues { .integer($0) }),
    ])
  }

  static let write = Procedure(
    "crm.identity.write", inputs: [configuration],
    outputs: [
      .init("records", "INTEGER"), .init("persons", "INTEGER"),
      .init("personsCreated", "INTEGER"), .init("personsRemoved", "INTEGER"),
      .init("recordsMoved", "INTEGER"),
    ], mode: .write,
    summary:
      "Creates Person nodes and leads each client record to its person; persons keep their numbers when it is run again."
  ) { call in
    var map = try ConfigurationMap(call.arguments[0], of: "crm.identity.write")
    let store = try PersonStore(&map, call)
    let run = try IdentityRun(call, &map)
    try map.finish()
    try store.checkLabel(run.settings.recordLabels)
    let outcome = try store.write(run)
    try call.emit([
      .integer(Int64(run.leaders.count)), .integer(Int64(outcome.persons)),
      .integer(Int64(outcome.created)), .integer(Int64(outcome.removed)),
      .integer(Int64(outcome.moved)),
    ])
  }

  static let undo = Procedure(
    "crm.identity.undo", inputs: [configuration],
    outputs: [
      .init("personsRemoved", "INTEGER"), .init("relationshipsDeleted", "INTEGER"),
      .init("propertiesRemoved", "INTEGER"),
    ], mode: .write,
    summary: "Removes what crm.identity.write made; the client records are as they were before."
  ) { call in
    var map = try ConfigurationMap(call.arguments[0], of: "crm.identity.undo")
    let store = try PersonStore(&map, call)
    try map.finish()
    let counts = try store.undo()
    try call.emit([
      .integer(Int64(counts.persons)), .integer(Int64(counts.relationships)),
      .integer(Int64(counts.properties)),
    ])
  }

  static let explain = Procedure(
    "crm.identity.explain",
    inputs: [.init("from", "ANY"), .init("to", "ANY"), configuration],
    outputs: [
      .init("step", "INTEGER"), .init("fromId", "INTEGER"), .init("toId", "INTEGER"),
      .init("kind", "STRING"), .init("key", "STRING"), .init("joins", "BOOLEAN"),
      .init("reason", "STRING"),
    ],
    summary:
      "Why two client records are one person, as the shortest path of shared keys; or which keys would join them and do not."
  ) { call in
    var map = try ConfigurationMap(call.arguments[2], of: "crm.identity.explain")
    let run = try IdentityRun(call, &map)
    try map.finish()
    let from = try record(call.arguments[0], "from", run)
    let to = try record(call.arguments[1], "to", run)
    for (index, step) in IdentityPath(run, from: from, to: to).steps.enumerated() {
      try call.emit([
        .integer(Int64(index + 1)), .integer(Int64(run.keys.records[step.from].rawValue)),
        .integer(Int64(run.keys.records[step.to].rawValue)),
        .string(run.keys.kind(step.key).name), .string(run.keys.texts[step.key].text),
        .boolean(step.joins),
        .string(step.joins ? run.reasonToJoin(step.key) : run.reasonToDrop(step.key)),
      ])
    }
  }

  /// The record that an argument names.
  private static func record(_ value: Value, _ name: String, _ run: IdentityRun) throws -> Int {
    let id: NodeID
    switch value {
    case .node(let node): id = node.id
    case .integer(let raw) where raw >= 0: id = NodeID(UInt64(raw))
    default:
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "`\(name)` of `crm.identity.explain` is neither a node nor its id")
    }
    guard let record = run.keys.records.firstIndex(of: id) else {
      throw QueryError(
        .argumentError, "UnknownRecord", "the node \(id.rawValue) is not a client record",
        hint: "records have the labels \(run.settings.recordLabels.joined(separator: ", ")); "
          + "set recordLabels if they should have others")
    }
    return record
  }

  static let dropped = Procedure(
    "crm.identity.dropped", inputs: [configuration],
    outputs: [
      .init("kind", "STRING"), .init("key", "STRING"), .init("state", "STRING"),
      .init("records", "INTEGER"), .init("reason", "STRING"),
    ],
    summary:
      "Keys that guards keep from joining records, and values that are no keys: what, how often, and why."
  ) { call in
    var map = try ConfigurationMap(call.arguments[0], of: "crm.identity.dropped")
    let run = try IdentityRun(call, &map)
    try map.finish()
    var rows: [(kind: String, key: String, state: String, records: Int, reason: String)] = []
    for key in 0..<run.keys.keyCount where run.resolution.states[key] != .joins {
      rows.append(
        (
          run.keys.kind(key).name, run.keys.texts[key].text, "\(run.resolution.states[key])",
          run.recordsOfKeys[key].count, run.reasonToDrop(key)
        ))
    }
    for (value, count) in run.rejected {
      rows.append(
        (
          run.settings.kinds[value.kind].name, value.text, "\(value.reason)", count,
          run.reason(value)
        ))
    }
    rows.sort { a, b in
      a.records != b.records ? a.records > b.records : (a.kind, a.key) < (b.kind, b.key)
    }
    try call.emit(columns: [
      .strings(rows.map(\.kind)), .strings(rows.map(\.key)), .strings(rows.map(\.state)),
      .integers(rows.map { Int64($0.records) }), .strings(rows.map(\.reason)),
    ])
  }
}
