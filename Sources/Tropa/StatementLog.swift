internal import Logging

/// What a logger is told of a statement's end.
struct StatementLog: Sendable {
  let logger: Logger
  let slowStatement: Duration

  init?(_ options: DatabaseOptions) {
    guard let logger = options.logger else { return nil }
    self.logger = logger
    slowStatement = options.slowStatement
  }

  func ended(_ text: String, after time: Duration) {
    logger.log(
      level: time > slowStatement ? .notice : .debug, "statement", metadata: metadata(text, time))
  }

  func failed(_ text: String, after time: Duration, _ error: QueryError) {
    var metadata = metadata(text, time)
    metadata["error"] = "\(error.message)"
    metadata["detail"] = "\(error.detail)"
    logger.log(level: .notice, "statement failed", metadata: metadata)
  }

  private func metadata(_ text: String, _ time: Duration) -> Logger.Metadata {
    ["text": "\(text)", "milliseconds": "\(Int64(time / .milliseconds(1)))"]
  }
}
