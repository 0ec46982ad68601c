/// What a synthetic shop looks like. The same parameters and seed give the same files, byte by byte.
package struct ShopParameters: Sendable {
  package var clients: Int
  /// By default a tenth of the clients.
  package var products: Int
  package var seed: UInt64
  /// Groups of shared taste; by default √clients / 10, at least 5.
  package var communities: Int
  /// First day of the history, as days since 1970-01-01 (2024-01-01).
  package var firstDay = 19_723
  /// Length of the history.
  package var days = 731
  /// Share of purchases and views that stay within the client's community.
  package var loyaltyToCommunity = 0.85
  /// Zipf exponent of product popularity inside a community.
  package var popularityExponent = 0.9

  package init(clients: Int, products: Int? = nil, seed: UInt64 = 1, communities: Int? = nil) {
    self.clients = clients
    self.products = products ?? max(clients / 10, 10)
    self.seed = seed
    let root = Double(clients).squareRoot() / 10
    self.communities = communities ?? max(5, Int(root.rounded()))
    self.communities = max(1, min(self.communities, self.products / 2, clients))
  }
}

/// A planted kind of behaviour: what segmentation should find again.
///
/// Orders follow a BG/NBD process (Fader, Hardie, Lee 2005): the rate of orders is gamma
/// distributed over clients, and after each order the client leaves for good with a probability
/// that is beta distributed over clients.
package struct PlantedSegment: Sendable {
  package var name: String
  package var russianName: String
  /// Share of all clients.
  var share: Double
  /// Mean orders a week while active, and the gamma shape (small: clients differ a lot).
  var ordersPerWeek: Double
  var rateShape: Double
  /// Beta parameters of the probability to leave after an order.
  var leavingA: Double
  var leavingB: Double
  /// Probability that the client ever buys.
  var buys: Double
  /// Mean number of different products in an order, and of pieces of each.
  var itemsPerOrder: Double
  var pieces: Double
  /// 0: cheap products are preferred, 1: no preference, above 1: dear ones.
  var priceTaste: Double
  /// Views beside each order line, and further views a week without buying.
  var viewsPerItem: Double
  var viewsPerWeek: Double
  /// Probability of a review per order line.
  var reviews: Double
  /// Mean of the rating scale before product and mood, 1 … 5.
  var satisfaction: Double
  /// Mean number of clients followed.
  var follows: Double

  package static let all: [PlantedSegment] = [
    PlantedSegment(
      name: "champions", russianName: "чемпионы", share: 0.06, ordersPerWeek: 0.70, rateShape: 6,
      leavingA: 1, leavingB: 99, buys: 1, itemsPerOrder: 1.9, pieces: 1.2, priceTaste: 1.3,
      viewsPerItem: 0.25, viewsPerWeek: 0.08, reviews: 0.10, satisfaction: 4.5, follows: 6),
    PlantedSegment(
      name: "loyal", russianName: "лояльные", share: 0.16, ordersPerWeek: 0.28, rateShape: 4,
      leavingA: 1, leavingB: 32, buys: 1, itemsPerOrder: 1.7, pieces: 1.2, priceTaste: 1,
      viewsPerItem: 0.3, viewsPerWeek: 0.05, reviews: 0.10, satisfaction: 4.2, follows: 5),
    PlantedSegment(
      name: "occasional", russianName: "эпизодические", share: 0.30, ordersPerWeek: 0.09,
      rateShape: 3, leavingA: 1, leavingB: 8, buys: 1, itemsPerOrder: 1.5, pieces: 1.1,
      priceTaste: 1, viewsPerItem: 0.4, viewsPerWeek: 0.02, reviews: 0.06, satisfaction: 3.9,
      follows: 4),
    PlantedSegment(
      name: "bargain hunters", russianName: "охотники за скидками", share: 0.14,
      ordersPerWeek: 0.13, rateShape: 3, leavingA: 1, leavingB: 14, buys: 1, itemsPerOrder: 2.2,
      pieces: 2.4, priceTaste: 0.15, viewsPerItem: 0.8, viewsPerWeek: 0.12, reviews: 0.08,
      satisfaction: 3.6, follows: 4),
    PlantedSegment(
      name: "browsers", russianName: "наблюдатели", share: 0.18, ordersPerWeek: 0.03, rateShape: 2,
      leavingA: 1, leavingB: 10, buys: 0.75, itemsPerOrder: 1.3, pieces: 1.1, priceTaste: 1,
      viewsPerItem: 1, viewsPerWeek: 0.24, reviews: 0.05, satisfaction: 3.8, follows: 7),
    PlantedSegment(
      name: "advocates", russianName: "амбассадоры", share: 0.06, ordersPerWeek: 0.22, rateShape: 4,
      leavingA: 1, leavingB: 40, buys: 1, itemsPerOrder: 1.5, pieces: 1.1, priceTaste: 1.1,
      viewsPerItem: 0.4, viewsPerWeek: 0.10, reviews: 0.65, satisfaction: 4.6, follows: 12),
    PlantedSegment(
      name: "one-time", russianName: "разовые", share: 0.10, ordersPerWeek: 0.03, rateShape: 2,
      leavingA: 4, leavingB: 1, buys: 1, itemsPerOrder: 1.3, pieces: 1.1, priceTaste: 0.8,
      viewsPerItem: 0.5, viewsPerWeek: 0.01, reviews: 0.12, satisfaction: 3.1, follows: 2),
  ]
}
