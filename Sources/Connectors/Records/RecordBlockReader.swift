internal import GraphTypes

/// Cuts a file into blocks that end between records, after looking at its beginning for a byte
/// order mark, the kind of line end and (if asked) the delimiter. Not thread-safe.
final class RecordBlockReader {
  /// A record longer than this is taken for an unclosed quote.
  static let recordLimit = 64 << 20

  let file: InputFile
  /// With `delimiter` and `encoding` as found in the file.
  private(set) var format: TextFormat
  private(set) var boundary: RecordBoundary
  /// Line of the file (from 1) at which the next block or record begins. Right until the first
  /// block is cut; later lines are counted by who parses.
  private(set) var line = 1
  private let blockSize: Int
  private var buffer: ByteBlock
  private var position = 0
  private var isAtEnd = false
  private var wideDecoder: UTF16Decoder?
  private var wideText: [UInt8] = []

  init(_ path: String, format: TextFormat, blockSize: Int = 4 << 20) throws(ImportError) {
    file = try InputFile(path)
    self.format = format
    self.blockSize = max(blockSize, 1)
    buffer = ByteBlock(capacity: max(self.blockSize, 64))
    boundary = RecordBoundary(lineEnd: 10, delimiter: nil, quote: format.quote)
    try findEncoding()
    for _ in 0..<format.skippedLines { try skipLine() }
    try findLineEndAndDelimiter()
  }

  private func findEncoding() throws(ImportError) {
    let size = min(max(blockSize, 64), buffer.capacity)
    buffer.count = try file.read(into: buffer.bytes, capacity: size)
    isAtEnd = buffer.count < size
    let bytes = UnsafeRawBufferPointer(start: buffer.bytes, count: buffer.count)
    let isLittle = bytes.starts(with: [0xFF, 0xFE])
    let isBig = bytes.starts(with: [0xFE, 0xFF])
    switch format.encoding {
    case .automatic where isLittle || isBig: format.encoding = .utf16
    case .automatic: format.encoding = .utf8
    default: break
    }
    if format.encoding == .utf8 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    if format.encoding == .utf16 {
      var decoder = UTF16Decoder(isBigEndian: isBig)
      decoder.decode(
        UnsafeRawBufferPointer(rebasing: bytes[(isLittle || isBig ? 2 : 0)...]), into: &wideText)
      wideDecoder = decoder
      let wasAtEnd = isAtEnd
      buffer.count = 0
      isAtEnd = false
      try fill(to: buffer.capacity)
      isAtEnd = isAtEnd || wasAtEnd && wideText.isEmpty
    }
  }

  /// Reads until the buffer has `count` bytes or the file ends.
  private func fill(to count: Int) throws(ImportError) {
    while buffer.count < count && !isAtEnd {
      guard var decoder = wideDecoder else {
        let wanted = count - buffer.count
        let got = try file.read(into: buffer.bytes + buffer.count, capacity: wanted)
        buffer.count += got
        isAtEnd = got < wanted
        return
      }
      if wideText.isEmpty {
        let raw = ByteBlock(capacity: 64 << 10)
        let got = try file.read(into: raw.bytes, capacity: raw.capacity)
        if got == 0 {
          isAtEnd = true
          return
        }
        decoder.decode(UnsafeRawBufferPointer(start: raw.bytes, count: got), into: &wideText)
        wideDecoder = decoder
      }
      let taken = min(wideText.count, count - buffer.count)
      let start = buffer.bytes + buffer.count
      wideText.withUnsafeBufferPointer { text in
        if let source = text.baseAddress { start.update(from: source, count: taken) }
      }
      buffer.count += taken
      wideText.removeFirst(taken)
    }
  }

  /// Makes room behind what is not yet used, and reads on.
  private func grow() throws(ImportError) {
    let used = buffer.count - position
    if used > Self.recordLimit {
      throw ImportError(
        "the record is longer than \(Self.recordLimit >> 20) MiB", file: file.path, line: line,
        hint: "a quote is probably not closed; use another quote character or none")
    }
    try replaceBuffer(capacity: max(blockSize, used * 2, 64))
  }

  private func replaceBuffer(capacity: Int) throws(ImportError) {
    let next = ByteBlock(capacity: capacity)
    next.count = buffer.count - position
    next.bytes.update(from: buffer.bytes + position, count: next.count)
    buffer = next
    position = 0
    try fill(to: capacity)
  }

