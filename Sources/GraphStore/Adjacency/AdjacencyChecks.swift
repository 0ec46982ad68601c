package import Synchronization

/// Which chunks of a table of neighbour lists have been compared with their checksums and with the
/// number of nodes. A chunk is compared when it is first read: opening and building a table touch no
/// list. Shared by all readers of the table.
package final class AdjacencyChecks: @unchecked Sendable {
  private static let isDamaged: UInt8 = 2

  /// A state for each chunk; 0 for one that nobody has looked at, 1 for a sound one.
  @usableFromInline let states: UnsafeMutablePointer<Atomic<UInt8>>
  /// Whose lists they are, as a message says it.
  private let name: String
  private let nodeCount: Int
  private let findings: DamageFindings
  private let hasDamage = Atomic<Bool>(false)

  /// - Parameters:
  ///   - count: of chunks.
  ///   - nodeCount: neighbours are below.
  ///   - sound: chunks that need no look, because they lie in memory only or have had it.
  init(
    _ name: String, count: Int, nodeCount: Int, findings: DamageFindings,
    sound: (Int) -> Bool = { _ in false }
  ) {
    self.name = name
    self.nodeCount = nodeCount
    self.findings = findings
    states = .allocate(capacity: max(count, 1))
    for place in 0..<count {
      (states + place).initialize(to: Atomic(sound(place) ? 1 : 0))
    }
  }

  /// For other chunks, some of which are of this table, too.
  func forTable(count: Int, sound: (Int) -> Bool) -> AdjacencyChecks {
    AdjacencyChecks(
      name, count: count, nodeCount: nodeCount, findings: findings, sound: sound)
  }

  deinit { states.deallocate() }

  @inlinable @inline(__always)
  package func isKnownSound(_ place: Int) -> Bool {
    states[place].load(ordering: .acquiring) == 1
  }

  /// Looks at a chunk, if nobody has. Threads that do so at once find the same.
  /// - Returns: false if it is damaged, which is then among the findings.
  @inline(never)
  package func check(_ place: Int, _ entry: AdjacencyEntry) -> Bool {
    let state = states[place].load(ordering: .acquiring)
    if state != 0 { return state == 1 }
    let isSound = entry.hasRightChecksum && entry.hasNeighboursOnly(below: nodeCount)
    let before = states[place].exchange(
      isSound ? 1 : Self.isDamaged, ordering: .acquiringAndReleasing)
    if !isSound, before == 0 {
      findings.append(damage(from: entry.firstNode))
      hasDamage.store(true, ordering: .releasing)
    }
    return isSound
  }

  /// - Throws: `damaged`, if that has been found of any chunk.
  func throwDamage() throws(StoreError) {
    if hasDamage.load(ordering: .acquiring) { throw damage(from: nil) }
  }

  private func damage(from node: UInt32?) -> StoreError {
    ChunkFormat.damaged(
      "A chunk of \(name)",
      "its checksum does not match, or a neighbour is no node"
        + (node.map { " (lists from node \($0) on)" } ?? ""))
  }
}

/// Damage that was met while reading where no error can be thrown, in the order of its discovery.
final class DamageFindings: Sendable {
  private let errors = Mutex<[StoreError]>([])
  private let length = Atomic<Int>(0)

  var count: Int { length.load(ordering: .acquiring) }

  func append(_ error: StoreError) {
    errors.withLock {
      $0.append(error)
      length.store($0.count, ordering: .releasing)
    }
  }

  /// The first one behind the first `start`.
  func first(behind start: Int) -> StoreError? {
    count > start ? errors.withLock { $0[start] } : nil
  }
}
