import Tropa

/// The numbers of persons, which stay as they are when records come, go and change.
///
/// A person keeps the number under which most of its records are known; of two that most records of
/// are with, the smaller number. What is left of a person that was split gets a new number, and the
/// numbers of persons that became one are kept as its former ones. No number is given twice.
struct PersonNumbering {
  /// What is in the graph already.
  struct Written {
    /// For each person: its node, number and former numbers.
    var nodes: [NodeID] = []
    var numbers: [Int64] = []
    var formerNumbers: [[Int64]] = []
    var sizes: [Int64] = []
    /// For each record the person that it is of; -1 for none.
    var personOfRecord: [Int] = []
    /// For each record what its relationship says.
    var reasons: [String?] = []
    /// Records that are of several persons, or of one twice.
    var tangled: Set<Int> = []
    /// Relationships of what is no record any more.
    var hasStrangers = false
    /// The greatest number ever given.
    var lastNumber: Int64 = 0
  }

  /// For each leader its number; 0 for records that lead none.
  private(set) var numbers: [Int64]
  /// For each leader the written person that it goes on with; -1 for a new one.
  private(set) var written: [Int]
  /// Numbers that a leader's person had before, ascending.
  private(set) var formerNumbers: [Int: [Int64]] = [:]
  /// Written persons of which nothing is left.
  private(set) var removed: [Int] = []
  private(set) var lastNumber: Int64

  /// - Parameter leaders: for each record the first record of its person.
  init(leaders: [UInt32], written known: Written) {
    numbers = [Int64](repeating: 0, count: leaders.count)
    written = [Int](repeating: -1, count: leaders.count)
    lastNumber = known.lastNumber
    struct Overlap: Hashable {
      var leader: UInt32
      var person: Int
    }
    var overlaps: [Overlap: Int] = [:]
    for (record, person) in known.personOfRecord.enumerated() where person >= 0 {
      overlaps[Overlap(leader: leaders[record], person: person), default: 0] += 1
    }
    let ranking = overlaps.sorted { a, b in
      if a.value != b.value { return a.value > b.value }
      let (x, y) = (known.numbers[a.key.person], known.numbers[b.key.person])
      return x != y ? x < y : a.key.leader < b.key.leader
    }
    var heir = [Int](repeating: -1, count: known.nodes.count)
    for (overlap, _) in ranking {
      let leader = Int(overlap.leader)
      if written[leader] < 0 && heir[overlap.person] < 0 {
        written[leader] = overlap.person
        heir[overlap.person] = leader
        numbers[leader] = known.numbers[overlap.person]
        if !known.formerNumbers[overlap.person].isEmpty {
          formerNumbers[leader] = known.formerNumbers[overlap.person]
        }
      }
    }
    // The person that has most of its records inherits the number of one that is no more.
    for (overlap, _) in ranking where heir[overlap.person] < 0 {
      let leader = Int(overlap.leader)
      heir[overlap.person] = leader
      removed.append(overlap.person)
      formerNumbers[leader, default: []] +=
        [known.numbers[overlap.person]] + known.formerNumbers[overlap.person]
    }
    for person in heir.indices where heir[person] < 0 { removed.append(person) }
    for leader in formerNumbers.keys { formerNumbers[leader]?.sort() }
    for (record, leader) in leaders.enumerated()
    where Int(leader) == record && written[record] < 0 {
      lastNumber += 1
      numbers[record] = lastNumber
    }
  }
}
