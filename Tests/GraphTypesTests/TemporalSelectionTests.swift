import Testing

// Tables of the openCypher TCK (Apache License 2.0), feature Temporal3.
struct TemporalSelectionTests {
  @Test func datesFromOthers() {
    check(
      """
      date1984m11 := date({year: 1984, month: 11, day: 11})
      local1984m11 := localdatetime('1984-11-11T12:31:14.645876123')
      zoned1984m11East := datetime({year: 1984, month: 11, day: 11, hour: 12, timezone: '+01:00'})
      date(date1984m11) => 1984-11-11
      date({date: date1984m11}) => 1984-11-11
      date({date: date1984m11, year: 28}) => 0028-11-11
      date({date: date1984m11, day: 28}) => 1984-11-28
      date({date: date1984m11, week: 1}) => 1984-01-08
      date({date: date1984m11, ordinalDay: 28}) => 1984-01-28
      date({date: date1984m11, quarter: 3}) => 1984-08-11
      date(local1984m11) => 1984-11-11
      date({date: local1984m11}) => 1984-11-11
      date({date: local1984m11, year: 28}) => 0028-11-11
      date({date: local1984m11, day: 28}) => 1984-11-28
      date({date: local1984m11, week: 1}) => 1984-01-08
      date({date: local1984m11, ordinalDay: 28}) => 1984-01-28
      date({date: local1984m11, quarter: 3}) => 1984-08-11
      date(zoned1984m11East) => 1984-11-11
      date({date: zoned1984m11East}) => 1984-11-11
      date({date: zoned1984m11East, year: 28}) => 0028-11-11
      date({date: zoned1984m11East, day: 28}) => 1984-11-28
      date({date: zoned1984m11East, week: 1}) => 1984-01-08
      date({date: zoned1984m11East, ordinalDay: 28}) => 1984-01-28
      date({date: zoned1984m11East, quarter: 3}) => 1984-08-11
      """)
  }

  @Test func dateIntoLocalDateTime() {
    check(
      """
      date1984m10 := date({year: 1984, month: 10, day: 11})
      local1984Week := localdatetime({year: 1984, week: 10, dayOfWeek: 3, hour: 12, minute: 31,
        second: 14, millisecond: 645})
      zoned1984m10East := datetime({year: 1984, month: 10, day: 11, hour: 12, timezone: '+01:00'})
      localdatetime({date: date1984m10, hour: 10, minute: 10, second: 10}) => 1984-10-11T10:10:10
      localdatetime({date: date1984m10, day: 28, hour: 10, minute: 10, second: 10})
        => 1984-10-28T10:10:10
      localdatetime({date: local1984Week, hour: 10, minute: 10, second: 10}) => 1984-03-07T10:10:10
      localdatetime({date: local1984Week, day: 28, hour: 10, minute: 10, second: 10})
        => 1984-03-28T10:10:10
      localdatetime({date: zoned1984m10East, hour: 10, minute: 10, second: 10})
        => 1984-10-11T10:10:10
      localdatetime({date: zoned1984m10East, day: 28, hour: 10, minute: 10, second: 10})
        => 1984-10-28T10:10:10
      """)
  }

  @Test func dateTimeIntoLocalDateTime() {
    check(
      """
      local1984Week := localdatetime({year: 1984, week: 10, dayOfWeek: 3, hour: 12, minute: 31,
        second: 14, millisecond: 645})
      zoned1984m10East := datetime({year: 1984, month: 10, day: 11, hour: 12, timezone: '+01:00'})
      localdatetime(local1984Week) => 1984-03-07T12:31:14.645
      localdatetime({datetime: local1984Week}) => 1984-03-07T12:31:14.645
      localdatetime({datetime: local1984Week, day: 28, second: 42}) => 1984-03-28T12:31:42.645
      localdatetime(zoned1984m10East) => 1984-10-11T12:00
      localdatetime({datetime: zoned1984m10East}) => 1984-10-11T12:00
      localdatetime({datetime: zoned1984m10East, day: 28, second: 42}) => 1984-10-28T12:00:42
      """)
  }

