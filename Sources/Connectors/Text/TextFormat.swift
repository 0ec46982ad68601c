package import GraphTypes

/// How a text table is written: everything that a reader has to know before its first byte.
package struct TextFormat: Sendable {
  /// What separates two fields.
  package enum Delimiter: Sendable, Equatable {
    /// The most frequent of `,` `;` tab and `|` in the first line.
    case automatic
    case byte(UInt8)
    /// Any run of spaces and tabs; blanks at the start of a line do not count.
    case blanks

    /// Reads `,`, `tab`, `\t`, `blanks`, `auto` and single ASCII characters.
    package init?(_ text: String) {
      switch text {
      case "auto", "automatic": self = .automatic
      case "tab", "\\t", "TAB": self = .byte(9)
      case "blanks", "blank", "spaces", "whitespace": self = .blanks
      case "comma": self = .byte(44)
      case "semicolon": self = .byte(59)
      case "pipe": self = .byte(124)
      default:
        let bytes = Array(text.utf8)
        guard bytes.count == 1, bytes[0] < 128, bytes[0] != 10, bytes[0] != 13 else { return nil }
        self = .byte(bytes[0])
      }
    }
  }

  package var delimiter = Delimiter.automatic
  /// Nil: quotes are ordinary characters.
  package var quote: UInt8? = UInt8(ascii: "\"")
  package var encoding = TextEncoding.automatic
  /// `.` or `,`.
  package var decimalPoint = UInt8(ascii: ".")
  /// Numbers may be grouped by spaces, no-break spaces and apostrophes: `1 234,50`.
  package var allowsThousandsSpaces = false
  /// Tried in order, before the ISO 8601 forms.
  package var datePatterns: [DatePattern] = []
  /// For values of type `datetime` without an offset.
  package var zone = TemporalZone.utc
  /// Texts that mean null, besides the empty field.
  package var nullTexts: [String] = []
  /// Whether `""` is the empty string (in string columns) and not null.
  package var isQuotedEmptyText = false
  package var arrayDelimiter = UInt8(ascii: ";")
  /// Whether blanks around a text are dropped. (Numbers and dates may always have them.)
  package var trimsText = false
  /// Lines before the header that are not part of the table.
  package var skippedLines = 0
  /// Whether rows may have more fields than there are columns.
  package var allowsExtraFields = false

  package init() {}
}
