import Testing

// Tables of the openCypher TCK (Apache License 2.0), feature Temporal9.
struct TemporalTruncationTests {
  @Test func dateTimes() {
    check(
      """
      date2017m10 := date({year: 2017, month: 10, day: 11})
      zoned2017m10East := datetime('2017-10-11T12:31:14.645876123+01:00')
      zoned2017m10West := datetime('2017-10-11T12:31:14.645876123-01:00')
      local2017m10 := localdatetime('2017-10-11T12:31:14.645876123')
      date1984m10 := date({year: 1984, month: 10, day: 11})
      zoned1984m10East := datetime('1984-10-11T12:31:14.645876123+01:00')
      local1984m10 := localdatetime('1984-10-11T12:31:14.645876123')
      zoned1984m10West := datetime('1984-10-11T12:31:14.645876123-01:00')
      date1984m2 := date({year: 1984, month: 2, day: 1})
      zoned1984m1East := datetime('1984-01-01T12:31:14.645876123+01:00')
      zoned1984m1West := datetime('1984-01-01T12:31:14.645876123-01:00')
      local1984m1 := localdatetime('1984-01-01T12:31:14.645876123')
      date1984m11 := date({year: 1984, month: 11, day: 11})
      zoned1984m11East := datetime('1984-11-11T12:31:14.645876123+01:00')
      zoned1984m11West := datetime('1984-11-11T12:31:14.645876123-01:00')
      local1984m11 := localdatetime('1984-11-11T12:31:14.645876123')
      datetime.truncate('millennium', date2017m10, {day: 2}) => 2000-01-02T00:00Z
      datetime.truncate('millennium', date2017m10, {timezone: 'Europe/Stockholm'})
        => 2000-01-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('millennium', date2017m10, {}) => 2000-01-01T00:00Z
      datetime.truncate('millennium', zoned2017m10East, {day: 2}) => 2000-01-02T00:00+01:00
      datetime.truncate('millennium', zoned2017m10East, {}) => 2000-01-01T00:00+01:00
      datetime.truncate('millennium', zoned2017m10West, {timezone: 'Europe/Stockholm'})
        => 2000-01-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('millennium', local2017m10, {day: 2}) => 2000-01-02T00:00Z
      datetime.truncate('millennium', local2017m10, {timezone: 'Europe/Stockholm'})
        => 2000-01-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('millennium', local2017m10, {}) => 2000-01-01T00:00Z
      datetime.truncate('century', date1984m10, {day: 2}) => 1900-01-02T00:00Z
      datetime.truncate('century', date1984m10, {}) => 1900-01-01T00:00Z
      datetime.truncate('century', date2017m10, {timezone: 'Europe/Stockholm'})
        => 2000-01-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('century', zoned1984m10East, {day: 2}) => 1900-01-02T00:00+01:00
      datetime.truncate('century', zoned1984m10East, {}) => 1900-01-01T00:00+01:00
      datetime.truncate('century', zoned2017m10West, {timezone: 'Europe/Stockholm'})
        => 2000-01-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('century', local1984m10, {day: 2}) => 1900-01-02T00:00Z
      datetime.truncate('century', local1984m10, {}) => 1900-01-01T00:00Z
      datetime.truncate('century', local2017m10, {timezone: 'Europe/Stockholm'})
        => 2000-01-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('decade', date1984m10, {day: 2}) => 1980-01-02T00:00Z
      datetime.truncate('decade', date1984m10, {timezone: 'Europe/Stockholm'})
        => 1980-01-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('decade', date1984m10, {}) => 1980-01-01T00:00Z
      datetime.truncate('decade', zoned1984m10East, {day: 2}) => 1980-01-02T00:00+01:00
      datetime.truncate('decade', zoned1984m10East, {}) => 1980-01-01T00:00+01:00
      datetime.truncate('decade', zoned1984m10West, {timezone: 'Europe/Stockholm'})
        => 1980-01-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('decade', local1984m10, {day: 2}) => 1980-01-02T00:00Z
      datetime.truncate('decade', local1984m10, {timezone: 'Europe/Stockholm'})
        => 1980-01-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('decade', local1984m10, {}) => 1980-01-01T00:00Z
      datetime.truncate('year', date1984m10, {day: 2}) => 1984-01-02T00:00Z
      datetime.truncate('year', date1984m10, {timezone: 'Europe/Stockholm'})
        => 1984-01-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('year', date1984m10, {}) => 1984-01-01T00:00Z
      datetime.truncate('year', zoned1984m10East, {day: 2}) => 1984-01-02T00:00+01:00
      datetime.truncate('year', zoned1984m10East, {}) => 1984-01-01T00:00+01:00
      datetime.truncate('year', zoned1984m10West, {timezone: 'Europe/Stockholm'})
        => 1984-01-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('year', local1984m10, {day: 2}) => 1984-01-02T00:00Z
      datetime.truncate('year', local1984m10, {timezone: 'Europe/Stockholm'})
        => 1984-01-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('year', local1984m10, {}) => 1984-01-01T00:00Z
      datetime.truncate('weekYear', date1984m2, {day: 5}) => 1984-01-05T00:00Z
      datetime.truncate('weekYear', date1984m2, {timezone: 'Europe/Stockholm'})
        => 1984-01-02T00:00+01:00[Europe/Stockholm]
      datetime.truncate('weekYear', date1984m2, {}) => 1984-01-02T00:00Z
      datetime.truncate('weekYear', zoned1984m1East, {day: 5}) => 1983-01-05T00:00+01:00
      datetime.truncate('weekYear', zoned1984m1East, {}) => 1983-01-03T00:00+01:00
      datetime.truncate('weekYear', zoned1984m1West, {timezone: 'Europe/Stockholm'})
        => 1983-01-03T00:00+01:00[Europe/Stockholm]
      datetime.truncate('weekYear', local1984m1, {day: 5}) => 1983-01-05T00:00Z
      datetime.truncate('weekYear', local1984m1, {timezone: 'Europe/Stockholm'})
        => 1983-01-03T00:00+01:00[Europe/Stockholm]
      datetime.truncate('weekYear', local1984m1, {}) => 1983-01-03T00:00Z
      datetime.truncate('quarter', date1984m11, {day: 2}) => 1984-10-02T00:00Z
      datetime.truncate('quarter', date1984m11, {timezone: 'Europe/Stockholm'})
        => 1984-10-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('quarter', date1984m11, {}) => 1984-10-01T00:00Z
      datetime.truncate('quarter', zoned1984m11East, {day: 2}) => 1984-10-02T00:00+01:00
      datetime.truncate('quarter', zoned1984m11East, {}) => 1984-10-01T00:00+01:00
      datetime.truncate('quarter', zoned1984m11West, {timezone: 'Europe/Stockholm'})
        => 1984-10-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('quarter', local1984m11, {day: 2}) => 1984-10-02T00:00Z
      datetime.truncate('quarter', local1984m11, {timezone: 'Europe/Stockholm'})
        => 1984-10-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('quarter', local1984m11, {}) => 1984-10-01T00:00Z
      datetime.truncate('month', date1984m10, {day: 2}) => 1984-10-02T00:00Z
      datetime.truncate('month', date1984m10, {timezone: 'Europe/Stockholm'})
        => 1984-10-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('month', date1984m10, {}) => 1984-10-01T00:00Z
      datetime.truncate('month', zoned1984m10East, {day: 2}) => 1984-10-02T00:00+01:00
      datetime.truncate('month', zoned1984m10East, {}) => 1984-10-01T00:00+01:00
      datetime.truncate('month', zoned1984m10West, {timezone: 'Europe/Stockholm'})
        => 1984-10-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('month', local1984m10, {day: 2}) => 1984-10-02T00:00Z
      datetime.truncate('month', local1984m10, {timezone: 'Europe/Stockholm'})
        => 1984-10-01T00:00+01:00[Europe/Stockholm]
      datetime.truncate('month', local1984m10, {}) => 1984-10-01T00:00Z
      datetime.truncate('week', date1984m10, {dayOfWeek: 2}) => 1984-10-09T00:00Z
      datetime.truncate('week', date1984m10, {timezone: 'Europe/Stockholm'})
        => 1984-10-08T00:00+01:00[Europe/Stockholm]
      datetime.truncate('week', date1984m10, {}) => 1984-10-08T00:00Z
      datetime.truncate('week', zoned1984m10East, {dayOfWeek: 2}) => 1984-10-09T00:00+01:00
      datetime.truncate('week', zoned1984m10East, {}) => 1984-10-08T00:00+01:00
      datetime.truncate('week', zoned1984m10West, {timezone: 'Europe/Stockholm'})
        => 1984-10-08T00:00+01:00[Europe/Stockholm]
      datetime.truncate('week', local1984m10, {dayOfWeek: 2}) => 1984-10-09T00:00Z
      datetime.truncate('week', local1984m10, {timezone: 'Europe/Stockholm'})
        => 1984-10-08T00:00+01:00[Europe/Stockholm]
      datetime.truncate('week', local1984m10, {}) => 1984-10-08T00:00Z
      datetime.truncate('day', date1984m10, {nanosecond: 2}) => 1984-10-11T00:00:00.000000002Z
      datetime.truncate('day', date1984m10, {timezone: 'Europe/Stockholm'})
        => 1984-10-11T00:00+01:00[Europe/Stockholm]
      datetime.truncate('day', date1984m10, {}) => 1984-10-11T00:00Z
      datetime.truncate('day', zoned1984m10East, {nanosecond: 2})
        => 1984-10-11T00:00:00.000000002+01:00
      datetime.truncate('day', zoned1984m10East, {}) => 1984-10-11T00:00+01:00
      datetime.truncate('day', zoned1984m10West, {timezone: 'Europe/Stockholm'})
        => 1984-10-11T00:00+01:00[Europe/Stockholm]
      datetime.truncate('day', local1984m10, {nanosecond: 2}) => 1984-10-11T00:00:00.000000002Z
      datetime.truncate('day', local1984m10, {timezone: 'Europe/Stockholm'})
        => 1984-10-11T00:00+01:00[Europe/Stockholm]
      datetime.truncate('day', local1984m10, {}) => 1984-10-11T00:00Z
      datetime.truncate('hour', zoned1984m10West, {nanosecond: 2})
        => 1984-10-11T12:00:00.000000002-01:00
      datetime.truncate('hour', zoned1984m10West, {timezone: 'Europe/Stockholm'})
        => 1984-10-11T12:00+01:00[Europe/Stockholm]
      datetime.truncate('hour', zoned1984m10West, {}) => 1984-10-11T12:00-01:00
      datetime.truncate('hour', local1984m10, {nanosecond: 2}) => 1984-10-11T12:00:00.000000002Z
      datetime.truncate('hour', local1984m10, {timezone: 'Europe/Stockholm'})
        => 1984-10-11T12:00+01:00[Europe/Stockholm]
      datetime.truncate('hour', local1984m10, {}) => 1984-10-11T12:00Z
      datetime.truncate('minute', zoned1984m10West, {nanosecond: 2})
        => 1984-10-11T12:31:00.000000002-01:00
      datetime.truncate('minute', zoned1984m10West, {timezone: 'Europe/Stockholm'})
        => 1984-10-11T12:31+01:00[Europe/Stockholm]
      datetime.truncate('minute', zoned1984m10West, {}) => 1984-10-11T12:31-01:00
      datetime.truncate('minute', local1984m10, {nanosecond: 2}) => 1984-10-11T12:31:00.000000002Z
      datetime.truncate('minute', local1984m10, {timezone: 'Europe/Stockholm'})
        => 1984-10-11T12:31+01:00[Europe/Stockholm]
      datetime.truncate('minute', local1984m10, {}) => 1984-10-11T12:31Z
      datetime.truncate('second', zoned1984m10East, {nanosecond: 2})
        => 1984-10-11T12:31:14.000000002+01:00
      datetime.truncate('second', zoned1984m10East, {}) => 1984-10-11T12:31:14+01:00
      datetime.truncate('second', local1984m10, {nanosecond: 2}) => 1984-10-11T12:31:14.000000002Z
      datetime.truncate('second', local1984m10, {}) => 1984-10-11T12:31:14Z
      datetime.truncate('millisecond', zoned1984m10East, {nanosecond: 2})
        => 1984-10-11T12:31:14.645000002+01:00
      datetime.truncate('millisecond', zoned1984m10East, {}) => 1984-10-11T12:31:14.645+01:00
      datetime.truncate('millisecond', local1984m10, {nanosecond: 2})
        => 1984-10-11T12:31:14.645000002Z
      datetime.truncate('millisecond', local1984m10, {}) => 1984-10-11T12:31:14.645Z
      datetime.truncate('microsecond', zoned1984m10East, {nanosecond: 2})
        => 1984-10-11T12:31:14.645876002+01:00
      datetime.truncate('microsecond', zoned1984m10East, {}) => 1984-10-11T12:31:14.645876+01:00
      datetime.truncate('microsecond', local1984m10, {nanosecond: 2})
        => 1984-10-11T12:31:14.645876002Z
      datetime.truncate('microsecond', local1984m10, {}) => 1984-10-11T12:31:14.645876Z
      """)
  }

