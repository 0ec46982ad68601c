/// Names that look the same though letters of them are of different alphabets: `с` of Cyrillic and
/// `c` of Latin.
extension NameSuggestion {
  /// The first candidate that looks like the name, but is not it. Case counts.
  package static func lookAlike(
    of name: String, among candidates: some Sequence<String>
  ) -> String? {
    let appearance = appearance(of: name)
    return candidates.first { $0 != name && Self.appearance(of: $0) == appearance }
  }

  /// The hint for a name that looks like another.
  package static func adviceForLookAlike(_ other: String) -> String {
    "did you mean `\(other)`? It looks the same, but has letters of another alphabet"
  }

  private static func appearance(of name: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in name.unicodeScalars { result.append(latin[scalar] ?? scalar) }
    return String(result)
  }

  /// Cyrillic and Greek letters, and the Latin ones that look like them.
  private static let latin: [Unicode.Scalar: Unicode.Scalar] = {
    let pairs: [(other: String, latin: String)] = [
      ("АВСЕНІЈКМОРЅТУХ", "ABCEHIJKMOPSTYX"), ("асеіјорѕух", "aceijopsyx"),
      ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"), ("ορν", "opv"),
    ]
    var table: [Unicode.Scalar: Unicode.Scalar] = [:]
    for pair in pairs {
      for (other, latin) in zip(pair.other.unicodeScalars, pair.latin.unicodeScalars) {
        table[other] = latin
      }
    }
    return table
  }()
}
