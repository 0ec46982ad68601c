import Tropa

/// How far a key can be trusted to belong to one person.
enum KeyStrength: Int, Comparable {
  /// Given by the shop itself: records that share one are one person, whatever their number.
  case identifier
  /// Given by people: joins, unless too many share it.
  case contact
  /// A browser, or an e-mail address that is only nearly the same: joins what no identifier
  /// contradicts.
  case weak

  static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A sort of keys: `phone`, `crmId`, …
struct KeyKind: Equatable {
  var name: String
  var strength: KeyStrength
}

/// What records and keys there are, and which record has which key: a bipartite graph. Records are
/// numbered in the order of their node ids, keys in the order in which they are met.
struct IdentityKeys {
  enum Text: Hashable {
    case number(UInt64)
    case string(String)
    var text: String {
      switch self {
      case .number(let number): String(number)
      case .string(let text): text
      }
    }
  }

  private(set) var kinds: [KeyKind] = []
  /// One for each record, ascending.
  var records: [NodeID] = []
  /// Kind of each key.
  private(set) var kindOfKey: [UInt8] = []
  private(set) var texts: [Text] = []
  /// One for each incidence, in the order in which they were added; without repetitions.
  private(set) var incidentRecords: [UInt32] = []
  private(set) var incidentKeys: [UInt32] = []
  private var keys: [[Text: UInt32]] = []

  var keyCount: Int { texts.count }
  var incidenceCount: Int { incidentKeys.count }

  init(kinds: [KeyKind] = []) {
    self.kinds = kinds
    keys = kinds.map { _ in [:] }
  }

  /// Notes that a record has a key.
  mutating func add(_ text: Text, kind: Int, record: Int) {
    let key: UInt32
    if let known = keys[kind][text] {
      key = known
    } else {
      key = UInt32(texts.count)
      keys[kind][text] = key
      texts.append(text)
      kindOfKey.append(UInt8(kind))
    }
    incidentRecords.append(UInt32(record))
    incidentKeys.append(key)
  }

  /// The key of some kind and text; nil if no record has it.
  func key(_ text: Text, kind: Int) -> Int? { keys[kind][text].map(Int.init) }

  func kind(_ key: Int) -> KeyKind { kinds[Int(kindOfKey[key])] }

  /// Sorts incidences by record and drops repeated ones.
  mutating func finish() {
    let order = Adjacency(from: incidentRecords, to: incidentKeys, count: records.count)
    incidentRecords.removeAll(keepingCapacity: true)
    incidentKeys.removeAll(keepingCapacity: true)
    for record in records.indices {
      let start = incidentKeys.count
      for key in order[record] where !incidentKeys[start...].contains(key) {
        incidentRecords.append(UInt32(record))
        incidentKeys.append(key)
      }
    }
  }

  /// The keys of each record, and the records of each key.
  var keysOfRecords: Adjacency {
    Adjacency(from: incidentRecords, to: incidentKeys, count: records.count)
  }
  var recordsOfKeys: Adjacency {
    Adjacency(from: incidentKeys, to: incidentRecords, count: keyCount)
  }
}

/// Lists of neighbours, one after the other.
struct Adjacency {
  private(set) var offsets: [Int]
  private(set) var neighbours: [UInt32]

  /// Counting sort: neighbours stay in the order in which they come.
  init(from: [UInt32], to: [UInt32], count: Int) {
    offsets = [Int](repeating: 0, count: count + 1)
    for node in from { offsets[Int(node) + 1] += 1 }
    for node in 0..<count { offsets[node + 1] += offsets[node] }
    neighbours = [UInt32](repeating: 0, count: from.count)
    var ends = offsets
    for (index, node) in from.enumerated() {
      neighbours[ends[Int(node)]] = to[index]
      ends[Int(node)] += 1
    }
  }

  subscript(node: Int) -> ArraySlice<UInt32> {
    neighbours[offsets[node]..<offsets[node + 1]]
  }

  /// Where the neighbours of a node are in the whole list.
  func range(_ node: Int) -> Range<Int> { offsets[node]..<offsets[node + 1] }
}
