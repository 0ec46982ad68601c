/// `gds.listProgress`: algorithms that run, of all connections of the database object.
enum ProgressProcedures {
  static let list = Procedure(
    "gds.listProgress",
    inputs: [
      .init("jobId", "STRING", defaultValue: .string("")),
      .init("showCompleted", "BOOLEAN", defaultValue: .boolean(false)),
    ],
    outputs: [
      .string("username"), .string("jobId"), .string("taskName"), .string("progress"),
      .string("progressBar"), .string("status"), .init("timeStarted", "LOCAL TIME"),
      .init("elapsedTime", "DURATION"),
    ],
    summary: "How far the algorithms that run have come; of one job also its present step."
  ) { call in
    let job = try GraphProcedures.string(call.arguments[0], "the job's id")
    var showsEnded = false
    if case .boolean(let wanted) = call.arguments[1] { showsEnded = wanted }
    // Who waits for one job asks once more after its end.
    let tasks = call.database.tasks.all(includingEnded: showsEnded || !job.isEmpty)
    if job.isEmpty {
      for task in tasks { try call.emit(row(task, name: task.name)) }
      return
    }
    guard let task = tasks.last(where: { $0.job == job }) else {
      // Clients of GDS know this wording.
      throw QueryError(
        .argumentError, "JobNotFound", "No task with job id `\(job)` was found.",
        hint: "CALL gds.listProgress('', true) lists those that run and the last that ended")
    }
    try call.emit(row(task, name: "|-- \(task.name)"))
    if let step = task.state.step { try call.emit(row(task, name: "    |-- \(step)")) }
  }

  private static func row(_ task: RunningTask, name: String) -> [Value] {
    let state = task.state
    let hundredths = Int((state.share * 10_000).rounded())
    let filled = Int(state.share * 10)
    let bar = String(repeating: "#", count: filled) + String(repeating: "~", count: 10 - filled)
    let (seconds, attoseconds) = task.elapsed.components
    return [
      .string(""), .string(task.job), .string(name),
      .string("\(hundredths / 100)\(hundredths % 100 < 10 ? ".0" : ".")\(hundredths % 100)%"),
      .string("[\(bar)]"), .string(state.status.rawValue),
      .localTime(task.startedAt.local.time),
      .duration(
        CalendarDuration(
          months: 0, days: 0, seconds: seconds, nanoseconds: Int32(attoseconds / 1_000_000_000))),
    ]
  }
}
