internal import TextAnalysis
import Tropa

/// `crm.text.sentiment`: what reviews say of the thing and of delivery, price, quality and service.
enum SentimentProcedures {
  static let all: [Procedure] = [stream, stats, write]

  private static let inputs: [Procedure.Field] = [
    .init("configuration", "MAP", defaultValue: .map([:]))
  ]

  private static func map(_ polarities: AspectPolarities?) -> Value {
    guard let polarities else { return .null }
    var map: [String: Value] = [:]
    for aspect in Aspect.allCases where !polarities[aspect.rawValue].isNaN {
      map[aspect.name] = .float(Double(polarities[aspect.rawValue]))
    }
    return .map(map)
  }

  static let stream = Procedure(
    "crm.text.sentiment.stream", inputs: inputs,
    outputs: [
      .init("nodeId", "INTEGER"), .init("sentiment", "STRING"), .init("score", "FLOAT"),
      .init("negative", "FLOAT"), .init("neutral", "FLOAT"), .init("positive", "FLOAT"),
      .init("aspects", "MAP"), .init("modelVersion", "STRING"),
    ],
    summary: "The sentiment of reviews: class, score from -1 to 1, probabilities, and the score of "
      + "each aspect that a review names."
  ) { call in
    let reader = try SentimentReader(call, "crm.text.sentiment.stream")
    try reader.configuration.finish()
    try reader.forEachWindow(call) { window in
      let (scores, aspects) = try reader.read(window.texts, call)
      try call.emit(columns: [
        .integers(window.nodes), .strings(scores.map(\.label.name)),
        .floats(scores.map { Double($0.polarity) }), .floats(scores.map { Double($0.negative) }),
        .floats(scores.map { Double($0.neutral) }), .floats(scores.map { Double($0.positive) }),
        .values(scores.indices.map { map(aspects?[$0]) }),
        .strings(.init(repeating: reader.version, count: scores.count)),
      ])
    }
  }

  static let stats = Procedure(
    "crm.text.sentiment.stats", inputs: inputs,
    outputs: [
      .init("aspect", "STRING"), .init("reviews", "INTEGER"), .init("negative", "INTEGER"),
      .init("neutral", "INTEGER"), .init("positive", "INTEGER"), .init("negativeShare", "FLOAT"),
      .init("score", "FLOAT"), .init("modelVersion", "STRING"),
    ],
    summary: "How many reviews are negative, neutral and positive, in all and of each aspect."
  ) { call in
    let reader = try SentimentReader(call, "crm.text.sentiment.stats")
    try reader.configuration.finish()
    var all = Tally()
    var tallies = [Tally](repeating: Tally(), count: Aspect.allCases.count)
    try reader.forEachWindow(call) { window in
      let (scores, aspects) = try reader.read(window.texts, call)
      for score in scores { all.add(score.label, Double(score.polarity)) }
      for polarities in aspects ?? [] {
        for aspect in Aspect.allCases where !polarities[aspect.rawValue].isNaN {
          let polarity = polarities[aspect.rawValue]
          tallies[aspect.rawValue].add(SentimentClass(aspectPolarity: polarity), Double(polarity))
        }
      }
    }
    try call.emit(all.row("all", reader.version))
    if reader.aspects == nil { return }
    for aspect in Aspect.allCases {
      try call.emit(tallies[aspect.rawValue].row(aspect.name, reader.version))
    }
  }

  private struct Tally {
    private var counts: [SentimentClass: Int] = [:]
    private var sum = 0.0

    mutating func add(_ sentiment: SentimentClass, _ polarity: Double) {
      counts[sentiment, default: 0] += 1
      sum += polarity
    }

    func row(_ name: String, _ version: String) -> [Value] {
      let total = counts.values.reduce(0, +)
      func count(_ sentiment: SentimentClass) -> Value { .integer(Int64(counts[sentiment] ?? 0)) }
      return [
        .string(name), .integer(Int64(total)), count(.negative), count(.neutral),
        count(.positive),
        total == 0 ? .null : .float(Double(counts[.negative] ?? 0) / Double(total)),
        total == 0 ? .null : .float(sum / Double(total)), .string(version),
      ]
    }
  }

  static let write = Procedure(
    "crm.text.sentiment.write", inputs: inputs,
    outputs: [
      .init("reviews", "INTEGER"), .init("scored", "INTEGER"), .init("unchanged", "INTEGER"),
      .init("nodePropertiesWritten", "INTEGER"), .init("modelVersion", "STRING"),
    ], mode: .write,
    summary: "Writes the sentiment of reviews on their nodes, where the text or the model is "
      + "another than that of the score at hand."
  ) { call in
    var reader = try SentimentReader(call, "crm.text.sentiment.write")
    let prefix = try reader.configuration.string("writePrefix") ?? "sentiment"
    try reader.configuration.finish()
    let modelKey = CustomerSchema.quoted(prefix + "Model")
    let hashKey = CustomerSchema.quoted(prefix + "TextHash")
    var reviews = 0
    var nodes: [NodeID] = []
    var scores: [SentimentScore] = []
    var aspects: [AspectPolarities]? = reader.aspects == nil ? nil : []
    var hashes: [Int64] = []
    try reader.forEachWindow(
      call, hash: "CASE WHEN r.\(modelKey) = $version THEN r.\(hashKey) END",
      parameters: ["version": .string(reader.version)]
    ) { window in
      reviews += window.nodes.count
      var texts: [String] = []
      for (row, text) in window.texts.enumerated() {
        let hash = TextHash.of(text)
        if window.hashes[row] == hash { continue }
        nodes.append(NodeID(UInt64(window.nodes[row])))
        hashes.append(hash)
        texts.append(text)
      }
      let (found, foundAspects) = try reader.read(texts, call)
      scores += found
      if let foundAspects { aspects? += foundAspects }
    }
    var columns: [(String, ColumnData)] = [
      ("", .floats(scores.map { Double($0.polarity) })),
      ("Class", .strings(scores.map(\.label.name))),
      ("Negative", .floats(scores.map { Double($0.negative) })),
      ("Model", .strings(.init(repeating: reader.version, count: nodes.count))),
      ("TextHash", .integers(hashes)),
    ]
    for aspect in Aspect.allCases {
      guard let aspects else { break }
      columns.append(
        (
          aspect.name.prefix(1).uppercased() + aspect.name.dropFirst(),
          .optionalFloats(
            aspects.map { polarities in
              let polarity = polarities[aspect.rawValue]
              return polarity.isNaN ? nil : Double(polarity)
            })
        ))
    }
    if !nodes.isEmpty {
      for (name, values) in columns {
        try call.setProperty(prefix + name, of: nodes, to: values)
      }
    }
    try call.emit([
      .integer(Int64(reviews)), .integer(Int64(nodes.count)),
      .integer(Int64(reviews - nodes.count)),
      .integer(Int64(nodes.count * columns.count)), .string(reader.version),
    ])
  }
}
