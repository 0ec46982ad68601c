internal import CLMDB
internal import Dispatch

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
  ///   - isCancelled: asked some times a second while pages are copied, and before the end.
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
      let report = try StoreCheck.run(path: file) { progress?(.verifying, $0) }
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

  /// - Returns: the size of the copy.
  private static func copy(
    _ environment: Environment, to file: String, _ progress: (Double) throws(StoreError) -> Void
  ) throws(StoreError) -> Int {
    let (header, expected) = try examine(environment)
    let descriptor = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(errno, file) }
    defer { close(descriptor) }
    func copy(_ flags: Int32) throws(StoreError) -> Int32 {
      nonisolated(unsafe) var code: Int32 = 0
      nonisolated(unsafe) let handle = environment.handle
      let isDone = DispatchSemaphore(value: 0)
      DispatchQueue.global().async {
        code = mdb_env_copyfd2(handle, descriptor, UInt32(flags))
        isDone.signal()
      }
      while isDone.wait(timeout: .now() + 0.2) == .timedOut {
        do throws(StoreError) {
          try progress(min(1, Double(size(descriptor)) / Double(expected)))
        } catch {
          stopWriting(descriptor)
          isDone.wait()
          throw error
        }
      }
      return code
    }
    var code = try copy(MDB_CP_COMPACT)
    if code == MDB_INCOMPATIBLE {
      // LMDB does not compact a file with lost pages.
      ftruncate(descriptor, 0)
      lseek(descriptor, 0, SEEK_SET)
      code = try copy(0)
    } else if code == MDB_SUCCESS, !FileHeader.renumber(descriptor, as: header.transaction) {
      code = errno
    }
    if code == MDB_SUCCESS, fsync(descriptor) != 0 { code = errno }
    guard code == MDB_SUCCESS else { throw failure(code, file) }
    return size(descriptor)
  }

  /// LMDB's copying cannot be told to end: its next write fails.
  private static func stopWriting(_ descriptor: Int32) {
    let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
    if nothing < 0 { return }
    dup2(nothing, descriptor)
    close(nothing)
  }

  /// Looks at the pages of the trees, because LMDB trusts what it copies.
  /// - Returns: the size of a copy, in bytes.
  private static func examine(
    _ environment: Environment
  ) throws(StoreError) -> (header: FileHeader, size: Int) {
    let (transaction, header) = try environment.pinState()
    defer { mdb_txn_abort(transaction) }
    let file = try PageFile(environment.descriptor, header, path: environment.path)
    try OpeningCheck.run(file, path: environment.path, skippingLeaves: false)
    let free = try FreePageList(file).pages.count
    return (header, max(1, Int(header.lastPage) + 1 - free) * header.pageSize)
  }

  private static func size(_ descriptor: Int32) -> Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  private static func failure(_ code: Int32, _ file: String) -> StoreError {
    var error = LMDB.error(code, "write", file)
    error.message.replace("the database ", with: "the copy ")
    return error
  }
}
