package import TextAnalysis
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
  /// A Cypher predicate over the review `r`.
  let filter: String?
  var configuration: ConfigurationMap

  /// The model of a call that names none.
  private static let lexiconName = "lexicon"

  init(_ call: ProcedureInvocation, _ name: String) throws {
    configuration = try ConfigurationMap(call.arguments[0], of: name)
    label = try configuration.string("reviewLabel") ?? "Review"
    textProperty = try configuration.string("textProperty") ?? "text"
    filter = try configuration.string("filter")
    let modelPath = try configuration.string("model") ?? Self.lexiconName
    let lexiconPaths = try configuration.strings("lexicons", default: [])
    let wantsAspects = try configuration.boolean("aspects", default: true)
    concurrency = try configuration.integer("concurrency", default: 4, in: 1...1024)
    try Self.require(label, "reviewLabel", "label", "db.labels", call)
    try Self.require(textProperty, "textProperty", "property", "db.propertyKeys", call)
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

  private static func require(
    _ name: String, _ key: String, _ what: String, _ procedure: String, _ call: ProcedureInvocation
  ) throws {
    let result = try call.query("CALL \(procedure)()")
    let known = try result.strings(result.columns[0])
    if known.contains(name) { return }
    throw QueryError(
      .argumentError, "SchemaMismatch", "the database has no \(what) `\(name)`",
      hint: NameSuggestion.nearest(to: name, among: known)
        .map { "did you mean `\($0)`? Set \(key): '\($0)' in the configuration" }
        ?? "set \(key) in the configuration; there is "
        + (known.isEmpty ? "none yet" : known.sorted().prefix(12).joined(separator: ", ")))
  }

  /// The reviews of the graph.
  func reviews(_ call: ProcedureInvocation, columns: String = "") throws -> QueryResult {
    try call.query(
      ReviewTexts.query(label, textProperty, filter.map { " AND (\($0))" } ?? "", columns))
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
