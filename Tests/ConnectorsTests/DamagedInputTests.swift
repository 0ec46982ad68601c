import Foundation
import TestSupport
import Testing

@testable import Connectors

/// Damaged files give errors with their place, or other data; never a crash, and never half of a
/// database.
@Suite struct DamagedInputTests {
  private static let dump = #"""
    {"tropa":{"dump":1,"nodes":3,"relationships":2}}
    {"node":0,"labels":["A","два слова"],"properties":{"i":1,"f":-1.5e300,"t":"\u0416\uD83D\uDE80\n","l":[1,2]}}
    {"node":1,"labels":[],"properties":{"d":{"$date":"2026-01-31"},"p":{"$point":{"srid":4326,"coordinates":[37.6,55.7]}}}}
    {"node":2,"labels":["A"],"properties":{"b":{"$bytes":"AAEC"},"n":{"$float":"NaN"},"u":{"$duration":"P1Y2M3DT4H5M6S"}}}
    {"type":"T","start":0,"end":1,"properties":{"w":9223372036854775807,"x":true}}
    {"type":"U","start":1,"end":2,"properties":{"m":{"$datetime":"2026-01-31T10:00:00+03:00[Europe/Moscow]"}}}
    {"schema":"CREATE INDEX i FOR (n:A) ON (n.i)"}
    {"end":{"nodes":3,"relationships":2}}

    """#

  /// Bytes are changed, taken out, put in, or repeated.
  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    let marks = Array("{}[]\",:;\\\n\r\t 0-9.eu$|'".utf8) + [0, 0x80, 0xC3, 0xFF]
    for _ in 0..<(1 + random.below(4)) where !bytes.isEmpty {
      let place = random.below(bytes.count)
      switch random.below(5) {
      case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
      case 1: bytes[place] = marks[random.below(marks.count)]
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(9)))
      case 3: bytes.insert(marks[random.below(marks.count)], at: place)
      default:
        let end = min(bytes.count, place + 1 + random.below(60))
        bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count))
      }
    }
    if random.below(9) == 0 { bytes.removeLast(random.below(bytes.count + 1)) }
  }

  @Test func dumps() throws {
    var random = Fuzzing.generator(seed: 3)
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("x.jsonl").path
      let path = folder.appendingPathComponent("graph").path
      var (loaded, refused) = (0, 0)
      for _ in Fuzzing.rounds(300) {
        var bytes = Array(Self.dump.utf8)
        if random.below(20) > 0 { mutate(&bytes, &random) }
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        do {
          _ = try LoadJob(file: file).run(creating: path)
          loaded += 1
        } catch let error as ImportError {
          refused += 1
          #expect("\(error)".contains("x.jsonl"))
          #expect(!FileManager.default.fileExists(atPath: path))
        }
        for end in ["", "-lock"] { try? FileManager.default.removeItem(atPath: path + end) }
      }
      #expect(loaded > 0 && refused > loaded)
    }
  }

  @Test func tables() throws {
    var random = Fuzzing.generator(seed: 7)
    let table = #"""
      id:ID(P),name,born:date,paid:double,n:int,tags:string[],at:point,:LABEL
      1,"Анна ""А""",2001-02-03,"1.5",7,"a;b","{latitude: 55.75, longitude: 37.62}",X
      2,'Борис',1999-12-31,-0.25,-9,,"{x: 1, y: 2}",X;Y
      3,,,,,c,,

      """#
    for _ in Fuzzing.rounds(400) {
      var bytes = Array(table.utf8)
      mutate(&bytes, &random)
      try withImport { fixture in
        fixture.options.nodes.append(
          .init(labels: ["P"], files: [try fixture.file("t.csv", Data(bytes))]))
        do {
          try fixture.run()
        } catch let error as ImportError {
          #expect("\(error)".contains("t.csv"))
        }
      }
    }
  }

  /// Blocks so small that every byte is a boundary.
  @Test func records() throws {
    var random = Fuzzing.generator(seed: 11)
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("t.csv").path
      for round in Fuzzing.rounds(150) {
        var bytes = Array("a,\"b\nc\",'d'\r\nя;\"\"\"x\",\t\n1,2,3\n".utf8)
        mutate(&bytes, &random)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        var format = TextFormat()
        format.delimiter = .byte([44, 59, 9][round % 3])
        format.quote = [34, 39][round % 2]
        var results: [[[String?]]] = []
        for blockSize in [1, 3, 16, 1 << 16] {
          do {
            results.append(
              try parsedTexts(path, fields: 3, format: format, blockSize: blockSize).rows)
          } catch let error as ImportError {
            #expect("\(error)".contains("t.csv"))
            results.append([])
          }
        }
        #expect(results.allSatisfy { $0 == results[0] }, "\(bytes)")
      }
    }
  }
}
