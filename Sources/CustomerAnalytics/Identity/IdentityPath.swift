import Tropa

/// How two records are connected: record, key, record, key, … record.
struct IdentityPath {
  struct Step {
    var from: Int
    var key: Int
    var to: Int
    /// Whether both records are joined by the key.
    var joins: Bool
  }
  /// Empty if nothing connects them.
  var steps: [Step]

  /// A shortest path through keys that join; if there is none, through any keys, so that it shows
  /// which of them would have joined the records.
  ///
  /// - Complexity: O(records + incidences).
  init(_ run: IdentityRun, from: Int, to: Int) {
    steps = Self.search(run, from: from, to: to, onlyJoining: true)
    if steps.isEmpty { steps = Self.search(run, from: from, to: to, onlyJoining: false) }
  }

  private static func search(
    _ run: IdentityRun, from: Int, to: Int, onlyJoining: Bool
  ) -> [Step] {
    if from == to { return [] }
    let keys = run.keys
    // Incidences are sorted by record: those of a record are where its keys are.
    let ofRecord = run.keysOfRecords
    func isActive(_ record: Int, _ key: UInt32) -> Bool {
      for index in ofRecord.range(record) where ofRecord.neighbours[index] == key {
        return run.resolution.isActive[index]
      }
      return false
    }
    // The key by which a record was reached, and the record from which a key was.
    var keyOfRecord = [UInt32](repeating: .max, count: keys.records.count)
    var recordOfKey = [UInt32](repeating: .max, count: keys.keyCount)
    var queue = [from]
    var position = 0
    search: while position < queue.count {
      let record = queue[position]
      position += 1
      for key in ofRecord[record] where recordOfKey[Int(key)] == .max {
        if onlyJoining && !isActive(record, key) { continue }
        recordOfKey[Int(key)] = UInt32(record)
        for next in run.recordsOfKeys[Int(key)]
        where next != from && keyOfRecord[Int(next)] == .max {
          if onlyJoining && !isActive(Int(next), key) { continue }
          keyOfRecord[Int(next)] = key
          if next == to { break search }
          queue.append(Int(next))
        }
      }
    }
    guard keyOfRecord[to] != .max else { return [] }
    var steps: [Step] = []
    var record = to
    while record != from {
      let key = keyOfRecord[record]
      let previous = Int(recordOfKey[Int(key)])
      steps.append(
        Step(
          from: previous, key: Int(key), to: record,
          joins: isActive(previous, key) && isActive(record, key)
            && run.leaders[previous] == run.leaders[record]))
      record = previous
    }
    return steps.reversed()
  }
}
