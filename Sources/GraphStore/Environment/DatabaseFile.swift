internal import CLMDB

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Opening a file with LMDB: the file system, the rights, the lock file, and that the file is still
/// the one of its name when it is open.
struct DatabaseFile {
  var handle: OpaquePointer
  var descriptor: Int32
  var mapSize: Int
  var isReadOnly: Bool
  var identity: FileIdentity

  /// How long to wait for who is putting another file in place.
  private static let replacementTimeout = Duration.seconds(10)

  /// - Parameters:
  ///   - isNew: there is no file yet.
  ///   - mustWrite: fail if the file may only be read.
  static func open(_ path: String, isNew: Bool, mustWrite: Bool) throws(StoreError) -> DatabaseFile
  {
    let place = isNew ? folder(of: path) : path
    if let system = NetworkFileSystem.type(at: place) {
      throw StoreError(
        .networkFileSystem,
        "the database \(path) is on a network file system (\(system)), which would damage it",
        hint: "keep it on a disk of this machine; `tropa backup` can write to \(system)")
    }
    let isReadOnly = !isNew && access(path, W_OK) != 0
    if isReadOnly, mustWrite {
      throw StoreError(
        .readOnly, "the database \(path) may only be read",
        hint: "give yourself the right to write to the file, or open it read-only")
    }
    let deadline = ContinuousClock.now.advanced(by: replacementTimeout)
    while true {
      let file = try openAnyhow(path, isReadOnly: isReadOnly, mustWrite: mustWrite)
      let use = RecordLock(file: file.descriptor, place: .use)
      let code = use.attempt(.shared)
      if code == 0, FileIdentity(path: path) == file.identity { return file }
      let holder = use.holder(against: .shared)
      mdb_env_close(file.handle)
      if code != 0, code != EAGAIN { throw LMDB.error(code, "open", path) }
      if ContinuousClock.now >= deadline {
        throw StoreError(
          .inUse,
          "the database \(path) is being replaced by "
            + (holder.map(ProcessName.text) ?? "another process"),
          hint: "wait until that is done")
      }
      usleep(5000)
    }
  }

  /// The file that a symbolic link leads to: the lock file lies beside that, for all who use it.
  static func resolved(_ path: String) -> String {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK,
      let real = realpath(path, nil)
    else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// With two names a file would have two lock files.
  static func checkNames(_ path: String) throws(StoreError) {
    var status = stat()
    // A file that is being put in place has two for a moment.
    for _ in 0..<20 {
      guard stat(path, &status) == 0, status.st_nlink > 1 else { return }
      usleep(5000)
    }
    throw StoreError(
      .inUse,
      "the database \(path) has \(status.st_nlink) names (hard links); those who open it by "
        + "different names would not see each other",
      hint: "remove the other names, or make them symbolic links")
  }

  static func checkFolder(of path: String) throws(StoreError) {
    let folder = folder(of: path)
    var status = stat()
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw StoreError(
        .notFound, "cannot make the file \(path): there is no folder \(folder)",
        hint: "make the folder first, or name another")
    }
  }

  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
  }

  private static func openAnyhow(
    _ path: String, isReadOnly: Bool, mustWrite: Bool
  ) throws(StoreError) -> DatabaseFile {
    var code: Int32 = 0
    if !isReadOnly {
      switch openWithLMDB(path, flags: 0) {
      case .success(let file): return file
      case .failure(let failure): code = failure.code
      }
      if mustWrite || ![EACCES, EPERM, EROFS].contains(code) {
        throw explained(code, path)
      }
    }
    switch openWithLMDB(path, flags: MDB_RDONLY) {
    case .success(let file): return file
    case .failure(let failure): code = failure.code
    }
    // Where nobody can change the file, nobody needs to be told who reads it.
    if [EACCES, EPERM, EROFS].contains(code), isUnchangeable(path),
      case .success(let file) = openWithLMDB(path, flags: MDB_RDONLY | MDB_NOLOCK)
    {
      return file
    }
    throw explained(code, path)
  }

  private struct Failure: Error { var code: Int32 }

  /// Bytes of LMDB's lock file for as many readers.
  private static let readerMaximum: UInt32 = 1000
  private static let lockFileSize: off_t = 64_128

  /// Makes the lock file with all its blocks. LMDB writes to it through a map: on a full disk the
  /// process would be ended by a signal.
  private static func makeLockFile(of path: String) -> Int32 {
    #if canImport(Glibc)
      let file = openFile("\(path)-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      guard file >= 0 else { return errno }
      defer { close(file) }
      var status = stat()
      guard fstat(file, &status) == 0, status.st_size < lockFileSize else { return 0 }
      let code = posix_fallocate(file, 0, lockFileSize)
      return code == ENOSPC || code == EDQUOT ? code : 0
    #else
      return 0
    #endif
  }

  private static func openWithLMDB(
    _ path: String, flags: Int32
  ) -> Result<DatabaseFile, Failure> {
    // Address space costs nothing; where its amount is limited, take what there is.
    var size = 1 << 40
    while true {
      var handle: OpaquePointer?
      guard mdb_env_create(&handle) == MDB_SUCCESS, let handle else {
        return .failure(Failure(code: ENOMEM))
      }
      mdb_env_set_maxdbs(handle, 32)
      mdb_env_set_maxreaders(handle, readerMaximum)
      mdb_env_set_mapsize(handle, size)
      var code = flags & MDB_NOLOCK == 0 ? makeLockFile(of: path) : MDB_SUCCESS
      if code == MDB_SUCCESS {
        code = mdb_env_open(handle, path, UInt32(MDB_NOSUBDIR | MDB_NOTLS | flags), 0o644)
      }
      var descriptor: Int32 = -1
      var status = stat()
      if code == MDB_SUCCESS { code = mdb_env_get_fd(handle, &descriptor) }
      if code == MDB_SUCCESS, fstat(descriptor, &status) != 0 { code = errno }
      if code == MDB_SUCCESS {
        return .success(
          DatabaseFile(
            handle: handle, descriptor: descriptor, mapSize: size,
            isReadOnly: flags & MDB_RDONLY != 0, identity: FileIdentity(status)))
      }
      mdb_env_close(handle)
      guard code == ENOMEM, size > 1 << 26 else { return .failure(Failure(code: code)) }
      size /= 2
    }
  }

  /// On a file system that may only be read, or with no right to write for anybody.
  private static func isUnchangeable(_ path: String) -> Bool {
    var status = stat()
    var system = statvfs()
    guard stat(path, &status) == 0 else { return false }
    if status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH) == 0 { return true }
    return statvfs(path, &system) == 0 && system.f_flag & UInt(ST_RDONLY) != 0
  }

  /// Which of the two files may not be written to, if it is that.
  private static func explained(_ code: Int32, _ path: String) -> StoreError {
    guard [EACCES, EPERM, EROFS].contains(code), access(path, R_OK) == 0 else {
      return LMDB.error(code, "open", path)
    }
    return StoreError(
      .readOnly,
      "cannot open the database \(path): its lock file \(path)-lock may not be written to ("
        + String(cString: mdb_strerror(code)) + ")",
      hint: "readers need the lock file, too: give the right to write to the folder, or take it "
        + "from everybody for the database file (chmod a-w) if nobody is to change it")
  }
}

/// The system's `open`, which a method of that name would hide.
private func openFile(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
  open(path, flags, mode)
}
