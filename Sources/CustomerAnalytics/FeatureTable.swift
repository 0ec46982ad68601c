import Segmentation
import Tropa

/// What is known of each client who bought anything: one row a client, one column a feature.
struct FeatureTable {
  struct Column {
    var name: String
    var values: [Double]
    /// Counts and money have long tails; they are clustered by their logarithm.
    var isLogarithmic: Bool
    /// By which the scaled column is multiplied.
    var weight = 1.0
  }
  var nodes: [NodeID]
  var columns: [Column]
  let history: PurchaseHistory

  /// Names of the features that can be computed; any other name is a numeric property of the clients.
  static let computed = [
    "recency", "frequency", "monetary", "averageCheck", "interval", "tenure", "views",
    "viewsPerOrder", "viewRecency", "reviews", "reviewsPerOrder", "rating", "following",
    "followers",
  ]
  /// Node properties that `gds.*.write` leaves, used when they are there: see the query file
  /// 03-graph-features.cypher.
  static let graphProperties = ["pageRank", "community", "similarity"]

  /// The features of a call that names none: what clients buy, how they engage for it, and where
  /// they stand in the graph. Each group weighs the same, whatever its number of columns: a scaled
  /// column is divided by the root of that number, so that a group's part in squared distances is
  /// that of one column.
  ///
  /// Views and reviews count per order: their bare numbers mostly repeat the number of orders. On
  /// the synthetic shop of 20,000 clients this finds the planted segments more than twice as well as
  /// all features with equal weights (see the Segmentation article).
  static let defaultGroups = [
    ["recency", "frequency", "monetary", "interval"],
    ["viewsPerOrder", "reviewsPerOrder"],
    ["following", "pageRank", "community", "similarity"],
  ]

  /// - Parameter names: the features wanted, which weigh the same; nil: those of `defaultGroups`
  ///   for which the graph has something.
  init(
    _ schema: CustomerSchema, history: PurchaseHistory, names: [String]?,
    call: ProcedureInvocation
  ) throws {
    self.history = history
    nodes = history.nodes
    columns = []
    var rows: [UInt64: Int] = [:]
    for (row, node) in nodes.enumerated() { rows[node.rawValue] = row }
    for group in names.map({ [$0] }) ?? Self.defaultGroups {
      var found: [Column] = []
      for name in group {
        guard let column = try Self.column(name, schema, history, rows, call) else {
          if names == nil { continue }
          throw Self.unknown(name)
        }
        // A feature that is the same for all says nothing.
        if names == nil, let first = column.values.first,
          column.values.allSatisfy({ $0 == first })
        {
          continue
        }
        found.append(column)
        try call.checkCancellation()
      }
      if names == nil {
        let weight = 1 / Double(max(found.count, 1)).squareRoot()
        for position in found.indices { found[position].weight = weight }
      }
      columns += found
    }
  }

  private static func unknown(_ name: String) -> QueryError {
    QueryError(
      .argumentError, "UnknownFeature", "no client has the feature `\(name)`",
      hint: NameSuggestion.nearest(to: name, among: computed + graphProperties)
        .map {
          $0 == name
            ? "run Queries/03-graph-features.cypher first, which writes it"
            : "did you mean `\($0)`?"
        }
        ?? "features are \(computed.joined(separator: ", ")), or numeric properties of the clients"
    )
  }

