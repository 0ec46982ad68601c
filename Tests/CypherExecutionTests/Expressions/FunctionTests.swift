import CypherExecution
import GraphTypes
import Testing

/// Expressions and what they give, both as text.
@Suite struct FunctionTests {
  static let cases: [(String, String)] = [
    // Scalar
    ("coalesce(null, 1, 1/0)", "1"), ("coalesce(null, null)", "null"),
    ("nullIf(1, 1)", "null"), ("nullIf(1, 2)", "1"),
    ("size('Ёжик')", "4"), ("size([1, 2])", "2"), ("size(null)", "null"),
    ("head([])", "null"), ("head([3, 4])", "3"), ("last([3, 4])", "4"),
    ("tail([1, 2, 3])", "[2, 3]"),
    ("reverse('мир')", "'рим'"), ("reverse([1, 2])", "[2, 1]"),
    ("isEmpty('')", "true"), ("isEmpty([1])", "false"), ("isEmpty({})", "true"),
    ("valueType(1)", "'INTEGER NOT NULL'"),
    ("toIntegerOrNull([1])", "null"), ("toBooleanOrNull('tRue')", "true"),
    ("toFloatOrNull('x')", "null"), ("toStringOrNull([])", "null"), ("toString(1.5)", "'1.5'"),
    ("toIntegerList(['1', 2.7, 'x', null])", "[1, 2, null, null]"),
    ("toStringList([1, true, null])", "['1', 'true', null]"),
    ("toFloatList([1, '2'])", "[1.0, 2.0]"), ("toBooleanList(['true', 0])", "[true, false]"),
    ("range(0, 4)", "[0, 1, 2, 3, 4]"), ("range(5, 1, -2)", "[5, 3, 1]"), ("range(2, 1)", "[]"),
    ("range(0, 5, 3)", "[0, 3]"),
    ("keys({b: 1, a: 2})", "['a', 'b']"), ("properties({a: 1})", "{a: 1}"),
    ("timestamp()", "1714979289123"), ("size(randomUUID())", "36"),
    // Strings
    ("toUpper('ёлка Straße')", "'ЁЛКА STRASSE'"), ("toLower('ЁЛКА')", "'ёлка'"),
    ("trim('  a ')", "'a'"), ("ltrim('  a ')", "'a '"), ("rtrim('  a ')", "'  a'"),
    ("btrim('xxaxx', 'x')", "'a'"), ("trim('xyaxy', 'xy')", "'a'"),
    ("replace('abab', 'b', 'c')", "'acac'"), ("split('a,b;c', [',', ';'])", "['a', 'b', 'c']"),
    ("split('один два', ' ')", "['один', 'два']"), ("substring('привет', 1, 3)", "'рив'"),
    ("substring('hello', 10)", "''"), ("left('hello', 2)", "'he'"), ("right('hello', 3)", "'llo'"),
    ("char_length('мир')", "3"), ("normalize('é') = 'é'", "true"),
    ("'e\u{0301}' IS NFC NORMALIZED", "false"),
    ("'abc' =~ 'a.c'", "true"), ("'Abc' =~ '(?i)aBC'", "true"), ("'abc' =~ 'b'", "false"),
    ("'a' + 1", "'a1'"), ("'a' || 'b'", "'ab'"), ("[1] || [2]", "[1, 2]"),
    ("left(null, null)", "null"), ("right(null, 1)", "null"), ("substring(null, null)", "null"),
    ("trim(BOTH 'x' FROM 'xxaxx')", "'a'"), ("trim(LEADING 'x' FROM 'xxaxx')", "'axx'"),
    ("trim(TRAILING 'x' FROM 'xxaxx')", "'xxa'"), ("trim(BOTH FROM '  a ')", "'a'"),
    ("trim('x' FROM 'xax')", "'a'"), ("trim(BOTH null FROM 'a')", "null"),
    ("normalize('ﬁ', NFKC)", "'fi'"), ("isNormalized('ﬁ', 'nfkd')", "false"),
    ("left('a😀b', 2)", "'a😀'"), ("size('😀')", "1"), ("reverse('a😀b')", "'b😀a'"),
    // Vectors
    ("vector.similarity.cosine([1, 0], [0, 1])", "0.5"),
    ("vector.similarity.cosine([1.0, 0.0], [-2, 0])", "0.0"),
    ("vector.similarity.euclidean([1, 2], [1, 2])", "1.0"),
    ("vector.similarity.euclidean([1, 0], [0, 1]) = 1 / 3.0", "true"),
    ("vector.similarity.cosine(null, [1])", "null"),
    // Numbers
    ("INF", "Infinity"), ("-infinity", "-Infinity"), ("NaN = NaN", "false"),
    ("abs(-3)", "3"), ("abs(-2.5)", "2.5"), ("ceil(1.2)", "2.0"), ("floor(-1.2)", "-2.0"),
    ("round(1.5)", "2.0"), ("round(-1.5)", "-1.0"), ("round(2.5)", "3.0"),
    ("round(1.005, 2)", "1.01"), ("round(-1.55, 1)", "-1.6"), ("round(3.14159, 3)", "3.142"),
    ("round(1.249, 1, 'UP')", "1.3"), ("round(1.251, 1, 'DOWN')", "1.2"),
    ("round(-1.25, 1, 'CEILING')", "-1.2"), ("round(-1.25, 1, 'FLOOR')", "-1.3"),
    ("round(1.25, 1, 'HALF_DOWN')", "1.2"), ("round(1.25, 1, 'HALF_EVEN')", "1.2"),
    ("round(1.35, 1, 'HALF_EVEN')", "1.4"), ("round(9.999, 2)", "10.0"), ("round(0.05, 1)", "0.1"),
    ("round(0.004, 2)", "0.0"), ("round(123456789.987, 1)", "1.2345679E8"),
    ("sign(-3)", "-1"), ("sign(0.0)", "0"), ("sqrt(16)", "4.0"), ("log10(1000)", "3.0"),
    ("exp(0)", "1.0"), ("log(e())", "1.0"), ("isNaN(0.0/0.0)", "true"), ("pi() > 3.14", "true"),
    ("degrees(pi())", "180.0"), ("radians(180) = pi()", "true"), ("haversin(0)", "0.0"),
    ("0 <= rand() < 1", "true"), ("2 ^ 10", "1024.0"), ("7 % 3", "1"), ("-7 / 2", "-3"),
    // Dates and times
    ("date('2024-02-29').month", "2"), ("date().year", "2024"),
    ("toString(date())", "'2024-05-06'"),
    ("datetime().epochSeconds", "1714979289"), ("localdatetime().hour", "7"),
    ("date({year: 2024, month: 3})", "'2024-03-01'"), ("date(null)", "null"),
    ("date.truncate('month', date('2024-02-29'))", "'2024-02-01'"),
    ("datetime.fromepoch(0, 5)", "'1970-01-01T00:00:00.000000005Z'"),
    ("datetime.fromepochmillis(1000)", "'1970-01-01T00:00:01Z'"),
    ("duration.inDays(date('2024-01-01'), date('2024-03-01')).days", "60"),
    ("duration.between(date('2024-01-31'), date('2024-03-01'))", "'P1M1D'"),
    ("duration({days: 1.5})", "'P1DT12H'"), ("datetime.realtime() > datetime()", "true"),
    ("date('2024-01-31') + duration({months: 1})", "'2024-02-29'"),
    ("date('2024-02-29')['month']", "2"), ("duration('P1D')['days']", "1"),
    ("point({x: 3, y: 4})['y']", "4.0"), ("datetime.fromEpoch(0, 5).nanosecond", "5"),
    // Points
    ("point({x: 3, y: 4}).y", "4.0"),
    ("point.distance(point({x: 0, y: 0}), point({x: 3, y: 4}))", "5.0"),
    ("point.withinBBox(point({x: 1, y: 1}), point({x: 0, y: 0}), point({x: 2, y: 2}))", "true"),
    // Logic, conditions and collections
    ("null OR true", "true"), ("null AND false", "false"), ("true XOR null", "null"),
    ("NOT null", "null"), ("false AND 1/0 = 1", "false"), ("true OR 1/0 = 1", "true"),
    ("CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END", "'b'"),
    ("CASE WHEN false THEN 1/0 ELSE 3 END", "3"), ("CASE null WHEN null THEN 1 ELSE 2 END", "2"),
    ("1 IN [1, null]", "true"), ("2 IN [1, null]", "null"), ("null IN []", "false"),
    ("1.0 IN [1]", "true"), ("[1] IN [[1], [null]]", "true"), ("[2] IN [[1], [null]]", "null"),
    ("{a: 1, b: {c: 2}}.b.c", "2"), ("{a: 1}['a']", "1"), ("[1, 2, 3][-1]", "3"),
    ("[1][5]", "null"),
    ("[1, 2, 3, 4][1..3]", "[2, 3]"), ("[1, 2, 3][-2..]", "[2, 3]"), ("[1, 2][..-1]", "[1]"),
    ("[1, 2][null..]", "null"),
    ("[x IN range(1, 5) WHERE x % 2 = 1 | x * x]", "[1, 9, 25]"), ("[x IN null | x]", "null"),
    ("[x IN [1, 2] | [y IN [10, 20] | x + y]]", "[[11, 21], [12, 22]]"),
    ("reduce(s = 0, x IN range(1, 100) | s + x)", "5050"),
    ("reduce(s = '', x IN ['a', 'b'] | s + x)", "'ab'"), ("reduce(s = 1, x IN null | s)", "null"),
    ("all(x IN [1, null] WHERE x > 0)", "null"), ("any(x IN [1, null] WHERE x > 0)", "true"),
    ("none(x IN [] WHERE x)", "true"), ("single(x IN [1, 1] WHERE x = 1)", "false"),
    ("size([x IN range(1, 5000) WHERE x % 2 = 0])", "2500"),
    ("1 IS :: INTEGER", "true"), ("null IS :: INTEGER", "true"),
    ("null IS :: INTEGER NOT NULL", "false"), ("[1, 'a'] IS :: LIST<INTEGER>", "false"),
    ("1 IS NOT :: STRING", "true"), ("[1, 'a'] IS :: LIST<INTEGER | STRING>", "true"),
    ("1 < 2.5 < 3", "true"), ("'a' < 1", "null"), ("1 = '1'", "false"), ("[1, 2] < [1, 3]", "true"),
    ("'Привет' STARTS WITH 'При'", "true"), ("'Привет' CONTAINS 'иве'", "true"),
    ("'Привет' ENDS WITH ''", "true"), ("1 CONTAINS '1'", "null"),
  ]

