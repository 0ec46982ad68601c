import Foundation
import GraphColumns
import GraphStore
import GraphTypes

/// Range indexes at the store's interface: building, size, look-ups, and the loop that MERGE runs.
func indexes(folder: URL) throws {
  say("\nrange indexes of nodes with one key\n")
  row("step", "200,000 nodes", "5,000,000 nodes")
  row("---", "---:", "---:")
  var columns: [[(name: String, figure: String)]] = []
  for count in [200_000, 5_000_000] {
    let path = folder.appending(path: "indexes-\(count).tropa").path
    try load(path, count)
    let store = try Store.open(path)
    columns.append(try IndexRun(store: store, path: path, count: count).figures())
    store.close()
  }
  for (small, large) in zip(columns[0], columns[1]) { row(small.name, small.figure, large.figure) }
}

/// Nodes `(:Client {id, number, city, name})`: `id` ascending, `number` shuffled, 200 cities.
private func load(_ path: String, _ count: Int) throws {
  let loader = try BulkLoader(creating: path)
  let batch = Vector.batchCapacity
  let arena = StringArena()
  for start in stride(from: 0, to: count, by: batch) {
    let size = min(batch, count - start)
    let id = Vector(type: .integer, capacity: size)
    let number = Vector(type: .integer, capacity: size)
    let city = Vector(type: .string, capacity: size)
    let name = Vector(type: .string, capacity: size)
    for vector in [id, number, city, name] { vector.count = size }
    for row in 0..<size {
      let place = start + row
      id.integers[row] = Int64(place)
      number.integers[row] = Int64(shuffled(place, count))
      city.strings[row] = arena.append("city \(place * 7919 % 200)")
      name.strings[row] = arena.append("Client \(shuffled(place, count))")
    }
    let columns = zip(["id", "number", "city", "name"], [id, number, city, name]).map {
      BulkLoader.Column(key: $0, values: $1)
    }
    _ = try loader.addNodes(labels: ["Client"], columns: columns, count: size)
  }
  _ = try loader.finish()
}

/// A permutation of `0 ..< count`, for counts that 1,299,709 does not divide.
private func shuffled(_ place: Int, _ count: Int) -> Int { place * 1_299_709 % count }

private struct IndexRun {
  let store: Store
  let path: String
  let count: Int

  func figures() throws -> [(name: String, figure: String)] {
    var figures: [(name: String, figure: String)] = []
    for key in ["id", "number", "city", "name"] {
      let before = try fileSize()
      var committed = 0.0
      let built = try build(key, &committed)
      let bytes = Double(try fileSize() - before) / Double(count)
      figures.append(("build on \(key)", text(seconds: built)))
      figures.append(("commit of it", text(seconds: committed)))
      figures.append(("bytes an entry", "\((bytes * 10).rounded() / 10)"))
    }
    let lookups = 1_000_000
    figures.append(("look-up, random", try lookUp("number", lookups) { shuffled($0 * 31, count) }))
    figures.append(("look-up, ascending", try lookUp("id", lookups) { $0 % count }))
    figures.append(("look-up of a text", try lookUpTexts(lookups / 4)))
    figures.append(("range of 10,000", try range()))
    figures.append(("city of 0.5 %", try city()))
    figures.append(("MERGE loop: find, create, set", try merge(200_000)))
    return figures
  }

  private func fileSize() throws -> Int {
    try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
  }

  private func build(_ key: String, _ committed: inout Double) throws -> Double {
    let write = try store.beginWrite()
    let definition = IndexDefinition(
      name: key, labels: [try write.label("Client").rawValue], keys: [try write.propertyKey(key)])
    let built = try seconds { try write.createIndex(definition) }
    committed = try seconds { try write.commit() }
    return built
  }

  private func index(_ key: String, _ reader: GraphReader) throws -> IndexDefinition {
    guard let index = reader.schema.index(named: key) else { throw Failure("no index \(key)") }
    return index
  }

