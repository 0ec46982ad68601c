import Foundation
import GraphTypes
import Synchronization

/// A thread with an engine of its own that runs one case at a time.
///
/// The engine is made, used and released on that thread. A case that does not come back is given
/// up together with the worker: a thread cannot be stopped from outside.
final class CaseWorker: Sendable {
  struct Answer: Sendable {
    /// Nil when the case passes.
    var failure: String?
  }

  private struct State {
    var request: TCKCase?
    var answer: Answer?
  }

  private let state = Mutex(State())
  private let hasRequest = DispatchSemaphore(value: 0)
  private let hasAnswer = DispatchSemaphore(value: 0)

  init(configuration: TCKRunner) {
    let thread = Thread { [self] in work(configuration) }
    thread.name = "TCK"
    // What a main thread has. Deep expressions are the engine's to limit, not this thread's.
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Nil when the case has not ended within `limit`. The worker must not be used again then.
  func run(_ testCase: TCKCase, limit: Duration) -> Answer? {
    state.withLock { $0.request = testCase }
    hasRequest.signal()
    guard hasAnswer.wait(timeout: .now() + limit.inSeconds) == .success else { return nil }
    return state.withLock { $0.answer }
  }

  /// Ends the thread once it has nothing to do.
  func stop() {
    state.withLock { $0.request = nil }
    hasRequest.signal()
  }

  private func work(_ configuration: TCKRunner) {
    let crashNote = CrashNote()
    defer { crashNote.remove() }
    let engine = Result { try configuration.makeEngine() }
    while true {
      hasRequest.wait()
      guard let testCase = state.withLock({ $0.request }) else { return }
      crashNote.set("crashed in TCK case: \(testCase.id)\n")
      let failure: String?
      switch engine {
      case .success(let engine):
        failure = TCKCaseRun.failure(
          of: testCase, on: engine, render: configuration.render,
          timeout: configuration.queryTimeout)
      case .failure(let error): failure = "no engine: \(error)"
      }
      state.withLock { $0.answer = Answer(failure: failure) }
      hasAnswer.signal()
    }
  }
}
