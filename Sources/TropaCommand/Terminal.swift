import Foundation

/// Whoever reads our output has gone.
struct BrokenPipe: Error {}

/// Standard input, output and error as the commands use them.
enum Terminal {
  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of the screen, nil when output is no terminal.
  static var width: Int? {
    guard outputIsTerminal else { return nil }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  static func write(_ text: String) throws { try write(text, to: STDOUT_FILENO) }
  static func writeError(_ text: String) { try? write(text, to: STDERR_FILENO) }

  static func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBufferPointer { try write($0, to: STDOUT_FILENO) }
  }

  private static func write(_ text: String, to descriptor: Int32) throws {
    var text = text
    try text.withUTF8 { try write($0, to: descriptor) }
  }

  private static func write(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32) throws {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = Foundation.write(descriptor, base + done, bytes.count - done)
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EPIPE { throw BrokenPipe() }
        throw CommandFailure("cannot write: \(String(cString: strerror(errno)))")
      }
      done += count
    }
  }
}
