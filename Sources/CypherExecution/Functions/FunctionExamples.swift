internal import CypherPlanning

/// What the manual shows of each function: statements that a test runs on an empty database, and
/// their results.
enum FunctionExamples {
  typealias Example = FunctionSignature.Example

  /// What to write instead of functions that are there for old queries only.
  static let replacements = [
    "exists": "IS NOT NULL", "distance": "point.distance",
    "charLength": "char_length",
  ]

  /// By the functions' canonical names.
  static let all: [String: [Example]] = {
    var all = expressions.mapValues { $0.map { Example("RETURN \($0.0) AS x", $0.1) } }
    for (name, examples) in statements {
      all[name] = examples.map { Example($0.0, $0.1) }
    }
    for (name, type) in clocks {
      for clock in ["transaction", "statement", "realtime"] {
        all["\(name).\(clock)"] = [
          Example("RETURN valueType(\(name).\(clock)()) AS x", "'\(type) NOT NULL'")
        ]
      }
    }
    return all
  }()

  private static let clocks = [
    ("date", "DATE"), ("localtime", "LOCAL TIME"), ("time", "ZONED TIME"),
    ("localdatetime", "LOCAL DATETIME"), ("datetime", "ZONED DATETIME"),
  ]

  /// Whole statements, for what aggregates or reads a graph.
  private static let statements: [String: [(String, String?)]] = [
    "avg": [("UNWIND [1, 2, null] AS i RETURN avg(i) AS x", "1.5")],
    "collect": [("UNWIND [1, null, 2] AS i RETURN collect(i) AS x", "[1, 2]")],
    "count": [
      ("UNWIND [1, null, 1] AS i RETURN count(i) AS x", "2"),
      ("UNWIND [1, null, 1] AS i RETURN count(DISTINCT i) AS x", "1"),
      ("UNWIND [1, null, 1] AS i RETURN count(*) AS x", "3"),
    ],
    "gds.graph.project": [
      (
        "MATCH (c:Client)-[:BOUGHT]->(p:Product) RETURN gds.graph.project('g', c, p) AS x",
        "null"
      )
    ],
    "gds.util.asNode": [
      ("CREATE (c:Client {name: 'Анна'}) RETURN gds.util.asNode(id(c)).name AS x", "'Анна'")
    ],
    "gds.util.asNodes": [
      (
        "CREATE (c:Client {name: 'Анна'}) "
          + "RETURN [n IN gds.util.asNodes([id(c)]) | n.name] AS x", "['Анна']"
      )
    ],
    "gds.alpha.linkprediction.adamicAdar": [
      (
        "CREATE (a:Client)-[:BOUGHT]->(p:Product)<-[:BOUGHT]-(b:Client) WITH a, b "
          + "RETURN round(gds.alpha.linkprediction.adamicAdar(a, b), 4) AS x", "1.4427"
      )
    ],
    "gds.alpha.linkprediction.commonNeighbors": [
      (
        "CREATE (a:Client)-[:BOUGHT]->(p:Product)<-[:BOUGHT]-(b:Client) WITH a, b "
          + "RETURN gds.alpha.linkprediction.commonNeighbors(a, b, "
          + "{relationshipQuery: 'BOUGHT'}) AS x", "1.0"
      )
    ],
    "gds.alpha.linkprediction.preferentialAttachment": [
      (
        "CREATE (a:Client)-[:BOUGHT]->(:Product), (a)-[:BOUGHT]->(b:Product) WITH a, b "
          + "RETURN gds.alpha.linkprediction.preferentialAttachment(a, b) AS x", "2.0"
      )
    ],
    "gds.alpha.linkprediction.resourceAllocation": [
      (
        "CREATE (a:Client)-[:BOUGHT]->(p:Product)<-[:BOUGHT]-(b:Client) WITH a, b "
          + "RETURN gds.alpha.linkprediction.resourceAllocation(a, b) AS x", "0.5"
      )
    ],
    "gds.alpha.linkprediction.totalNeighbors": [
      (
        "CREATE (a:Client)-[:BOUGHT]->(p:Product)<-[:BOUGHT]-(b:Client) WITH a, b "
          + "RETURN gds.alpha.linkprediction.totalNeighbors(a, b) AS x", "1.0"
      )
    ],
    "gds.alpha.linkprediction.sameCommunity": [
      (
        "CREATE (a {community: 1}), (b {community: 1}) "
          + "RETURN gds.alpha.linkprediction.sameCommunity(a, b) AS x", "1.0"
      )
    ],
    "max": [("UNWIND [1, 'a', 2.5, null] AS i RETURN max(i) AS x", "2.5")],
    "min": [("UNWIND [1, 'a', 2.5, null] AS i RETURN min(i) AS x", "'a'")],
    "percentileCont": [("UNWIND [1, 2, 3, 4] AS i RETURN percentileCont(i, 0.4) AS x", "2.2")],
    "percentileDisc": [("UNWIND [1, 2, 3, 4] AS i RETURN percentileDisc(i, 0.5) AS x", "2")],
    "stDev": [("UNWIND [1, 2, 3] AS i RETURN stDev(i) AS x", "1.0")],
    "stDevP": [("UNWIND [1, 3] AS i RETURN stDevP(i) AS x", "1.0")],
    "sum": [
      ("UNWIND [1, 2, null] AS i RETURN sum(i) AS x", "3"),
      ("UNWIND [duration('P1D'), duration('PT2H')] AS i RETURN sum(i) AS x", "'P1DT2H'"),
    ],
    "labels": [("CREATE (c:Client:VIP) RETURN labels(c) AS x", "['Client', 'VIP']")],
    "keys": [
      ("CREATE (c:Client {name: 'Анна', city: 'Казань'}) RETURN keys(c) AS x", "['city', 'name']")
    ],
    "properties": [
      ("CREATE (c:Client {name: 'Анна'}) RETURN properties(c) AS x", "{name: 'Анна'}")
    ],
    "type": [("CREATE (:Client)-[r:BOUGHT]->(:Product) RETURN type(r) AS x", "'BOUGHT'")],
    "startNode": [
      ("CREATE (:Client {id: 1})-[r:BOUGHT]->(:Product) RETURN startNode(r).id AS x", "1")
    ],
    "endNode": [
      ("CREATE (:Client)-[r:BOUGHT]->(:Product {id: 7}) RETURN endNode(r).id AS x", "7")
    ],
    "nodes": [
      (
        "CREATE p = (:Client {id: 1})-[:BOUGHT]->(:Product {id: 7}) "
          + "RETURN [n IN nodes(p) | n.id] AS x", "[1, 7]"
      )
    ],
    "relationships": [
      (
        "CREATE p = (:Client)-[:BOUGHT]->(:Product) RETURN [r IN relationships(p) | type(r)] AS x",
        "['BOUGHT']"
      )
    ],
    "length": [("CREATE p = (:Client)-[:BOUGHT]->(:Product) RETURN length(p) AS x", "1")],
    "id": [("CREATE (c:Client) RETURN id(c) AS x", "0")],
    "elementId": [("CREATE (c:Client) RETURN elementId(c) AS x", "'0'")],
    "exists": [("CREATE (c:Client {name: 'Анна'}) RETURN exists(c.city) AS x", "false")],
  ]

