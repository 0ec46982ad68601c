import GraphTypes

/// What a store should hold, kept naively: the oracle of the tests with random transactions.
struct GraphModel {
  struct Node {
    var labels: Set<Int> = []
    var properties: [Int: Value] = [:]
  }
  struct Relationship {
    var from: UInt64
    var to: UInt64
    var properties: [Int: Value] = [:]
  }
  /// Indexed by id.
  var labels: [String] = []
  var types: [String] = []
  var keys: [String] = []
  /// By row; nil for deleted ones.
  var nodes: [Node?] = []
  /// By type and row.
  var relationships: [[Relationship?]] = []

  var existingNodes: [UInt64] { nodes.indices.filter { nodes[$0] != nil }.map(UInt64.init) }

  mutating func label(_ name: String) -> Int { Self.id(name, &labels) }
  mutating func key(_ name: String) -> Int { Self.id(name, &keys) }
  mutating func type(_ name: String) -> Int {
    let id = Self.id(name, &types)
    while relationships.count < types.count { relationships.append([]) }
    return id
  }
  private static func id(_ name: String, _ names: inout [String]) -> Int {
    // By bytes: Swift takes different spellings of one character for equal.
    if let id = names.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }) { return id }
    names.append(name)
    return names.count - 1
  }

  func degree(_ node: UInt64) -> Int {
    relationships.reduce(0) { sum, rows in
      sum + rows.count { $0?.from == node || $0?.to == node }
    }
  }
}
