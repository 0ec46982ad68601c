internal import GraphStore

/// What a check of a database has found; see ``Database/check(_:progress:)``.
public struct DatabaseCheck: Sendable {
  public struct Finding: Sendable, CustomStringConvertible {
    /// A part of the file: `pages`, `nodes`, `columns`, `adjacency` …
    public var structure: String
    /// Where, and what is wrong.
    public var text: String
    public var description: String { "\(structure): \(text)" }
  }
  public struct Examined: Sendable {
    public var name: String
    public var count: Int
  }
  /// The first of each part of the file.
  public var findings: [Finding]
  /// All of them.
  public var findingCount: Int
  /// What was looked at, and how many of it.
  public var examined: [Examined]
  public var isWhole: Bool { findingCount == 0 }

  init(_ report: CheckReport) {
    findings = report.findings.map { .init(structure: $0.structure, text: $0.text) }
    findingCount = report.findingCount
    examined = report.examined.map { .init(name: $0.name, count: $0.count) }
  }
}

extension Database {
  /// Compares every structure of a file with every other, in its newest state; others may read and
  /// write meanwhile. Damage is found, not thrown: also in files that cannot be opened any more.
  ///
  /// - Parameter progress: called with the share that is done.
  /// - Throws: what keeps the file from being looked at: it is missing, not a database, or of
  ///   another format.
  public static func check(
    _ path: String, progress: ((Double) -> Void)? = nil
  ) throws(QueryError) -> DatabaseCheck {
    do throws(StoreError) {
      return DatabaseCheck(try StoreCheck.run(path: path, progress: progress))
    } catch {
      throw QueryError(error)
    }
  }

  /// The same for an open database.
  public func check(progress: ((Double) -> Void)? = nil) throws(QueryError) -> DatabaseCheck {
    try Self.check(path, progress: progress)
  }
}
