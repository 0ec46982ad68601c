import Tropa

/// The rows of a run, column by column: assignments in order of priority and client.
struct TriggerTable {
  /// Node ids.
  private(set) var clients: [Int64] = []
  private(set) var triggers: [String] = []
  /// Node ids; -1 for none.
  private(set) var products: [Int64] = []
  private(set) var productKeys: [Value] = []
  private(set) var productTitles: [Value] = []
  private(set) var reasons: [String] = []
  /// Null for the control group, which gets none.
  private(set) var texts: [Value] = []
  private(set) var channels: [String] = []
  private(set) var times: [TriggerSelection.Times] = []
  private(set) var priorities: [Int] = []
  private(set) var isControl: [Bool] = []

  init(
    _ settings: TriggerSettings, _ audience: TriggerAudience, _ candidates: [TriggerCandidates],
    _ selection: TriggerSelection, _ messages: TriggerMessages, check: () throws -> Void
  ) rethrows {
    // Assignments come trigger by trigger: what is the same for all of one is looked up once.
    var index = -1
    var rule: TriggerRule?
    var list = TriggerCandidates()
    for (row, assignment) in selection.assignments.enumerated() {
      if row & 0xFFF == 0 { try check() }
      if assignment.rule != index {
        index = assignment.rule
        rule = settings.rules[index]
        list = candidates[index]
      }
      guard let rule else { continue }
      let candidate = list.list[assignment.candidate]
      clients.append(audience.nodes[Int(candidate.client)])
      triggers.append(rule.name)
      products.append(candidate.product)
      productKeys.append(messages.productKey(candidate.product))
      productTitles.append(messages.productTitle(candidate.product))
      reasons.append(list.reason(candidate))
      texts.append(
        assignment.isControl ? .null : .string(messages.text(rule, list, candidate)))
      channels.append(rule.channel)
      times.append(selection.times[index])
      priorities.append(rule.priority)
      isControl.append(assignment.isControl)
    }
  }

  func group(_ row: Int) -> String { isControl[row] ? "control" : "test" }

  static let outputs: [Procedure.Field] = [
    .init("nodeId", "INTEGER"), .init("trigger", "STRING"), .init("productId", "INTEGER"),
    .init("product", "ANY"), .init("reason", "STRING"), .init("text", "STRING"),
    .init("channel", "STRING"), .init("sendAt", "LOCAL DATETIME"),
    .init("validUntil", "LOCAL DATETIME"), .init("priority", "INTEGER"),
    .init("group", "STRING"),
  ]

  /// - Parameter withControl: whether rows of the control group come, too. Who sends what comes must
  ///   not send to them, so they do not by default.
  func emit(_ call: ProcedureInvocation, withControl: Bool) throws {
    let rows = clients.indices.filter { withControl || !isControl[$0] }
    try call.emit(columns: [
      .integers(rows.map { clients[$0] }), .strings(rows.map { triggers[$0] }),
      .values(rows.map { products[$0] < 0 ? .null : .integer(products[$0]) }),
      .values(rows.map { productTitles[$0] }), .strings(rows.map { reasons[$0] }),
      .values(rows.map { texts[$0] }), .strings(rows.map { channels[$0] }),
      .values(rows.map { .localDateTime(LocalDateTime(seconds: times[$0].send)) }),
      .values(rows.map { .localDateTime(LocalDateTime(seconds: times[$0].validUntil)) }),
      .integers(rows.map { Int64(priorities[$0]) }), .strings(rows.map(group)),
    ])
  }
}
