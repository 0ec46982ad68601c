internal import CypherExecution
internal import GraphKernels

/// `degreeDistribution` of `gds.graph.list`.
enum DegreeDistribution {
  static func of(_ graph: ProjectedGraph, control: ExecutionControl) throws -> Value {
    let view = try graph.view(.init(), control: control)
    let degrees = try DegreeCentrality.run(view)
    let values = view.nodes.memberValues(degrees)
    let wanted = ["min", "mean", "max", "p50", "p75", "p90", "p95", "p99", "p999"]
    return .distribution(
      Distribution(values).communityEntries.filter { wanted.contains($0.key) }, integers: true)
  }
}
