internal import GraphStore

/// What has been copied, with sizes in bytes.
public struct DatabaseCopy: Sendable {
  public var sourceSize: Int
  public var size: Int
  /// What the check of the copy has looked at.
  public var check: DatabaseCheck

  init(_ summary: StoreCopy.Summary) {
    sourceSize = summary.sourceSize
    size = summary.size
    check = DatabaseCheck(summary.report)
  }
}

/// What a copy is doing; see ``Database/copy(_:to:replacing:progress:isCancelled:)``.
public enum CopyPhase: String, Sendable { case copying, verifying }

extension Database {
  /// Makes a whole copy of a database in its newest state, without its free pages, while others
  /// read and write: a backup, or one that is put back. The copy is checked and then put in place
  /// as one.
  ///
  /// - Parameters:
  ///   - replacing: a database may be at `target` already, which nobody has open.
  ///   - progress: called with the share of a phase that is done.
  ///   - isCancelled: asked some times a second; true gives the copy up.
  /// - Throws: `QueryError` of kind `.storage` or `.cancelled`; the target is as before then.
  @discardableResult
  public static func copy(
    _ path: String, to target: String, replacing: Bool = false,
    progress: ((CopyPhase, Double) -> Void)? = nil, isCancelled: (() -> Bool)? = nil
  ) throws(QueryError) -> DatabaseCopy {
    do throws(StoreError) {
      return DatabaseCopy(
        try StoreCopy.run(
          from: path, to: target, replacing: replacing, progress: adapted(progress),
          isCancelled: isCancelled))
    } catch {
      throw QueryError(error)
    }
  }

  /// The same for an open database.
  @discardableResult
  public func backUp(
    to target: String, replacing: Bool = false, progress: ((CopyPhase, Double) -> Void)? = nil,
    isCancelled: (() -> Bool)? = nil
  ) throws(QueryError) -> DatabaseCopy {
    try Self.copy(
      path, to: target, replacing: replacing, progress: progress, isCancelled: isCancelled)
  }

  /// Writes a database anew in its place, without free pages. Nobody may have it open.
  @discardableResult
  public static func compact(
    _ path: String, options: DatabaseOptions = .init(),
    progress: ((CopyPhase, Double) -> Void)? = nil, isCancelled: (() -> Bool)? = nil
  ) throws(QueryError) -> DatabaseCopy {
    do throws(StoreError) {
      return DatabaseCopy(
        try StoreCopy.compact(
          path, options: options.storeOptions, progress: adapted(progress),
          isCancelled: isCancelled))
    } catch {
      throw QueryError(error)
    }
  }

  private static func adapted(
    _ progress: ((CopyPhase, Double) -> Void)?
  ) -> StoreCopy.Progress? {
    guard let progress else { return nil }
    return { phase, share in progress(phase == .copying ? .copying : .verifying, share) }
  }
}
