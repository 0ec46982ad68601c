internal import GraphKernels

/// The row that every `.estimate` procedure gives.
struct EstimateRow {
  static let outputs: [Procedure.Field] = [
    .init("requiredMemory", "STRING"), .init("treeView", "STRING"), .init("mapView", "MAP"),
    .init("bytesMin", "INTEGER"), .init("bytesMax", "INTEGER"), .init("nodeCount", "INTEGER"),
    .init("relationshipCount", "INTEGER"), .init("heapPercentageMin", "FLOAT"),
    .init("heapPercentageMax", "FLOAT"),
  ]
  var name: String
  var memory: MemoryEstimate
  var nodeCount: Int
  var relationshipCount: Int

  func emit(_ call: ProcedureInvocation) throws {
    let range = "[\(Self.text(memory.bytesMin)) ... \(Self.text(memory.bytesMax))]"
    let required = memory.bytesMin == memory.bytesMax ? Self.text(memory.bytesMin) : range
    let limit = Double(max(call.context.control.memoryLimit, 1))
    func percent(_ bytes: Int) -> Value {
      .float((Double(bytes) / limit * 1000).rounded() / 10)
    }
    try call.emit([
      .string(required), .string("\(name): \(required)"),
      .map(["name": .string(name), "memoryUsage": .string(required)]),
      .integer(Int64(memory.bytesMin)), .integer(Int64(memory.bytesMax)),
      .integer(Int64(nodeCount)), .integer(Int64(relationshipCount)), percent(memory.bytesMin),
      percent(memory.bytesMax),
    ])
  }

  static func text(_ bytes: Int) -> String {
    let units = ["Bytes", "KiB", "MiB", "GiB", "TiB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 1024, unit + 1 < units.count {
      value /= 1024
      unit += 1
    }
    return unit == 0 ? "\(bytes) Bytes" : "\((value * 10).rounded() / 10) \(units[unit])"
  }
}
