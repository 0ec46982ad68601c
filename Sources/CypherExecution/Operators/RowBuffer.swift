internal import GraphColumns
internal import GraphTypes

/// Rows that an operator keeps, to read them in the order in which they came, as often as it likes.
/// All of them are in a temporary file from where they do not fit into the memory limit any more.
final class RowBuffer {
  private var batches: [Batch] = []
  private var run: SpillRun?
  private(set) var rowCount = 0
  private(set) var spilledBytes = 0
  private let control: ExecutionControl
  private let purpose: String
  private var account: MemoryAccount
  private var held = HeldMemory()

  /// - Parameter purpose: whose rows they are, for messages.
  init(control: ExecutionControl, purpose: String) {
    self.control = control
    self.purpose = purpose
    account = MemoryAccount(control, purpose: purpose)
  }

  func append(_ batch: Batch) throws {
    rowCount += batch.count
    if let run {
      try run.append(batch)
      return account.updateBuffers(to: run.heldBytes)
    }
    batches.append(batch)
    held.add(batch)
    if try account.isFull(at: held.byteCount) { try spill() }
  }

  func append(allOf input: Operator) throws {
    while let batch = try input.next() { try append(batch) }
    try finish()
  }

  /// To be called before the rows are read.
  func finish() throws {
    guard let run else { return }
    try run.finish()
    spilledBytes = run.byteCount
    account.updateBuffers(to: run.heldBytes)
  }

  private func spill() throws {
    let run = SpillRun(
      try SpillFile(control: control, purpose: purpose), blockBytes: SpillSizes(control).blockBytes)
    for batch in batches { try run.append(batch) }
    batches = []
    held = HeldMemory()
    self.run = run
    account.updateBuffers(to: run.heldBytes)
  }

  func removeAll() {
    account.release()
    batches = []
    held = HeldMemory()
    run = nil
    rowCount = 0
  }

  func reader() -> Reader { Reader(batches: batches, run: run?.reader()) }

  struct Reader {
    fileprivate let batches: [Batch]
    fileprivate var run: SpillRun.Reader?
    private var position = 0

    fileprivate init(batches: [Batch], run: SpillRun.Reader?) {
      self.batches = batches
      self.run = run
    }

    mutating func next() throws -> Batch? {
      if run != nil { return try run?.next() }
      guard position < batches.count else { return nil }
      defer { position += 1 }
      return batches[position]
    }
  }
}
