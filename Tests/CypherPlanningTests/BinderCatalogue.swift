import CypherPlanning
import TestSupport

/// A world without a store: functions and procedures by name and number of arguments.
struct BinderCatalogue: PlanningCatalogue {
  var procedures: [String: ProcedureSignature] = [:]
  var labelNames: [String] = []
  var relationshipTypeNames: [String] = []
  var propertyKeyNames: [String] = []

  private static let functions: [String: FunctionSignature] = {
    let numbers: [(ClosedRange<Int>, String, String)] = [
      (1...1, "FLOAT", "sqrt sin cos tan exp log log10 degrees radians ceil floor toFloat"),
      (1...1, "INTEGER", "sign size length toInteger id"),
      (1...1, "ANY", "abs head last elementId properties startNode endNode"),
      (1...1, "STRING", "toString toUpper toLower trim lTrim rTrim type"),
      (1...1, "LIST<ANY>", "labels keys nodes relationships tail"),
      (1...1, "ANY", "reverse"), (1...1, "BOOLEAN", "toBoolean"),
      (2...2, "STRING", "left right"), (3...3, "STRING", "replace"),
      (2...3, "STRING", "substring"), (2...2, "LIST<STRING>", "split"),
      (2...3, "LIST<INTEGER>", "range"), (0...0, "FLOAT", "rand pi"),
      (1...2, "FLOAT", "round"), (1...1, "POINT", "point"),
      (0...1, "DATE", "date"), (0...1, "DATETIME", "datetime localdatetime time localtime"),
      (1...1, "DURATION", "duration"),
      (2...2, "DURATION", "duration.between duration.inMonths duration.inDays duration.inSeconds"),
      (
        1...3, "ANY",
        "date.truncate datetime.truncate localdatetime.truncate time.truncate localtime.truncate"
      ),
      (1...2, "ANY", "datetime.fromEpoch datetime.fromEpochMillis"),
    ]
    let aggregates: [(ClosedRange<Int>, String, String)] = [
      (1...1, "INTEGER", "count"), (1...1, "NUMBER", "sum"), (1...1, "ANY", "min max avg"),
      (1...1, "FLOAT", "stDev stDevP"), (1...1, "LIST<ANY>", "collect"),
      (2...2, "FLOAT", "percentileCont percentileDisc"),
    ]
    var result: [String: FunctionSignature] = [:]
    for (rows, isAggregate) in [(numbers, false), (aggregates, true)] {
      for (counts, type, names) in rows {
        for name in names.split(separator: " ").map(String.init) {
          result[name.lowercased()] = FunctionSignature(
            name: name, category: "", parameters: parameters(counts), returnType: type,
            summary: "", isAggregate: isAggregate)
        }
      }
    }
    for type in ["date", "datetime", "localdatetime", "time", "localtime"] {
      for clock in ["transaction", "statement", "realtime"] {
        result["\(type).\(clock)"] = FunctionSignature(
          name: "\(type).\(clock)", category: "", parameters: parameters(0...1),
          returnType: "ANY", summary: "")
      }
    }
    result["coalesce"] = FunctionSignature(
      name: "coalesce", category: "", parameters: [.init("value", "ANY")], isVariadic: true,
      returnType: "ANY", summary: "")
    return result
  }()

  private static func parameters(_ counts: ClosedRange<Int>) -> [FunctionSignature.Parameter] {
    (0..<counts.upperBound).map {
      .init("argument\($0 + 1)", "ANY", isOptional: $0 >= counts.lowerBound)
    }
  }

  func function(named name: String) -> FunctionSignature? { Self.functions[name.lowercased()] }
  func procedure(named name: String) -> ProcedureSignature? { procedures[name] }
  var functionNames: [String] { Self.functions.values.map(\.name).sorted() }
  var procedureNames: [String] { procedures.keys.sorted() }

  mutating func add(_ procedure: TestProcedure) {
    let field = { (field: TestProcedure.Field) in
      ProcedureSignature.Field(field.name, field.type)
    }
    procedures[procedure.name] = ProcedureSignature(
      name: procedure.name, inputs: procedure.inputs.map(field),
      outputs: procedure.outputs.map(field), summary: "")
  }

  func nodeCount(label: String?) -> Double { 100 }
  func relationshipCount(type: String?, from: String?, to: String?) -> Double { 1_000 }
  func distinctValues(label: String?, key: String) -> Double? { nil }
  func nodeIndexes(label: String) -> [IndexDescription] { [] }
  func relationshipIndexes(type: String) -> [IndexDescription] { [] }
}
