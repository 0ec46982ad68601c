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
    options.mapping =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Mappings/\(name).yaml").path
    options.inputFolder = data.path
    let sink = MemorySink()
    return (sink, try ImportJob(options).run(into: sink))
  }

  private static func has(_ name: String) -> Bool { SharedData.url("data/\(name)") != nil }

  @Test(.enabled(if: has("cdnow"), "needs shared/data/cdnow"))
  func cdnow() throws {
    guard let (graph, summary) = try load("cdnow") else { return }
    #expect(summary.files.map(\.rows) == [69_659] && summary.rejected == 0)
    #expect(graph.nodes("Client").count == 23_570)
    #expect(graph.edgeCount("PURCHASED") == 69_659)
    #expect(graph.sum("PURCHASED", "quantity") == 167_881)
    #expect(abs(graph.sum("PURCHASED", "amount") - 2_500_315.63) < 0.005)
    #expect(
      graph.edges("PURCHASED")[0].properties["at"]
        == .localDateTime(try LocalDateTime("1997-01-01")))
  }

  @Test(.enabled(if: has("online_retail"), "needs shared/data/online_retail"))
  func onlineRetail() throws {
    guard let (graph, summary) = try load("online_retail") else { return }
    #expect(summary.files.map(\.rows) == [541_909] && summary.rejected == 0)
    #expect(graph.nodes("Invoice").count == 25_900)
    #expect(graph.nodes("Product").count == 4_070)
    #expect(graph.nodes("Country").count == 38)
    #expect(graph.nodes("Client").count == 4_372)
    #expect(graph.edgeCount("CONTAINS") == 541_909)
    #expect(abs(graph.sum("CONTAINS", "amount") - 9_747_747.93) < 0.01)
    #expect(graph.edgeCount("PURCHASED") == 397_884)
    #expect(abs(graph.sum("PURCHASED", "amount") - 8_911_407.90) < 0.01)
    #expect(graph.starts("PURCHASED").count == 4_338)
  }

  @Test(.enabled(if: has("complete_journey"), "needs shared/data/complete_journey"))
  func completeJourney() throws {
    guard let (graph, summary) = try load("complete_journey") else { return }
    #expect(summary.rejected == 0)
    #expect(
      summary.files.map(\.rows) == [92_331, 801, 75_000, 27, 6_589, 116_204, 2_102, 360_535])
    #expect(graph.edgeCount("PURCHASED") == 75_000)
    #expect(graph.edgeCount("TARGETED_BY") == 6_589)
    #expect(graph.edgeCount("VALID_FOR") == 116_204)
    #expect(graph.edgeCount("REDEEMED") == 2_102)
    #expect(graph.edgeCount("PROMOTED_IN") == 360_535)
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
    #expect(graph.edgeCount("RATED") == 100_836 && graph.edgeCount("TAGGED") == 3_683)
    #expect(graph.ends("RATED").count == 9_724)
    #expect(abs(graph.sum("RATED", "rating") / 100_836 - 3.501557) < 1e-6)
    #expect(
      graph.nodes("Movie")[0].properties["genres"]
        == .list(["Adventure", "Animation", "Children", "Comedy", "Fantasy"].map { .string($0) }))
    #expect(graph.nodes("Movie")[0].properties["imdbId"] == .string("0114709"))
  }

  @Test(.enabled(if: has("retailrocket_small"), "needs shared/data/retailrocket_small"))
  func retailrocket() throws {
    guard let (graph, _) = try load("retailrocket_small") else { return }
    #expect(graph.edgeCount("VIEWED") == 78_371)
    #expect(graph.edgeCount("ADDED_TO_CART") == 9_028)
    #expect(graph.edgeCount("PURCHASED") == 5_088)
    #expect(graph.starts("VIEWED").count == 3_423)
    #expect(graph.ends("PURCHASED").count == 3_077)
  }

  @Test(.enabled(if: has("x5_retailhero_sample"), "needs shared/data/x5_retailhero_sample"))
  func x5() throws {
    guard let (graph, summary) = try load("x5_retailhero_sample") else { return }
    #expect(summary.files.map(\.rows) == [43_038])
    #expect(graph.nodes("Product").count == 43_038)
  }
}
