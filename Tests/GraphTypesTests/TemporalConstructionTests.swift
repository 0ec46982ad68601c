import Testing

// Tables of the openCypher TCK (Apache License 2.0), features Temporal1 and Temporal2.
struct TemporalConstructionTests {
  @Test func weekDates() {
    check(
      """
      date({year: 1816, week: 1}) => 1816-01-01
      date({year: 1816, week: 52}) => 1816-12-23
      date({year: 1817, week: 1}) => 1816-12-30
      date({year: 1817, week: 10}) => 1817-03-03
      date({year: 1817, week: 30}) => 1817-07-21
      date({year: 1817, week: 52}) => 1817-12-22
      date({year: 1818, week: 1}) => 1817-12-29
      date({year: 1818, week: 52}) => 1818-12-21
      date({year: 1818, week: 53}) => 1818-12-28
      date({year: 1819, week: 1}) => 1819-01-04
      date({year: 1819, week: 52}) => 1819-12-27
      date({dayOfWeek: 2, year: 1817, week: 1}) => 1816-12-31
      date({date: date('1816-12-30'), week: 2, dayOfWeek: 3}) => 1817-01-08
      date({date: date('1816-12-31'), week: 2}) => 1817-01-07
      date({date: date('1816-12-31'), year: 1817, week: 2}) => 1817-01-07
      """)
  }

  @Test func dates() {
    check(
      """
      date({year: 1984, month: 10, day: 11}) => 1984-10-11
      date({year: 1984, month: 10}) => 1984-10-01
      date({year: 1984, week: 10, dayOfWeek: 3}) => 1984-03-07
      date({year: 1984, week: 10}) => 1984-03-05
      date({year: 1984}) => 1984-01-01
      date({year: 1984, ordinalDay: 202}) => 1984-07-20
      date({year: 1984, quarter: 3, dayOfQuarter: 45}) => 1984-08-14
      date({year: 1984, quarter: 3}) => 1984-07-01
      """)
  }

  @Test func localTimes() {
    check(
      """
      localtime({hour: 12, minute: 31, second: 14, nanosecond: 789, millisecond: 123,
        microsecond: 456})
        => 12:31:14.123456789
      localtime({hour: 12, minute: 31, second: 14, nanosecond: 645876123}) => 12:31:14.645876123
      localtime({hour: 12, minute: 31, second: 14, microsecond: 645876}) => 12:31:14.645876
      localtime({hour: 12, minute: 31, second: 14, millisecond: 645}) => 12:31:14.645
      localtime({hour: 12, minute: 31, second: 14}) => 12:31:14
      localtime({hour: 12, minute: 31}) => 12:31
      localtime({hour: 12}) => 12:00
      """)
  }

  @Test func times() {
    check(
      """
      time({hour: 12, minute: 31, second: 14, nanosecond: 789, millisecond: 123,
        microsecond: 456})
        => 12:31:14.123456789Z
      time({hour: 12, minute: 31, second: 14, nanosecond: 645876123}) => 12:31:14.645876123Z
      time({hour: 12, minute: 31, second: 14, nanosecond: 3}) => 12:31:14.000000003Z
      time({hour: 12, minute: 31, second: 14, microsecond: 645876}) => 12:31:14.645876Z
      time({hour: 12, minute: 31, second: 14, millisecond: 645}) => 12:31:14.645Z
      time({hour: 12, minute: 31, second: 14}) => 12:31:14Z
      time({hour: 12, minute: 31}) => 12:31Z
      time({hour: 12}) => 12:00Z
      time({hour: 12, minute: 31, second: 14, nanosecond: 645876123, timezone: '+01:00'})
        => 12:31:14.645876123+01:00
      time({hour: 12, minute: 31, second: 14, microsecond: 645876, timezone: '+01:00'})
        => 12:31:14.645876+01:00
      time({hour: 12, minute: 31, second: 14, millisecond: 645, timezone: '+01:00'})
        => 12:31:14.645+01:00
      time({hour: 12, minute: 31, second: 14, timezone: '+01:00'}) => 12:31:14+01:00
      time({hour: 12, minute: 31, timezone: '+01:00'}) => 12:31+01:00
      time({hour: 12, timezone: '+01:00'}) => 12:00+01:00
      """)
  }

