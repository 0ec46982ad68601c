import Foundation
import GraphColumns
import GraphTypes
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
