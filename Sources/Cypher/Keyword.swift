/// The words that the grammar knows. None of them is reserved as such: a word is a keyword where the
/// grammar wants it, and otherwise a name. Case does not matter.
package enum Keyword: String, CaseIterable, Sendable {
  // Clauses.
  case match, optional, unwind, with, `return`, create, merge, set, remove, delete, detach, nodetach
  case foreach, call, yield, union, load, csv, headers, from, fieldterminator
  case `where`, order, by, asc, ascending, desc, descending, skip, offset, limit, `as`, on
  case using, index, seek, scan, join, distinct, finish, filter
  /// `LET` of GQL.
  case letItem = "let"
  // Expressions.
  case and, or, xor, not, `in`, `is`, starts, ends, contains, null, `true`, `false`
  case `case`, when, then, `else`, end
  case exists, count, collect, all, any, single, reduce
  /// `NONE`; Swift's `none` is Optional's.
  case noneOf = "none"
  case typed, normalized, nfc, nfd, nfkc, nfkd, leading, trailing, both
  // Patterns.
  case shortestpath, allshortestpaths, shortest, path, paths, group, groups
  case repeatable, different, element, elements, bindings, relationships
  // Commands.
  case explain, profile, cypher, show, drop, constraint, constraints, indexes, `if`, `for`, require,
    unique
  case uniqueness, key, node, relationship, rel, each, options, range, text, point, fulltext, lookup
  case function, functions, procedure, procedures, built, user, defined, exist, existence, property
  case executable, current
  case type, assert
  // Transactions of subqueries.
  case transactions, transaction, concurrent, of, rows, row, error, fail, `continue`, `break`
  case report, status
  // Types.
  case boolean, bool, string, varchar, integer, int, signed, float, date, local, zoned, time
  case datetime, timestamp, without, timezone, zone, duration, vertex, edge, map, list, array, value
  case nothing

  /// As the documentation writes it: `MATCH`.
  package var spelling: String { rawValue.uppercased() }

  /// Words that start or continue a construct so often that, where an expression should start, they
  /// are names only if what follows cannot continue that construct; see `Parser.wordIsName`.
  var isReserved: Bool {
    switch self {
    case .match, .optional, .unwind, .with, .return, .create, .merge, .set, .remove, .delete,
      .detach, .foreach, .call, .yield, .union, .where, .order, .skip, .limit, .as, .on, .and, .or,
      .xor, .not, .in, .is, .starts, .ends, .contains, .null, .true, .false, .case, .when, .then,
      .else, .distinct:
      true
    default: false
    }
  }

  /// Words that can stand behind a complete expression.
  var canFollowExpression: Bool {
    switch self {
    case .as, .and, .or, .xor, .in, .is, .starts, .ends, .contains, .when, .then, .else, .end,
      .where, .order, .skip, .offset, .limit, .asc, .ascending, .desc, .descending, .union, .yield,
      .match, .optional, .unwind, .with, .return, .create, .merge, .set, .remove, .delete, .detach,
      .nodetach, .foreach, .call, .load, .on, .using, .fieldterminator, .finish, .filter, .letItem:
      true
    default: false
    }
  }

  /// Words that can follow `CYPHER` and its options.
  var canStartStatement: Bool {
    switch self {
    case .explain, .profile, .show, .drop: true
    default: Self.clauseStarts.contains(self)
    }
  }

  /// Words that start a clause, for suggestions.
  static let clauseStarts: [Keyword] = [
    .match, .optional, .unwind, .with, .return, .create, .merge, .set, .remove, .delete, .detach,
    .foreach, .call, .load, .finish, .filter,
  ]
}

/// Finds the keyword of a word, without regard to case: an open hash table over the first 16 bytes,
/// folded to lower case and packed into two machine words. All keywords are shorter than that.
struct KeywordTable: Sendable {
  static let shared = KeywordTable()

  private struct Slot {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var keyword: Keyword?
  }
  private var slots = [Slot](repeating: Slot(), count: 1 << KeywordTable.bits)
  private static let bits = 10

  private init() {
    for keyword in Keyword.allCases {
      let bytes = Array(keyword.rawValue.utf8)
      precondition(bytes.count <= 16)
      let (low, high) = Self.pack(bytes[...])
      var index = Self.hash(low, high)
      while slots[index].keyword != nil { index = (index + 1) & (slots.count - 1) }
      slots[index] = Slot(low: low, high: high, keyword: keyword)
    }
  }

  /// - Parameter word: letters, digits and underscores only, ASCII.
  func keyword(_ word: ArraySlice<UInt8>) -> Keyword? {
    if word.count > 16 { return nil }
    let (low, high) = Self.pack(word)
    var index = Self.hash(low, high)
    while let keyword = slots[index].keyword {
      if slots[index].low == low, slots[index].high == high { return keyword }
      index = (index + 1) & (slots.count - 1)
    }
    return nil
  }

  private static func pack(_ word: ArraySlice<UInt8>) -> (UInt64, UInt64) {
    var low: UInt64 = 0
    var high: UInt64 = 0
    for byte in word {
      high = high << 8 | low >> 56
      // Folds letters to lower case. It also maps `_` to DEL and leaves digits, neither of which a
      // keyword contains.
      low = low << 8 | UInt64(byte | 0x20)
    }
    return (low, high)
  }

  private static func hash(_ low: UInt64, _ high: UInt64) -> Int {
    let product = (low ^ high &* 0x9E37_79B9) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: product >> UInt64(64 - bits))
  }
}