  @Test func offsetsWithSeconds() {
    check(
      """
      time({hour: 12, minute: 34, second: 56, timezone: '+02:05:00'}) => 12:34:56+02:05
      time({hour: 12, minute: 34, second: 56, timezone: '+02:05:59'}) => 12:34:56+02:05:59
      time({hour: 12, minute: 34, second: 56, timezone: '-02:05:07'}) => 12:34:56-02:05:07
      datetime({year: 1984, month: 10, day: 11, hour: 12, minute: 34, second: 56,
        timezone: '+02:05:59'})
        => 1984-10-11T12:34:56+02:05:59
      """)
  }

  @Test func dateText() {
    check(
      """
      date('2015-07-21') => 2015-07-21
      date('20150721') => 2015-07-21
      date('2015-07') => 2015-07-01
      date('201507') => 2015-07-01
      date('2015-W30-2') => 2015-07-21
      date('2015W302') => 2015-07-21
      date('2015-W30') => 2015-07-20
      date('2015W30') => 2015-07-20
      date('2015-202') => 2015-07-21
      date('2015202') => 2015-07-21
      date('2015') => 2015-01-01
      """)
  }

  @Test func timeText() {
    check(
      """
      time('21:40:32.142+0100') => 21:40:32.142+01:00
      time('214032.142Z') => 21:40:32.142Z
      time('21:40:32+01:00') => 21:40:32+01:00
      time('214032-0100') => 21:40:32-01:00
      time('21:40-01:30') => 21:40-01:30
      time('2140-00:00') => 21:40Z
      time('2140-02') => 21:40-02:00
      time('22+18:00') => 22:00+18:00
      """)
  }

  @Test func localDateTimeText() {
    check(
      """
      localdatetime('2015-07-21T21:40:32.142') => 2015-07-21T21:40:32.142
      localdatetime('2015-W30-2T214032.142') => 2015-07-21T21:40:32.142
      localdatetime('2015-202T21:40:32') => 2015-07-21T21:40:32
      localdatetime('2015T214032') => 2015-01-01T21:40:32
      localdatetime('20150721T21:40') => 2015-07-21T21:40
      localdatetime('2015-W30T2140') => 2015-07-20T21:40
      localdatetime('2015202T21') => 2015-07-21T21:00
      """)
  }

  @Test func dateTimeText() {
    check(
      """
      datetime('2015-07-21T21:40:32.142+0100') => 2015-07-21T21:40:32.142+01:00
      datetime('2015-W30-2T214032.142Z') => 2015-07-21T21:40:32.142Z
      datetime('2015-202T21:40:32+01:00') => 2015-07-21T21:40:32+01:00
      datetime('2015T214032-0100') => 2015-01-01T21:40:32-01:00
      datetime('20150721T21:40-01:30') => 2015-07-21T21:40-01:30
      datetime('2015-W30T2140-00:00') => 2015-07-20T21:40Z
      datetime('2015-W30T2140-02') => 2015-07-20T21:40-02:00
      datetime('2015202T21+18:00') => 2015-07-21T21:00+18:00
      """)
  }

  @Test func regionText() {
    check(
      """
      datetime('2015-07-21T21:40:32.142+02:00[Europe/Stockholm]')
        => 2015-07-21T21:40:32.142+02:00[Europe/Stockholm]
      datetime('2015-07-21T21:40:32.142+0845[Australia/Eucla]')
        => 2015-07-21T21:40:32.142+08:45[Australia/Eucla]
      datetime('2015-07-21T21:40:32.142-04[America/New_York]')
        => 2015-07-21T21:40:32.142-04:00[America/New_York]
      datetime('2015-07-21T21:40:32.142[Europe/London]')
        => 2015-07-21T21:40:32.142+01:00[Europe/London]
      datetime('1818-07-21T21:40:32.142[Europe/Stockholm]')
        => 1818-07-21T21:40:32.142+00:53:28[Europe/Stockholm]
      """)
  }

