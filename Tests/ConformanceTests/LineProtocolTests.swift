import GraphTypes
import TestSupport
import Testing

/// The tests' own reader, writer and codec of the line protocol.
@Suite struct LineProtocolTests {
  /// Temporal values keep their fields as text; the calendar is tested elsewhere.
  private static let codec = LineProtocolCodec(
    renderTemporal: { value in
      switch value {
      case .date(let date): "\(date.days)"
      case .localTime(let time): "\(time.nanoseconds)"
      case .time(let time): "\(time.nanoseconds) \(time.offset)"
      case .localDateTime(let time): "\(time.seconds) \(time.nanoseconds)"
      case .dateTime(let time):
        "\(time.seconds) \(time.nanoseconds) \(time.offset) \(time.zone ?? "")"
      case .duration(let duration):
        "\(duration.months) \(duration.days) \(duration.seconds) \(duration.nanoseconds)"
      default: "?"
      }
    },
    parseTemporal: { tag, text in
      let parts = text.split(separator: " ")
      let numbers = parts.compactMap { Int64($0) }
      switch (tag, numbers.count) {
      case ("$date", 1): return .date(LocalDate(days: numbers[0]))
      case ("$localtime", 1): return .localTime(LocalTime(nanoseconds: numbers[0]))
      case ("$time", 2):
        return .time(OffsetTime(nanoseconds: numbers[0], offset: Int32(numbers[1])))
      case ("$localdatetime", 2):
        return .localDateTime(LocalDateTime(seconds: numbers[0], nanoseconds: Int32(numbers[1])))
      case ("$datetime", 3):
        return .dateTime(
          ZonedDateTime(
            seconds: numbers[0], nanoseconds: Int32(numbers[1]), offset: Int32(numbers[2]),
            zone: parts.count > 3 ? String(parts[3]) : nil))
      case ("$duration", 4):
        return .duration(
          CalendarDuration(
            months: numbers[0], days: numbers[1], seconds: numbers[2],
            nanoseconds: Int32(numbers[3])))
      default: throw LineProtocolError(message: "\(tag) \(text)")
      }
    })

  // MARK: JSON

