/// A telephone number in the canonical form in which Yandex Metrica hashes it: digits only, with the
/// country code (`79995551111`). Numbers without a country code are Russian.
struct PhoneNumber: Hashable {
  /// The digits as a number: E.164 has at most 15, and no country code begins with 0.
  var digits: UInt64

  /// The numbers in one cell of a table: several may be separated by `,`, `;`, `/`, `|` or line ends,
  /// and each may have an extension, which does not count.
  ///
  /// Digits of other numbers than telephone numbers (seven-digit local ones, typing errors) and
  /// placeholders (`+7 999 999-99-99`) are left out.
  static func numbers(in text: String) -> [PhoneNumber] {
    if let number = spreadsheetNumber(text) { return number.isPlaceholder ? [] : [number] }
    var found: [PhoneNumber] = []
    var reader = Digits()
    func take(_ reader: Digits) {
      guard let number = reader.number, !number.isPlaceholder, !found.contains(number) else {
        return
      }
      found.append(number)
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "0"..."9": reader.append(UInt8(scalar.value - 48))
      case "+": reader.plus()
      case ",", ";", "/", "|", "\n":
        take(reader)
        reader = Digits()
      default:
        // "доб. 12", "ext. 12", "#12": what follows a whole number is an extension of it.
        guard reader.isLongEnough else { continue }
        if scalar == "#" || scalar == "*" || scalar.properties.isAlphabetic {
          take(reader)
          reader = Digits()
        }
      }
    }
    take(reader)
    return found
  }

  /// `7.9995551111E+10` and `79995551111.0`, as spreadsheets leave numbers. Nil for other text, and
  /// where digits are lost.
  private static func spreadsheetNumber(_ text: String) -> PhoneNumber? {
    guard text.utf8.contains(where: { $0 == 0x2E || $0 == 0x2C }),
      text.utf8.allSatisfy({ byte in
        (0x30...0x39).contains(byte) || [0x2E, 0x2C, 0x2B, 0x45, 0x65].contains(byte)
      })
    else { return nil }
    let decimal = String(text.map { $0 == "," ? "." : $0 })
    let mantissa = decimal.prefix { $0 != "E" && $0 != "e" }
    guard let value = Double(decimal), value >= 1e9, value < 1e15, value == value.rounded(),
      decimal.utf8.count == mantissa.utf8.count ? mantissa.hasSuffix(".0") : true,
      mantissa.utf8.count(where: { $0 != 0x2E }) >= 10
    else { return nil }
    var reader = Digits()
    for byte in String(UInt64(value)).utf8 { reader.append(byte - 48) }
    return reader.number
  }

  /// No one's number: typed because a form wanted something.
  var isPlaceholder: Bool {
    let national = digits % 10_000_000_000
    let last = national % 10
    return national == last * 1_111_111_111 || national % 10_000_000 == 0
      || national == 1_234_567_890
  }

  var text: String { String(digits) }

  /// The digits of one number as they are read.
  private struct Digits {
    private var value: UInt64 = 0
    private var count = 0
    private var leadingZeros = 0
    private var hasPlus = false

    mutating func plus() { if count == 0 && leadingZeros == 0 { hasPlus = true } }

    mutating func append(_ digit: UInt8) {
      if count == 0 && digit == 0 {
        leadingZeros += 1
      } else if count < 19 {
        value = value * 10 + UInt64(digit)
        count += 1
      } else {
        count += 1
      }
    }

    var isLongEnough: Bool { count >= 10 }

    /// With country code; nil for what is no telephone number.
    var number: PhoneNumber? {
      // 00 is the international prefix of most countries, and 8 10 that of Russia.
      if leadingZeros == 2 { return International(value, count).number }
      if leadingZeros > 0 { return nil }
      if hasPlus { return International(value, count).number }
      let tens: UInt64 = 10_000_000_000
      switch count {
      case 10:
        // Mobile, and geographic codes of Russia and Kazakhstan.
        let first = value / 1_000_000_000
        return [3, 4, 8, 9].contains(first) ? PhoneNumber(digits: 7 * tens + value) : nil
      case 11 where value / tens == 8: return PhoneNumber(digits: value - tens)
      case 13...18 where String(value).hasPrefix("810"):
        var power: UInt64 = 1
        for _ in 0..<count - 3 { power *= 10 }
        return International(value % power, count - 3).number
      case 11...15: return International(value, count).number
      default: return nil
      }
    }
  }

  /// Digits that begin with a country code.
  private struct International {
    let number: PhoneNumber?

    init(_ value: UInt64, _ count: Int) {
      let tens: UInt64 = 10_000_000_000
      switch count {
      // +8 9… is a Russian number with the trunk prefix: there is no country code 89.
      case 11 where value / 1_000_000_000 == 89: number = PhoneNumber(digits: value - tens)
      // +7 8 9…: both prefixes.
      case 12 where value / tens == 78: number = PhoneNumber(digits: 7 * tens + value % tens)
      case 8...15: number = PhoneNumber(digits: value)
      default: number = nil
      }
    }
  }
}
