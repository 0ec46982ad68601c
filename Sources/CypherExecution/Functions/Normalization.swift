// Foundation has the four Unicode normal forms; the standard library offers none of them publicly.
import Foundation
internal import GraphTypes

enum Normalization {
  /// - Parameter form: `NFC`, `NFD`, `NFKC` or `NFKD`, in any case.
  static func normalize(_ text: String, form: String) throws -> String {
    switch form.uppercased() {
    case "NFC": return text.precomposedStringWithCanonicalMapping
    case "NFD": return text.decomposedStringWithCanonicalMapping
    case "NFKC": return text.precomposedStringWithCompatibilityMapping
    case "NFKD": return text.decomposedStringWithCompatibilityMapping
    default:
      throw ExpressionError.argument(
        "'\(form)' is not a normal form", hint: "the forms are NFC, NFD, NFKC and NFKD")
    }
  }
}
