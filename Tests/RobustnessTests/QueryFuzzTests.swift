import Foundation
import TestSupport
import Testing

/// Texts that no one wrote, in a process of their own: it neither ends, nor hangs, nor grows.
/// `TROPA_FUZZ_SECONDS=3600` makes it an hour, `TROPA_FUZZ_SEED` repeats a run.
@Suite(.serialized, .enabled(if: BuiltProducts.url("QueryFuzzer") != nil, "it was not built"))
struct QueryFuzzTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static var seconds: Int { environment["TROPA_FUZZ_SECONDS"].flatMap { Int($0) } ?? 30 }
  /// KiB that a process may grow after it has warmed up.
  private static let growthMaximum = 64 << 10

  @Test func mutatedTextsAreAnsweredOrRefused() throws {
    let fuzzer = try #require(BuiltProducts.url("QueryFuzzer"))
    let seed = Self.environment["TROPA_FUZZ_SEED"].flatMap { UInt64($0) } ?? .random(in: 1 ... .max)
    try withTemporaryDirectory { folder in
      let current = folder.appendingPathComponent("current").path
      let corpus = SharedData.url("tck/features")?.path
      let process = try LineProcess(
        fuzzer.path,
        ["texts", "\(seed)", "\(Self.seconds)", current] + [corpus].compactMap { $0 })
      var sizes: [Int] = []
      var count = 0
      do {
        while true {
          let line = try process.receive(timeout: .seconds(20))
          let numbers = line.split(separator: " ").compactMap { Int($0) }
          guard numbers.count == 2 else {
            Issue.record("seed \(seed): \(line)")
            continue
          }
          count = numbers[0]
          sizes.append(numbers[1])
        }
      } catch let error as ChildProcessError {
        let status = error.reason == .timedOut ? -1 : try process.finish()
        let text = (try? String(contentsOfFile: current, encoding: .utf8)) ?? ""
        #expect(status == 0, "seed \(seed), \(error), after \(count) texts, at: \(text)")
      }
      print("fuzz: seed \(seed), \(count) texts")
      let warm = sizes.prefix(max(1, sizes.count / 3)).max() ?? 0
      #expect((sizes.last ?? 0) <= warm + Self.growthMaximum, "seed \(seed): resident KiB \(sizes)")
    }
  }

  /// The deepest statements that the limits allow, and deeper ones, on a thread with a small stack.
  @Test func deepStatementsAreAnsweredOrRefused() throws {
    let fuzzer = try #require(BuiltProducts.url("QueryFuzzer"))
    let completed = try CompletedProcess.run(fuzzer.path, ["deep"], timeout: .seconds(300))
    let lines = completed.outputText.split(separator: "\n")
    #expect(
      completed.status == 0 && lines.last == "0 failures",
      "\(completed.status) at \(lines.last ?? ""), \(lines.filter { $0.contains("WRONG") })")
  }
}