  @Test func localDateTimes() {
    check(
      """
      date2017m10 := date({year: 2017, month: 10, day: 11})
      zoned2017m10East := datetime('2017-10-11T12:31:14.645876123+01:00')
      local2017m10 := localdatetime('2017-10-11T12:31:14.645876123')
      date1984m10 := date({year: 1984, month: 10, day: 11})
      zoned1984m10East := datetime('1984-10-11T12:31:14.645876123+01:00')
      local1984m10 := localdatetime('1984-10-11T12:31:14.645876123')
      date1984m2 := date({year: 1984, month: 2, day: 1})
      zoned1984m1East := datetime('1984-01-01T12:31:14.645876123+01:00')
      local1984m1 := localdatetime('1984-01-01T12:31:14.645876123')
      date1984m11 := date({year: 1984, month: 11, day: 11})
      zoned1984m11East := datetime('1984-11-11T12:31:14.645876123+01:00')
      local1984m11 := localdatetime('1984-11-11T12:31:14.645876123')
      localdatetime.truncate('millennium', date2017m10, {day: 2}) => 2000-01-02T00:00
      localdatetime.truncate('millennium', date2017m10, {}) => 2000-01-01T00:00
      localdatetime.truncate('millennium', zoned2017m10East, {day: 2}) => 2000-01-02T00:00
      localdatetime.truncate('millennium', zoned2017m10East, {}) => 2000-01-01T00:00
      localdatetime.truncate('millennium', local2017m10, {day: 2}) => 2000-01-02T00:00
      localdatetime.truncate('millennium', local2017m10, {}) => 2000-01-01T00:00
      localdatetime.truncate('century', date1984m10, {day: 2}) => 1900-01-02T00:00
      localdatetime.truncate('century', date1984m10, {}) => 1900-01-01T00:00
      localdatetime.truncate('century', zoned1984m10East, {day: 2}) => 1900-01-02T00:00
      localdatetime.truncate('century', zoned1984m10East, {}) => 1900-01-01T00:00
      localdatetime.truncate('century', local1984m10, {day: 2}) => 1900-01-02T00:00
      localdatetime.truncate('century', local1984m10, {}) => 1900-01-01T00:00
      localdatetime.truncate('decade', date1984m10, {day: 2}) => 1980-01-02T00:00
      localdatetime.truncate('decade', date1984m10, {}) => 1980-01-01T00:00
      localdatetime.truncate('decade', zoned1984m10East, {day: 2}) => 1980-01-02T00:00
      localdatetime.truncate('decade', zoned1984m10East, {}) => 1980-01-01T00:00
      localdatetime.truncate('decade', local1984m10, {day: 2}) => 1980-01-02T00:00
      localdatetime.truncate('decade', local1984m10, {}) => 1980-01-01T00:00
      localdatetime.truncate('year', date1984m10, {day: 2}) => 1984-01-02T00:00
      localdatetime.truncate('year', date1984m10, {}) => 1984-01-01T00:00
      localdatetime.truncate('year', zoned1984m10East, {day: 2}) => 1984-01-02T00:00
      localdatetime.truncate('year', zoned1984m10East, {}) => 1984-01-01T00:00
      localdatetime.truncate('year', local1984m10, {day: 2}) => 1984-01-02T00:00
      localdatetime.truncate('year', local1984m10, {}) => 1984-01-01T00:00
      localdatetime.truncate('weekYear', date1984m2, {day: 5}) => 1984-01-05T00:00
      localdatetime.truncate('weekYear', date1984m2, {}) => 1984-01-02T00:00
      localdatetime.truncate('weekYear', zoned1984m1East, {day: 5}) => 1983-01-05T00:00
      localdatetime.truncate('weekYear', zoned1984m1East, {}) => 1983-01-03T00:00
      localdatetime.truncate('weekYear', local1984m1, {day: 5}) => 1983-01-05T00:00
      localdatetime.truncate('weekYear', local1984m1, {}) => 1983-01-03T00:00
      localdatetime.truncate('quarter', date1984m11, {day: 2}) => 1984-10-02T00:00
      localdatetime.truncate('quarter', date1984m11, {}) => 1984-10-01T00:00
      localdatetime.truncate('quarter', zoned1984m11East, {day: 2}) => 1984-10-02T00:00
      localdatetime.truncate('quarter', zoned1984m11East, {}) => 1984-10-01T00:00
      localdatetime.truncate('quarter', local1984m11, {day: 2}) => 1984-10-02T00:00
      localdatetime.truncate('quarter', local1984m11, {}) => 1984-10-01T00:00
      localdatetime.truncate('month', date1984m10, {day: 2}) => 1984-10-02T00:00
      localdatetime.truncate('month', date1984m10, {}) => 1984-10-01T00:00
      localdatetime.truncate('month', zoned1984m10East, {day: 2}) => 1984-10-02T00:00
      localdatetime.truncate('month', zoned1984m10East, {}) => 1984-10-01T00:00
      localdatetime.truncate('month', local1984m10, {day: 2}) => 1984-10-02T00:00
      localdatetime.truncate('month', local1984m10, {}) => 1984-10-01T00:00
      localdatetime.truncate('week', date1984m10, {dayOfWeek: 2}) => 1984-10-09T00:00
      localdatetime.truncate('week', date1984m10, {}) => 1984-10-08T00:00
      localdatetime.truncate('week', zoned1984m10East, {dayOfWeek: 2}) => 1984-10-09T00:00
      localdatetime.truncate('week', zoned1984m10East, {}) => 1984-10-08T00:00
      localdatetime.truncate('week', local1984m10, {dayOfWeek: 2}) => 1984-10-09T00:00
      localdatetime.truncate('week', local1984m10, {}) => 1984-10-08T00:00
      localdatetime.truncate('day', date1984m10, {nanosecond: 2}) => 1984-10-11T00:00:00.000000002
      localdatetime.truncate('day', date1984m10, {}) => 1984-10-11T00:00
      localdatetime.truncate('day', zoned1984m10East, {nanosecond: 2})
        => 1984-10-11T00:00:00.000000002
      localdatetime.truncate('day', zoned1984m10East, {}) => 1984-10-11T00:00
      localdatetime.truncate('day', local1984m10, {nanosecond: 2}) => 1984-10-11T00:00:00.000000002
      localdatetime.truncate('day', local1984m10, {}) => 1984-10-11T00:00
      localdatetime.truncate('hour', zoned1984m10East, {nanosecond: 2})
        => 1984-10-11T12:00:00.000000002
      localdatetime.truncate('hour', zoned1984m10East, {}) => 1984-10-11T12:00
      localdatetime.truncate('hour', local1984m10, {nanosecond: 2}) => 1984-10-11T12:00:00.000000002
      localdatetime.truncate('hour', local1984m10, {}) => 1984-10-11T12:00
      localdatetime.truncate('minute', zoned1984m10East, {nanosecond: 2})
        => 1984-10-11T12:31:00.000000002
      localdatetime.truncate('minute', zoned1984m10East, {}) => 1984-10-11T12:31
      localdatetime.truncate('minute', local1984m10, {nanosecond: 2})
        => 1984-10-11T12:31:00.000000002
      localdatetime.truncate('minute', local1984m10, {}) => 1984-10-11T12:31
      localdatetime.truncate('second', zoned1984m10East, {nanosecond: 2})
        => 1984-10-11T12:31:14.000000002
      localdatetime.truncate('second', zoned1984m10East, {}) => 1984-10-11T12:31:14
      localdatetime.truncate('second', local1984m10, {nanosecond: 2})
        => 1984-10-11T12:31:14.000000002
      localdatetime.truncate('second', local1984m10, {}) => 1984-10-11T12:31:14
      localdatetime.truncate('millisecond', zoned1984m10East, {nanosecond: 2})
        => 1984-10-11T12:31:14.645000002
      localdatetime.truncate('millisecond', zoned1984m10East, {}) => 1984-10-11T12:31:14.645
      localdatetime.truncate('millisecond', local1984m10, {nanosecond: 2})
        => 1984-10-11T12:31:14.645000002
      localdatetime.truncate('millisecond', local1984m10, {}) => 1984-10-11T12:31:14.645
      localdatetime.truncate('microsecond', zoned1984m10East, {nanosecond: 2})
        => 1984-10-11T12:31:14.645876002
      localdatetime.truncate('microsecond', zoned1984m10East, {}) => 1984-10-11T12:31:14.645876
      localdatetime.truncate('microsecond', local1984m10, {nanosecond: 2})
        => 1984-10-11T12:31:14.645876002
      localdatetime.truncate('microsecond', local1984m10, {}) => 1984-10-11T12:31:14.645876
      """)
  }

