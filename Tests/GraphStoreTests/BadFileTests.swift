import Foundation
import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// Files that cannot be opened give errors that their owner understands.
@Suite struct BadFileTests {
  /// The error of opening, which must name the file and say what to do.
  @discardableResult
  private func expect(
    _ code: StoreError.Code, _ path: String, _ change: (inout StoreOptions) -> Void = { _ in },
    location: SourceLocation = #_sourceLocation
  ) throws -> StoreError {
    var options = StoreOptions()
    change(&options)
    let error = try #require(throws: StoreError.self, sourceLocation: location) {
      _ = try Store.open(path, options: options)
    }
    #expect(error.code == code, sourceLocation: location)
    #expect(error.message.contains(path), sourceLocation: location)
    #expect(!(error.hint ?? "").isEmpty, sourceLocation: location)
    return error
  }

  private func make(_ path: String, nodes: Int = 3000) throws {
    let store = try Store.open(path)
    let write = try store.beginWrite()
    let key = try write.propertyKey("name")
    for index in 0..<nodes {
      let node = try write.createNode(labels: [])
      try write.set(key, of: node, to: .string("имя \(index)"))
    }
    try write.commit()
    store.close()
  }

  @Test func missingFiles() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      try expect(.notFound, path) { $0.createIfMissing = false }
      try expect(.notFound, path) { $0.access = .readOnly }
      #expect(!FileManager.default.fileExists(atPath: path))
      let inside = folder.appending(path: "no such folder/graph").path
      try expect(.notFound, inside)
    }
  }

  @Test func otherFiles() throws {
    try withTemporaryDirectory { folder in
      try expect(.notADatabase, folder.path)
      let path = folder.appending(path: "table.csv").path
      var random = SeededGenerator(seed: 4)
      for size in [1, 15, 100, 4096, 8192, 100_000] {
        let data = Data((0..<size).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        try data.write(to: URL(fileURLWithPath: path))
        try expect(.notADatabase, path)
        try expect(.notADatabase, path) { $0.access = .readOnly }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == data)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["table.csv"])
    }
  }

  @Test func emptyFiles() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "empty").path
      try Data().write(to: URL(fileURLWithPath: path))
      try expect(.notADatabase, path) { $0.createIfMissing = false }
      try expect(.notADatabase, path) { $0.access = .readOnly }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).isEmpty)
      #expect(try Store.open(path).snapshot().nodeCount == 0)
    }
  }

  @Test func filesThatAreCutOff() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      try make(path)
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      var random = SeededGenerator(seed: 5)
      var sizes = (0..<40).map { _ in random.below(whole.count) }
      sizes += [whole.count - 1, 8192, 4096, 200, 10]
      for size in sizes {
        try whole.prefix(size).write(to: URL(fileURLWithPath: path))
        // A file whose missing end was free opens, and holds everything.
        do {
          let store = try Store.open(path, options: .init())
          #expect(try store.snapshot().nodeCount == 3000)
          let key = try #require(try store.snapshot().propertyKeyID("name"))
          for row in 0..<3000 {
            let value = try store.snapshot().property(key, of: NodeID(UInt64(row)))
            guard value == .string("имя \(row)") else { throw CancellationError() }
          }
          store.close()
        } catch let error as StoreError {
          #expect(error.code == .damaged || (error.code == .notADatabase && size < 8192))
          #expect(error.message.contains(path) && error.hint != nil)
        }
      }
    }
  }

  /// What a crash leaves between a commit and the moment the file is extended.
  @Test func filesThatLackOnlyFreePagesAreWhole() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      try make(path, nodes: 20_000)
      try Store.open(path).reset()
      for _ in 0..<2 {
        try make(path, nodes: 1)
        try Store.open(path).fold()
      }
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      var opened = 0
      // From the end as far as pages are free.
      for pages in stride(from: whole.count / 4096 - 1, to: 2, by: -1) {
        try whole.prefix(pages * 4096).write(to: URL(fileURLWithPath: path))
        guard let short = try? Store.open(path) else { break }
        opened += 1
        #expect(try short.snapshot().nodeCount == 2)
        short.close()
      }
      #expect(opened > 20)
      try whole.prefix((whole.count / 4096 - opened) * 4096).write(to: URL(fileURLWithPath: path))
      for _ in 0..<10 { try make(path, nodes: 2500) }
      #expect(try Store.open(path).snapshot().nodeCount == 25_002)
    }
  }

  /// LMDB hands the number of a state on, whatever it is.
  @Test func damagedNumbersOfStates() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      let copy = folder.appending(path: "copy").path
      try make(path, nodes: 100)
      _ = try StoreCopy.run(from: path, to: copy)
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      for (page, byte, value) in [(0, 7, 0x80), (1, 7, 0xFF), (0, 6, 1), (1, 7, 0x7F)] {
        var data = whole
        // The last word of the record behind the page's header.
        data[4096 * page + 16 + 128 + byte] = UInt8(value)
        try data.write(to: URL(fileURLWithPath: path))
        try expect(.damaged, path)
        try expect(.damaged, path) { $0.access = .readOnly }
        #expect { try StoreCheck.run(path: path) } throws: { ($0 as? StoreError)?.code == .damaged }
      }
      _ = try StoreCopy.run(from: copy, to: path, replacing: true)
      let store = try Store.open(path)
      #expect(try store.snapshot().nodeCount == 100)
      store.close()
      try make(path, nodes: 1)
      #expect(try StoreCheck.run(path: path).findingCount == 0)
    }
  }

  /// Leaves of large trees are left out when a file is opened, and looked at before they are read.
  @Test func leavesOfLargeTrees() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("graph").path
      do {
        let store = try Store.open(path)
        defer { store.close() }
        let write = try store.beginWrite()
        let (label, key) = (try write.label("L"), try write.propertyKey("k"))
        for row in 0..<3000 {
          try write.set(key, of: write.createNode(labels: [label]), to: .integer(Int64(row)))
        }
        _ = try write.createIndex(
          IndexDefinition(name: "i", labels: [label.rawValue], keys: [key]))
        try write.commit()
      }
      let descriptor = open(path, O_RDWR)
      defer { close(descriptor) }
      let header = try #require(FileHeader(descriptor))
      let file = try PageFile(descriptor, header, path: path)
      let name = Tree.indexes.name
      let record = try #require(
        try OpeningCheck.trees(file, path: path).first { $0.name == name }?.tree)
      #expect(record.depth == 2 && record.leafPages > 4)
      // The last child of the root is a leaf.
      let leaf = try withExtendedLifetime(file) {
        let root = try TreePage(
          try #require(file.pages(record.root)), .branch, number: record.root)
        return try #require(root.node(root.count - 1)).child
      }
      var bytes: [UInt8] = [0xFF, 0xFF]
      #expect(pwrite(descriptor, &bytes, 2, off_t(leaf) * 4096 + 14) == 2)
      #expect(try OpeningCheck.run(file, path: path, leafMaximum: 4) == [name])
      try OpeningCheck.run(Tree.nodes.name, file, path: path)
      for check in [
        { try OpeningCheck.run(name, file, path: path) },
        { _ = try OpeningCheck.run(file, path: path) },
      ] {
        #expect {
          try check()
        } throws: { error in
          (error as? StoreError)?.message.contains("page \(leaf) of the tree \(name)") == true
        }
      }
    }
  }

  /// Names that lead to one file have one lock file; where they cannot, the file is not opened.
  @Test func linksToAFile() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      let link = folder.appending(path: "link").path
      let name = folder.appending(path: "name").path
      try make(path)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
      let store = try Store.open(link)
      #expect(try store.snapshot().nodeCount > 0)
      #expect(!FileManager.default.fileExists(atPath: link + "-lock"))
      store.close()
      _ = try StoreCopy.compact(link)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
      try FileManager.default.linkItem(atPath: path, toPath: name)
      #expect(try expect(.inUse, name).message.contains("2 names"))
      #expect(try expect(.inUse, path).hint != nil)
      try FileManager.default.removeItem(atPath: name)
      #expect(try Store.open(path).snapshot().nodeCount > 0)
    }
  }

  @Test func newerFormats() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      try make(path)
      var store = try Store.open(path)
      func put(_ name: String, _ value: [UInt8], in file: String? = nil) throws {
        store = try Store.open(file ?? path)
        let environment = try store.lockForWriting().environment
        defer { environment.writerLock.release() }
        let writer = try TreeWriter(environment, durability: .full)
        try writer.put(.meta, Key(text: name), value)
        try writer.commit()
        store.close()
      }
      store.close()
      // Written while it can still be opened; each opening after that is refused.
      let newer = folder.appending(path: "newer").path
      try put("format", [1, 0, 0, 0])
      #expect(try expect(.olderFormat, path).message.contains("format 1"))
      try make(newer)
      try put("format", [3, 0, 0, 0], in: newer)
      #expect(try expect(.newerFormat, newer).message.contains("format 3"))
    }
  }

  @Test func filesThatMayOnlyBeRead() throws {
    // Root may do everything.
    if geteuid() == 0 { return }
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      try make(path)
      let manager = FileManager.default
      try manager.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
      try expect(.readOnly, path)
      var options = StoreOptions()
      options.access = .readOnly
      let store = try Store.open(path, options: options)
      #expect(try store.snapshot().nodeCount == 3000)
      #expect(throws: StoreError.self) { _ = try store.beginWrite() }
      store.close()
      try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
      let inside = folder.appending(path: "new").path
      try expect(.readOnly, inside)
      try manager.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
      try expect(.readOnly, path)
      try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    }
  }

  @Test func anyPath() throws {
    try withTemporaryDirectory { folder in
      let inside = folder.appending(path: "Мои данные 2026, «копия»")
      try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
      let path = inside.appending(path: "граф клиентов.tropa").path
      try make(path, nodes: 5)
      #expect(try Store.open(path).snapshot().nodeCount == 5)
    }
  }

  @Test func closedStoresAndReadOnlyStores() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      try make(path, nodes: 5)
      var options = StoreOptions()
      options.access = .readOnly
      let reading = try Store.open(path, options: options)
      let refused = try #require(throws: StoreError.self) { _ = try reading.beginWrite() }
      #expect(refused.code == .readOnly && refused.hint != nil)
      let reader = try reading.snapshot()
      reading.close()
      reading.close()
      #expect(reader.nodeCount == 5 && reader.exists(NodeID(4)))
      let closed = try #require(throws: StoreError.self) { _ = try reading.snapshot() }
      #expect(closed.code == .invalidArgument)
    }
  }

  @Test func oneWriterInAProcess() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      let store = try Store.open(path)
      let write = try store.beginWrite()
      // Another object, the same file.
      let other = try Store.open(path)
      let start = ContinuousClock.now
      let locked = try #require(throws: StoreError.self) {
        _ = try other.beginWrite(timeout: .milliseconds(200))
      }
      #expect(locked.code == .locked && locked.hint != nil)
      #expect(ContinuousClock.now - start >= .milliseconds(190))
      write.abort()
      try other.beginWrite().commit()
    }
  }
}
