import Tropa

/// The texts of assignments: values of the places in messages, read for those that need them.
struct TriggerMessages {
  private let settings: TriggerSettings
  private let call: ProcedureInvocation
  private let inventory: GraphInventory
  /// Values of a property by row of the audience, for the properties that messages name.
  private var ofClients: [String: [Value]] = [:]
  /// By node id; properties that messages name, the title and the key.
  private var ofProducts: [Int64: [String: Value]] = [:]

  /// - Throws: `QueryError` for a place that neither the query nor the graph knows.
  init(
    _ settings: TriggerSettings, _ schema: CustomerSchema, _ inventory: GraphInventory,
    audience: TriggerAudience, candidates: [TriggerCandidates], selection: TriggerSelection,
    _ call: ProcedureInvocation
  ) throws {
    self.settings = settings
    self.call = call
    self.inventory = inventory
    var clientProperties: Set<String> = []
    var productProperties: Set<String> = [settings.productKey, settings.productTitle]
    for (index, rule) in settings.rules.enumerated() {
      for place in rule.message.places {
        switch place.source {
        case .product:
          if !place.name.isEmpty { productProperties.insert(place.name) }
        case .client: clientProperties.insert(place.name)
        case .column:
          if candidates[index].list.isEmpty || candidates[index].knows(place.name) { continue }
          clientProperties.insert(place.name)
        }
        try check(place, rule, candidates[index])
      }
    }
    try readClients(clientProperties.sorted(), schema, audience)
    var products: Set<Int64> = []
    for assignment in selection.assignments {
      let product = candidates[assignment.rule].list[assignment.candidate].product
      if product >= 0 { products.insert(product) }
    }
    try readProducts(products.sorted(), productProperties.sorted())
  }

  private func check(
    _ place: MessageTemplate.Place, _ rule: TriggerRule, _ candidates: TriggerCandidates
  ) throws(QueryError) {
    guard !place.name.isEmpty, !inventory.properties.contains(place.name) else { return }
    let names = inventory.properties + candidates.measures + candidates.columns.keys.sorted()
    throw QueryError(
      .argumentError, "UnknownPlace",
      "the message of the trigger `\(rule.name)` has the place `{\(place.name)}`, and there is "
        + "no such property or column",
      hint: NameSuggestion.nearest(to: place.name, among: names).map { "did you mean `{\($0)}`?" }
        ?? "a place names a property of the client, {product.…}, or a column of the query")
  }

  private mutating func readClients(
    _ names: [String], _ schema: CustomerSchema, _ audience: TriggerAudience
  ) throws {
    if names.isEmpty { return }
    let columns = names.map { ", c.\(CustomerSchema.quoted($0))" }.joined()
    for name in names { ofClients[name] = [Value](repeating: .null, count: audience.count) }
    let cursor = try call.stream(
      "MATCH (c:\(schema.quoted(.clientLabel))) RETURN id(c) AS client\(columns)")
    var nodes: [Int64] = []
    while let batch = try cursor.nextColumns() {
      nodes.removeAll(keepingCapacity: true)
      try batch.appendIntegers(of: 0, to: &nodes)
      for (index, name) in names.enumerated() {
        for row in 0..<batch.count {
          guard let client = audience.row(nodes[row]) else { continue }
          ofClients[name]?[client] = batch.value(row, of: index + 1)
        }
      }
      try call.checkCancellation()
    }
  }

  private mutating func readProducts(_ products: [Int64], _ names: [String]) throws {
    if products.isEmpty { return }
    let known = names.filter(inventory.properties.contains)
    let columns = known.map { ", x.\(CustomerSchema.quoted($0))" }.joined()
    let result = try call.query(
      "UNWIND $products AS product MATCH (x) WHERE id(x) = product RETURN product\(columns)",
      parameters: ["products": .list(products.map { .integer($0) })])
    for row in result {
      guard case .integer(let product) = row[0] else { continue }
      var values: [String: Value] = [:]
      for (index, name) in known.enumerated() { values[name] = row[index + 1] }
      ofProducts[product] = values
    }
  }

  /// What a product is known by: its key, or its node id.
  func productKey(_ product: Int64) -> Value {
    if product < 0 { return .null }
    if let key = ofProducts[product]?[settings.productKey], key != .null { return key }
    return .integer(product)
  }

  /// Its title, or else its key.
  func productTitle(_ product: Int64) -> Value {
    if product < 0 { return .null }
    if let title = ofProducts[product]?[settings.productTitle], title != .null { return title }
    return productKey(product)
  }

  func text(
    _ rule: TriggerRule, _ candidates: TriggerCandidates,
    _ candidate: TriggerCandidates.Candidate
  ) -> String {
    rule.message.text { place in
      switch place.source {
      case .product:
        if place.name.isEmpty { return productTitle(candidate.product) }
        return ofProducts[candidate.product]?[place.name] ?? .null
      case .client: return ofClients[place.name]?[Int(candidate.client)] ?? .null
      case .column:
        if let value = candidates.value(place.name, candidate) { return value }
        return ofClients[place.name]?[Int(candidate.client)] ?? .null
      }
    }
  }
}

extension TriggerCandidates {
  /// Whether candidates have a value of some name.
  func knows(_ name: String) -> Bool {
    name == "reason" || measures.contains(name) || columns[name] != nil
  }

  /// Nil if candidates have none of that name.
  func value(_ name: String, _ candidate: Candidate) -> Value? {
    if let column = columns[name] {
      let row = Int(candidate.row)
      return column.indices.contains(row) ? column[row] : .null
    }
    if name == "reason" { return .string(reason(candidate)) }
    let measure =
      switch measures.firstIndex(of: name) {
      case 0: candidate.first
      case 1: candidate.second
      default: Double?.none
      }
    // What is not known, such as the stars of a review without any, is no number.
    return measure.map { $0.isNaN ? .null : .float(($0 * 100).rounded() / 100) }
  }
}
