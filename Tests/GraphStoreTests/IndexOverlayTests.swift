import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// The overlay of an index against a sorted list.
struct IndexOverlayTests {
  private struct Entry: Hashable, Comparable {
    var key: String
    var row: UInt32
    static func < (a: Entry, b: Entry) -> Bool { (a.key, a.row) < (b.key, b.row) }
  }

  @Test(arguments: [0, 1, 2]) func changesAreInOrder(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let overlay = IndexOverlay()
    var model: [Entry: Bool] = [:]
    var key = IndexKey(index: 3)
    for step in 0..<6000 {
      let number = seed == 0 ? step : Int.random(in: 0..<2000, using: &random)
      let entry = Entry(key: "ключ \(number)", row: UInt32.random(in: 0..<3, using: &random))
      let isAdded = step < 4000 || Bool.random(using: &random)
      key.removeAll()
      key.append(.string(entry.key), isLast: true)
      overlay.note(key, IndexEntity(NodeID(UInt64(entry.row))), isAdded: isAdded)
      if let known = model[entry] {
        if known != isAdded { model[entry] = nil }
      } else {
        model[entry] = isAdded
      }
    }
    var place = IndexOverlay.Position.start
    var passed = 0
    #expect(overlay.entry(before: place) == nil)
    for entry in model.keys.sorted(by: {
      $0.key.codePointOrder($1.key) != 0 ? $0.key.codePointOrder($1.key) < 0 : $0.row < $1.row
    }) {
      let found = overlay.entry(place)?.pointee
      #expect(found?.entity.row == entry.row)
      #expect(found?.isAdded == model[entry])
      #expect(found.map { Array($0.bytes.dropFirst()) } == Array(entry.key.utf8))
      key.removeAll()
      key.append(.string(entry.key), isLast: true)
      let direct = overlay.position(key, row: entry.row)
      #expect(overlay.entry(direct) == overlay.entry(place))
      let current = overlay.entry(place)
      overlay.advance(&place)
      #expect(overlay.entry(before: place) == current)
      passed += 1
      #expect(overlay.distance(from: .start, to: place) == passed)
    }
    #expect(overlay.entry(place) == nil)
    #expect(overlay.addedCount == model.values.count { $0 })
    #expect(overlay.removedCount == model.values.count { !$0 })
  }
}
