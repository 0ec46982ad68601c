import Foundation

/// What the parts of one import share: the sink, bad rows, progress, counts.
final class ImportRun {
  let sink: NamingSink
  let options: ImportJob.Options
  var summary = ImportSummary()
  /// Size of all input, counted once per pass.
  var bytesTotal = 0
  private var bytesBefore = 0
  private var rows = 0
  private var rejectFiles: [String: RejectFile] = [:]
  private var fileIndexes: [String: Int] = [:]

  init(sink: any ImportSink, options: ImportJob.Options) {
    self.sink = NamingSink(sink)
    self.options = options
  }

  /// The paths that a file argument means: `a.csv,b.csv`, with `*`, `?` and `[…]` expanded.
  static func expand(_ argument: String, in folder: String?) throws(ImportError) -> [String] {
    var result: [String] = []
    for part in argument.split(separator: ",") {
      var path = part.trimmingBlanks
      if let folder, !path.hasPrefix("/") {
        path = (folder as NSString).appendingPathComponent(path)
      }
      if FileManager.default.fileExists(atPath: path)
        || !path.contains(where: { "*?[".contains($0) })
      {
        result.append(path)
        continue
      }
      var matches = glob_t()
      defer { globfree(&matches) }
      guard glob(path, 0, nil, &matches) == 0, matches.gl_pathc > 0 else {
        throw ImportError("no file has such a name", file: path)
      }
      for i in 0..<Int(matches.gl_pathc) {
        if let match = matches.gl_pathv[i] { result.append(String(cString: match)) }
      }
    }
    return result
  }

  static func size(_ path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  // MARK: Bad rows

  private func entry(_ file: String) -> Int {
    if let index = fileIndexes[file] { return index }
    summary.files.append(.init(path: file))
    fileIndexes[file] = summary.files.count - 1
    return summary.files.count - 1
  }

  /// Stops the import or writes the row to the reject file.
  ///
  /// - Parameter baseLine: the line of the file at which the row's block begins.
  func report(
    _ row: RejectedRow, file: String, baseLine: Int, header: [UInt8]?, format: TextFormat
  ) throws {
    let error = ImportError(
      row.message, file: file, line: baseLine + row.line, column: row.column, hint: row.hint)
    guard options.onError == .skip else { throw error }
    summary.rejected += 1
    let index = entry(file)
    summary.files[index].rejected += 1
    if summary.firstRejects.count < 10 { summary.firstRejects.append(error.description) }
    guard let folder = options.rejectFolder else { return }
    if rejectFiles[file] == nil {
      let name = (file as NSString).lastPathComponent
      var path = (folder as NSString).appendingPathComponent("\(name).rejected.csv")
      var number = 2
      while rejectFiles.values.contains(where: { $0.path == path }) {
        path = (folder as NSString).appendingPathComponent("\(name).\(number).rejected.csv")
        number += 1
      }
      rejectFiles[file] = RejectFile(path: path, header: header, format: format)
      summary.files[index].rejectFile = path
    }
    var place = "line \(baseLine + row.line)"
    if let column = row.column { place += ", column \(column)" }
    try rejectFiles[file]?.write(row.text, reason: "\(place): \(row.message)")
  }

  // MARK: Progress

  /// - Parameter countsRows: false in the second pass over a file.
  func advance(_ file: String, rows count: Int, fileBytes: Int, countsRows: Bool = true) throws {
    if countsRows {
      rows += count
      summary.files[entry(file)].rows += count
    }
    options.progress?(
      ImportProgress(
        phase: .reading, file: file, rows: rows, bytesDone: bytesBefore + fileBytes,
        bytesTotal: max(bytesTotal, bytesBefore + fileBytes)))
    if options.isCancelled?() == true {
      throw ImportError("the import was cancelled; nothing has been changed")
    }
  }

  func endFile(_ file: String) {
    bytesBefore += Self.size(file)
    _ = entry(file)
  }

  func finish() throws {
    for argument in options.schema { try sink.add(try argument.request(sink.names)) }
    let rows = rows
    let total = bytesTotal
    let report = options.progress
    let done = try sink.finish(progress: { fraction in
      report?(
        ImportProgress(
          phase: .writing, rows: rows, bytesDone: total, bytesTotal: total, fraction: fraction))
    })
    summary.nodes = done.nodes
    summary.relationships = done.relationships
    summary.properties = done.properties
    closeRejects()
  }

  func closeRejects() {
    for file in rejectFiles.values { file.close() }
  }
}
