/// A piece of a text that begins and ends between two records. Owns its bytes.
final class ByteBlock: @unchecked Sendable {
  let bytes: UnsafeMutablePointer<UInt8>
  let capacity: Int
  var count: Int
  /// Bytes of the file on disk that had been read when the block was cut.
  var fileBytes = 0

  /// - Parameter capacity: without the padding that readers may look at.
  init(capacity: Int) {
    self.capacity = capacity
    bytes = .allocate(capacity: capacity + ByteScanning.padding)
    count = 0
  }

  func padEnd() {
    (bytes + count).update(repeating: 0, count: ByteScanning.padding)
  }

  deinit { bytes.deallocate() }
}
