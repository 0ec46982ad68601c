import Tropa

/// When each client bought, and for how much: one entry a client and day, so that histories can be
/// cut off at any day. Several orders of one day are one visit.
struct PurchaseTimeline {
  /// In order of node id.
  private(set) var nodes: [NodeID] = []
  /// Entries of client *i* are `starts[i] ..< starts[i + 1]`, in order of day.
  private(set) var starts: [Int] = [0]
  /// Days since 1970-01-01.
  private(set) var days: [Int] = []
  private(set) var amounts: [Double] = []
  /// Purchase relationships.
  private(set) var lines: [Double] = []
  /// The first day of all.
  private(set) var begin = 0
  /// The day after which nothing is known: purchases are before it.
  private(set) var end = 0

  /// - Parameter referenceDate: nil for the day after the last purchase of all.
  /// - Throws: `QueryError` if nobody bought anything before that day.
  init(_ schema: CustomerSchema, referenceDate: LocalDate?, call: ProcedureInvocation) throws {
    let date = "p.\(CustomerSchema.quoted(schema.dateProperty))"
    let amount = "p.\(CustomerSchema.quoted(schema.amountProperty))"
    var conditions = ["\(date) IS NOT NULL"]
    if let filter = schema.filter { conditions.append("(\(filter))") }
    var parameters: [String: Value] = [:]
    if let referenceDate {
      conditions.append("date(\(date)) < $referenceDate")
      parameters["referenceDate"] = .date(referenceDate)
    }
    let result = try call.query(
      """
      MATCH (c:\(CustomerSchema.quoted(schema.clientLabel)))
        -[p:\(CustomerSchema.quoted(schema.purchaseType))]->()
      WHERE \(conditions.joined(separator: " AND "))
      RETURN id(c) AS node, date(\(date)) AS day, sum(\(amount)) AS amount, count(p) AS lines
      ORDER BY node, day
      """, parameters: parameters)
    guard !result.isEmpty else {
      throw QueryError(
        .argumentError, "NoClients",
        "no client has a purchase" + (referenceDate.map { " before \($0)" } ?? ""),
        hint: "check dateProperty, filter and referenceDate in the configuration")
    }
    amounts = try result.floats("amount")
    lines = try result.floats("lines")
    days.reserveCapacity(result.count)
    for value in try result.values("day") {
      guard case .date(let day) = value else { continue }
      days.append(Int(day.days))
    }
    for (entry, id) in try result.integers("node").enumerated() {
      let node = NodeID(UInt64(id))
      if node != nodes.last {
        if !nodes.isEmpty { starts.append(entry) }
        nodes.append(node)
      }
    }
    starts.append(days.count)
    begin = days.min() ?? 0
    end = referenceDate.map { Int($0.days) } ?? (days.max() ?? 0) + 1
  }

  /// Days that are known.
  var span: Int { end - begin }

  /// The entries of a client before a day.
  func entries(of client: Int, before day: Int) -> Range<Int> {
    let all = starts[client]..<starts[client + 1]
    return all.lowerBound..<firstEntry(in: all, from: day)
  }

  /// Whether a client buys in `from ..< to`.
  func buys(_ client: Int, from: Int, to: Int) -> Bool {
    let all = starts[client]..<starts[client + 1]
    let entry = firstEntry(in: all, from: from)
    return entry < all.upperBound && days[entry] < to
  }

  /// Days with a purchase in `from ..< to`.
  func visits(_ client: Int, from: Int, to: Int) -> Int {
    let all = starts[client]..<starts[client + 1]
    return max(0, firstEntry(in: all, from: to) - firstEntry(in: all, from: from))
  }

  private func firstEntry(in range: Range<Int>, from day: Int) -> Int {
    days.firstEntry(in: range, notBelow: day)
  }
}

extension [Int] {
  /// The first position of an ascending range whose value is at least `bound`.
  func firstEntry(in range: Range<Int>, notBelow bound: Int) -> Int {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < bound { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
