internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// Some columns of a CSV file as texts, whole in memory.
package struct TextColumns: Sendable {
  /// By column asked for, then by row; nil where the field is empty.
  package let columns: [[String?]]
  /// Rows with damaged fields, which are left out.
  package let rejected: Int
  package var count: Int { columns.first?.count ?? 0 }

  /// Whether a path is a database rather than a text table.
  package static func isDatabase(_ path: String) -> Bool { UnfinishedFile.isDatabase(path) }

  /// - Parameters:
  ///   - names: as in the header, without the type that may follow a colon (`rating:int`).
  ///   - checkpoint: called for each block of the file; what it throws ends the reading.
  /// - Throws: `ImportError` for a file that cannot be read and for unknown columns.
  package init(
    _ path: String, names: [String], format: TextFormat = .init(), threads: Int = 2,
    checkpoint: () throws -> Void = {}
  ) throws {
    let reader = try RecordBlockReader(path, format: format)
    guard let header = try reader.nextRecord() else {
      throw ImportError("is empty; the first line must be the header", file: path)
    }
    let found = RecordFields.split(header, format: reader.format).map { field in
      let name = field.trimmingBlanks
      return names.contains(name) ? name : String(name.prefix { $0 != ":" })
    }
    let positions = try names.map { name throws(ImportError) -> Int in
      guard let position = found.firstIndex(of: name) else {
        throw ImportError.unknown("column", name, among: found, file: path, line: 1)
      }
      return position
    }
    let plans = found.enumerated().map { index, name in
      FieldPlan(name: name, target: positions.contains(index) ? .column(.string) : .ignored)
    }
    var columns = [[String?]](repeating: [], count: names.count)
    var rejected = 0
    try TableScan(reader: reader, fields: plans).run(threads: threads) { block, _ in
      try checkpoint()
      rejected += block.rejects.count
      for (column, position) in positions.enumerated() {
        guard let vector = block.columns[position] else { continue }
        for row in 0..<block.rowCount {
          columns[column].append(vector.isNull(row) ? nil : vector.strings[row].string)
        }
      }
    }
    self.columns = columns
    self.rejected = rejected
  }
}
