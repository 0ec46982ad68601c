/// Reads all blocks of a file in parallel and hands them out in order.
struct TableScan {
  let reader: RecordBlockReader
  let fields: [FieldPlan]
  /// Cut before the scan began, to look at.
  var firstBlock: ByteBlock?

  /// - Parameters:
  ///   - body: gets each block and the line of the file (from 1) that its line 0 is.
  func run(
    threads: Int, _ body: (_ block: ParsedBlock, _ baseLine: Int) throws -> Void
  ) throws {
    let parser = BlockParser(
      fields: fields, format: reader.format, boundary: reader.boundary)
    var pending = firstBlock
    var line = reader.line
    let pipeline = OrderedPipeline<ByteBlock, ParsedBlock>(
      window: threads + 2,
      source: { [reader] in
        if let block = pending {
          pending = nil
          return block
        }
        return try reader.nextBlock()
      },
      work: { parser.parse($0) })
    try pipeline.run(threads: threads) { block in
      try body(block, line)
      line += block.lineCount
    }
  }
}
