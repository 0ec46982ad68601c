import Tropa

/// Who was assigned what, and when, and who was left without it for comparison: what
/// `crm.triggers.run` remembers, or rows of the user's own query.
struct Assignments {
  struct Assignment {
    var client: NodeID
    var isControl: Bool
    var seconds: Int64
  }
  struct Experiment {
    var trigger: String
    /// Of several experiments of a trigger; nil if nobody said.
    var name: String?
    /// One a client, the earliest, in order of the clients' ids: who is addressed again stays in
    /// the same group.
    var clients: [Assignment]
    /// The share of the control group that was wanted; nil if nobody said.
    var controlShare: Double?
  }
  /// In order of triggers and experiments.
  let experiments: [Experiment]

  private struct Key: Hashable, Comparable {
    var trigger: String
    var experiment: String?
    static func < (a: Key, b: Key) -> Bool {
      (a.trigger, a.experiment ?? "") < (b.trigger, b.experiment ?? "")
    }
  }

  /// As `crm.triggers.run` stores them.
  private static let standard = """
    MATCH (c)-[a:ASSIGNED]->(t:Trigger)
    RETURN id(c) AS client, t.name AS trigger, a.experiment AS experiment, a.group AS group,
      a.sendAt AS at
    """

  /// - Parameters:
  ///   - query: gives `client` (a node or its id), `group` and `at`, and if wanted `trigger`,
  ///     `experiment` and `control`, the share of the control group; nil for what triggers left.
  ///   - controlGroup: the value of `group` of the control group; all others were treated.
  /// - Throws: `QueryError` for a query without these columns, or with other types.
  init(
    query: String?, controlGroup: String, from: LocalDate?, to: LocalDate?,
    call: ProcedureInvocation
  ) throws {
    let cursor = try call.stream(query ?? Self.standard)
    func place(_ name: String) -> Int? { cursor.columns.firstIndex(of: name) }
    guard let client = place("client"), let group = place("group"), let at = place("at") else {
      throw QueryError(
        .argumentError, "InvalidAssignments",
        "the query of `assignments` has the columns \(cursor.columns.joined(separator: ", "))",
        hint: "it must have client, group and at, and may have trigger, experiment and control")
    }
    let (trigger, experiment, control) = (
      place("trigger"), place("experiment"), place("control")
    )
    let start = from.map { $0.days * 86_400 } ?? .min
    let end = to.map { $0.days * 86_400 } ?? .max
    var found: [Key: [NodeID: Assignment]] = [:]
    var shares: [Key: Double] = [:]
    if query == nil {
      for stored in try StoredTrigger.all(call) {
        for experiment in stored.experiments {
          shares[Key(trigger: stored.name, experiment: experiment.name)] = experiment.controlShare
        }
      }
    }
    var rows = 0
    while let row = try cursor.nextRow() {
      rows += 1
      if rows & 0xFFF == 0 { try call.checkCancellation() }
      let node: NodeID
      switch row.values[client] {
      case .integer(let id) where id >= 0: node = NodeID(UInt64(id))
      case .node(let value): node = value.id
      case let other: throw Self.wrongType("client", other, "a node or its id")
      }
      let seconds = try Self.seconds(row.values[at])
      guard start <= seconds && seconds < end else { continue }
      var key = Key(trigger: trigger.map { EffectSettings.name(row.values[$0]) } ?? "all")
      if let experiment, row.values[experiment] != .null {
        key.experiment = EffectSettings.name(row.values[experiment])
      }
      let isControl: Bool
      switch row.values[group] {
      case .string(let text): isControl = text == controlGroup
      case .boolean(let isTreated): isControl = !isTreated
      case let other: throw Self.wrongType("group", other, "a string or a boolean")
      }
      if let control, case .float(let share) = row.values[control] { shares[key] = share }
      // Of one time the treatment counts, whatever the order of the rows.
      if let earlier = found[key]?[node],
        earlier.seconds < seconds || earlier.seconds == seconds && !earlier.isControl
      {
        continue
      }
      found[key, default: [:]][node] = Assignment(
        client: node, isControl: isControl, seconds: seconds)
    }
    if found.isEmpty {
      call.addNotice(
        rows == 0 ? "there are no assignments" : "no assignment is in the period",
        hint: query == nil
          ? "crm.triggers.run makes them; `assignments` may name another query" : nil)
    }
    experiments = found.sorted { $0.key < $1.key }.map { key, clients in
      Experiment(
        trigger: key.trigger, name: key.experiment,
        clients: clients.values.sorted { $0.client.rawValue < $1.client.rawValue },
        controlShare: shares[key])
    }
  }

  private static func seconds(_ value: Value) throws -> Int64 {
    switch value {
    case .date(let date): date.days * 86_400
    case .localDateTime(let time): time.seconds
    case .dateTime(let time): time.local.seconds
    default: throw wrongType("at", value, "a date or a date and time")
    }
  }

  private static func wrongType(_ column: String, _ value: Value, _ wanted: String) -> QueryError {
    QueryError(
      .typeError, "InvalidArgumentType",
      "`\(column)` of the assignments is \(value.typeNameWithArticle), not \(wanted)")
  }
}
