/// An e-mail address in the canonical form in which Yandex Metrica hashes it: lower case, without
/// spaces.
struct EmailAddress: Hashable {
  /// Before and behind the `@`.
  var local: String
  var domain: String

  var text: String { "\(local)@\(domain)" }

  /// The addresses in one cell of a table: `Анна <Anna@Mail.ru>; mailto:anna@shop.ru`. What is no
  /// address, and placeholders, are left out.
  static func addresses(in text: String) -> [EmailAddress] {
    var found: [EmailAddress] = []
    for part in text.split(whereSeparator: { $0.isNewline || ",;|".contains($0) }) {
      let words = part.split(whereSeparator: \.isWhitespace)
      // Spaces inside one address are a slip; between two they separate them.
      let isOne = part.utf8.count { $0 == 0x40 } <= 1
      let candidates =
        isOne ? [part.contains("<") ? Substring(part) : Substring(words.joined())] : words
      for candidate in candidates {
        guard let address = EmailAddress(candidate), !address.isPlaceholder,
          !found.contains(address)
        else { continue }
        found.append(address)
      }
    }
    return found
  }

  /// - Returns: nil for what is no address.
  init?(_ text: Substring) {
    var text = text
    if let open = text.lastIndex(of: "<") {
      text = text[text.index(after: open)...].prefix { $0 != ">" }
    }
    var lower = text.lowercased().filter { !$0.isWhitespace }
    if lower.hasPrefix("mailto:") { lower = String(lower.dropFirst(7).prefix { $0 != "?" }) }
    while let last = lower.last, ".'\"".contains(last) { lower.removeLast() }
    while let first = lower.first, "'\"".contains(first) { lower.removeFirst() }
    let parts = lower.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...64).contains(parts[0].utf8.count), parts[1].utf8.count <= 253,
      !parts[0].contains(where: { "()[]:\\\"".contains($0) })
    else { return nil }
    let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    guard labels.count >= 2, (labels.last?.count ?? 0) >= 2,
      labels.allSatisfy({ label in
        !label.isEmpty && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
      })
    else { return nil }
    local = String(parts[0])
    domain = String(parts[1])
  }

  private init(local: String, domain: String) {
    self.local = local
    self.domain = domain
  }

  /// No one's address: typed because a form wanted something (`no@no.ru`, `1@1.ru`).
  var isPlaceholder: Bool {
    if Self.placeholderNames.contains(local) || Self.placeholderDomains.contains(domain) {
      return true
    }
    // mail@mail.ru, asd@asd.ru; but ivanov@ivanov.ru has a domain of his own.
    let label = domain.prefix { $0 != "." }
    if label == local && local.count < 6 { return true }
    // 1, 111, aaa; but a letter alone may be someone's.
    guard let first = local.first, local.allSatisfy({ $0 == first }) else { return false }
    return first.isNumber || local.count > 2
  }

  /// Of an office rather than a person (`info@`, `sales@`): many clients of one firm give it.
  var isRole: Bool { Self.roles.contains(local) }

  /// The box that the provider delivers to whatever the spelling: Yandex has one login for all its
  /// domains and takes `.` for `-`; Gmail takes no notice of `.`; both ignore what follows `+`. Nil
  /// for other providers.
  var alias: EmailAddress? {
    let name = String(local.prefix { $0 != "+" })
    if Self.yandexDomains.contains(domain) {
      return EmailAddress(
        local: String(name.map { $0 == "." ? "-" : $0 }), domain: "yandex.ru")
    }
    if domain == "gmail.com" || domain == "googlemail.com" {
      return EmailAddress(local: name.filter { $0 != "." }, domain: "gmail.com")
    }
    return nil
  }

  private static let placeholderNames: Set<String> = [
    "no", "none", "net", "нет", "test", "testtest", "noemail", "no-email", "nomail", "no-mail",
    "null", "unknown", "fake", "qwerty", "asdf", "123", "1234", "12345", "123456",
  ]
  private static let placeholderDomains: Set<String> = [
    "no.ru", "no.no", "net.net", "net.ru", "test.ru", "test.com", "test.test", "noemail.ru",
    "nomail.ru", "nomail.com", "email.email", "1.ru", "1.com",
  ]
  private static let roles: Set<String> = [
    "abuse", "accounts", "admin", "administrator", "billing", "booking", "buh", "contact",
    "contacts", "donotreply", "feedback", "help", "hostmaster", "hr", "info", "job", "manager",
    "marketing", "no-reply", "no_reply", "noreply", "office", "order", "orders", "postmaster",
    "pr", "reception", "sale", "sales", "secretary", "service", "shop", "support", "webmaster",
    "zakaz", "zakupki",
  ]
  private static let yandexDomains: Set<String> = [
    "yandex.ru", "ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "yandex.uz",
    "yandex.az", "yandex.com.tr", "yandex.com.am", "yandex.com.ge", "yandex.co.il", "yandex.kg",
    "yandex.lt", "yandex.lv", "yandex.ee", "yandex.md", "yandex.tj", "yandex.tm", "yandex.fr",
    "narod.ru",
  ]
}
