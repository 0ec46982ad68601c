import Testing

// Tables of the openCypher TCK (Apache License 2.0), feature Temporal10.
struct DurationBetweenTests {
  @Test func between() {
    check(
      """
      duration.between(date('1984-10-11'), date('2015-06-24')) => P30Y8M13D
      duration.between(date('1984-10-11'), localdatetime('2016-07-21T21:45:22.142'))
        => P31Y9M10DT21H45M22.142S
      duration.between(date('1984-10-11'), datetime('2015-07-21T21:40:32.142+0100'))
        => P30Y9M10DT21H40M32.142S
      duration.between(date('1984-10-11'), localtime('16:30')) => PT16H30M
      duration.between(date('1984-10-11'), time('16:30+0100')) => PT16H30M
      duration.between(localtime('14:30'), date('2015-06-24')) => PT-14H-30M
      duration.between(localtime('14:30'), localdatetime('2016-07-21T21:45:22.142'))
        => PT7H15M22.142S
      duration.between(localtime('14:30'), datetime('2015-07-21T21:40:32.142+0100'))
        => PT7H10M32.142S
      duration.between(localtime('14:30'), localtime('16:30')) => PT2H
      duration.between(localtime('14:30'), time('16:30+0100')) => PT2H
      duration.between(time('14:30'), date('2015-06-24')) => PT-14H-30M
      duration.between(time('14:30'), localdatetime('2016-07-21T21:45:22.142')) => PT7H15M22.142S
      duration.between(time('14:30'), datetime('2015-07-21T21:40:32.142+0100')) => PT6H10M32.142S
      duration.between(time('14:30'), localtime('16:30')) => PT2H
      duration.between(time('14:30'), time('16:30+0100')) => PT1H
      duration.between(localdatetime('2015-07-21T21:40:32.142'), date('2015-06-24'))
        => P-27DT-21H-40M-32.142S
      duration.between(localdatetime('2015-07-21T21:40:32.142'),
        localdatetime('2016-07-21T21:45:22.142'))
        => P1YT4M50S
      duration.between(localdatetime('2015-07-21T21:40:32.142'),
        datetime('2015-07-21T21:40:32.142+0100'))
        => PT0S
      duration.between(localdatetime('2015-07-21T21:40:32.142'), localtime('16:30'))
        => PT-5H-10M-32.142S
      duration.between(localdatetime('2015-07-21T21:40:32.142'), time('16:30+0100'))
        => PT-5H-10M-32.142S
      duration.between(datetime('2014-07-21T21:40:36.143+0200'), date('2015-06-24'))
        => P11M2DT2H19M23.857S
      duration.between(datetime('2014-07-21T21:40:36.143+0200'),
        localdatetime('2016-07-21T21:45:22.142'))
        => P2YT4M45.999S
      duration.between(datetime('2014-07-21T21:40:36.143+0200'),
        datetime('2015-07-21T21:40:32.142+0100'))
        => P1YT59M55.999S
      duration.between(datetime('2014-07-21T21:40:36.143+0200'), localtime('16:30'))
        => PT-5H-10M-36.143S
      duration.between(datetime('2014-07-21T21:40:36.143+0200'), time('16:30+0100'))
        => PT-4H-10M-36.143S
      """)
  }

