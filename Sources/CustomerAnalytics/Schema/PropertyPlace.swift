import Tropa

/// A variable of a pattern on which a property may be.
struct PropertyPlace {
  let variable: String
  /// That binds the variable.
  let pattern: String
  /// `variable.property`
  let text: String
}

extension CustomerSchema {
  /// Where the property of a key may be, the likeliest place first; only places that the graph has.
  func places(_ key: SchemaKey, _ inventory: GraphInventory) -> [PropertyPlace] {
    func relationship(_ variable: String, _ type: SchemaKey) -> PropertyPlace? {
      place(variable, "()-[\(variable):\(quoted(type))]->()", type)
    }
    func node(_ variable: String, _ label: SchemaKey) -> PropertyPlace? {
      place(variable, "(\(variable):\(quoted(label)))", label)
    }
    func end(_ variable: String, _ type: SchemaKey) -> PropertyPlace? {
      place(variable, "()-[:\(quoted(type))]->(\(variable))", type)
    }
    func place(_ variable: String, _ pattern: String, _ owner: SchemaKey) -> PropertyPlace? {
      guard inventory.has(self[owner], owner.kind) else { return nil }
      return PropertyPlace(variable: variable, pattern: pattern, text: property(variable, key))
    }
    let places: [PropertyPlace?] =
      switch key {
      case .dateProperty, .amountProperty, .orderProperty, .discountProperty:
        hasOrders(inventory)
          ? [
            relationship("p", .containsType), node("o", .orderLabel),
            relationship("r", .placedType),
          ]
          : [relationship("p", .purchaseType)]
      case .viewDateProperty: [relationship("p", .viewType)]
      case .cartDateProperty: [relationship("p", .cartType)]
      case .socialDateProperty: [relationship("r", .socialType)]
      case .sessionDateProperty, .sessionEventsProperty:
        [relationship("v", .sessionType), end("s", .sessionType)]
      case .reviewDateProperty, .ratingProperty, .textProperty, .sentimentProperty:
        [relationship("w", .reviewType), end("v", .reviewType)]
      case .categoryProperty, .brandProperty: [node("x", .productLabel)]
      default: []
      }
    return places.compactMap { $0 }
  }

  /// The first place that has the property of a key; nil if none has.
  func find(
    _ key: SchemaKey, _ inventory: GraphInventory, _ call: ProcedureInvocation
  ) throws -> PropertyPlace? {
    guard inventory.has(self[key], .property) else { return nil }
    return try places(key, inventory).first { place in
      try !call.query(
        "MATCH \(place.pattern) WHERE \(place.text) IS NOT NULL RETURN 1 AS one LIMIT 1"
      ).isEmpty
    }
  }
}