  private static let expressions: [String: [(String, String?)]] =
    scalar.merging(text) { $1 }.merging(numbers) { $1 }.merging(temporal) { $1 }
    .merging(spatial) { $1 }.merging(graphDataScience) { $1 }

  private static let scalar: [String: [(String, String?)]] = [
    "coalesce": [("coalesce(null, 'нет', 1)", "'нет'")],
    "nullIf": [("nullIf('', '')", "null"), ("nullIf(4, 5)", "4")],
    "size": [("size([1, null])", "2"), ("size('ёж')", "2")],
    "head": [("head([3, 4])", "3"), ("head([])", "null")],
    "last": [("last([3, 4])", "4")],
    "tail": [("tail([3, 4, 5])", "[4, 5]")],
    "reverse": [("reverse([1, 2])", "[2, 1]"), ("reverse('мир')", "'рим'")],
    "range": [("range(0, 10, 5)", "[0, 5, 10]"), ("range(3, 1, -1)", "[3, 2, 1]")],
    "isEmpty": [("isEmpty([])", "true"), ("isEmpty(' ')", "false")],
    "randomUUID": [("randomUUID()", nil)],
    "timestamp": [("timestamp()", nil)],
    "valueType": [
      ("valueType([1, 'a'])", "'LIST<STRING NOT NULL | INTEGER NOT NULL> NOT NULL'"),
      ("valueType(null)", "'NULL'"),
    ],
    "toInteger": [("toInteger('42.7')", "42"), ("toInteger('много')", "null")],
    "toFloat": [("toFloat('11.5')", "11.5")],
    "toBoolean": [("toBoolean('True')", "true"), ("toBoolean(0)", "false")],
    "toString": [("toString(date('2026-01-31'))", "'2026-01-31'"), ("toString(1.0)", "'1.0'")],
    "toIntegerOrNull": [("toIntegerOrNull([1])", "null")],
    "toFloatOrNull": [("toFloatOrNull(true)", "null")],
    "toBooleanOrNull": [("toBooleanOrNull(1.5)", "null")],
    "toStringOrNull": [("toStringOrNull([1])", "null")],
    "toIntegerList": [("toIntegerList(['1', 2.7, 'x'])", "[1, 2, null]")],
    "toFloatList": [("toFloatList([1, '2.5'])", "[1.0, 2.5]")],
    "toBooleanList": [("toBooleanList(['true', 0, 'x'])", "[true, false, null]")],
    "toStringList": [("toStringList([1, true, null])", "['1', 'true', null]")],
    "vector.similarity.cosine": [("vector.similarity.cosine([1, 0], [0, 1])", "0.5")],
    "vector.similarity.euclidean": [("vector.similarity.euclidean([1, 0], [0, 0])", "0.5")],
  ]