  @Test func inMonths() {
    check(
      """
      duration.inMonths(date('1984-10-11'), date('2015-06-24')) => P30Y8M
      duration.inMonths(date('1984-10-11'), localdatetime('2016-07-21T21:45:22.142')) => P31Y9M
      duration.inMonths(date('1984-10-11'), datetime('2015-07-21T21:40:32.142+0100')) => P30Y9M
      duration.inMonths(date('1984-10-11'), localtime('16:30')) => PT0S
      duration.inMonths(date('1984-10-11'), time('16:30+0100')) => PT0S
      duration.inMonths(localtime('14:30'), date('2015-06-24')) => PT0S
      duration.inMonths(localtime('14:30'), localdatetime('2016-07-21T21:45:22.142')) => PT0S
      duration.inMonths(localtime('14:30'), datetime('2015-07-21T21:40:32.142+0100')) => PT0S
      duration.inMonths(time('14:30'), date('2015-06-24')) => PT0S
      duration.inMonths(time('14:30'), localdatetime('2016-07-21T21:45:22.142')) => PT0S
      duration.inMonths(time('14:30'), datetime('2015-07-21T21:40:32.142+0100')) => PT0S
      duration.inMonths(localdatetime('2015-07-21T21:40:32.142'), date('2015-06-24')) => PT0S
      duration.inMonths(localdatetime('2015-07-21T21:40:32.142'),
        localdatetime('2016-07-21T21:45:22.142'))
        => P1Y
      duration.inMonths(localdatetime('2015-07-21T21:40:32.142'),
        datetime('2015-07-21T21:40:32.142+0100'))
        => PT0S
      duration.inMonths(localdatetime('2015-07-21T21:40:32.142'), localtime('16:30')) => PT0S
      duration.inMonths(localdatetime('2015-07-21T21:40:32.142'), time('16:30+0100')) => PT0S
      duration.inMonths(datetime('2014-07-21T21:40:36.143+0200'), date('2015-06-24')) => P11M
      duration.inMonths(datetime('2014-07-21T21:40:36.143+0200'),
        localdatetime('2016-07-21T21:45:22.142'))
        => P2Y
      duration.inMonths(datetime('2014-07-21T21:40:36.143+0200'),
        datetime('2015-07-21T21:40:32.142+0100'))
        => P1Y
      duration.inMonths(datetime('2014-07-21T21:40:36.143+0200'), localtime('16:30')) => PT0S
      duration.inMonths(datetime('2014-07-21T21:40:36.143+0200'), time('16:30+0100')) => PT0S
      duration.inMonths(date('2018-03-11'), date('2016-06-24')) => P-1Y-8M
      duration.inMonths(date('2018-07-21'), datetime('2016-07-21T21:40:32.142+0100')) => P-1Y-11M
      duration.inMonths(localdatetime('2018-07-21T21:40:32.142'), date('2016-07-21')) => P-2Y
      duration.inMonths(datetime('2018-07-21T21:40:36.143+0200'),
        localdatetime('2016-07-21T21:40:36.143'))
        => P-2Y
      duration.inMonths(datetime('2018-07-21T21:40:36.143+0500'),
        datetime('1984-07-21T22:40:36.143+0200'))
        => P-33Y-11M
      """)
  }

  @Test func inDays() {
    check(
      """
      duration.inDays(date('1984-10-11'), date('2015-06-24')) => P11213D
      duration.inDays(date('1984-10-11'), localdatetime('2016-07-21T21:45:22.142')) => P11606D
      duration.inDays(date('1984-10-11'), datetime('2015-07-21T21:40:32.142+0100')) => P11240D
      duration.inDays(date('1984-10-11'), localtime('16:30')) => PT0S
      duration.inDays(date('1984-10-11'), time('16:30+0100')) => PT0S
      duration.inDays(localtime('14:30'), date('2015-06-24')) => PT0S
      duration.inDays(localtime('14:30'), localdatetime('2016-07-21T21:45:22.142')) => PT0S
      duration.inDays(localtime('14:30'), datetime('2015-07-21T21:40:32.142+0100')) => PT0S
      duration.inDays(time('14:30'), date('2015-06-24')) => PT0S
      duration.inDays(time('14:30'), localdatetime('2016-07-21T21:45:22.142')) => PT0S
      duration.inDays(time('14:30'), datetime('2015-07-21T21:40:32.142+0100')) => PT0S
      duration.inDays(localdatetime('2015-07-21T21:40:32.142'), date('2015-06-24')) => P-27D
      duration.inDays(localdatetime('2015-07-21T21:40:32.142'),
        localdatetime('2016-07-21T21:45:22.142'))
        => P366D
      duration.inDays(localdatetime('2015-07-21T21:40:32.142'),
        datetime('2015-07-21T21:40:32.142+0100'))
        => PT0S
      duration.inDays(localdatetime('2015-07-21T21:40:32.142'), localtime('16:30')) => PT0S
      duration.inDays(localdatetime('2015-07-21T21:40:32.142'), time('16:30+0100')) => PT0S
      duration.inDays(datetime('2014-07-21T21:40:36.143+0200'), date('2015-06-24')) => P337D
      duration.inDays(datetime('2014-07-21T21:40:36.143+0200'),
        localdatetime('2016-07-21T21:45:22.142'))
        => P731D
      duration.inDays(datetime('2014-07-21T21:40:36.143+0200'),
        datetime('2015-07-21T21:40:32.142+0100'))
        => P365D
      duration.inDays(datetime('2014-07-21T21:40:36.143+0200'), localtime('16:30')) => PT0S
      duration.inDays(datetime('2014-07-21T21:40:36.143+0200'), time('16:30+0100')) => PT0S
      """)
  }

