import Segmentation
import Tropa

/// How many segments there should be, and whether they come out again.
enum SegmentEvaluation {
  static let evaluate = Procedure(
    "crm.segments.evaluate", inputs: SegmentProcedures.inputs,
    outputs: [
      .init("k", "INTEGER"), .init("inertia", "FLOAT"), .init("silhouette", "FLOAT"),
      .init("calinskiHarabasz", "FLOAT"), .init("daviesBouldin", "FLOAT"), .init("gap", "FLOAT"),
      .init("gapDeviation", "FLOAT"), .init("partitionCoefficient", "FLOAT"),
      .init("smallestSegment", "INTEGER"), .init("bestBy", "LIST<STRING>"),
    ],
    summary:
      "Indices of the quality of k-means or c-means for each number of segments from minK to maxK, "
      + "and which number each index prefers."
  ) { call in
    let name = "crm.segments.evaluate"
    var configuration = try ConfigurationMap(call.arguments[0], of: name)
    let schema = try CustomerSchema(&configuration, call)
    let settings = try SegmentSettings(&configuration, of: name, least: 2)
    guard settings.method == .kmeans || settings.method == .cmeans else {
      throw QueryError(
        .argumentError, "InvalidConfigurationValue",
        "method: '\(settings.method.rawValue)' finds its own number of segments",
        hint: "evaluate 'kmeans' or 'cmeans'")
    }
    let reference = try configuration.date("referenceDate")
    let references = try configuration.integer("references", default: 10, in: 1...1000)
    try configuration.finish()
    try schema.validate(call)
    let history = try PurchaseHistory(
      schema, unit: nil, monetary: .sum, referenceDate: reference, call: call)
    let table = try FeatureTable(
      schema, history: history, names: settings.features.names, call: call)
    let matrix = try FeatureSpace(table, settings.features).matrix
    // What nobody looks at is not computed; the choice by an index counts as a look at it.
    let all = call.isWanted("bestBy")
    let wanted = ClusterCountSelection.Criterion.allCases.filter {
      all || call.isWanted($0.rawValue) || ($0 == .gap && call.isWanted("gapDeviation"))
    }
    let selection = try SegmentationFailure.translated(call) {
      try ClusterCountSelection(
        matrix, settings.clustering(k: settings.range.lowerBound, for: matrix),
        settings.selecting(Set(wanted), rows: matrix.rowCount, references: references),
        isCancelled: { (try? call.checkCancellation()) == nil })
    }
    let best = ClusterCountSelection.Criterion.allCases.map { ($0, selection.best(by: $0)) }
    func value(_ number: Double?) -> Value { number.map { .float($0) } ?? .null }
    for candidate in selection.candidates {
      try call.emit([
        .integer(Int64(candidate.k)), .float(candidate.inertia), value(candidate.silhouette),
        value(candidate.calinskiHarabasz), value(candidate.daviesBouldin),
        value(candidate.gap?.gap), value(candidate.gap?.deviation),
        value(candidate.partitionCoefficient), .integer(Int64(candidate.smallestCluster)),
        .list(best.filter { $0.1 == candidate.k }.map { .string($0.0.rawValue) }),
      ])
    }
  }

  static let stability = Procedure(
    "crm.segments.stability", inputs: SegmentProcedures.inputs,
    outputs: [
      .init("segment", "INTEGER"), .init("name", "STRING"), .init("nameRu", "STRING"),
      .init("clients", "INTEGER"), .init("jaccard", "FLOAT"), .init("isStable", "BOOLEAN"),
      .init("adjustedRandIndex", "FLOAT"), .init("deviation", "FLOAT"),
      .init("repetitions", "INTEGER"),
    ],
    summary:
      "Whether segments come out again on other samples of the clients: for each the mean Jaccard "
      + "similarity to what it becomes (stable above 0.75), for all the mean adjusted Rand index."
  ) { call in
    var configuration = ClusterStability.Configuration()
    let run = try SegmentProcedures.run(call, "crm.segments.stability") { map in
      configuration.repetitions = try map.integer("repetitions", default: 20, in: 1...10_000)
      configuration.resampling = try map.choice("resampling", default: .subsample)
      configuration.share = try map.float("sampleShare", default: 0.8, in: 0.01...1)
    }
    configuration.seed = run.settings.seed
    guard let method = run.method, let clustering = run.clustering else {
      throw QueryError(
        .argumentError, "InvalidConfigurationValue",
        "method: 'rfm' scores clients by rule, so there is nothing that could come out otherwise",
        hint: "look at the stability of 'kmeans', 'cmeans' or 'dbscan'")
    }
    let settings = configuration
    let stability = try SegmentationFailure.translated(call) {
      try ClusterStability(
        run.space.matrix, method, of: clustering, settings,
        isCancelled: { (try? call.checkCancellation()) == nil })
    }
    let means = SegmentMeans(run.table, run.segments)
    let clusters = (0..<clustering.clusterCount).sorted {
      run.segment(ofCluster: $0) < run.segment(ofCluster: $1)
    }
    for cluster in clusters {
      let segment = run.segment(ofCluster: cluster)
      let name = run.name(segment)
      try call.emit([
        .integer(Int64(segment)), .string(name.en), .string(name.ru),
        .integer(Int64(means.rows(segment).count)), .float(stability.jaccard[cluster]),
        .boolean(stability.jaccard[cluster] > ClusterStability.stableFrom),
        .float(stability.mean), .float(stability.deviation),
        .integer(Int64(stability.agreements.count)),
      ])
    }
  }
}
