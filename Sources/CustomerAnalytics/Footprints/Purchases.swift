import Tropa

/// A line of an order, or a purchase as a whole.
struct Purchase: ClientEvent {
  /// For purchases that do not say to which order they belong.
  static let noOrder = Int64.min
  /// For purchases that do not say of what.
  static let noProduct: Int64 = -1

  var seconds: Int64
  /// The same number for the same order: order numbers themselves where they are integers.
  var order: Int64
  /// The node id of the product.
  var product: Int64
  /// NaN where it is not known.
  var amount: Double
  /// Money off; NaN where it is not known.
  var discount: Double
  var tie: Int64 { order ^ product }
}

/// All purchases of all clients, in time: one pass over the graph, from which histories at any
/// number of reference dates are made.
struct Purchases {
  let events: ClientEvents<Purchase>
  let hasAmounts: Bool
  let hasOrders: Bool
  let hasProducts: Bool
  let hasDiscounts: Bool
  /// Node ids of the products, from the least to the greatest; 0 to 0 without any.
  let productRange: ClosedRange<Int64>

  var isDated: Bool { events.isDated }

  /// - Throws: `QueryError` that names the key if there are purchases without dates or amounts.
  func requireDatesAndAmounts(_ schema: CustomerSchema) throws(QueryError) {
    if events.isEmpty { return }
    if !isDated { throw schema.missing(.dateProperty, of: "purchase") }
    if !hasAmounts { throw schema.missing(.amountProperty, of: "purchase") }
  }

  /// The day after the last purchase; nil if purchases have no dates or there are none.
  var dayAfterLast: LocalDate? {
    events.lastSeconds.map { LocalDate(days: flooredDay($0) + 1) }
  }

  /// - Throws: `QueryError` if the schema's clients or purchases are not in the graph, or dates or
  ///   amounts are of another type.
  init(
    _ schema: CustomerSchema, _ inventory: GraphInventory, call: ProcedureInvocation
  ) throws {
    let pattern = try PurchasePattern(schema, inventory, call)
    var columns = ["id(c) AS client"]
    func column(_ expression: String?, _ name: String) -> Int? {
      guard let expression else { return nil }
      columns.append("\(expression) AS \(name)")
      return columns.count - 1
    }
    let date = column(pattern.date, "at")
    let amount = column(pattern.amount, "amount")
    let order = column(pattern.order, "orderNumber")
    let product = column(pattern.product, "product")
    let discount = column(pattern.discount, "discount")
    let cursor = try call.stream(
      "\(pattern.match) RETURN \(columns.joined(separator: ", "))")

    var builder = ClientEvents<Purchase>.Builder()
    var numbering = ValueNumbering()
    var clients: [Int64] = []
    var seconds: [Int64] = []
    var orders: [Int64] = []
    var products: [Int64] = []
    var amounts: [Double] = []
    var discounts: [Double] = []
    var anyOrder = false
    var leastProduct = Int64.max
    var greatestProduct: Int64 = 0
    while let batch = try cursor.nextColumns() {
      clients.removeAll(keepingCapacity: true)
      try batch.appendIntegers(of: 0, to: &clients)
      let count = batch.count
      try FootprintColumns.read(date, &seconds, count, undated) {
        try FootprintColumns.seconds(batch, $0, &$1, schema[.dateProperty] ?? "", "dateProperty")
      }
      try FootprintColumns.read(order, &orders, count, Purchase.noOrder) {
        batch.appendNumbers(of: $0, to: &$1, numbering: &numbering, null: Purchase.noOrder)
      }
      try FootprintColumns.read(product, &products, count, Purchase.noProduct) {
        try batch.appendIntegers(of: $0, to: &$1, null: Purchase.noProduct)
      }
      try FootprintColumns.read(amount, &amounts, count, .nan) {
        try FootprintColumns.floats(
          batch, $0, &$1, schema[.amount] ?? schema[.amountProperty] ?? "",
          schema[.amount] == nil ? "amountProperty" : "amount")
      }
      try FootprintColumns.read(discount, &discounts, count, .nan) {
        try FootprintColumns.floats(
          batch, $0, &$1, schema[.discountProperty] ?? "", "discountProperty")
      }
      for row in 0..<count {
        // Where purchases have dates, one without is at no time.
        if date != nil && seconds[row] == undated { continue }
        if orders[row] != Purchase.noOrder { anyOrder = true }
        if products[row] != Purchase.noProduct {
          leastProduct = min(leastProduct, products[row])
          greatestProduct = max(greatestProduct, products[row])
        }
        builder.append(
          Purchase(
            seconds: seconds[row], order: orders[row], product: products[row],
            amount: amounts[row], discount: discounts[row]), of: clients[row])
      }
      try call.checkCancellation()
    }
    var events = builder.finish()
    events.isDated = date != nil
    if pattern.amountIsOfOrder { events.countAmountsOncePerOrder() }
    self.events = events
    hasAmounts = amount != nil
    hasOrders = anyOrder
    hasProducts = product != nil
    hasDiscounts = discount != nil
    productRange = min(leastProduct, greatestProduct)...greatestProduct
  }
}

extension ClientEvents<Purchase> {
  /// Leaves the amount of an order on the first of its lines.
  fileprivate mutating func countAmountsOncePerOrder() {
    var seen: Set<Int64> = []
    for group in nodes.indices {
      seen.removeAll(keepingCapacity: true)
      for row in starts[group]..<starts[group + 1] where !seen.insert(events[row].order).inserted {
        update(row) { $0.amount = 0 }
      }
    }
  }
}

/// Reading the columns of footprints out of a result.
enum FootprintColumns {
  /// Replaces an array by a column of a batch, or by `count` times `missing` if there is none.
  static func read<T>(
    _ column: Int?, _ array: inout [T], _ count: Int, _ missing: T,
    _ append: (Int, inout [T]) throws -> Void
  ) throws {
    guard let column else {
      if array.count != count { array = Array(repeating: missing, count: count) }
      return
    }
    array.removeAll(keepingCapacity: true)
    try append(column, &array)
  }

  /// - Throws: `QueryError` that names the property and its key for values that are no dates.
  static func seconds(
    _ batch: ResultBatch, _ column: Int, _ array: inout [Int64], _ property: String, _ key: String
  ) throws(QueryError) {
    do throws(QueryError) {
      try batch.appendSeconds(of: column, to: &array, null: undated)
    } catch {
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "the property `\(property)` has values that are not dates: \(error.message)",
        hint: "import it as date or localdatetime, or set \(key) to another property")
    }
  }

  /// - Throws: `QueryError` that names the property and its key for values that are no numbers.
  static func floats(
    _ batch: ResultBatch, _ column: Int, _ array: inout [Double], _ property: String,
    _ key: String
  ) throws(QueryError) {
    do throws(QueryError) {
      try batch.appendFloats(of: column, to: &array)
    } catch {
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "`\(property)` has values that are not numbers: \(error.message)",
        hint: "import it as int or float, or set \(key) to another")
    }
  }
}
