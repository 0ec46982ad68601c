import Foundation
import NaiveCypher

// A process that may crash: it runs queries that no one wrote, for RobustnessTests or by hand.
//
//   QueryFuzzer differential SEED GRAPHS QUERIES
//   QueryFuzzer query SEED NUMBER
//   QueryFuzzer texts SEED SECONDS CURRENT-FILE [FEATURE-FOLDER]
//   QueryFuzzer deep

let arguments = CommandLine.arguments.dropFirst()
func number(_ index: Int) -> UInt64 {
  arguments.dropFirst(index).first.flatMap { UInt64($0) } ?? 1
}

switch arguments.first {
case "differential": try differential(seed: number(1), graphs: number(2), queries: Int(number(3)))
case "query": try query(graph: number(1), number: Int(number(2)))
case "texts":
  var fuzzer = try TextFuzzer(
    seed: number(1), currentFile: arguments.dropFirst(3).first ?? "current-query")
  try fuzzer.run(seconds: Int(number(2)), corpus: arguments.dropFirst(4).first)
case "deep": try DeepQueries.run()
default:
  print("usage: QueryFuzzer differential SEED GRAPHS QUERIES | query SEED NUMBER | texts … | deep")
  exit(2)
}

func differential(seed: UInt64, graphs: UInt64, queries: Int) throws {
  var sum = Differential.Counts()
  var failures = 0
  for graph in seed..<(seed + graphs) {
    let differential = try Differential(seed: graph)
    try differential.run(count: queries)
    for failure in differential.failures { print(failure) }
    sum += differential.counts
    failures += differential.failures.count
  }
  print("\(sum), \(failures) differ")
  if failures > 0 { exit(1) }
}

func query(graph: UInt64, number: Int) throws {
  let differential = try Differential(seed: graph)
  try differential.run(number: number)
  for failure in differential.failures { print(failure) }
  print("\(differential.counts)")
}
