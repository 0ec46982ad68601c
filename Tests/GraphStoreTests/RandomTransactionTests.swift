import Foundation
import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// Random transactions against a naive model. A failure names its seed. More of them, with new
/// seeds: `TROPA_STORE_SECONDS=600 swift test --filter RandomTransactionTests`.
@Suite(.serialized) struct RandomTransactionTests {
  private struct Failure: Error, CustomStringConvertible { var description: String }

  /// What is kept while others commit.
  private struct Witness {
    var reader: GraphReader
    var model: GraphModel
  }

  private struct Run {
    var random: SeededGenerator
    let path: String
    var store: Store
    var model = GraphModel()
    var witnesses: [Witness] = []
    var scale: Int

    mutating func compare(_ model: GraphModel, _ reader: GraphReader, _ when: String) throws {
      do {
        try GraphComparison(model: model, reader: reader).run(&random)
      } catch {
        throw Failure(description: "\(when): \(error)")
      }
    }

    mutating func transaction(comparing: Bool) throws {
      if random.below(10) == 0 {
        let limit = [0, 5, 60, 8192][random.below(4)]
        try store.currentLease().environment.deltaLimits.changes = limit
        try store.currentLease().environment.deltaLimits.chunks = [3, 30, 4096][random.below(3)]
      }
      var transaction = RandomTransaction(write: try store.beginWrite(), model: model, scale: scale)
      let isLong = random.below(20) == 0
      for _ in 0..<(isLong ? 30 + random.below(60) : 1 + random.below(6)) {
        try transaction.step(&random)
        // Looking at a state in between must not disturb what follows.
        if comparing, random.below(isLong ? 30 : 12) == 0 {
          try compare(transaction.model, transaction.write.reader, "in the transaction")
        }
      }
      if comparing, random.below(4) == 0 {
        try compare(transaction.model, transaction.write.reader, "before the end")
      }
      if random.below(6) == 0 {
        transaction.write.abort()
        if comparing { try compare(model, try store.snapshot(), "after abort") }
      } else {
        try transaction.write.commit()
        model = transaction.model
        if comparing { try compare(model, try store.snapshot(), "after commit") }
      }
    }

    mutating func witness() throws {
      if random.below(3) == 0 {
        witnesses.append(.init(reader: try store.snapshot(), model: model))
      }
      guard let place = witnesses.indices.randomElement(using: &random) else { return }
      try compare(witnesses[place].model, witnesses[place].reader, "as seen by an old reader")
      if witnesses.count > 3 { witnesses.remove(at: place) }
    }

    mutating func reopen() throws {
      witnesses = []
      store.close()
      store = try Store.open(path)
      try compare(model, try store.snapshot(), "after opening again")
    }
  }

