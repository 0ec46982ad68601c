import Tropa

/// `crm.value`: what clients will buy, and what that is worth.
enum ValueProcedures {
  static let all: [Procedure] = [stream, stats, write]

  private static let inputs: [Procedure.Field] = [
    .init("configuration", "MAP", defaultValue: .map([:]))
  ]

  static let stream = Procedure(
    "crm.value.stream", inputs: inputs,
    outputs: [
      .init("nodeId", "INTEGER"), .init("frequency", "INTEGER"), .init("recency", "FLOAT"),
      .init("age", "FLOAT"), .init("pAlive", "FLOAT"), .init("expectedPurchases", "FLOAT"),
      .init("expectedValue", "FLOAT"), .init("clv", "FLOAT"),
    ],
    summary: "Expected purchases, their value and the lifetime value of clients."
  ) { call in
    var run = try ValueRun(call, "crm.value.stream")
    try run.configuration.finish()
    try call.emit(columns: [
      .integers(run.nodes.map { Int64($0.rawValue) }),
      .integers(run.frequency.map { Int64($0) }), .floats(run.data.perClient(run.data.recency)),
      .floats(run.data.perClient(run.data.age)), .floats(run.probabilitiesAlive),
      .floats(run.expectedPurchases), .floats(run.expectedValue), .floats(run.lifetimeValues),
    ])
  }

  static let stats = Procedure(
    "crm.value.stats", inputs: inputs,
    outputs: [
      .init("model", "STRING"), .init("clients", "INTEGER"), .init("repeaters", "INTEGER"),
      .init("parameters", "MAP"), .init("standardErrors", "MAP"),
      .init("logLikelihood", "FLOAT"), .init("didConverge", "BOOLEAN"),
      .init("valueParameters", "MAP"), .init("valueLogLikelihood", "FLOAT"),
      .init("correlation", "FLOAT"), .init("pAlive", "FLOAT"),
      .init("expectedPurchases", "FLOAT"), .init("clv", "FLOAT"),
      .init("holdoutExpected", "FLOAT"), .init("holdoutObserved", "FLOAT"),
    ],
    summary: "The models behind crm.value: parameters, fit, totals, and a check on a later period."
  ) { call in
    var run = try ValueRun(call, "crm.value.stats")
    let days = try run.configuration.integer("holdout", default: 0, in: 0...36500)
    try run.configuration.finish()
    let holdout = days > 0 ? try ValueHoldout(run, days: days, call: call) : nil
    let alive = run.probabilitiesAlive
    let values: Value =
      run.value.map {
        .map(["p": .float($0.model.p), "q": .float($0.model.q), "v": .float($0.model.v)])
      } ?? .null
    try call.emit([
      .string(run.modelName.rawValue), .integer(Int64(run.clients.count)),
      .integer(Int64(run.frequency.count { $0 > 0 })), run.fit.parameters, run.fit.errors,
      .float(run.fit.logLikelihood), .boolean(run.fit.didConverge), values,
      run.value.map { .float($0.logLikelihood) } ?? .null,
      run.correlation.map { .float($0) } ?? .null,
      .float(alive.reduce(0, +) / Double(max(alive.count, 1))),
      .float(run.expectedPurchases.reduce(0, +)), .float(run.lifetimeValues.reduce(0, +)),
      holdout.map { .float($0.expected) } ?? .null,
      holdout.map { .float($0.observed) } ?? .null,
    ])
  }

  static let write = Procedure(
    "crm.value.write", inputs: inputs,
    outputs: [
      .init("clients", "INTEGER"), .init("nodePropertiesWritten", "INTEGER"),
      .init("clv", "FLOAT"), .init("referenceDate", "DATE"),
    ], mode: .write,
    summary: "Writes pAlive, expectedPurchases, expectedValue and clv on the clients."
  ) { call in
    var run = try ValueRun(call, "crm.value.write")
    let prefix = try run.configuration.string("writePrefix") ?? ""
    try run.configuration.finish()
    let worth = run.lifetimeValues
    let columns: [(String, [Double])] = [
      ("pAlive", run.probabilitiesAlive), ("expectedPurchases", run.expectedPurchases),
      ("expectedValue", run.expectedValue), ("clv", worth),
    ]
    for (name, values) in columns {
      try call.setProperty(prefix + name, of: run.nodes, to: .floats(values))
    }
    try call.emit([
      .integer(Int64(run.clients.count)), .integer(Int64(run.clients.count * columns.count)),
      .float(worth.reduce(0, +)), .date(LocalDate(days: Int64(run.purchases.end))),
    ])
  }
}
