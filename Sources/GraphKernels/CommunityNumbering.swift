/// Turning internal numbers of communities or components into those that the user sees.
enum CommunityNumbering {
  /// 0, 1, 2 … in the order in which the members first show them; other nodes keep their number.
  /// - Parameter ids: in `0 ..< ids.count`.
  static func consecutive(_ ids: [Int64], members: [Range<Int>]) -> [Int64] {
    var result = ids
    var numbers = [Int64](repeating: -1, count: ids.count)
    var next: Int64 = 0
    for range in members {
      for node in range {
        let id = Int(ids[node])
        if numbers[id] < 0 {
          numbers[id] = next
          next += 1
        }
        result[node] = numbers[id]
      }
    }
    return result
  }

  /// The smallest seed in each community; for communities without one, numbers above all seeds in
  /// order of first appearance.
  /// - Parameter roots: in `0 ..< roots.count`.
  static func seeded(roots: [Int64], seeds: [Int64?]) -> [Int64] {
    var numbers = [Int64?](repeating: nil, count: roots.count)
    var next: Int64 = 0
    for node in 0..<roots.count {
      guard let seed = seeds[node] else { continue }
      let root = Int(roots[node])
      numbers[root] = min(numbers[root] ?? seed, seed)
      // Above the greatest seed, unless that is the greatest integer.
      if seed >= next { next = seed == .max ? 0 : seed + 1 }
    }
    return roots.map { root in
      if let number = numbers[Int(root)] { return number }
      defer { next += 1 }
      numbers[Int(root)] = next
      return next
    }
  }

  /// The smallest index of each community as its number.
  /// - Parameter communities: in `0 ..< communities.count`.
  static func smallestMember(_ communities: [UInt32]) -> [Int64] {
    var first = [Int64](repeating: -1, count: communities.count)
    return communities.indices.map { node in
      let community = Int(communities[node])
      if first[community] < 0 { first[community] = Int64(node) }
      return first[community]
    }
  }

  /// The numbers that the user sees for communities.
  /// - Parameter communities: in `0 ..< communities.count`.
  static func ids(
    _ communities: [UInt32], members: [Range<Int>], seeds: [Int64?]?, consecutive: Bool
  ) -> [Int64] {
    if consecutive { return Self.consecutive(communities.map(Int64.init), members: members) }
    if let seeds { return seeded(roots: communities.map(Int64.init), seeds: seeds) }
    return smallestMember(communities)
  }

  /// How many members each community has; only those that have some.
  /// - Parameter communities: in `0 ..< communities.count`.
  static func memberCounts(_ communities: [UInt32], members: [Range<Int>]) -> [Int] {
    var sizes = [Int](repeating: 0, count: communities.count)
    for range in members { for node in range { sizes[Int(communities[node])] += 1 } }
    return sizes.filter { $0 > 0 }
  }
}
