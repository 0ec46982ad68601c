import Foundation
import GraphColumns
import GraphTypes
import Synchronization
import TestSupport
import Testing

@testable import GraphStore

/// Backups, their restoration and compaction.
@Suite struct StoreCopyTests {
  private func make(_ path: String, nodes: Int) throws {
    let store = try Store.open(path)
    defer { store.close() }
    let write = try store.beginWrite()
    let key = try write.propertyKey("name")
    let type = try write.relationshipType("KNOWS")
    for index in 0..<nodes {
      let node = try write.createNode(labels: [try write.label("L")])
      try write.set(key, of: node, to: .string("имя \(index)"))
      _ = try write.createRelationship(type, from: node, to: NodeID(UInt64(index / 2)))
    }
    try write.commit()
  }

  private func count(_ path: String) throws -> Int {
    let store = try Store.open(path)
    defer { store.close() }
    return try store.snapshot().nodeCount
  }

  private func error(_ body: () throws -> Void) -> StoreError? {
    do {
      try body()
      return nil
    } catch { return error as? StoreError }
  }

  @Test func backupsOfOpenFiles() throws {
    try withTemporaryDirectory { folder in
      let (path, copy) = ("\(folder.path)/граф", "\(folder.path)/копия")
      try make(path, nodes: 5000)
      let store = try Store.open(path)
      let write = try store.beginWrite()
      _ = try write.createNode(labels: [])
      // A transaction that is open is not in it.
      let summary = try StoreCopy.run(from: path, to: copy)
      try write.commit()
      #expect(summary.size > 0 && summary.report.findingCount == 0)
      #expect(try count(copy) == 5000)
      #expect(error { _ = try StoreCopy.run(from: path, to: copy) }?.code == .alreadyExists)
      _ = try StoreCopy.run(from: path, to: copy, replacing: true)
      #expect(try count(copy) == 5001)
      #expect(error { _ = try StoreCopy.run(from: path, to: path, replacing: true) } != nil)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(!files.contains { $0.contains("loading") }, "\(files)")
      store.close()
    }
  }

  @Test func copiesThatAreGivenUp() throws {
    try withTemporaryDirectory { folder in
      let (path, copy) = ("\(folder.path)/graph", "\(folder.path)/copy")
      try make(path, nodes: 100)
      let given = error { _ = try StoreCopy.run(from: path, to: copy, isCancelled: { true }) }
      #expect(given?.code == .cancelled)
      #expect(error { _ = try StoreCopy.compact(path, isCancelled: { true }) }?.code == .cancelled)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(files.allSatisfy { $0.hasPrefix("graph") && !$0.contains("loading") }, "\(files)")
      #expect(try count(path) == 100)
      let lost = error { _ = try StoreCopy.run(from: path, to: "\(folder.path)/no/copy") }
      #expect(lost?.code == .notFound && lost?.message.contains("/no/") == true)
    }
  }

  /// The number of the transaction in the copy is that of the state in it.
  @Test func copiesAreOfOneState() throws {
    try withTemporaryDirectory { folder in
      let (path, copy) = ("\(folder.path)/graph", "\(folder.path)/copy")
      try make(path, nodes: 20_000)
      let store = try Store.open(path)
      defer { store.close() }
      let start = try store.snapshot()
      let (firstCount, firstState) = (start.nodeCount, start.stateNumber)
      // Every commit makes a node.
      let isDone = Mutex(false)
      let writer = Thread {
        while !isDone.withLock({ $0 }) {
          guard let write = try? store.beginWrite() else { break }
          _ = try? write.createNode(labels: [])
          try? write.commit()
        }
      }
      writer.start()
      defer { isDone.withLock { $0 = true } }
      for _ in 0..<8 {
        _ = try StoreCopy.run(from: path, to: copy)
        do {
          let copied = try Store.open(copy)
          defer { copied.close() }
          let reader = try copied.snapshot()
          #expect(reader.nodeCount - firstCount == reader.stateNumber - firstState)
        }
        for end in ["", "-lock"] { try FileManager.default.removeItem(atPath: copy + end) }
      }
      #expect(try store.snapshot().nodeCount > firstCount)
    }
  }

