import Foundation
import GraphKernels
import GraphTypes
import TestSupport
import Testing

/// Known graphs with expected values, where the shared data is at hand.
@Suite(.enabled(if: SharedData.url("data/graphs") != nil, "\(SharedData.missing("data/graphs"))"))
struct SharedGraphTests {
  private func lines(_ file: String) throws -> [[Substring]] {
    let url = try #require(SharedData.url("data/graphs/\(file)"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", url.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map {
      $0.split(whereSeparator: { $0 == "\t" || $0 == "," })
    }
  }

  private struct Known {
    var view: GraphView
    var pageRank: [Double]
  }

  private func load(_ name: String) throws -> Known {
    let expected = try lines("\(name).expected_nodes.csv.gz").dropFirst()
    var builder = GraphBuilder(
      nodes: NodeMapping(identity: expected.count), orientation: .undirected)
    for line in try lines("\(name).edges.tsv.gz") {
      builder.append(
        source: try #require(UInt32(line[0])), target: try #require(UInt32(line[1])))
    }
    return Known(
      view: builder.finish(), pageRank: try expected.map { try #require(Double($0[1])) })
  }

  /// Modularity that other Louvain programs reach (median) or the optimum, less a little.
  @Test(arguments: [
    ("karate", 0.4150), ("football", 0.6000), ("dolphins", 0.5180), ("lfr-1000-mu2", 0.7240),
  ])
  func knownGraphs(name: String, modularity: Double) throws {
    let known = try load(name)
    let louvain = try Louvain.run(known.view)
    #expect(louvain.modularity >= modularity)
    #expect(isClose(louvain.modularity, Modularity.of(louvain.communityIds, in: known.view), 1e-9))
    #expect(try WeaklyConnectedComponents.run(known.view).componentCount == 1)
    var configuration = PageRank.Configuration()
    configuration.maxIterations = 1000
    configuration.tolerance = 1e-13
    configuration.scaler = .l1Norm
    let scores = try PageRank.run(known.view, configuration).scores
    #expect(zip(scores, known.pageRank).allSatisfy { abs($0 - $1) < 1e-8 })
  }
}
