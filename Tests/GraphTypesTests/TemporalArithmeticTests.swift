import Testing

// Tables of the openCypher TCK (Apache License 2.0), features Temporal7 and Temporal8.
struct TemporalArithmeticTests {
  @Test func dates() {
    check(
      """
      x := date({year: 1984, month: 10, day: 11})
      d := duration({years: 12, months: 5, days: 14, hours: 16, minutes: 12, seconds: 70,
        nanoseconds: 2})
      x + d => 1997-03-25
      x - d => 1972-04-27
      d := duration({months: 1, days: -14, hours: 16, minutes: -12, seconds: 70})
      x + d => 1984-10-28
      x - d => 1984-09-25
      d := duration({years: 12.5, months: 5.5, days: 14.5, hours: 16.5, minutes: 12.5,
        seconds: 70.5, nanoseconds: 3})
      x + d => 1997-10-11
      x - d => 1971-10-12
      """)
  }

  @Test func times() {
    check(
      """
      x := time({hour: 12, minute: 31, second: 14, nanosecond: 1, timezone: '+01:00'})
      d := duration({years: 12, months: 5, days: 14, hours: 16, minutes: 12, seconds: 70,
        nanoseconds: 2})
      x + d => 04:44:24.000000003+01:00
      x - d => 20:18:03.999999999+01:00
      d := duration({months: 1, days: -14, hours: 16, minutes: -12, seconds: 70})
      x + d => 04:20:24.000000001+01:00
      x - d => 20:42:04.000000001+01:00
      d := duration({years: 12.5, months: 5.5, days: 14.5, hours: 16.5, minutes: 12.5,
        seconds: 70.5, nanoseconds: 3})
      x + d => 22:29:27.500000004+01:00
      x - d => 02:33:00.499999998+01:00
      """)
  }

  @Test func localDateTimes() {
    check(
      """
      x := localdatetime({year: 1984, month: 10, day: 11, hour: 12, minute: 31, second: 14,
        nanosecond: 1})
      d := duration({years: 12, months: 5, days: 14, hours: 16, minutes: 12, seconds: 70,
        nanoseconds: 2})
      x + d => 1997-03-26T04:44:24.000000003
      x - d => 1972-04-26T20:18:03.999999999
      d := duration({months: 1, days: -14, hours: 16, minutes: -12, seconds: 70})
      x + d => 1984-10-29T04:20:24.000000001
      x - d => 1984-09-24T20:42:04.000000001
      d := duration({years: 12.5, months: 5.5, days: 14.5, hours: 16.5, minutes: 12.5,
        seconds: 70.5, nanoseconds: 3})
      x + d => 1997-10-11T22:29:27.500000004
      x - d => 1971-10-12T02:33:00.499999998
      """)
  }

  @Test func dateTimes() {
    check(
      """
      x := datetime({year: 1984, month: 10, day: 11, hour: 12, minute: 31, second: 14,
        nanosecond: 1, timezone: '+01:00'})
      d := duration({years: 12, months: 5, days: 14, hours: 16, minutes: 12, seconds: 70,
        nanoseconds: 2})
      x + d => 1997-03-26T04:44:24.000000003+01:00
      x - d => 1972-04-26T20:18:03.999999999+01:00
      d := duration({months: 1, days: -14, hours: 16, minutes: -12, seconds: 70})
      x + d => 1984-10-29T04:20:24.000000001+01:00
      x - d => 1984-09-24T20:42:04.000000001+01:00
      d := duration({years: 12.5, months: 5.5, days: 14.5, hours: 16.5, minutes: 12.5,
        seconds: 70.5, nanoseconds: 3})
      x + d => 1997-10-11T22:29:27.500000004+01:00
      x - d => 1971-10-12T02:33:00.499999998+01:00
      """)
  }

