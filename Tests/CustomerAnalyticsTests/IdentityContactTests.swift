import CustomerAnalytics
import Testing
import Tropa

@Suite struct IdentityContactTests {
  private let database: Database

  init() throws {
    database = try Database.temporary()
    try CustomerProcedures.register(in: database)
  }

  private func value(_ expression: String, _ argument: Value) throws -> Value? {
    try database.query("RETURN \(expression) AS x", parameters: ["v": argument]).first?["x"]
  }

  @Test(arguments: [
    // The official vector, as people write it.
    ("+7 (999) 555-11-11", "79995551111"), ("8 999 555 11 11", "79995551111"),
    ("89995551111", "79995551111"), ("9995551111", "79995551111"),
    ("7 999 555 11 11", "79995551111"), ("тел. 8(999)555-11-11", "79995551111"),
    ("8\u{A0}999\u{A0}555\u{2011}11\u{2011}11 доб. 12", "79995551111"),
    ("89995551111 ext 7", "79995551111"), ("89995551111#5", "79995551111"),
    ("+8 999 555-11-11", "79995551111"), ("+7 8 999 555 11 11", "79995551111"),
    ("7.9995551111E+10", "79995551111"), ("79995551111.0", "79995551111"),
    ("7,9995551111E+10", "79995551111"),
    // Yandex's other example.
    ("70123456789", "70123456789"),
    // Geographic, and of other countries.
    ("(495) 123-45-67", "74951234567"), ("8 495 123 45 67", "74951234567"),
    ("+375 29 123-45-67", "375291234567"), ("8-10-375-29-123-45-67", "375291234567"),
    ("00375291234567", "375291234567"), ("+1 202 555 0143", "12025550143"),
    ("+84 95 123 4567", "84951234567"), ("+372 512 3456", "3725123456"),
  ])
  func phonesAreCanonical(_ text: String, _ canonical: String) throws {
    #expect(try value("crm.identity.phone($v)", .string(text)) == .string(canonical))
  }

  @Test(arguments: [
    "", "123-45-67", "0000000", "79999999999", "+7 (000) 000-00-00", "8 900 000 00 00",
    "1234567890", "не звонить", "00000000000", "5551234567", "+7 999", "12345678901234567890123",
    "7.99E+10", "011 12345678",
  ])
  func whatIsNoPhoneIsNull(_ text: String) throws {
    #expect(try value("crm.identity.phone($v)", .string(text)) == .null)
  }

