import Foundation
import GraphTypes
import TestSupport

@testable import Connectors

/// Writes files into a folder and imports them.
struct ImportFixture {
  let folder: URL
  var options = ImportJob.Options()

  init(_ folder: URL) { self.folder = folder }

  @discardableResult
  func file(_ name: String, _ text: String) throws -> String {
    try file(name, Data(text.utf8))
  }
  @discardableResult
  func file(_ name: String, _ data: Data) throws -> String {
    let url = folder.appendingPathComponent(name)
    try data.write(to: url)
    return url.path
  }

  mutating func nodes(_ labels: String..., name: String, _ text: String) throws {
    options.nodes.append(.init(labels: labels, files: [try file(name, text)]))
  }
  mutating func relationships(_ type: String?, name: String, _ text: String) throws {
    options.relationships.append(.init(type: type, files: [try file(name, text)]))
  }

  @discardableResult
  func run(
    into sink: MemorySink = MemorySink()
  ) throws -> (graph: MemorySink, summary: ImportSummary) {
    let summary = try ImportJob(options).run(into: sink)
    return (sink, summary)
  }

  /// The error that the import stops with.
  func failure(into sink: MemorySink = MemorySink()) -> String {
    do {
      _ = try run(into: sink)
      return "no error"
    } catch {
      return String(describing: error).replacing(folder.path + "/", with: "")
    }
  }
}

func withImport<Result>(_ body: (inout ImportFixture) throws -> Result) throws -> Result {
  try withTemporaryDirectory { folder in
    var fixture = ImportFixture(folder)
    return try body(&fixture)
  }
}

/// All records of a file as texts, nil for null, by way of the block parser.
func parsedTexts(
  _ path: String, fields: Int, format: TextFormat, blockSize: Int, threads: Int = 2
) throws -> (rows: [[String?]], rejects: [RejectedRow]) {
  let reader = try RecordBlockReader(path, format: format, blockSize: blockSize)
  let plans = (0..<fields).map { FieldPlan(name: "c\($0)", target: .column(.string)) }
  var rows: [[String?]] = []
  var rejects: [RejectedRow] = []
  try TableScan(reader: reader, fields: plans).run(threads: threads) { block, line in
    for row in 0..<block.rowCount {
      rows.append(
        block.columns.map { column in
          guard let column, !column.isNull(row) else { return nil }
          return column.strings[row].string
        })
    }
    rejects += block.rejects.map { reject in
      var reject = reject
      reject.line += line
      return reject
    }
  }
  return (rows, rejects)
}
