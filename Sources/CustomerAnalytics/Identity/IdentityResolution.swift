/// Which records are one person: connected components of records and keys, with guards.
///
/// The result depends on neither the order of records nor that of keys:
///
/// 1. Records that share an *identifier* (CRM id, login) are one profile.
/// 2. A *contact* (phone, e-mail, order number) that more than `maximum` profiles have is dropped;
///    every other one joins the profiles that have it.
/// 3. A *weak* key (ClientID, another spelling of an e-mail address) joins the persons that steps 1
///    and 2 made, unless it is dropped: more than `maximum` of them have it; or two of them have
///    different identifiers of one kind; or it is part of a chain of weak keys between two such.
/// 4. A record with weak keys only, an anonymous visit, belongs to the person that its keys lead to,
///    if that is one; it joins no one else to it. Anonymous records with one key, the same one, are
///    the same browser.
///
/// - Complexity: O((*records* + *incidences*) α) time, and as much memory.
struct IdentityResolution {
  enum KeyState: UInt8 {
    case joins
    /// More profiles have it than may share a key.
    case shared
    /// It would have joined different identifiers.
    case contradicted
    /// It is part of a chain of weak keys that would have joined different identifiers.
    case chained
  }

  enum RecordState: UInt8 {
    /// Has an identifier or a contact that joins.
    case identified
    /// Anonymous, of the person to whom its keys lead.
    case attached
    /// Anonymous, of the browser that its one key is.
    case browser
    /// Without keys that join; or anonymous, with keys that lead to several persons, or several keys
    /// that lead to none.
    case alone
  }

  private(set) var states: [KeyState]
  /// For dropped keys: how many profiles (step 2) or persons (step 3) have it.
  private(set) var sharers: [UInt32]
  private(set) var recordStates: [RecordState]
  /// For each incidence whether it joins.
  private(set) var isActive: [Bool]

  private let keys: IdentityKeys
  private let records: Adjacency
  private let maximum: [Int]
  /// By kind.
  private let strengths: [KeyStrength]
  private var persons: DisjointSets
  private var distinct: DistinctCount
  /// Weak keys that an identified record has.
  private var hasHolder: [Bool]

  /// - Parameters:
  ///   - keys: finished.
  ///   - recordsOfKeys: of these keys.
  ///   - maximum: for each kind, how many may share a key.
  ///   - check: throws when the work is to end.
  init(
    _ keys: IdentityKeys, recordsOfKeys: Adjacency, maximum: [Int], check: () throws -> Void
  ) rethrows {
    self.keys = keys
    records = recordsOfKeys
    self.maximum = maximum
    strengths = keys.kinds.map(\.strength)
    states = [KeyState](repeating: .joins, count: keys.keyCount)
    sharers = [UInt32](repeating: 0, count: keys.keyCount)
    recordStates = [RecordState](repeating: .alone, count: keys.records.count)
    isActive = [Bool](repeating: false, count: keys.incidenceCount)
    persons = DisjointSets(keys.records.count)
    distinct = DistinctCount(keys.records.count)
    hasHolder = [Bool](repeating: false, count: keys.keyCount)
    joinIdentifiersAndContacts()
    try check()
    joinWeakKeys()
    try check()
    placeAnonymousRecords()
    try check()
    activate()
  }

  private func strength(_ key: Int) -> KeyStrength { strengths[Int(keys.kindOfKey[key])] }

  /// For each record the first record of its person.
  mutating func leaders() -> [UInt32] {
    var leaders = [UInt32](repeating: 0, count: keys.records.count)
    for record in leaders.indices { leaders[record] = UInt32(persons.find(record)) }
    return leaders
  }

  private mutating func drop(_ key: Int, _ state: KeyState, _ count: Int) {
    states[key] = state
    sharers[key] = UInt32(count)
  }

  // MARK: Steps 1 and 2

  private mutating func joinIdentifiersAndContacts() {
    for key in 0..<keys.keyCount where strength(key) == .identifier {
      persons.unite(records[key])
    }
    // Profiles are counted before any contact joins, so that the order of keys does not matter.
    var profiles = persons
    for key in 0..<keys.keyCount where strength(key) == .contact && records[key].count > 1 {
      let count = distinct.count(records[key], in: &profiles)
      if count > maximum[Int(keys.kindOfKey[key])] {
        drop(key, .shared, count)
      } else {
        persons.unite(records[key])
      }
    }
    for (index, key) in keys.incidentKeys.enumerated()
    where strength(Int(key)) != .weak && states[Int(key)] == .joins {
      recordStates[Int(keys.incidentRecords[index])] = .identified
    }
  }

  // MARK: Step 3

