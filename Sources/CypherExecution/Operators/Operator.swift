internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// One node of a running plan: rows are pulled out of it batch by batch.
///
/// `open` (re)starts it: an inner side of an apply is opened once for each argument. Names and
/// adjacency are looked up when the first row is pulled, not before: writes further down the plan
/// come first, and may bring new names.
class Operator {
  let plan: Plan
  /// The columns of the batches that come out: the plan's outputs in an order of the operator's
  /// own, and hidden columns that carry row numbers of an enclosing apply.
  let layout: RowLayout
  let context: ExecutionContext
  let inputs: [Operator]
  private(set) var profile = OperatorStatistics()
  var isProfiled = false

  init(_ plan: Plan, inputs: [Operator], layout: RowLayout, context: ExecutionContext) {
    self.plan = plan
    self.inputs = inputs
    self.layout = layout
    self.context = context
  }

  /// Starts again from the first row. Overrides call `super.open()`, which opens the inputs.
  func open() throws { for input in inputs { try input.open() } }

  /// The next rows, nil at the end; may be empty. To be called through `next`.
  func produce() throws -> Batch? { nil }

  /// Before `open`: only the rows that come of these nodes, both ends of the range where a segment
  /// begins. Reaches the first leaf.
  func restrict(to nodes: Range<UInt64>) { inputs.first?.restrict(to: nodes) }

  /// Makes what copies of it and of the operators below in other threads are to share.
  /// - Returns: false where that is not possible.
  func makeShared() throws -> Bool { try inputs.first?.makeShared() ?? true }

  /// Hands it to a copy.
  func share(with worker: Operator) {
    if let own = inputs.first, let its = worker.inputs.first { own.share(with: its) }
  }

  /// Whether copies of it, and of all below, over ranges of nodes give together what it gives.
  func allowsThreads() throws -> Bool { try inputs.allSatisfy { try $0.allowsThreads() } }

  /// Adds what another worker's copy of this operator and of those below it did.
  final func addProfile(of other: Operator) {
    profile.add(other.profile)
    for (own, its) in zip(inputs, other.inputs) { own.addProfile(of: its) }
  }

  /// Bytes that it has written to temporary files since it was opened.
  var spilledBytes: Int { 0 }

  /// Rows of one row of the argument stay together and follow the argument's order.
  var keepsArgumentOrder: Bool { false }

  final func next() throws -> Batch? {
    if !isProfiled { return try advance() }
    let start = ContinuousClock.now
    let outer = context.profiledInput
    let bytes = context.control.reserved
    context.profiledInput = (.zero, 0)
    let batch = try advance()
    let time = ContinuousClock.now - start
    let more = context.control.reserved - bytes
    profile.time += time - context.profiledInput.time
    profile.memory += more - context.profiledInput.memory
    profile.peakMemory = max(profile.peakMemory, profile.memory)
    profile.spilledBytes = max(profile.spilledBytes, spilledBytes)
    context.profiledInput = (outer.time + time, outer.memory + more)
    if let batch {
      profile.rows += batch.count
      profile.batches += 1
    }
    return batch
  }

  private func advance() throws -> Batch? {
    while true {
      try context.control.check()
      guard let batch = try produce() else { return nil }
      if batch.count > 0 { return batch }
    }
  }

  /// Pulls the rest of the rows for their effects only.
  final func drain() throws { while try next() != nil {} }

  func compile(_ expression: BoundExpression, layout: RowLayout) throws -> CompiledExpression {
    try CompiledExpression(expression, layout: layout, context: context)
  }
}

extension RowLayout {
  func adding(_ more: [VariableID]) -> RowLayout { RowLayout(variables + more) }
  func contains(_ variable: VariableID) -> Bool { column(of: variable) != nil }

  /// The column of a variable that the plan promises to be there.
  func requiredColumn(of variable: VariableID, for plan: Plan) throws -> Int {
    guard let column = column(of: variable) else {
      throw QueryError(
        .storage, "InternalError",
        "variable \(variable.rawValue) is missing in the input of \(plan.operation.name)",
        hint: "this is an error of the engine: please report the query")
    }
    return column
  }
}

extension VariableID {
  /// Row numbers that an apply adds to its argument, to find the outer row of an inner one.
  var isHidden: Bool { rawValue < 0 }
}

/// Row numbers of a batch, to be reused from batch to batch.
final class RowNumbers {
  let base: UnsafeMutablePointer<Int32>
  let capacity: Int
  init(capacity: Int = Vector.batchCapacity) {
    self.capacity = max(capacity, 1)
    base = .allocate(capacity: self.capacity)
    base.initialize(repeating: 0, count: self.capacity)
  }
  deinit { base.deallocate() }
}

/// Room for the row numbers of batches of any size.
struct RowNumberScratch {
  private var numbers = RowNumbers()
  mutating func reserve(_ count: Int) -> UnsafeMutablePointer<Int32> {
    if count > numbers.capacity { numbers = RowNumbers(capacity: count) }
    return numbers.base
  }
}