  private static let graphDataScience: [String: [(String, String?)]] = [
    "gds.similarity.cosine": [("gds.similarity.cosine([1, 1], [2, 2])", "1.0")],
    "gds.similarity.pearson": [("gds.similarity.pearson([1, 2, 3], [3, 2, 1])", "-1.0")],
    "gds.similarity.euclidean": [
      ("gds.similarity.euclidean([0, 0], [3, 4])", "0.16666666666666666")
    ],
    "gds.similarity.euclideanDistance": [
      ("gds.similarity.euclideanDistance([0, 0], [3, 4])", "5.0")
    ],
    "gds.similarity.jaccard": [("gds.similarity.jaccard([1, 2, 3], [2, 3, 4])", "0.5")],
    "gds.similarity.overlap": [("gds.similarity.overlap([1, 2], [2, 3, 4])", "0.5")],
    "gds.util.nodeProperty": [
      ("CASE WHEN gds.graph.exists('g') THEN gds.util.nodeProperty('g', 0, 'rank') END", "null")
    ],
    "gds.graph.exists": [("gds.graph.exists('g')", "false")],
    "gds.version": [("gds.version() IS NOT NULL", "true")],
    "gds.util.NaN": [("gds.util.NaN() = gds.util.NaN()", "false")],
    "gds.util.infinity": [("gds.util.infinity() > 1e300", "true")],
    "gds.util.isFinite": [("gds.util.isFinite(1)", "true")],
    "gds.util.isInfinite": [("gds.util.isInfinite(1 / 0.0)", "true")],
  ]

  private static let text: [String: [(String, String?)]] = [
    "toLower": [("toLower('ЁЛКА')", "'ёлка'")],
    "toUpper": [("toUpper('straße')", "'STRASSE'")],
    "lower": [("lower('ABC')", "'abc'")],
    "upper": [("upper('abc')", "'ABC'")],
    "trim": [
      ("trim('  чай ')", "'чай'"), ("trim(LEADING 'x' FROM 'xxaxx')", "'axx'"),
      ("trim(BOTH 'x' FROM 'xxaxx')", "'a'"),
    ],
    "btrim": [("btrim('xxaxx', 'x')", "'a'")],
    "ltrim": [("ltrim('  a ')", "'a '")],
    "rtrim": [("rtrim('a--', '-')", "'a'")],
    "replace": [("replace('abab', 'b', 'c')", "'acac'")],
    "split": [
      ("split('а, б', ', ')", "['а', 'б']"), ("split('a,b;c', [',', ';'])", "['a', 'b', 'c']"),
    ],
    "substring": [("substring('привет', 1, 3)", "'рив'"), ("substring('привет', 4)", "'ет'")],
    "left": [("left('привет', 3)", "'при'")],
    "right": [("right('привет', 2)", "'ет'")],
    "charLength": [("charLength('ёж')", "2")],
    "char_length": [("char_length('ёж')", "2")],
    "character_length": [("character_length('ёж')", "2")],
    "normalize": [("normalize('ﬁ', NFKC)", "'fi'")],
    "isNormalized": [("isNormalized('ﬁ', 'NFKC')", "false")],
  ]

  private static let numbers: [String: [(String, String?)]] = [
    "abs": [("abs(-5)", "5")], "ceil": [("ceil(1.2)", "2.0")], "floor": [("floor(-1.2)", "-2.0")],
    "round": [
      ("round(-1.5)", "-1.0"), ("round(1.005, 2)", "1.01"),
      ("round(1.25, 1, 'HALF_EVEN')", "1.2"),
    ],
    "sign": [("sign(-0.3)", "-1")], "isNaN": [("isNaN(0.0 / 0.0)", "true")],
    "rand": [("rand()", nil)], "sqrt": [("sqrt(256)", "16.0")], "exp": [("exp(0)", "1.0")],
    "log": [("log(e())", "1.0")], "log10": [("log10(1000)", "3.0")],
    "e": [("e()", "2.718281828459045")], "pi": [("pi()", "3.141592653589793")],
    "sin": [("sin(0)", "0.0")], "cos": [("cos(0)", "1.0")], "tan": [("tan(0)", "0.0")],
    "cot": [("round(cot(0.5), 4)", "1.8305")], "asin": [("asin(0)", "0.0")],
    "acos": [("acos(1)", "0.0")], "atan": [("atan(0)", "0.0")],
    "atan2": [("atan2(0, 1)", "0.0")], "sinh": [("sinh(0)", "0.0")], "cosh": [("cosh(0)", "1.0")],
    "tanh": [("tanh(0)", "0.0")], "coth": [("round(coth(0.7), 4)", "1.6546")],
    "haversin": [("haversin(0)", "0.0")], "degrees": [("degrees(pi())", "180.0")],
    "radians": [("radians(180)", "3.141592653589793")],
  ]

