package import GraphColumns
package import GraphTypes

/// All rows of a result, accounted for while they come.
package struct ResultRows: ~Copyable {
  package private(set) var batches: [Batch] = []
  private var held = HeldMemory()
  private var account: MemoryAccount

  package init(_ control: ExecutionControl) {
    account = MemoryAccount(control, purpose: "the result")
  }

  package mutating func append(_ batch: Batch) throws(QueryError) {
    held.add(batch)
    try account.update(to: held.byteCount)
    batches.append(batch)
  }
}
