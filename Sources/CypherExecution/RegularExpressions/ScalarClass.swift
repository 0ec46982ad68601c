/// A set of code points, as `[…]`, `\d`, `\p{…}` and `.` of a regular expression describe it.
indirect enum ScalarClass: Sendable {
  case all
  case range(UInt32, UInt32)
  case property(ScalarProperty)
  case union([ScalarClass])
  case intersection(ScalarClass, ScalarClass)
  case complement(ScalarClass)
  /// Also what differs from a member in case only.
  case folded(ScalarClass)

  static func scalar(_ scalar: Unicode.Scalar) -> ScalarClass { .range(scalar.value, scalar.value) }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    switch self {
    case .all: return true
    case .range(let first, let last): return first <= scalar.value && scalar.value <= last
    case .property(let property): return property.contains(scalar)
    case .union(let classes): return classes.contains { $0.contains(scalar) }
    case .intersection(let a, let b): return a.contains(scalar) && b.contains(scalar)
    case .complement(let inner): return !inner.contains(scalar)
    case .folded(let inner):
      if inner.contains(scalar) { return true }
      let properties = scalar.properties
      return [properties.lowercaseMapping, properties.uppercaseMapping].contains { text in
        let scalars = text.unicodeScalars
        guard scalars.count == 1, let other = scalars.first else { return false }
        return other != scalar && inner.contains(other)
      }
    }
  }

  /// The ends of lines: LF, CR, NEL, and the separators of lines and paragraphs.
  static let lineEnds = ScalarClass.union([
    .range(0xA, 0xA), .range(0xD, 0xD), .range(0x85, 0x85), .range(0x2028, 0x2029),
  ])
  /// `\h`.
  static let blanks = ScalarClass.union([
    .range(0x9, 0x9), .range(0x20, 0x20), .range(0xA0, 0xA0), .range(0x1680, 0x1680),
    .range(0x2000, 0x200A), .range(0x202F, 0x202F), .range(0x205F, 0x205F), .range(0x3000, 0x3000),
  ])
}