  private mutating func joinWeakKeys() {
    // Which kinds of identifiers each person has, a bit each.
    var identifiers = [UInt32](repeating: 0, count: keys.records.count)
    for (index, key) in keys.incidentKeys.enumerated() where strength(Int(key)) == .identifier {
      let person = persons.find(Int(keys.incidentRecords[index]))
      identifiers[person] |= 1 << UInt32(keys.kindOfKey[Int(key)])
    }
    var joined = persons
    var joining: [Int] = []
    for key in 0..<keys.keyCount where strength(key) == .weak {
      let holders = persons(with: key)
      hasHolder[key] = !holders.isEmpty
      if holders.count < 2 { continue }
      if holders.count > maximum[Int(keys.kindOfKey[key])] {
        drop(key, .shared, holders.count)
        continue
      }
      var seen: UInt32 = 0
      var repeated: UInt32 = 0
      for person in holders {
        repeated |= seen & identifiers[Int(person)]
        seen |= identifiers[Int(person)]
      }
      if repeated != 0 {
        drop(key, .contradicted, holders.count)
      } else {
        joined.unite(holders[...])
        joining.append(key)
      }
    }
    // Chains: several keys together join persons that have identifiers of one kind.
    var seen = [UInt32](repeating: 0, count: keys.records.count)
    var isContradictory = [Bool](repeating: false, count: keys.records.count)
    for person in identifiers.indices where identifiers[person] != 0 {
      let leader = joined.find(person)
      if seen[leader] & identifiers[person] != 0 { isContradictory[leader] = true }
      seen[leader] |= identifiers[person]
    }
    var united = persons
    for key in joining {
      let holders = persons(with: key)
      if isContradictory[joined.find(Int(holders[0]))] {
        drop(key, .chained, holders.count)
      } else {
        united.unite(holders[...])
      }
    }
    persons = united
  }

  /// The different persons of the identified records that have a key.
  private mutating func persons(with key: Int) -> [UInt32] {
    var holders: [UInt32] = []
    for record in records[key] where recordStates[Int(record)] == .identified {
      let person = UInt32(persons.find(Int(record)))
      if !holders.contains(person) { holders.append(person) }
      // A key that many share is dropped anyway; its count need not be exact at any price.
      if holders.count > Self.countedSharers { break }
    }
    return holders
  }

  /// Beyond, the persons that share a weak key are not counted any further.
  static let countedSharers = 1000

  // MARK: Step 4

  private mutating func placeAnonymousRecords() {
    let keysOfRecords = keys.keysOfRecords
    for record in keys.records.indices where recordStates[record] != .identified {
      var target: Int?
      var isOne = true
      var weakKeys = 0
      for key in keysOfRecords[record] where strength(Int(key)) == .weak {
        weakKeys += 1
        guard hasHolder[Int(key)], states[Int(key)] == .joins,
          let holder = records[Int(key)].first(where: { recordStates[Int($0)] == .identified })
        else { continue }
        let person = persons.find(Int(holder))
        if let target, target != person { isOne = false }
        target = person
      }
      if target != nil {
        recordStates[record] = isOne ? .attached : .alone
      } else {
        recordStates[record] = weakKeys == 1 ? .browser : .alone
      }
    }
  }

  /// Marks the incidences that join, and unites what they join.
  private mutating func activate() {
    var first = [UInt32](repeating: .max, count: keys.keyCount)
    var firstBrowser = first
    for index in 0..<keys.incidenceCount {
      let record = keys.incidentRecords[index]
      let key = Int(keys.incidentKeys[index])
      let isWeak = strength(key) == .weak
      let state = recordStates[Int(record)]
      if isWeak && state == .browser {
        isActive[index] = true
        if firstBrowser[key] == .max { firstBrowser[key] = record }
        persons.unite(Int(firstBrowser[key]), Int(record))
        continue
      }
      if states[key] != .joins || isWeak && state == .alone { continue }
      // An attached visit's other keys stay with the browsers that have them.
      if isWeak && state == .attached && !hasHolder[key] { continue }
      isActive[index] = true
      if first[key] == .max { first[key] = record }
      persons.unite(Int(first[key]), Int(record))
    }
  }
}

/// Sets of numbers; a set's leader is its smallest number.
struct DisjointSets {
  private var parents: [UInt32]

  init(_ count: Int) { parents = (0..<UInt32(count)).map { $0 } }

  mutating func find(_ member: Int) -> Int {
    var member = member
    // Halving the path on the way up.
    while parents[member] != UInt32(member) {
      parents[member] = parents[Int(parents[member])]
      member = Int(parents[member])
    }
    return member
  }

  mutating func unite(_ a: Int, _ b: Int) {
    let (a, b) = (find(a), find(b))
    if a < b { parents[b] = UInt32(a) } else if b < a { parents[a] = UInt32(b) }
  }

  mutating func unite(_ members: ArraySlice<UInt32>) {
    guard let first = members.first else { return }
    for member in members.dropFirst() { unite(Int(first), Int(member)) }
  }
}

/// Counts different sets among some members, without a set of its own for each count.
private struct DistinctCount {
  private var stamps: [UInt32]
  private var stamp: UInt32 = 0

  init(_ count: Int) { stamps = [UInt32](repeating: 0, count: count) }

  mutating func count(_ members: ArraySlice<UInt32>, in sets: inout DisjointSets) -> Int {
    stamp += 1
    var count = 0
    for member in members {
      let leader = sets.find(Int(member))
      if stamps[leader] != stamp {
        stamps[leader] = stamp
        count += 1
      }
    }
    return count
  }
}
