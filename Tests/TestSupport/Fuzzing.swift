import Foundation

/// How much is tried in tests that damage bytes at random. `TROPA_FUZZ=100` makes it a hundred times
/// as much, with other numbers each time; for use under AddressSanitizer. `TROPA_FUZZ_SEED` repeats a
/// run that printed it.
package enum Fuzzing {
  private static let factor = number("TROPA_FUZZ").map { max(Int(clamping: $0), 1) }

  private static func number(_ variable: String) -> UInt64? {
    ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
  }

  package static func rounds(_ count: Int) -> Range<Int> { 0..<(count * (factor ?? 1)) }

  /// - Parameter seed: of a run without the variable.
  package static func generator(seed: UInt64) -> SeededGenerator {
    guard factor != nil else { return SeededGenerator(seed: seed) }
    let seed = number("TROPA_FUZZ_SEED") ?? UInt64.random(in: 0...UInt64.max)
    print("fuzzing with the seed \(seed)")
    return SeededGenerator(seed: seed)
  }
}