  private static let temporal: [String: [(String, String?)]] = [
    "date": [
      ("date('2026-W05')", "'2026-01-26'"),
      ("date({year: 2026, month: 1, day: 31})", "'2026-01-31'"),
      ("date({date: date('2026-01-31'), month: 2})", "'2026-02-28'"),
    ],
    "localtime": [("localtime('21:40:32.142')", "'21:40:32.142'")],
    "time": [("time({hour: 12, timezone: '+03:00'})", "'12:00+03:00'")],
    "localdatetime": [("localdatetime('2026-01-31T12:00')", "'2026-01-31T12:00'")],
    "datetime": [
      (
        "datetime({year: 2026, month: 1, timezone: 'Europe/Moscow'})",
        "'2026-01-01T00:00+03:00[Europe/Moscow]'"
      )
    ],
    "date.truncate": [("date.truncate('quarter', date('2026-05-17'))", "'2026-04-01'")],
    "localtime.truncate": [("localtime.truncate('hour', localtime('12:31:14'))", "'12:00'")],
    "time.truncate": [("time.truncate('minute', time('12:31:14+01:00'))", "'12:31+01:00'")],
    "localdatetime.truncate": [
      (
        "localdatetime.truncate('week', datetime('2026-05-17T12:00Z'), {dayOfWeek: 2})",
        "'2026-05-12T00:00'"
      )
    ],
    "datetime.truncate": [
      ("datetime.truncate('month', datetime('2026-05-17T12:00+03:00'))", "'2026-05-01T00:00+03:00'")
    ],
    "datetime.fromEpoch": [("datetime.fromEpoch(1, 5)", "'1970-01-01T00:00:01.000000005Z'")],
    "datetime.fromEpochMillis": [("datetime.fromEpochMillis(1500)", "'1970-01-01T00:00:01.5Z'")],
    "format": [
      ("format(date('2026-11-25'), 'dd.MM.yyyy')", "'25.11.2026'"),
      (
        "format(localdatetime('2026-11-25T14:03'), 'EEEE, d MMMM yyyy, HH:mm', 'ru')",
        "'среда, 25 ноября 2026, 14:03'"
      ), ("format(duration('P1Y2M3DT4H5M'), \"y'y' M'm' d'd' H'h'\")", "'1y 2m 3d 4h'"),
    ],
    "duration": [
      ("duration('P1Y2M3DT4H')", "'P1Y2M3DT4H'"), ("duration({days: 1.5})", "'P1DT12H'"),
    ],
    "duration.between": [
      ("duration.between(date('2026-01-31'), date('2026-03-01'))", "'P1M1D'")
    ],
    "duration.inMonths": [
      ("duration.inMonths(date('2026-01-31'), date('2027-03-01'))", "'P1Y1M'")
    ],
    "duration.inDays": [("duration.inDays(date('2026-01-31'), date('2026-03-01'))", "'P29D'")],
    "duration.inSeconds": [
      (
        "duration.inSeconds(datetime('2019-03-31T00:00[Europe/Stockholm]'), "
          + "datetime('2019-04-01T00:00[Europe/Stockholm]'))", "'PT23H'"
      )
    ],
  ]

  private static let spatial: [String: [(String, String?)]] = [
    "point": [
      ("point({x: 3, y: 4})", "point({x: 3.0, y: 4.0, crs: 'cartesian'})"),
      ("point({longitude: 49.1, latitude: 55.8}).srid", "4326"),
    ],
    "point.distance": [("point.distance(point({x: 0, y: 0}), point({x: 3, y: 4}))", "5.0")],
    "distance": [("distance(point({x: 0, y: 0}), point({x: 3, y: 4}))", "5.0")],
    "point.withinBBox": [
      ("point.withinBBox(point({x: 1, y: 1}), point({x: 0, y: 0}), point({x: 2, y: 2}))", "true")
    ],
  ]
}
