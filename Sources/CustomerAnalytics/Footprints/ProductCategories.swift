import Tropa

/// The category of each product: the node that a relationship leads to, else a property.
struct ProductCategories {
  private(set) var names: [String] = []
  /// The least product id.
  private let first: Int64
  /// By id from the first; −1 for none.
  private var numbers: [Int32]

  /// A product of several categories counts for the first by name.
  ///
  /// - Returns: nil if the graph knows no categories.
  init?(
    _ schema: CustomerSchema, _ inventory: GraphInventory, _ call: ProcedureInvocation
  ) throws {
    let query: String
    if inventory.has(schema[.categoryType], .type) {
      query = """
        MATCH (x)-[:\(schema.quoted(.categoryType))]->(k)
        RETURN id(x) AS product, toString(coalesce(k.name, k.title, k.id, id(k))) AS name
        ORDER BY product, name
        """
    } else if let place = try schema.find(.categoryProperty, inventory, call) {
      query = """
        MATCH \(place.pattern) WHERE \(place.text) IS NOT NULL
        RETURN id(\(place.variable)) AS product, toString(\(place.text)) AS name ORDER BY product
        """
    } else {
      return nil
    }
    let result = try call.query(query)
    let products = try result.integers("product")
    guard let least = products.first, let greatest = products.last else { return nil }
    first = least
    numbers = Array(repeating: -1, count: Int(greatest - least) + 1)
    var known: [String: Int32] = [:]
    for (product, name) in zip(products, try result.strings("name"))
    where numbers[Int(product - first)] < 0 {
      let number = known[name] ?? Int32(names.count)
      if number == names.count {
        known[name] = number
        names.append(name)
      }
      numbers[Int(product - first)] = number
    }
  }

  /// −1 for none.
  @inline(__always)
  func category(of product: Int64) -> Int {
    let place = Int(product - first)
    return place < 0 || place >= numbers.count ? -1 : Int(numbers[place])
  }
}