  @Test func inSeconds() {
    check(
      """
      duration.inSeconds(date('1984-10-11'), date('2015-06-24')) => PT269112H
      duration.inSeconds(date('1984-10-11'), localdatetime('2016-07-21T21:45:22.142'))
        => PT278565H45M22.142S
      duration.inSeconds(date('1984-10-11'), datetime('2015-07-21T21:40:32.142+0100'))
        => PT269781H40M32.142S
      duration.inSeconds(date('1984-10-11'), localtime('16:30')) => PT16H30M
      duration.inSeconds(date('1984-10-11'), time('16:30+0100')) => PT16H30M
      duration.inSeconds(localtime('14:30'), date('2015-06-24')) => PT-14H-30M
      duration.inSeconds(localtime('14:30'), localdatetime('2016-07-21T21:45:22.142'))
        => PT7H15M22.142S
      duration.inSeconds(localtime('14:30'), datetime('2015-07-21T21:40:32.142+0100'))
        => PT7H10M32.142S
      duration.inSeconds(localtime('14:30'), localtime('16:30')) => PT2H
      duration.inSeconds(localtime('14:30'), time('16:30+0100')) => PT2H
      duration.inSeconds(time('14:30'), date('2015-06-24')) => PT-14H-30M
      duration.inSeconds(time('14:30'), localdatetime('2016-07-21T21:45:22.142')) => PT7H15M22.142S
      duration.inSeconds(time('14:30'), datetime('2015-07-21T21:40:32.142+0100')) => PT6H10M32.142S
      duration.inSeconds(time('14:30'), localtime('16:30')) => PT2H
      duration.inSeconds(time('14:30'), time('16:30+0100')) => PT1H
      duration.inSeconds(localdatetime('2015-07-21T21:40:32.142'), date('2015-06-24'))
        => PT-669H-40M-32.142S
      duration.inSeconds(localdatetime('2015-07-21T21:40:32.142'),
        localdatetime('2016-07-21T21:45:22.142'))
        => PT8784H4M50S
      duration.inSeconds(localdatetime('2015-07-21T21:40:32.142'),
        datetime('2015-07-21T21:40:32.142+0100'))
        => PT0S
      duration.inSeconds(localdatetime('2015-07-21T21:40:32.142'), localtime('16:30'))
        => PT-5H-10M-32.142S
      duration.inSeconds(localdatetime('2015-07-21T21:40:32.142'), time('16:30+0100'))
        => PT-5H-10M-32.142S
      duration.inSeconds(datetime('2014-07-21T21:40:36.143+0200'), date('2015-06-24'))
        => PT8090H19M23.857S
      duration.inSeconds(datetime('2014-07-21T21:40:36.143+0200'),
        localdatetime('2016-07-21T21:45:22.142'))
        => PT17544H4M45.999S
      duration.inSeconds(datetime('2014-07-21T21:40:36.143+0200'),
        datetime('2015-07-21T21:40:32.142+0100'))
        => PT8760H59M55.999S
      duration.inSeconds(datetime('2014-07-21T21:40:36.143+0200'), localtime('16:30'))
        => PT-5H-10M-36.143S
      duration.inSeconds(datetime('2014-07-21T21:40:36.143+0200'), time('16:30+0100'))
        => PT-4H-10M-36.143S
      """)
  }