  @Test func times() {
    check(
      """
      zoned1984m10East := datetime('1984-10-11T12:31:14.645876123+01:00')
      local1984m10 := localdatetime('1984-10-11T12:31:14.645876123')
      zoned1984m10West := datetime('1984-10-11T12:31:14.645876123-01:00')
      localTime := localtime({hour: 12, minute: 31, second: 14, nanosecond: 645876123})
      timeWest := time({hour: 12, minute: 31, second: 14, nanosecond: 645876123,
        timezone: '-01:00'})
      timeEast := time({hour: 12, minute: 31, second: 14, nanosecond: 645876123,
        timezone: '+01:00'})
      time.truncate('day', zoned1984m10East, {nanosecond: 2}) => 00:00:00.000000002+01:00
      time.truncate('day', zoned1984m10East, {}) => 00:00+01:00
      time.truncate('day', local1984m10, {nanosecond: 2}) => 00:00:00.000000002Z
      time.truncate('day', local1984m10, {}) => 00:00Z
      time.truncate('hour', zoned1984m10West, {nanosecond: 2}) => 12:00:00.000000002-01:00
      time.truncate('hour', zoned1984m10West, {timezone: '+01:00'}) => 12:00+01:00
      time.truncate('hour', zoned1984m10West, {}) => 12:00-01:00
      time.truncate('hour', local1984m10, {nanosecond: 2}) => 12:00:00.000000002Z
      time.truncate('hour', local1984m10, {timezone: '+01:00'}) => 12:00+01:00
      time.truncate('hour', local1984m10, {}) => 12:00Z
      time.truncate('hour', localTime, {nanosecond: 2}) => 12:00:00.000000002Z
      time.truncate('hour', localTime, {timezone: '+01:00'}) => 12:00+01:00
      time.truncate('hour', localTime, {}) => 12:00Z
      time.truncate('hour', timeWest, {nanosecond: 2}) => 12:00:00.000000002-01:00
      time.truncate('hour', timeWest, {timezone: '+01:00'}) => 12:00+01:00
      time.truncate('hour', timeWest, {}) => 12:00-01:00
      time.truncate('minute', zoned1984m10West, {nanosecond: 2}) => 12:31:00.000000002-01:00
      time.truncate('minute', zoned1984m10West, {}) => 12:31-01:00
      time.truncate('minute', local1984m10, {nanosecond: 2}) => 12:31:00.000000002Z
      time.truncate('minute', local1984m10, {}) => 12:31Z
      time.truncate('minute', localTime, {nanosecond: 2}) => 12:31:00.000000002Z
      time.truncate('minute', localTime, {}) => 12:31Z
      time.truncate('minute', timeWest, {nanosecond: 2}) => 12:31:00.000000002-01:00
      time.truncate('minute', timeWest, {}) => 12:31-01:00
      time.truncate('second', zoned1984m10East, {nanosecond: 2}) => 12:31:14.000000002+01:00
      time.truncate('second', zoned1984m10East, {}) => 12:31:14+01:00
      time.truncate('second', local1984m10, {nanosecond: 2}) => 12:31:14.000000002Z
      time.truncate('second', local1984m10, {}) => 12:31:14Z
      time.truncate('second', localTime, {nanosecond: 2}) => 12:31:14.000000002Z
      time.truncate('second', localTime, {}) => 12:31:14Z
      time.truncate('second', timeEast, {nanosecond: 2}) => 12:31:14.000000002+01:00
      time.truncate('second', timeEast, {}) => 12:31:14+01:00
      time.truncate('millisecond', zoned1984m10East, {nanosecond: 2}) => 12:31:14.645000002+01:00
      time.truncate('millisecond', zoned1984m10East, {}) => 12:31:14.645+01:00
      time.truncate('millisecond', local1984m10, {nanosecond: 2}) => 12:31:14.645000002Z
      time.truncate('millisecond', local1984m10, {}) => 12:31:14.645Z
      time.truncate('millisecond', localTime, {nanosecond: 2}) => 12:31:14.645000002Z
      time.truncate('millisecond', localTime, {}) => 12:31:14.645Z
      time.truncate('millisecond', timeEast, {nanosecond: 2}) => 12:31:14.645000002+01:00
      time.truncate('millisecond', timeEast, {}) => 12:31:14.645+01:00
      time.truncate('microsecond', zoned1984m10East, {nanosecond: 2}) => 12:31:14.645876002+01:00
      time.truncate('microsecond', zoned1984m10East, {}) => 12:31:14.645876+01:00
      time.truncate('microsecond', local1984m10, {nanosecond: 2}) => 12:31:14.645876002Z
      time.truncate('microsecond', local1984m10, {}) => 12:31:14.645876Z
      time.truncate('microsecond', localTime, {nanosecond: 2}) => 12:31:14.645876002Z
      time.truncate('microsecond', localTime, {}) => 12:31:14.645876Z
      time.truncate('microsecond', timeEast, {nanosecond: 2}) => 12:31:14.645876002+01:00
      time.truncate('microsecond', timeEast, {}) => 12:31:14.645876+01:00
      """)
  }
}