  @Test func dateTimeIntoDateTime() {
    check(
      """
      local1984Week := localdatetime({year: 1984, week: 10, dayOfWeek: 3, hour: 12, minute: 31,
        second: 14, millisecond: 645})
      zoned1984m10Stockholm := datetime({year: 1984, month: 10, day: 11, hour: 12,
        timezone: 'Europe/Stockholm'})
      datetime(local1984Week) => 1984-03-07T12:31:14.645Z
      datetime({datetime: local1984Week}) => 1984-03-07T12:31:14.645Z
      datetime({datetime: local1984Week, timezone: '+05:00'}) => 1984-03-07T12:31:14.645+05:00
      datetime({datetime: local1984Week, day: 28, second: 42}) => 1984-03-28T12:31:42.645Z
      datetime({datetime: local1984Week, day: 28, second: 42, timezone: 'Pacific/Honolulu'})
        => 1984-03-28T12:31:42.645-10:00[Pacific/Honolulu]
      datetime(zoned1984m10Stockholm) => 1984-10-11T12:00+01:00[Europe/Stockholm]
      datetime({datetime: zoned1984m10Stockholm}) => 1984-10-11T12:00+01:00[Europe/Stockholm]
      datetime({datetime: zoned1984m10Stockholm, timezone: '+05:00'}) => 1984-10-11T16:00+05:00
      datetime({datetime: zoned1984m10Stockholm, day: 28, second: 42})
        => 1984-10-28T12:00:42+01:00[Europe/Stockholm]
      datetime({datetime: zoned1984m10Stockholm, day: 28, second: 42,
        timezone: 'Pacific/Honolulu'})
        => 1984-10-28T01:00:42-10:00[Pacific/Honolulu]
      """)
  }

