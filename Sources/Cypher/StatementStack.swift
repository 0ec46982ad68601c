import CThreads
import GraphTypes

/// Stack for work that recurses as deep as a statement is nested or long.
///
/// Parsing, planning, running and releasing a statement take stack by its size, and who calls us may
/// have little of it: a thread of a host application often has 512 KiB. Where what is left there may
/// not be enough, the work is done on another thread, with `size` bytes, while the caller waits.
package enum StatementStack {
  /// Bytes of the other thread's stack: enough for all that the limits of statements allow, in debug
  /// builds too. They are reserved, and taken only as far as the work recurses.
  package static let size = 256 << 20

  /// Bytes that a statement may need.
  /// - Complexity: O(bytes of the text), some nanoseconds each.
  package static func need(of text: String) -> Int {
    // A level of any tree takes a symbol or a word at least; what nests in the parser takes most.
    var words = 0
    var isInWord = false
    for byte in text.utf8 {
      let isWord = isWordByte(byte)
      if !isWord && byte > UInt8(ascii: " ") || isWord && !isInWord { words += 1 }
      isInWord = isWord
    }
    return leastNeed + min(words, Parser.maximumDepth) * perLevel
      + min(words * perWord, size / 2)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    // Letters of one case, digits or `_`, or part of a letter that is not ASCII.
    byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
      || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || byte == UInt8(ascii: "_")
      || byte >= 0x80
  }

  // Measured by `QueryFuzzer deep`, with some room. The least is for values that are nested as deep as
  // they can be.
  #if DEBUG
    package static let leastNeed = 1536 << 10
    private static let perLevel = 6 << 10
    private static let perWord = 8 << 10
  #else
    package static let leastNeed = 192 << 10
    private static let perLevel = 2 << 10
    private static let perWord = 1 << 10
  #endif

  /// Runs `body` where it has `need` bytes of stack.
  package static func run<T>(need: Int, _ body: () throws -> T) throws -> T {
    if remaining >= need { return try body() }
    var result: Result<T, any Error>?
    try withoutActuallyEscaping(body) { body in
      guard onOtherThread({ result = Result(catching: body) }) else { throw unavailable }
    }
    guard let result else { throw unavailable }
    return try result.get()
  }

  /// Takes away a reference, the last one to an object, where there are `need` bytes of stack. Where
  /// there is no thread to be had, the object stays.
  package static func release<Object: AnyObject>(_ reference: inout Object?, need: Int) {
    if remaining < need, let kept = reference.map(Unmanaged.passRetained) {
      reference = nil
      _ = onOtherThread { kept.release() }
    }
    reference = nil
  }

  private static var unavailable: QueryError {
    QueryError(
      .memoryLimit, "NoThread",
      "the statement is so long or nested that it needs a stack of \(size >> 20) MiB, and the system "
        + "does not give a thread with that",
      hint: "raise the limits on threads and address space, or split the statement")
  }

  // MARK: - Threads

  private final class Work {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  /// - Returns: false if no thread could be started.
  private static func onOtherThread(_ body: @escaping () -> Void) -> Bool {
    let work = Work(body)
    let code = run_on_new_thread(
      size,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeUnretainedValue().body() }
        return nil
      }, Unmanaged.passUnretained(work).toOpaque())
    return withExtendedLifetime(work) { code == 0 }
  }

  /// Bytes of stack that the calling thread has left.
  private static var remaining: Int {
    var here: UInt8 = 0
    return withUnsafeMutablePointer(to: &here) { Int(bitPattern: $0) } - bottom
  }

  /// The bottom of the calling thread's stack. It is kept for each thread: the system reads a file to
  /// tell that of the main one.
  private static var bottom: Int {
    if let known = pthread_getspecific(bottomKey) { return Int(bitPattern: known) }
    let bottom = UnsafeRawPointer(bitPattern: thread_stack_bottom())
    pthread_setspecific(bottomKey, bottom)
    return Int(bitPattern: bottom)
  }

  private static let bottomKey: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()
}