  @Test func durationText() {
    check(
      """
      duration('P14DT16H12M') => P14DT16H12M
      duration('P5M1.5D') => P5M1DT12H
      duration('P0.75M') => P22DT19H51M49.5S
      duration('PT0.75M') => PT45S
      duration('P2.5W') => P17DT12H
      duration('P12Y5M14DT16H12M70S') => P12Y5M14DT16H13M10S
      duration('P2012-02-02T14:37:21.545') => P2012Y2M2DT14H37M21.545S
      duration({years: 12, months: 5, days: 14, hours: 16, minutes: 12, seconds: 70,
        nanoseconds: 1})
        => P12Y5M14DT16H13M10.000000001S
      duration({years: 12, months: 5, days: -14, hours: 16}) => P12Y5M-14DT16H
      duration({minutes: 12, seconds: -60}) => PT11M
      duration({seconds: 2, milliseconds: -1}) => PT1.999S
      duration({seconds: -2, milliseconds: 1}) => PT-1.999S
      duration({seconds: -2, milliseconds: -1}) => PT-2.001S
      duration({days: 1, milliseconds: 1}) => P1DT0.001S
      duration({days: 1, milliseconds: -1}) => P1DT-0.001S
      duration({seconds: 60, milliseconds: -1}) => PT59.999S
      duration({seconds: -60, milliseconds: 1}) => PT-59.999S
      duration({seconds: -60, milliseconds: -1}) => PT-1M-0.001S
      """)
  }

  /// Every kind of date with every prefix of the time fields, in three zones (Temporal1 [7] to [10]).
  @Test func dateTimesFromFields() {
    let days = [
      ("year: 1984, month: 10, day: 11", "1984-10-11", "+01:00"),
      ("year: 1984, week: 10, dayOfWeek: 3", "1984-03-07", "+01:00"),
      ("year: 1984, ordinalDay: 202", "1984-07-20", "+02:00"),
      ("year: 1984, quarter: 3, dayOfQuarter: 45", "1984-08-14", "+02:00"),
      ("year: 1984", "1984-01-01", "+01:00"),
    ]
    let times = [
      (
        ", hour: 12, minute: 31, second: 14, nanosecond: 789, millisecond: 123, microsecond: 456",
        "T12:31:14.123456789"
      ),
      (", hour: 12, minute: 31, second: 14, nanosecond: 645876123", "T12:31:14.645876123"),
      (", hour: 12, minute: 31, second: 14, nanosecond: 3", "T12:31:14.000000003"),
      (", hour: 12, minute: 31, second: 14, microsecond: 645876", "T12:31:14.645876"),
      (", hour: 12, minute: 31, second: 14, millisecond: 645", "T12:31:14.645"),
      (", hour: 12, minute: 31, second: 14", "T12:31:14"),
      (", hour: 12, minute: 31", "T12:31"),
      (", hour: 12", "T12:00"),
      ("", "T00:00"),
    ]
    var table = ""
    for (day, dayText, stockholm) in days {
      for (time, timeText) in times {
        let fields = day + time
        let text = dayText + timeText
        table += """
          localdatetime({\(fields)}) => \(text)
          datetime({\(fields)}) => \(text)Z
          datetime({\(fields), timezone: '+01:00'}) => \(text)+01:00
          datetime({\(fields), timezone: 'Europe/Stockholm'})
            => \(text)\(stockholm)[Europe/Stockholm]

          """
      }
    }
    check(table)
  }

  @Test func oneUnitInSeveralFields() {
    check(
      """
      date({year: 2015, quarter: 2}) => 2015-04-01
      date('2015-Q2') => 2015-04-01
      date('2015-Q2-60') => 2015-05-30
      date('2015Q260') => 2015-05-30
      date('2015-7-1') => 2015-07-01
      date('-0001-03-01') => -0001-03-01
      date('+12345-03-01') => +12345-03-01
      date('-999999999-01-01') => -999999999-01-01
      date('+999999999-12-31') => +999999999-12-31
      date({date: date('2020-02-29'), year: 2021}) => 2021-02-28
      date({date: date('2020-10-31'), month: 2}) => 2020-02-29
      date({date: date('2020-10-31'), dayOfWeek: 1}) => 2020-10-26
      date({date: date('2020-10-31'), dayOfQuarter: 1}) => 2020-10-01
      time('12:30:15,25Z') => 12:30:15.25Z
      localtime({time: time('12:30:15.25+02:00'), minute: 1}) => 12:01:15.25
      datetime('2015-07-21') => 2015-07-21T00:00Z
      datetime('2015-07-21[Europe/London]') => 2015-07-21T00:00+01:00[Europe/London]
      datetime({epochSeconds: 1, nanosecond: 23}) => 1970-01-01T00:00:01.000000023Z
      datetime({epochMillis: -1}) => 1969-12-31T23:59:59.999Z
      datetime({epochMillis: 1700000000123, timezone: 'Asia/Kathmandu'})
        => 2023-11-15T03:58:20.123+05:45[Asia/Kathmandu]
      datetime.fromepoch(416779, 999999999) => 1970-01-05T19:46:19.999999999Z
      datetime.fromepochmillis(237821673987) => 1977-07-15T13:34:33.987Z
      date({year: 2020, month: null}) => null
      """)
  }

