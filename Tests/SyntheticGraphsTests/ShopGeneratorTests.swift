import Foundation
import Testing

@testable import SyntheticGraphs

private func folder(_ body: (String) throws -> Void) throws {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("tropa-generate-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  try body(url.path)
}

private func rows(_ path: String) throws -> [[String]] {
  try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst()
    .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
}

@Suite struct ShopGeneratorTests {
  @Test func sameSeedSameBytes() throws {
    try folder { a in
      try folder { b in
        try folder { c in
          _ = try ShopGenerator(ShopParameters(clients: 300, seed: 7)).write(to: a)
          _ = try ShopGenerator(ShopParameters(clients: 300, seed: 7)).write(to: b)
          _ = try ShopGenerator(ShopParameters(clients: 300, seed: 8)).write(to: c)
          for file in ["clients", "products", "purchased", "viewed", "follows", "reviews"] {
            let first = try Data(contentsOf: URL(fileURLWithPath: "\(a)/\(file).csv"))
            #expect(first == (try Data(contentsOf: URL(fileURLWithPath: "\(b)/\(file).csv"))))
            #expect(first != (try Data(contentsOf: URL(fileURLWithPath: "\(c)/\(file).csv"))))
          }
        }
      }
    }
  }

  @Test func referencesAndTimesAreWhole() throws {
    try folder { folder in
      let parameters = ShopParameters(clients: 500, seed: 3)
      let report = try ShopGenerator(parameters).write(to: folder)
      let clients = try rows("\(folder)/clients.csv")
      #expect(clients.map { Int($0[0]) } == (1...500).map { $0 })
      let products = try rows("\(folder)/products.csv")
      #expect(products.count == parameters.products)
      let registered = Dictionary(uniqueKeysWithValues: clients.map { ($0[0], $0[4]) })
      let purchased = try rows("\(folder)/purchased.csv")
      for row in purchased {
        let since = try #require(registered[row[0]])
        #expect(row[2].prefix(10) >= since.prefix(10))
        #expect(row[2] < "2026-01-01")
        #expect((1...parameters.products).contains(try #require(Int(row[1]))))
        #expect((Double(row[4]) ?? 0) > 0)
      }
      let reviews = try rows("\(folder)/reviews.csv")
      let wrote = try rows("\(folder)/wrote.csv")
      #expect(reviews.count == wrote.count)
      #expect(reviews.allSatisfy { (1...5).contains(Int($0[1]) ?? 0) })
      let follows = try rows("\(folder)/follows.csv")
      #expect(follows.allSatisfy { $0[0] != $0[1] })
      #expect(Set(follows).count == follows.count)
      let sum = try ["purchased", "viewed", "follows", "wrote", "about"].map {
        try rows("\(folder)/\($0).csv").count
      }.reduce(0, +)
      #expect(report.relationships == sum)
    }
  }

  @Test func plantedStructureIsThere() throws {
    try folder { folder in
      let parameters = ShopParameters(clients: 4000, seed: 5)
      _ = try ShopGenerator(parameters).write(to: folder)
      let truth = try rows("\(folder)/truth_clients.csv")
      let community = Dictionary(uniqueKeysWithValues: truth.map { ($0[0], $0[2]) })
      let ofProduct = Dictionary(
        uniqueKeysWithValues: try rows("\(folder)/truth_products.csv").map { ($0[0], $0[1]) })
      let purchased = try rows("\(folder)/purchased.csv")
      let home = purchased.count { community[$0[0]] == ofProduct[$0[1]] }
      #expect(abs(Double(home) / Double(purchased.count) - 0.87) < 0.03)
      // Segments in their planted shares, and more orders from champions than from anyone else.
      var shares: [String: Double] = [:]
      for row in truth { shares[row[1], default: 0] += 1 / Double(truth.count) }
      for segment in PlantedSegment.all {
        #expect(abs(try #require(shares[segment.name]) - segment.share) < 0.03)
      }
      let segment = Dictionary(uniqueKeysWithValues: truth.map { ($0[0], $0[1]) })
      var lines: [String: Int] = [:]
      for row in purchased { lines[segment[row[0]] ?? "", default: 0] += 1 }
      let perClient = lines.mapValues { Double($0) }.merging(shares) { $0 / $1 }
      #expect(perClient.max { $0.value < $1.value }?.key == "champions")
      // Who has left buys nothing afterwards.
      let left = Dictionary(
        uniqueKeysWithValues: truth.filter { $0[3] == "false" }.map { ($0[0], $0[4]) })
      #expect(left.count > 500)
      #expect(purchased.allSatisfy { row in left[row[0]].map { row[2] <= $0 } ?? true })
    }
  }

  @Test func scatterIsABijection() {
    for count in [1, 2, 3, 10, 97, 1000, 4096] {
      let scatter = Scatter(count: count, seed: 9)
      let images = (0..<count).map { scatter.forward($0) }
      #expect(Set(images) == Set(0..<count))
      #expect((0..<count).allSatisfy { scatter.backward(images[$0]) == $0 })
    }
  }

  @Test func zipfFollowsItsLaw() {
    let zipf = Zipf(count: 50, exponent: 0.9)
    var random = RandomStream(seed: 1, 1)
    var counts = [Double](repeating: 0, count: 50)
    let draws = 200_000
    for _ in 0..<draws { counts[zipf.rank(&random)] += 1 }
    let total = (1...50).reduce(0) { $0 + pow(Double($1), -0.9) }
    for rank in [0, 1, 4, 20, 49] {
      let expected = pow(Double(rank + 1), -0.9) / total
      #expect(abs(counts[rank] / Double(draws) - expected) < 0.05 * expected + 0.001)
    }
  }
}
