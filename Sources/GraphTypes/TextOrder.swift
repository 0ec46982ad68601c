#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Cypher compares text code point by code point. Swift's `==` and `<` on String compare by
// canonical equivalence instead (é as one or as two code points are equal), and are slow for text
// beyond ASCII. UTF-8 bytes order as code points do, so bytes are compared here.

extension String {
  /// Negative, zero or positive as this comes before, equals or follows `other`.
  package func codePointOrder(_ other: String) -> Int {
    withBytes { a in
      other.withBytes { b in
        let common = min(a.count, b.count)
        if common > 0, let start = a.baseAddress, let otherStart = b.baseAddress {
          let order = memcmp(start, otherStart, common)
          if order != 0 { return Int(order) }
        }
        return a.count - b.count
      }
    }
  }

  package func hasSameCodePoints(as other: String) -> Bool {
    utf8.count == other.utf8.count && codePointOrder(other) == 0
  }
}
