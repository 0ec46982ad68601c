import ArgumentParser
import Foundation
import SyntheticGraphs
import Tropa

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Writes a synthetic shop as CSV files that `tropa import` reads.",
    discussion: """
      Clients, products, reviews, purchases, views and follows with planted segments, communities,
      popularity and drop-out; the truth is in truth_*.csv. The same seed gives the same files.

      Examples:
        tropa generate shop-csv --clients 20000
        tropa generate big --clients 200000 --products 20000 --seed 7
      """)

  @Argument(help: "The folder for the files; it is made if it is missing.")
  var folder: String
  @Option(help: "How many clients.")
  var clients = 20_000
  @Option(help: "How many products; a tenth of the clients if left out.")
  var products: Int?
  @Option(help: "Planted communities of taste.")
  var communities: Int?
  @Option(help: "The seed of the random numbers.")
  var seed: UInt64 = 1

  func validate() throws {
    if clients < 1 { throw ValidationError("--clients must be at least 1") }
    if let products, products < 1 { throw ValidationError("--products must be at least 1") }
    if let communities, communities < 1 {
      throw ValidationError("--communities must be at least 1")
    }
  }

  func run() throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure("cannot make the folder \(folder): \(error.localizedDescription)")
    }
    let parameters = ShopParameters(
      clients: clients, products: products, seed: seed, communities: communities)
    let progress = ProgressLine()
    do {
      let report = try ShopGenerator(parameters).write(to: folder) {
        progress.update("generating", done: $0, of: clients, "clients")
      }
      progress.finish()
      for (file, rows) in report.rows { try Terminal.write("\(folder)/\(file): \(rows) rows\n") }
      try Terminal.write(
        "\(report.relationships) relationships, \(report.bytes / 1_000_000) MB in \(folder)\n")
    } catch let error as GenerationError {
      throw CommandFailure(error.description)
    }
  }
}
