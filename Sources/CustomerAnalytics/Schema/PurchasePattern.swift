import Tropa

/// How the purchases of clients are matched in a graph, and what is known of each: Cypher over the
/// variables `c` (client), `p` (the relationship to the product), `x` (product) and, for purchases
/// through orders, `o` (order) and `r` (client to order).
struct PurchasePattern {
  /// `MATCH … WHERE …`
  let match: String
  /// Expressions; nil where the graph does not know.
  let date: String?
  let amount: String?
  let order: String?
  let product: String?
  let discount: String?
  /// Whether the amount is that of a whole order, repeated on each of its lines.
  let amountIsOfOrder: Bool

  /// - Throws: `QueryError` if there are no clients or purchases.
  init(_ schema: CustomerSchema, _ inventory: GraphInventory, _ call: ProcedureInvocation) throws {
    try schema.require(.clientLabel, inventory)
    try schema.requirePurchases(inventory)
    func text(_ key: SchemaKey) throws -> String? { try schema.find(key, inventory, call)?.text }
    let client = "(c:\(schema.quoted(.clientLabel)))"
    let condition = schema[.filter].map { " WHERE (\($0))" } ?? ""
    date = try text(.dateProperty)
    discount = try text(.discountProperty)
    guard schema.hasOrders(inventory) else {
      match = "MATCH \(client)-[p:\(schema.quoted(.purchaseType))]->(x)\(condition)"
      amount = try schema[.amount] ?? text(.amountProperty)
      order = try text(.orderProperty)
      product = "id(x)"
      amountIsOfOrder = false
      return
    }
    let hasLines = inventory.has(schema[.containsType], .type)
    let money = try schema.find(.amountProperty, inventory, call)
    amount = schema[.amount] ?? money?.text
    amountIsOfOrder =
      schema[.amount] == nil && hasLines && money.map { $0.variable != "p" } ?? false
    order = "id(o)"
    product = hasLines ? "id(x)" : nil
    let path =
      "MATCH \(client)-[r:\(schema.quoted(.placedType))]->(o:\(schema.quoted(.orderLabel)))"
    let line = "(o)-[p:\(schema.quoted(.containsType))]->(x)"
    match =
      if !hasLines {
        path + condition
      } else if amountIsOfOrder {
        // An order without lines has its money too.
        "\(path) OPTIONAL MATCH \(line)"
          + (condition.isEmpty ? "" : " WITH c, r, o, p, x\(condition)")
      } else {
        "\(path), \(line)\(condition)"
      }
  }
}
