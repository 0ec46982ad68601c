internal import GraphColumns
internal import GraphTypes

/// Parses blocks of records straight into typed columns. Has no state of its own: several threads
/// share it.
struct BlockParser: Sendable {
  let fields: [FieldPlan]
  let format: TextFormat
  let boundary: RecordBoundary
  private let reader: ValueReader
  private let nullTexts: [[UInt8]]

  /// - Parameters:
  ///   - format, boundary: as the block reader found them.
  init(fields: [FieldPlan], format: TextFormat, boundary: RecordBoundary) {
    self.fields = fields
    self.format = format
    self.boundary = boundary
    reader = ValueReader(format: format)
    nullTexts = format.nullTexts.map { Array($0.utf8) }
  }

  private enum Kind: UInt8 {
    case ignored, boolean, integer, float, string, date, localDateTime, other
    case integerEndpoint, stringEndpoint
  }

  /// A column under construction, as plain data. The vectors are kept alive elsewhere.
  private struct Writer {
    var kind: Kind
    var isRequired: Bool
    var storage: UnsafeMutableRawPointer
    var validity: UnsafeMutablePointer<UInt64>?
    var lookup: IdentifierLookup?
  }

  private enum Failure {
    case none
    case value(field: Int, start: Int, stop: Int)
    case missing(field: Int, start: Int)
    case unknownIdentifier(field: Int, start: Int, stop: Int)
    case textBehindQuote(start: Int)
    case openQuote(start: Int)
    case fieldCount(Int)
    case encoding(at: Int)
  }