  @Test func overTheClockChange() {
    check(
      """
      duration.inSeconds(datetime({year: 2017, month: 10, day: 29, hour: 0,
        timezone: 'Europe/Stockholm'}), localdatetime({year: 2017, month: 10, day: 29, hour: 4}))
        => PT5H
      duration.inSeconds(datetime({year: 2017, month: 10, day: 29, hour: 0,
        timezone: 'Europe/Stockholm'}), localtime({hour: 4}))
        => PT5H
      duration.inSeconds(localdatetime({year: 2017, month: 10, day: 29, hour: 0 }),
        datetime({year: 2017, month: 10, day: 29, hour: 4, timezone: 'Europe/Stockholm'}))
        => PT5H
      duration.inSeconds(localtime({hour: 0 }), datetime({year: 2017, month: 10, day: 29, hour: 4,
        timezone: 'Europe/Stockholm'}))
        => PT5H
      duration.inSeconds(date({year: 2017, month: 10, day: 29}), datetime({year: 2017, month: 10,
        day: 29, hour: 4, timezone: 'Europe/Stockholm'}))
        => PT5H
      duration.inSeconds(datetime({year: 2017, month: 10, day: 29, hour: 0,
        timezone: 'Europe/Stockholm'}), date({year: 2017, month: 10, day: 30}))
        => PT25H
      """)
  }

  @Test func fractions() {
    check(
      """
      duration.inSeconds(localtime('12:34:54.7'), localtime('12:34:54.3')) => PT-0.4S
      duration.inSeconds(localtime('12:34:54.3'), localtime('12:34:54.7')) => PT0.4S
      duration.inSeconds(localtime('12:34:54.7'), localtime('12:34:55.3')) => PT0.6S
      duration.inSeconds(localtime('12:34:54.7'), localtime('12:44:55.3')) => PT10M0.6S
      duration.inSeconds(localtime('12:44:54.7'), localtime('12:34:55.3')) => PT-9M-59.4S
      duration.inSeconds(localtime('12:34:56'), localtime('12:34:55.7')) => PT-0.3S
      duration.inSeconds(localtime('12:34:56'), localtime('12:44:55.7')) => PT9M59.7S
      duration.inSeconds(localtime('12:44:56'), localtime('12:34:55.7')) => PT-10M-0.3S
      duration.inSeconds(localtime('12:34:56.3'), localtime('12:34:54.7')) => PT-1.6S
      duration.inSeconds(localtime('12:34:54.7'), localtime('12:34:56.3')) => PT1.6S
      """)
  }

  /// Temporal10 [1], [6], [9], [10], [13].
  @Test func boundaries() {
    check(
      """
      a := duration.between(localdatetime('2018-01-01T12:00'), localdatetime('2018-01-02T10:00'))
      a => PT22H
      [a.days, a.seconds, a.nanosecondsOfSecond] => [0, 79200, 0]
      b := duration.between(localdatetime('2018-01-02T10:00'), localdatetime('2018-01-01T12:00'))
      b => PT-22H
      [b.days, b.seconds, b.nanosecondsOfSecond] => [0, -79200, 0]
      c := duration.between(localdatetime('2018-01-01T10:00:00.2'),
        localdatetime('2018-01-02T10:00:00.1'))
      c => PT23H59M59.9S
      [c.days, c.seconds, c.nanosecondsOfSecond] => [0, 86399, 900000000]
      d := duration.between(localdatetime('2018-01-02T10:00:00.1'),
        localdatetime('2018-01-01T10:00:00.2'))
      d => PT-23H-59M-59.9S
      [d.days, d.seconds, d.nanosecondsOfSecond] => [0, -86400, 100000000]
      x := datetime('2017-10-28T23:00+02:00[Europe/Stockholm]')
      y := datetime('2017-10-29T04:00+01:00[Europe/Stockholm]')
      duration.between(x, y) => PT6H
      duration.between(y, x) => PT-6H
      duration.inSeconds(localdatetime('2014-07-21T21:40:36.143'),
        localdatetime('2014-07-21T21:40:36.142')) => PT-0.001S
      duration.between(date('-999999999-01-01'), date('+999999999-12-31')) => P1999999998Y11M30D
      duration.inSeconds(localdatetime('-999999999-01-01'),
        localdatetime('+999999999-12-31T23:59:59')) => PT17531639991215H59M59S
      duration.between(null, x) => null
      duration.inDays(x, null) => null
      duration.inMonths(localtime('10:00'), localtime('11:00')) => PT0S
      duration.between(1, x) => !TypeError Integer
      """)
  }
}
