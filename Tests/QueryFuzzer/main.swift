import Foundation
import NaiveCypher

// A process that may crash: it runs queries that no one wrote, for RobustnessTests or by hand.
//
//   QueryFuzzer differential SEED GRAPHS QUERIES
//   QueryFuzzer texts SEED SECONDS CURRENT-FILE [FEATURE-FOLDER]
//   QueryFuzzer deep

let arguments = CommandLine.arguments.dropFirst()
func number(_ index: Int) -> UInt64 {
  arguments.dropFirst(index).first.flatMap { UInt64($0) } ?? 1
}

switch arguments.first {
case "differential": try differential(seed: number(1), graphs: number(2), queries: Int(number(3)))
case "texts":
  var fuzzer = try TextFuzzer(
    seed: number(1), currentFile: arguments.dropFirst(3).first ?? "current-query")
  try fuzzer.run(seconds: Int(number(2)), corpus: arguments.dropFirst(4).first)
case "deep": try DeepQueries.run()
default:
  print("usage: QueryFuzzer differential SEED GRAPHS QUERIES")
  exit(2)
}

func differential(seed: UInt64, graphs: UInt64, queries: Int) throws {
  var (answered, nonempty, failed, skipped, overflows, failures) = (0, 0, 0, 0, 0, 0)
  var refused: [String: Int] = [:]
  for graph in seed..<(seed + graphs) {
    let differential = try Differential(seed: graph)
    try differential.run(count: queries)
    for failure in differential.failures { print(failure) }
    answered += differential.counts.answered
    nonempty += differential.counts.nonempty
    failed += differential.counts.failed
    skipped += differential.counts.skipped
    for failure in differential.overflows { print("only one overflows: \(failure)") }
    overflows += differential.overflows.count
    failures += differential.failures.count
    refused.merge(differential.counts.refused, uniquingKeysWith: +)
  }
  for (message, count) in refused.sorted(by: { $0.key < $1.key }) {
    print("refused \(count)x: \(message)")
  }
  print(
    "\(answered) answered (\(nonempty) with rows), \(failed) failed in both, \(skipped) too long, "
      + "\(refused.count) refused, \(overflows) errors of one only, \(failures) differ")
}
