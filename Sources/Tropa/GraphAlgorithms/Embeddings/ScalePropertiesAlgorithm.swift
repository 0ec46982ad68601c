internal import GraphKernels

extension GraphAlgorithm {
  static let scaleProperties = GraphAlgorithm(
    "gds.scaleProperties", "Node properties brought to a common scale.",
    stream: [.integer("nodeId"), .floats("scaledProperty")], summary: [.map("scalerStatistics")]
  ) { settings in
    let names = try settings.map.strings("nodeProperties", default: [])
    if names.isEmpty { throw settings.map.missing("nodeProperties", example: "['…']") }
    if !settings.map.has("scaler") { throw settings.map.missing("scaler", example: "'MINMAX'") }
    let (scaler, offset) = try settings.scaler()
    let properties = try names.map { ($0, try settings.rows($0, "nodeProperties")) }
    let view = settings.view
    let dimension = properties.reduce(0) { $0 + $1.1.dimension }
    return PreparedAlgorithm(memory: settings.memory(24 * dimension * view.nodeCount)) { _ in
      var scaled = [Double](repeating: 0, count: view.nodeCount * dimension)
      var statistics: [String: Value] = [:]
      var column = 0
      for (name, rows) in properties {
        var found: [String: [Double]] = [:]
        for i in 0..<rows.dimension {
          let values = view.nodes.members.joined().map { rows.values[$0 * rows.dimension + i] }
          for (key, value) in PropertyScaling.statistics(values, scaler: scaler) {
            found[key, default: []].append(value)
          }
          let result = PropertyScaling.run([values], scaler: scaler, offset: offset)[0]
          for (index, value) in zip(view.nodes.members.joined(), result) {
            scaled[index * dimension + column] = value
          }
          column += 1
        }
        statistics[name] = .map(found.mapValues { .floats($0) })
      }
      let lists = NodeColumn.values { index in
        .floats(Array(scaled[index * dimension..<(index + 1) * dimension]))
      }
      return .perNode(view, [lists], summary: { ["scalerStatistics": .map(statistics)] })
    }
  }
}
