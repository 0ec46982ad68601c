/// What a `TemporalPattern` writes of a date or time.
struct TemporalPatternFields {
  var date: LocalDate?
  var time: LocalTime?
  var offset: Int32?
  var zone: String?

  /// - Returns: nil if there is no such part, or the letter means nothing.
  func text(
    _ letter: Unicode.Scalar, _ count: Int, _ language: TemporalPattern.Language
  ) throws(QueryError) -> String? {
    if "GuyMLdDQqYwWEecF".unicodeScalars.contains(letter) {
      return date.flatMap { Self.text($0, letter, count, NamesOfDates(language)) }
    }
    if "ahKkHmsSAnNB".unicodeScalars.contains(letter) {
      return time.flatMap { Self.text($0, letter, count) }
    }
    guard let offset else { return nil }
    switch letter {
    case "V": return count == 2 ? zone ?? TemporalFormat.text(offset: offset) : nil
    case "z", "v": return zone ?? TemporalFormat.text(offset: offset)
    default: return Self.text(offset: offset, letter, count)
    }
  }

  private static func text(
    _ date: LocalDate, _ letter: Unicode.Scalar, _ count: Int, _ names: NamesOfDates
  ) -> String? {
    func number(_ value: Int64) -> String { TemporalPattern.padded(value, count) }
    func year(_ value: Int64) -> String {
      if count == 2 { return TemporalPattern.padded(((value % 100) + 100) % 100, 2) }
      let digits = TemporalPattern.padded(value, count)
      return count >= 4 && value >= 0 && digits.utf8.count > count ? "+" + digits : digits
    }
    switch letter {
    case "G":
      let isCommon = date.year > 0
      return count == 4 ? names.longEras[isCommon ? 1 : 0] : names.eras[isCommon ? 1 : 0]
    case "u": return year(date.year)
    case "y": return year(date.year > 0 ? date.year : 1 - date.year)
    case "Y": return year(date.weekYear)
    case "M", "L":
      let month = Int(date.month) - 1
      return switch count {
      case 1, 2: number(date.month)
      case 3: letter == "M" ? names.shortMonths[month] : names.standaloneShortMonths[month]
      case 4: letter == "M" ? names.months[month] : names.standaloneMonths[month]
      case 5: String(names.standaloneMonths[month].prefix(1)).uppercased()
      default: nil
      }
    case "d": return count <= 2 ? number(date.day) : nil
    case "D": return count <= 3 ? number(date.ordinalDay) : nil
    case "Q", "q":
      return switch count {
      case 1, 2: number(date.quarter)
      case 3: names.shortQuarter(date.quarter)
      case 4: names.quarter(date.quarter)
      default: nil
      }
    case "w": return count <= 2 ? number(date.week) : nil
    // Weeks begin on Monday, as in ISO 8601, whatever the language.
    case "W": return count == 1 ? number((date.day + 6 + weekday(ofFirst: date)) / 7) : nil
    case "F": return count == 1 ? number((date.day - 1) / 7 + 1) : nil
    case "E", "e", "c":
      let day = Int(date.dayOfWeek) - 1
      return switch count {
      case 1 where letter != "E": number(date.dayOfWeek)
      case 2 where letter == "e": number(date.dayOfWeek)
      case 1...3: names.shortDays[day]
      case 4: names.days[day]
      case 5: String(names.days[day].prefix(1)).uppercased()
      default: nil
      }
    default: return nil
    }
  }

  /// 0 for a month that begins on Monday.
  private static func weekday(ofFirst date: LocalDate) -> Int64 {
    LocalDate(days: date.days - date.day + 1).dayOfWeek - 1
  }

  private static func text(_ time: LocalTime, _ letter: Unicode.Scalar, _ count: Int) -> String? {
    func number(_ value: Int64, atMost digits: Int = 19) -> String? {
      count <= digits ? TemporalPattern.padded(value, count) : nil
    }
    switch letter {
    case "a": return time.hour < 12 ? "AM" : "PM"
    case "h": return number((time.hour + 11) % 12 + 1, atMost: 2)
    case "K": return number(time.hour % 12, atMost: 2)
    case "k": return number((time.hour + 23) % 24 + 1, atMost: 2)
    case "H": return number(time.hour, atMost: 2)
    case "m": return number(time.minute, atMost: 2)
    case "s": return number(time.second, atMost: 2)
    case "S":
      return count <= 9 ? String(TemporalPattern.padded(time.nanosecond, 9).prefix(count)) : nil
    case "A": return number(time.nanoseconds / 1_000_000)
    case "n": return number(time.nanosecond)
    case "N": return number(time.nanoseconds)
    default: return nil
    }
  }

