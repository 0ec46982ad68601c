import Tropa

/// A look at a product, or one put into the cart.
struct Footprint: ClientEvent {
  var seconds: Int64
  /// Node id of the product.
  var product: Int64
  var tie: Int64 { product }
}

/// A visit that is a node.
struct Session: ClientEvent {
  var seconds: Int64
  /// How much was done in it; NaN where it is not known.
  var events: Double
  var tie: Int64 { 0 }
}

/// A review or a rating.
struct Review: ClientEvent {
  var seconds: Int64
  /// NaN where they are not known.
  var rating: Double
  var sentiment: Double
  var tie: Int64 { Int64(bitPattern: rating.bitPattern) }
}

extension ClientEvents<Footprint> {
  /// Relationships of a type from clients to products; nil if the graph has none.
  init?(
    _ type: SchemaKey, date key: SchemaKey, _ schema: CustomerSchema, _ inventory: GraphInventory,
    _ call: ProcedureInvocation
  ) throws {
    guard inventory.has(schema[type], .type) else { return nil }
    let relationship = "[p:\(schema.quoted(type))]"
    let date = try schema.find(key, inventory, call)
    let cursor = try call.stream(
      """
      MATCH (c:\(schema.quoted(.clientLabel)))-\(relationship)->(x)
      RETURN id(c) AS client, id(x) AS product\(date.map { ", \($0.text) AS at" } ?? "")
      """)
    var builder = Builder()
    var clients: [Int64] = []
    var products: [Int64] = []
    var seconds: [Int64] = []
    while let batch = try cursor.nextColumns() {
      clients.removeAll(keepingCapacity: true)
      products.removeAll(keepingCapacity: true)
      try batch.appendIntegers(of: 0, to: &clients)
      try batch.appendIntegers(of: 1, to: &products)
      try FootprintColumns.read(date == nil ? nil : 2, &seconds, batch.count, undated) {
        try FootprintColumns.seconds(batch, $0, &$1, schema[key] ?? "", key.rawValue)
      }
      for row in 0..<batch.count where date == nil || seconds[row] != undated {
        builder.append(
          Footprint(seconds: seconds[row], product: products[row]), of: clients[row])
      }
      try call.checkCancellation()
    }
    self = builder.finish()
    isDated = date != nil
  }
}

extension ClientEvents<Session> {
  /// Visits that are nodes; nil if the graph has none.
  init?(
    _ schema: CustomerSchema, _ inventory: GraphInventory, _ call: ProcedureInvocation
  ) throws {
    guard inventory.has(schema[.sessionType], .type) else { return nil }
    let relationship = "[v:\(schema.quoted(.sessionType))]"
    let date = try schema.find(.sessionDateProperty, inventory, call)
    let events = try schema.find(.sessionEventsProperty, inventory, call)
    let cursor = try call.stream(
      """
      MATCH (c:\(schema.quoted(.clientLabel)))-\(relationship)->(s)
      RETURN id(c) AS client, \(date?.text ?? "null") AS at, \(events?.text ?? "null") AS events
      """)
    var builder = Builder()
    var clients: [Int64] = []
    var seconds: [Int64] = []
    var counts: [Double] = []
    while let batch = try cursor.nextColumns() {
      clients.removeAll(keepingCapacity: true)
      seconds.removeAll(keepingCapacity: true)
      counts.removeAll(keepingCapacity: true)
      try batch.appendIntegers(of: 0, to: &clients)
      try FootprintColumns.seconds(
        batch, 1, &seconds, schema[.sessionDateProperty] ?? "", "sessionDateProperty")
      try FootprintColumns.floats(
        batch, 2, &counts, schema[.sessionEventsProperty] ?? "", "sessionEventsProperty")
      for row in 0..<batch.count where date == nil || seconds[row] != undated {
        builder.append(Session(seconds: seconds[row], events: counts[row]), of: clients[row])
      }
      try call.checkCancellation()
    }
    self = builder.finish()
    isDated = date != nil
  }
}

extension ClientEvents<Review> {
  /// Reviews that are nodes, or ratings on the relationship; nil if the graph has none.
  init?(
    _ schema: CustomerSchema, _ inventory: GraphInventory, _ call: ProcedureInvocation
  ) throws {
    guard inventory.has(schema[.reviewType], .type) else { return nil }
    let relationship = "[w:\(schema.quoted(.reviewType))]"
    func place(_ key: SchemaKey) throws -> String? { try schema.find(key, inventory, call)?.text }
    let date = try place(.reviewDateProperty)
    let rating = try place(.ratingProperty)
    let sentiment = try place(.sentimentProperty)
    let cursor = try call.stream(
      """
      MATCH (c:\(schema.quoted(.clientLabel)))-\(relationship)->(v)
      RETURN id(c) AS client, \(date ?? "null") AS at, \(rating ?? "null") AS rating,
        \(sentiment ?? "null") AS sentiment
      """)
    var builder = Builder()
    var clients: [Int64] = []
    var seconds: [Int64] = []
    var ratings: [Double] = []
    var sentiments: [Double] = []
    while let batch = try cursor.nextColumns() {
      clients.removeAll(keepingCapacity: true)
      seconds.removeAll(keepingCapacity: true)
      ratings.removeAll(keepingCapacity: true)
      sentiments.removeAll(keepingCapacity: true)
      try batch.appendIntegers(of: 0, to: &clients)
      try FootprintColumns.seconds(
        batch, 1, &seconds, schema[.reviewDateProperty] ?? "", "reviewDateProperty")
      try FootprintColumns.floats(
        batch, 2, &ratings, schema[.ratingProperty] ?? "", "ratingProperty")
      try FootprintColumns.floats(
        batch, 3, &sentiments, schema[.sentimentProperty] ?? "", "sentimentProperty")
      for row in 0..<batch.count where date == nil || seconds[row] != undated {
        builder.append(
          Review(seconds: seconds[row], rating: ratings[row], sentiment: sentiments[row]),
          of: clients[row])
      }
      try call.checkCancellation()
    }
    self = builder.finish()
    isDated = date != nil
  }
}