  private func lookUp(_ key: String, _ lookups: Int, _ value: (Int) -> Int) throws -> String {
    let reader = try store.snapshot()
    let search = try reader.search(of: index(key, reader))
    var found = 0
    let time = try seconds {
      for place in 0..<lookups where try search.first(Int64(value(place))) != nil { found += 1 }
    }
    guard found == lookups else { throw Failure("\(found) of \(lookups) found") }
    return text(seconds: time / Double(lookups))
  }

  private func lookUpTexts(_ lookups: Int) throws -> String {
    let reader = try store.snapshot()
    let search = try reader.search(of: index("name", reader))
    let names = (0..<lookups).map { Value.string("Client \(shuffled($0 * 31, count))") }
    var found = 0
    let time = try seconds {
      for name in names where try search.first(name) != nil { found += 1 }
    }
    guard found == lookups else { throw Failure("\(found) of \(lookups) found") }
    return text(seconds: time / Double(lookups))
  }

  private func range() throws -> String {
    let reader = try store.snapshot()
    let index = try index("number", reader)
    let search = IndexSearch(
      equal: [],
      bound: .range(
        lower: .integer(1000), lowerInclusive: true, upper: .integer(11_000),
        upperInclusive: false))
    var found = 0
    let time = try seconds { found = try read(index, search, reader) }
    guard found == 10_000 else { throw Failure("\(found) found") }
    return text(seconds: time)
  }

  private func city() throws -> String {
    let reader = try store.snapshot()
    let index = try index("city", reader)
    let search = IndexSearch(equal: [.string("city 7")])
    var found = 0
    let time = try seconds { found = try read(index, search, reader) }
    guard found == count / 200 else { throw Failure("\(found) found") }
    return text(seconds: time)
  }

  /// Reads all that a search finds.
  private func read(
    _ index: IndexDefinition, _ search: IndexSearch, _ reader: GraphReader
  ) throws -> Int {
    let capacity = 2048
    let nodes = UnsafeMutablePointer<NodeID>.allocate(capacity: capacity)
    defer { nodes.deallocate() }
    let searches = try reader.search(of: index)
    try searches.start(search)
    var count = 0
    while case let part = try searches.read(into: nodes, capacity: capacity), part > 0 {
      count += part
    }
    return count
  }

  /// Half of the values are there, half are new; a unique constraint watches.
  private func merge(_ rows: Int) throws -> String {
    let prepare = try store.beginWrite()
    try prepare.dropIndex(named: "id")
    try prepare.createConstraint(
      ConstraintDefinition(
        name: "unique", kind: .unique, label: try prepare.label("Client").rawValue,
        keys: [try prepare.propertyKey("id")]))
    try prepare.commit()
    var made = 0
    var committed = 0.0
    let write = try store.beginWrite()
    let (client, id, seen) = (
      try write.label("Client"), try write.propertyKey("id"), try write.propertyKey("seen")
    )
    let time = try seconds {
      let search = try write.reader.search(of: index("unique", write.reader))
      for place in 0..<rows {
        let value = Int64(place % 2 == 0 ? shuffled(place, count) : count + shuffled(place, count))
        let found = try search.first(value)
        if found == nil {
          let node = try write.createNode(labels: [client])
          try write.set(id, of: node, to: .integer(value))
          made += 1
        } else if let found, place % 8 == 0 {
          try write.set(seen, of: found, to: .boolean(true))
        }
      }
    }
    guard made == rows / 2 else { throw Failure("\(made) made") }
    committed = try seconds { try write.commit() }
    return "\(Int(Double(rows) / time).formatted())/s, commit \(text(seconds: committed))"
  }
}

extension RangeIndexSearch {
  /// One of the nodes with the value.
  fileprivate func first(_ value: Value) throws -> NodeID? {
    begin()
    append(value)
    try find([value])
    return try readOne()
  }

  fileprivate func first(_ value: Int64) throws -> NodeID? {
    begin()
    append(value)
    try find([.integer(value)])
    return try readOne()
  }

  private func readOne() throws -> NodeID? {
    var node = NodeID(0)
    return try read(into: &node, capacity: 1) == 1 ? node : nil
  }
}
