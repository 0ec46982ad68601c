/// A query as `FullTextQueryParser` reads it.
indirect enum FullTextQuery: Equatable {
  enum Occurrence: Equatable { case optional, required, excluded }
  struct Clause: Equatable {
    var occurrence: Occurrence
    var query: FullTextQuery
  }
  enum PatternElement: Equatable {
    case character(Unicode.Scalar)
    /// `?`
    case anyCharacter
    /// `*`
    case anyCharacters
  }

  /// What the analyzer makes of a text: a term, or several in a row. `field` is the place of a
  /// property key in the index; nil: any of them.
  case text(String, field: Int?)
  /// Terms within `slop` moves of the places that they have in the text.
  case phrase(String, slop: Int, field: Int?)
  /// Terms that match a pattern.
  case pattern([PatternElement], field: Int?)
  /// Terms within a few edits: insertion, removal or exchange of a character, or a swap of two.
  case fuzzy(String, edits: Int, field: Int?)
  /// `*:*`
  case all
  case boolean([Clause])
  case boosted(FullTextQuery, by: Double)
}
