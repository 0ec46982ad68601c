internal import GraphTypes

/// Finds the documents of a query and scores them as Lucene does.
///
/// Each part of a query gives a list of documents; parts that must all match are evaluated from the
/// rarest on, and later ones read only the chunks that can have documents of the list.
struct FullTextEvaluation {
  private let index: FullTextIndexReader
  private let analysis: TermAnalysis

  /// Terms that a fuzzy word stands for at most, as in Lucene.
  private static let expansionsMaximum = 50

  init(_ index: FullTextIndexReader, _ analysis: TermAnalysis) {
    self.index = index
    self.analysis = analysis
  }

  /// - Parameter candidates: ascending; others are left out where that saves work.
  func matches(
    _ query: FullTextQuery, boost: Double = 1, among candidates: [UInt64]? = nil
  ) throws(StoreError) -> Matches {
    switch query {
    case .all: return try all(boost)
    case .boosted(let query, let factor):
      return try matches(query, boost: boost * factor, among: candidates)
    case .boolean(let clauses): return try boolean(clauses, boost, candidates)
    case .text(let text, let field):
      let tokens = tokens(text)
      return try inFields(field) { (field) throws(StoreError) in
        try phrase(tokens, slop: 0, field, boost, candidates)
      }
    case .phrase(let text, let slop, let field):
      let tokens = tokens(text)
      return try inFields(field) { (field) throws(StoreError) in
        try phrase(tokens, slop: slop, field, boost, candidates)
      }
    case .pattern(let elements, let field):
      let pattern = WildcardPattern(folded(elements))
      return try inFields(field) { (field) throws(StoreError) in
        try self.pattern(pattern, field, boost)
      }
    case .fuzzy(let text, let edits, let field):
      return try inFields(field) { (field) throws(StoreError) in
        try fuzzy(text, edits, field, boost, candidates)
      }
    }
  }

  /// A text without a field counts in each.
  private func inFields(
    _ field: Int?, _ body: (Int) throws(StoreError) -> Matches
  ) throws(StoreError) -> Matches {
    if let field { return try body(field) }
    var matches = Matches()
    for field in 0..<index.fieldCount { matches = matches.union(try body(field)) }
    return matches
  }

  private func all(_ boost: Double) throws(StoreError) -> Matches {
    let found = try inFields(nil) { (field) throws(StoreError) in
      Matches(try index.documents(field: field), score: boost)
    }
    return Matches(found.documents, score: boost)
  }

  // MARK: Several clauses

  private func boolean(
    _ clauses: [FullTextQuery.Clause], _ boost: Double, _ candidates: [UInt64]?
  ) throws(StoreError) -> Matches {
    func queries(_ occurrence: FullTextQuery.Occurrence) -> [FullTextQuery] {
      clauses.filter { $0.occurrence == occurrence }.map(\.query)
    }
    // Stop words and the like exclude and demand nothing.
    let required = queries(.required).filter { !isVoid($0) }
    var found = Matches()
    if required.isEmpty {
      for query in queries(.optional) {
        found = found.union(try matches(query, boost: boost, among: candidates))
      }
    } else {
      var costed: [(query: FullTextQuery, cost: Int)] = []
      for query in required { costed.append((query, try cost(query))) }
      costed.sort { $0.cost < $1.cost }
      for (place, query) in costed.enumerated() {
        let among = place == 0 ? candidates : found.documents
        let next = try matches(query.query, boost: boost, among: among)
        found = place == 0 ? next : found.intersection(next)
        if found.isEmpty { return found }
      }
      for query in queries(.optional) {
        found = found.adding(try matches(query, boost: boost, among: found.documents))
      }
    }
    for query in queries(.excluded) where !found.isEmpty {
      found = found.subtracting(try matches(query, boost: boost, among: found.documents))
    }
    return found
  }

  /// The analyzer leaves nothing of it.
  private func isVoid(_ query: FullTextQuery) -> Bool {
    switch query {
    case .text(let text, _), .phrase(let text, _, _): tokens(text).isEmpty
    case .boosted(let query, _): isVoid(query)
    case .boolean(let clauses): clauses.allSatisfy { isVoid($0.query) }
    case .all, .pattern, .fuzzy: false
    }
  }

  /// About how many documents a query finds, at most.
  private func cost(_ query: FullTextQuery) throws(StoreError) -> Int {
    switch query {
    case .boosted(let query, _): return try cost(query)
    case .text(let text, let field), .phrase(let text, _, let field):
      var total = 0
      for field in field.map({ $0..<($0 + 1) }) ?? 0..<index.fieldCount {
        var least = Int.max
        for token in tokens(text) {
          let count = try index.term(bytes(token), field: field)?.documentCount ?? 0
          least = min(least, count)
        }
        total += least == .max ? 0 : least
      }
      return total
    case .boolean(let clauses):
      var (least, total) = (Int.max, 0)
      for clause in clauses where clause.occurrence != .excluded {
        let cost = try cost(clause.query)
        if clause.occurrence == .required { least = min(least, cost) }
        total += min(cost, .max / 4096)
      }
      return least == .max ? total : least
    case .all, .pattern, .fuzzy:
      return index.statistics.reduce(0) { $0 + $1.documentCount }
    }
  }

  // MARK: Terms and phrases

  private func tokens(_ text: String) -> [Token] {
    var tokens: [Token] = []
    analysis.analyze(.string(text), appendingTo: &tokens)
    return tokens
  }
  private func bytes(_ token: Token) -> [UInt8] { analysis.terms.term(Int(token.term)) }

