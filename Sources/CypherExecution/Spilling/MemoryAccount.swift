internal import GraphTypes

/// Memory that a growing structure accounts for as it grows.
struct MemoryAccount: ~Copyable {
  private let control: ExecutionControl
  private let purpose: String
  private var reserved = 0
  /// The same of what could go to a temporary file; one of both is zero.
  private var writable = 0

  /// - Parameter purpose: who needs the memory, for messages.
  init(_ control: ExecutionControl, purpose: String) {
    self.control = control
    self.purpose = purpose
  }
  deinit {
    control.release(reserved)
    control.releaseWritable(writable)
  }

  /// Reserves or releases the difference to what was accounted for before.
  mutating func update(to bytes: Int) throws(QueryError) {
    releaseWritable()
    if bytes > reserved {
      try control.reserve(bytes - reserved, for: purpose)
    } else {
      control.release(reserved - bytes)
    }
    reserved = bytes
  }

  /// The same for what could go to a temporary file.
  /// - Returns: whether it should go there now. The account is over its limit until it is told of
  ///   the memory that then remains.
  mutating func isFull(at bytes: Int) throws(QueryError) -> Bool {
    guard control.spillDirectory != nil else {
      try update(to: bytes)
      return false
    }
    control.release(reserved)
    reserved = 0
    let more = bytes - writable
    writable = bytes
    let shouldSpill = control.reserveOrSpill(more, holding: bytes)
    return shouldSpill && more > 0
  }

  /// The same for the buffers of temporary files: they are small against the limit, and needed just
  /// when there is no more room.
  mutating func updateBuffers(to bytes: Int) {
    releaseWritable()
    control.release(reserved - bytes)
    reserved = bytes
  }

  mutating func release() { updateBuffers(to: 0) }

  private mutating func releaseWritable() {
    control.releaseWritable(writable)
    writable = 0
  }
}
