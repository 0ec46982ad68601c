import Tropa

/// One run of the triggers for one time: who is to get what.
struct TriggerRun {
  let settings: TriggerSettings
  let store: TriggerStore
  let audience: TriggerAudience
  let candidates: [TriggerCandidates]
  let selection: TriggerSelection
  private let schema: CustomerSchema
  private let inventory: GraphInventory
  private let call: ProcedureInvocation

  init(_ call: ProcedureInvocation, _ name: String) throws {
    self.call = call
    var map = try Self.configuration(call.arguments[0], name)
    schema = try CustomerSchema(&map, call)
    settings = try TriggerSettings(&map, call)
    try map.finish()
    inventory = try GraphInventory(call)
    store = try TriggerStore(settings, inventory, call)
    audience = try TriggerAudience(schema, inventory, keyProperty: settings.clientKey, call)
    var finder = TriggerFinder(settings, schema, inventory, audience, call)
    candidates = try settings.rules.map { try finder.candidates($0) }
    selection = try TriggerSelection(
      settings, audience: audience, history: try store.history(audience), candidates: candidates
    ) { try call.checkCancellation() }
  }

  /// The keys of the call, and below them those of the file that it names.
  private static func configuration(
    _ value: Value, _ name: String
  ) throws(QueryError) -> ConfigurationMap {
    guard case .map(var keys) = value, let file = keys.removeValue(forKey: "file") else {
      return try ConfigurationMap(value, of: name)
    }
    guard case .string(let path) = file else {
      throw QueryError(
        .typeError, "InvalidArgumentType", "`file` of `\(name)` is \(file.typeName), not a path")
    }
    keys.merge(try TriggerFile.read(path)) { own, _ in own }
    return try ConfigurationMap(.map(keys), of: name)
  }

  func table() throws -> TriggerTable {
    let messages = try TriggerMessages(
      settings, schema, inventory, audience: audience, candidates: candidates,
      selection: selection, call)
    return try TriggerTable(settings, audience, candidates, selection, messages) {
      try call.checkCancellation()
    }
  }
}
