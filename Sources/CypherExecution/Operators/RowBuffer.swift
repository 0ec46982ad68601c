internal import GraphColumns
internal import GraphTypes

/// Whole batches that a blocking operator keeps, accounted for against the query's memory limit.
final class RowBuffer {
  private(set) var batches: [Batch] = []
  private(set) var rowCount = 0
  private let control: ExecutionControl
  private let purpose: String
  private var reserved = 0

  init(control: ExecutionControl, purpose: String) {
    self.control = control
    self.purpose = purpose
  }
  deinit { control.release(reserved) }

  func append(_ batch: Batch) throws {
    let bytes = batch.byteCount
    try control.reserve(bytes, for: purpose)
    reserved += bytes
    batches.append(batch)
    rowCount += batch.count
  }

  func append(allOf input: Operator) throws {
    while let batch = try input.next() { try append(batch) }
  }

  func removeAll() {
    control.release(reserved)
    reserved = 0
    batches = []
    rowCount = 0
  }
}

/// Memory that a growing structure accounts for as it grows.
struct MemoryAccount {
  private let control: ExecutionControl
  private let purpose: String
  private var reserved = 0
  init(_ control: ExecutionControl, purpose: String) {
    self.control = control
    self.purpose = purpose
  }
  /// Reserves or releases the difference to what was accounted for before.
  mutating func update(to bytes: Int) throws {
    if bytes > reserved {
      try control.reserve(bytes - reserved, for: purpose)
    } else {
      control.release(reserved - bytes)
    }
    reserved = bytes
  }
  mutating func release() {
    control.release(reserved)
    reserved = 0
  }
}