  private static func text(
    offset: Int32, _ letter: Unicode.Scalar, _ count: Int
  ) -> String? {
    let magnitude = Int64(offset.magnitude)
    let sign = offset < 0 ? "-" : "+"
    let hours = TemporalPattern.padded(magnitude / 3600, 2)
    let minutes = TemporalPattern.padded(magnitude / 60 % 60, 2)
    let seconds = magnitude % 60
    func full(_ colon: String, withSeconds: Bool = false) -> String {
      let rest = withSeconds && seconds > 0 ? colon + TemporalPattern.padded(seconds, 2) : ""
      return sign + hours + colon + minutes + rest
    }
    switch (letter, count) {
    case ("X", 1...5) where offset == 0: return "Z"
    case ("X", 1), ("x", 1): return sign + hours + (magnitude / 60 % 60 == 0 ? "" : minutes)
    case ("X", 2), ("x", 2): return full("")
    case ("X", 3), ("x", 3): return full(":")
    case ("X", 4), ("x", 4): return full("", withSeconds: true)
    case ("X", 5), ("x", 5): return full(":", withSeconds: true)
    case ("Z", 1...3): return full("")
    case ("Z", 5): return offset == 0 ? "Z" : full(":", withSeconds: true)
    case ("Z", 4), ("O", 4): return offset == 0 ? "GMT" : "GMT" + full(":", withSeconds: true)
    case ("O", 1):
      if offset == 0 { return "GMT" }
      return "GMT\(sign)\(magnitude / 3600)" + (magnitude / 60 % 60 == 0 ? "" : ":" + minutes)
    default: return nil
    }
  }
}

/// Names of months, days, quarters and eras, as the Unicode CLDR has them.
private struct NamesOfDates {
  let months, shortMonths, standaloneMonths, standaloneShortMonths: [String]
  /// From Monday.
  let days, shortDays: [String]
  /// Before and after the beginning of the common era.
  let eras, longEras: [String]
  private let isRussian: Bool

  init(_ language: TemporalPattern.Language) {
    self = language == .russian ? Self.russian : Self.english
  }

  private init(
    months: String, shortMonths: String, standaloneMonths: String, standaloneShortMonths: String,
    days: String, shortDays: String, eras: String, longEras: [String], isRussian: Bool
  ) {
    func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
    self.months = words(months)
    self.shortMonths = words(shortMonths)
    self.standaloneMonths = words(standaloneMonths)
    self.standaloneShortMonths = words(standaloneShortMonths)
    self.days = words(days)
    self.shortDays = words(shortDays)
    self.eras = eras.split(separator: "|").map(String.init)
    self.longEras = longEras
    self.isRussian = isRussian
  }

  func shortQuarter(_ number: Int64) -> String { isRussian ? "\(number)-й кв." : "Q\(number)" }

  func quarter(_ number: Int64) -> String {
    if isRussian { return "\(number)-й квартал" }
    return ["1st", "2nd", "3rd", "4th"][Int(number - 1) & 3] + " quarter"
  }

  private static let english = {
    let months =
      "January February March April May June July August September October November December"
    let short = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
    return NamesOfDates(
      months: months, shortMonths: short, standaloneMonths: months, standaloneShortMonths: short,
      days: "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
      shortDays: "Mon Tue Wed Thu Fri Sat Sun", eras: "BC|AD",
      longEras: ["Before Christ", "Anno Domini"], isRussian: false)
  }()

  private static let russian = NamesOfDates(
    months: "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    shortMonths: "янв. февр. мар. апр. мая июн. июл. авг. сент. окт. нояб. дек.",
    standaloneMonths:
      "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    standaloneShortMonths: "янв. февр. март апр. май июнь июль авг. сент. окт. нояб. дек.",
    days: "понедельник вторник среда четверг пятница суббота воскресенье",
    shortDays: "пн вт ср чт пт сб вс", eras: "до н. э.|н. э.",
    longEras: ["до Рождества Христова", "от Рождества Христова"], isRussian: true)
}
