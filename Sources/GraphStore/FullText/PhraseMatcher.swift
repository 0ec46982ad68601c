/// Counts how often documents have terms in a row, or near to that.
struct PhraseMatcher {
  private let postings: [Postings]
  /// The place of each term in the phrase, the first 0.
  private let offsets: [Int]
  private let slop: Int
  /// Pairs of places that have the same term: they need different positions.
  private let repeats: [(Int, Int)]
  /// How far each list has been read: document, and where its positions begin.
  private var places: [(document: Int, position: Int)]
  /// Where the positions of the document at hand are in each list, and the one looked at.
  private var bounds: [(next: Int, end: Int)]

  /// - Parameter terms: equal numbers for equal terms.
  init(_ postings: [Postings], offsets: [Int], terms: [UInt32], slop: Int) {
    self.postings = postings
    self.offsets = offsets
    self.slop = slop
    places = Array(repeating: (0, 0), count: postings.count)
    bounds = places.map { _ in (0, 0) }
    var repeats: [(Int, Int)] = []
    for a in terms.indices {
      for b in terms.indices where a < b && terms[a] == terms[b] { repeats.append((a, b)) }
    }
    self.repeats = repeats
  }

  /// Documents must come in ascending order and be in all lists.
  /// - Returns: exact occurrences, or with slop the sum of 1 / (1 + moves) over occurrences.
  mutating func frequency(in document: UInt64) -> Double {
    for list in postings.indices {
      var (place, position) = places[list]
      while place < postings[list].count, postings[list].documents[place] < document {
        position += Int(postings[list].frequencies[place])
        place += 1
      }
      places[list] = (place, position)
      guard place < postings[list].count, postings[list].documents[place] == document else {
        return 0
      }
      bounds[list] = (position, position + Int(postings[list].frequencies[place]))
    }
    return slop == 0 ? exact() : sloppy()
  }

  /// The position looked at, less the offset: equal in all lists where the phrase is.
  @inline(__always)
  private func start(_ list: Int) -> Int {
    Int(postings[list].positions[bounds[list].next]) - offsets[list]
  }
  @inline(__always)
  private func isAtEnd(_ list: Int) -> Bool { bounds[list].next == bounds[list].end }

  private mutating func exact() -> Double {
    var count = 0
    while !isAtEnd(0) {
      let wanted = start(0)
      var isFound = true
      for list in 1..<postings.count {
        while !isAtEnd(list), start(list) < wanted { bounds[list].next += 1 }
        if isAtEnd(list) { return Double(count) }
        if start(list) != wanted {
          isFound = false
          break
        }
      }
      if isFound { count += 1 }
      bounds[0].next += 1
    }
    return Double(count)
  }

  /// As Lucene's `SloppyPhraseMatcher`: moves of an occurrence are the difference of the least and
  /// the greatest position, each less its offset; the leading term moves on as long as that gets
  /// smaller.
  private mutating func sloppy() -> Double {
    func isApart() -> Bool {
      repeats.allSatisfy { a, b in
        postings[a].positions[bounds[a].next] != postings[b].positions[bounds[b].next]
      }
    }
    var frequency = 0.0
    var end = postings.indices.map(start).max() ?? 0
    while true {
      // The one that is behind all others moves.
      let order = postings.indices.sorted { (start($0), $0) < (start($1), $1) }
      let (leading, follower) = (order[0], start(order[1]))
      var best = Int.max
      repeat {
        if isApart() { best = min(best, end - start(leading)) }
        bounds[leading].next += 1
      } while !isAtEnd(leading) && start(leading) <= follower
      if best <= slop { frequency += 1 / Double(1 + best) }
      if isAtEnd(leading) { return frequency }
      end = max(end, start(leading))
    }
  }
}
