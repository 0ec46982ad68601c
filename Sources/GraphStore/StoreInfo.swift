internal import CLMDB
package import GraphTypes

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
  }
  /// A place in the table of readers.
  package struct Reader: Sendable {
    package var process: Int32
    /// What the process is, such as `process 4711 (tropa shell shop.tropa)`.
    package var name: String
    /// Commits since the state that it reads, which keeps the pages that they have freed; nil when
    /// it does not read just now.
    package var lag: Int?
  }
  /// Bytes of a property, of nodes or (with `type`) relationships.
  package struct Column: Sendable {
    package var key: PropertyKeyID
    package var type: RelationshipTypeID?
    package var bytes: Int
  }
  /// All sizes in bytes.
  package var fileSize: Int
  package var pageSize: Int
  package var mapSize: Int
  package var format: Int
  /// In pages that are free to be used again.
  package var freeBytes: Int
  /// Commits since the file was made.
  package var commits: Int
  /// Of other processes.
  package var readers: [Reader]
  /// Places in the table of readers that have been in use at once, by all processes.
  package var readerPlaces: Int
  package var structures: [Structure]
  package var columns: [Column]
  /// Of the neighbour lists of each type, both directions.
  package var lists: [(type: RelationshipTypeID, bytes: Int)]
}

extension Store {
  /// - Complexity: O(pages of trees), without those of big values.
  package func storeInfo() throws(StoreError) -> StoreInfo {
    let environment = try currentLease().environment
    let (transaction, header) = try environment.pinState()
    defer { mdb_txn_abort(transaction) }
    let file = try PageFile(environment.descriptor, header, path: path)
    var status = stat()
    guard fstat(environment.descriptor, &status) == 0 else { throw LMDB.error(errno, "read", path) }
    func structure(_ name: String, _ tree: UInt32) throws(StoreError) -> StoreInfo.Structure {
      var statistics = MDB_stat()
      try LMDB.check(mdb_stat(transaction, tree, &statistics), "read", path)
      let pages =
        statistics.ms_branch_pages + statistics.ms_leaf_pages + statistics.ms_overflow_pages
      return .init(
        name: name, entries: Int(statistics.ms_entries), bytes: Int(pages) * environment.pageSize)
    }
    var structures: [StoreInfo.Structure] = []
    for tree in Tree.allCases {
      structures.append(try structure(tree.name, environment.tree(tree)))
    }
    structures.append(try structure("free pages", 0))
    var information = MDB_envinfo()
    try LMDB.check(mdb_env_info(environment.handle, &information), "read", path)
    let sizes = try ValueSizes(file, path: path)
    return StoreInfo(
      fileSize: Int(status.st_size), pageSize: environment.pageSize, mapSize: environment.mapSize,
      format: Int(Tree.format),
      freeBytes: try FreePageList(file).pages.count * environment.pageSize,
      commits: Int(header.transaction), readers: environment.otherReaders(header.transaction),
      readerPlaces: Int(information.me_numreaders),
      structures: structures, columns: sizes.columns, lists: sizes.lists)
  }
}

extension Environment {
  /// - Parameter newest: the number of the newest state.
  fileprivate func otherReaders(_ newest: UInt64) -> [StoreInfo.Reader] {
    final class Lines { var text = "" }
    let lines = Lines()
    // LMDB has no other way to say this than a text: a heading, then process, thread, state.
    mdb_reader_list(
      handle,
      { line, context in
        if let line, let context {
          Unmanaged<Lines>.fromOpaque(context).takeUnretainedValue().text += String(cString: line)
        }
        return 0
      }, Unmanaged.passUnretained(lines).toOpaque())
    return lines.text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 3, let process = Int32(words[0]), process != getpid() else { return nil }
      return .init(
        process: process, name: ProcessName.text(process),
        lag: UInt64(words[2]).map { newest > $0 ? Int(newest - $0) : 0 })
    }
  }
}

/// Sizes of the values of columns and neighbour lists, summed up by their keys.
private struct ValueSizes: PageTreeVisitor {
  private let pageSize: Int
  private var tree = Tree.columns
  private var columnBytes: [UInt64: Int] = [:]
  private var listBytes: [UInt32: Int] = [:]

  init(_ file: PageFile, path: String) throws(StoreError) {
    pageSize = file.pageSize
    let trees = try OpeningCheck.trees(file, path: path)
    for tree in [Tree.columns, .adjacency] {
      guard let record = trees.first(where: { $0.name == tree.name })?.tree else { continue }
      self.tree = tree
      try PageTreeWalk(file: file).run(record, &self)
    }
  }

  var columns: [StoreInfo.Column] {
    columnBytes.sorted { $0.key < $1.key }.map { key, bytes in
      let space = ColumnSpace(rawValue: UInt32(truncatingIfNeeded: key))
      return .init(key: PropertyKeyID(UInt32(key >> 32)), type: space.type, bytes: bytes)
    }
  }
  var lists: [(type: RelationshipTypeID, bytes: Int)] {
    listBytes.sorted { $0.key < $1.key }.map { (RelationshipTypeID($0.key), $0.value) }
  }

  mutating func take(
    _ page: UInt64, count: UInt64, _ kind: PageTreeWalk.Kind
  ) throws(StoreError) -> Bool { kind != .overflow }

  mutating func found(_ fault: PageFault, page: UInt64) throws(StoreError) {
    throw ChunkFormat.damaged("The tree \(tree.name)", "page \(page): \(fault.reason)")
  }

  mutating func entry(
    _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
  ) throws(StoreError) {
    // A value of more than half a page has pages of its own.
    let isBig = value.count > pageSize / 2 - 48
    let bytes =
      isBig
      ? (value.count + TreePage.headerSize + pageSize - 1) / pageSize * pageSize
      : value.count + key.count
    if tree == .columns, let column = Key.number(key, at: 0, bytes: 8) {
      columnBytes[column, default: 0] += bytes
    } else if tree == .adjacency, let type = Key.number(key, at: 0, bytes: 4) {
      listBytes[UInt32(type), default: 0] += bytes
    }
  }
}
