import Tropa

/// Who gets nothing, so that the effect of what the others get can be measured: a random share of the
/// clients that is drawn by a hash, so that it is the same on every run, on every machine, for every
/// order of clients.
///
/// The hash of the experiment's and the trigger's name is the start of a walk through the client's
/// key: FNV-1a over bytes, then the finaliser of SplitMix64 (Steele, Lea, Flood, 2014), which spreads
/// every bit over all others. Its upper 53 bits are a number in 0 ..< 1; below the share, the client
/// is in the control group. So a group for a greater share contains that for a smaller one, and
/// groups of different triggers are independent.
struct ControlGroup {
  private let start: UInt64
  let share: Double

  /// - Parameters:
  ///   - trigger: nil for clients who get nothing from any trigger.
  ///   - share: 0 ... 1.
  init(experiment: String, trigger: String?, share: Double) {
    self.share = share
    // A zero byte ends each name, so that no two pairs of names run together.
    var hash = Self.hash(experiment.utf8, from: 0xCBF2_9CE4_8422_2325)
    hash = Self.hash(CollectionOfOne(0), from: hash)
    if let trigger {
      hash = Self.hash(trigger.utf8, from: hash)
      hash = Self.hash(CollectionOfOne(0), from: hash)
    }
    start = Self.mixed(hash)
  }

  func contains(_ client: ClientKey) -> Bool {
    share > 0 && Double(Self.mixed(start ^ client.hash) >> 11) * 0x1p-53 < share
  }

  fileprivate static func hash(_ bytes: some Sequence<UInt8>, from start: UInt64) -> UInt64 {
    var hash = start
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
  }

  fileprivate static func mixed(_ value: UInt64) -> UInt64 {
    var mixed = value &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// What a client is known by outside of the graph, as the hash of control groups sees it.
struct ClientKey: Equatable {
  fileprivate let hash: UInt64

  /// - Parameter value: an integer or a string; other values count by their text.
  init(_ value: Value) {
    switch value {
    case .integer(let number): self.init(integer: number)
    case .string(let text): self.init(text: text)
    default: self.init(text: value.text(.literal))
    }
  }

  init(integer: Int64) { hash = ControlGroup.mixed(UInt64(bitPattern: integer)) }

  private init(text: String) {
    hash = ControlGroup.mixed(ControlGroup.hash(text.utf8, from: 0x8422_2325_CBF2_9CE4))
  }
}
