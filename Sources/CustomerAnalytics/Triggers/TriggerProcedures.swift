import Tropa

/// `crm.triggers`: whom to address today, with what, and who gets nothing for comparison.
enum TriggerProcedures {
  static let all: [Procedure] = [stream, stats, run]

  private static let configuration = Procedure.Field("configuration", "MAP")

  static let stream = Procedure(
    "crm.triggers.stream", inputs: [configuration], outputs: TriggerTable.outputs,
    summary: "What crm.triggers.run would assign now; nothing is remembered."
  ) { call in
    let run = try TriggerRun(call, "crm.triggers.stream")
    try run.table().emit(call, withControl: run.settings.showsControl)
  }

  static let stats = Procedure(
    "crm.triggers.stats", inputs: [configuration],
    outputs: [
      .init("trigger", "STRING"), .init("channel", "STRING"), .init("priority", "INTEGER"),
      .init("candidates", "INTEGER"), .init("assigned", "INTEGER"), .init("control", "INTEGER"),
      .init("cappedByTrigger", "INTEGER"), .init("cappedByClient", "INTEGER"),
      .init("cappedByChannel", "INTEGER"), .init("sendAt", "LOCAL DATETIME"),
      .init("validUntil", "LOCAL DATETIME"),
    ],
    summary:
      "For each trigger how many clients it fires for now, and what becomes of them; nothing is remembered."
  ) { call in
    let run = try TriggerRun(call, "crm.triggers.stats")
    for (index, rule) in run.settings.rules.enumerated() {
      let counts = run.selection.counts[index]
      let times = run.selection.times[index]
      try call.emit([
        .string(rule.name), .string(rule.channel), .integer(Int64(rule.priority)),
        .integer(Int64(counts.candidates)), .integer(Int64(counts.assigned)),
        .integer(Int64(counts.control)), .integer(Int64(counts.cappedByTrigger)),
        .integer(Int64(counts.cappedByClient)), .integer(Int64(counts.cappedByChannel)),
        .localDateTime(LocalDateTime(seconds: times.send)),
        .localDateTime(LocalDateTime(seconds: times.validUntil)),
      ])
    }
  }

  static let run = Procedure(
    "crm.triggers.run", inputs: [configuration], outputs: TriggerTable.outputs, mode: .write,
    summary:
      "Assigns triggers to clients within caps, with a random control group, and remembers it as ASSIGNED relationships."
  ) { call in
    let run = try TriggerRun(call, "crm.triggers.run")
    let table = try run.table()
    try run.store.write(table, run.selection)
    try table.emit(call, withControl: run.settings.showsControl)
  }
}
