internal import Glibc
internal import Segmentation
import Synchronization

/// Fits a linear model to texts with marks.
///
/// For each step between two marks a logistic regression tells the texts above from those below
/// (Frank, Hall: "A simple approach to ordinal classification", 2001): so a mark's order counts, and
/// the middle, which no single direction of words describes, is where the steps disagree. The
/// regressions of each fold of a cross-validation give decisions for texts they have not seen; on
/// these the calibration is fitted and the quality told.
package struct SentimentTrainer: Sendable {
  package struct Configuration: Sendable {
    /// 2 leaves the neutral texts out.
    package var classCount = 3
    /// The weight of the errors against that of the penalty (C of LIBLINEAR).
    package var cost = 1.0
    /// How much rare marks weigh more: the cost of a text is divided by the share of its mark to
    /// this power; 0 for equal weights, 1 for equal sums of weights.
    package var balance = 0.5
    /// Features of fewer texts are left out.
    package var textsMinimum = 2
    package var featuresMaximum = 200_000
    /// Of more texts an even choice is taken.
    package var rowsMaximum = 200_000
    package var folds = 5
    package var seed: UInt64 = 42
    package var concurrency = 2
    package init() {}
  }

  /// Beyond so many texts one fold of the cross-validation says enough.
  private static let fullValidationRows = 40_000
  private static let marksMaximum = 10

  private let configuration: Configuration
  /// The texts that count, and their marks as positions in `marks`.
  private let texts: [String]
  private let levels: [Int]
  private let marks: [Double]
  private let classes: [SentimentClass]
  private let classOfLevel: [Int]

  /// - Throws: when there are too few texts, marks or classes to learn from.
  package init(
    texts allTexts: [String], marks allMarks: [Double], scale: StarScale,
    _ configuration: Configuration
  ) throws(TextError) {
    self.configuration = configuration
    var rows = allTexts.indices.filter { row in
      allMarks[row].isFinite
        && (configuration.classCount != 2 || scale.sentiment(allMarks[row]) != .neutral)
    }
    if rows.count > configuration.rowsMaximum {
      let count = rows.count
      rows = (0..<configuration.rowsMaximum).map { rows[$0 * count / configuration.rowsMaximum] }
    }
    marks = Set(rows.map { allMarks[$0] }).sorted()
    guard marks.count >= 2 else {
      throw TextError("there are \(rows.count) texts and no two different marks to learn from")
    }
    guard marks.count <= Self.marksMaximum else {
      throw TextError(
        "there are \(marks.count) different marks; a scale of stars has at most "
          + "\(Self.marksMaximum)", hint: "round the marks, for example to whole stars")
    }
    texts = rows.map { allTexts[$0] }
    let position = Dictionary(uniqueKeysWithValues: marks.enumerated().map { ($1, $0) })
    levels = rows.map { position[allMarks[$0]] ?? 0 }
    let sentiments = marks.map { scale.sentiment($0) }
    let present = SentimentClass.allCases.filter { sentiments.contains($0) }
    classes = present
    classOfLevel = sentiments.map { present.firstIndex(of: $0) ?? 0 }
    guard classes.count >= 2 else {
      throw TextError(
        "all marks are \(present.first?.name ?? "missing"), so there is nothing to tell apart")
    }
    for (index, sentiment) in classes.enumerated() {
      let count = levels.count { classOfLevel[$0] == index }
      guard count >= 10 else {
        throw TextError(
          "only \(count) texts are \(sentiment.name); at least 10 of each class are needed",
          hint: "use the lexicon until there are more")
      }
    }
  }

  /// - Parameters:
  ///   - checkpoint: called often from the calling thread, with the share that is done.
  package func train(
    checkpoint: (Double) throws -> Void = { _ in }
  ) throws -> LinearSentimentModel {
    let reader = ReviewFeatures(try TermReader())
    var counts = FeatureSpace.Counts()
    for (index, text) in texts.enumerated() {
      if index & 255 == 0 { try checkpoint(0.1 * Double(index) / Double(texts.count)) }
      var text = text
      text.withUTF8 { reader.read($0) }
      counts.add(reader)
    }
    let space = FeatureSpace(
      counts, minimum: configuration.textsMinimum, maximum: configuration.featuresMaximum)
    let vector = ReviewVector(space, reader.terms)
    let lexicon = try SentimentLexicon.builtIn()
    var polarities: [Double] = []
    var rows = SparseRows(columnCount: space.count)
    for (index, text) in texts.enumerated() {
      if index & 255 == 0 { try checkpoint(0.1 + 0.1 * Double(index) / Double(texts.count)) }
      var text = text
      text.withUTF8 { vector.read($0) }
      rows.append(vector)
      polarities.append(Double(vector.polarity(lexicon)))
    }
    return try fit(rows, polarities, space, checkpoint)
  }

  /// The fold of each row, from its text, so that copies of a text are in one fold.
  private func folds() -> [Int] {
    texts.map { text in
      let hash = Fingerprint.combine(configuration.seed, UInt64(bitPattern: TextHash.of(text)))
      return Int(hash % UInt64(max(configuration.folds, 2)))
    }
  }

  private func costs() -> [Double] {
    var counts = [Double](repeating: 0, count: marks.count)
    for level in levels { counts[level] += 1 }
    let even = Double(levels.count) / Double(marks.count)
    return levels.map { configuration.cost * pow(even / counts[$0], configuration.balance) }
  }

  private func fit(
    _ rows: SparseRows, _ polarities: [Double], _ space: FeatureSpace,
    _ checkpoint: (Double) throws -> Void
  ) throws -> LinearSentimentModel {
    let steps = marks.count - 1
    let fold = folds()
    let costs = costs()
    let validated =
      rows.count > Self.fullValidationRows ? 1 : max(configuration.folds, 2)
    // The last round is the model itself.
    let jobs = (validated + 1) * steps
    let regressions = Mutex<[LogisticRegression?]>(.init(repeating: nil, count: jobs))
    let isCancelled = Atomic(false)
    var done = 0
    while done < jobs {
      try checkpoint(0.2 + 0.8 * Double(done) / Double(jobs))
      let first = done
      let count = min(max(configuration.concurrency, 1), jobs - done)
      parallelFor(count, concurrency: configuration.concurrency) { offset in
        let job = first + offset
        let round = job / steps
        let step = job % steps
        let members = fold.indices.filter { round == validated || fold[$0] != round }
        let found = LogisticRegression.fit(
          rows, members: members, isPositive: levels.map { $0 > step }, costs: costs,
          .init(seed: configuration.seed &+ UInt64(job)),
          isCancelled: { isCancelled.load(ordering: .relaxed) })
        regressions.withLock { $0[job] = found }
      }
      done += count
    }
    let found = regressions.withLock { $0.compactMap { $0 } }

    var decisions: [[Double]] = []
    var seen: [Int] = []
    for row in fold.indices where fold[row] < validated {
      seen.append(row)
      decisions.append(
        (0..<steps).map { found[fold[row] * steps + $0].decision(rows, row) } + [polarities[row]])
    }
    let labels = seen.map { classOfLevel[levels[$0]] }
    var calibration = Calibration.fit(decisions, labels: labels, classCount: classes.count)
    calibration.chooseRarity(decisions, labels: labels, classes)
    var information = ModelInformation()
    information.texts = texts.count
    information.marks = marks
    information.markCounts = marks.indices.map { mark in levels.count { $0 == mark } }
    // The calibration has seen these labels, but has few coefficients to remember them by.
    let matrix = calibration.confusion(decisions, labels: labels, classes)
    information.accuracy = matrix.accuracy
    information.macroF1 = matrix.macroF1
    try checkpoint(1)
    return try LinearSentimentModel.quantised(
      Array(found.suffix(steps)), classes, information, space, calibration)
  }
}

extension LinearSentimentModel {
  /// Weights as 16-bit numbers: an error of a 65,000th of the largest one.
  static func quantised(
    _ regressions: [LogisticRegression], _ classes: [SentimentClass],
    _ information: ModelInformation, _ space: FeatureSpace, _ calibration: Calibration
  ) throws(TextError) -> LinearSentimentModel {
    let heads = regressions.count
    let steps = regressions.map { regression in
      max(regression.weights.reduce(0) { max($0, abs($1)) }, 1e-9) / 32_767
    }
    var weights = [Int16](repeating: 0, count: space.count * heads)
    for (head, regression) in regressions.enumerated() {
      for (feature, weight) in regression.weights.enumerated() {
        weights[feature * heads + head] = Int16((weight / steps[head]).rounded())
      }
    }
    return try LinearSentimentModel(
      classes: classes, information: information, space: space, weights: weights, steps: steps,
      biases: regressions.map(\.bias), calibration: calibration
    ).sealed()
  }
}
