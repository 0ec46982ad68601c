import Segmentation
import Tropa

/// A model as a map whose values can be properties of a node, so that plain Cypher stores it:
/// `CREATE (m:ChurnModel) SET m = model`.
extension ChurnModel {
  private static let format: Int64 = 1

  var map: Value {
    var map: [String: Value] = [
      "format": .integer(Self.format), "horizon": .integer(Int64(horizon)),
      "trainCutoffs": .list(cutoffs.map { .date(LocalDate(days: Int64($0))) }),
      "features": .list(features.map { .string($0) }), "centres": .floats(centres),
      "scales": .floats(scales),
    ]
    if let logistic {
      map["coefficients"] = .floats(logistic.coefficients)
      map["intercept"] = .float(logistic.intercept)
    }
    if let trees {
      let nodes = trees.trees.flatMap(\.nodes)
      map["treeBaseline"] = .float(trees.baseline)
      map["treeSizes"] = .list(trees.trees.map { .integer(Int64($0.nodes.count)) })
      map["nodeFeatures"] = .list(nodes.map { .integer(Int64($0.feature)) })
      map["nodeLefts"] = .list(nodes.map { .integer(Int64($0.left)) })
      map["nodeRights"] = .list(nodes.map { .integer(Int64($0.right)) })
      map["nodeMissingLefts"] = .list(nodes.map { .boolean($0.missingGoesLeft) })
      map["nodeThresholds"] = .floats(nodes.map(\.threshold))
      map["nodeValues"] = .floats(nodes.map(\.value))
      map["nodeCovers"] = .floats(nodes.map(\.cover))
    }
    return .map(map)
  }

  /// - Throws: `QueryError` unless the value is such a map.
  init(_ value: Value, of procedure: String) throws(QueryError) {
    guard case .map(let map) = value else {
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "`model` of `\(procedure)` is \(value.typeNameWithArticle), not a map",
        hint: "give what `crm.churn.train` yields, or the properties of the node that holds it")
    }
    let reader = ModelReader(map: map, procedure: procedure)
    guard case .integer(Self.format) = map["format"] ?? .null else {
      throw reader.damaged("format")
    }
    let features = try reader.strings("features")
    let centres = try reader.floats("centres", count: features.count)
    let scales = try reader.floats("scales", count: features.count)
    let horizon = try reader.integer("horizon")
    guard (1...3650).contains(horizon) else { throw reader.damaged("horizon") }
    let cutoffs = try reader.days("trainCutoffs")
    var logistic: LogisticRegression?
    if map["intercept"] != nil {
      logistic = LogisticRegression(
        coefficients: try reader.floats("coefficients", count: features.count),
        intercept: try reader.float("intercept"))
    }
    var trees: GradientBoostedTrees?
    if map["treeBaseline"] != nil {
      trees = try reader.trees(features: features.count)
    }
    guard logistic != nil || trees != nil else { throw reader.damaged("intercept") }
    self.init(
      horizon: horizon, cutoffs: cutoffs, features: features, centres: centres, scales: scales,
      logistic: logistic, trees: trees)
  }
}

extension Value {
  fileprivate static func floats(_ values: [Double]) -> Value { .list(values.map { .float($0) }) }
}

/// Reads a stored model, mistrusting it: it may have been edited.
private struct ModelReader {
  let map: [String: Value]
  let procedure: String

  func damaged(_ key: String) -> QueryError {
    QueryError(
      .argumentError, "InvalidConfigurationValue",
      "`model` of `\(procedure)` is not a model of this version: `\(key)` is missing or does not fit",
      hint: "train it again with crm.churn.train")
  }

  func strings(_ key: String) throws(QueryError) -> [String] {
    guard case .list(let values) = map[key] ?? .null else { throw damaged(key) }
    var result: [String] = []
    for value in values {
      guard case .string(let string) = value else { throw damaged(key) }
      result.append(string)
    }
    return result
  }

  /// Dates, at least one, as days.
  func days(_ key: String) throws(QueryError) -> [Int] {
    guard case .list(let values) = map[key] ?? .null, !values.isEmpty else { throw damaged(key) }
    var days: [Int] = []
    for value in values {
      guard case .date(let date) = value else { throw damaged(key) }
      days.append(Int(date.days))
    }
    return days
  }

  func float(_ key: String) throws(QueryError) -> Double {
    switch map[key] ?? .null {
    case .float(let value): return value
    case .integer(let value): return Double(value)
    default: throw damaged(key)
    }
  }

  func integer(_ key: String) throws(QueryError) -> Int {
    guard case .integer(let value) = map[key] ?? .null else { throw damaged(key) }
    return Int(value)
  }

  func floats(_ key: String, count: Int) throws(QueryError) -> [Double] {
    guard case .list(let values) = map[key] ?? .null, values.count == count else {
      throw damaged(key)
    }
    var result: [Double] = []
    result.reserveCapacity(count)
    for value in values {
      switch value {
      case .float(let value): result.append(value)
      case .integer(let value): result.append(Double(value))
      default: throw damaged(key)
      }
    }
    return result
  }

  private func integers(_ key: String, count: Int? = nil) throws(QueryError) -> [Int] {
    guard case .list(let values) = map[key] ?? .null, count == nil || values.count == count else {
      throw damaged(key)
    }
    var result: [Int] = []
    for value in values {
      guard case .integer(let value) = value else { throw damaged(key) }
      result.append(Int(value))
    }
    return result
  }

  func trees(features count: Int) throws(QueryError) -> GradientBoostedTrees {
    let sizes = try integers("treeSizes")
    guard sizes.allSatisfy({ (1...1_000_000).contains($0) }), sizes.count <= 100_000 else {
      throw damaged("treeSizes")
    }
    let total = sizes.reduce(0, +)
    let features = try integers("nodeFeatures", count: total)
    let lefts = try integers("nodeLefts", count: total)
    let rights = try integers("nodeRights", count: total)
    let thresholds = try floats("nodeThresholds", count: total)
    let values = try floats("nodeValues", count: total)
    let covers = try floats("nodeCovers", count: total)
    guard case .list(let missing) = map["nodeMissingLefts"] ?? .null, missing.count == total else {
      throw damaged("nodeMissingLefts")
    }
    var trees: [DecisionTree] = []
    var start = 0
    for size in sizes {
      var nodes: [DecisionTree.Node] = []
      for index in 0..<size {
        let place = start + index
        var node = DecisionTree.Node()
        // Children come after their parent, so that no walk can go round in circles.
        if features[place] >= 0 {
          guard features[place] < count, (index + 1..<size).contains(lefts[place]),
            (index + 1..<size).contains(rights[place])
          else { throw damaged("nodeLefts") }
          node.feature = Int32(features[place])
          node.left = Int32(lefts[place])
          node.right = Int32(rights[place])
        }
        if case .boolean(true) = missing[place] { node.missingGoesLeft = true }
        node.threshold = thresholds[place]
        node.value = values[place]
        guard covers[place] > 0 else { throw damaged("nodeCovers") }
        node.cover = covers[place]
        nodes.append(node)
      }
      trees.append(DecisionTree(nodes: nodes))
      start += size
    }
    return GradientBoostedTrees(baseline: try float("treeBaseline"), trees: trees)
  }
}