/// What `\p{…}` names: general categories, binary properties and the scripts of our data.
enum ScalarProperty: Sendable {
  case category([Unicode.GeneralCategory])
  case alphabetic, lowercase, uppercase, whiteSpace, digit, word, punctuation

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    switch self {
    case .category(let categories): return categories.contains(properties.generalCategory)
    case .alphabetic: return properties.isAlphabetic
    case .lowercase: return properties.isLowercase
    case .uppercase: return properties.isUppercase
    case .whiteSpace: return properties.isWhitespace
    case .digit: return properties.generalCategory == .decimalNumber
    case .punctuation:
      return Self.categories["P", default: []].contains(properties.generalCategory)
    case .word: return Self.isWord(scalar)
    }
  }

  /// Letters, marks, decimal digits, connectors such as `_`.
  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "а"..."я", "А"..."Я": return true
    case "\0"..."\u{7F}": return false
    default: break
    }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .decimalNumber, .connectorPunctuation, .nonspacingMark, .spacingMark, .enclosingMark:
      return true
    default: return properties.isAlphabetic || properties.isJoinControl
    }
  }

  /// - Parameter name: as Java has it: `L`, `IsL`, `Lu`, `Alpha`, `IsAlphabetic`, `IsCyrillic`,
  ///   `InCyrillic`, `script=Cyrillic`, `sc=Latin`, `gc=Nd`, in any case.
  static func named(_ name: String) -> ScalarClass? {
    var key = name.lowercased().filter { $0 != "_" && $0 != " " }
    for prefix in ["script=", "sc=", "block=", "blk=", "generalcategory=", "gc=", "is", "in"]
    where key.hasPrefix(prefix) && key.utf8.count > prefix.utf8.count {
      key.removeFirst(prefix.count)
      break
    }
    if let ranges = scripts[key] { return .union(ranges.map { .range($0.0, $0.1) }) }
    switch key {
    case "alpha", "alphabetic", "letter", "javaletter": return .property(.alphabetic)
    case "lower", "lowercase", "javalowercase": return .property(.lowercase)
    case "upper", "uppercase", "javauppercase": return .property(.uppercase)
    case "space", "whitespace", "javawhitespace": return .property(.whiteSpace)
    case "digit": return .property(.digit)
    case "alnum": return .union([.property(.alphabetic), .property(.digit)])
    case "punct", "punctuation": return .property(.punctuation)
    case "ascii": return .range(0, 0x7F)
    case "cntrl", "control": return .property(.category([.control]))
    case "xdigit", "hexdigit":
      return .union([.range(0x30, 0x39), .range(0x41, 0x46), .range(0x61, 0x66)])
    case "blank": return .blanks
    case "print", "graph":
      let isPrint = key == "print"
      let unprinted: [Unicode.GeneralCategory] = [.control, .unassigned, .surrogate]
      let graph = ScalarClass.complement(
        .union([.property(.whiteSpace), .property(.category(unprinted))]))
      return isPrint ? .union([graph, .blanks]) : graph
    default: break
    }
    let category = key.prefix(1).uppercased() + key.dropFirst()
    return categories[category].map { .property(.category($0)) }
  }

  static let names =
    "categories such as L, Lu, Nd, P; Alpha, Lower, Upper, Digit, Alnum, Punct, Space, Blank, "
    + "Cntrl, Print, Graph, XDigit, ASCII; IsCyrillic, IsLatin, IsGreek"

  private static let scripts: [String: [(UInt32, UInt32)]] = [
    "cyrillic": [
      (0x400, 0x52F), (0x1C80, 0x1C8F), (0x1D2B, 0x1D2B), (0x1D78, 0x1D78), (0x2DE0, 0x2DFF),
      (0xA640, 0xA69F), (0xFE2E, 0xFE2F),
    ],
    "latin": [
      (0x41, 0x5A), (0x61, 0x7A), (0xAA, 0xAA), (0xBA, 0xBA), (0xC0, 0xD6), (0xD8, 0xF6),
      (0xF8, 0x2B8), (0x1E00, 0x1EFF), (0x2C60, 0x2C7F), (0xA722, 0xA787), (0xFF21, 0xFF3A),
      (0xFF41, 0xFF5A),
    ],
    "greek": [(0x370, 0x373), (0x375, 0x377), (0x37A, 0x37D), (0x37F, 0x3E1), (0x1F00, 0x1FFF)],
  ]

  private static let categories: [String: [Unicode.GeneralCategory]] = [
    "L": [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter],
    "Lu": [.uppercaseLetter], "Ll": [.lowercaseLetter], "Lt": [.titlecaseLetter],
    "Lm": [.modifierLetter], "Lo": [.otherLetter],
    "M": [.nonspacingMark, .spacingMark, .enclosingMark], "Mn": [.nonspacingMark],
    "Mc": [.spacingMark], "Me": [.enclosingMark],
    "N": [.decimalNumber, .letterNumber, .otherNumber], "Nd": [.decimalNumber],
    "Nl": [.letterNumber], "No": [.otherNumber],
    "P": [
      .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation,
    ],
    "Pc": [.connectorPunctuation], "Pd": [.dashPunctuation], "Ps": [.openPunctuation],
    "Pe": [.closePunctuation], "Pi": [.initialPunctuation], "Pf": [.finalPunctuation],
    "Po": [.otherPunctuation],
    "S": [.mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol], "Sm": [.mathSymbol],
    "Sc": [.currencySymbol], "Sk": [.modifierSymbol], "So": [.otherSymbol],
    "Z": [.spaceSeparator, .lineSeparator, .paragraphSeparator], "Zs": [.spaceSeparator],
    "Zl": [.lineSeparator], "Zp": [.paragraphSeparator],
    "C": [.control, .format, .surrogate, .privateUse, .unassigned], "Cc": [.control],
    "Cf": [.format], "Co": [.privateUse], "Cn": [.unassigned],
  ]
}
