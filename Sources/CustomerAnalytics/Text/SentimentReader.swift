internal import TextAnalysis
import Tropa

/// What reads sentiment in a call of `crm.text.sentiment.*`, and where the reviews are.
struct SentimentReader {
  let label: String
  let textProperty: String
  let model: any SentimentModel
  /// Nil when the call does not want aspects.
  let aspects: AspectReader?
  /// Changes whenever scores or aspects may.
  let version: String
  let concurrency: Int
  var configuration: ConfigurationMap

  /// The model of a call that names none.
  private static let lexiconName = "lexicon"

  init(_ call: ProcedureInvocation, _ name: String) throws {
    configuration = try ConfigurationMap(call.arguments[0], of: name)
    let schema = try CustomerSchema(&configuration, call)
    let inventory = try GraphInventory(call)
    try schema.require(.reviewLabel, inventory)
    try schema.require(.textProperty, inventory)
    label = schema[.reviewLabel] ?? ""
    textProperty = schema[.textProperty] ?? ""
    let modelPath = try configuration.string("model") ?? Self.lexiconName
    let lexiconPaths = try configuration.strings("lexicons", default: [])
    let wantsAspects = try configuration.boolean("aspects", default: true)
    concurrency = try configuration.integer("concurrency", default: 4, in: 1...1024)
    do throws(TextError) {
      var lexicon = try SentimentLexicon.builtIn()
      for path in lexiconPaths { try lexicon.add(file: path) }
      let reading = LexiconSentimentModel(lexicon)
      let linear = modelPath == Self.lexiconName ? nil : try LinearSentimentModel(file: modelPath)
      if let linear { model = linear } else { model = reading }
      aspects = wantsAspects ? try AspectReader(lexicon, model: linear) : nil
      var version = model.version
      if wantsAspects { version += linear == nil ? "+aspects" : "+aspects-\(reading.version)" }
      self.version = version
    } catch {
      throw QueryError(error)
    }
  }

  /// Some reviews in order of node id.
  struct Window {
    var nodes: [Int64] = []
    var texts: [String] = []
    /// What `hash` gave for each; `Int64.min` for null.
    var hashes: [Int64] = []
  }
  private static let windowSize = 1 << 14

  /// Gives all reviews with a text, some at a time, so that only these are in memory.
  ///
  /// - Parameter hash: an integer expression over the review `r`.
  func forEachWindow(
    _ call: ProcedureInvocation, hash: String = "null", parameters: [String: Value] = [:],
    _ body: (Window) throws -> Void
  ) throws {
    let cursor = try call.stream(
      ReviewTexts.query(label, textProperty, ", \(hash) AS hash"), parameters: parameters)
    var window = Window()
    while let batch = try cursor.nextColumns() {
      try batch.appendIntegers(of: 0, to: &window.nodes)
      do {
        try batch.appendStrings(of: 1, to: &window.texts)
      } catch {
        throw QueryError(
          .typeError, "InvalidArgumentType",
          "the property `\(textProperty)` of a `\(label)` is no text: \(error.message)",
          hint: "set textProperty in the configuration to the property with the texts")
      }
      try batch.appendIntegers(of: 2, to: &window.hashes)
      if window.nodes.count >= Self.windowSize {
        try body(window)
        window = Window()
      }
      try call.checkCancellation()
    }
    if !window.nodes.isEmpty { try body(window) }
  }

  /// A score and the aspects of each text.
  func read(
    _ texts: [String], _ call: ProcedureInvocation
  ) throws -> (scores: [SentimentScore], aspects: [AspectPolarities]?) {
    do {
      let scores = try model.scores(of: texts, concurrency: concurrency) {
        try call.checkCancellation()
      }
      let aspects = try aspects?.polarities(of: texts, concurrency: concurrency) {
        try call.checkCancellation()
      }
      return (scores, aspects)
    } catch let error as TextError {
      throw QueryError(error)
    }
  }
}
