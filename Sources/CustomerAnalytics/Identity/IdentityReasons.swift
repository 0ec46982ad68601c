/// Why keys join or do not, in words.
extension IdentityRun {
  /// What is said of a key that joins.
  func reasonToJoin(_ key: Int) -> String {
    let text = keys.texts[key].text
    let kind = kindName(key)
    return isRussian ? "общий \(kind) \(text)" : "the same \(kind) \(text)"
  }

  /// What is said of a key that does not.
  func reasonToDrop(_ key: Int) -> String {
    let count = resolution.sharers[key]
    let kind = kindName(key)
    switch resolution.states[key] {
    case .shared:
      let limit = settings.maximum[Int(keys.kindOfKey[key])]
      return isRussian
        ? "\(kind) есть у \(count) профилей, а допускается не больше \(limit)"
        : "\(count) profiles have this \(kind), and at most \(limit) may"
    case .contradicted:
      return isRussian
        ? "\(kind) есть у \(count) человек с разными CRM id или логинами: общий компьютер"
        : "\(count) persons with different CRM ids or logins have this \(kind): a shared computer"
    case .chained:
      return isRussian
        ? "\(kind) вместе с другими соединил бы разные CRM id или логины"
        : "this \(kind) together with others would join different CRM ids or logins"
    case .joins:
      return isRussian
        ? "\(kind) есть у анонимной записи, которую нельзя отнести к одному человеку"
        : "an anonymous record has this \(kind), and its keys do not lead to one person"
    }
  }

  func reason(_ rejected: IdentityReader.Rejected) -> String {
    switch rejected.reason {
    case .malformed: isRussian ? "не ключ или заглушка" : "no key, or a placeholder"
    case .role:
      isRussian ? "адрес отдела, а не человека" : "the address of an office, not of a person"
    case .ignored: isRussian ? "исключён настройкой ignore" : "left out by `ignore`"
    }
  }

  private func kindName(_ key: Int) -> String {
    let name = keys.kind(key).name
    return (isRussian ? Self.russianNames[name] : Self.englishNames[name]) ?? name
  }

  private static let englishNames = [
    "crmId": "CRM id", "login": "login", "phone": "phone", "email": "e-mail address",
    "order": "order number", "clientId": "ClientID", "emailBox": "mailbox",
  ]
  private static let russianNames = [
    "crmId": "CRM id", "login": "логин", "phone": "телефон", "email": "адрес почты",
    "order": "номер заказа", "clientId": "ClientID", "emailBox": "почтовый ящик",
  ]
}