  private func phrase(
    _ tokens: [Token], slop: Int, _ field: Int, _ boost: Double, _ candidates: [UInt64]?
  ) throws(StoreError) -> Matches {
    var terms: [FullTextIndexReader.Term] = []
    for token in tokens {
      guard let term = try index.term(bytes(token), field: field) else { return Matches() }
      terms.append(term)
    }
    let statistics = index.statistics[field]
    let idf = terms.reduce(0) {
      $0 + BM25.idf(statistics, documentCount: $1.documentCount)
    }
    let ranking = BM25(statistics, idf: idf, boost: boost)
    guard terms.count > 1 else {
      guard let term = terms.first else { return Matches() }
      let postings = try index.postings(of: term, among: candidates)
      return try scored(postings.documents, field, ranking) { Double(postings.frequencies[$0]) }
    }

    let offsets = tokens.map { Int($0.position) - Int(tokens[0].position) }
    let order = terms.indices.sorted { terms[$0].documentCount < terms[$1].documentCount }
    var postings = Array(repeating: Postings(), count: terms.count)
    var documents = candidates
    for place in order {
      postings[place] = try index.postings(
        of: terms[place], among: documents, withPositions: true)
      documents =
        documents.map { Self.common($0, postings[place].documents) }
        ?? postings[place].documents
    }
    var matcher = PhraseMatcher(postings, offsets: offsets, terms: tokens.map(\.term), slop: slop)
    var found: [UInt64] = []
    var frequencies: [Double] = []
    for document in documents ?? [] {
      let frequency = matcher.frequency(in: document)
      if frequency == 0 { continue }
      found.append(document)
      frequencies.append(frequency)
    }
    return try scored(found, field, ranking) { frequencies[$0] }
  }

  private static func common(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    Matches(a, score: 0).intersection(Matches(b, score: 0)).documents
  }

  @inline(__always)
  private func scored(
    _ documents: [UInt64], _ field: Int, _ ranking: BM25, _ frequency: (Int) -> Double
  ) throws(StoreError) -> Matches {
    var matches = Matches(capacity: documents.count)
    matches.documents = documents
    try index.lengthCodes(of: documents, field: field) { place, code in
      matches.scores.append(ranking.score(frequency: frequency(place), length: code))
    }
    return matches
  }

  // MARK: Several terms

  private func folded(
    _ elements: [FullTextQuery.PatternElement]
  ) -> [FullTextQuery.PatternElement] {
    var result: [FullTextQuery.PatternElement] = []
    var literal = String.UnicodeScalarView()
    func addLiteral() {
      result += analysis.folded(String(literal)).map { .character($0) }
      literal = .init()
    }
    for element in elements {
      if case .character(let scalar) = element {
        literal.append(scalar)
      } else {
        addLiteral()
        result.append(element)
      }
    }
    addLiteral()
    return result
  }

  /// All matches score the same.
  private func pattern(
    _ pattern: WildcardPattern, _ field: Int, _ boost: Double
  ) throws(StoreError) -> Matches {
    if pattern.isAll { return Matches(try index.documents(field: field), score: boost) }
    var lists: [Matches] = []
    let prefix = Array(String(String.UnicodeScalarView(pattern.prefix)).utf8)
    var terms: [FullTextIndexReader.Term] = []
    try index.forEachTerm(field: field, prefix: prefix) { term in
      let word = Array(String(decoding: term.bytes, as: UTF8.self).unicodeScalars)
      if pattern.matches(word) { terms.append(term) }
      return .next
    }
    for term in terms {
      lists.append(Matches(try index.postings(of: term).documents, score: 0))
    }
    // In pairs, so that each document is touched few times.
    while lists.count > 1 {
      lists = stride(from: 0, to: lists.count, by: 2).map { place in
        place + 1 < lists.count ? lists[place].union(lists[place + 1]) : lists[place]
      }
    }
    return Matches(lists.first?.documents ?? [], score: boost)
  }

  /// Terms near a word count the less the farther they are, and as if all were as common as the
  /// commonest of them: a rare misspelling is not worth more than the word.
  private func fuzzy(
    _ text: String, _ edits: Int, _ field: Int, _ boost: Double, _ candidates: [UInt64]?
  ) throws(StoreError) -> Matches {
    // Stemmed like the terms; what is no single term is taken as it is.
    let tokens = tokens(text)
    let word =
      tokens.count == 1
      ? Array(String(decoding: bytes(tokens[0]), as: UTF8.self).unicodeScalars)
      : analysis.folded(text)
    if word.isEmpty { return Matches() }
    var walk = LevenshteinWalk(word, maximum: edits)
    var near: [(term: FullTextIndexReader.Term, likeness: Double)] = []
    try index.forEachTerm(field: field, prefix: []) { term in
      switch term.bytes.withUnsafeBufferPointer({ walk.next($0) }) {
      case .far: return .next
      case .hopeless(let count): return .skip(prefix: Array(term.bytes.prefix(count)))
      case .distance(let distance, let characters):
        let likeness = 1 - Double(distance) / Double(min(word.count, characters))
        if likeness > 0 { near.append((term, likeness)) }
        return .next
      }
    }
    near.sort {
      $0.likeness != $1.likeness
        ? $0.likeness > $1.likeness : $0.term.bytes.lexicographicallyPrecedes($1.term.bytes)
    }
    near = Array(near.prefix(Self.expansionsMaximum))
    let documentCount = near.reduce(0) { max($0, $1.term.documentCount) }
    let statistics = index.statistics[field]
    let idf = BM25.idf(statistics, documentCount: documentCount)
    var found = Matches()
    for (term, likeness) in near {
      let postings = try index.postings(of: term, among: candidates)
      let ranking = BM25(statistics, idf: idf, boost: boost * likeness)
      found = found.union(
        try scored(postings.documents, field, ranking) { Double(postings.frequencies[$0]) })
    }
    return found
  }
}
