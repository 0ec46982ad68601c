import Tropa

/// The experiment of a trigger: how clients were divided.
struct TriggerExperiment: Equatable {
  var name: String
  /// Share of the control group among those whom the holdout leaves.
  var control: Double
  var holdout: Double
  /// The property by which clients were drawn.
  var clientKey: String

  /// Share of the clients who get nothing.
  var controlShare: Double { control + holdout * (1 - control) }
}

/// A trigger as its node remembers it: all its experiments, in parallel lists.
struct StoredTrigger {
  static let label = "Trigger"

  var node: Int64
  var name: String
  private(set) var experiments: [TriggerExperiment]

  func experiment(named name: String) -> TriggerExperiment? {
    experiments.first { $0.name == name }
  }

  static func all(_ call: ProcedureInvocation) throws -> [StoredTrigger] {
    let result = try call.query(
      """
      MATCH (t:\(label)) WHERE t.name IS NOT NULL
      RETURN id(t) AS node, t.name AS name, t.experiments AS experiments, t.controls AS controls,
        t.holdouts AS holdouts, t.clientKeys AS clientKeys
      """)
    return result.compactMap { row in
      guard case .integer(let node) = row["node"], case .string(let name) = row["name"] else {
        return nil
      }
      func list(_ column: String) -> [Value] {
        if case .list(let values) = row[column] { values } else { [] }
      }
      var experiments: [TriggerExperiment] = []
      for (index, experiment) in list("experiments").enumerated() {
        guard case .string(let experiment) = experiment, index < list("controls").count,
          case .float(let control) = list("controls")[index], index < list("holdouts").count,
          case .float(let holdout) = list("holdouts")[index], index < list("clientKeys").count,
          case .string(let key) = list("clientKeys")[index]
        else { continue }
        experiments.append(
          TriggerExperiment(name: experiment, control: control, holdout: holdout, clientKey: key))
      }
      return StoredTrigger(node: node, name: name, experiments: experiments)
    }
  }

  /// Makes the node of a trigger, or brings it up to date: the experiment is added to those it has.
  static func write(
    _ name: String, _ experiment: TriggerExperiment, among known: [StoredTrigger],
    channel: String, priority: Int, _ call: ProcedureInvocation
  ) throws -> NodeID {
    var experiments = known.first { $0.name == name }?.experiments ?? []
    experiments.removeAll { $0.name == experiment.name }
    experiments.append(experiment)
    let result = try call.query(
      """
      MERGE (t:\(label) {name: $name})
      SET t.experiments = $experiments, t.controls = $controls, t.holdouts = $holdouts,
        t.clientKeys = $clientKeys, t.channel = $channel, t.priority = $priority
      RETURN id(t) AS node
      """,
      parameters: [
        "name": .string(name), "experiments": .list(experiments.map { .string($0.name) }),
        "controls": .list(experiments.map { .float($0.control) }),
        "holdouts": .list(experiments.map { .float($0.holdout) }),
        "clientKeys": .list(experiments.map { .string($0.clientKey) }),
        "channel": .string(channel), "priority": .integer(Int64(priority)),
      ])
    return NodeID(UInt64(try result.integers("node").first ?? 0))
  }
}
