internal import GraphColumns
internal import GraphTypes

/// Matches programs that have assertions, atomic groups or possessive repetitions: a search in the
/// order of a backtracking matcher that never enters the same instruction at the same place twice.
///
/// Time is linear in text and program, times the length of the text for atomic groups and looks
/// ahead that are entered at each place.
final class RegexSearch {
  private let program: RegexProgram
  private let control: ExecutionControl
  private var text = StringRef(base: nil, count: 0)
  private var work = 0
  /// Memory of searches by how deeply they are nested, kept for the next text.
  private var memory: [Memory] = []
  private var depth = 0

  private struct Place {
    var instruction: Int
    var position: Int
  }

  private struct Memory {
    var visited: [UInt64] = []
    var open: [Place] = []
  }

  init(_ program: RegexProgram, _ control: ExecutionControl) {
    self.program = program
    self.control = control
  }

  func matches(_ text: StringRef) throws(QueryError) -> Bool {
    self.text = text
    depth = 0
    return try end(
      from: Place(instruction: 0, position: 0), to: program.instructions.count, isWhole: true)
      != nil
  }

  /// Where the instructions from a place to `limit` end first, or nil if they do not match.
  private func end(
    from start: Place, to limit: Int, isWhole: Bool
  ) throws(QueryError) -> Int? {
    let width = text.count - start.position + 1
    let words = ((limit - start.instruction) * width + 63) / 64
    if words > 1 << 16 {
      // Only to see whether there may be so much.
      try control.reserve(words * 8, for: "matching a regular expression")
      control.release(words * 8)
    }
    if memory.count == depth { memory.append(Memory()) }
    var (visited, open) = (memory[depth].visited, memory[depth].open)
    memory[depth] = Memory()
    visited.removeAll(keepingCapacity: words <= 1 << 16)
    visited.append(contentsOf: repeatElement(0, count: words))
    open.removeAll(keepingCapacity: true)
    open.append(start)
    depth += 1
    defer {
      depth -= 1
      memory[depth] = Memory(visited: visited, open: open)
    }
    while let place = open.popLast() {
      let bit = (place.instruction - start.instruction) * width + place.position - start.position
      if visited[bit >> 6] >> UInt64(bit & 63) & 1 == 1 { continue }
      visited[bit >> 6] |= 1 << UInt64(bit & 63)
      work += 1
      if work & 0xFFF == 0 { try control.check() }

      let next = place.instruction + 1
      switch program.instructions[place.instruction] {
      case .match:
        if !isWhole || place.position == text.count { return place.position }
      case .jump(let target): open.append(Place(instruction: target, position: place.position))
      case .split(let first, let second):
        open.append(Place(instruction: second, position: place.position))
        open.append(Place(instruction: first, position: place.position))
      case .scalars(let members):
        var position = place.position
        if consume(members, &position) {
          open.append(Place(instruction: next, position: position))
        }
      case .span(let members, let least, let most):
        var position = place.position
        var count = 0
        while count < most, consume(members, &position) { count += 1 }
        work += count
        if count >= least { open.append(Place(instruction: next, position: position)) }
      case .assertion(let assertion):
        if holds(assertion, at: place.position) {
          open.append(Place(instruction: next, position: place.position))
        }
      case .atomic(let exit):
        let inner = Place(instruction: next, position: place.position)
        if let position = try end(from: inner, to: exit, isWhole: false) {
          open.append(Place(instruction: exit, position: position))
        }
      case .lookahead(let exit, let negated):
        let inner = Place(instruction: next, position: place.position)
        let isFound = try end(from: inner, to: exit, isWhole: false) != nil
        if isFound != negated { open.append(Place(instruction: exit, position: place.position)) }
      }
    }
    return nil
  }

  private func consume(_ members: Int, _ position: inout Int) -> Bool {
    guard position < text.count else { return false }
    var next = position
    guard program.contains(text.scalar(at: &next), inClass: members) else { return false }
    position = next
    return true
  }

  private func holds(_ assertion: RegexAssertion, at position: Int) -> Bool {
    switch assertion {
    case .start: return position == 0
    case .end: return position == text.count
    case .finalEnd:
      if position == text.count { return true }
      guard isLineEnd(at: position) else { return false }
      var next = position
      if text.scalar(at: &next) == 0xD, next < text.count, text.bytes[next] == 0xA { next += 1 }
      return next == text.count
    case .lineStart:
      guard position > 0 else { return true }
      guard position < text.count, let before = Unicode.Scalar(text.scalar(before: position))
      else { return false }
      // Not between CR and LF.
      if before == "\r", text.bytes[position] == 0xA { return false }
      return ScalarClass.lineEnds.contains(before)
    case .lineEnd:
      if position == text.count { return true }
      if position > 0, text.bytes[position] == 0xA, text.bytes[position - 1] == 0xD { return false }
      return isLineEnd(at: position)
    case .wordBoundary: return isWord(before: position) != isWord(at: position)
    case .noWordBoundary: return isWord(before: position) == isWord(at: position)
    }
  }

  private func isLineEnd(at position: Int) -> Bool {
    var next = position
    return Unicode.Scalar(text.scalar(at: &next)).map(ScalarClass.lineEnds.contains) ?? false
  }

  private func isWord(before position: Int) -> Bool {
    position > 0
      && Unicode.Scalar(text.scalar(before: position)).map(ScalarProperty.isWord) ?? false
  }

  private func isWord(at position: Int) -> Bool {
    guard position < text.count else { return false }
    var next = position
    return Unicode.Scalar(text.scalar(at: &next)).map(ScalarProperty.isWord) ?? false
  }
}
