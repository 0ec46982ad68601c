import CLMDB
import GraphStore

/// Raw LMDB on a file of its own: what one durable record costs at least. One put of 64 bytes under
/// a random key into a tree of 200,000 records, per transaction.
final class RawLMDB {
  private let environment: OpaquePointer
  private var tree: MDB_dbi = 0
  private var random = SplitMix64(state: 7)
  static let records: UInt64 = 200_000

  init(path: String, durability: StoreOptions.Durability) throws {
    var handle: OpaquePointer?
    try Self.check(mdb_env_create(&handle))
    guard let handle else { throw Failure("LMDB gives no environment") }
    environment = handle
    mdb_env_set_mapsize(handle, 1 << 34)
    let sync: Int32 =
      switch durability {
      case .full: 0
      case .relaxed: MDB_NOMETASYNC
      case .bulk: MDB_NOSYNC
      }
    try Self.check(
      mdb_env_open(handle, path, UInt32(MDB_NOSUBDIR | MDB_NOTLS | sync), 0o644))
    var transaction: OpaquePointer?
    try Self.check(mdb_txn_begin(handle, nil, 0, &transaction))
    try Self.check(mdb_dbi_open(transaction, nil, 0, &tree))
    for key in 0..<Self.records {
      try put(transaction, key.bigEndian, flags: MDB_APPEND)
    }
    try Self.check(mdb_txn_commit(transaction))
  }
  deinit { mdb_env_close(environment) }

  private func put(_ transaction: OpaquePointer?, _ key: UInt64, flags: Int32 = 0) throws {
    var key = key
    var record = (key, key, key, key, key, key, key, key)
    let code = withUnsafeMutableBytes(of: &key) { key in
      withUnsafeMutableBytes(of: &record) { record in
        var key = MDB_val(mv_size: key.count, mv_data: key.baseAddress)
        var value = MDB_val(mv_size: record.count, mv_data: record.baseAddress)
        return mdb_put(transaction, tree, &key, &value, UInt32(flags))
      }
    }
    try Self.check(code)
  }

  func commit() throws {
    var transaction: OpaquePointer?
    try Self.check(mdb_txn_begin(environment, nil, 0, &transaction))
    try put(transaction, (random.next() % Self.records).bigEndian)
    try Self.check(mdb_txn_commit(transaction))
  }

  private static func check(_ code: Int32) throws {
    if code != MDB_SUCCESS { throw Failure(String(cString: mdb_strerror(code))) }
  }
}

/// Sebastiano Vigna's generator: the same numbers in every run.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
