internal import GraphKernels

/// A GDS algorithm as its procedures show it: names, columns, configuration. One value of this type
/// is all that an algorithm needs beside its kernel; `AlgorithmProcedures` makes `stream`, `stats`,
/// `mutate`, `write` and the estimate of each from it.
struct GraphAlgorithm: Sendable {
  enum Mode: String, CaseIterable {
    case stream, stats, mutate, write
  }

  /// What `mutate` and `write` add.
  enum Target: Sendable {
    case nodeProperty
    /// With one property that `mutateProperty` and `writeProperty` may name otherwise, or several
    /// with fixed names (nil).
    case relationships(property: String?)
  }

  /// `gds.pageRank`
  let name: String
  let summary: String
  /// None: one procedure, with the algorithm's name alone, that streams.
  let modes: [Mode]
  let target: Target
  /// There is a key `relationshipWeightProperty`.
  let isWeightable: Bool
  let streamColumns: [Procedure.Field]
  /// Columns of `stats`, and of `mutate` and `write` beside how much was written.
  let summaryColumns: [Procedure.Field]
  /// Of these, those that only `stats` has.
  let statsOnlyColumns: Set<String>
  /// Reads the algorithm's own keys and gives what is to be run.
  let prepare: @Sendable (inout AlgorithmSettings) throws -> PreparedAlgorithm

  init(
    _ name: String, _ summary: String, modes: [Mode] = Mode.allCases,
    target: Target = .nodeProperty, isWeightable: Bool = false, stream: [Procedure.Field],
    summary summaryColumns: [Procedure.Field] = [], statsOnly: Set<String> = [],
    prepare: @escaping @Sendable (inout AlgorithmSettings) throws -> PreparedAlgorithm
  ) {
    self.name = name
    self.summary = summary
    self.modes = modes
    self.target = target
    self.isWeightable = isWeightable
    streamColumns = stream
    self.summaryColumns = summaryColumns
    statsOnlyColumns = statsOnly
    self.prepare = prepare
  }

  var writesRelationships: Bool {
    if case .relationships = target { true } else { false }
  }

  func columns(of mode: Mode) -> [Procedure.Field] {
    if mode == .stream { return streamColumns }
    var columns: [Procedure.Field] = [
      .integer("preProcessingMillis"), .integer("computeMillis"),
      .integer("postProcessingMillis"),
    ]
    if mode != .stats {
      columns.append(.integer(mode == .mutate ? "mutateMillis" : "writeMillis"))
      columns.append(
        .integer(writesRelationships ? "relationshipsWritten" : "nodePropertiesWritten"))
    }
    columns += summaryColumns.filter { mode == .stats || !statsOnlyColumns.contains($0.name) }
    return columns + [.map("configuration")]
  }
}

/// An algorithm with its configuration, ready to run.
struct PreparedAlgorithm {
  /// Beside the view itself.
  var memory: MemoryEstimate
  var run: (StatementMonitor) throws -> AlgorithmOutput
}

/// What a run gives; each part is made only for the modes that show it.
struct AlgorithmOutput {
  var stream: () throws -> [ColumnData]
  var summary: () -> [String: Value] = { [:] }
  var result: () -> AlgorithmResult = { .nodeProperties(nodes: [], properties: []) }
}

/// What an algorithm would write.
enum AlgorithmResult {
  /// Values for some nodes; a name of nil is the target's own, others are appended to it.
  case nodeProperties(nodes: [NodeID], properties: [(suffix: String?, values: ColumnData)])
  case relationships(
    from: [NodeID], to: [NodeID], properties: [(name: String, values: ColumnData)])
}

/// Cancels kernels with the statement that called them, and tells how far they are.
struct StatementMonitor: AlgorithmMonitor {
  let task: RunningTask
  let check: @Sendable () throws(QueryError) -> Void
  func checkpoint() throws(QueryError) { try check() }
  func report(_ step: @autoclosure () -> String, fraction: Double) {
    task.report(step(), share: fraction)
  }
}

extension Procedure.Field {
  static func integer(_ name: String) -> Self { Self(name, "INTEGER") }
  static func float(_ name: String) -> Self { Self(name, "FLOAT") }
  static func boolean(_ name: String) -> Self { Self(name, "BOOLEAN") }
  static func string(_ name: String) -> Self { Self(name, "STRING") }
  static func map(_ name: String) -> Self { Self(name, "MAP") }
  static func integers(_ name: String) -> Self { Self(name, "LIST<INTEGER>") }
  static func floats(_ name: String) -> Self { Self(name, "LIST<FLOAT>") }
  static func path(_ name: String) -> Self { Self(name, "PATH") }
}

extension Value {
  static func count(_ value: Int) -> Value { .integer(Int64(value)) }
  static func floats(_ values: [Double]) -> Value { .list(values.map { .float($0) }) }
  static func integers(_ values: [Int64]) -> Value { .list(values.map { .integer($0) }) }
  var isNull: Bool { if case .null = self { true } else { false } }

  /// - Parameter integers: all but the mean are whole numbers.
  static func distribution(
    _ entries: [(key: String, value: Double)], integers: Bool = false
  ) -> Value {
    .map(
      Dictionary(
        entries.map { entry in
          (
            entry.key,
            integers && entry.key != "mean" ? .integer(Int64(entry.value)) : .float(entry.value)
          )
        }, uniquingKeysWith: { $1 }))
  }

  /// `communityDistribution`, `componentDistribution`.
  static func communityDistribution(_ distribution: Distribution) -> Value {
    .distribution(distribution.communityEntries, integers: true)
  }
}
