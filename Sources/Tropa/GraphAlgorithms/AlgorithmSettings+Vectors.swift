internal import GraphKernels

/// Node properties as rows of numbers, a row for each index of the view.
struct PropertyRows {
  /// Shape `[nodeCount · dimension]`; 0 for indices that are not members.
  var values: [Double]
  var dimension: Int
  /// Whether every value is a list.
  var isVector: Bool

  var matrix: FloatMatrix { FloatMatrix(values.map { Float($0) }, dimension: dimension) }
}

extension AlgorithmSettings {
  /// A property of numbers or of lists of numbers, all of one length, that every node has.
  func rows(_ property: String, _ key: String) throws -> PropertyRows {
    let values = try graph.nodeValues(property, of: view)
    var rows = PropertyRows(values: [], dimension: 0, isVector: false)
    for index in view.nodes.members.joined() {
      guard let value = values[index] else {
        throw QueryError(
          .argumentError, "InvalidConfigurationValue",
          "the node \(view.id(UInt32(index))) has no property `\(property)`, which `\(key)` names",
          hint: "project it with a default: {\(property): {property: '\(property)', "
            + "defaultValue: 0.0}}")
      }
      let numbers = try numbers(value, property, key)
      if rows.dimension == 0 {
        rows.dimension = max(numbers.count, 1)
        if case .list = value { rows.isVector = true }
        rows.values = [Double](repeating: 0, count: view.nodeCount * rows.dimension)
      }
      guard numbers.count == rows.dimension else {
        throw QueryError(
          .argumentError, "InvalidConfigurationValue",
          "the lists of `\(property)` have different lengths: \(rows.dimension) and "
            + "\(numbers.count)")
      }
      for (i, number) in numbers.enumerated() {
        rows.values[index * rows.dimension + i] = number
      }
    }
    if rows.dimension == 0 {
      rows.dimension = 1
      rows.values = [Double](repeating: 0, count: view.nodeCount)
    }
    return rows
  }

  /// Several properties side by side.
  func rows(_ properties: [String], _ key: String) throws -> PropertyRows {
    let parts = try properties.map { try rows($0, key) }
    let dimension = parts.reduce(0) { $0 + $1.dimension }
    var values = [Double](repeating: 0, count: view.nodeCount * dimension)
    var begin = 0
    for part in parts {
      for node in 0..<view.nodeCount {
        for i in 0..<part.dimension {
          values[node * dimension + begin + i] = part.values[node * part.dimension + i]
        }
      }
      begin += part.dimension
    }
    return PropertyRows(values: values, dimension: dimension, isVector: true)
  }

  private func numbers(_ value: Value, _ property: String, _ key: String) throws -> [Double] {
    switch value {
    case .integer(let number): return [Double(number)]
    case .float(let number): return [number]
    case .list(let items):
      return try items.map { item in
        switch item {
        case .integer(let number): return Double(number)
        case .float(let number): return number
        default: throw wrongProperty(property, key, item, "a number")
        }
      }
    default: throw wrongProperty(property, key, value, "a number or a list of numbers")
    }
  }
}
