#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The right to put another file in the place of a database: nobody else has it open, and who tries
/// to open it meanwhile waits.
///
/// The lock file stays, and remembers the number of the last transaction; readers choose between
/// the two front pages by it. So the new file goes on with the numbers of the old one.
final class FileReplacement {
  private let path: String
  /// How long to wait for processes that are only just looking.
  private static let patience = Duration.seconds(2)

  /// Nil for a file that cannot be opened as a database.
  private let lease: EnvironmentLease?
  private let descriptor: Int32

  /// - Parameter lease: of the file, where there is one already; it must be the only one.
  /// - Throws: `inUse`, which says who has it open.
  init(_ path: String, lease: EnvironmentLease? = nil) throws(StoreError) {
    self.path = path
    if let lease { self.lease = lease } else { self.lease = try Self.lease(path) }
    descriptor = self.lease?.environment.descriptor ?? open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw LMDB.error(errno, "replace", path) }
    do throws(StoreError) {
      try claim()
    } catch {
      end()
      throw error
    }
  }
  deinit { end() }

  private func end() {
    if let environment = lease?.environment {
      // The file may stay open in this process.
      _ = RecordLock(file: environment.descriptor, place: .use).attempt(.shared)
    } else if descriptor >= 0 {
      close(descriptor)
    }
  }

  /// - Returns: nil for a database that is damaged beyond opening.
  private static func lease(_ path: String) throws(StoreError) -> EnvironmentLease? {
    do throws(StoreError) {
      return try EnvironmentRegistry.shared.leaseUnprepared(path)
    } catch {
      if error.code == .damaged { return nil }
      throw error
    }
  }

  /// Who has the file open, without a claim to it.
  static func user(of environment: Environment) -> String? {
    if EnvironmentRegistry.shared.useCount(environment) > 1 { return "this program" }
    return RecordLock(file: environment.descriptor, place: .use).holder(against: .exclusive)
      .map(ProcessName.text)
  }

  static func isInUse(_ path: String, by user: String) -> StoreError {
    StoreError(
      .inUse, "the database \(path) is open in \(user)",
      hint: "close it there first: those who have it open would not see the new file")
  }

  private func claim() throws(StoreError) {
    if let lease, EnvironmentRegistry.shared.useCount(lease.environment) > 1 {
      throw Self.isInUse(path, by: "this program")
    }
    let lock = RecordLock(file: descriptor, place: .use)
    let deadline = ContinuousClock.now.advanced(by: Self.patience)
    while true {
      let code = lock.attempt(.exclusive)
      if code == 0 { return }
      guard code == EAGAIN else { throw LMDB.error(code, "lock", path) }
      let holder = lock.holder(against: .exclusive)
      if ContinuousClock.now >= deadline {
        throw Self.isInUse(path, by: holder.map(ProcessName.text) ?? "another process")
      }
      usleep(20_000)
    }
  }

  /// Puts a whole file in place.
  func put(_ file: String) throws(StoreError) {
    if let old = FileHeader(descriptor), old.hasPlausibleNumber, lease != nil {
      let new = open(file, O_RDWR | O_CLOEXEC)
      guard new >= 0 else { throw LMDB.error(errno, "open", file) }
      defer { close(new) }
      guard FileHeader.renumber(new, as: max(old.transaction, 1)), fsync(new) == 0 else {
        throw LMDB.error(errno, "write to", file)
      }
    } else {
      // What it remembers is of no file any more.
      unlink(path + "-lock")
    }
    unlink(file + "-lock")
    guard rename(file, path) == 0 else { throw LMDB.error(errno, "put in place", path) }
    UnfinishedFile.syncFolder(of: path)
  }
}
