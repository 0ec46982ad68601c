import Foundation

// Measures the store at its own interface; see Benchmarks/README.md.

let usage = """
  usage: StoreBenchmark commits|aborts|opening|batches|endurance|indexes DATABASE [minutes]
  DATABASE is what `tropa import` made of what `tropa generate` wrote; it is copied, not changed.
  """

func run(_ arguments: [String]) throws {
  guard arguments.count >= 2 else { throw Failure(usage) }
  let database = URL(fileURLWithPath: arguments[1])
  // Beside the database: the file system counts.
  let folder = database.deletingLastPathComponent()
    .appending(path: "store-benchmark-\(ProcessInfo.processInfo.processIdentifier)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  switch arguments[0] {
  case "commits": try commits(database, folder: folder)
  case "aborts": try aborts(database, folder: folder)
  case "opening": try opening(database, folder: folder)
  case "batches": try batches(database, folder: folder)
  case "indexes": try indexes(folder: folder)
  case "endurance":
    guard let minutes = Int(arguments.dropFirst(2).first ?? "20") else { throw Failure(usage) }
    try endurance(database, folder: folder, minutes: minutes)
  default: throw Failure(usage)
  }
}

do {
  try run(Array(CommandLine.arguments.dropFirst()))
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}