  @Test func phonesOfNumbersAndSeveralInACell() throws {
    #expect(
      try value("crm.identity.phone($v)", .integer(79_995_551_111)) == .string("79995551111"))
    #expect(try value("crm.identity.phone($v)", .float(79_995_551_111)) == .string("79995551111"))
    #expect(try value("crm.identity.phone($v)", .integer(-5)) == .null)
    #expect(try value("crm.identity.phone($v)", .float(.nan)) == .null)
    #expect(try value("crm.identity.phone($v)", .null) == .null)
    #expect(
      try value(
        "crm.identity.phones($v)",
        .string("89995551111 доб.12, +7 999 555-22-22/8(999)5553333; 123\n8 999 555 11 11"))
        == .list([.string("79995551111"), .string("79995552222"), .string("79995553333")]))
  }

  @Test(arguments: [
    ("ivanov@ivanov.ru", "ivanov@ivanov.ru"),
    ("mail@yandex.ru", "mail@yandex.ru"), (" MAIL@Yandex.RU ", "mail@yandex.ru"),
    ("mailto:mail@yandex.ru?subject=Привет", "mail@yandex.ru"),
    ("Анна <Mail@yandex.ru>", "mail@yandex.ru"), ("mail @ yandex.ru", "mail@yandex.ru"),
    ("'mail@yandex.ru'.", "mail@yandex.ru"), ("mail@example.com", "mail@example.com"),
    ("Почта@Пример.РФ", "почта@пример.рф"), ("info@firm.ru", "info@firm.ru"),
    ("a+b@sub.firm.co.uk", "a+b@sub.firm.co.uk"), ("no@no.ru; anna@firm.ru", "anna@firm.ru"),
  ])
  func emailsAreCanonical(_ text: String, _ canonical: String) throws {
    #expect(try value("crm.identity.email($v)", .string(text)) == .string(canonical))
  }

  @Test(arguments: [
    "", "нет", "anna", "anna@", "@firm.ru", "anna@firm", "anna@@firm.ru", "anna@firm..ru",
    "anna@firm.r", "no@no.ru", "1@1.ru", "test@mail.ru", "asd@asd.ru", "111@mail.ru", "xxx@list.ru",
    "mail@mail.ru", "a b@", "anna@fi rm", "anna@firm_1.ru",
  ])
  func whatIsNoEmailIsNull(_ text: String) throws {
    #expect(try value("crm.identity.email($v)", .string(text)) == .null)
  }

  @Test func severalEmailsAndBoxes() throws {
    #expect(
      try value(
        "crm.identity.emails($v)", .string("a.b@ya.ru, Shop@firm.ru c@d.ru;a.b@ya.ru\r\ne@f.ru"))
        == .list([
          .string("a.b@ya.ru"), .string("shop@firm.ru"), .string("c@d.ru"), .string("e@f.ru"),
        ])
    )
    func box(_ text: String) throws -> Value? {
      try value("crm.identity.emailBox($v)", .string(text))
    }
    #expect(try box("Ivan.Petrov@yandex.by") == .string("ivan-petrov@yandex.ru"))
    #expect(try box("i.v.a.n+x@googlemail.com") == .string("ivan@gmail.com"))
    #expect(try box("i.van@firm.ru") == .string("i.van@firm.ru"))
  }

  /// yandex.ru/dev/metrika, "Data on contacts"; SHA-256 by `printf | sha256sum`.
  @Test func digestsAreThoseOfMetrica() throws {
    func digest(_ name: String, _ text: String) throws -> Value? {
      try value("crm.identity.\(name)($v)", .string(text))
    }
    #expect(
      try digest("md5", "mail@yandex.ru") == .string("3c56ff8fef0f6c65b36b2d25720fe276"))
    #expect(try digest("md5", "79995551111") == .string("f09f2c3d48f31e2a802944ade2e5aec5"))
    #expect(
      try digest("sha256", "mail@example.com")
        == .string("81df589b1dceacc2fa7c8f536015fcdf854eee721fdf282a91ed9c4b0c54dc76"))
    #expect(
      try digest("sha256", "70123456789")
        == .string("8f0dd3d30a1ea4b739c6217c02604aee1556025da990212759efd877206a1948"))
    #expect(try digest("md5", "") == .string("d41d8cd98f00b204e9800998ecf8427e"))
    #expect(
      try value("crm.identity.md5(crm.identity.phone($v))", .string("8 (999) 555-11-11"))
        == .string("f09f2c3d48f31e2a802944ade2e5aec5"))
  }

  @Test func functionsAreFoundAndCheckedLikeBuiltInOnes() throws {
    #expect(
      try database.query(
        "SHOW USER DEFINED FUNCTIONS YIELD name WHERE name STARTS WITH 'crm.' RETURN name"
      ).count == CustomerProcedures.functions.count)
    let unknown = #expect(throws: QueryError.self) {
      try database.query("RETURN crm.identity.fone('1') AS x")
    }
    #expect(unknown?.hint == "did you mean `crm.identity.phone`?")
    let missing = #expect(throws: QueryError.self) {
      try database.query("RETURN crm.identity.md5() AS x")
    }
    #expect(missing?.detail == "InvalidNumberOfArguments")
    #expect(throws: QueryError.self) { try CustomerProcedures.register(in: database) }
  }
}
