internal import GraphColumns

/// Rows divided by the hashes of some of their columns: equal keys are in one part.
final class HashPartitions {
  let parts: [SpillRun]
  private let file: SpillFile
  /// How often the rows have been divided before, by the bits above.
  private let level: Int
  private var hashes: [UInt64] = []
  private var rows: [Int32] = []

  /// After that many divisions what is left together has equal hashes, as good as certainly.
  static let maximumLevel = 5

  init(control: ExecutionControl, purpose: String, level: Int = 0) throws {
    let file = try SpillFile(control: control, purpose: purpose)
    let sizes = SpillSizes(control)
    self.file = file
    self.level = level
    parts = (0..<SpillSizes.partitionCount).map { _ in
      SpillRun(file, blockBytes: sizes.blockBytes)
    }
  }

  var byteCount: Int { file.byteCount }
  /// Bytes in memory.
  var heldBytes: Int { parts.reduce(0) { $0 + $1.heldBytes } }

  /// - Parameters:
  ///   - keys: decide on the part; not written unless they are columns of the batch too.
  ///   - isWanted: nil, or whether rows of a part are to be written.
  func append(_ batch: Batch, by keys: [Vector], isWanted: ((Int) -> Bool)? = nil) throws {
    let count = batch.count
    if count == 0 { return }
    hashes.grow(to: count, 0)
    rows.grow(to: count, 0)
    var starts = [Int](repeating: 0, count: parts.count + 1)
    let shift = UInt64(64 - SpillSizes.partitionBits * (level + 1))
    let mask = UInt64(parts.count - 1)
    hashes.withUnsafeMutableBufferPointer { hashes in
      guard let base = hashes.baseAddress else { return }
      base.update(repeating: 0, count: count)
      for (index, key) in keys.enumerated() {
        VectorHash.hash(key, count: count, isFirst: index == 0, into: base)
      }
      for row in 0..<count {
        base[row] = base[row] >> shift & mask
        starts[Int(base[row]) + 1] += 1
      }
    }
    for part in parts.indices { starts[part + 1] += starts[part] }
    var next = starts
    for row in 0..<count {
      let part = Int(hashes[row])
      rows[next[part]] = Int32(truncatingIfNeeded: row)
      next[part] += 1
    }
    try rows.withUnsafeBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      for (part, run) in parts.enumerated() where isWanted?(part) ?? true {
        let size = starts[part + 1] - starts[part]
        if size > 0 { try run.append(batch.gather(base + starts[part], count: size)) }
      }
    }
  }

  func finish() throws { for part in parts { try part.finish() } }
}
