internal import GraphColumns
internal import GraphTypes

// Fixed-width columns. Rows that are not valid are never read.

extension ColumnEncoder {
  static func encode(
    booleans: UnsafePointer<Bool>, validity: ColumnValidity, count: Int
  ) -> [UInt8]? {
    let nullCount = validity.nullCount(rowCount: count)
    if nullCount == count { return nil }
    var trueCount = 0
    for row in 0..<count where validity.isValid(row) && booleans[row] { trueCount += 1 }
    var header = ColumnHeader(
      encoding: .bits, type: .boolean, rowCount: count, nullCount: nullCount)
    if trueCount == 0 || trueCount == count - nullCount {
      header.encoding = .constant
      header.base = trueCount == 0 ? 0 : 1
      return header.chunk(dataSize: 0, validity: validity) { _ in }
    }
    return header.chunk(dataSize: 8 * ((count + 63) / 64), validity: validity) { data in
      for first in stride(from: 0, to: count, by: 8) {
        var byte: UInt8 = 0
        for row in first..<min(first + 8, count) where validity.isValid(row) && booleans[row] {
          byte |= 1 << UInt8(row - first)
        }
        data.storeBytes(of: byte, toByteOffset: first / 8, as: UInt8.self)
      }
    }
  }

  /// Integers, or days of dates.
  static func encode(
    integers: UnsafePointer<Int64>, type: ColumnType, validity: ColumnValidity, count: Int
  ) -> [UInt8]? {
    let nullCount = validity.nullCount(rowCount: count)
    if nullCount == count { return nil }
    let range = range(of: integers, validity: validity, count: count)
    var header = ColumnHeader(
      encoding: .frameOfReference, type: type, rowCount: count, nullCount: nullCount)
    header.bounds = (ColumnBound(range.lowerBound), ColumnBound(range.upperBound))
    if nullCount == 0, let step = step(of: integers, count: count) {
      header.encoding = .sequence
      header.base = integers[0]
      header.extra = UInt32(bitPattern: step)
      return header.chunk(dataSize: 0, validity: validity) { _ in }
    }
    return encode(frameOfReference: integers, range: range, header: header, validity: validity)
  }

  /// Smallest and largest valid integer; at least one must be valid.
  private static func range(
    of integers: UnsafePointer<Int64>, validity: ColumnValidity, count: Int
  ) -> ClosedRange<Int64> {
    var minimum = Int64.max
    var maximum = Int64.min
    if validity.words == nil {
      for row in 0..<count {
        minimum = min(minimum, integers[row])
        maximum = max(maximum, integers[row])
      }
    } else {
      for row in 0..<count where validity.isValid(row) {
        minimum = min(minimum, integers[row])
        maximum = max(maximum, integers[row])
      }
    }
    return minimum...max(minimum, maximum)
  }

  /// The difference of each number and the one before, where all are the same and not 0.
  private static func step(of integers: UnsafePointer<Int64>, count: Int) -> Int32? {
    guard count > 2, let step = Int32(exactly: integers[1] &- integers[0]), step != 0 else {
      return nil
    }
    for row in 2..<count where integers[row] &- integers[row - 1] != Int64(step) { return nil }
    return step
  }

  private static func width(_ range: ClosedRange<Int64>) -> Int {
    BitPacking.width(UInt64(bitPattern: range.upperBound &- range.lowerBound))
  }

  /// Constant or frame of reference.
  private static func encode(
    frameOfReference integers: UnsafePointer<Int64>, range: ClosedRange<Int64>,
    header: ColumnHeader, validity: ColumnValidity
  ) -> [UInt8] {
    var header = header
    header.base = range.lowerBound
    header.width = width(range)
    let count = header.rowCount
    if header.width == 0 {
      header.encoding = .constant
      if header.type == .float {
        header.base = Int64(
          bitPattern: (Double(header.base) / DecimalScale.powers[header.scale]).bitPattern)
        header.scale = 0
      }
      return header.chunk(dataSize: 0, validity: validity) { _ in }
    }
    header.width = BitPacking.storedWidth(header.width, rowCount: count)
    let base = header.base
    let width = header.width
    return header.chunk(
      dataSize: BitPacking.size(rowCount: count, width: width), validity: validity
    ) { data in
      if validity.words == nil {
        BitPacking.store(rowCount: count, width: width, to: data) {
          UInt64(bitPattern: integers[$0] &- base)
        }
      } else {
        BitPacking.store(rowCount: count, width: width, to: data) {
          validity.isValid($0) ? UInt64(bitPattern: integers[$0] &- base) : 0
        }
      }
    }
  }

