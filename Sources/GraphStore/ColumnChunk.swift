package import GraphColumns
package import GraphTypes

// CONTRACT between the chunk codecs and the store. A column chunk holds the values of one property
// key over one segment (up to `Segments.rowCount` rows) in an encoding that is read in place.

/// Builds the bytes of a column chunk, choosing the narrowest encoding.
package enum ColumnEncoder {
  /// - Returns: nil when all values are null: such a chunk is not stored.
  /// - Throws: `QueryError` (TypeError, InvalidPropertyType) for values that no property can have
  ///   (maps, nodes, lists of lists or of mixed kinds).
  package static func encode(_ values: [Value]) throws(QueryError) -> [UInt8]? {
    fatalError("contract")
  }
}

/// A column chunk where it lies. Does not own its bytes: valid as long as they are.
package struct ColumnChunk {
  package let bytes: UnsafeRawBufferPointer

  /// Reads the header and checks that all offsets stay inside. `verifyingChecksum` also reads all
  /// bytes.
  package init(_ bytes: UnsafeRawBufferPointer, verifyingChecksum: Bool = false) throws(StoreError) {
    fatalError("contract")
  }
  /// The vector type that the encoding decodes to; `.any` for mixed and nested values.
  package var vectorType: VectorType { fatalError("contract") }
  package var rowCount: Int { fatalError("contract") }
  package var nullCount: Int { fatalError("contract") }
  /// Zone map: smallest and largest value by `Value.order` among numbers, dates, date-times and
  /// strings (strings may be cut to a prefix; the bounds then still bound). Nil for other types.
  package var bounds: (minimum: Value, maximum: Value)? { fatalError("contract") }

  package func value(at row: Int) -> Value { fatalError("contract") }
  package func decoded() -> [Value] { fatalError("contract") }

  /// Copies rows `rows[i]` into rows `start + i` of a vector of type `vectorType` (or `.any`).
  /// Strings go by reference into `bytes`; rows beyond `rowCount` are null.
  package func gather(
    rows: UnsafePointer<UInt16>, count: Int, into vector: Vector, at start: Int
  ) { fatalError("contract") }
}
