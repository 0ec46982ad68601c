import Tropa

/// Communities of clients and the categories that they favour.
enum CommunitySection {
  /// Communities and categories that are drawn: more cannot be told apart.
  private static let communities = 16
  private static let categories = 14
  /// Clients up to which communities are found for the report if none are written.
  private static let clusteredClients = 100_000

  static let section = Section(
    id: "communities", title: .communities,
    remedies: ["tropa run DATABASE Queries/03-graph-features.cypher"]
  ) { source in
    guard source.hasProducts, let label = source.name("clientLabel"),
      let category = source.category
    else { return nil }
    let language = source.language
    // What binds c and its community.
    let members: String
    if try source.has("community", on: "clientLabel") {
      members = "MATCH (c:\(label)) WHERE c.community IS NOT NULL WITH c, c.community AS community"
    } else if try source.count("clientLabel") ?? 0 <= clusteredClients {
      members =
        "CALL gds.louvain.stream($graph) YIELD nodeId, communityId MATCH (c:\(label)) "
        + "WHERE id(c) = nodeId WITH c, communityId AS community"
    } else {
      return nil
    }
    let graph = projection(source)
    let sizes = try source.query(
      "\(members) RETURN community, count(*) AS clients ORDER BY clients DESC, community",
      ["graph": graph])
    let largest = sizes.prefix(communities).filter { ($0["clients"].integer ?? 0) > 1 }
    if largest.isEmpty { return nil }
    let rows = try source.query(
      """
      \(members) \(source.purchases)\(category.match)
      WITH CASE WHEN community IN $largest THEN community END AS part,
        \(category.text) AS category
      WHERE category IS NOT NULL
      RETURN part, category, count(*) AS purchases
      """, ["graph": graph, "largest": .list(largest.map { $0["community"] })])
    let table = CategoryPurchases(rows, largest.map { $0["community"] }, categories)
    let favourites = largest.indices.map(table.favourites)
    var page = Markup()
    page.note(language(.communitiesNote))
    let drawing = CommunityDrawing(
      communities: largest.enumerated().map { index, row in
        let clients = row["clients"].integer ?? 0
        return .init(
          name: "\(index + 1)", size: Double(clients),
          tip: "\(language(.community)) \(index + 1): \(language.number(clients))")
      },
      categories: table.categories.map { .init(name: $0, size: 1, tip: $0) },
      ties: favourites.enumerated().flatMap { community, list in
        list.map { favourite in
          CommunityDrawing.Tie(
            community: community, category: favourite.category,
            weight: Double(favourite.purchases),
            tip: "\(community + 1) – \(table.categories[favourite.category]): "
              + language.number(favourite.purchases))
        }
      })
    page.figure(drawing.drawing, title: language(.communities))
    var list = Table(columns: [
      .text(language(.community)), .number(language(.clientsColumn)),
      .text(language(.favouriteCategories)),
    ])
    for (index, row) in largest.enumerated() {
      let names = favourites[index].map {
        "\(table.categories[$0.category]) (\(language.number($0.lift, digits: 1)))"
      }
      list.rows.append([
        "\(index + 1)", language.number(row["clients"].integer ?? 0),
        names.joined(separator: ", "),
      ])
    }
    list.write(to: &page)
    if sizes.count > largest.count {
      page.note("\(language(.smallerCommunities)) \(language.number(sizes.count - largest.count)).")
    }
    return page
  }

  /// Clients, products and what joins them, for Louvain.
  private static func projection(_ source: ReportSource) -> Value {
    func present(_ keys: [String]) -> [Value] {
      keys.map(source.plainName).filter { if case .null = $0 { false } else { true } }
    }
    let direct = present(["purchaseType"])
    let types = direct.isEmpty ? present(["placedType", "containsType"]) : direct
    var projected: [String: Value] = [:]
    for type in types {
      projected[type.text] = .map(["type": type, "orientation": .string("UNDIRECTED")])
    }
    return .map([
      "nodeLabels": .list(
        present(["clientLabel", "productLabel"] + (direct.isEmpty ? ["orderLabel"] : []))),
      "relationshipTypes": .map(projected),
    ])
  }
}