  /// Pages of all kinds: big values, trees of duplicates, several entries under one key.
  @Test func copiesHaveAllPages() throws {
    try withTemporaryDirectory { folder in
      let (path, copy) = ("\(folder.path)/graph", "\(folder.path)/copy")
      try make(path, nodes: 30_000)
      let store = try Store.open(path)
      defer { store.close() }
      let write = try store.beginWrite()
      let label = try write.label("L")
      let (name, many) = (try write.propertyKey("name"), try write.propertyKey("many"))
      for row in 0..<30_000 {
        // Under one key a few entries, or thousands.
        try write.set(many, of: NodeID(UInt64(row)), to: .integer(row < 9000 ? 1 : Int64(row / 3)))
      }
      for (number, key) in [name, many].enumerated() {
        _ = try write.createIndex(
          IndexDefinition(name: "i\(number)", labels: [label.rawValue], keys: [key]))
      }
      try write.commit()
      for round in 0..<2 {
        let summary = try StoreCopy.run(from: path, to: copy, replacing: true)
        #expect(summary.report.findingCount == 0)
        #expect(summary.report.examined.first { $0.name == "index entries" }?.count == 60_000)
        let sizes = try FileManager.default.attributesOfItem(atPath: copy)[.size] as? Int
        #expect(sizes == summary.size)
        // Freed pages are not copied.
        if round == 0 { #expect(summary.size <= summary.sourceSize) }
        let again = "\(folder.path)/again"
        #expect(try StoreCopy.run(from: copy, to: again, replacing: true).size == summary.size)
      }
    }
  }

  /// At any moment, and at once.
  @Test func copiesCanBeGivenUpWhileTheyAreVerified() throws {
    try withTemporaryDirectory { folder in
      let (path, copy) = ("\(folder.path)/graph", "\(folder.path)/copy")
      try make(path, nodes: 20_000)
      let calls = Mutex(0)
      _ = try StoreCopy.run(
        from: path, to: copy,
        isCancelled: {
          calls.withLock { $0 += 1 }
          return false
        })
      try FileManager.default.removeItem(atPath: copy)
      let all = calls.withLock { $0 }
      #expect(all > 100)
      for limit in stride(from: 1, to: all, by: all / 23) {
        calls.withLock { $0 = 0 }
        let given = error {
          _ = try StoreCopy.run(
            from: path, to: copy,
            isCancelled: {
              calls.withLock {
                $0 += 1
                return $0 >= limit
              }
            })
        }
        #expect(given?.code == .cancelled && given?.message.contains("copy") == true)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files.allSatisfy { $0.hasPrefix("graph") }, "\(files)")
      }
    }
  }

  /// Each attempt has a file of its own; those of processes that are gone are removed.
  @Test func unfinishedFiles() throws {
    try withTemporaryDirectory { folder in
      let path = "\(folder.path)/copy"
      let (first, second) = (try UnfinishedFile.begin(path), try UnfinishedFile.begin(path))
      #expect(first != second)
      // No process has this number.
      let remains = "\(path).loading-\(Int32.max)"
      for file in [first, second, remains] { try Data().write(to: URL(fileURLWithPath: file)) }
      UnfinishedFile.remove(second)
      let third = try UnfinishedFile.begin(path)
      #expect(FileManager.default.fileExists(atPath: first))
      #expect(!FileManager.default.fileExists(atPath: remains))
      try UnfinishedFile.put(first, at: path)
      UnfinishedFile.forget(third)
      #expect(error { _ = try UnfinishedFile.begin(path) }?.code == .alreadyExists)
    }
  }

  @Test func restorationReplacesWhatNobodyUses() throws {
    try withTemporaryDirectory { folder in
      let (path, backup) = ("\(folder.path)/graph", "\(folder.path)/backup")
      try make(path, nodes: 100)
      _ = try StoreCopy.run(from: path, to: backup)
      for _ in 0..<5 { try make(path, nodes: 10) }
      let store = try Store.open(path)
      let refused = error { _ = try StoreCopy.run(from: backup, to: path, replacing: true) }
      #expect(refused?.code == .inUse && refused?.hint != nil)
      #expect(try store.snapshot().nodeCount == 150)
      store.close()
      _ = try StoreCopy.run(from: backup, to: path, replacing: true)
      #expect(try count(path) == 100)
      // What is committed afterwards stays.
      for round in 1...4 {
        try make(path, nodes: 1)
        #expect(try count(path) == 100 + round)
      }
      #expect(try StoreCheck.run(path: path).findingCount == 0)
    }
  }

  @Test func restorationReplacesDamagedFiles() throws {
    try withTemporaryDirectory { folder in
      let (path, backup) = ("\(folder.path)/graph", "\(folder.path)/backup")
      try make(path, nodes: 3000)
      _ = try StoreCopy.run(from: path, to: backup)
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: path))
      _ = try StoreCopy.run(from: backup, to: path, replacing: true)
      #expect(try count(path) == 3000)
      // Not what may be something else.
      try Data("id;name\n".utf8).write(to: URL(fileURLWithPath: path))
      #expect(
        error { _ = try StoreCopy.run(from: backup, to: path, replacing: true) }?.code
          == .notADatabase)
    }
  }

  @Test func damageIsNotCopied() throws {
    try withTemporaryDirectory { folder in
      let (path, copy) = ("\(folder.path)/graph", "\(folder.path)/copy")
      try make(path, nodes: 3000)
      var data = try Data(contentsOf: URL(fileURLWithPath: path))
      let text = try #require(data.range(of: Data("имя 77".utf8)))
      data[text.lowerBound] ^= 1
      try data.write(to: URL(fileURLWithPath: path))
      let refused = error { _ = try StoreCopy.run(from: path, to: copy) }
      #expect(refused?.code == .damaged && refused?.message.contains("name") == true)
      #expect(!FileManager.default.fileExists(atPath: copy))
    }
  }

  @Test func compaction() throws {
    try withTemporaryDirectory { folder in
      let path = "\(folder.path)/graph"
      try make(path, nodes: 20_000)
      let store = try Store.open(path)
      #expect(error { _ = try StoreCopy.compact(path) }?.code == .inUse)
      try store.reset()
      store.close()
      for _ in 0..<3 { try make(path, nodes: 100) }
      let summary = try StoreCopy.compact(path)
      #expect(summary.size < summary.sourceSize / 4)
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
      #expect(size == summary.size)
      #expect(try count(path) == 300)
      for round in 1...4 {
        try make(path, nodes: 1)
        #expect(try count(path) == 300 + round)
      }
      #expect(try StoreCheck.run(path: path).findingCount == 0)
    }
  }
}
