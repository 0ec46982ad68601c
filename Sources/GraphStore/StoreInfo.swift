internal import CLMDB

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What a database file is made of, for `tropa info`.
package struct StoreInfo: Sendable {
  package struct Structure: Sendable {
    package var name: String
    package var entries: Int
    /// Bytes of the pages it takes.
    package var bytes: Int
    package var depth: Int
  }
  package var path: String
  package var format: Int
  /// All sizes in bytes.
  package var fileSize: Int
  package var pageSize: Int
  package var mapSize: Int
  /// In pages that are free to be used again.
  package var freeBytes: Int
  /// Commits since the file was made.
  package var commits: Int
  /// Places taken in the table of readers (by all processes), and its size.
  package var readers: Int
  package var readersMaximum: Int
  package var structures: [Structure]
}

extension Store {
  /// - Complexity: O(length of the list of free pages).
  package func storeInfo() throws(StoreError) -> StoreInfo {
    let environment = try currentLease().environment
    let transaction = try environment.begin(readOnly: true)
    defer { mdb_txn_abort(transaction) }
    var information = MDB_envinfo()
    try LMDB.check(mdb_env_info(environment.handle, &information), "read", path)
    func structure(_ name: String, _ tree: UInt32) throws(StoreError) -> StoreInfo.Structure {
      var statistics = MDB_stat()
      try LMDB.check(mdb_stat(transaction, tree, &statistics), "read", path)
      let pages =
        statistics.ms_branch_pages + statistics.ms_leaf_pages + statistics.ms_overflow_pages
      return .init(
        name: name, entries: Int(statistics.ms_entries), bytes: Int(pages) * environment.pageSize,
        depth: Int(statistics.ms_depth))
    }
    var structures: [StoreInfo.Structure] = []
    for tree in Tree.allCases {
      structures.append(try structure(tree.name, environment.tree(tree)))
    }
    // LMDB's own tree 0 lists the free pages: each value is a count and that many page numbers.
    structures.append(try structure("free pages", 0))
    var freePages = 0
    let cursor = try TreeCursor(transaction, 0, path: path)
    try cursor.walk { (_, value) throws(StoreError) in
      if value.count >= MemoryLayout<UInt>.size {
        freePages += Int(value.loadUnaligned(as: UInt.self))
      }
    }
    var status = stat()
    guard fstat(environment.descriptor, &status) == 0 else { throw LMDB.error(errno, "read", path) }
    return StoreInfo(
      path: path, format: Int(Tree.format), fileSize: Int(status.st_size),
      pageSize: environment.pageSize, mapSize: Int(information.me_mapsize),
      freeBytes: freePages * environment.pageSize, commits: Int(information.me_last_txnid),
      readers: Int(information.me_numreaders), readersMaximum: Int(information.me_maxreaders),
      structures: structures)
  }
}
