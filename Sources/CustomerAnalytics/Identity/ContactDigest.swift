internal import CCrypto

/// Digests of contacts, in lower-case hexadecimal, as advertising systems take them.
enum ContactDigest {
  /// Metrica's `phones_md5` and `emails_md5`.
  static func md5(_ text: String) -> String? { digest(text, EVP_md5()) }

  /// Metrica's `firstPartyParamsHashed`, and what most others take.
  static func sha256(_ text: String) -> String? { digest(text, EVP_sha256()) }

  /// - Returns: nil if the system's library has no such digest (MD5 in its FIPS mode).
  private static func digest(_ text: String, _ algorithm: OpaquePointer?) -> String? {
    var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    var text = text
    let status = text.withUTF8 { source in
      EVP_Digest(source.baseAddress, source.count, &bytes, &length, algorithm, nil)
    }
    guard status == 1 else { return nil }
    let digits = Array("0123456789abcdef".utf8)
    var hexadecimal: [UInt8] = []
    for byte in bytes.prefix(Int(length)) {
      hexadecimal.append(digits[Int(byte >> 4)])
      hexadecimal.append(digits[Int(byte & 15)])
    }
    return String(decoding: hexadecimal, as: UTF8.self)
  }
}
