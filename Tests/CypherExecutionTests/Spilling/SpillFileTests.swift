import Foundation
import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import CypherExecution

@Suite struct SpillFileTests {
  private func batch(_ numbers: Range<Int>) -> Batch {
    let vector = Vector(type: .integer, capacity: numbers.count)
    vector.count = numbers.count
    for (row, number) in numbers.enumerated() { vector.integers[row] = Int64(number) }
    return Batch(columns: [vector], count: numbers.count)
  }

  @Test func runsInOneFileComeBackInOrder() throws {
    try withTemporaryDirectory { directory in
      let control = ExecutionControl(spillDirectory: directory.path)
      let file = try SpillFile(control: control, purpose: "a test")
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
      let runs = (0..<3).map { _ in SpillRun(file, blockBytes: 300) }
      for start in stride(from: 0, to: 3000, by: 100) {
        for (number, run) in runs.enumerated() {
          try run.append(batch(start * (number + 1)..<start * (number + 1) + 100))
        }
      }
      for run in runs { try run.finish() }
      for (number, run) in runs.enumerated() {
        #expect(run.rowCount == 3000)
        for _ in 0..<2 {
          var reader = run.reader()
          var start = 0
          while let found = try reader.next() {
            #expect(found.columns[0].integers[0] == Int64(start * (number + 1)))
            start += 100
          }
          #expect(start == 3000)
        }
      }
    }
  }

  @Test func fullDisksAndMissingDirectoriesAreErrors() throws {
    let control = ExecutionControl(spillDirectory: "/nowhere/at/all")
    let missing = #expect(throws: QueryError.self) {
      try SpillFile(control: control, purpose: "Sort")
    }
    #expect(missing?.detail == "SpillFailed")
    #expect(missing?.message.contains("/nowhere/at/all: No such file") == true)

    let descriptor = open("/dev/full", O_WRONLY)
    try #require(descriptor >= 0)
    let file = SpillFile(
      descriptor: descriptor, directory: "/data", control: control, purpose: "Sort")
    let run = SpillRun(file, blockBytes: 100)
    let full = #expect(throws: QueryError.self) { try run.append(batch(0..<500)) }
    #expect(full?.detail == "DiskFull")
    #expect(
      full?.message
        == "Sort does not fit into the memory limit and could not write to a temporary file in "
        + "/data: No space left on device")
  }

  @Test func aCancelledQueryWritesNothingMore() throws {
    try withTemporaryDirectory { directory in
      let control = ExecutionControl(spillDirectory: directory.path)
      let run = SpillRun(try SpillFile(control: control, purpose: "a test"), blockBytes: 100)
      control.cancel()
      let error = #expect(throws: QueryError.self) { try run.append(batch(0..<500)) }
      #expect(error?.kind == .cancelled)
    }
  }

  /// Few of many distinct words, so that equal ones and all digits occur.
  @Test(arguments: [3, 600, 50_000]) func entriesAreSortedStably(count: Int) throws {
    var random = SeededGenerator(seed: UInt64(count))
    let words = (0..<count).map { _ in random.next() >> UInt64(random.below(64)) }
    for isExact in [true, false] {
      let entries = try SortEntries(count: count, ExecutionControl()) { rows, base in
        for row in rows {
          (base + row).initialize(to: SortEntry(word: words[row], row: Int32(row)))
        }
        return isExact
      }
      // Where words do not decide, the greater row is to come first.
      try entries.sort(ExecutionControl()) { Int($1) - Int($0) }
      let expected = words.indices.sorted {
        words[$0] != words[$1] ? words[$0] < words[$1] : isExact ? $0 < $1 : $0 > $1
      }
      #expect((0..<count).map { Int(entries.base[$0].row) } == expected)
    }
  }
}
