import Tropa

/// What was assigned, in the graph: `(client)-[:ASSIGNED {…}]->(:Trigger {name})`.
struct TriggerStore {
  static let relationshipType = "ASSIGNED"

  private let settings: TriggerSettings
  private let inventory: GraphInventory
  private let call: ProcedureInvocation
  /// What is known of the triggers of former runs.
  private let known: [StoredTrigger]

  /// - Throws: `QueryError` if an experiment is to go on with other groups than it began with.
  init(
    _ settings: TriggerSettings, _ inventory: GraphInventory, _ call: ProcedureInvocation
  ) throws {
    self.settings = settings
    self.inventory = inventory
    self.call = call
    known = inventory.labels.contains(StoredTrigger.label) ? try StoredTrigger.all(call) : []
    for rule in settings.rules {
      guard
        let before = known.first(where: { $0.name == rule.name })?.experiment(
          named: settings.experiment)
      else { continue }
      func changed(_ key: String, _ then: String, _ now: String) -> QueryError {
        QueryError(
          .argumentError, "ExperimentChanged",
          "the experiment '\(settings.experiment)' of the trigger `\(rule.name)` began with "
            + "\(key): \(then), and now it is \(now): clients would change groups",
          hint: "leave it as it was, or begin a new experiment: experiment: "
            + "'\(settings.experiment)-2'")
      }
      if before.control != rule.control {
        throw changed("control", "\(before.control)", "\(rule.control)")
      }
      if before.holdout != settings.holdout {
        throw changed("holdout", "\(before.holdout)", "\(settings.holdout)")
      }
      if before.clientKey != settings.clientKey {
        throw changed("clientKey", "'\(before.clientKey)'", "'\(settings.clientKey)'")
      }
    }
  }

  // MARK: Reading

  /// What clients were assigned within the horizon of the caps, on either side of now: runs may be
  /// made for past times.
  func history(_ audience: TriggerAudience) throws -> ContactHistory {
    var history = ContactHistory(clientCount: audience.count)
    guard inventory.types.contains(Self.relationshipType), !known.isEmpty else { return history }
    var ruleOfNode: [Int64: Int] = [:]
    for trigger in known {
      // Triggers that are no more still count for the client and the channel.
      ruleOfNode[trigger.node] =
        settings.rules.firstIndex { $0.name == trigger.name } ?? Int(Int16.max)
    }
    var channelOfName: [Value: Int] = [:]
    for (index, channel) in settings.channels.enumerated() {
      channelOfName[.string(channel.name)] = index
    }
    let horizon = Int64(settings.horizonDays + 1) * 86_400
    let cursor = try call.stream(
      """
      MATCH (c)-[a:\(Self.relationshipType)]->(t:\(StoredTrigger.label))
      WHERE $since <= a.sendAt <= $until
      RETURN id(c) AS client, id(t) AS trigger, a.sendAt AS at, a.channel AS channel
      """,
      parameters: [
        // Quiet hours put off a message by a day at most.
        "since": .localDateTime(LocalDateTime(seconds: settings.now - horizon)),
        "until": .localDateTime(LocalDateTime(seconds: settings.now + horizon + 86_400)),
      ])
    var clients: [Int64] = []
    var triggers: [Int64] = []
    var seconds: [Int64] = []
    var channels: [Int64] = []
    var numbering = ValueNumbering()
    var channelOfNumber: [Int64: Int] = [:]
    for (name, index) in channelOfName { channelOfNumber[numbering.number(name)] = index }
    while let batch = try cursor.nextColumns() {
      clients.removeAll(keepingCapacity: true)
      triggers.removeAll(keepingCapacity: true)
      seconds.removeAll(keepingCapacity: true)
      channels.removeAll(keepingCapacity: true)
      try batch.appendIntegers(of: 0, to: &clients)
      try batch.appendIntegers(of: 1, to: &triggers)
      try batch.appendSeconds(of: 2, to: &seconds)
      batch.appendNumbers(of: 3, to: &channels, numbering: &numbering)
      for row in 0..<batch.count {
        guard let client = audience.row(clients[row]) else { continue }
        history.add(
          client: client, day: Int32(clamping: flooredDay(seconds[row])),
          trigger: ruleOfNode[triggers[row]] ?? Int(Int16.max),
          channel: channelOfNumber[channels[row]] ?? Int(Int16.max))
      }
      try call.checkCancellation()
    }
    return history
  }

  // MARK: Writing

  /// Remembers assignments, all in the statement's transaction.
  func write(_ table: TriggerTable, _ selection: TriggerSelection) throws {
    let nodes = try settings.rules.map { rule in
      try StoredTrigger.write(
        rule.name,
        TriggerExperiment(
          name: settings.experiment, control: rule.control, holdout: settings.holdout,
          clientKey: settings.clientKey), among: known, channel: rule.channel,
        priority: rule.priority, call)
    }
    let rows = selection.assignments.indices
    func values(_ value: (Int) -> Value) -> ColumnData { .values(rows.map(value)) }
    try call.createRelationships(
      type: Self.relationshipType,
      from: table.clients.map { NodeID(UInt64($0)) },
      to: selection.assignments.map { nodes[$0.rule] },
      properties: [
        "at": values { _ in .localDateTime(LocalDateTime(seconds: settings.now)) },
        "sendAt": values { .localDateTime(LocalDateTime(seconds: table.times[$0].send)) },
        "validUntil": values { .localDateTime(LocalDateTime(seconds: table.times[$0].validUntil)) },
        "group": .strings(rows.map { table.group($0) }),
        "experiment": values { _ in .string(settings.experiment) },
        "channel": .strings(rows.map { table.channels[$0] }),
        "priority": .integers(table.priorities.map(Int64.init)),
        "product": .values(table.productKeys),
        "reason": .strings(table.reasons),
        "text": .values(table.texts),
      ])
  }
}