  @Test(arguments: cases) func gives(_ expression: String, _ expected: String) throws {
    let answer = try RowPipeline.run("RETURN \(expression) AS x")
    #expect(answer.rows[0][0].text(.result) == expected)
    // Once more over rows, where nothing but the expression itself is constant.
    let rows = try RowPipeline.run(
      "UNWIND [1, 2] AS row RETURN CASE WHEN row > 0 THEN \(expression) END AS x")
    #expect(rows.rows.allSatisfy { $0[0].text(.result) == expected })
  }

  static let failures: [(String, String)] = [
    ("9223372036854775807 + x", "IntegerOverflow"), ("x / 0", "DivisionByZero"),
    ("x % 0", "DivisionByZero"), ("range(1, 3, x - 1)", "NumberOutOfRange"),
    ("range(1, 'a')", "InvalidArgumentType"), ("substring('abc', -x)", "NumberOutOfRange"),
    ("[x].y", "InvalidArgumentType"), ("[1, 2]['a']", "ListElementAccessByNonInteger"),
    ("{a: 1}[x]", "MapElementAccessByNonString"), ("toInteger([x])", "InvalidArgumentValue"),
    ("left('a', CASE WHEN x = 0 THEN 1 END)", "InvalidArgumentType"),
    ("right('a', CASE WHEN x = 0 THEN 1 END)", "InvalidArgumentType"),
    ("substring('a', CASE WHEN x = 0 THEN 1 END)", "InvalidArgumentType"),
    ("vector.similarity.cosine([x], [1, 2])", "InvalidArgumentValue"),
    ("vector.similarity.cosine([x - 1], [1])", "InvalidArgumentValue"),
    ("vector.similarity.euclidean([0.0 / 0.0], [x])", "InvalidArgumentValue"),
    ("round(1.5, 1, 'SIDEWAYS')", "InvalidArgumentValue"), ("abs('a' + x)", "InvalidArgumentType"),
    ("'a' =~ '('", "InvalidArgumentValue"), ("range(x, 100000000000)", "MemoryLimitExceeded"),
  ]

  @Test(arguments: failures) func fails(_ expression: String, _ detail: String) throws {
    let error = #expect(throws: QueryError.self) {
      try RowPipeline.run("UNWIND [1] AS x RETURN \(expression) AS y")
    }
    #expect(error?.detail == detail)
  }

  @Test func everyFunctionIsDescribed() {
    for function in FunctionTable.all {
      #expect(function.summary.hasSuffix("."), "\(function.name)")
      #expect(FunctionTable.function(named: function.name.uppercased())?.name == function.name)
    }
    #expect(Set(FunctionTable.all.map { $0.name.lowercased() }).count == FunctionTable.all.count)
  }
}
