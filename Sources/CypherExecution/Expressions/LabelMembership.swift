internal import GraphStore
internal import GraphTypes

/// Which nodes have a label. Asks the store at first; when many nodes have been asked about, makes a
/// bit for each row of the node table, which costs little more than a label scan.
///
/// Only of a snapshot are bits made: in a transaction labels change.
final class LabelMembership {
  /// Questions after which bits pay.
  private static let patience = 1 << 14
  let label: LabelID
  private let reader: GraphReader
  private var questionsLeft: Int
  private var bits: UnsafeMutablePointer<UInt64>?

  init(_ label: LabelID, context: ExecutionContext) {
    self.label = label
    reader = context.reader
    questionsLeft = context.transaction == nil ? Self.patience : .max
  }

  deinit { bits?.deallocate() }

  @inline(__always)
  func contains(_ node: NodeID) -> Bool {
    if let bits { return bits[Int(node.rawValue >> 6)] >> (node.rawValue & 63) & 1 == 1 }
    return ask(node)
  }

  private func ask(_ node: NodeID) -> Bool {
    questionsLeft -= 1
    if questionsLeft == 0 { makeBits() }
    return reader.hasLabel(node, label)
  }

  private func makeBits() {
    let wordCount = (reader.nodeSegmentCount * Segments.rowCount + 63) / 64
    let words = UnsafeMutablePointer<UInt64>.allocate(capacity: max(wordCount, 1))
    words.initialize(repeating: 0, count: max(wordCount, 1))
    let nodes = UnsafeMutablePointer<NodeID>.allocate(capacity: Segments.rowCount)
    defer { nodes.deallocate() }
    for segment in 0..<reader.nodeSegmentCount {
      let count = reader.scanNodes(segment: segment, labels: [label], into: nodes)
      for index in 0..<count {
        let row = nodes[index].rawValue
        words[Int(row >> 6)] |= 1 << (row & 63)
      }
    }
    bits = words
  }
}