  @Test func durations() {
    check(
      """
      a := duration({years: 12, months: 5, days: 14, hours: 16, minutes: 12, seconds: 70,
        nanoseconds: 1})
      b := duration({months: 1, days: -14, hours: 16, minutes: -12, seconds: 70})
      c := duration({years: 12.5, months: 5.5, days: 14.5, hours: 16.5, minutes: 12.5,
        seconds: 70.5, nanoseconds: 3})
      a + a => P24Y10M28DT32H26M20.000000002S
      a - a => PT0S
      a + b => P12Y6MT32H2M20.000000001S
      a - b => P12Y4M28DT24M0.000000001S
      a + c => P25Y4M43DT50H11M23.500000004S
      a - c => P-6M-15DT-17H-45M-3.500000002S
      b + a => P12Y6MT32H2M20.000000001S
      b - a => P-12Y-4M-28DT-24M-0.000000001S
      b + b => P2M-28DT31H38M20S
      b - b => PT0S
      b + c => P13Y15DT49H47M23.500000003S
      b - c => P-12Y-10M-43DT-18H-9M-3.500000003S
      c + a => P25Y4M43DT50H11M23.500000004S
      c - a => P6M15DT17H45M3.500000002S
      c + b => P13Y15DT49H47M23.500000003S
      c - b => P12Y10M43DT18H9M3.500000003S
      c + c => P25Y10M58DT67H56M27.000000006S
      c - c => PT0S
      """)
  }

  @Test func compareDates() {
    check(
      """
      x := date({year: 1980, month: 12, day: 24})
      d := date({year: 1984, month: 10, day: 11})
      x > d => false
      x < d => true
      x >= d => false
      x <= d => true
      x = d => false
      x := date({year: 1984, month: 10, day: 11})
      d := date({year: 1984, month: 10, day: 11})
      x > d => false
      x < d => false
      x >= d => true
      x <= d => true
      x = d => true
      """)
  }

  @Test func compareLocalTimes() {
    check(
      """
      x := localtime({hour: 10, minute: 35})
      d := localtime({hour: 12, minute: 31, second: 14, nanosecond: 645876123})
      x > d => false
      x < d => true
      x >= d => false
      x <= d => true
      x = d => false
      x := localtime({hour: 12, minute: 31, second: 14, nanosecond: 645876123})
      d := localtime({hour: 12, minute: 31, second: 14, nanosecond: 645876123})
      x > d => false
      x < d => false
      x >= d => true
      x <= d => true
      x = d => true
      """)
  }

  @Test func compareTimes() {
    check(
      """
      x := time({hour: 10, minute: 0, timezone: '+01:00'})
      d := time({hour: 9, minute: 35, second: 14, nanosecond: 645876123, timezone: '+00:00'})
      x > d => false
      x < d => true
      x >= d => false
      x <= d => true
      x = d => false
      x := time({hour: 9, minute: 35, second: 14, nanosecond: 645876123, timezone: '+00:00'})
      d := time({hour: 9, minute: 35, second: 14, nanosecond: 645876123, timezone: '+00:00'})
      x > d => false
      x < d => false
      x >= d => true
      x <= d => true
      x = d => true
      """)
  }

  @Test func compareDateTimes() {
    check(
      """
      x := datetime({year: 1980, month: 12, day: 11, hour: 12, minute: 31, second: 14,
        timezone: '+00:00'})
      d := datetime({year: 1984, month: 10, day: 11, hour: 12, minute: 31, second: 14,
        timezone: '+05:00'})
      x > d => false
      x < d => true
      x >= d => false
      x <= d => true
      x = d => false
      x := datetime({year: 1984, month: 10, day: 11, hour: 12, minute: 31, second: 14,
        timezone: '+05:00'})
      d := datetime({year: 1984, month: 10, day: 11, hour: 12, minute: 31, second: 14,
        timezone: '+05:00'})
      x > d => false
      x < d => false
      x >= d => true
      x <= d => true
      x = d => true
      """)
  }

  @Test func equalDurations() {
    check(
      """
      x := duration({years: 12, months: 5, days: 14, hours: 16, minutes: 12, seconds: 70})
      x = date({year: 1984, month: 10, day: 11}) => false
      x = localtime({hour: 12, minute: 31, second: 14, nanosecond: 645876123}) => false
      x = time({hour: 9, minute: 35, second: 14, nanosecond: 645876123, timezone: '+00:00'})
        => false
      x = localdatetime({year: 1984, month: 10, day: 11, hour: 12, minute: 31, second: 14,
        nanosecond: 645876123})
        => false
      x = datetime({year: 1984, month: 10, day: 11, hour: 12, minute: 31, second: 14,
        timezone: '+05:00'})
        => false
      x = duration({years: 12, months: 5, days: 14, hours: 16, minutes: 12, seconds: 70}) => true
      x = duration({years: 12, months: 5, days: 14, hours: 16, minutes: 13, seconds: 10}) => true
      x = duration({years: 12, months: 5, days: 13, hours: 40, minutes: 13, seconds: 10}) => false
      """)
  }