  private func run(
    seed: UInt64, transactions: Int, scale: Int, prepare: (inout Run) throws -> Void = { _ in }
  ) throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      var options = StoreOptions()
      options.durability = .bulk
      var run = Run(
        random: SeededGenerator(seed: seed), path: path,
        store: try Store.open(path, options: options), scale: scale)
      var done = 0
      do {
        try prepare(&run)
        try run.compare(run.model, try run.store.snapshot(), "at the beginning")
        while done < transactions {
          try run.transaction(comparing: run.random.below(4) == 0)
          if run.random.below(20) == 0 { try run.witness() }
          if run.random.below(50) == 0 { try run.reopen() }
          done += 1
        }
        try run.reopen()
      } catch {
        Issue.record("seed \(seed), scale \(scale), transaction \(done): \(error)")
      }
      run.witnesses = []
      run.store.close()
      for finding in try StoreCheck.run(path: path).findings {
        Issue.record("seed \(seed), scale \(scale): \(finding.text)")
      }
    }
  }

  /// Calls `body` with the seeds that always run, then with new ones as long as was asked for.
  private func forSeeds(_ fixed: ClosedRange<UInt64>, _ body: (UInt64) throws -> Void) rethrows {
    for seed in fixed { try body(seed) }
    guard let text = ProcessInfo.processInfo.environment["TROPA_STORE_SECONDS"],
      let seconds = Double(text)
    else { return }
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      let seed = UInt64.random(in: 1000...UInt64.max)
      print("seed \(seed)")
      try body(seed)
    }
  }

  @Test func smallGraphs() throws {
    try forSeeds(1...9) { try run(seed: $0, transactions: 120, scale: 6) }
  }

  @Test func largerGraphs() throws {
    try forSeeds(1...2) { try run(seed: $0, transactions: 25, scale: 700) }
  }

  @Test func graphsThatWereLoaded() throws {
    try forSeeds(1...3) { seed in
      try run(seed: seed, transactions: 60, scale: 20) { try load(&$0, count: 60) }
    }
    try run(seed: 9, transactions: 6, scale: 300) { try load(&$0, count: 4200) }
  }

  /// Nodes of some label sets and relationships, with properties, by the bulk loader.
  private func load(_ run: inout Run, count: Int) throws {
    run.store.close()
    let path = run.path
    try FileManager.default.removeItem(atPath: path)
    let loader = try BulkLoader(creating: path)
    var random = run.random
    var nodes: [UInt64] = []
    for labels in [["Клиент"], ["Product", "Ж"], []] {
      let names = ["name", "age"]
      let columns = names.map { name in
        (name, (0..<count).map { _ in Self.value(name, &random) })
      }
      let ids = try loader.addNodes(
        labels: labels, columns: columns.map { .init(key: $0.0, values: Vector($0.1)) },
        count: count
      ).joined()
      nodes += ids
      for (row, id) in ids.enumerated() {
        while run.model.nodes.count <= Int(id) { run.model.nodes.append(nil) }
        var node = GraphModel.Node()
        for label in labels { node.labels.insert(run.model.label(label)) }
        for (name, values) in columns {
          let key = run.model.key(name)
          if case .null = values[row] { continue }
          node.properties[key] = values[row]
        }
        run.model.nodes[Int(id)] = node
      }
    }
    var pairs: [(from: UInt64, to: UInt64)] = []
    for _ in 0..<(3 * count) {
      let isHub = random.below(3) == 0
      // Lists of some hundred bytes, which may begin in one chunk and end in the next, a hub, and
      // short ones.
      let isPopular = random.below(3) == 0
      pairs.append(
        (
          isHub ? nodes[1] : nodes[random.below(nodes.count)],
          nodes[random.below(isPopular ? min(25, count) : nodes.count)]
        ))
    }
    // Rows follow the order of (from, to) after a new load: so given, it is the order here too.
    pairs.sort { ($0.from, $0.to) < ($1.from, $1.to) }
    let ages = (0..<pairs.count).map { _ in Self.value("age", &random) }
    try loader.addRelationships(
      type: "BOUGHT", from: pairs.map { UInt32($0.from) }, to: pairs.map { UInt32($0.to) },
      columns: [.init(key: "age", values: Vector(ages))], count: pairs.count)
    _ = try loader.finish()
    let type = run.model.type("BOUGHT")
    let age = run.model.key("age")
    for (row, pair) in pairs.enumerated() {
      var relationship = GraphModel.Relationship(from: pair.from, to: pair.to)
      if case .null = ages[row] {} else { relationship.properties[age] = ages[row] }
      run.model.relationships[type].append(relationship)
    }
    run.store = try Store.open(path)
    // Ids of names and rows at the end are the loader's choice.
    let reader = try run.store.snapshot()
    run.model.adopt(labels: reader.labelNames, keys: reader.propertyKeyNames)
    while run.model.nodes.count < reader.nodeRowCount { run.model.nodes.append(nil) }
    run.random = random
  }

  private static func value(_ key: String, _ random: inout SeededGenerator) -> Value {
    if random.below(6) == 0 { return .null }
    return ValueSamples.value(kind: key == "name" ? 3 : 1, &random)
  }
}

extension GraphModel {
  /// Renumbers names.
  fileprivate mutating func adopt(labels newLabels: [String], keys newKeys: [String]) {
    let (oldLabels, oldKeys) = (labels, keys)
    func renumbered(_ properties: [Int: Value]) -> [Int: Value] {
      var result: [Int: Value] = [:]
      for (key, value) in properties {
        if let id = newKeys.firstIndex(of: oldKeys[key]) { result[id] = value }
      }
      return result
    }
    nodes = nodes.map { node in
      node.map {
        Node(
          labels: Set($0.labels.compactMap { newLabels.firstIndex(of: oldLabels[$0]) }),
          properties: renumbered($0.properties))
      }
    }
    relationships = relationships.map { rows in
      rows.map { row in
        row.map { Relationship(from: $0.from, to: $0.to, properties: renumbered($0.properties)) }
      }
    }
    labels = newLabels
    keys = newKeys
  }
}
