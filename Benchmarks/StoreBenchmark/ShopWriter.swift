import GraphColumns
import GraphStore
import GraphTypes

/// Small transactions as a shop's system makes them, on the synthetic graph of `tropa generate`.
final class ShopWriter {
  let store: Store
  private var random = SplitMix64(state: 1)
  private var nextID: Int64 = 1 << 40
  private let clients: [NodeID]
  private let products: [NodeID]

  init(_ store: Store) throws {
    self.store = store
    let reader = try store.snapshot()
    func nodes(_ label: String) throws -> [NodeID] {
      guard let id = reader.labelID(label) else {
        throw Failure("the database has no label \(label): import what `tropa generate` made")
      }
      var found: [NodeID] = []
      withUnsafeTemporaryAllocation(of: NodeID.self, capacity: Segments.rowCount) { buffer in
        guard let base = buffer.baseAddress else { return }
        for segment in 0..<reader.nodeSegmentCount {
          let count = reader.scanNodes(segment: segment, labels: [id], into: base)
          found.append(contentsOf: UnsafeBufferPointer(start: base, count: count))
        }
      }
      return found
    }
    clients = try nodes("Client")
    products = try nodes("Product")
  }

  private func client() -> NodeID { clients[Int(random.next() % UInt64(clients.count))] }
  private func product() -> NodeID { products[Int(random.next() % UInt64(products.count))] }

  private static let keys = ["id", "name", "city", "birthYear", "registeredAt", "channel"]
  private static let values: [Value] = [
    .null, .string("Иванова Мария"), .string("Казань"), .integer(1990),
    .localDateTime(LocalDateTime(seconds: 1_764_000_000, nanoseconds: 0)), .string("сайт"),
  ]

  @discardableResult
  private func add(clients count: Int, _ write: WriteTransaction) throws -> [NodeID] {
    let label = try write.label("Client")
    let keys = try Self.keys.map { try write.propertyKey($0) }
    return try (0..<count).map { _ in
      let node = try write.createNode(labels: [label])
      nextID += 1
      try write.set(keys[0], of: node, to: .integer(nextID))
      for place in 1..<keys.count { try write.set(keys[place], of: node, to: Self.values[place]) }
      return node
    }
  }

  /// One transaction with new clients of six properties.
  func addClients(_ count: Int) throws {
    let write = try store.beginWrite()
    try add(clients: count, write)
    try write.commit()
  }

  private func addView(_ write: WriteTransaction) throws -> RelationshipRef {
    let view = try write.createRelationship(
      try write.relationshipType("VIEWED"), from: client(), to: product())
    try write.set(try write.propertyKey("seconds"), of: view, to: .integer(5))
    return view
  }

  func addView() throws {
    let write = try store.beginWrite()
    _ = try addView(write)
    try write.commit()
  }

  private func updateClient(_ write: WriteTransaction) throws {
    try write.set(
      try write.propertyKey("birthYear"), of: client(),
      to: .integer(Int64(1950 + random.next() % 50)))
  }

  func updateClient() throws {
    let write = try store.beginWrite()
    try updateClient(write)
    try write.commit()
  }

  /// A transaction that is dropped, and the beginning of the next.
  /// - Parameter whileRead: whether a reader of the first is held.
  func dropUpdate(whileRead: Bool) throws {
    let write = try store.beginWrite()
    try updateClient(write)
    let reader = whileRead ? write.reader : nil
    write.abort()
    try store.beginWrite().abort()
    withExtendedLifetime(reader) {}
  }

  /// One property on many clients, in one transaction.
  func updateClients(_ count: Int) throws {
    let write = try store.beginWrite()
    let key = try write.propertyKey("birthYear")
    for node in clients.prefix(count) { try write.set(key, of: node, to: .integer(1991)) }
    try write.commit()
  }

  // What an endurance run does. The graph keeps its size: what comes goes a thousand steps later.

  private var comers: [NodeID] = []
  private var views: [RelationshipRef] = []
  private static let stay = 1000

  /// Mostly updates, some nodes and relationships that come and go.
  func mixed() throws {
    switch random.next() % 10 {
    case 0: try replaceClient()
    case 1, 2: try replaceView()
    default: try updateClient()
    }
  }

  private func replaceClient() throws {
    let write = try store.beginWrite()
    comers += try add(clients: 1, write)
    if comers.count > Self.stay { try write.deleteNode(comers.removeFirst()) }
    try write.commit()
  }

  private func replaceView() throws {
    let write = try store.beginWrite()
    views.append(try addView(write))
    if views.count > Self.stay { try write.deleteRelationship(views.removeFirst()) }
    try write.commit()
  }
}
