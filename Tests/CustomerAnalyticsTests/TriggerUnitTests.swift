import TestSupport
import Testing
import Tropa

@testable import CustomerAnalytics

@Suite struct TriggerUnitTests {
  // MARK: Caps

  @Test func capsAllowNoWindowWithMore() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<3000 {
      let cap = ContactCap(atMost: 1 + random.below(4), days: 1 + random.below(10))
      var days: [Int32] = []
      for _ in 0..<40 {
        let day = Int32(random.below(60))
        func most(_ days: [Int32]) -> Int {
          (-20...80).map { start in
            days.count { $0 >= Int32(start) && $0 < Int32(start + cap.days) }
          }.max() ?? 0
        }
        let isAllowed = most(days + [day]) <= cap.atMost
        #expect(cap.allows(day, besides: days) == isAllowed, "\(cap) \(days) \(day)")
        if isAllowed { days.append(day) }
      }
    }
  }

  @Test func historyTellsScopesApart() {
    var history = ContactHistory(clientCount: 3)
    history.add(client: 1, day: 10, trigger: 0, channel: 0)
    history.add(client: 1, day: 11, trigger: 1, channel: 0)
    history.add(client: 1, day: 12, trigger: 0, channel: 1)
    history.add(client: 2, day: 13, trigger: 0, channel: 1)
    var days: [Int32] = []
    history.days(client: 1, .client, into: &days)
    #expect(days == [12, 11, 10])
    history.days(client: 1, .trigger(0), into: &days)
    #expect(days == [12, 10])
    history.days(client: 1, .channel(0), into: &days)
    #expect(days == [11, 10])
    #expect(history.isEmpty(0) && !history.isEmpty(2))
  }

  // MARK: Quiet hours

  @Test(arguments: ["21:00-09:00", "00:00-08:30", "13:00-14:00", "22:00-24:00", "09:00-09:00"])
  func quietHoursPutOffToTheirEnd(_ text: String) throws {
    let hours = try #require(QuietHours(text))
    func isQuiet(_ seconds: Int64) -> Bool {
      let time = (seconds % 86_400 + 86_400) % 86_400
      return hours.start <= hours.end
        ? (hours.start..<hours.end).contains(time) : time >= hours.start || time < hours.end
    }
    for minute in stride(from: Int64(-2000), to: 4000, by: 7) {
      let now = minute * 60 + 13
      let next = hours.next(from: now)
      #expect(next >= now && next - now < 86_400 && !isQuiet(next))
      if !isQuiet(now) { #expect(next == now) }
      #expect(stride(from: now, to: next, by: 60).allSatisfy(isQuiet))
    }
  }

  @Test(arguments: ["", "21:00", "21-9", "25:00-09:00", "21:60-09:00", "24:30-09:00", "a:b-c:d"])
  func whatIsNoTimeIsNoQuietHours(_ text: String) { #expect(QuietHours(text) == nil) }

  // MARK: Control groups

  /// The draw is a promise: with another hash, clients would change groups in the middle of an
  /// experiment. The numbers are of an independent program in Python.
  @Test func controlGroupsAreTheSameForEver() {
    let group = ControlGroup(experiment: "autumn-2026", trigger: "replenish", share: 0.1)
    let members = (1...200).filter { group.contains(ClientKey(.integer(Int64($0)))) }
    #expect(
      members
        == [3, 4, 21, 30, 33, 55, 60, 68, 110, 118, 127, 128, 136, 141, 164, 166, 189, 193])
    let named = ["anna", "boris", "vera", "gleb", "dina", "egor", "жанна", "зоя", "игорь", "клим"]
    let half = ControlGroup(experiment: "autumn-2026", trigger: nil, share: 0.5)
    #expect(
      named.filter { half.contains(ClientKey(.string($0))) } == [
        "anna", "vera", "gleb", "dina", "egor", "жанна", "зоя",
      ])
  }

  @Test func controlGroupsAreRandomNestedAndIndependent() {
    let count = 20_000
    func members(_ trigger: String?, _ share: Double, _ experiment: String = "e") -> Set<Int> {
      let group = ControlGroup(experiment: experiment, trigger: trigger, share: share)
      return Set((0..<count).filter { group.contains(ClientKey(.integer(Int64($0)))) })
    }
    func isNear(_ found: Int, _ share: Double) -> Bool {
      abs(Double(found) - share * Double(count))
        < 4 * (Double(count) * share * (1 - share)).squareRoot()
    }
    for share in [0.01, 0.1, 0.5, 0.9] { #expect(isNear(members("a", share).count, share)) }
    #expect(members("a", 0).isEmpty && members("a", 1).count == count)
    #expect(members("a", 0.05).isSubset(of: members("a", 0.1)))
    #expect(isNear(members("a", 0.3).intersection(members("b", 0.3)).count, 0.09))
    #expect(isNear(members("a", 0.3).intersection(members(nil, 0.3)).count, 0.09))
    #expect(isNear(members("a", 0.3).intersection(members("a", 0.3, "f")).count, 0.09))
    // Names do not run together.
    #expect(
      isNear(members("bc", 0.3, "a").intersection(members("c", 0.3, "ab")).count, 0.09))
  }

  // MARK: Messages

  @Test func messagesHavePlacesDefaultsAndBraces() throws {
    let template = try MessageTemplate(
      "{name|Клиент}, {{акция}}: {product} за {product.price} ({client.city|город}, {days})",
      of: "t")
    let values: [String: Value] = [
      "": .string("Чай"), "price": .float(120), "days": .integer(14), "city": .null,
    ]
    #expect(
      template.text { values[$0.name] ?? .null }
        == "Клиент, {акция}: Чай за 120 (город, 14)")
    for wrong in ["{", "}", "{name", "{}", "{ }", "{client.}", "name}"] {
      #expect(throws: QueryError.self) { try MessageTemplate(wrong, of: "t") }
    }
  }

  // MARK: Next best product

  @Test func similarProductsAreThoseOfTheNaiveCosine() throws {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<30 {
      let products = 4 + random.below(8)
      let bought = (0..<30).map { _ in
        (0..<random.below(8)).map { _ in Int64(random.below(products) * 10) }
      }
      var baskets = Baskets(last: 100)
      for basket in bought { baskets.add(basket) }
      let similar = SimilarProducts(baskets, support: 2) {}
      let sets = bought.map(Set.init)
      func buyers(_ products: Int64...) -> Double {
        Double(sets.count { $0.isSuperset(of: products) })
      }
      func cosine(_ a: Int64, _ b: Int64) -> Double {
        let both = buyers(a, b)
        return both < 2 ? 0 : both / (buyers(a) * buyers(b)).squareRoot()
      }
      var scorer = NextBestScorer(baskets, similar)
      for (index, basket) in bought.enumerated() {
        let seeds = baskets.recent(index).prefix(10).map { baskets.products[Int($0)] }
        #expect(seeds == Array(BasketOrder.last(basket).prefix(10)))
        var scores: [Int64: Double] = [:]
        for product in Set(bought.joined()) where !sets[index].contains(product) {
          let score = seeds.reduce(0) { $0 + cosine($1, product) }
          if score > 0 { scores[product] = score }
        }
        let best = scorer.best(index)
        #expect((best == nil) == scores.isEmpty)
        if let best {
          let greatest = scores.values.max() ?? 0
          #expect(abs(best.score - greatest) < 1e-5)
          #expect(abs((scores[best.product] ?? 0) - greatest) < 1e-5)
        }
      }
    }
  }

  private enum BasketOrder {
    /// Different products, the last bought first.
    static func last(_ basket: [Int64]) -> [Int64] {
      var seen: Set<Int64> = []
      return basket.reversed().filter { seen.insert($0).inserted }
    }
  }
}