  func parse(_ source: ByteBlock) -> ParsedBlock {
    let block = decoded(source)
    let base = UnsafePointer(block.bytes)
    let end = block.count
    let capacity = ByteScanning.count(boundary.lineEnd, base, end) + 1

    var vectors: [Vector?] = []
    var endpoints: [RowNumbers?] = []
    let writers = UnsafeMutablePointer<Writer>.allocate(capacity: fields.count + 1)
    defer { writers.deallocate() }
    let unused = UnsafeMutableRawPointer(block.bytes)
    for (index, field) in fields.enumerated() {
      var writer = Writer(
        kind: .ignored, isRequired: field.isRequired, storage: unused, validity: nil, lookup: nil)
      switch field.target {
      case .ignored:
        vectors.append(nil)
        endpoints.append(nil)
      case .column(let type):
        let vector = Vector(type: type.vectorType, capacity: capacity)
        vector.owners.append(block)
        vectors.append(vector)
        endpoints.append(nil)
        writer.kind = Self.kind(type)
        writer.storage = UnsafeMutableRawPointer(vector.elements(UInt8.self))
      case .endpoint(let map, let lookup):
        let rows = RowNumbers(capacity: capacity)
        vectors.append(nil)
        endpoints.append(rows)
        writer.kind = map.kind == .integer ? .integerEndpoint : .stringEndpoint
        writer.storage = UnsafeMutableRawPointer(rows.values)
        writer.lookup = lookup
      }
      (writers + index).initialize(to: writer)
    }
    let offsets = RowNumbers(capacity: capacity)
    let lines = RowNumbers(capacity: capacity)
    let arena = StringArena(blockSize: 16 << 10)
    var usesArena = false

    let isBlanks = format.delimiter == .blanks
    let lineEnd = boundary.lineEnd
    let delimiter = boundary.delimiter ?? 0
    let hasQuotes = boundary.quote != nil
    let quote = boundary.quote ?? 0
    let lineWord = ByteScanning.broadcast(lineEnd)
    let delimiterWord = ByteScanning.broadcast(delimiter)
    let fieldCount = fields.count
    let hasNullTexts = !nullTexts.isEmpty
    let isQuotedEmptyText = format.isQuotedEmptyText
    let point = format.decimalPoint
    let hasPatterns = !format.datePatterns.isEmpty
    let trims = format.trimsText
    let hasInvalidText =
      format.encoding == .utf8 && UTF8Validation.firstInvalid(base, end) != nil

    var rejects: [RejectedRow] = []
    var row = 0
    var line = 0
    var position = 0
    while position < end {
      if base[position] == lineEnd {
        position += 1
        line += 1
        continue
      }
      if base[position] == 13 && position + 1 < end && base[position + 1] == lineEnd {
        position += 2
        line += 1
        continue
      }
      let recordStart = position
      let recordLine = line
      var failure = Failure.none
      var hasFailed = false
      var field = 0
      if isBlanks {
        while position < end && (base[position] == 32 || base[position] == 9) { position += 1 }
        if position >= end || base[position] == lineEnd || base[position] == 13 {
          while position < end && base[position] != lineEnd { position += 1 }
          position += 1
          line += 1
          continue
        }
      }

      while true {
        var start = position
        var stop = position
        var isQuoted = false
        var hasDoubledQuotes = false
        if hasQuotes && position < end && base[position] == quote {
          isQuoted = true
          start = position + 1
          var scan = start
          while true {
            guard let found = ByteScanning.first(quote, base, from: scan, to: end) else {
              if !hasFailed { failure = .openQuote(start: position) }
              hasFailed = true
              stop = end
              position = end
              break
            }
            if found + 1 < end && base[found + 1] == quote {
              hasDoubledQuotes = true
              scan = found + 2
              continue
            }
            stop = found
            position = found + 1
            break
          }
          scan = start
          while let found = ByteScanning.first(lineEnd, base, from: scan, to: stop) {
            line += 1
            scan = found + 1
          }
          if position < end && base[position] != lineEnd {
            let isCarriageReturn =
              base[position] == 13 && (position + 1 >= end || base[position + 1] == lineEnd)
            let isBlank = isBlanks && (base[position] == 32 || base[position] == 9)
            if isCarriageReturn {
              position += 1
            } else if !isBlank && (isBlanks || base[position] != delimiter) {
              if !hasFailed { failure = .textBehindQuote(start: position) }
              hasFailed = true
              position = endOfField(base, position, end, isBlanks, delimiterWord, lineWord)
            }
          }
        } else {
          position =
            isBlanks
            ? endOfField(base, position, end, true, delimiterWord, lineWord)
            : ByteScanning.firstOf(delimiterWord, lineWord, base, from: position, to: end)
          stop = position
        }
        var isLast = position >= end || base[position] == lineEnd
        if isLast && !isQuoted && stop > start && base[stop - 1] == 13 { stop -= 1 }

        if field < fieldCount && !hasFailed && writers[field].kind != .ignored {
          var isNull = stop == start && !(isQuoted && isQuotedEmptyText)
          if hasNullTexts && !isNull && !isQuoted {
            isNull = nullTexts.contains { text in
              text.count == stop - start
                && text.withUnsafeBufferPointer { text in
                  (0..<text.count).allSatisfy { base[start + $0] == text[$0] }
                }
            }
          }
          let text = base + start
          let count = stop - start
          var isGood = true
          if !isNull {
            switch writers[field].kind {
            case .ignored: break
            case .integer:
              if let value = NumberText.integer(text, count) {
                writers[field].storage.storeBytes(
                  of: value, toByteOffset: row &* 8, as: Int64.self)
              } else if let value = reader.integer(.init(start: text, count: count)) {
                writers[field].storage.storeBytes(
                  of: value, toByteOffset: row &* 8, as: Int64.self)
              } else {
                isGood = false
              }
            case .float:
              if let value = NumberText.float(text, count, point: point) {
                writers[field].storage.storeBytes(
                  of: value, toByteOffset: row &* 8, as: Double.self)
              } else if let value = reader.float(.init(start: text, count: count)) {
                writers[field].storage.storeBytes(
                  of: value, toByteOffset: row &* 8, as: Double.self)
              } else {
                isGood = false
              }
            case .string:
              var reference = StringRef(base: text, count: count)
              if hasDoubledQuotes {
                reference = unquoted(text, count, quote, arena)
                usesArena = true
              }
              if trims {
                let trimmed = reader.trimmed(reference.bytes)
                reference = StringRef(base: trimmed.baseAddress, count: trimmed.count)
                if trimmed.isEmpty { isNull = true }
              }
              writers[field].storage.storeBytes(
                of: reference, toByteOffset: row &* 16, as: StringRef.self)
            case .localDateTime:
              if !hasPatterns, let value = DateText.localDateTime(text, count) {
                writers[field].storage.storeBytes(
                  of: value, toByteOffset: row &* 16, as: LocalDateTime.self)
              } else if let value = reader.localDateTime(.init(start: text, count: count)) {
                writers[field].storage.storeBytes(
                  of: value, toByteOffset: row &* 16, as: LocalDateTime.self)
              } else {
                isGood = false
              }
            case .date:
              if !hasPatterns, let value = DateText.date(text, count) {
                writers[field].storage.storeBytes(
                  of: value, toByteOffset: row &* 8, as: LocalDate.self)
              } else if let value = reader.date(.init(start: text, count: count)) {
                writers[field].storage.storeBytes(
                  of: value, toByteOffset: row &* 8, as: LocalDate.self)
              } else {
                isGood = false
              }
            case .boolean:
              let trimmed = reader.trimmed(.init(start: text, count: count))
              if let start = trimmed.baseAddress,
                let value = ValueReader.boolean(start, trimmed.count)
              {
                writers[field].storage.storeBytes(of: value, toByteOffset: row, as: Bool.self)
              } else {
                isGood = false
              }
            case .integerEndpoint:
              if let id = NumberText.integer(text, count)
                ?? reader.integer(.init(start: text, count: count))
              {
                let found = writers[field].lookup.unsafelyUnwrapped.row(id)
                writers[field].storage.storeBytes(
                  of: found, toByteOffset: row &* 4, as: UInt32.self)
                if found == IdentifierMap.missing {
                  failure = .unknownIdentifier(field: field, start: start, stop: stop)
                  hasFailed = true
                }
              } else {
                isGood = false
              }
            case .stringEndpoint:
              var reference = StringRef(base: text, count: count)
              if hasDoubledQuotes { reference = unquoted(text, count, quote, arena) }
              let found = writers[field].lookup.unsafelyUnwrapped.row(reference)
              writers[field].storage.storeBytes(
                of: found, toByteOffset: row &* 4, as: UInt32.self)
              if found == IdentifierMap.missing {
                failure = .unknownIdentifier(field: field, start: start, stop: stop)
                hasFailed = true
              }
            case .other:
              isGood = storeOther(
                vectors[field], row, field, text, count, hasDoubledQuotes ? quote : nil)
            }
          }
          if isNull {
            if writers[field].isRequired {
              failure = .missing(field: field, start: start)
              hasFailed = true
            } else {
              setNull(vectors[field], row, &writers[field])
            }
          } else if !isGood {
            failure = .value(field: field, start: start, stop: stop)
            hasFailed = true
          }
        }
        field += 1
        if isLast { break }
        position += 1
        if isBlanks {
          while position < end && (base[position] == 32 || base[position] == 9) { position += 1 }
          isLast =
            position >= end || base[position] == lineEnd
            || base[position] == 13 && (position + 1 >= end || base[position + 1] == lineEnd)
          if isLast {
            while position < end && base[position] != lineEnd { position += 1 }
            break
          }
        }
      }

      if !hasFailed && field != fieldCount && (field < fieldCount || !format.allowsExtraFields) {
        failure = .fieldCount(field)
        hasFailed = true
      }
      if hasInvalidText,
        let bad = UTF8Validation.firstInvalid(base + recordStart, position - recordStart)
      {
        failure = .encoding(at: recordStart + bad)
        hasFailed = true
      }
      if hasFailed {
        for index in 0..<fieldCount {
          writers[index].validity?[row >> 6] |= 1 << UInt64(row & 63)
        }
        rejects.append(
          reject(failure, base, recordStart, min(position, end), recordLine))
      } else {
        offsets.values[row] = UInt32(truncatingIfNeeded: recordStart)
        lines.values[row] = UInt32(truncatingIfNeeded: recordLine)
        row += 1
      }
      position += 1
      line += 1
    }
    for vector in vectors {
      vector?.count = row
      if usesArena, let vector, vector.type == .string { vector.owners.append(arena) }
    }
    return ParsedBlock(
      text: block, rowCount: row, columns: vectors, endpoints: endpoints, offsets: offsets,
      lines: lines, rejects: rejects, lineCount: line, boundary: boundary)
  }

