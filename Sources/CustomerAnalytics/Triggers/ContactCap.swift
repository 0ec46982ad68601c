/// How often a client may be addressed: at most so many times within so many days.
///
/// Days are calendar days of the time of sending, so that daily runs need not be to the second: with
/// one time in 7 days, what was sent on a Monday may be sent again on the next Monday, at any hour.
struct ContactCap: Equatable {
  var atMost: Int
  var days: Int

  /// Whether one more on `day` keeps to the cap: no run of `days` days would have more than `atMost`.
  /// Days before and after it count, since runs may be made for past times.
  ///
  /// - Parameter others: days of what was sent, in any order.
  func allows(_ day: Int32, besides others: [Int32]) -> Bool {
    if others.count < atMost { return true }
    let width = Int32(clamping: days)
    if atMost == 1 { return !others.contains { abs($0 - day) < width } }
    var near = others.filter { abs($0 - day) < width }
    if near.count < atMost { return true }
    near.append(day)
    near.sort()
    return (atMost..<near.count).allSatisfy { near[$0] - near[$0 - atMost] >= width }
  }
}

/// What clients were sent, as far as caps look back.
struct ContactHistory {
  private struct Contact {
    var day: Int32
    var trigger: Int16
    var channel: Int16
    /// The one before it of the same client; -1 for none.
    var previous: Int32
  }
  private var contacts: [Contact] = []
  /// For each client the last one.
  private var last: [Int32]

  init(clientCount: Int) { last = [Int32](repeating: -1, count: clientCount) }

  var count: Int { contacts.count }

  mutating func add(client: Int, day: Int32, trigger: Int, channel: Int) {
    contacts.append(
      Contact(
        day: day, trigger: Int16(clamping: trigger), channel: Int16(clamping: channel),
        previous: last[client]))
    last[client] = Int32(clamping: contacts.count - 1)
  }

  enum Scope {
    case client
    case trigger(Int)
    case channel(Int)
  }

  /// Days of what a client was sent, the last added first.
  func days(client: Int, _ scope: Scope, into days: inout [Int32]) {
    days.removeAll(keepingCapacity: true)
    var index = last[client]
    while index >= 0 {
      let contact = contacts[Int(index)]
      index = contact.previous
      switch scope {
      case .client: break
      case .trigger(let trigger): if contact.trigger != Int16(clamping: trigger) { continue }
      case .channel(let channel): if contact.channel != Int16(clamping: channel) { continue }
      }
      days.append(contact.day)
    }
  }

  func isEmpty(_ client: Int) -> Bool { last[client] < 0 }
}
