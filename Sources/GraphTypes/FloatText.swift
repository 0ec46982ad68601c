extension Double {
  /// The text that Cypher (and Java) gives a float: the shortest digits that read back as the same
  /// number, plain from 10^-3 up to 10^7 and as `1.0E10` outside, always with a fraction.
  package var cypherText: String {
    if isNaN { return "NaN" }
    if isInfinite { return self < 0 ? "-Infinity" : "Infinity" }
    let magnitude = self.magnitude
    let text = description
    // Swift writes plain digits from 10^-4 up to 2^54.
    if magnitude == 0 || (magnitude >= 1e-3 && magnitude < 1e7) { return text }

    let (digits, pointPosition) = Self.digits(of: text)
    var result = self < 0 ? "-" : ""
    result.append(digits[digits.startIndex])
    result += "."
    let rest = digits.dropFirst()
    result += rest.isEmpty ? "0" : rest
    result += "E"
    result += String(pointPosition - 1)
    return result
  }

  /// The significant digits of a number's text, and how many of them stand before the point (zero
  /// or less if zeros follow the point first).
  private static func digits(of text: String) -> (Substring, Int) {
    let unsigned = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let parts = unsigned.split(separator: "e")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    let all = Substring(mantissa[0] + fraction)
    let leadingZeros = all.prefix { $0 == "0" }.count
    var digits = all.dropFirst(leadingZeros)
    while digits.count > 1 && digits.last == "0" { digits.removeLast() }
    return (digits, mantissa[0].count + exponent - leadingZeros)
  }
}