  static func encode(
    floats: UnsafePointer<Double>, validity: ColumnValidity, count: Int
  ) -> [UInt8]? {
    let nullCount = validity.nullCount(rowCount: count)
    if nullCount == count { return nil }
    var header = ColumnHeader(encoding: .plain, type: .float, rowCount: count, nullCount: nullCount)
    var minimum = Double.infinity
    var maximum = -Double.infinity
    var hasNaN = false
    var firstBits: UInt64?
    var isConstant = true
    for row in 0..<count where validity.isValid(row) {
      let number = floats[row]
      if number < minimum { minimum = number }
      if number > maximum { maximum = number }
      if number.isNaN { hasNaN = true }
      if let firstBits {
        if number.bitPattern != firstBits { isConstant = false }
      } else {
        firstBits = number.bitPattern
      }
    }
    // A NaN is neither below nor above a bound, so a zone map says nothing about such a segment.
    if !hasNaN { header.bounds = (ColumnBound(minimum), ColumnBound(maximum)) }
    if isConstant, let firstBits {
      header.encoding = .constant
      header.base = Int64(bitPattern: firstBits)
      return header.chunk(dataSize: 0, validity: validity) { _ in }
    }
    if !hasNaN {
      let decimal = withUnsafeTemporaryAllocation(of: Int64.self, capacity: count) {
        decimals -> [UInt8]? in
        guard let coefficients = decimals.baseAddress,
          let scale = DecimalScale.find(
            floats, validity: validity, count: count, coefficients: coefficients)
        else { return nil }
        let range = range(of: coefficients, validity: validity, count: count)
        guard width(range) < 64 else { return nil }
        header.encoding = .frameOfReference
        header.scale = scale
        return encode(
          frameOfReference: coefficients, range: range, header: header, validity: validity)
      }
      if let decimal { return decimal }
    }
    header.encoding = .plain
    header.scale = 0
    return header.chunk(dataSize: 8 * count, validity: validity) { data in
      for row in 0..<count where validity.isValid(row) {
        data.storeBytes(
          of: floats[row].bitPattern.littleEndian, toByteOffset: 8 * row, as: UInt64.self)
      }
    }
  }

  /// Whole seconds as one frame of reference, else seconds and nanoseconds.
  static func encode(
    localDateTimes: UnsafePointer<LocalDateTime>, validity: ColumnValidity, count: Int
  ) -> [UInt8]? {
    let nullCount = validity.nullCount(rowCount: count)
    if nullCount == count { return nil }
    var header = ColumnHeader(
      encoding: .frameOfReference, type: .localDateTime, rowCount: count, nullCount: nullCount)
    var bounds: (minimum: LocalDateTime, maximum: LocalDateTime)?
    var isWhole = true
    for row in 0..<count where validity.isValid(row) {
      let moment = localDateTimes[row]
      if moment.nanoseconds != 0 { isWhole = false }
      if let (minimum, maximum) = bounds {
        if moment < minimum { bounds = (moment, maximum) }
        if maximum < moment { bounds = (minimum, moment) }
      } else {
        bounds = (moment, moment)
      }
    }
    guard let bounds else { return nil }
    let (minimum, maximum) = bounds
    header.bounds = (
      ColumnBound(minimum.seconds, nanoseconds: minimum.nanoseconds),
      ColumnBound(maximum.seconds, nanoseconds: maximum.nanoseconds)
    )
    if minimum == maximum {
      header.encoding = .constant
      header.base = minimum.seconds
      header.extra = UInt32(bitPattern: minimum.nanoseconds)
      return header.chunk(dataSize: 0, validity: validity) { _ in }
    }
    if isWhole {
      return withUnsafeTemporaryAllocation(of: Int64.self, capacity: count) { seconds in
        guard let base = seconds.baseAddress else { return nil }
        for row in 0..<count { base[row] = validity.isValid(row) ? localDateTimes[row].seconds : 0 }
        return encode(
          frameOfReference: base, range: minimum.seconds...maximum.seconds, header: header,
          validity: validity)
      }
    }
    header.encoding = .plain
    return header.chunk(
      dataSize: 8 * count + ChunkFormat.align(4 * count), validity: validity
    ) { data in
      for row in 0..<count where validity.isValid(row) {
        let moment = localDateTimes[row]
        data.storeBytes(of: moment.seconds.littleEndian, toByteOffset: 8 * row, as: Int64.self)
        data.storeBytes(
          of: moment.nanoseconds.littleEndian, toByteOffset: 8 * count + 4 * row, as: Int32.self)
      }
    }
  }
}

/// Floats that are short decimal numbers, such as prices: `Double(k) / 10^scale` for an integer k.
/// The quotient of two exact numbers is correctly rounded, as is the reading of a decimal literal,
/// so every literal with at most `scale` places and |k| < 2^53 is found.
enum DecimalScale {
  static let maximum = 6
  static let powers: [Double] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]
  private static let limit = 9_007_199_254_740_992.0

  /// The smallest scale for all valid rows, and their k; nil if there is none.
  static func find(
    _ floats: UnsafePointer<Double>, validity: ColumnValidity, count: Int,
    coefficients: UnsafeMutablePointer<Int64>
  ) -> Int? {
    var scale = 0
    for row in 0..<count where validity.isValid(row) {
      while coefficient(floats[row], powers[scale]) == nil {
        if scale == maximum { return nil }
        scale += 1
      }
    }
    let power = powers[scale]
    for row in 0..<count {
      coefficients[row] = 0
      if validity.isValid(row) {
        // Again for all: what was exact with fewer places may be out of range with more.
        guard let coefficient = coefficient(floats[row], power) else { return nil }
        coefficients[row] = coefficient
      }
    }
    return scale
  }

  /// k, if the number is bit for bit `Double(k) / power`. Never for -0.0, NaN and infinities.
  @inline(__always)
  private static func coefficient(_ number: Double, _ power: Double) -> Int64? {
    let product = number * power
    guard product.magnitude < limit else { return nil }
    let coefficient = Int64(product + (product < 0 ? -0.5 : 0.5))
    return (Double(coefficient) / power).bitPattern == number.bitPattern ? coefficient : nil
  }
}