  @Test func dateAndTimeIntoDateTime() {
    check(
      """
      date1984m10 := date({year: 1984, month: 10, day: 11})
      localTime := localtime({hour: 12, minute: 31, second: 14, nanosecond: 645876123})
      timeEast := time({hour: 12, minute: 31, second: 14, microsecond: 645876,
        timezone: '+01:00'})
      local1984Week := localdatetime({year: 1984, week: 10, dayOfWeek: 3, hour: 12, minute: 31,
        second: 14, millisecond: 645})
      zoned1984m10Stockholm := datetime({year: 1984, month: 10, day: 11, hour: 12,
        timezone: 'Europe/Stockholm'})
      zoned1984m10East := datetime({year: 1984, month: 10, day: 11, hour: 12, timezone: '+01:00'})
      datetime({date: date1984m10, time: localTime}) => 1984-10-11T12:31:14.645876123Z
      datetime({date: date1984m10, time: localTime, timezone: '+05:00'})
        => 1984-10-11T12:31:14.645876123+05:00
      datetime({date: date1984m10, time: localTime, day: 28, second: 42})
        => 1984-10-28T12:31:42.645876123Z
      datetime({date: date1984m10, time: localTime, day: 28, second: 42,
        timezone: 'Pacific/Honolulu'})
        => 1984-10-28T12:31:42.645876123-10:00[Pacific/Honolulu]
      datetime({date: date1984m10, time: timeEast}) => 1984-10-11T12:31:14.645876+01:00
      datetime({date: date1984m10, time: timeEast, timezone: '+05:00'})
        => 1984-10-11T16:31:14.645876+05:00
      datetime({date: date1984m10, time: timeEast, day: 28, second: 42})
        => 1984-10-28T12:31:42.645876+01:00
      datetime({date: date1984m10, time: timeEast, day: 28, second: 42,
        timezone: 'Pacific/Honolulu'})
        => 1984-10-28T01:31:42.645876-10:00[Pacific/Honolulu]
      datetime({date: date1984m10, time: local1984Week}) => 1984-10-11T12:31:14.645Z
      datetime({date: date1984m10, time: local1984Week, timezone: '+05:00'})
        => 1984-10-11T12:31:14.645+05:00
      datetime({date: date1984m10, time: local1984Week, day: 28, second: 42})
        => 1984-10-28T12:31:42.645Z
      datetime({date: date1984m10, time: local1984Week, day: 28, second: 42,
        timezone: 'Pacific/Honolulu'})
        => 1984-10-28T12:31:42.645-10:00[Pacific/Honolulu]
      datetime({date: date1984m10, time: zoned1984m10Stockholm})
        => 1984-10-11T12:00+01:00[Europe/Stockholm]
      datetime({date: date1984m10, time: zoned1984m10Stockholm, timezone: '+05:00'})
        => 1984-10-11T16:00+05:00
      datetime({date: date1984m10, time: zoned1984m10Stockholm, day: 28, second: 42})
        => 1984-10-28T12:00:42+01:00[Europe/Stockholm]
      datetime({date: date1984m10, time: zoned1984m10Stockholm, day: 28, second: 42,
        timezone: 'Pacific/Honolulu'})
        => 1984-10-28T01:00:42-10:00[Pacific/Honolulu]
      datetime({date: local1984Week, time: localTime}) => 1984-03-07T12:31:14.645876123Z
      datetime({date: local1984Week, time: localTime, timezone: '+05:00'})
        => 1984-03-07T12:31:14.645876123+05:00
      datetime({date: local1984Week, time: localTime, day: 28, second: 42})
        => 1984-03-28T12:31:42.645876123Z
      datetime({date: local1984Week, time: localTime, day: 28, second: 42,
        timezone: 'Pacific/Honolulu'})
        => 1984-03-28T12:31:42.645876123-10:00[Pacific/Honolulu]
      datetime({date: local1984Week, time: timeEast}) => 1984-03-07T12:31:14.645876+01:00
      datetime({date: local1984Week, time: timeEast, timezone: '+05:00'})
        => 1984-03-07T16:31:14.645876+05:00
      datetime({date: local1984Week, time: timeEast, day: 28, second: 42})
        => 1984-03-28T12:31:42.645876+01:00
      datetime({date: local1984Week, time: timeEast, day: 28, second: 42,
        timezone: 'Pacific/Honolulu'})
        => 1984-03-28T01:31:42.645876-10:00[Pacific/Honolulu]
      datetime({date: local1984Week, time: local1984Week}) => 1984-03-07T12:31:14.645Z
      datetime({date: local1984Week, time: local1984Week, timezone: '+05:00'})
        => 1984-03-07T12:31:14.645+05:00
      datetime({date: local1984Week, time: local1984Week, day: 28, second: 42})
        => 1984-03-28T12:31:42.645Z
      datetime({date: local1984Week, time: local1984Week, day: 28, second: 42,
        timezone: 'Pacific/Honolulu'})
        => 1984-03-28T12:31:42.645-10:00[Pacific/Honolulu]
      datetime({date: local1984Week, time: zoned1984m10Stockholm})
        => 1984-03-07T12:00+01:00[Europe/Stockholm]
      datetime({date: local1984Week, time: zoned1984m10Stockholm, timezone: '+05:00'})
        => 1984-03-07T16:00+05:00
      datetime({date: local1984Week, time: zoned1984m10Stockholm, day: 28, second: 42})
        => 1984-03-28T12:00:42+02:00[Europe/Stockholm]
      datetime({date: local1984Week, time: zoned1984m10Stockholm, day: 28, second: 42,
        timezone: 'Pacific/Honolulu'})
        => 1984-03-28T00:00:42-10:00[Pacific/Honolulu]
      datetime({date: zoned1984m10East, time: localTime}) => 1984-10-11T12:31:14.645876123Z
      datetime({date: zoned1984m10East, time: localTime, timezone: '+05:00'})
        => 1984-10-11T12:31:14.645876123+05:00
      datetime({date: zoned1984m10East, time: localTime, day: 28, second: 42})
        => 1984-10-28T12:31:42.645876123Z
      datetime({date: zoned1984m10East, time: localTime, day: 28, second: 42,
        timezone: 'Pacific/Honolulu'})
        => 1984-10-28T12:31:42.645876123-10:00[Pacific/Honolulu]
      datetime({date: zoned1984m10East, time: timeEast}) => 1984-10-11T12:31:14.645876+01:00
      datetime({date: zoned1984m10East, time: timeEast, timezone: '+05:00'})
        => 1984-10-11T16:31:14.645876+05:00
      datetime({date: zoned1984m10East, time: timeEast, day: 28, second: 42})
        => 1984-10-28T12:31:42.645876+01:00
      datetime({date: zoned1984m10East, time: timeEast, day: 28, second: 42,
        timezone: 'Pacific/Honolulu'})
        => 1984-10-28T01:31:42.645876-10:00[Pacific/Honolulu]
      datetime({date: zoned1984m10East, time: local1984Week}) => 1984-10-11T12:31:14.645Z
      datetime({date: zoned1984m10East, time: local1984Week, timezone: '+05:00'})
        => 1984-10-11T12:31:14.645+05:00
      datetime({date: zoned1984m10East, time: local1984Week, day: 28, second: 42})
        => 1984-10-28T12:31:42.645Z
      datetime({date: zoned1984m10East, time: local1984Week, day: 28, second: 42,
        timezone: 'Pacific/Honolulu'})
        => 1984-10-28T12:31:42.645-10:00[Pacific/Honolulu]
      datetime({date: zoned1984m10East, time: zoned1984m10Stockholm})
        => 1984-10-11T12:00+01:00[Europe/Stockholm]
      datetime({date: zoned1984m10East, time: zoned1984m10Stockholm, timezone: '+05:00'})
        => 1984-10-11T16:00+05:00
      datetime({date: zoned1984m10East, time: zoned1984m10Stockholm, day: 28, second: 42})
        => 1984-10-28T12:00:42+01:00[Europe/Stockholm]
      datetime({date: zoned1984m10East, time: zoned1984m10Stockholm, day: 28, second: 42,
        timezone: 'Pacific/Honolulu'})
        => 1984-10-28T01:00:42-10:00[Pacific/Honolulu]
      """)
  }
}
