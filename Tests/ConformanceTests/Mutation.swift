import GraphTypes
import TestSupport

/// A way for an engine to be wrong that the runner has to notice.
enum Mutation: CaseIterable {
  case dropRow, addRow, swapRows, renameColumn, changeCell
  case raise, doNotRaise, changeKind, changePhase, changeDetail
  case changeSideEffects

  /// Nil where the answer leaves no room for this mistake.
  func apply(
    to answer: OracleEngine.Answer, using generator: inout SeededGenerator
  ) -> OracleEngine.Answer? {
    var answer = answer
    switch answer.outcome {
    case .success(var result):
      if self == .raise {
        answer.outcome = .failure(QueryError(.typeError, "Mutation", "raised by a mutation"))
        return answer
      }
      if let expected = answer.expectedResult,
        change(&result, expected: expected, using: &generator)
      {
        answer.outcome = .success(result)
        return answer
      }
    case .failure(var error):
      if self == .doNotRaise {
        answer.outcome = .success(EngineResult(columns: ["a"], rows: []))
        return answer
      }
      if let expected = answer.expectedError, change(&error, expected: expected) {
        answer.outcome = .failure(error)
        return answer
      }
    }
    if self == .changeSideEffects, answer.areSideEffectsChecked, !answer.isControl,
      let name = SideEffects.names.randomElement(using: &generator)
    {
      answer.sideEffects[name] += 1
      return answer
    }
    return nil
  }

  private func change(
    _ result: inout EngineResult, expected: TCKStep.ExpectedResult,
    using generator: inout SeededGenerator
  ) -> Bool {
    switch self {
    case .dropRow where !result.rows.isEmpty:
      result.rows.removeLast()
    case .addRow:
      result.rows.append(result.rows.last ?? result.columns.map { _ in .null })
    case .swapRows:
      let texts = expected.rows.map { $0.map { $0.text(ignoringListOrder: true) } }
      guard expected.isOrdered, let other = texts.firstIndex(where: { $0 != texts[0] }) else {
        return false
      }
      result.rows.swapAt(0, other)
    case .renameColumn where expected.columns?.isEmpty == false:
      result.columns[result.columns.count - 1] += " "
    case .changeCell:
      guard let row = result.rows.indices.randomElement(using: &generator),
        let column = result.rows[row].indices.randomElement(using: &generator)
      else { return false }
      result.rows[row][column] = result.rows[row][column].slightlyWrong
    default: return false
    }
    return true
  }

  private func change(_ error: inout QueryError, expected: TCKStep.ExpectedError) -> Bool {
    switch self {
    case .changeKind: error.kind = error.kind == .typeError ? .syntaxError : .typeError
    case .changePhase where expected.phase != nil:
      error.phase = error.phase == .compile ? .runtime : .compile
    case .changeDetail where expected.detail != nil: error.detail += "s"
    default: return false
    }
    return true
  }
}

extension Value {
  /// A value that is easily taken for this one.
  var slightlyWrong: Value {
    switch self {
    case .null: .boolean(false)
    case .boolean(let value): .boolean(!value)
    case .integer(let value): .float(Double(value))
    case .float(let value): value.isFinite ? .float(value.nextUp) : .null
    case .string(let value): .string(value + " ")
    case .list(let values): .list(values.isEmpty ? [.null] : values.dropLast())
    case .map(let values): .map(values.merging(["extra": .null]) { _, new in new })
    case .node(let node):
      .node(Node(id: node.id, labels: node.labels + ["Extra"], properties: node.properties))
    case .relationship(let relationship):
      .relationship(
        Relationship(
          id: relationship.id, start: relationship.start, end: relationship.end,
          type: relationship.type.lowercased() + "_", properties: relationship.properties))
    case .path(let path):
      .path(
        Path(
          nodes: path.nodes + [path.nodes[0]],
          relationships: path.relationships + [
            Relationship(
              id: RelationshipID(rawValue: 1 << 50), start: path.nodes[path.nodes.count - 1].id,
              end: path.nodes[0].id, type: "EXTRA")
          ]))
    default: .null
    }
  }
}
