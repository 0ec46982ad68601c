#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes a synthetic shop as CSV files with neo4j-admin headers: clients, products, reviews,
/// purchases, views and follows, and beside them the truth that an analysis should find.
///
/// Every client is generated from the seed and its own number, in order, so memory is bounded by
/// the product catalogue and files are the same on every machine.
///
/// - Clients belong to planted communities (shared taste) and planted segments (behaviour,
///   `PlantedSegment`); who will have left by the last day is in `truth_clients.csv`.
/// - Product popularity is Zipf within a community; orders are a BG/NBD process; ratings depend on
///   segment, product and mood, and the mood sinks before a client leaves, so that reviews say
///   something about churn.
package struct ShopGenerator {
  package let parameters: ShopParameters

  /// Rows written, by file.
  package struct Report: Sendable {
    package var rows: [(file: String, rows: Int)] = []
    package var bytes = 0
    /// PURCHASED, VIEWED, FOLLOWS, WROTE and ABOUT together.
    package var relationships = 0
  }

  private let clientOrder: Scatter
  private let productOrder: Scatter
  private let popularity: Zipf
  private let influence: Zipf
  private let productsPerCommunity: Int
  private let clientsPerCommunity: Int

  package init(_ parameters: ShopParameters) throws {
    guard parameters.clients >= 1, parameters.products >= 1, parameters.communities >= 1,
      parameters.days >= 30
    else {
      throw GenerationError(
        description: "a shop needs at least one client, one product and 30 days of history")
    }
    guard parameters.clients < 1 << 31, parameters.products < 1 << 31 else {
      throw GenerationError(description: "a shop has fewer than 2,147,483,648 clients and products")
    }
    self.parameters = parameters
    clientOrder = Scatter(count: parameters.clients, seed: parameters.seed &+ 11)
    productOrder = Scatter(count: parameters.products, seed: parameters.seed &+ 12)
    productsPerCommunity = max(parameters.products / parameters.communities, 1)
    clientsPerCommunity = max(parameters.clients / parameters.communities, 1)
    popularity = Zipf(count: productsPerCommunity, exponent: parameters.popularityExponent)
    influence = Zipf(count: clientsPerCommunity, exponent: 0.6)
  }

  // MARK: Planted structure

  /// Client and product numbers run from 1; community and rank are found from them and back.
  private func community(ofClient client: Int) -> Int {
    clientOrder.forward(client - 1) % parameters.communities
  }
  private func client(community: Int, rank: Int) -> Int {
    let position = rank * parameters.communities + community
    return clientOrder.backward(position % parameters.clients) + 1
  }
  private func community(ofProduct product: Int) -> Int {
    productOrder.forward(product - 1) % parameters.communities
  }
  private func product(community: Int, rank: Int) -> Int {
    let position = rank * parameters.communities + community
    return productOrder.backward(position % parameters.products) + 1
  }

  private func segment(_ random: inout RandomStream) -> Int {
    var target = random.unit()
    for (index, segment) in PlantedSegment.all.enumerated() {
      target -= segment.share
      if target < 0 { return index }
    }
    return PlantedSegment.all.count - 1
  }

  // MARK: Writing

  private struct Files {
    var clients, products, reviews, purchased, viewed, follows, wrote, about: CSVOutput
    var truthClients, truthProducts: CSVOutput

    init(_ folder: String) throws {
      func file(_ name: String, _ heading: String) throws -> CSVOutput {
        try CSVOutput("\(folder)/\(name).csv", heading: heading)
      }
      clients = try file(
        "clients",
        "id:ID(Client){id-type:long},name,city,birthYear:int,registeredAt:localdatetime,channel")
      products = try file(
        "products", "id:ID(Product){id-type:long},title,category,brand,price:double")
      reviews = try file(
        "reviews", "id:ID(Review){id-type:long},rating:int,text,createdAt:localdatetime")
      purchased = try file(
        "purchased",
        ":START_ID(Client),:END_ID(Product),at:localdatetime,quantity:int,amount:double,orderId:long"
      )
      viewed = try file(
        "viewed", ":START_ID(Client),:END_ID(Product),at:localdatetime,seconds:int")
      follows = try file("follows", ":START_ID(Client),:END_ID(Client)")
      wrote = try file("wrote", ":START_ID(Client),:END_ID(Review)")
      about = try file("about", ":START_ID(Review),:END_ID(Product)")
      truthClients = try file("truth_clients", "id,segment,community,alive,leftAt")
      truthProducts = try file("truth_products", "id,community")
    }

    var all: [(String, CSVOutput)] {
      [
        ("clients.csv", clients), ("products.csv", products), ("reviews.csv", reviews),
        ("purchased.csv", purchased), ("viewed.csv", viewed), ("follows.csv", follows),
        ("wrote.csv", wrote), ("about.csv", about), ("truth_clients.csv", truthClients),
        ("truth_products.csv", truthProducts),
      ]
    }
  }

  /// Catalogue columns that every order line reads.
  private struct Prices {
    var hundredths: [Int32]
    var quality: [Float]
    /// Rank of the price among all products, in `0 ..< 1`.
    var rank: [Float]
  }

  /// Writes all files into an existing folder.
  ///
  /// - Parameter progress: called now and then with the clients done.
  /// - Complexity: O(clients + relationships) time; memory O(products).
  package func write(
    to folder: String, progress: (_ clientsDone: Int) throws -> Void = { _ in }
  ) throws -> Report {
    let files = try Files(folder)
    let prices = try writeProducts(files)
    let cities = WeightedChoice(RussianNames.cities)
    let channels = WeightedChoice(RussianNames.channels)
    var counters = Counters()
    for client in 1...parameters.clients {
      try writeClient(client, files, prices, cities, channels, &counters)
      if client & 0x3FFF == 0 { try progress(client) }
    }
    var report = Report()
    for (name, file) in files.all {
      try file.finish()
      report.rows.append((name, file.rows))
      report.bytes += file.bytes
    }
    report.relationships =
      files.purchased.rows + files.viewed.rows + files.follows.rows + files.wrote.rows
      + files.about.rows
    return report
  }

  private struct Counters {
    var order = 0
    var review = 0
  }

  private func writeProducts(_ files: Files) throws -> Prices {
    let catalogue = ProductCatalogue(seed: parameters.seed)
    var prices = Prices(hundredths: [], quality: [], rank: [])
    prices.hundredths.reserveCapacity(parameters.products)
    prices.quality.reserveCapacity(parameters.products)
    for number in 1...parameters.products {
      let community = community(ofProduct: number)
      let product = catalogue.product(number, community: community)
      try files.products.field(number)
      try files.products.field(product.title)
      try files.products.field(product.category)
      try files.products.field(product.brand)
      try files.products.field(hundredths: product.price)
      try files.products.endRow()
      try files.truthProducts.field(number)
      try files.truthProducts.field(community)
      try files.truthProducts.endRow()
      prices.hundredths.append(Int32(clamping: product.price))
      prices.quality.append(Float(product.quality))
    }
    let order = prices.hundredths.indices.sorted { prices.hundredths[$0] < prices.hundredths[$1] }
    prices.rank = [Float](repeating: 0, count: order.count)
    for (position, product) in order.enumerated() {
      prices.rank[product] = Float(position) / Float(order.count)
    }
    return prices
  }

  /// A product to the client's taste; cheap ones are tried again for bargain hunters.
  private func choose(
    _ community: Int, _ segment: PlantedSegment, _ prices: Prices, _ random: inout RandomStream
  ) -> Int {
    var choice = 0
    for _ in 0..<6 {
      let home =
        random.chance(parameters.loyaltyToCommunity)
        ? community : random.below(parameters.communities)
      choice = product(community: home, rank: popularity.rank(&random))
      let rank = Double(prices.rank[choice - 1])
      let liking =
        segment.priceTaste < 1
        ? 1 - rank * (1 - segment.priceTaste)
        : 1 - (1 - rank) * min(segment.priceTaste - 1, 1)
      if random.chance(max(liking, 0.05)) { break }
    }
    return choice
  }

  private func writeClient(
    _ client: Int, _ files: Files, _ prices: Prices, _ cities: WeightedChoice,
    _ channels: WeightedChoice, _ counters: inout Counters
  ) throws {
    var random = RandomStream(seed: parameters.seed, 1, UInt64(client))
    let community = community(ofClient: client)
    let segmentNumber = segment(&random)
    let segment = PlantedSegment.all[segmentNumber]
    let start = parameters.firstDay * 86400
    let end = start + parameters.days * 86400

    // The first seven eighths of the history bring new clients.
    let registered =
      start + random.below(parameters.days * 7 / 8) * 86400 + Self.secondOfDay(&random)
    let isWoman = random.chance(0.56)
    let surname = random.pick(RussianNames.surnames) + (isWoman ? "а" : "")
    let name = random.pick(isWoman ? RussianNames.women : RussianNames.men)
    try files.clients.field(client)
    try files.clients.field(surname + " " + name)
    try files.clients.field(cities.pick(&random))
    try files.clients.field(min(max(1986 + Int(13 * random.normal()), 1940), 2008))
    try files.clients.field(dateTime: registered)
    try files.clients.field(channels.pick(&random))
    try files.clients.endRow()

    let left = try writeOrders(
      client, community, segment, registered..<end, files, prices, &counters, &random)
    try writeBrowsing(
      client, community, segment, registered..<(left ?? end), files, prices, &random)
    try writeFollows(client, community, segment, files, &random)

    try files.truthClients.field(client)
    try files.truthClients.field(segment.name)
    try files.truthClients.field(community)
    try files.truthClients.field(left == nil ? "true" : "false")
    if let left {
      try files.truthClients.field(dateTime: left)
    } else {
      try files.truthClients.field("")
    }
    try files.truthClients.endRow()
  }

  /// The client's orders in time; returns when the client left for good, if it did.
  private func writeOrders(
    _ client: Int, _ community: Int, _ segment: PlantedSegment, _ period: Range<Int>,
    _ files: Files, _ prices: Prices, _ counters: inout Counters, _ random: inout RandomStream
  ) throws -> Int? {
    guard random.chance(segment.buys) else { return nil }
    let rate = segment.ordersPerWeek * random.gamma(shape: segment.rateShape) / segment.rateShape
    let leaving = random.beta(segment.leavingA, segment.leavingB)
    let mood = 0.5 * random.normal()
    var time = Double(period.lowerBound) + random.exponential(mean: 2 * 86400)
    // Two orders of one day keep their order, so that nothing is bought after leaving.
    var at = period.lowerBound
    while time < Double(period.upperBound) {
      let isLast = random.chance(leaving)
      at = max(Self.shoppingTime(Int(time), &random), at)
      if at >= period.upperBound { return nil }
      counters.order += 1
      let lines = random.geometric(mean: segment.itemsPerOrder)
      for _ in 0..<lines {
        let product = choose(community, segment, prices, &random)
        let quantity = random.geometric(mean: segment.pieces)
        let amount = Int(prices.hundredths[product - 1]) * quantity
        // A tenth of the lines is discounted.
        let paid = random.chance(0.1) ? amount * (80 + random.below(16)) / 100 : amount
        try files.purchased.field(client)
        try files.purchased.field(product)
        try files.purchased.field(dateTime: at)
        try files.purchased.field(quantity)
        try files.purchased.field(hundredths: paid)
        try files.purchased.field(counters.order)
        try files.purchased.endRow()
        for _ in 0..<random.poisson(mean: segment.viewsPerItem) {
          try writeView(client, product, at - 60 - random.below(3 * 86400), period, files, &random)
        }
        if random.chance(segment.reviews) || isLast && random.chance(0.15) {
          try writeReview(
            client, product,
            at + 86400 + Int(random.exponential(mean: 6 * 86400)),
            segment.satisfaction + mood + Double(prices.quality[product - 1]) - (isLast ? 1.4 : 0),
            period, files, &counters, &random)
        }
      }
      if isLast { return at }
      time += random.exponential(mean: 7 * 86400 / max(rate, 1e-6))
    }
    return nil
  }

  private func writeReview(
    _ client: Int, _ product: Int, _ at: Int, _ opinion: Double, _ period: Range<Int>,
    _ files: Files, _ counters: inout Counters, _ random: inout RandomStream
  ) throws {
    if at >= period.upperBound { return }
    counters.review += 1
    let rating = min(max(Int((opinion + 0.6 * random.normal()).rounded()), 1), 5)
    try files.reviews.field(counters.review)
    try files.reviews.field(rating)
    try files.reviews.field(ReviewTexts.text(rating: rating, &random))
    try files.reviews.field(dateTime: Self.shoppingTime(at, &random))
    try files.reviews.endRow()
    try files.wrote.field(client)
    try files.wrote.field(counters.review)
    try files.wrote.endRow()
    try files.about.field(counters.review)
    try files.about.field(product)
    try files.about.endRow()
  }

  /// Views without a purchase, while the client is there.
  private func writeBrowsing(
    _ client: Int, _ community: Int, _ segment: PlantedSegment, _ period: Range<Int>,
    _ files: Files, _ prices: Prices, _ random: inout RandomStream
  ) throws {
    let weeks = Double(period.count) / (7 * 86400)
    let mean = weeks * segment.viewsPerWeek * random.gamma(shape: 3) / 3
    for _ in 0..<random.poisson(mean: mean) {
      let product = choose(community, segment, prices, &random)
      try writeView(
        client, product, period.lowerBound + random.below(max(period.count, 1)), period, files,
        &random)
    }
  }

  private func writeView(
    _ client: Int, _ product: Int, _ at: Int, _ period: Range<Int>, _ files: Files,
    _ random: inout RandomStream
  ) throws {
    try files.viewed.field(client)
    try files.viewed.field(product)
    try files.viewed.field(dateTime: max(at, period.lowerBound))
    try files.viewed.field(1 + Int(random.exponential(mean: 45)))
    try files.viewed.endRow()
  }

  private func writeFollows(
    _ client: Int, _ community: Int, _ segment: PlantedSegment, _ files: Files,
    _ random: inout RandomStream
  ) throws {
    var followed: Set<Int> = []
    for _ in 0..<random.poisson(mean: segment.follows) {
      let home =
        random.chance(0.9) ? community : random.below(parameters.communities)
      let other = self.client(community: home, rank: influence.rank(&random))
      guard other != client, followed.insert(other).inserted else { continue }
      try files.follows.field(client)
      try files.follows.field(other)
      try files.follows.endRow()
    }
  }

  // MARK: Times

  /// Mostly between 8 and 23 o'clock.
  private static func secondOfDay(_ random: inout RandomStream) -> Int {
    let hour = random.chance(0.93) ? 8 + random.below(15) : random.below(24)
    return hour * 3600 + random.below(3600)
  }

  /// The same day at a likely time of day.
  private static func shoppingTime(_ seconds: Int, _ random: inout RandomStream) -> Int {
    seconds / 86400 * 86400 + secondOfDay(&random)
  }
}
