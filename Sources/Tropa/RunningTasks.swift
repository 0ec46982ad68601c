import Synchronization

/// Long work of a database's connections: what runs, and the last that ended.
final class RunningTasks: Sendable {
  /// How far a task has come.
  struct State {
    /// What it is doing; nil before it says so.
    var step: String?
    var share = 0.0
    var status = Status.running
    /// Nil while it runs.
    var ended: ContinuousClock.Instant?
  }

  enum Status: String {
    case running = "RUNNING"
    case finished = "FINISHED"
    case failed = "FAILED"
    case cancelled = "CANCELED"  // As GDS spells it.
  }

  private struct Lists {
    var running: [RunningTask] = []
    var ended: [RunningTask] = []
  }
  private static let endedKept = 100
  private let lists = Mutex(Lists())

  /// Runs the body as a task that others can watch meanwhile.
  func run<T>(
    _ name: String, job: String, observer: (@Sendable (String, Double) -> Void)?,
    _ body: (RunningTask) throws -> T
  ) throws -> T {
    let task = RunningTask(name, job: job, observer: observer)
    lists.withLock { $0.running.append(task) }
    var status = Status.failed
    defer {
      task.end(status)
      lists.withLock { lists in
        lists.running.removeAll { $0 === task }
        lists.ended.append(task)
        if lists.ended.count > Self.endedKept { lists.ended.removeFirst() }
      }
    }
    do {
      let result = try body(task)
      status = .finished
      return result
    } catch let error as QueryError {
      if error.kind == .cancelled || error.kind == .timeout { status = .cancelled }
      throw error
    }
  }

  /// In order of their beginning.
  func all(includingEnded: Bool) -> [RunningTask] {
    lists.withLock { includingEnded ? $0.ended + $0.running : $0.running }
  }
}

/// A piece of long work, for example one call of an algorithm.
final class RunningTask: Sendable {
  let name: String
  /// What the caller calls it: `jobId`.
  let job: String
  let startedAt = SystemClock.now
  private let start = ContinuousClock.now
  private let current = Mutex(RunningTasks.State())
  private let observer: (@Sendable (String, Double) -> Void)?
  /// The greatest share that the observer knows.
  private let told = Mutex(0.0)

  fileprivate init(
    _ name: String, job: String, observer: (@Sendable (String, Double) -> Void)?
  ) {
    self.name = name
    self.job = job
    self.observer = observer
  }

  var state: RunningTasks.State { current.withLock { $0 } }

  var elapsed: Duration { (state.ended ?? .now) - start }

  /// Called from several threads; a share that is behind what was told already is passed over.
  func report(_ step: String, share: Double) {
    let isNews = current.withLock { state in
      guard share >= state.share, state.ended == nil else { return false }
      state.share = min(share, 1)
      state.step = step
      return true
    }
    // Only the end tells 1.
    if isNews { tell("\(name): \(step)", min(share, 0.999)) }
  }

  fileprivate func end(_ status: RunningTasks.Status) {
    current.withLock { state in
      state.ended = .now
      state.status = status
      if status == .finished { state.share = 1 }
    }
    tell(name, 1)
  }

  /// One thread at a time, and never backwards. The state is not locked meanwhile: the observer may
  /// ask for it.
  private func tell(_ text: String, _ share: Double) {
    guard let observer else { return }
    told.withLock { last in
      if share < last { return }
      last = share
      observer(text, share)
    }
  }
}