  @Test(arguments: [
    ("null", LineProtocolJSON.null), (" true ", .boolean(true)), ("-0", .integer(0)),
    ("1", .integer(1)), ("1.0", .float(1)), ("1e2", .float(100)), ("-1.5E-3", .float(-0.0015)),
    ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    ("[]", .array([])), ("[1,\t[\n]]", .array([.integer(1), .array([])])),
    (#"{"b": {}, "a": [null]}"#, .object(["a": .array([.null]), "b": .object([:])])),
    (#""\"\\\/\b\f\n\r\tя\ud83e\uddd0я🧐""#, .string("\"\\/\u{8}\u{c}\n\r\tя🧐я🧐")),
  ])
  func readsJSON(text: String, expected: LineProtocolJSON) throws {
    let json = try LineProtocolJSON(parsing: text)
    #expect(json == expected)
    #expect(try LineProtocolJSON(parsing: json.text) == expected)
  }

  @Test(arguments: [
    "", "nul", "01", "1.", ".5", "-", "+1", "1e", "1 2", "[1,]", "[1", "{", #"{"a"}"#, #"{"a":1,}"#,
    "{a:1}", #"{"a":1,"a":2}"#, #"""#, #""\x""#, #""\u12g4""#, #""\ud800""#, #""\ud800A""#,
    "\"\n\"", "9223372036854775808", "1e999", "NaN", "'a'",
    String(repeating: "[", count: 100_000),
  ])
  func rejectsWhatIsNotJSON(text: String) {
    #expect(throws: LineProtocolJSON.ParseError.self) { try LineProtocolJSON(parsing: text) }
  }

  @Test func writesOneLine() throws {
    let json = LineProtocolJSON.object(["b\n": .string("\u{1}\r\"я"), "a": .float(1e300)])
    #expect(json.text == #"{"a":1e+300,"b\n":"\u0001\u000d\"я"}"#)
  }

  // MARK: Values

  /// Each form of the protocol's description, with the value that it stands for in TCK notation.
  @Test(arguments: [
    ("null", "null"), ("true", "true"), (#""a""#, "'a'"), (#"[1,"x"]"#, "[1, 'x']"),
    (#"{"a":1,"b":{}}"#, "{a: 1, b: {}}"),
    ("9007199254740991", "9007199254740991"),
    (#"{"$int":"9007199254740993"}"#, "9007199254740993"),
    (#"{"$int":"-9223372036854775808"}"#, "-9223372036854775808"),
    ("1.0", "1.0"), ("1e+20", "1e+20"), (#"{"$float":"NaN"}"#, "NaN"),
    (#"{"$float":"Infinity"}"#, "Inf"), (#"{"$float":"-Infinity"}"#, "-Inf"),
    (
      #"{"$map":{"$int":"1","a":{"$int":"9007199254740993"}}}"#,
      "{`$int`: '1', a: 9007199254740993}"
    ),
    (
      #"{"$node":{"id":"17","labels":["Client"],"properties":{"x":1}}}"#, "(:Client {x: 1})"
    ),
    (
      #"{"$rel":{"end":"4","id":"5","properties":{"x":1},"start":"17","type":"BOUGHT"}}"#,
      "[:BOUGHT {x: 1}]"
    ),
    (
      #"{"$path":{"nodes":[{"id":"1","labels":["A"],"properties":{}},"#
        + #"{"id":"2","labels":[],"properties":{}}],"#
        + #""rels":[{"end":"1","id":"3","properties":{},"start":"2","type":"T"}]}}"#,
      "<(:A)<-[:T]-()>"
    ),
    (#"{"$date":"-3"}"#, "'-3'"), (#"{"$localtime":"10"}"#, "'10'"),
    (#"{"$time":"10 3600"}"#, "'10 3600'"), (#"{"$localdatetime":"1 2"}"#, "'1 2'"),
    (#"{"$datetime":"1 2 3 Europe/Moscow"}"#, "'1 2 3 Europe/Moscow'"),
    (#"{"$duration":"1 2 3 4"}"#, "'1 2 3 4'"),
  ])
  func formsOfTheProtocol(json: String, tckText: String) throws {
    let value = try Self.codec.decode(try LineProtocolJSON(parsing: json))
    #expect(TCKValue(value, render: Self.codec.renderTemporal).text() == tckText)
    #expect(Self.codec.encode(value).text == json)
  }

  @Test func identitiesSurvive() throws {
    let relationship = Relationship(
      id: RelationshipID(rawValue: .max), start: NodeID(1), end: NodeID(2), type: "T")
    let decoded = try Self.codec.decode(Self.codec.encode(.relationship(relationship)))
    guard case .relationship(let found) = decoded else {
      Issue.record("not a relationship: \(decoded)")
      return
    }
    #expect(found.id == relationship.id)
    #expect((found.start, found.end) == (NodeID(1), NodeID(2)))
    guard
      case .node(let node) = try Self.codec.decode(Self.codec.encode(.node(Node(id: NodeID(7)))))
    else {
      Issue.record("not a node")
      return
    }
    #expect(node.id == NodeID(7))
  }

  @Test func pointsAndBytesSurvive() throws {
    for point in [Point(srid: 4326, x: 37.6, y: 55), Point(srid: 9157, x: 1, y: -2, z: 3)] {
      guard case .point(let found) = try Self.codec.decode(Self.codec.encode(.point(point))) else {
        Issue.record("not a point")
        return
      }
      #expect(found == point)
    }
    let bytes: [UInt8] = [0, 255, 10]
    #expect(Self.codec.encode(.bytes(bytes)).text == #"{"$bytes":"AP8K"}"#)
    guard case .bytes(let found) = try Self.codec.decode(Self.codec.encode(.bytes(bytes))) else {
      Issue.record("not bytes")
      return
    }
    #expect(found == bytes)
  }

  @Test(arguments: [
    "9007199254740993", #"{"$int":"1"}"#, #"{"$int":1}"#, #"{"$float":"1.0"}"#,
    #"{"$node":{"id":17,"labels":[],"properties":{}}}"#, #"{"$node":{"id":"1","labels":[]}}"#,
    #"{"$rel":{"id":"1","type":"T","start":"1","properties":{}}}"#,
    #"{"$path":{"nodes":[],"rels":[]}}"#, #"{"$unknown":1}"#, #"{"$int":"9007199254740993","a":1}"#,
    #"{"$bytes":"?"}"#, #"{"$point":{"srid":4326,"coordinates":[1,2]}}"#,
    #"{"$point":{"srid":4326,"coordinates":[1.0]}}"#, #"{"$date":1}"#,
  ])
  func rejectsWhatTheProtocolDoesNotAllow(json: String) throws {
    let json = try LineProtocolJSON(parsing: json)
    #expect(throws: LineProtocolError.self) { try Self.codec.decode(json) }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func randomValuesComeBack(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let value = Value.random(depth: 4, using: &generator)
    let text = Self.codec.encode(value).text
    let back = try Self.codec.decode(try LineProtocolJSON(parsing: text))
    func tckText(_ value: Value) -> String {
      TCKValue(value, render: Self.codec.renderTemporal).text()
    }
    #expect(tckText(back) == tckText(value))
    #expect(Self.codec.encode(back).text == text)
  }
}

extension Value {
  /// Any value, with strings and numbers chosen from the awkward ones.
  fileprivate static func random(depth: Int, using generator: inout SeededGenerator) -> Value {
    let leaves = 13
    switch Int.random(in: 0..<(depth > 0 ? leaves + 5 : leaves), using: &generator) {
    case 0: return .null
    case 1: return .boolean(.random(using: &generator))
    case 2: return .integer(Int64(bitPattern: generator.next()))
    case 3: return .integer(.random(in: -9...9, using: &generator))
    case 4: return .float(Double(bitPattern: generator.next()))
    case 5:
      return .float(
        [0, 1, -.infinity, .nan, .leastNonzeroMagnitude].randomElement(using: &generator) ?? 0)
    case 6: return .string(randomText(using: &generator))
    case 7: return .date(LocalDate(days: .random(in: -99...99, using: &generator)))
    case 8: return .localTime(LocalTime(nanoseconds: .random(in: 0...99, using: &generator)))
    case 9:
      return .time(
        OffsetTime(nanoseconds: .random(in: 0...99, using: &generator), offset: -3600))
    case 10:
      return .localDateTime(LocalDateTime(seconds: .random(in: -99...99, using: &generator)))
    case 11:
      let zone = Bool.random(using: &generator) ? "Europe/Moscow" : nil
      return .dateTime(ZonedDateTime(seconds: -1, nanoseconds: 5, offset: 3600, zone: zone))
    case 12: return .duration(CalendarDuration(months: .random(in: -9...9, using: &generator)))
    case 13: return .node(randomNode(depth: depth - 1, using: &generator))
    case 14:
      let ends = (randomNode(depth: 0, using: &generator), randomNode(depth: 0, using: &generator))
      return .relationship(
        randomRelationship(between: ends, depth: depth - 1, using: &generator))
    case 15:
      var nodes = [randomNode(depth: depth - 1, using: &generator)]
      var relationships: [Relationship] = []
      for _ in 0..<Int.random(in: 0...3, using: &generator) {
        let node = randomNode(depth: 0, using: &generator)
        let isForward = Bool.random(using: &generator)
        let ends = isForward ? (nodes[nodes.count - 1], node) : (node, nodes[nodes.count - 1])
        relationships.append(
          randomRelationship(between: ends, depth: depth - 1, using: &generator))
        nodes.append(node)
      }
      return .path(Path(nodes: nodes, relationships: relationships))
    case 16: return .map(randomMap(depth: depth - 1, using: &generator))
    default:
      return .list(
        (0..<Int.random(in: 0...3, using: &generator)).map { _ in
          random(depth: depth - 1, using: &generator)
        })
    }
  }

  private static func randomText(using generator: inout SeededGenerator) -> String {
    let pieces = [
      "a", "$int", "я", "🧐", "\"", "\\", "'", "\n", "\u{0}", "\u{7F}", " ", "`", "e\u{301}",
    ]
    return (0..<Int.random(in: 0...5, using: &generator))
      .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
  }

  private static func randomMap(
    depth: Int, using generator: inout SeededGenerator
  ) -> [String: Value] {
    var map: [String: Value] = [:]
    for _ in 0..<Int.random(in: 0...3, using: &generator) {
      map[randomText(using: &generator)] = random(depth: depth, using: &generator)
    }
    return map
  }

  private static func randomNode(depth: Int, using generator: inout SeededGenerator) -> Node {
    Node(
      id: NodeID(generator.next()),
      labels: (0..<Int.random(in: 0...2, using: &generator)).map { "L\($0)" },
      properties: randomMap(depth: depth, using: &generator))
  }

  private static func randomRelationship(
    between ends: (Node, Node), depth: Int, using generator: inout SeededGenerator
  ) -> Relationship {
    Relationship(
      id: RelationshipID(rawValue: generator.next()), start: ends.0.id, end: ends.1.id,
      type: "T" + randomText(using: &generator),
      properties: randomMap(depth: depth, using: &generator))
  }
}