  private static func kind(_ type: ColumnType) -> Kind {
    switch type {
    case .string: .string
    case .integer: .integer
    case .float: .float
    case .boolean: .boolean
    case .date: .date
    case .localDateTime: .localDateTime
    default: .other
    }
  }

  private func decoded(_ source: ByteBlock) -> ByteBlock {
    guard format.encoding == .windows1251 else { return source }
    let block = ByteBlock(capacity: source.count * 3)
    block.count = Windows1251.decode(source.bytes, source.count, into: block.bytes)
    block.fileBytes = source.fileBytes
    block.padEnd()
    return block
  }

  private func endOfField(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ isBlanks: Bool,
    _ delimiterWord: UInt64, _ lineWord: UInt64
  ) -> Int {
    if !isBlanks {
      return ByteScanning.firstOf(delimiterWord, lineWord, base, from: start, to: end)
    }
    var position = start
    while position < end && base[position] != 32 && base[position] != 9
      && base[position] != boundary.lineEnd
    {
      position += 1
    }
    return position
  }

  private func setNull(_ vector: Vector?, _ row: Int, _ writer: inout Writer) {
    guard let vector else { return }
    if vector.type == .any {
      vector.values[row] = .null
      return
    }
    let validity = writer.validity ?? vector.makeValidity()
    writer.validity = validity
    validity[row >> 6] &= ~(1 << UInt64(row & 63))
  }

