import Foundation

/// How much is tried in tests that damage bytes at random. `TROPA_FUZZ=100` makes it a hundred times
/// as much, with other numbers each time; for use under AddressSanitizer.
package enum Fuzzing {
  private static let factor =
    ProcessInfo.processInfo.environment["TROPA_FUZZ"].flatMap { Int($0) }.map { max($0, 1) }

  package static func rounds(_ count: Int) -> Range<Int> { 0..<(count * (factor ?? 1)) }

  /// - Parameter seed: of a run without the variable.
  package static func generator(seed: UInt64) -> SeededGenerator {
    guard factor != nil else { return SeededGenerator(seed: seed) }
    let seed = UInt64.random(in: 0...UInt64.max)
    print("fuzzing with the seed \(seed)")
    return SeededGenerator(seed: seed)
  }
}
