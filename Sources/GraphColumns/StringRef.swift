/// UTF-8 text by reference: into the memory map of a snapshot, into a `StringArena`, or into any
/// memory that one of the owning vector's `owners` keeps alive. Never outlives its vector.
public struct StringRef: @unchecked Sendable {
  public var base: UnsafePointer<UInt8>?
  public var count: Int
  @inlinable public init(base: UnsafePointer<UInt8>?, count: Int) {
    self.base = base
    self.count = count
  }
  @inlinable public var bytes: UnsafeBufferPointer<UInt8> { .init(start: base, count: count) }
  @inlinable public var string: String { String(decoding: bytes, as: UTF8.self) }
}

/// Bump-allocated bytes for strings that an expression or an import produces. References stay valid
/// as long as the arena lives. Not thread-safe; one arena a worker.
public final class StringArena: @unchecked Sendable {
  private var blocks: [UnsafeMutablePointer<UInt8>] = []
  @usableFromInline var next: UnsafeMutablePointer<UInt8>?
  @usableFromInline var free = 0
  public private(set) var byteCount = 0
  private let blockSize: Int

  /// - Parameter blockSize: of the first block; later ones grow up to 64 KiB.
  public init(blockSize: Int = 64 << 10) { self.blockSize = blockSize }
  deinit { for block in blocks { block.deallocate() } }

  /// Room for `count` bytes, to be written by the caller.
  public func reserve(_ count: Int) -> UnsafeMutablePointer<UInt8> {
    if count > free || next == nil {
      let size = max(blockSize, count, min(byteCount, 64 << 10))
      let block = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
      blocks.append(block)
      byteCount += size
      next = block
      free = size
    }
    let start = next.unsafelyUnwrapped
    next = start + count
    free -= count
    return start
  }

  /// A text that the caller writes into room for `capacity` bytes.
  /// - Parameter write: returns how many bytes the text has; what is behind is given back.
  @inlinable @inline(__always)
  package func append(
    upTo capacity: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Int
  ) -> StringRef {
    let start = reserve(capacity)
    let count = write(start)
    next = start + count
    free += capacity - count
    return StringRef(base: UnsafePointer(start), count: count)
  }

  public func append(_ bytes: UnsafeBufferPointer<UInt8>) -> StringRef {
    let start = reserve(bytes.count)
    if let source = bytes.baseAddress { start.update(from: source, count: bytes.count) }
    return StringRef(base: UnsafePointer(start), count: bytes.count)
  }

  public func append(_ string: String) -> StringRef {
    var string = string
    return string.withUTF8 { append($0) }
  }
}
