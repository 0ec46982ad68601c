import Foundation
import TestSupport
import Testing

/// The helpers that other tests stand on.
@Suite struct TestSupportTests {
  @Test func temporaryDirectoryIsRemovedAfterSuccessAndFailure() async throws {
    struct Failure: Error {}
    var directories: [URL] = []
    try withTemporaryDirectory { directory in
      directories.append(directory)
      try "x".write(
        to: directory.appendingPathComponent("file"), atomically: true, encoding: .utf8)
    }
    #expect(throws: Failure.self) {
      try withTemporaryDirectory { directory in
        directories.append(directory)
        throw Failure()
      }
    }
    try await directories.append(
      withTemporaryDirectory { directory in
        await Task.yield()
        #expect(FileManager.default.fileExists(atPath: directory.path))
        return directory
      })
    #expect(Set(directories).count == 3)
    for directory in directories {
      #expect(!FileManager.default.fileExists(atPath: directory.path))
    }
  }

  @Test func seededGeneratorIsSplitMix64() {
    // The first outputs of the authors' reference implementation for this seed.
    var generator = SeededGenerator(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(expected.map { _ in generator.next() } == expected)
  }

  @Test func sharedDataIsFoundFromThePackageRoot() throws {
    let root = try #require(SharedData.packageRoot)
    #expect(
      FileManager.default.fileExists(atPath: root.appendingPathComponent("Package.swift").path))
    #expect(SharedData.url("no such file") == nil)
  }

  @Test func buildFolderIsWhereTheTestsRunFrom() throws {
    let folder = try #require(BuiltProducts.folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.contains { $0.hasSuffix(".xctest") })
    #expect(BuiltProducts.url("no such product") == nil)
  }

  @Test func gunzipReadsWhatGzipWrote() throws {
    let content = Data((0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* $0) })
    try withTemporaryDirectory { directory in
      let file = directory.appendingPathComponent("data.gz")
      try CompletedProcess.run("gzip", ["-c"], input: content).output.write(to: file)
      #expect(try gunzip(file) == content)
      #expect(throws: ChildProcessError.self) {
        try gunzip(directory.appendingPathComponent("missing.gz"))
      }
    }
  }

  // MARK: Commands that run to their end

  @Test func commandGetsInputAndGivesOutputErrorsAndStatus() throws {
    let completed = try CompletedProcess.run(
      "/bin/sh", ["-c", "cat; echo $GREETING; echo oops >&2; exit 3"], input: Data("in ".utf8),
      environment: ["GREETING": "hello", "PATH": "/usr/bin:/bin"])
    #expect(completed.outputText == "in hello\n")
    #expect(completed.errorText == "oops\n")
    #expect(completed.status == 3)
    #expect(!completed.wasSignalled)
  }

  @Test func commandMayWriteMoreThanAPipeHolds() throws {
    let input = Data(repeating: UInt8(ascii: "a"), count: 1 << 20)
    let completed = try CompletedProcess.run("/bin/sh", ["-c", "tee /dev/stderr"], input: input)
    #expect(completed.output == input)
    #expect(completed.errors == input)
  }

  @Test func commandThatTakesTooLongIsKilled() throws {
    let start = ContinuousClock.now
    let error = try #require(throws: ChildProcessError.self) {
      try CompletedProcess.run("/bin/sh", ["-c", "exec sleep 60"], timeout: .milliseconds(200))
    }
    #expect(error.reason == .timedOut)
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func commandThatDiesOfASignalSaysSo() throws {
    let completed = try CompletedProcess.run("/bin/sh", ["-c", "kill -TERM $$"])
    #expect(completed.wasSignalled)
    #expect(completed.status == SIGTERM)
  }

  @Test func commandThatDoesNotExistIsAnError() throws {
    let error = try #require(throws: ChildProcessError.self) {
      try CompletedProcess.run("/no/such/file")
    }
    #expect(error.reason == .cannotStart)
  }

  // MARK: Conversations in lines

  @Test func linesGoBackAndForth() throws {
    let process = try LineProcess("cat")
    let long = String(repeating: "щ", count: 20_000)
    for line in ["one", "", long] {
      try process.send(line)
      #expect(try process.receive() == line)
    }
    try process.send("a\nb")
    #expect(try [process.receive(), process.receive()] == ["a", "b"])
    #expect(process.isRunning)
    #expect(try process.finish() == 0)
    #expect(!process.isRunning)
  }

  @Test func endOfTheChildIsAnErrorWithItsLastWords() throws {
    let process = try LineProcess("/bin/sh", ["-c", "echo only; echo why >&2; exit 7"])
    #expect(try process.receive() == "only")
    let error = try #require(throws: ChildProcessError.self) { try process.receive() }
    #expect(error.reason == .ended)
    #expect(error.details.contains("exit code 7"))
    #expect(error.details.contains("why"))
    // Nobody reads any more: this must throw and not end the tests by SIGPIPE.
    #expect(throws: ChildProcessError.self) { try process.send("anyone?") }
  }

  @Test func silenceIsAnErrorAfterTheTimeout() throws {
    let process = try LineProcess("/bin/sh", ["-c", "exec sleep 60"])
    let error = try #require(throws: ChildProcessError.self) {
      try process.receive(timeout: .milliseconds(100))
    }
    #expect(error.reason == .timedOut)
    let deaf = try LineProcess("/bin/sh", ["-c", "exec sleep 60"])
    let tooMuch = String(repeating: "x", count: 1 << 20)
    let sendError = try #require(throws: ChildProcessError.self) {
      try deaf.send(tooMuch, timeout: .milliseconds(100))
    }
    #expect(sendError.reason == .timedOut)
  }

  @Test func optionsWriteTheFailures() async throws {
    try await withTemporaryDirectory { directory in
      let file = directory.appendingPathComponent("failures.txt")
      let options = TCKOptions(environment: ["TROPA_TCK_FAILURES": file.path])
      let cases = ["fails", "fails too"].map {
        TCKCase(id: $0, category: "some", line: 1, steps: [.query($0)])
      }
      struct NoEngine: Error {}
      let runner = TCKRunner(makeEngine: { throw NoEngine() }, render: { "\($0)" })
      _ = try await options.run(runner, on: TCKSuite(cases: cases), title: "A run that must fail")
      #expect(try String(contentsOf: file, encoding: .utf8) == "fails\nfails too\n")
    }
  }
}
