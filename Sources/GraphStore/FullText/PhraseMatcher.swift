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

  /// - Parameter terms: equal numbers for equal terms.
  init(_ postings: [Postings], offsets: [Int], terms: [UInt32], slop: Int) {
    self.postings = postings
    self.offsets = offsets
    self.slop = slop
    places = Array(repeating: (0, 0), count: postings.count)
    var repeats: [(Int, Int)] = []
    for a in terms.indices {
      for b in terms.indices where a < b && terms[a] == terms[b] { repeats.append((a, b)) }
    }
    self.repeats = repeats
  }

  /// Documents must come in ascending order and be in all lists.
  /// - Returns: exact occurrences, or with slop the sum of 1 / (1 + moves) over occurrences.
  mutating func frequency(in document: UInt64) -> Double {
    var lists: [ArraySlice<UInt32>] = []
    for index in postings.indices {
      let list = postings[index]
      while places[index].document < list.count, list.documents[places[index].document] < document
      {
        places[index].position += Int(list.frequencies[places[index].document])
        places[index].document += 1
      }
      guard places[index].document < list.count,
        list.documents[places[index].document] == document
      else { return 0 }
      let start = places[index].position
      lists.append(list.positions[start..<(start + Int(list.frequencies[places[index].document]))])
    }
    return slop == 0 ? exact(lists) : sloppy(lists)
  }

  private func exact(_ lists: [ArraySlice<UInt32>]) -> Double {
    var count = 0
    var next = lists.map(\.startIndex)
    search: for first in lists[0] {
      for index in 1..<lists.count {
        let wanted = Int(first) + offsets[index]
        while next[index] < lists[index].endIndex, Int(lists[index][next[index]]) < wanted {
          next[index] += 1
        }
        if next[index] == lists[index].endIndex { break search }
        if Int(lists[index][next[index]]) != wanted { continue search }
      }
      count += 1
    }
    return Double(count)
  }

  /// As Lucene's `SloppyPhraseMatcher`: moves of an occurrence are the difference of the least and
  /// the greatest position, each less its offset; the leading term moves on as long as that gets
  /// smaller.
  private func sloppy(_ lists: [ArraySlice<UInt32>]) -> Double {
    var next = lists.map(\.startIndex)
    func position(_ index: Int) -> Int { Int(lists[index][next[index]]) - offsets[index] }
    func isApart() -> Bool {
      repeats.allSatisfy { lists[$0.0][next[$0.0]] != lists[$0.1][next[$0.1]] }
    }
    var frequency = 0.0
    var end = lists.indices.map(position).max() ?? 0
    while true {
      // The one that is behind all others moves.
      let order = lists.indices.sorted { (position($0), $0) < (position($1), $1) }
      let (leading, follower) = (order[0], position(order[1]))
      var best = Int.max
      var isAtEnd = false
      repeat {
        if isApart() { best = min(best, end - position(leading)) }
        next[leading] += 1
        isAtEnd = next[leading] == lists[leading].endIndex
      } while !isAtEnd && position(leading) <= follower
      if best <= slop { frequency += 1 / Double(1 + best) }
      if isAtEnd { return frequency }
      end = max(end, position(leading))
    }
  }
}
