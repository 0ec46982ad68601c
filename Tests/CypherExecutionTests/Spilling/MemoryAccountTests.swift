import GraphTypes
import Testing

@testable import CypherExecution

@Suite struct MemoryAccountTests {
  /// One thread holds much more than the limit, until it has written it; another needs little.
  @Test func whatIsBeingWrittenDoesNotStarveOthers() throws {
    let control = ExecutionControl(memoryLimit: 1000, spillDirectory: "somewhere")
    do {
      var large = MemoryAccount(control, purpose: "large")
      var small = MemoryAccount(control, purpose: "small")
      #expect(try !large.isFull(at: 400))
      #expect(try large.isFull(at: 5000))
      try small.update(to: 400)
      #expect(throws: QueryError.self) { try control.reserve(200, for: "a third") }
      large.updateBuffers(to: 10)
      #expect(control.reserved == 410)
      try small.update(to: 100)
      try large.update(to: 500)
      #expect(try !large.isFull(at: 300))
      #expect(control.reserved == 400)
    }
    #expect(control.reserved == 0)
  }
}
