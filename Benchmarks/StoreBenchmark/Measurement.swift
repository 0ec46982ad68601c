import Foundation

struct Failure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}

/// Runs the body and returns its seconds.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  try ContinuousClock().measure(body).seconds
}

extension [Double] {
  /// The value below which a share of the values lies; 0 of none.
  func quantile(_ share: Double) -> Double {
    if isEmpty { return 0 }
    return sorted()[Swift.min(count - 1, Int(Double(count) * share))]
  }
  var median: Double { quantile(0.5) }
}

/// A time in the unit in which it reads best.
func text(seconds: Double) -> String {
  func round(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
  if seconds < 1e-3 { return round(seconds * 1e6) + " µs" }
  if seconds < 1 { return round(seconds * 1e3) + " ms" }
  return round(seconds) + " s"
}

/// A line of output, at once also where the output is a file.
func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }

/// A row of a table.
func row(_ cells: String...) { say("| \(cells.joined(separator: " | ")) |") }
