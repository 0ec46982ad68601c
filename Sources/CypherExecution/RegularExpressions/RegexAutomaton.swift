internal import GraphColumns
internal import GraphTypes

/// A deterministic automaton that is built as texts need it: each state is a set of places in the
/// program. Time is linear in the text; matching a code point that a state has met before is one
/// look into a table.
final class RegexAutomaton {
  private let program: RegexProgram
  /// Places where a code point is consumed, ascending, per state. State 0 is dead, 1 the start.
  private var states: [[Int32]] = []
  private var accepting: [Bool] = []
  private var numbers: [[Int32]: [Bool: Int32]] = [:]
  /// State by state, the following state per code point below `columns`; -1 where unknown.
  private var table: [Int32] = []
  /// The same for other code points.
  private var rare: [UInt64: Int32] = [:]
  private var marks: [UInt32]
  private var mark: UInt32 = 0
  private var stack: [Int32] = []

  /// ASCII to Cyrillic.
  private static let columns = 0x500
  private static let maximumStates = 256

  init(_ program: RegexProgram) {
    self.program = program
    marks = [UInt32](repeating: 0, count: program.instructions.count)
    restart()
  }

  private func restart() {
    states.removeAll()
    accepting.removeAll()
    numbers.removeAll()
    table.removeAll()
    rare.removeAll()
    _ = number(of: [], isAccepting: false)
    var start: [Int32] = []
    let isAccepting = close([0], into: &start)
    _ = number(of: start, isAccepting: isAccepting)
  }

  /// - Parameter work: counts steps; the caller checks for cancellation by it.
  func matches(_ text: StringRef, work: inout Int, _ control: ExecutionControl) throws(QueryError)
    -> Bool
  {
    var state: Int32 = 1
    var position = 0
    while position < text.count {
      let scalar = text.scalar(at: &position)
      var next: Int32 = -1
      if scalar < Self.columns {
        next = table[Int(state) * Self.columns + Int(scalar)]
      } else if let known = rare[UInt64(UInt32(state)) << 32 | UInt64(scalar)] {
        next = known
      }
      if next < 0 {
        next = follow(state, scalar)
        work += program.instructions.count
        if work > 1 << 16 {
          work = 0
          try control.check()
        }
      }
      if next == 0 { return false }
      state = next
    }
    work += text.count
    return accepting[Int(state)]
  }

  private func follow(_ state: Int32, _ value: UInt32) -> Int32 {
    var places: [Int32] = []
    for place in states[Int(state)] {
      guard case .scalars(let members) = program.instructions[Int(place)],
        program.contains(value, inClass: members)
      else { continue }
      places.append(place + 1)
    }
    var closure: [Int32] = []
    let isAccepting = close(places, into: &closure)
    if let known = numbers[closure]?[isAccepting] {
      remember(known, from: state, value)
      return known
    }
    if states.count >= Self.maximumStates {
      restart()
      return numbers[closure]?[isAccepting] ?? number(of: closure, isAccepting: isAccepting)
    }
    let next = number(of: closure, isAccepting: isAccepting)
    remember(next, from: state, value)
    return next
  }

  private func remember(_ next: Int32, from state: Int32, _ value: UInt32) {
    if value < Self.columns {
      table[Int(state) * Self.columns + Int(value)] = next
    } else if rare.count < 1 << 16 {
      rare[UInt64(UInt32(state)) << 32 | UInt64(value)] = next
    }
  }

  private func number(of places: [Int32], isAccepting: Bool) -> Int32 {
    let number = Int32(states.count)
    states.append(places)
    accepting.append(isAccepting)
    numbers[places, default: [:]][isAccepting] = number
    table.append(contentsOf: repeatElement(-1, count: Self.columns))
    return number
  }

  /// The consuming places that are reached without consuming, ascending.
  /// - Returns: whether the end of the program is among what is reached.
  private func close(_ places: [Int32], into result: inout [Int32]) -> Bool {
    mark += 1
    var isAccepting = false
    stack.append(contentsOf: places)
    while let place = stack.popLast() {
      if marks[Int(place)] == mark { continue }
      marks[Int(place)] = mark
      switch program.instructions[Int(place)] {
      case .jump(let target): stack.append(Int32(target))
      case .split(let a, let b):
        stack.append(Int32(a))
        stack.append(Int32(b))
      case .match: isAccepting = true
      default: result.append(place)
      }
    }
    result.sort()
    return isAccepting
  }
}

extension StringRef {
  /// The code point at a byte, which moves behind it. The text is UTF-8.
  @inline(__always)
  func scalar(at position: inout Int) -> UInt32 {
    guard let base else { return 0 }
    let first = UInt32(base[position])
    position += 1
    if first < 0x80 { return first }
    let length = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3
    var value = first & (length == 1 ? 0x1F : length == 2 ? 0xF : 7)
    for _ in 0..<length where position < count {
      value = value << 6 | UInt32(base[position] & 0x3F)
      position += 1
    }
    return value
  }

  /// The code point that ends before a byte that is not the first.
  func scalar(before position: Int) -> UInt32 {
    guard let base else { return 0 }
    var start = position - 1
    while start > 0, base[start] & 0xC0 == 0x80 { start -= 1 }
    return scalar(at: &start)
  }
}
