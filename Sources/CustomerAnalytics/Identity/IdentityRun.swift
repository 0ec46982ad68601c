import Tropa

/// One resolution: the records and keys of a graph, and who is one person.
struct IdentityRun {
  let settings: IdentitySettings
  let keys: IdentityKeys
  let rejected: [IdentityReader.Rejected: Int]
  let resolution: IdentityResolution
  let keysOfRecords: Adjacency
  let recordsOfKeys: Adjacency
  /// For each record the first record of its person.
  let leaders: [UInt32]
  let isRussian: Bool

  init(_ call: ProcedureInvocation, _ map: inout ConfigurationMap) throws {
    settings = try IdentitySettings(&map, call)
    isRussian = try map.choice("language", default: Language.en) == .ru
    let reader = try IdentityReader(settings, call)
    keys = reader.keys
    rejected = reader.rejected
    recordsOfKeys = keys.recordsOfKeys
    keysOfRecords = keys.keysOfRecords
    var resolution = try IdentityResolution(
      keys, recordsOfKeys: recordsOfKeys, maximum: settings.maximum
    ) { try call.checkCancellation() }
    leaders = resolution.leaders()
    self.resolution = resolution
  }

  /// `phone:79995551111`.
  func name(_ key: Int) -> String { "\(keys.kind(key).name):\(keys.texts[key].text)" }

  /// How many records each leader leads; 0 for those that lead none.
  var sizes: [UInt32] {
    var sizes = [UInt32](repeating: 0, count: leaders.count)
    for leader in leaders { sizes[Int(leader)] += 1 }
    return sizes
  }

  /// For each record the strongest key by which it is of its person, or -1 for one that is alone.
  func joiningKeys() -> [Int] {
    var users = [UInt32](repeating: 0, count: keys.keyCount)
    for (index, key) in keys.incidentKeys.enumerated() where resolution.isActive[index] {
      users[Int(key)] += 1
    }
    let strengths = keys.kinds.map(\.strength.rawValue)
    var joining = [Int](repeating: -1, count: leaders.count)
    for index in 0..<keys.incidenceCount where resolution.isActive[index] {
      let key = Int(keys.incidentKeys[index])
      if users[key] < 2 { continue }
      let record = Int(keys.incidentRecords[index])
      let known = joining[record]
      if known < 0
        || strengths[Int(keys.kindOfKey[key])] < strengths[Int(keys.kindOfKey[known])]
        || strengths[Int(keys.kindOfKey[key])] == strengths[Int(keys.kindOfKey[known])]
          && precedes(key, known)
      {
        joining[record] = key
      }
    }
    return joining
  }

  /// By kind and text, so that the order in which keys were met does not matter.
  private func precedes(_ a: Int, _ b: Int) -> Bool {
    if keys.kindOfKey[a] != keys.kindOfKey[b] { return keys.kindOfKey[a] < keys.kindOfKey[b] }
    switch (keys.texts[a], keys.texts[b]) {
    case (.number(let a), .number(let b)): return a < b
    default: return keys.texts[a].text < keys.texts[b].text
    }
  }
}
