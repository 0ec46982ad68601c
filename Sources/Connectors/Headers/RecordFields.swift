/// Splits one record into texts, by the rules of `BlockParser`. For headers.
enum RecordFields {
  static func split(_ record: [UInt8], format: TextFormat) -> [String] {
    var fields: [String] = []
    var i = 0
    let isBlanks = format.delimiter == .blanks
    func isDelimiter(_ byte: UInt8) -> Bool {
      if case .byte(let delimiter) = format.delimiter { return byte == delimiter }
      return byte == 32 || byte == 9
    }
    func skipBlanks() {
      while isBlanks && i < record.count && isDelimiter(record[i]) { i += 1 }
    }
    skipBlanks()
    while true {
      var field: [UInt8] = []
      if let quote = format.quote, i < record.count, record[i] == quote {
        i += 1
        while i < record.count {
          if record[i] == quote {
            i += 1
            guard i < record.count, record[i] == quote else { break }
          }
          field.append(record[i])
          i += 1
        }
      }
      while i < record.count && !isDelimiter(record[i]) {
        field.append(record[i])
        i += 1
      }
      fields.append(String(decoding: field, as: UTF8.self))
      if i >= record.count { return fields }
      i += 1
      skipBlanks()
      if isBlanks && i >= record.count { return fields }
    }
  }

  /// One field as it has to be written.
  static func written(_ text: String, format: TextFormat) -> String {
    let quote = format.quote ?? 34
    let needsQuotes = text.utf8.contains { byte in
      if byte == 10 || byte == 13 || byte == quote { return true }
      if case .byte(let delimiter) = format.delimiter { return byte == delimiter }
      return byte == 32 || byte == 9
    }
    if !needsQuotes { return text }
    let mark = Character(UnicodeScalar(quote))
    return "\(mark)"
      + text.split(separator: mark, omittingEmptySubsequences: false)
      .joined(separator: "\(mark)\(mark)") + "\(mark)"
  }
}
