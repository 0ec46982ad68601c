import Foundation

/// A child process that did not do what it was started for.
package struct ChildProcessError: Error, CustomStringConvertible {
  package enum Reason: Sendable { case timedOut, ended, cannotStart }
  package var reason: Reason
  package var command: String
  /// How the child ended, if it did, and the last that it wrote to standard error.
  package var details: String
  package var description: String { "\(command): \(reason). \(details)" }
}

/// A command that has run to its end.
package struct CompletedProcess: Sendable {
  /// The exit code, or the number of the signal that ended the child.
  package var status: Int32
  package var wasSignalled: Bool
  package var output: Data
  package var errors: Data

  package var outputText: String { String(decoding: output, as: UTF8.self) }
  package var errorText: String { String(decoding: errors, as: UTF8.self) }

  /// Runs a command to its end and collects what it writes. The three streams are files, so that
  /// neither side can wait for the other, however much is written.
  ///
  /// - Parameters:
  ///   - executable: a file, or a name without a slash that is looked up in the path.
  ///   - environment: replaces the environment; nil inherits it.
  /// - Throws: `ChildProcessError` when the child cannot be started, or has not ended within
  ///   `timeout` and has been killed. An exit code other than zero is not an error here.
  package static func run(
    _ executable: String, _ arguments: [String] = [], input: Data = Data(),
    environment: [String: String]? = nil, directory: URL? = nil, timeout: Duration = .seconds(60)
  ) throws -> CompletedProcess {
    try withTemporaryDirectory { folder in
      let streams = ["input", "output", "errors"].map { folder.appendingPathComponent($0) }
      try input.write(to: streams[0])
      for stream in streams[1...] { try Data().write(to: stream) }

      let process = Process(command: executable, arguments)
      process.environment = environment ?? process.environment
      process.currentDirectoryURL = directory ?? process.currentDirectoryURL
      let handles = (
        try FileHandle(forReadingFrom: streams[0]), try FileHandle(forWritingTo: streams[1]),
        try FileHandle(forWritingTo: streams[2])
      )
      (process.standardInput, process.standardOutput, process.standardError) = handles
      let hasEnded = DispatchSemaphore(value: 0)
      process.terminationHandler = { _ in hasEnded.signal() }
      try process.start()
      let isInTime = hasEnded.wait(timeout: .now() + timeout.inSeconds) == .success
      if !isInTime {
        kill(process.processIdentifier, SIGKILL)
        hasEnded.wait()
      }
      let completed = CompletedProcess(
        status: process.terminationStatus,
        wasSignalled: process.terminationReason == .uncaughtSignal,
        output: try Data(contentsOf: streams[1]), errors: try Data(contentsOf: streams[2]))
      guard isInTime else {
        throw ChildProcessError(
          reason: .timedOut, command: process.commandLine,
          details: "killed after \(timeout); \(completed.errorText.suffix(2000))")
      }
      return completed
    }
  }
}

/// The contents of a gzip file, by way of the system's `gunzip`.
package func gunzip(_ file: URL) throws -> Data {
  let completed = try CompletedProcess.run("gunzip", ["-c", file.path])
  guard completed.status == 0 else {
    throw ChildProcessError(
      reason: .ended, command: "gunzip -c \(file.path)", details: completed.errorText)
  }
  return completed.output
}

extension Process {
  convenience init(command: String, _ arguments: [String]) {
    self.init()
    let isPath = command.contains("/")
    executableURL = URL(fileURLWithPath: isPath ? command : "/usr/bin/env")
    self.arguments = isPath ? arguments : [command] + arguments
  }

  var commandLine: String {
    ([executableURL?.path ?? ""] + (arguments ?? [])).joined(separator: " ")
  }

  /// Runs the process with no signal blocked. A child inherits the mask of the thread that starts
  /// it, and the threads on which tests run block most signals.
  func start() throws {
    var none = sigset_t()
    var previous = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
    do { try run() } catch {
      throw ChildProcessError(reason: .cannotStart, command: commandLine, details: "\(error)")
    }
  }
}
