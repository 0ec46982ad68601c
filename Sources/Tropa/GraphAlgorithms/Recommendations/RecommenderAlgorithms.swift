internal import GraphKernels

extension GraphAlgorithm {
  static let recommendByItems = recommender(
    "recommend.items", "For each source the items that go together with those that it has.",
    isWeightable: false
  ) { settings in
    var configuration = ItemRecommender.Configuration()
    configuration.common = try settings.recommendations()
    configuration.measure = try settings.map.choice(
      "measure", default: CoOccurrence.Measure.logLikelihoodRatio)
    configuration.neighbours = try settings.map.integer("neighbours", default: 100)
    configuration.minimumCount = try settings.map.integer("minCount", default: 1)
    configuration.upperDegreeCutoff = try settings.map.integer(
      "upperDegreeCutoff", default: Int(Int32.max))
    let view = settings.view
    return PreparedAlgorithm(
      memory: ItemRecommender.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount, configuration)
    ) { [configuration, settings] monitor in
      .recommendations(
        try ItemRecommender.run(view, configuration, monitor: monitor), settings)
    }
  }

  static let recommendByPageRank = recommender(
    "recommend.pageRank",
    "For each source the items that a random walk from it stops at most often."
  ) { settings in
    var configuration = PersonalizedPageRank.Configuration()
    configuration.common = try settings.recommendations()
    configuration.dampingFactor = try settings.map.float("dampingFactor", default: 0.85)
    configuration.tolerance = try settings.map.float("tolerance", default: 1e-5)
    let view = settings.view
    return PreparedAlgorithm(
      memory: PersonalizedPageRank.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount, configuration)
    ) { [configuration, settings] monitor in
      .recommendations(
        try PersonalizedPageRank.run(view, configuration, monitor: monitor), settings)
    }
  }

  static let recommendByFactors = recommender(
    "recommend.als", "For each source the items with the greatest product of factors (ALS).",
    summary: [.integer("ranIterations"), .float("loss")]
  ) { settings in
    var configuration = AlternatingLeastSquares.Configuration()
    configuration.common = try settings.recommendations()
    configuration.factors = try settings.map.integer("factors", default: 64)
    configuration.regularization = try settings.map.float("regularization", default: 0.01)
    configuration.alpha = try settings.map.float("alpha", default: 1)
    configuration.iterations = try settings.map.integer("maxIterations", default: 15)
    configuration.steps = try settings.map.integer("conjugateGradientSteps", default: 3)
    configuration.randomSeed = try settings.randomSeed()
    let view = settings.view
    return PreparedAlgorithm(
      memory: AlternatingLeastSquares.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount, configuration)
    ) { [configuration, settings] monitor in
      let (result, loss) = try AlternatingLeastSquares.run(
        view, configuration, monitor: monitor)
      return .recommendations(result, settings) {
        ["ranIterations": .count(configuration.iterations), "loss": .float(loss)]
      }
    }
  }
}
