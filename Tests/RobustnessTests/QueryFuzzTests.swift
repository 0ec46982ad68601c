import Foundation
import TestSupport
import Testing

/// Texts that no one wrote, in a process of their own: it neither ends, nor hangs, nor grows.
/// `TROPA_FUZZ_SECONDS=3600` makes it an hour, `TROPA_FUZZ_SEED` repeats a run.
@Suite(.serialized, .enabled(if: BuiltProducts.url("QueryFuzzer") != nil, "it was not built"))
struct QueryFuzzTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static var seconds: Int { environment["TROPA_FUZZ_SECONDS"].flatMap { Int($0) } ?? 20 }

  @Test func mutatedTextsAreAnsweredOrRefused() throws {
    let fuzzer = try #require(BuiltProducts.url("QueryFuzzer"))
    let seed = Self.environment["TROPA_FUZZ_SEED"].flatMap { UInt64($0) } ?? .random(in: 1 ... .max)
    try withTemporaryDirectory { folder in
      let current = folder.appendingPathComponent("current")
      let corpus = SharedData.url("tck/features")?.path
      let completed = try CompletedProcess.run(
        fuzzer.path,
        ["texts", "\(seed)", "\(Self.seconds)", current.path] + [corpus].compactMap { $0 },
        timeout: .seconds(Self.seconds + 300))
      let text = ((try? Data(contentsOf: current)) ?? Data()).prefix { $0 != 0 }
      #expect(
        completed.status == 0,
        """
        seed \(seed), status \(completed.status): \(completed.outputText)
        at: \(String(decoding: text, as: UTF8.self))
        """)
    }
  }

  /// The deepest statements that the limits allow, and deeper ones, on a thread with a small stack.
  @Test func deepStatementsAreAnsweredOrRefused() throws {
    let fuzzer = try #require(BuiltProducts.url("QueryFuzzer"))
    let completed = try CompletedProcess.run(fuzzer.path, ["deep"], timeout: .seconds(900))
    let lines = completed.outputText.split(separator: "\n")
    #expect(
      completed.status == 0 && lines.last == "0 failures",
      "\(completed.status) at \(lines.last ?? ""), \(lines.filter { $0.contains("WRONG") })")
  }
}
