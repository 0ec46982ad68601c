/// Documents that a query finds, ascending, with their scores.
struct Matches {
  var documents: [UInt64] = []
  var scores: [Double] = []

  var count: Int { documents.count }
  var isEmpty: Bool { documents.isEmpty }

  init() {}
  init(capacity: Int) {
    documents.reserveCapacity(capacity)
    scores.reserveCapacity(capacity)
  }
  init(_ documents: [UInt64], score: Double) {
    self.documents = documents
    scores = Array(repeating: score, count: documents.count)
  }

  @inline(__always)
  mutating func append(_ document: UInt64, _ score: Double) {
    documents.append(document)
    scores.append(score)
  }

  /// Documents of either, scores added.
  func union(_ other: Matches) -> Matches {
    if isEmpty { return other }
    if other.isEmpty { return self }
    var result = Matches(capacity: count + other.count)
    var (a, b) = (0, 0)
    while a < count, b < other.count {
      let (x, y) = (documents[a], other.documents[b])
      if x < y {
        result.append(x, scores[a])
        a += 1
      } else if y < x {
        result.append(y, other.scores[b])
        b += 1
      } else {
        result.append(x, scores[a] + other.scores[b])
        (a, b) = (a + 1, b + 1)
      }
    }
    result.documents.append(contentsOf: documents[a...])
    result.scores.append(contentsOf: scores[a...])
    result.documents.append(contentsOf: other.documents[b...])
    result.scores.append(contentsOf: other.scores[b...])
    return result
  }

  /// Documents of both, scores added.
  func intersection(_ other: Matches) -> Matches {
    var result = Matches(capacity: min(count, other.count))
    forEachCommon(other.documents) { a, b in
      result.append(documents[a], scores[a] + other.scores[b])
    }
    return result
  }

  /// These documents; where the other has one too, its score is added.
  func adding(_ other: Matches) -> Matches {
    var result = self
    forEachCommon(other.documents) { a, b in result.scores[a] += other.scores[b] }
    return result
  }

  /// Documents that the other has not.
  func subtracting(_ other: Matches) -> Matches {
    var result = Matches(capacity: count)
    var next = 0
    forEachCommon(other.documents) { a, _ in
      for place in next..<a { result.append(documents[place], scores[place]) }
      next = a + 1
    }
    for place in next..<count { result.append(documents[place], scores[place]) }
    return result
  }

  @inline(__always)
  private func forEachCommon(_ other: [UInt64], _ body: (Int, Int) -> Void) {
    var (a, b) = (0, 0)
    while a < count, b < other.count {
      let (x, y) = (documents[a], other[b])
      if x == y {
        body(a, b)
        (a, b) = (a + 1, b + 1)
      } else if x < y {
        a += 1
      } else {
        b += 1
      }
    }
  }

  /// Places of the documents from the best on, equal ones ascending by id.
  /// - Complexity: O(count × log limit).
  func best(_ limit: Int) -> [Int] {
    if limit <= 0 { return [] }
    func precedes(_ a: Int, _ b: Int) -> Bool {
      scores[a] != scores[b] ? scores[a] > scores[b] : a < b
    }
    if limit >= count { return (0..<count).sorted(by: precedes) }
    // A heap with the worst of the best so far on top.
    var heap: [Int] = []
    heap.reserveCapacity(limit)
    func sink(_ start: Int) {
      var place = start
      while true {
        var worst = place
        for child in [2 * place + 1, 2 * place + 2]
        where child < heap.count && precedes(heap[worst], heap[child]) {
          worst = child
        }
        if worst == place { return }
        heap.swapAt(place, worst)
        place = worst
      }
    }
    for place in 0..<count {
      if heap.count < limit {
        heap.append(place)
        if heap.count == limit {
          for start in stride(from: limit / 2, through: 0, by: -1) { sink(start) }
        }
      } else if scores[place] > scores[heap[0]] {
        // Later documents with the same score are worse.
        heap[0] = place
        sink(0)
      }
    }
    return heap.sorted(by: precedes)
  }
}
