/// What clients get of the triggers that fire for them: in order of priority, as far as caps allow.
///
/// A client of the control group takes a place under the caps like everybody else and gets nothing:
/// else the groups would differ in what other triggers send them, too.
struct TriggerSelection {
  struct Assignment {
    var rule: Int
    /// Index in the candidates of the rule.
    var candidate: Int
    var isControl: Bool
  }
  struct Counts {
    var candidates = 0
    var assigned = 0
    var control = 0
    /// Held back by the trigger's own cap, the client's and the channel's.
    var cappedByTrigger = 0
    var cappedByClient = 0
    var cappedByChannel = 0
  }
  /// When a trigger's messages are sent and until when they are of use; seconds of the local clock.
  struct Times {
    var send: Int64
    var validUntil: Int64
  }

  private(set) var assignments: [Assignment] = []
  /// For each rule.
  private(set) var counts: [Counts] = []
  private(set) var times: [Times] = []

  /// - Parameters:
  ///   - history: what was assigned before; triggers by their position in the settings, and channels.
  ///   - candidates: for each rule, in order.
  init(
    _ settings: TriggerSettings, audience: TriggerAudience, history: ContactHistory,
    candidates: [TriggerCandidates], check: () throws -> Void
  ) rethrows {
    var history = history
    var days: [Int32] = []
    let holdout = ControlGroup(
      experiment: settings.experiment, trigger: nil, share: settings.holdout)
    for (index, rule) in settings.rules.enumerated() {
      try check()
      let channelIndex = settings.channel(of: rule)
      let channel = settings.channels[channelIndex]
      let send = channel.quietHours?.next(from: settings.now) ?? settings.now
      times.append(
        Times(send: send, validUntil: send + Int64((rule.validDays * 86_400).rounded())))
      let day = Int32(clamping: flooredDay(send))
      let control = ControlGroup(
        experiment: settings.experiment, trigger: rule.name, share: rule.control)
      var count = Counts()
      count.candidates = candidates[index].list.count
      for (position, candidate) in candidates[index].list.enumerated() {
        let client = Int(candidate.client)
        if !history.isEmpty(client) {
          history.days(client: client, .trigger(index), into: &days)
          // Once a day, whatever the cap: a run that is repeated on its day assigns nothing again.
          if days.contains(day) || !rule.cap.allows(day, besides: days) {
            count.cappedByTrigger += 1
            continue
          }
          if !channel.caps.isEmpty {
            history.days(client: client, .channel(channelIndex), into: &days)
            if !channel.caps.allSatisfy({ $0.allows(day, besides: days) }) {
              count.cappedByChannel += 1
              continue
            }
          }
          history.days(client: client, .client, into: &days)
          if !settings.clientCaps.allSatisfy({ $0.allows(day, besides: days) }) {
            count.cappedByClient += 1
            continue
          }
        }
        let key = audience.keys[client]
        let isControl = holdout.contains(key) || control.contains(key)
        if isControl { count.control += 1 } else { count.assigned += 1 }
        assignments.append(
          Assignment(rule: index, candidate: position, isControl: isControl))
        history.add(client: client, day: day, trigger: index, channel: channelIndex)
      }
      counts.append(count)
    }
  }
}
