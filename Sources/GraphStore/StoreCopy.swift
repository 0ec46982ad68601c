internal import CLMDB

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Whole copies of database files without free pages: backups, their restoration, compaction.
package enum StoreCopy {
  package enum Phase: String, Sendable { case copying, verifying }
  package typealias Progress = (Phase, Double) -> Void

  package struct Summary: Sendable {
    /// Sizes of files, in bytes.
    package var sourceSize: Int
    package var size: Int
    package var report: CheckReport
  }

  /// Copies the newest state of a database, also while others write to it, checks the copy, and
  /// puts it in place.
  ///
  /// - Parameters:
  ///   - replacing: a database may be there already, which nobody has open.
  ///   - isCancelled: asked many times a second, except while the file is synced to the disk and
  ///     while the entries of an index are sorted.
  /// - Throws: `alreadyExists`, `inUse`, `cancelled`; `damaged` when the copy would be: then there
  ///   is none.
  package static func run(
    from source: String, to target: String, replacing: Bool = false, progress: Progress? = nil,
    isCancelled: (() -> Bool)? = nil
  ) throws(StoreError) -> Summary {
    let target = DatabaseFile.resolved(target)
    let lease = try EnvironmentRegistry.shared.leaseUnprepared(source)
    var old: FileReplacement?
    if let identity = FileIdentity(path: target) {
      if identity == lease.environment.identity {
        throw StoreError(
          .alreadyExists, "\(source) and \(target) are the same file", hint: "name another")
      }
      guard replacing else { throw UnfinishedFile.alreadyExists(target) }
      old = try FileReplacement(target)
    }
    return try make(target, from: lease, progress, isCancelled) { (file) throws(StoreError) in
      if let old {
        try old.put(file)
      } else {
        try UnfinishedFile.put(file, at: target)
        UnfinishedFile.syncFolder(of: target)
      }
    }
  }

  /// Writes a database anew, without free pages. Nobody else may have it open.
  ///
  /// - Throws: `inUse`, `locked`, `readOnly`, `cancelled`; `damaged`: then it stays as it was.
  package static func compact(
    _ path: String, options: StoreOptions = .init(), progress: Progress? = nil,
    isCancelled: (() -> Bool)? = nil
  ) throws(StoreError) -> Summary {
    let path = DatabaseFile.resolved(path)
    var options = options
    options.access = .readWrite
    options.createIfMissing = false
    let lease = try EnvironmentRegistry.shared.lease(path, options: options)
    let environment = lease.environment
    if let user = FileReplacement.user(of: environment) {
      throw FileReplacement.isInUse(path, by: user)
    }
    try environment.writerLock.acquire(
      timeout: options.lockTimeout, joining: false, whileWaiting: options.whileWaiting)
    defer { environment.writerLock.release() }
    return try make(path, from: lease, progress, isCancelled) { (file) throws(StoreError) in
      try FileReplacement(path, lease: lease).put(file)
    }
  }

  private static func make(
    _ target: String, from lease: EnvironmentLease, _ progress: Progress?,
    _ isCancelled: (() -> Bool)?, _ put: (String) throws(StoreError) -> Void
  ) throws(StoreError) -> Summary {
    let file = try UnfinishedFile.begin(target, replacing: true)
    func checkCancelled() throws(StoreError) {
      if isCancelled?() == true {
        throw StoreError(.cancelled, "the copy \(target) was given up; nothing is left of it")
      }
    }
    do throws(StoreError) {
      let size = try copy(lease.environment, to: file) { (share) throws(StoreError) in
        progress?(.copying, share)
        try checkCancelled()
      }
      let report: CheckReport
      do throws(StoreError) {
        report = try StoreCheck.run(
          path: file, progress: { progress?(.verifying, $0) }, isCancelled: isCancelled)
      } catch {
        try checkCancelled()
        throw error
      }
      if let finding = report.findings.first {
        throw StoreError(
          .damaged,
          "the database \(lease.environment.path) is damaged, so that it was not copied: "
            + "\(finding.structure): \(finding.text)",
          hint: "`tropa check` lists all damage")
      }
      try checkCancelled()
      try put(file)
      UnfinishedFile.forget(file)
      var status = stat()
      fstat(lease.environment.descriptor, &status)
      return Summary(sourceSize: Int(status.st_size), size: size, report: report)
    } catch {
      UnfinishedFile.remove(file)
      throw error
    }
  }

  /// Looks at the pages of a state, and copies them.
  /// - Returns: the size of the copy.
  private static func copy(
    _ environment: Environment, to path: String,
    _ progress: @escaping (Double) throws(StoreError) -> Void
  ) throws(StoreError) -> Int {
    let (transaction, header) = try environment.pinState()
    defer { mdb_txn_abort(transaction) }
    let source = try PageFile(environment.descriptor, header, path: environment.path)
    try OpeningCheck.run(source, path: environment.path) {
      () throws(StoreError) in try progress(0)
    }
    let free = try FreePageList(source).pages.count
    let expected = max(1, Int(header.lastPage) + 1 - free)
    let target = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard target >= 0 else { throw PageCopy.failure(path) }
    defer { close(target) }
    let size = try PageCopy.run(source, from: environment.descriptor, to: target, path: path) {
      (pages) throws(StoreError) in
      try progress(min(1, Double(pages) / Double(expected)))
    }
    guard fsync(target) == 0 else { throw PageCopy.failure(path) }
    return size
  }
}
