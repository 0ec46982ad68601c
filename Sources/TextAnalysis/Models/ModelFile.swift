internal import Glibc

/// The file of a linear model. All numbers little-endian:
///
/// | bytes | |
/// |---|---|
/// | 8 | `tropatxt` |
/// | 4 | version of the format, 1 |
/// | 4 | number of bytes of the rest without the checksum |
/// | | classes: count (1), numbers (1 each); heads (1); marks: count (1), mark (8), texts (4) each |
/// | | texts (4), accuracy (8), macro F1 (8); features (4), words among them (4) |
/// | | heads: step (4), bias (4) each |
/// | | calibration: rarity (8); by class the share (8) and the coefficients (8 each) of the heads, of
/// the lexicon's polarity and the constant |
/// | | features: fingerprint (8), idf (4), weights (2 each) |
/// | 8 | checksum of everything before |
enum ModelFile {
  static let magic = Array("tropatxt".utf8)
  static let version: UInt32 = 1
  /// Nothing that training makes is as large.
  static let sizeMaximum = 256 << 20

  static func encode(_ model: LinearSentimentModel) -> [UInt8] {
    var body = ByteWriter()
    body.put(UInt8(model.classes.count))
    for sentiment in model.classes { body.put(sentiment.rawValue) }
    body.put(UInt8(model.heads))
    body.put(UInt8(model.information.marks.count))
    for (mark, count) in zip(model.information.marks, model.information.markCounts) {
      body.put(mark.bitPattern)
      body.put(UInt32(count))
    }
    body.put(UInt32(model.information.texts))
    body.put(model.information.accuracy.bitPattern)
    body.put(model.information.macroF1.bitPattern)
    body.put(UInt32(model.space.count))
    body.put(UInt32(model.space.wordCount))
    for (step, bias) in zip(model.steps, model.biases) {
      body.put(step.bitPattern)
      body.put(bias.bitPattern)
    }
    body.put(model.calibration.rarity.bitPattern)
    for (share, row) in zip(model.calibration.shares, model.calibration.coefficients) {
      body.put(share.bitPattern)
      for coefficient in row { body.put(coefficient.bitPattern) }
    }
    for feature in 0..<model.space.count {
      body.put(model.space.fingerprints[feature])
      body.put(model.space.idf[feature].bitPattern)
      for head in 0..<model.heads { body.put(model.weights[feature * model.heads + head]) }
    }
    var file = ByteWriter()
    file.bytes = magic
    file.put(version)
    file.put(UInt32(body.bytes.count))
    file.bytes += body.bytes
    file.put(checksum(file.bytes))
    return file.bytes
  }

