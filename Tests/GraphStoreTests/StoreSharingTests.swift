import Foundation
import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// Who may have a file open and write to it, and how transactions and stores end.
@Suite struct StoreSharingTests {
  private func error(_ body: () throws -> Void) -> StoreError? {
    do {
      try body()
      return nil
    } catch { return error as? StoreError }
  }
  private func fill(_ path: String, nodes: Int = 5000) throws {
    let store = try Store.open(path)
    let transaction = try store.beginWrite()
    let key = try transaction.propertyKey("text")
    for index in 0..<nodes {
      let node = try transaction.createNode(labels: [try transaction.label("L")])
      try transaction.set(key, of: node, to: .string("text number \(index)"))
    }
    try transaction.commit()
  }

  @Test func openTwice() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("graph").path
      let first = try Store.open(path)
      let link = folder.appendingPathComponent("link")
      try FileManager.default.createSymbolicLink(
        at: link, withDestinationURL: URL(fileURLWithPath: path))
      let second = try Store.open(link.path)
      #expect(try first.currentLease().environment === second.currentLease().environment)
      let transaction = try first.beginWrite()
      _ = try transaction.createNode(labels: [])
      let refused = error { _ = try second.beginWrite(timeout: .milliseconds(20)) }
      #expect(refused?.code == .locked)
      try transaction.commit()
      #expect(try second.snapshot().nodeCount == 1)
      first.close()
      #expect(try second.snapshot().nodeCount == 1)
      #expect(error { _ = try first.snapshot() }?.code == .invalidArgument)
    }
  }

  @Test func snapshotsAreShared() throws {
    let store = try Store.temporary()
    let first = try store.snapshot()
    #expect(try store.snapshot().core === first.core)
    let transaction = try store.beginWrite()
    _ = try transaction.createNode(labels: [])
    #expect(try store.snapshot().core === first.core)
    try transaction.commit()
    #expect(try store.snapshot().core !== first.core)
    #expect(first.nodeCount == 0)
  }

  @Test func readersOutliveTheStore() throws {
    var store: Store? = try Store.temporary()
    let path = try #require(store?.path)
    let transaction = try store?.beginWrite()
    let node = try #require(try transaction?.createNode(labels: []))
    try transaction?.commit()
    let reader = try store?.snapshot()
    store?.close()
    store = nil
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(reader?.exists(node) == true)
  }

  @Test func endedTransactions() throws {
    let store = try Store.temporary()
    let transaction = try store.beginWrite()
    try transaction.commit()
    transaction.abort()
    #expect(error { try transaction.commit() }?.code == .invalidArgument)
    #expect(error { _ = try transaction.createNode(labels: []) }?.code == .invalidArgument)
    do { _ = try store.beginWrite() }
    // Dropped: the lock is free again.
    try store.beginWrite(timeout: .milliseconds(20)).commit()
  }

  @Test func reset() throws {
    let store = try Store.temporary()
    for _ in 0..<2 {
      let transaction = try store.beginWrite()
      let node = try transaction.createNode(labels: [try transaction.label("A")])
      #expect(node == NodeID(0))
      try transaction.set(transaction.propertyKey("k"), of: node, to: .integer(1))
      _ = try transaction.createRelationship(
        transaction.relationshipType("T"), from: node, to: node)
      try transaction.commit()
      let old = try store.snapshot()
      try store.reset()
      #expect(old.nodeCount == 1)
      let reader = try store.snapshot()
      #expect(reader.nodeCount == 0)
      #expect(reader.relationshipCount == 0)
      #expect(reader.labelNames.isEmpty)
      #expect(reader.propertyKeyNames.isEmpty)
    }
  }

  @Test func invalidValues() throws {
    let store = try Store.temporary()
    let transaction = try store.beginWrite()
    let node = try transaction.createNode(labels: [])
    let key = try transaction.propertyKey("k")
    #expect(throws: QueryError.self) { try transaction.set(key, of: node, to: .map([:])) }
    #expect(throws: StoreError.self) {
      try transaction.set(key, of: NodeID(12345), to: .integer(1))
    }
    try transaction.commit()
  }

  /// A commit from another thread than the one that began.
  @Test func transactionsMoveBetweenThreads() async throws {
    let store = try Store.temporary()
    for _ in 0..<20 {
      let transaction = try await Task.detached { try store.beginWrite() }.value
      _ = try await Task.detached { try transaction.createNode(labels: []) }.value
      try await Task.detached { try transaction.commit() }.value
    }
    #expect(try store.snapshot().nodeCount == 20)
  }

  @Test func writersInThreads() async throws {
    let store = try Store.temporary()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<25 {
            let transaction = try store.beginWrite(timeout: .seconds(60))
            _ = try transaction.createNode(labels: [])
            try transaction.commit()
            let reader = try store.snapshot()
            #expect(reader.exists(NodeID(0)))
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try store.snapshot().nodeCount == 100)
  }

  @Test func lockOfAnotherProcess() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("graph").path
      let store = try Store.open(path)
      let holder = Process()
      holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      holder.arguments = [
        "python3", "-c",
        "import fcntl,os,sys;f=open(sys.argv[1],'r+b');"
          + "fcntl.lockf(f,fcntl.LOCK_EX,1,1<<62);print('x',flush=True);sys.stdin.read()", path,
      ]
      let input = Pipe()
      let output = Pipe()
      holder.standardInput = input
      holder.standardOutput = output
      holder.standardError = FileHandle.nullDevice
      do { try holder.run() } catch { return }
      defer { holder.waitUntilExit() }
      // Nothing is printed where there is no Python.
      let isHeld = !output.fileHandleForReading.availableData.isEmpty
      if isHeld {
        let refused = error { _ = try store.beginWrite(timeout: .milliseconds(50)) }
        #expect(refused?.code == .locked)
        #expect(refused?.message.contains("process \(holder.processIdentifier)") == true)
      }
      try input.fileHandleForWriting.close()
      try store.beginWrite(timeout: .seconds(20)).commit()
    }
  }

  @Test func information() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("graph").path
      try fill(path, nodes: 10_000)
      let store = try Store.open(path)
      let info = try store.storeInfo()
      #expect(info.structures.map(\.name).contains("columns"))
      #expect(info.structures.first { $0.name == "nodes" }?.entries == 5)
      #expect(info.fileSize > 0 && info.pageSize > 0 && info.mapSize > info.fileSize)
      #expect(info.format == 2)
    }
  }
}
