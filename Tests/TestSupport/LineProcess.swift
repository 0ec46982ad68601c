import Foundation

/// A child process that is talked to in lines, such as `tropa pipe`. Not for use by two threads.
///
/// Every wait has an end. After an error the child is killed; a new one has to be made.
package final class LineProcess {
  private let process: Process
  private let input = Pipe()
  private let output = Pipe()
  private let errorsFile: URL
  private let hasEnded = DispatchSemaphore(value: 0)
  private var received: [UInt8] = []

  /// - Parameter executable: a file, or a name without a slash that is looked up in the path.
  package init(_ executable: String, _ arguments: [String] = []) throws {
    process = Process(command: executable, arguments)
    errorsFile = FileManager.default.temporaryDirectory
      .appendingPathComponent("tropa-test-\(UUID().uuidString).stderr")
    try Data().write(to: errorsFile)
    process.standardInput = input
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errorsFile)
    process.terminationHandler = { [hasEnded] _ in hasEnded.signal() }
    do { try process.start() } catch {
      try? FileManager.default.removeItem(at: errorsFile)
      throw error
    }
    // The parent's copies; without this the end of the child would not be the end of its output.
    try? input.fileHandleForReading.close()
    try? output.fileHandleForWriting.close()
    let descriptor = input.fileHandleForWriting.fileDescriptor
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  deinit {
    kill()
    try? FileManager.default.removeItem(at: errorsFile)
  }

  package var isRunning: Bool { process.isRunning }
  /// The system's number of the process.
  package var identifier: Int32 { process.processIdentifier }

  /// Ends the child at once. Does nothing when it has ended.
  package func kill() {
    if process.isRunning { _ = Foundation.kill(process.processIdentifier, SIGKILL) }
  }

  /// Ends the child's input and waits for it to end by itself.
  ///
  /// - Returns: its exit code.
  package func finish(timeout: Duration = .seconds(10)) throws -> Int32 {
    try? input.fileHandleForWriting.close()
    guard hasEnded.wait(timeout: .now() + timeout.inSeconds) == .success else {
      throw failure(.timedOut)
    }
    hasEnded.signal()
    return process.terminationStatus
  }

  /// Writes the line and a line feed.
  package func send(_ line: String, timeout: Duration = .seconds(10)) throws {
    let deadline = ContinuousClock.now + timeout
    var rest = ArraySlice(Array(line.utf8) + [UInt8(ascii: "\n")])
    while !rest.isEmpty {
      try wait(for: Int16(POLLOUT), on: input.fileHandleForWriting, until: deadline)
      let count = rest.withUnsafeBytes { bytes in
        writeWithoutSignal(input.fileHandleForWriting.fileDescriptor, bytes)
      }
      if count < 0 && errno != EAGAIN && errno != EINTR { throw failure(.ended) }
      rest = rest.dropFirst(max(0, count))
    }
  }

  /// The next line without its line feed.
  package func receive(timeout: Duration = .seconds(10)) throws -> String {
    let deadline = ContinuousClock.now + timeout
    var searched = 0
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if let end = received[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { received.removeSubrange(...end) }
        return String(decoding: received[..<end], as: UTF8.self)
      }
      searched = received.count
      try wait(for: Int16(POLLIN), on: output.fileHandleForReading, until: deadline)
      let count = read(output.fileHandleForReading.fileDescriptor, &chunk, chunk.count)
      if count == 0 || (count < 0 && errno != EINTR) { throw failure(.ended) }
      received += chunk[..<max(0, count)]
    }
  }

  private func wait(
    for events: Int16, on handle: FileHandle, until deadline: ContinuousClock.Instant
  ) throws {
    var descriptor = pollfd(fd: handle.fileDescriptor, events: events, revents: 0)
    let milliseconds = (deadline - ContinuousClock.now).inSeconds * 1000
    guard poll(&descriptor, 1, Int32(max(0, milliseconds.rounded(.up)))) != 0 else {
      throw failure(.timedOut)
    }
  }

  /// Kills the child, since the conversation is lost, and says how it went.
  private func failure(_ reason: ChildProcessError.Reason) -> ChildProcessError {
    // A child that closed its output is about to end; its own end says more than our signal.
    if reason == .ended, hasEnded.wait(timeout: .now() + 1) == .success { hasEnded.signal() }
    let end =
      process.isRunning
      ? "still running, killed"
      : process.terminationReason == .uncaughtSignal
        ? "ended by signal \(process.terminationStatus)" : "exit code \(process.terminationStatus)"
    kill()
    let errors = (try? Data(contentsOf: errorsFile)) ?? Data()
    return ChildProcessError(
      reason: reason, command: process.commandLine,
      details: "\(end); \(String(decoding: errors, as: UTF8.self).suffix(2000))")
  }
}

/// `write` to a pipe whose reader may be gone, which would end this process by SIGPIPE. Ignoring
/// that signal for the whole process would be inherited by every child.
private func writeWithoutSignal(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  var pipeSignal = sigset_t()
  var previous = sigset_t()
  sigemptyset(&pipeSignal)
  sigaddset(&pipeSignal, SIGPIPE)
  pthread_sigmask(SIG_BLOCK, &pipeSignal, &previous)
  let count = write(descriptor, bytes.baseAddress, bytes.count)
  let code = errno
  var pending = sigset_t()
  if count < 0 && code == EPIPE && sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1
  {
    var signal: Int32 = 0
    sigwait(&pipeSignal, &signal)
  }
  pthread_sigmask(SIG_SETMASK, &previous, nil)
  errno = code
  return count
}