  @Test func present() {
    check(
      """
      date() => 2024-02-29
      localtime() => 12:00:00.000000005
      time() => 12:00:00.000000005Z
      localdatetime() => 2024-02-29T12:00:00.000000005
      datetime() => 2024-02-29T12:00:00.000000005Z
      datetime.transaction('Europe/Moscow') => 2024-02-29T15:00:00.000000005+03:00[Europe/Moscow]
      date.statement('Pacific/Auckland') => 2024-03-01
      time.realtime('+05:30') => 17:30:00.000000005+05:30
      datetime({timezone: 'America/New York'})
        => 2024-02-29T07:00:00.000000005-05:00[America/New_York]
      date({timezone: '+14:00'}) => 2024-03-01
      date.transaction(null) => null
      """)
  }

  @Test func mistakes() {
    check(
      """
      date({year: 2015, month: 13}) => !ArgumentError month 13
      date({year: 2015, month: 2, day: 29}) => !ArgumentError day 29
      date({year: 2015, week: 54}) => !ArgumentError week
      date({year: 2014, week: 53}) => !ArgumentError 52 weeks
      date({year: 2015, ordinalDay: 366}) => !ArgumentError ordinalDay
      date({year: 2015, quarter: 1, dayOfQuarter: 91}) => !ArgumentError dayOfQuarter
      date({year: 2015, day: 1}) => !ArgumentError month given
      date({month: 1}) => !ArgumentError year given
      date({year: 2015, month: 1, week: 2}) => !ArgumentError month week
      date({year: 2015, moth: 1}) => !ArgumentError moth
      date({year: 2015, hour: 1}) => !ArgumentError hour
      date({year: 2015.0}) => !TypeError year Float
      date({year: 2015, timezone: '+01:00'}) => !ArgumentError zone
      date({year: 1000000000}) => !ArgumentError year
      localtime({minute: 1}) => !ArgumentError hour
      localtime({hour: 1, nanosecond: 1}) => !ArgumentError second
      localtime({hour: 1, minute: 1, second: 1, millisecond: 1, microsecond: 1000})
        => !ArgumentError microsecond
      localtime({hour: 24}) => !ArgumentError hour
      time({hour: 1, timezone: 'Europe/Moscow'}) => !ArgumentError Europe/Moscow
      datetime({year: 2015, timezone: 'Europe/Moskow'}) => !ArgumentError Europe/Moskow
      datetime({year: 2015, timezone: '../../etc/passwd'}) => !ArgumentError zone
      datetime({year: 2015, timezone: '+19:00'}) => !ArgumentError 18
      datetime('2015-07-21T21:40+01:00[Europe/Stockholm]') => !ArgumentError +02:00
      date('2015-13-01') => !ArgumentError month
      date('2015-02-30') => !ArgumentError 28
      date('15-02-01') => !ArgumentError 15-02-01
      date('2015-W54') => !ArgumentError week
      date('') => !ArgumentError date
      date('2015-07-21T') => !ArgumentError date
      localtime('21:4') => !ArgumentError time
      localtime('21:40Z') => !ArgumentError offset
      localtime('21:40:32.1234567890') => !ArgumentError time
      localdatetime('2015-07-21T25:00') => !ArgumentError hour
      duration('P') => !ArgumentError duration
      duration('PT') => !ArgumentError duration
      duration('P1D1Y') => !ArgumentError duration
      duration('P1DT') => !ArgumentError duration
      duration({day: 1}) => !ArgumentError day
      duration({days: 'x'}) => !TypeError days
      date(1) => !TypeError date()
      date(localtime('12:00')) => !ArgumentError date
      localtime(date('2015-01-01')) => !ArgumentError time
      """)
  }
}
