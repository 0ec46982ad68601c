import Foundation

/// A line that reaches standard error if the current thread dies of a signal, such as a trap or an
/// exhausted stack. It names the case that took the whole test process down.
///
/// The thread also gets a signal stack of its own: after a stack overflow there is no other place
/// where a handler could run. Whatever handlers were there before (Swift's backtraces) run after.
struct CrashNote {
  private static let capacity = 512
  private static let signalStackSize = 64 << 10
  private let text: UnsafeMutablePointer<CChar>
  private let signalStack: UnsafeMutableRawPointer

  init() {
    _ = CrashHandlers.installed
    text = .allocate(capacity: Self.capacity)
    text.initialize(repeating: 0, count: Self.capacity)
    signalStack = .allocate(byteCount: Self.signalStackSize, alignment: 16)
    var stack = stack_t()
    stack.ss_sp = signalStack
    stack.ss_size = .init(Self.signalStackSize)
    sigaltstack(&stack, nil)
    pthread_setspecific(CrashHandlers.noteKey, text)
  }

  func set(_ line: String) {
    strncpy(text, line, Self.capacity - 1)
  }

  /// Must be called on the thread that made the note, before it ends.
  func remove() {
    pthread_setspecific(CrashHandlers.noteKey, nil)
    var stack = stack_t()
    stack.ss_flags = .init(SS_DISABLE)
    sigaltstack(&stack, nil)
    text.deallocate()
    signalStack.deallocate()
  }
}

private enum CrashHandlers {
  static let signals = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]

  /// Thread-local: several runners may be at work in one process.
  static let noteKey: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  /// What the signals did before, by signal number; written by `installed`, read by the handler.
  nonisolated(unsafe) static let previous: UnsafeMutablePointer<sigaction> = {
    let previous = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
    previous.initialize(repeating: sigaction(), count: 65)
    return previous
  }()

  static let installed: Void = {
    _ = noteKey
    for signal in signals {
      var action = sigaction()
      #if canImport(Darwin)
        action.__sigaction_u.__sa_handler = handle
      #else
        action.__sigaction_handler.sa_handler = handle
      #endif
      action.sa_flags = .init(SA_ONSTACK)
      sigaction(signal, &action, previous + Int(signal))
    }
  }()

  /// Only calls that are allowed in a signal handler. Raising the signal again with the previous
  /// action in place takes effect when this returns.
  private static let handle: @convention(c) (Int32) -> Void = { signal in
    if let note = pthread_getspecific(noteKey) {
      write(2, note, strlen(note.assumingMemoryBound(to: CChar.self)))
    }
    sigaction(signal, previous + Int(signal), nil)
    raise(signal)
  }
}