  /// - Throws: what is wrong with the file, without its name.
  static func decode(_ bytes: [UInt8]) throws(TextError) -> LinearSentimentModel {
    let damaged = TextError("is damaged", hint: "train the model again, or copy the file again")
    guard bytes.starts(with: magic) else {
      throw TextError(
        "is no sentiment model", hint: "`tropa text train` makes one with --out")
    }
    var reader = ByteReader(bytes, from: magic.count)
    let found = try reader.next(UInt32.self)
    guard found == version else {
      throw TextError(
        "has format \(found), and this version reads format \(version)",
        hint: found > version
          ? "use the newer version of tropa that made it" : "train the model again")
    }
    let size = Int(try reader.next(UInt32.self))
    guard bytes.count == magic.count + 8 + size + 8 else { throw damaged }
    var end = ByteReader(bytes, from: bytes.count - 8)
    let sum = checksum(Array(bytes.dropLast(8)))
    guard try end.next(UInt64.self) == sum else { throw damaged }

    // What follows has been written so; a file made by hand still cannot lead out of bounds.
    var classes: [SentimentClass] = []
    for _ in 0..<(try reader.next(UInt8.self)) {
      guard let sentiment = SentimentClass(rawValue: try reader.next(UInt8.self)) else {
        throw damaged
      }
      classes.append(sentiment)
    }
    let heads = Int(try reader.next(UInt8.self))
    guard (2...3).contains(classes.count), Set(classes).count == classes.count, heads >= 1 else {
      throw damaged
    }
    var information = ModelInformation()
    for _ in 0..<(try reader.next(UInt8.self)) {
      information.marks.append(Double(bitPattern: try reader.next(UInt64.self)))
      information.markCounts.append(Int(try reader.next(UInt32.self)))
    }
    information.texts = Int(try reader.next(UInt32.self))
    information.accuracy = Double(bitPattern: try reader.next(UInt64.self))
    information.macroF1 = Double(bitPattern: try reader.next(UInt64.self))
    let features = Int(try reader.next(UInt32.self))
    let words = Int(try reader.next(UInt32.self))
    var steps: [Float] = []
    var biases: [Float] = []
    for _ in 0..<heads {
      steps.append(Float(bitPattern: try reader.next(UInt32.self)))
      biases.append(Float(bitPattern: try reader.next(UInt32.self)))
    }
    var calibration = Calibration(coefficients: [], shares: [])
    calibration.rarity = Double(bitPattern: try reader.next(UInt64.self))
    for _ in classes {
      calibration.shares.append(Double(bitPattern: try reader.next(UInt64.self)))
      var row: [Double] = []
      for _ in 0..<heads + 2 { row.append(Double(bitPattern: try reader.next(UInt64.self))) }
      calibration.coefficients.append(row)
    }
    guard words <= features, reader.left == features * (12 + 2 * heads) + 8 else { throw damaged }
    var fingerprints: [UInt64] = []
    var idf: [Float] = []
    var weights: [Int16] = []
    fingerprints.reserveCapacity(features)
    idf.reserveCapacity(features)
    weights.reserveCapacity(features * heads)
    for _ in 0..<features {
      fingerprints.append(try reader.next(UInt64.self))
      idf.append(Float(bitPattern: try reader.next(UInt32.self)))
      for _ in 0..<heads { weights.append(try reader.next(Int16.self)) }
    }
    guard Set(fingerprints).count == features, !fingerprints.contains(0) else { throw damaged }
    return try LinearSentimentModel(
      classes: classes, information: information,
      space: FeatureSpace(fingerprints: fingerprints, wordCount: words, idf: idf),
      weights: weights, steps: steps, biases: biases, calibration: calibration, checksum: sum)
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt64 {
    var hash = Fingerprint.Seed.token
    var index = 0
    bytes.withUnsafeBytes { raw in
      while index + 8 <= raw.count {
        let unit = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        hash = Fingerprint.next(hash, UInt64(littleEndian: unit))
        index += 8
      }
      while index < raw.count {
        hash = Fingerprint.next(hash, UInt64(raw[index]))
        index += 1
      }
    }
    return Fingerprint.finish(Fingerprint.next(hash, UInt64(bytes.count)))
  }
}

extension LinearSentimentModel {
  /// The bytes of the model's file; see `ModelFile`.
  package var encoded: [UInt8] { ModelFile.encode(self) }

  /// With the checksum of its file, which is its version.
  func sealed() throws(TextError) -> LinearSentimentModel {
    let bytes = ModelFile.encode(self)
    var reader = ByteReader(bytes, from: bytes.count - 8)
    return try LinearSentimentModel(
      classes: classes, information: information, space: space, weights: weights, steps: steps,
      biases: biases, calibration: calibration, checksum: reader.next(UInt64.self))
  }

  /// Reads a model's file.
  ///
  /// - Throws: `TextError` that names the file and says what is wrong with it.
  package init(file path: String) throws(TextError) {
    let bytes = try FileBytes.read(path, maximum: ModelFile.sizeMaximum)
    do throws(TextError) {
      self = try ModelFile.decode(bytes)
    } catch {
      throw TextError("\(path) \(error.message)", hint: error.hint)
    }
  }

  /// - Throws: as `init(file:)`, with `name` for the file.
  package init(bytes: [UInt8], name: String) throws(TextError) {
    do throws(TextError) {
      self = try ModelFile.decode(bytes)
    } catch {
      throw TextError("\(name) \(error.message)", hint: error.hint)
    }
  }
}

private struct ByteWriter {
  var bytes: [UInt8] = []
  mutating func put(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}

private struct ByteReader {
  private let bytes: [UInt8]
  private var position: Int
  var left: Int { bytes.count - position }

  init(_ bytes: [UInt8], from position: Int) {
    self.bytes = bytes
    self.position = position
  }

  mutating func next<T: FixedWidthInteger>(_ type: T.Type) throws(TextError) -> T {
    let size = MemoryLayout<T>.size
    guard left >= size else {
      throw TextError("is damaged: it ends too early", hint: "copy the file again")
    }
    let value = bytes.withUnsafeBytes {
      T(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: T.self))
    }
    position += size
    return value
  }
}

/// Whole files.
enum FileBytes {
  static func read(_ path: String, maximum: Int) throws(TextError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw TextError("\(path) cannot be opened: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw TextError("\(path) cannot be read: \(String(cString: strerror(errno)))")
      }
      bytes.append(contentsOf: chunk[0..<count])
      guard bytes.count <= maximum else {
        throw TextError("\(path) is larger than \(maximum >> 20) MiB, so it is not what was meant")
      }
    }
  }
}
