import CypherExecution
import CypherPlanning
import GraphColumns
import GraphTypes
import TestSupport
import Testing

/// Typed loops against the general way: the same values in typed vectors, as constants, and boxed
/// in `.any` vectors must give the same results and errors.
@Suite struct DifferentialTests {
  private static let x = BoundExpression.variable(VariableID(0))
  private static let y = BoundExpression.variable(VariableID(1))
  private static let layout = RowLayout([VariableID(0), VariableID(1)])

  private static let expressions: [BoundExpression] = {
    var all: [BoundExpression] = []
    for operation in [
      ArithmeticOperator.add, .subtract, .multiply, .divide, .modulo, .power, .concatenate,
    ] { all.append(.arithmetic(operation, x, y)) }
    for operation in [
      ComparisonOperator.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual,
    ] { all.append(.comparison(operation, x, y)) }
    for operation in [StringOperator.startsWith, .endsWith, .contains] {
      all.append(.stringPredicate(operation, x, y))
    }
    all += [
      .and([x, y]), .or([x, y]), .xor(x, y), .not(x), .isNull(x), .isNotNull(x), .negate(x),
      .isIn(x, list: .literal(.list([.integer(1), .float(0.5), .string("аб"), .boolean(true)]))),
      .isIn(
        x, list: .literal(.list([.integer(1), .null, .string("б"), .date(LocalDate(days: 40))]))),
      .isIn(x, list: .list([y, .literal(.integer(2))])),
      .caseWhen(
        subject: x, branches: [.init(when: y, then: x)], otherwise: .literal(.string("no"))),
      .caseWhen(
        subject: nil, branches: [.init(when: .comparison(.less, x, y), then: x)], otherwise: y),
      .function("coalesce", [x, y]), .list([x, y]), .function("size", [x]),
      .function("toUpper", [x]), .function("toLower", [x]), .function("abs", [x]),
      .function("sqrt", [x]), .function("round", [x]), .function("toInteger", [x]),
      .function("toFloat", [x]), .function("toString", [x]), .function("id", [x]),
      .function("startNode", [x]), .function("endNode", [x]), .function("date", [x]),
      .function("date.truncate", [.literal(.string("month")), x]),
      .function("localdatetime.truncate", [.literal(.string("week")), x]),
      .function("nullIf", [x, y]), .function("substring", [x, .literal(.integer(1))]),
      .function("substring", [x, .literal(.integer(0)), .literal(.integer(1))]),
      .function("left", [x, .literal(.integer(1))]),
      .function("round", [x, .literal(.integer(1))]),
      .property(.function("duration.inDays", [x, y]), key: "days"),
      .and([.comparison(.greater, x, y), .comparison(.less, x, .literal(.integer(2)))]),
      .distinctRelationships([VariableID(0), VariableID(1)]),
      .listComprehension(
        VariableID(5), in: .list([x, y]), where: .comparison(.equal, .variable(VariableID(5)), x),
        yield: .list([.variable(VariableID(5)), y])),
      .quantifier(
        .any, VariableID(5), in: .list([x, y]),
        where: .comparison(.less, .variable(VariableID(5)), y)),
    ]
    for key in [
      "year", "month", "day", "week", "hour", "second", "dayOfWeek", "quarter", "nothing",
    ] {
      all.append(.property(x, key: key))
    }
    return all
  }()

  private enum Outcome: Equatable {
    case values([Value])
    case error(String)
  }

  private func outcome(_ expression: BoundExpression, _ a: Vector, _ b: Vector, _ count: Int) throws
    -> Outcome
  {
    let compiled = try CompiledExpression(
      expression, layout: Self.layout, context: try emptyContext())
    do {
      let result = try compiled.evaluate(Batch(columns: [a, b], count: count))
      #expect(result.count == count)
      return .values(VectorReader.values(result, count))
    } catch let error as QueryError {
      return .error(error.detail)
    }
  }

  @Test func typedEqualsBoxed() throws {
    var random = SeededGenerator(seed: 7)
    for expression in Self.expressions {
      for kind in 0..<10 {
        for otherKind in kind < 2 ? [0, 1, 2] : kind == 4 ? [4, 5] : [kind, 0] {
          let count = [0, 1, 3, 63, 64, 65, 100].randomElement(using: &random) ?? 1
          let xs = (0..<count).map { _ in randomValue(kind, &random) }
          let ys = (0..<count).map { _ in randomValue(otherKind, &random) }
          let boxed = try outcome(
            expression, .of(xs, boxed: true), .of(ys, boxed: true), count)
          let typed = try outcome(expression, .of(xs), .of(ys), count)
          #expect(isSame(typed, boxed), "\(expression) kinds \(kind), \(otherKind)")
          guard count > 0 else { continue }
          // A constant on either side.
          let constant = Vector.of([ys[0]], boxed: ys[0] == .null)
          let constantY = copyAsConstant(constant, count)
          let repeated = [Value](repeating: ys[0], count: count)
          #expect(
            isSame(
              try outcome(expression, .of(xs), constantY, count),
              try outcome(expression, .of(xs, boxed: true), .of(repeated, boxed: true), count)),
            "\(expression) kinds \(kind), constant \(otherKind)")
          #expect(
            isSame(
              try outcome(expression, constantY, .of(xs), count),
              try outcome(expression, .of(repeated, boxed: true), .of(xs, boxed: true), count)),
            "\(expression) kinds constant \(otherKind), \(kind)")
        }
      }
    }
  }

  private func isSame(_ a: Outcome, _ b: Outcome) -> Bool {
    guard case .values(let a) = a, case .values(let b) = b else { return a == b }
    // `==` holds between 1 and 1.0: compare types as well.
    return a == b && zip(a, b).allSatisfy { $0.typeName == $1.typeName }
  }

  private func copyAsConstant(_ vector: Vector, _ count: Int) -> Vector {
    let constant = Vector(type: vector.type, isConstant: true)
    constant.count = count
    constant.owners = vector.owners + [vector]
    if vector.type == .any {
      constant.values[0] = vector.values[0]
    } else {
      constant.elements(UInt8.self).update(
        from: vector.elements(UInt8.self), count: vector.type.stride)
    }
    return constant
  }

  @Test func selectWritesTrueRows() throws {
    var random = SeededGenerator(seed: 3)
    let compiled = try CompiledExpression(
      .comparison(.greater, Self.x, Self.y), layout: Self.layout, context: try emptyContext())
    for count in [0, 1, 64, 100] {
      let xs = (0..<count).map { _ in randomValue(0, &random) }
      let ys = (0..<count).map { _ in randomValue(0, &random) }
      var rows = [Int32](repeating: -1, count: count + 1)
      let found = try compiled.select(
        Batch(columns: [.of(xs), .of(ys)], count: count), into: &rows)
      let expected = (0..<count).filter { Value.isGreater(xs[$0], ys[$0]) == true }
      #expect(rows.prefix(found).map { Int($0) } == expected)
    }
    let predicate = try CompiledExpression(Self.x, layout: Self.layout, context: try emptyContext())
    var rows: [Int32] = [0, 0]
    #expect(throws: QueryError.self) {
      try predicate.select(
        Batch(columns: [.of([.integer(1)]), .of([.null])], count: 1), into: &rows)
    }
  }
}
