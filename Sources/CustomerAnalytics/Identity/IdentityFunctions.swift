import Tropa

/// `crm.identity.phone` and its kin: contacts in the form in which they are compared and hashed.
enum IdentityFunctions {
  private static let category = "Customers"

  static let all: [Function] = [
    Function(
      "crm.identity.phone", parameters: [.init("value", "STRING | INTEGER | FLOAT")],
      returns: "STRING", category: category,
      summary:
        "The first telephone number in a text, as digits with the country code; null if there is none.",
      examples: [
        .init("crm.identity.phone('8 (999) 555-11-11 доб. 12')", "'79995551111'"),
        .init("crm.identity.phone('555-11-11')", "null"),
        .init("crm.identity.phone('+7 999 999-99-99')", "null"),
      ]
    ) { arguments in
      phones(arguments[0]).first.map { .string($0.text) } ?? .null
    },
    Function(
      "crm.identity.phones", parameters: [.init("value", "STRING | INTEGER | FLOAT")],
      returns: "LIST<STRING>", category: category,
      summary: "All telephone numbers in a text, which `,`, `;`, `/` and line ends separate.",
      examples: [
        .init(
          "crm.identity.phones('8-999-555-11-11, +375 29 123-45-67')",
          "['79995551111', '375291234567']")
      ]
    ) { arguments in
      .list(phones(arguments[0]).map { .string($0.text) })
    },
    Function(
      "crm.identity.email", parameters: [.init("value", "STRING")], returns: "STRING",
      category: category,
      summary: "The first e-mail address in a text, in lower case; null if there is none.",
      examples: [
        .init("crm.identity.email('Анна <MAIL@Yandex.ru>')", "'mail@yandex.ru'"),
        .init("crm.identity.email('no@no.ru')", "null"),
      ]
    ) { arguments in
      emails(arguments[0]).first.map { .string($0.text) } ?? .null
    },
    Function(
      "crm.identity.emails", parameters: [.init("value", "STRING")], returns: "LIST<STRING>",
      category: category,
      summary: "All e-mail addresses in a text, which `,`, `;` and line ends separate.",
      examples: [
        .init(
          "crm.identity.emails('a.b@ya.ru; mailto:Shop@firm.ru')", "['a.b@ya.ru', 'shop@firm.ru']")
      ]
    ) { arguments in
      .list(emails(arguments[0]).map { .string($0.text) })
    },
    Function(
      "crm.identity.emailBox", parameters: [.init("value", "STRING")], returns: "STRING",
      category: category,
      summary:
        "The box to which an address is delivered whatever its spelling, at Yandex and Gmail; else the address.",
      examples: [
        .init("crm.identity.emailBox('Ivan.Petrov+shop@ya.ru')", "'ivan-petrov@yandex.ru'")
      ]
    ) { arguments in
      emails(arguments[0]).first.map { .string(($0.alias ?? $0).text) } ?? .null
    },
    digest(
      "crm.identity.md5", "MD5",
      [
        .init("crm.identity.md5('mail@yandex.ru')", "'3c56ff8fef0f6c65b36b2d25720fe276'"),
        .init("crm.identity.md5('79995551111')", "'f09f2c3d48f31e2a802944ade2e5aec5'"),
      ], ContactDigest.md5),
    digest(
      "crm.identity.sha256", "SHA-256",
      [
        .init(
          "crm.identity.sha256('mail@example.com')",
          "'81df589b1dceacc2fa7c8f536015fcdf854eee721fdf282a91ed9c4b0c54dc76'")
      ], ContactDigest.sha256),
  ]

  private static func digest(
    _ name: String, _ title: String, _ examples: [Function.Example],
    _ digest: @escaping @Sendable (String) -> String
  ) -> Function {
    Function(
      name, parameters: [.init("text", "STRING")], returns: "STRING", category: category,
      summary: "The \(title) digest of a text's UTF-8 bytes, in lower-case hexadecimal.",
      examples: examples
    ) { arguments in
      guard case .string(let text) = arguments[0] else {
        throw QueryError(
          .typeError, "InvalidArgumentType",
          "\(name)() takes a string, not \(arguments[0].typeName)")
      }
      return .string(digest(text))
    }
  }

  static func phones(_ value: Value) -> [PhoneNumber] {
    contactText(value).map(PhoneNumber.numbers) ?? []
  }

  static func emails(_ value: Value) -> [EmailAddress] {
    contactText(value).map(EmailAddress.addresses) ?? []
  }

  /// A contact as text: tables hold telephone numbers as numbers, too.
  static func contactText(_ value: Value) -> String? {
    switch value {
    case .string(let text): return text
    case .integer(let number): return String(number)
    case .float(let number):
      guard number == number.rounded(), (0..<1e19).contains(number) else { return nil }
      return String(UInt64(number))
    default: return nil
    }
  }
}
