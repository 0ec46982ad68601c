internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

package enum AggregateFactory {
  /// One whose errors have its place in the query.
  static func make(
    _ projection: AggregateProjection, context: ExecutionContext
  ) throws -> any GroupedAggregate {
    let aggregate = try make(
      projection.function, isDistinct: projection.isDistinct,
      argumentCount: projection.arguments.count, context: context)
    let call = BoundExpression.function(projection.function, projection.arguments)
    guard let range = context.places?.place(of: call) else { return aggregate }
    return PlacedAggregate(aggregate, range)
  }

  /// The function by canonical name: typed fast paths by the type of the arguments seen.
  package static func make(
    _ function: String, isDistinct: Bool, argumentCount: Int, context: ExecutionContext
  ) throws -> any GroupedAggregate {
    let aggregate: any GroupedAggregate =
      switch function.lowercased() {
      case "count": CountAggregate()
      case "sum": SumAggregate()
      case "avg": AverageAggregate()
      case "min": ExtremeAggregate(isMaximum: false)
      case "max": ExtremeAggregate(isMaximum: true)
      case "gds.graph.project": GraphProjectionAggregate(context)
      case "collect": CollectAggregate()
      case "stdev": DeviationAggregate(ofSample: true)
      case "stdevp": DeviationAggregate(ofSample: false)
      case "percentilecont": PercentileAggregate(isContinuous: true, context.control)
      case "percentiledisc": PercentileAggregate(isContinuous: false, context.control)
      default:
        throw QueryError(
          .syntaxError, "UnknownFunction", "there is no aggregation function `\(function)`")
      }
    // The least and the greatest value are the same with duplicates.
    if !isDistinct || argumentCount == 0 || aggregate is ExtremeAggregate { return aggregate }
    return DistinctAggregate(aggregate, argumentCount: argumentCount, context.control)
  }
}

extension Array {
  /// Appends copies of an element until there are `count`.
  mutating func grow(to count: Int, _ element: Element) {
    if self.count < count {
      append(contentsOf: repeatElement(element, count: count - self.count))
    }
  }
}

/// Merging is between aggregates of one function only.
func mismatchedAggregates() -> QueryError {
  QueryError(.semanticError, "InvalidAggregation", "partial results of two functions do not merge")
}