  private func skipLine() throws(ImportError) {
    while true {
      let base = UnsafePointer(buffer.bytes)
      if let end = ByteScanning.first(10, base, from: position, to: buffer.count) {
        position = end + 1
        line += 1
        return
      }
      if isAtEnd {
        position = buffer.count
        return
      }
      try grow()
    }
  }

  private func findLineEndAndDelimiter() throws(ImportError) {
    let base = UnsafePointer(buffer.bytes)
    // A CR at the very end of what has been read may be half of a CRLF.
    while !isAtEnd {
      let base = UnsafePointer(buffer.bytes)
      let hasLine = ByteScanning.first(10, base, from: position, to: buffer.count) != nil
      if hasLine || buffer.count - position >= 1 << 20 { break }
      try grow()
    }
    if ByteScanning.first(
      10, base == buffer.bytes ? base : UnsafePointer(buffer.bytes),
      from: position, to: buffer.count) == nil,
      ByteScanning.first(13, UnsafePointer(buffer.bytes), from: position, to: buffer.count) != nil
    {
      boundary.lineEnd = 13
    }
    if format.delimiter == .automatic { format.delimiter = .byte(probableDelimiter()) }
    if case .byte(let byte) = format.delimiter { boundary.delimiter = byte }
  }

  /// The candidate that is most frequent outside quotes in the first line that is not empty.
  private func probableDelimiter() -> UInt8 {
    let candidates: [UInt8] = [44, 59, 9, 124]
    var counts = [0, 0, 0, 0]
    var isQuoted = false
    var hasText = false
    for i in position..<buffer.count {
      let byte = buffer.bytes[i]
      if byte == boundary.quote { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == boundary.lineEnd {
        if hasText { break }
        continue
      }
      hasText = hasText || byte != 13
      if let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
    }
    let most = counts.max() ?? 0
    return most == 0 ? 44 : candidates[counts.firstIndex(of: most) ?? 0]
  }

  /// The next record by itself, as UTF-8 without its line end; nil at the end.
  func nextRecord() throws(ImportError) -> [UInt8]? {
    while true {
      let base = UnsafePointer(buffer.bytes)
      if let end = boundary.firstEnd(base, from: position, to: buffer.count), end > position {
        let record = text(position, end - 1)
        advance(to: end)
        return record
      }
      if isAtEnd {
        if position == buffer.count { return nil }
        let record = text(position, buffer.count)
        advance(to: buffer.count)
        return record
      }
      try grow()
    }
  }

  private func advance(to end: Int) {
    line += ByteScanning.count(boundary.lineEnd, buffer.bytes + position, end - position)
    position = end
  }

  private func text(_ start: Int, _ end: Int) -> [UInt8] {
    var end = end
    if end > start && buffer.bytes[end - 1] == 13 { end -= 1 }
    let raw = UnsafeBufferPointer(start: buffer.bytes + start, count: end - start)
    guard format.encoding == .windows1251 else { return Array(raw) }
    return [UInt8](unsafeUninitializedCapacity: raw.count * 3 + 1) { output, count in
      guard let target = output.baseAddress, let source = raw.baseAddress else { return }
      count = Windows1251.decode(source, raw.count, into: target)
    }
  }

  /// The next block of whole records, in the file's encoding (UTF-16 already as UTF-8).
  func nextBlock() throws(ImportError) -> ByteBlock? {
    if position > 0 || buffer.count == 0 { try replaceBuffer(capacity: max(blockSize, 64)) }
    if buffer.count < buffer.capacity && !isAtEnd { try fill(to: buffer.capacity) }
    while true {
      if buffer.count == 0 { return nil }
      if isAtEnd {
        let block = buffer
        buffer = ByteBlock(capacity: 1)
        position = 0
        block.fileBytes = file.bytesRead
        block.padEnd()
        return block
      }
      if let end = boundary.lastEnd(buffer.bytes, from: 0, to: buffer.count) {
        let block = buffer
        let rest = block.count - end
        buffer = ByteBlock(capacity: max(blockSize, rest, 64))
        buffer.bytes.update(from: block.bytes + end, count: rest)
        buffer.count = rest
        block.count = end
        block.fileBytes = file.bytesRead
        block.padEnd()
        return block
      }
      try grow()
    }
  }
}
