internal import Crypto

/// Digests of contacts, in lower-case hexadecimal, as advertising systems take them.
enum ContactDigest {
  /// Metrica's `phones_md5` and `emails_md5`.
  static func md5(_ text: String) -> String { digest(text, Insecure.MD5()) }

  /// Metrica's `firstPartyParamsHashed`, and what most others take.
  static func sha256(_ text: String) -> String { digest(text, SHA256()) }

  private static func digest(_ text: String, _ function: some HashFunction) -> String {
    var function = function
    var text = text
    text.withUTF8 { function.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    let digits = Array("0123456789abcdef".utf8)
    var hexadecimal: [UInt8] = []
    for byte in function.finalize() {
      hexadecimal.append(digits[Int(byte >> 4)])
      hexadecimal.append(digits[Int(byte & 15)])
    }
    return String(decoding: hexadecimal, as: UTF8.self)
  }
}
