package import GraphTypes

/// What an algorithm reports to and is stopped by. Called from several threads at once, every few
/// milliseconds of work, never per node.
package protocol AlgorithmMonitor: Sendable {
  /// Throws to stop the algorithm, for example `cancelled` or `timeout`.
  func checkpoint() throws(QueryError)
  /// - Parameters:
  ///   - task: what is being done, a short noun phrase, such as "iteration 3 of 20".
  ///   - fraction: the share of the whole algorithm that is done, in `0 ... 1`.
  func report(_ task: @autoclosure () -> String, fraction: Double)
}

/// Never stops, shows nothing.
package struct SilentMonitor: AlgorithmMonitor {
  package init() {}
  package func checkpoint() throws(QueryError) {}
  package func report(_ task: @autoclosure () -> String, fraction: Double) {}
}
