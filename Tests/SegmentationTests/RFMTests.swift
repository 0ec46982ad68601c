import Foundation
import Segmentation
import TestSupport
import Testing

@Suite struct RFMTests {
  @Test func quantilesWithoutTies() throws {
    let values = [7, 3, 9, 1, 5, 10, 2, 8, 4, 6].map(Double.init)
    #expect(try QuantileScores.scores(values) == [4, 2, 5, 1, 3, 5, 1, 4, 2, 3])
    #expect(try QuantileScores.scores(values, ascending: false) == [2, 4, 1, 5, 3, 1, 5, 2, 4, 3])
    #expect(
      try QuantileScores.scores(values, ties: .firstOccurrence)
        == QuantileScores.scores(values))
  }

  @Test func bothEndsAreUsed() throws {
    // Most bought once: they score 1, not the middle of their ranks.
    let values: [Double] = [1, 1, 1, 1, 1, 1, 2, 2, 3, 8]
    #expect(try QuantileScores.scores(values) == [1, 1, 1, 1, 1, 1, 4, 4, 5, 5])
    #expect(try QuantileScores.scores([4, 4, 4]) == [3, 3, 3])
    #expect(try QuantileScores.scores([]) == [])
  }

  @Test(arguments: 0..<50 as Range<UInt64>, [2, 4, 5, 10])
  func scoresFollowValues(seed: UInt64, q: Int) throws {
    var random = SeededGenerator(seed: seed)
    let values = (0..<60).map { _ in Double(Int.random(in: 0..<25, using: &random)) }
    let scores = try QuantileScores.scores(values, q: q)
    let pairs = zip(values, scores).sorted { $0 < $1 }
    for (a, b) in zip(pairs, pairs.dropFirst()) {
      #expect(a.0 == b.0 ? a.1 == b.1 : a.1 <= b.1)
    }
    #expect(scores.min() == 1 && scores.max() == q)
  }

  @Test func segmentsDivideAllCells() {
    let scheme = RFMScheme.elevenSegments
    let cells = RFMSegment.allCases.flatMap(\.cells)
    #expect(cells.count == 125)
    #expect(Set(cells).count == 125)
    #expect(RFMSegment.allCases.map(\.cells.count) == [7, 8, 24, 7, 16, 8, 8, 22, 8, 11, 6])
    for segment in RFMSegment.allCases {
      for cell in segment.cells {
        let found = scheme.segment(
          recency: cell / 100, frequency: cell / 10 % 10, monetary: cell % 10)
        #expect(found == segment)
      }
    }
    #expect(Set(RFMSegment.allCases.map(\.russianName)).count == 11)
  }

  /// As many notebooks have them: recency in rows from 1, frequency in columns.
  @Test func tenSegmentsByRecencyAndFrequency() {
    let initials: [Character: RFMSegment] = [
      "h": .hibernating, "r": .atRisk, "c": .cannotLose, "s": .aboutToSleep,
      "a": .needAttention, "l": .loyal, "p": .promising, "n": .newCustomers,
      "o": .potentialLoyalist, "C": .champions,
    ]
    let grid = ["hhrrc", "hhrrc", "ssall", "pooll", "nooCC"]
    for (row, line) in grid.enumerated() {
      for (column, initial) in line.enumerated() {
        for monetary in 1...5 {
          let found = RFMScheme.tenSegments.segment(
            recency: row + 1, frequency: column + 1, monetary: monetary)
          #expect(found == initials[initial])
        }
      }
    }
    #expect(Set(RFMScheme.tenSegments.segments) == Set(initials.values))
    #expect(RFMScheme.elevenSegments.segments == RFMSegment.allCases)
  }

  @Test func fixedCuts() throws {
    let cuts = try ScoreCuts([1, 2, 5, 10], of: "cuts")
    #expect(cuts.scores([0, 1, 1.5, 2, 5, 6, 10, 11]) == [1, 1, 2, 2, 3, 4, 4, 5])
    #expect(cuts.scores([0, 11], ascending: false) == [5, 1])
    #expect(throws: SegmentationError.self) { try ScoreCuts([1, 1], of: "cuts") }
    #expect(throws: SegmentationError.self) { try ScoreCuts([], of: "cuts") }
    let scale = RFMScores.Scale.cuts(try ScoreCuts([1, 2], of: "cuts"))
    #expect(throws: SegmentationError.self) {
      try RFMScores(
        recency: [1], frequency: [1], monetary: [1], scales: (scale, scale, scale))
    }
  }

  /// The counts published for CDNOW with ranks by row (reference date 1998-07-01, frequency =
  /// distinct days, monetary = sum), and what tie-preserving scores say about the same customers.
  @Test(
    .enabled(if: SharedData.url("data/cdnow") != nil, "\(SharedData.missing("data/cdnow"))"))
  func publishedCountsOfCDNOW() throws {
    let customers = try cdnow()
    #expect(customers.recency.count == 23_570)
    let published = try RFMScores(
      recency: customers.recency, frequency: customers.frequency, monetary: customers.monetary,
      ties: .firstOccurrence)
    var counts: [RFMSegment: Int] = [:]
    for segment in published.segments() { counts[segment, default: 0] += 1 }
    #expect(
      counts == [
        .champions: 5818, .hibernating: 3629, .lost: 3104, .aboutToSleep: 2934,
        .potentialLoyalist: 2052, .loyal: 1953, .needAttention: 1817, .cannotLose: 1398,
        .atRisk: 834, .promising: 16, .newCustomers: 15,
      ])
    let preserved = try RFMScores(
      recency: customers.recency, frequency: customers.frequency, monetary: customers.monetary)
    // All one-time buyers are alike.
    for customer in customers.frequency.indices where customers.frequency[customer] == 1 {
      #expect(preserved.frequency[customer] == 1)
    }
  }

  private func cdnow() throws -> (recency: [Double], frequency: [Double], monetary: [Double]) {
    let url = try #require(SharedData.url("data/cdnow/CDNOW_master.txt.gz"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", url.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let bytes = Array(pipe.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    var recency: [Double] = []
    var frequency: [Double] = []
    var cents: [Int] = []
    var lastCustomer = -1
    var lastDay = -1
    for line in bytes.split(separator: UInt8(ascii: "\n")).dropFirst() {
      let fields = line.split(separator: UInt8(ascii: " ")).filter { $0.first != 13 }
      guard fields.count >= 4 else { continue }
      let customer = number(fields[0])
      let day = dayNumber(number(fields[1]))
      if customer != lastCustomer {
        recency.append(0)
        frequency.append(0)
        cents.append(0)
        lastCustomer = customer
        lastDay = -1
      }
      if day != lastDay { frequency[frequency.count - 1] += 1 }
      lastDay = day
      recency[recency.count - 1] = Double(dayNumber(19_980_701) - day)
      cents[cents.count - 1] += number(fields[3])
    }
    return (recency, frequency, cents.map { Double($0) / 100 })
  }

  /// The digits, so an amount with two decimals comes in cents.
  private func number(_ text: ArraySlice<UInt8>) -> Int {
    text.reduce(0) { (48...57).contains($1) ? $0 * 10 + Int($1) - 48 : $0 }
  }

  /// Days since 1997-01-01 of a date in 1997 or 1998, as YYYYMMDD.
  private func dayNumber(_ date: Int) -> Int {
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
    return (date / 10_000 - 1997) * 365 + before[date / 100 % 100 - 1] + date % 100 - 1
  }
}