  private static func column(
    _ name: String, _ schema: CustomerSchema, _ history: PurchaseHistory, _ rows: [UInt64: Int],
    _ call: ProcedureInvocation
  ) throws -> Column? {
    let client = "(c:\(CustomerSchema.quoted(schema.clientLabel)))"
    func counted(_ pattern: String, _ expression: String, fallback: Double = 0) throws -> [Double] {
      try values(
        "MATCH \(pattern) RETURN id(c) AS node, \(expression) AS value", rows, fallback, call)
    }
    func relationship(_ type: String, _ variable: String = "r") -> String {
      "-[\(variable):\(CustomerSchema.quoted(type))]->"
    }
    switch name {
    case "recency": return Column(name: name, values: history.recency, isLogarithmic: true)
    case "frequency": return Column(name: name, values: history.frequency, isLogarithmic: true)
    case "monetary":
      // Returns may outweigh purchases.
      return Column(
        name: name, values: history.monetary.map { max($0, 0) }, isLogarithmic: true)
    case "averageCheck":
      return Column(
        name: name,
        values: zip(history.monetary, history.frequency).map { $1 > 0 ? max($0 / $1, 0) : 0 },
        isLogarithmic: true)
    case "interval":
      // Who ordered once has waited since.
      return Column(
        name: name,
        values: history.nodes.indices.map { row in
          history.frequency[row] > 1
            ? (history.tenure[row] - history.recency[row]) / (history.frequency[row] - 1)
            : history.tenure[row]
        }, isLogarithmic: true)
    case "tenure": return Column(name: name, values: history.tenure, isLogarithmic: false)
    case "views":
      guard try schema.has(schema.viewType, call) else { return nil }
      return Column(
        name: name, values: try counted("\(client)\(relationship(schema.viewType))()", "count(r)"),
        isLogarithmic: true)
    case "viewsPerOrder", "reviewsPerOrder":
      let counts = name == "viewsPerOrder" ? "views" : "reviews"
      guard var column = try column(counts, schema, history, rows, call) else { return nil }
      column.name = name
      for (row, orders) in history.frequency.enumerated() { column.values[row] /= max(orders, 1) }
      return column
    case "viewRecency":
      guard try schema.has(schema.viewType, call) else { return nil }
      let date = "max(r.\(CustomerSchema.quoted(schema.dateProperty)))"
      let reference = Double(history.referenceDate.days)
      let days = try values(
        """
        MATCH \(client)\(relationship(schema.viewType))()
        WITH c, \(date) AS last WHERE last IS NOT NULL
        RETURN id(c) AS node, duration.inDays(date('1970-01-01'), date(last)).days AS value
        """, rows, .nan, call)
      if days.allSatisfy(\.isNaN) { return nil }
      // Who never looked is as far away as the oldest client.
      let oldest = history.tenure.max() ?? 0
      return Column(
        name: name, values: days.map { $0.isNaN ? oldest : max(reference - $0, 0) },
        isLogarithmic: true)
    case "reviews":
      guard try schema.has(schema.reviewType, call) else { return nil }
      return Column(
        name: name,
        values: try counted("\(client)\(relationship(schema.reviewType))()", "count(r)"),
        isLogarithmic: true)
    case "rating":
      guard try schema.has(schema.reviewType, call) else { return nil }
      let rating = "avg(w.\(CustomerSchema.quoted(schema.ratingProperty)))"
      let means = try counted(
        "\(client)\(relationship(schema.reviewType))(w)", rating, fallback: .nan)
      let known = means.filter { !$0.isNaN }
      if known.isEmpty { return nil }
      let overall = known.reduce(0, +) / Double(known.count)
      return Column(
        name: name, values: means.map { $0.isNaN ? overall : $0 }, isLogarithmic: false)
    case "following":
      guard try schema.has(schema.socialType, call) else { return nil }
      return Column(
        name: name,
        values: try counted("\(client)\(relationship(schema.socialType))()", "count(r)"),
        isLogarithmic: true)
    case "followers":
      guard try schema.has(schema.socialType, call) else { return nil }
      return Column(
        name: name,
        values: try counted(
          "\(client)<-[r:\(CustomerSchema.quoted(schema.socialType))]-()", "count(r)"),
        isLogarithmic: true)
    default: return try property(name, client, rows, call)
    }
  }

  /// A numeric property of the clients. A community's number says nothing by itself: its size counts.
  private static func property(
    _ name: String, _ client: String, _ rows: [UInt64: Int], _ call: ProcedureInvocation
  ) throws -> Column? {
    let key = CustomerSchema.quoted(name)
    if name == "community" {
      let sizes = try values(
        "MATCH \(client) WHERE c.\(key) IS NOT NULL RETURN id(c) AS node, c.\(key) AS value", rows,
        .nan, call)
      if sizes.allSatisfy(\.isNaN) { return nil }
      var count: [Double: Int] = [:]
      for community in sizes where !community.isNaN { count[community, default: 0] += 1 }
      return Column(
        name: "communitySize", values: sizes.map { $0.isNaN ? 0 : Double(count[$0] ?? 0) },
        isLogarithmic: true)
    }
    let found = try values(
      "MATCH \(client) WHERE c.\(key) IS NOT NULL RETURN id(c) AS node, c.\(key) AS value", rows,
      .nan, call)
    if found.allSatisfy(\.isNaN) { return nil }
    let known = found.filter { !$0.isNaN }
    let mean = known.reduce(0, +) / Double(known.count)
    return Column(
      name: name, values: found.map { $0.isNaN ? mean : $0 },
      isLogarithmic: name == "pageRank")
  }

  /// The rows of a query as a column; clients without a row get `fallback`.
  private static func values(
    _ query: String, _ rows: [UInt64: Int], _ fallback: Double, _ call: ProcedureInvocation
  ) throws -> [Double] {
    let result = try call.query(query)
    let ids = try result.integers("node")
    let found = try result.values("value")
    var values = [Double](repeating: fallback, count: rows.count)
    for (position, id) in ids.enumerated() {
      guard let row = rows[UInt64(id)] else { continue }
      switch found[position] {
      case .integer(let value): values[row] = Double(value)
      case .float(let value): values[row] = value
      case .null: break
      case let other:
        throw QueryError(
          .typeError, "InvalidArgumentType",
          "a feature must be a number, and a client has \(other.typeName) for it")
      }
    }
    return values
  }

  var matrix: Matrix { Matrix(columns: columns.map(\.values)) }
}
