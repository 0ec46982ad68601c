internal import CLMDB
internal import Dispatch
internal import GraphTypes

/// What a check of a database file has found.
package struct CheckReport: Sendable {
  package struct Finding: Sendable {
    /// A tree, or `pages`.
    package var structure: String
    /// Where, and what is wrong.
    package var text: String
  }
  /// The first of each structure.
  package var findings: [Finding] = []
  package var findingCount = 0
  /// What was looked at, and how many of it.
  package var examined: [(name: String, count: Int)] = []
}

/// A check of every structure of a file against every other, in one state.
///
/// Reads the pages itself and trusts none, so that it goes through files that LMDB could not read.
/// Each structure has its own part, in the order of their dependence: pages and trees, tables of
/// names and counts, nodes, neighbour lists, columns, recorded changes,
/// statistics, indexes and constraints.
package final class StoreCheck: @unchecked Sendable {
  typealias Bytes = UnsafeRawBufferPointer
  struct Entry {
    var key: Bytes
    var value: Bytes
  }

  /// Of one structure, to be told one by one.
  private static let findingMaximum = 50

  let path: String
  let file: PageFile
  private let progress: ((Double) -> Void)?
  private let isCancelled: (() -> Bool)?
  private(set) var report = CheckReport()
  private var findingCounts: [String: Int] = [:]
  private var bytesDone = 0

  // What the parts leave for those after them.
  /// Entries of the trees without duplicates.
  var entries: [Tree: [Entry]] = [:]
  var names: [[String]] = Array(repeating: [], count: NameKind.allCases.count)
  var counts = GraphCounts()
  var nodes = RowSet(count: 0)
  /// Nil where they cannot all be read.
  var nodeLabels: NodeLabels?
  /// By type.
  var relationships: [RowSet] = []

  /// - Parameters:
  ///   - progress: called with the share that is done.
  ///   - isCancelled: asked many times a second, except while the entries of an index are sorted.
  /// - Throws: what keeps the file from being looked at: `notFound`, `notADatabase`, `newerFormat`,
  ///   `olderFormat`, `foreignPageSize`, `readOnly`, `system`; `cancelled`. Damage is in the report.
  package static func run(
    path: String, progress: ((Double) -> Void)? = nil, isCancelled: (() -> Bool)? = nil
  ) throws(StoreError) -> CheckReport {
    let lease = try EnvironmentRegistry.shared.leaseUnprepared(path)
    let environment = lease.environment
    let (transaction, header) = try environment.pinState()
    defer { withExtendedLifetime(lease) { mdb_txn_abort(transaction) } }
    let file = try PageFile(environment.descriptor, header, path: path)
    let check = StoreCheck(file, path: path, progress: progress, isCancelled: isCancelled)
    try check.run()
    if check.report.findingCount == 0 { try check.checkIndexes() }
    return check.report
  }

  private init(
    _ file: PageFile, path: String, progress: ((Double) -> Void)?, isCancelled: (() -> Bool)?
  ) {
    self.file = file
    self.path = path
    self.progress = progress
    self.isCancelled = isCancelled
  }

  private func run() throws(StoreError) {
    try checkPages()
    try checkTables()
    try checkNodes()
    nodeLabels = readNodeLabels()
    try checkAdjacency()
    checkStatistics()
    try checkColumns()
    try checkDelta()
    try checkFullText()
    examined("nodes", nodes.existing)
    examined("relationships", relationships.reduce(0) { $0 + $1.existing })
    for (structure, count) in findingCounts.sorted(by: { $0.key < $1.key })
    where count > Self.findingMaximum {
      report.findings.append(
        .init(structure: structure, text: "and \(count - Self.findingMaximum) more"))
    }
  }

  // MARK: For the parts

  func found(_ structure: String, _ text: String) {
    report.findingCount += 1
    findingCounts[structure, default: 0] += 1
    if findingCounts[structure, default: 0] <= Self.findingMaximum {
      report.findings.append(.init(structure: structure, text: text))
    }
  }
  func found(_ tree: Tree, _ text: String) { found(tree.name, text) }

  func examined(_ name: String, _ count: Int) { report.examined.append((name, count)) }

  func checkCancelled() throws(StoreError) {
    if isCancelled?() == true { throw StoreError(.cancelled, "the check of \(path) was given up") }
  }

  /// The bytes of values that have been read.
  func advance(_ bytes: Int) throws(StoreError) {
    try checkCancelled()
    bytesDone += bytes
    let total = (Int(file.header.lastPage) + 1) * file.pageSize
    progress?(min(1, Double(bytesDone) / Double(total)))
  }

  /// Calls `check` for all entries on all cores, and takes its findings in their order.
  /// - Parameter check: texts of findings, and a number to be summed up.
  func inParallel(
    _ tree: Tree, _ check: @Sendable (Entry) -> (findings: [String], count: Int)
  ) throws(StoreError) -> Int {
    let entries = entries[tree] ?? []
    var sum = 0
    let batch = 256
    for first in stride(from: 0, to: entries.count, by: batch) {
      let part = entries[first..<min(first + batch, entries.count)]
      var results = [(findings: [String], count: Int)](repeating: ([], 0), count: part.count)
      results.withUnsafeMutableBufferPointer { results in
        nonisolated(unsafe) let results = results
        nonisolated(unsafe) let part = part
        // Each index is written by one thread.
        DispatchQueue.concurrentPerform(iterations: part.count) { index in
          results[index] = check(part[first + index])
        }
      }
      for result in results {
        sum += result.count
        for text in result.findings { found(tree, text) }
      }
      try advance(part.reduce(0) { $0 + $1.value.count })
    }
    return sum
  }

  func name(_ kind: NameKind, _ id: UInt32) -> String {
    let names = names[Int(kind.rawValue)]
    return Int(id) < names.count ? names[Int(id)] : "#\(id)"
  }
}

/// Rows of a table, a bit each.
struct RowSet {
  private(set) var count: Int
  /// False when the table could not be read in full: then nothing is to be concluded from it.
  var isWhole = true
  /// Rows in the set.
  private(set) var existing = 0
  private var words: [UInt64]

  init(count: Int) {
    self.count = count
    words = Array(repeating: 0, count: (count + 63) / 64)
  }

  @inline(__always) func contains(_ row: Int) -> Bool {
    row < count && words[row >> 6] >> UInt64(row & 63) & 1 != 0
  }
  /// `row` must be below `count`.
  /// - Returns: whether it is new.
  @inline(__always) mutating func insert(_ row: Int) -> Bool {
    let bit = UInt64(1) << UInt64(row & 63)
    let isNew = words[row >> 6] & bit == 0
    words[row >> 6] |= bit
    existing += isNew ? 1 : 0
    return isNew
  }
  mutating func remove(_ row: Int) {
    if contains(row) { existing -= 1 }
    if row < count { words[row >> 6] &= ~(1 << UInt64(row & 63)) }
  }
  /// One more row, which is in the set.
  mutating func append() {
    if count & 63 == 0 { words.append(0) }
    count += 1
    _ = insert(count - 1)
  }
}