  /// The ends of the month and the changes of the clock.
  @Test func clamping() {
    check(
      """
      date('2011-01-31') + duration('P1M') => 2011-02-28
      date('2012-01-31') + duration('P1M') => 2012-02-29
      date('2012-02-29') + duration('P1Y') => 2013-02-28
      date('2012-03-31') - duration('P1M1D') => 2012-02-28
      date('2012-03-31') + duration('PT23H59M') => 2012-03-31
      date('2012-03-31') - duration('PT23H59M59.5S') => 2012-03-31
      date('2012-03-31') - duration('PT24H') => 2012-03-30
      duration('P1M') + date('2011-01-31') => 2011-02-28
      localtime('23:59:59.5') + duration('P3DT0.5S') => 00:00
      datetime('2017-03-25T02:30+01:00[Europe/Stockholm]') + duration('P1D')
        => 2017-03-26T03:30+02:00[Europe/Stockholm]
      datetime('2017-03-25T02:30+01:00[Europe/Stockholm]') + duration('PT24H')
        => 2017-03-26T03:30+02:00[Europe/Stockholm]
      datetime('2017-03-25T12:00+01:00[Europe/Stockholm]') + duration('P1D')
        => 2017-03-26T12:00+02:00[Europe/Stockholm]
      datetime('2017-03-25T12:00+01:00[Europe/Stockholm]') + duration('PT24H')
        => 2017-03-26T13:00+02:00[Europe/Stockholm]
      date('+999999999-12-31') + duration('P1D') => !ArithmeticError range
      date('-999999999-01-01') - duration('P1M') => !ArithmeticError range
      localdatetime('+999999999-12-31T23:59:59.999999999') + duration('PT0.000000001S')
        => !ArithmeticError range
      localtime('12:00') - localtime('11:00') => !TypeError LocalTime
      """)
  }

  /// Temporal8 [7] and beyond: what is left of a unit goes to the next smaller one.
  @Test func products() {
    check(
      """
      a := duration({years: 12, months: 5, days: 14, hours: 16, minutes: 12, seconds: 70,
        nanoseconds: 1})
      a * 1 => P12Y5M14DT16H13M10.000000001S
      a / 1 => P12Y5M14DT16H13M10.000000001S
      a * 2 => P24Y10M28DT32H26M20.000000002S
      a / 2 => P6Y2M22DT13H21M8S
      a * 0.5 => P6Y2M22DT13H21M8S
      a / 0.5 => P24Y10M28DT32H26M20.000000002S
      b := duration({years: 12.5, months: 5.5, days: 14.5, hours: 16.5, minutes: 12.5,
        seconds: 70.5, nanoseconds: 3})
      b * 2 => P25Y10M58DT67H56M27.000000006S
      b / 2 => P6Y5M29DT34H13M39.750000001S
      2.0 * b => P25Y10M58DT67H56M27.000000006S
      duration('P1D') / 3 => PT8H
      duration('PT1S') / 3 => PT0.333333333S
      duration({days: 5.1}) => P5DT2H24M
      duration({seconds: 0.1, milliseconds: 0.1}) => PT0.1001S
      duration('P1M') * 0.1 => P3DT1H2M54.6S
      duration({months: -0.5, days: 10}) => P-5DT-5H-14M-33S
      duration({months: -0.5, days: 15.5}) => PT6H45M27S
      duration('P1Y') * -1 => P-1Y
      -duration('P1YT1.5S') => P-1YT-1.5S
      duration('-P1Y2M') => P-1Y-2M
      duration('P-1Y+2M') => P-10M
      duration('PT-0.5S') => PT-0.5S
      duration('P20120202T143721.545') => P2012Y2M2DT14H37M21.545S
      duration({nanoseconds: 9223372036854775807}) => PT2562047H47M16.854775807S
      duration('P1D') / 0 => !ArithmeticError zero
      duration('P1D') * 1e300 => !ArithmeticError range
      duration({seconds: 9223372036854775807}) * 2 => !ArithmeticError range
      duration('P1D') < duration('P2D') => null
      duration('P1D') = duration('PT24H') => false
      """)
  }
}