  /// Turns doubled quotes into single ones.
  private func unquoted(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ quote: UInt8, _ arena: StringArena
  ) -> StringRef {
    let target = arena.reserve(count)
    var used = 0
    var i = 0
    while i < count {
      target[used] = text[i]
      used += 1
      i += text[i] == quote ? 2 : 1
    }
    return StringRef(base: UnsafePointer(target), count: used)
  }

  private func storeOther(
    _ vector: Vector?, _ row: Int, _ field: Int, _ text: UnsafePointer<UInt8>, _ count: Int,
    _ doubledQuote: UInt8?
  ) -> Bool {
    guard case .column(let type) = fields[field].target, let vector else { return true }
    var value: Value?
    if let doubledQuote {
      let arena = StringArena(blockSize: count)
      value = reader.read(type, unquoted(text, count, doubledQuote, arena).bytes)
    } else {
      value = reader.read(type, UnsafeBufferPointer(start: text, count: count))
    }
    guard let value else { return false }
    vector.values[row] = value
    return true
  }

  // MARK: Messages

  private func reject(
    _ failure: Failure, _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ line: Int
  ) -> RejectedRow {
    var stop = end
    if stop > start && base[stop - 1] == 13 { stop -= 1 }
    let record = Array(UnsafeBufferPointer(start: base + start, count: stop - start))
    func text(_ start: Int, _ stop: Int) -> String {
      let shown = min(stop - start, 200)
      let text = String(
        decoding: UnsafeBufferPointer(start: base + start, count: shown), as: UTF8.self)
      return shown < stop - start ? text + "…" : text
    }
    var result = RejectedRow(line: line, column: nil, message: "", hint: nil, text: record)
    var place: Int?
    switch failure {
    case .none: break
    case .value(let field, let from, let to):
      place = from
      let type: ColumnType
      switch fields[field].target {
      case .column(let columnType): type = columnType
      default: type = .integer
      }
      result.message =
        "column '\(fields[field].name)': '\(text(from, to))' is not "
        + type.nameWithArticle
      result.hint = type.hint(format)
    case .missing(let field, let from):
      place = from
      result.message = "column '\(fields[field].name)' is empty, but a value is needed"
    case .unknownIdentifier(let field, let from, let to):
      place = from
      var space = ""
      if case .endpoint(let map, _) = fields[field].target { space = map.name }
      result.message =
        "column '\(fields[field].name)': there is no node with id "
        + "'\(text(from, to))'" + (space.isEmpty ? "" : " in \(space)")
    case .textBehindQuote(let at):
      place = at
      result.message = "text behind the quote that closes a field"
      result.hint = "a quote inside a quoted field is written twice"
    case .openQuote(let at):
      place = at
      result.message = "the quote that opens here is never closed"
      result.hint = "use another quote character, or none"
    case .fieldCount(let count):
      result.message =
        "the row has \(count) \(count == 1 ? "field" : "fields"), "
        + "expected \(fields.count)"
    case .encoding(let at):
      place = at
      let byte = String(base[at], radix: 16, uppercase: true)
      result.message = "byte 0x\(byte) is not valid UTF-8"
      result.hint = "if the file is in another encoding, say which, such as windows-1251"
    }
    if let place { (result.line, result.column) = self.place(base, start, place, line) }
    return result
  }

  /// Line and column of a byte in a record that begins at `start` in line `line`.
  private func place(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ at: Int, _ line: Int
  ) -> (Int, Int) {
    var line = line
    var column = 1
    for i in start..<at {
      if base[i] == boundary.lineEnd {
        line += 1
        column = 1
      } else if base[i] & 0xC0 != 0x80 {
        column += 1
      }
    }
    return (line, column)
  }
}
