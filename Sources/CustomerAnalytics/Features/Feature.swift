/// What can be known of a client at a reference date.
enum Feature: String, CaseIterable, Sendable {
  // Purchases
  case recency, frequency, monetary, averageCheck, tenure
  case interval, intervalMedian, intervalDeviation
  case products, categories, brands, discountShare
  // Engagement
  case views, viewsPerOrder, viewRecency, viewConversion, carts, sessions, depth, visitRecency
  // Activity
  case reviews, reviewsPerOrder, rating, sentiment, following, followers
  // Graph
  case pageRank, communitySize, degree, similarity, bestSimilarity

  enum Group: String { case purchases, engagement, activity, graph }

  var group: Group {
    switch self {
    case .recency, .frequency, .monetary, .averageCheck, .tenure, .interval, .intervalMedian,
      .intervalDeviation, .products, .categories, .brands, .discountShare:
      .purchases
    case .views, .viewsPerOrder, .viewRecency, .viewConversion, .carts, .sessions, .depth,
      .visitRecency:
      .engagement
    case .reviews, .reviewsPerOrder, .rating, .sentiment, .following, .followers: .activity
    case .pageRank, .communitySize, .degree, .similarity, .bestSimilarity: .graph
    }
  }

  /// The property that a graph algorithm leaves on the clients, of features that are read from it.
  var property: String? {
    switch self {
    case .communitySize: "community"
    case .pageRank, .degree, .similarity: rawValue
    default: nil
    }
  }

  /// Counts and money have long tails: they are clustered by their logarithm.
  var isLogarithmic: Bool {
    switch self {
    case .tenure, .discountShare, .viewConversion, .rating, .sentiment, .similarity,
      .bestSimilarity:
      false
    default: true
    }
  }

  /// What a model takes for a client whose value is not known.
  enum Filling: Sendable {
    case mean
    /// The tenure of the client: who ordered once has waited since.
    case tenure
    /// The tenure of the oldest client: who never looked is as far away.
    case greatestTenure
    case zero
  }

  var filling: Filling {
    switch self {
    case .interval, .intervalMedian: .tenure
    case .recency, .viewRecency, .visitRecency: .greatestTenure
    case .communitySize, .degree, .intervalDeviation, .frequency, .monetary, .averageCheck, .tenure:
      .zero
    default: .mean
    }
  }

  /// One line for the manual and `crm.features.stats`.
  var summary: String {
    switch self {
    case .recency: "days since the last purchase"
    case .frequency: "orders"
    case .monetary: "money of all orders"
    case .averageCheck: "money per order"
    case .tenure: "days since the first purchase"
    case .interval: "mean days between days with purchases"
    case .intervalMedian: "median days between days with purchases"
    case .intervalDeviation: "standard deviation of the days between days with purchases"
    case .products: "different products bought"
    case .categories: "different categories bought from"
    case .brands: "different brands bought"
    case .discountShare: "discounts as a share of the full prices"
    case .views: "views of products"
    case .viewsPerOrder: "views of products per order"
    case .viewRecency: "days since the last view"
    case .viewConversion: "share of the viewed products that were bought afterwards"
    case .carts: "products put into the cart"
    case .sessions: "visits"
    case .depth: "events per visit"
    case .visitRecency: "days since the last visit"
    case .reviews: "reviews written"
    case .reviewsPerOrder: "reviews per order"
    case .rating: "mean stars given"
    case .sentiment: "mean sentiment of the reviews"
    case .following: "clients that the client follows"
    case .followers: "clients that follow the client"
    case .pageRank: "rank among the clients"
    case .communitySize: "clients in the client's community"
    case .degree: "ties"
    case .similarity: "mean similarity to the nearest clients"
    case .bestSimilarity: "likeness of the purchases to those of the best clients"
    }
  }
}
