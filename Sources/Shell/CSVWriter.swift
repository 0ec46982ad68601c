import Tropa

/// RFC 4180 with a heading and `\n` as line end. Null is an empty field, an empty string `""`.
final class CSVWriter: ResultWriter {
  private let output: (String) throws -> Void
  private var buffer = ""

  init(output: @escaping (String) throws -> Void) { self.output = output }

  func begin(columns: [String]) throws {
    for (index, column) in columns.enumerated() {
      if index > 0 { buffer += "," }
      field(column)
    }
    buffer += "\n"
  }

  func row(_ values: [Value]) throws {
    for (index, value) in values.enumerated() {
      if index > 0 { buffer += "," }
      switch value {
      case .null: break
      case .string(""): buffer += "\"\""
      case .string(let text): field(text)
      default: field(value.cellText)
      }
    }
    buffer += "\n"
    if buffer.utf8.count > 1 << 16 { try flush() }
  }

  func end() throws { try flush() }

  private func flush() throws {
    if !buffer.isEmpty { try output(buffer) }
    buffer = ""
  }

  private func field(_ text: String) {
    let needsQuotes = text.utf8.contains { $0 == 34 || $0 == 44 || $0 == 10 || $0 == 13 }
    guard needsQuotes else {
      buffer += text
      return
    }
    buffer += "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { buffer += "\"" }
      buffer.unicodeScalars.append(scalar)
    }
    buffer += "\""
  }
}
