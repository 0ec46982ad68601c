import Foundation
import GraphTypes
import TestSupport
import Testing

@testable import Connectors

/// Imports real tables by the mappings beside this file; the totals are those of each
/// PROVENANCE.md.
@Suite struct RealDataTests {
  private func load(_ name: String) throws -> (graph: MemorySink, summary: ImportSummary)? {
    guard let data = SharedData.url("data/\(name)") else { return nil }
    var options = ImportJob.Options()
    options.mapping = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Mappings/\(name).yaml").path
    options.inputFolder = data.path
    let sink = MemorySink()
    return (sink, try ImportJob(options).run(into: sink))
  }

  private static func has(_ name: String) -> Bool { SharedData.url("data/\(name)") != nil }

  private func sum(_ edges: [MemorySink.Edge], _ key: String) -> Double {
    edges.reduce(0) { total, edge in
      switch edge.properties[key] {
      case .integer(let number)?: total + Double(number)
      case .float(let number)?: total + number
      default: total
      }
    }
  }

  @Test(.enabled(if: has("cdnow"), "needs shared/data/cdnow"))
  func cdnow() throws {
    guard let (graph, summary) = try load("cdnow") else { return }
    #expect(summary.files.map(\.rows) == [69_659] && summary.rejected == 0)
    #expect(graph.nodes("Client").count == 23_570)
    let purchases = graph.edges("PURCHASED")
    #expect(purchases.count == 69_659)
    #expect(sum(purchases, "quantity") == 167_881)
    #expect(abs(sum(purchases, "amount") - 2_500_315.63) < 0.005)
    #expect(purchases[0].properties["at"] == .localDateTime(try LocalDateTime("1997-01-01")))
  }

  @Test(.enabled(if: has("online_retail"), "needs shared/data/online_retail"))
  func onlineRetail() throws {
    guard let (graph, summary) = try load("online_retail") else { return }
    #expect(summary.files.map(\.rows) == [541_909] && summary.rejected == 0)
    #expect(graph.nodes("Invoice").count == 25_900)
    #expect(graph.nodes("Product").count == 4_070)
    #expect(graph.nodes("Country").count == 38)
    #expect(graph.nodes("Client").count == 4_372)
    let lines = graph.edges("CONTAINS")
    #expect(lines.count == 541_909)
    #expect(abs(sum(lines, "amount") - 9_747_747.93) < 0.01)
    let purchases = graph.edges("PURCHASED")
    #expect(purchases.count == 397_884)
    #expect(abs(sum(purchases, "amount") - 8_911_407.90) < 0.01)
    #expect(Set(purchases.map(\.from)).count == 4_338)
    #expect(Set(purchases.map { $0.properties["orderId"] ?? .null }).count == 18_532)
  }

  @Test(.enabled(if: has("complete_journey"), "needs shared/data/complete_journey"))
  func completeJourney() throws {
    guard let (graph, summary) = try load("complete_journey") else { return }
    #expect(summary.rejected == 0)
    #expect(
      summary.files.map(\.rows) == [92_331, 801, 75_000, 27, 6_589, 116_204, 2_102, 360_535])
    #expect(graph.edges("PURCHASED").count == 75_000)
    #expect(graph.edges("TARGETED_BY").count == 6_589)
    #expect(graph.edges("VALID_FOR").count == 116_204)
    #expect(graph.edges("REDEEMED").count == 2_102)
    #expect(graph.edges("PROMOTED_IN").count == 360_535)
    #expect(graph.nodes("Campaign").count == 27)
    #expect(graph.nodes("Client").count { $0.properties["income"] != nil } == 801)
    #expect(graph.nodes("Client").count == graph.nodes("Household").count)
    #expect(graph.nodes("Product").count >= 92_331)
  }

  @Test(.enabled(if: has("movielens_small"), "needs shared/data/movielens_small"))
  func movieLens() throws {
    guard let (graph, summary) = try load("movielens_small") else { return }
    #expect(summary.files.map(\.rows) == [9_742, 9_742, 100_836, 3_683])
    #expect(graph.nodes("Movie").count == 9_742 && graph.nodes("User").count == 610)
    let ratings = graph.edges("RATED")
    #expect(ratings.count == 100_836 && graph.edges("TAGGED").count == 3_683)
    #expect(Set(ratings.map(\.to)).count == 9_724)
    #expect(abs(sum(ratings, "rating") / 100_836 - 3.501557) < 1e-6)
    #expect(
      graph.nodes("Movie")[0].properties["genres"]
        == .list(["Adventure", "Animation", "Children", "Comedy", "Fantasy"].map { .string($0) }))
    #expect(graph.nodes("Movie")[0].properties["imdbId"] == .string("0114709"))
  }

  @Test(.enabled(if: has("retailrocket_small"), "needs shared/data/retailrocket_small"))
  func retailrocket() throws {
    guard let (graph, _) = try load("retailrocket_small") else { return }
    #expect(graph.edges("VIEWED").count == 78_371)
    #expect(graph.edges("ADDED_TO_CART").count == 9_028)
    #expect(graph.edges("PURCHASED").count == 5_088)
    #expect(Set(graph.edges("VIEWED").map(\.from)).count == 3_423)
    #expect(Set(graph.edges("PURCHASED").map(\.to)).count == 3_077)
  }

  @Test(.enabled(if: has("x5_retailhero_sample"), "needs shared/data/x5_retailhero_sample"))
  func x5() throws {
    guard let (graph, summary) = try load("x5_retailhero_sample") else { return }
    #expect(summary.files.map(\.rows) == [43_038])
    #expect(graph.nodes("Product").count == 43_038)
  }
}
