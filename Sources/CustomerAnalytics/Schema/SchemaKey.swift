/// What the analysis looks for in a graph. Each key of the configuration map `schema` names the
/// label, type or property that a database uses for it.
enum SchemaKey: String, CaseIterable, Sendable {
  // Labels
  case clientLabel, productLabel, categoryLabel, brandLabel, reviewLabel, sessionLabel, orderLabel
  // Relationship types
  case purchaseType, placedType, containsType, viewType, cartType, sessionType, reviewType
  case aboutType, socialType, categoryType, brandType
  // Properties
  case dateProperty, amountProperty, orderProperty, discountProperty
  case viewDateProperty, cartDateProperty, sessionDateProperty, sessionEventsProperty
  case reviewDateProperty, ratingProperty, textProperty, sentimentProperty, socialDateProperty
  case categoryProperty, brandProperty
  // Cypher
  case filter, amount

  enum Kind: String {
    case label, type, property
    /// Of Cypher, over the variables of the pattern of purchases.
    case expression
    var words: String { self == .type ? "relationship type" : rawValue }
  }

  var kind: Kind {
    switch self {
    case .filter, .amount: .expression
    default:
      if rawValue.hasSuffix("Label") {
        .label
      } else if rawValue.hasSuffix("Type") {
        .type
      } else {
        .property
      }
    }
  }

  /// The name in the default schema; nil where nothing counts unless it is named.
  var defaultName: String? {
    switch self {
    case .clientLabel: "Client"
    case .productLabel: "Product"
    case .categoryLabel: "Category"
    case .brandLabel: "Brand"
    case .reviewLabel: "Review"
    case .sessionLabel: "Session"
    case .orderLabel: "Order"
    case .purchaseType: "PURCHASED"
    case .placedType: "PLACED"
    case .containsType: "CONTAINS"
    case .viewType: "VIEWED"
    case .cartType: "ADDED_TO_CART"
    case .sessionType: "VISITED"
    case .reviewType: "WROTE"
    case .aboutType: "ABOUT"
    case .socialType: "FOLLOWS"
    case .categoryType: "HAS_CATEGORY"
    case .brandType: "HAS_BRAND"
    case .dateProperty: "at"
    case .amountProperty: "amount"
    case .orderProperty: "orderId"
    case .discountProperty: "discount"
    case .viewDateProperty, .cartDateProperty, .sessionDateProperty, .socialDateProperty: nil
    case .sessionEventsProperty: "pageViews"
    case .reviewDateProperty: "createdAt"
    case .ratingProperty: "rating"
    case .textProperty: "text"
    case .sentimentProperty: "sentiment"
    case .categoryProperty: "category"
    case .brandProperty: "brand"
    case .filter, .amount: nil
    }
  }

  /// The key whose name counts while this one is not named.
  var fallback: SchemaKey? {
    switch self {
    case .viewDateProperty, .cartDateProperty, .sessionDateProperty, .socialDateProperty:
      .dateProperty
    default: nil
    }
  }

  /// One line for `crm.schema.show`.
  var summary: String {
    switch self {
    case .clientLabel: "clients"
    case .productLabel: "what is sold"
    case .categoryLabel: "categories that are nodes"
    case .brandLabel: "brands that are nodes"
    case .reviewLabel: "reviews that are nodes"
    case .sessionLabel: "visits that are nodes"
    case .orderLabel: "orders that are nodes"
    case .purchaseType: "client to product, a line of an order"
    case .placedType: "client to order, for purchases through orders"
    case .containsType: "order to product, for purchases through orders"
    case .viewType: "client to product, a look at it"
    case .cartType: "client to product, put into the cart"
    case .sessionType: "client to session"
    case .reviewType: "client to review, or to product with a rating"
    case .aboutType: "review to product"
    case .socialType: "client to client"
    case .categoryType: "product to category"
    case .brandType: "product to brand"
    case .dateProperty: "when a purchase was; a date or date-time"
    case .amountProperty: "money of a purchase or, if lines have none, of an order"
    case .orderProperty: "purchases with the same value are one order"
    case .discountProperty: "money off a purchase"
    case .viewDateProperty: "when a view was"
    case .cartDateProperty: "when something was put into the cart"
    case .sessionDateProperty: "when a session began"
    case .sessionEventsProperty: "events of a session"
    case .socialDateProperty: "since when a client follows another"
    case .reviewDateProperty: "when a review was written"
    case .ratingProperty: "stars of a review"
    case .textProperty: "text of a review"
    case .sentimentProperty: "sentiment of a review, a number"
    case .categoryProperty: "category of a product that is a property"
    case .brandProperty: "brand of a product that is a property"
    case .filter: "a predicate over c (client), p (purchase) and x (product); others do not count"
    case .amount: "money as an expression over c, p and x instead of a property"
    }
  }

  /// Keys that may also stand in the configuration itself, without `schema`.
  static let short: [SchemaKey] = [
    .clientLabel, .purchaseType, .dateProperty, .amountProperty, .orderProperty, .filter,
    .viewType, .reviewType, .reviewLabel, .ratingProperty, .textProperty, .socialType,
  ]
}
