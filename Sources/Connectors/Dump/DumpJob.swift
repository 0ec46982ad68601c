internal import GraphColumns
package import GraphStore
internal import GraphTypes

/// Writes a state of a database as text: a line of JSON for each node and relationship.
///
/// ```
/// {"tropa":{"dump":1,"nodes":2,"relationships":1}}
/// {"node":0,"labels":["Client"],"properties":{"id":1,"since":{"$date":"2026-01-31"}}}
/// {"node":1,"labels":[],"properties":{}}
/// {"type":"KNOWS","start":0,"end":1,"properties":{}}
/// {"schema":"CREATE RANGE INDEX …"}
/// {"end":{"nodes":2,"relationships":1}}
/// ```
package struct DumpJob {
  package struct Summary: Sendable {
    package var nodes = 0
    package var relationships = 0
    /// Of the file.
    package var bytes = 0
  }
  /// Of the layout of lines.
  static let format: Int64 = 1
  private static let flushSize = 1 << 20

  private let reader: GraphReader
  private let schema: [String]

  /// - Parameter schema: statements that make the indexes and constraints of the state.
  package init(_ reader: GraphReader, schema: [String]) {
    self.reader = reader
    self.schema = schema
  }

  /// - Parameters:
  ///   - write: is given text, up to some megabytes at once.
  ///   - progress: called with the numbers of rows that are done.
  /// - Throws: `StoreError`, and what `write` throws. The memory used does not depend on the graph.
  package func run(
    progress: ((Int) -> Void)? = nil, write: ([UInt8]) throws -> Void
  ) throws -> Summary {
    var summary = Summary()
    var text = DumpText()
    func flush(atLeast size: Int) throws {
      if text.bytes.count < size { return }
      try write(text.bytes)
      summary.bytes += text.bytes.count
      text.removeAll()
      progress?(summary.nodes + summary.relationships)
    }
    text.put("{\"tropa\":{\"dump\":")
    text.put(digits: Self.format)
    text.put(",\"nodes\":")
    text.put(digits: Int64(reader.nodeCount))
    text.put(",\"relationships\":")
    text.put(digits: Int64(reader.relationshipCount))
    text.put("}}\n")
    try writeNodes { (body) throws in
      body(&text)
      summary.nodes += 1
      try flush(atLeast: Self.flushSize)
    }
    for type in reader.relationshipTypeNames.indices {
      try writeRelationships(RelationshipTypeID(UInt32(type))) { (body) throws in
        body(&text)
        summary.relationships += 1
        try flush(atLeast: Self.flushSize)
      }
    }
    if let damage = reader.damage { throw damage }
    for statement in schema {
      text.put("{\"schema\":")
      text.put(string: statement)
      text.put("}\n")
    }
    text.put("{\"end\":{\"nodes\":")
    text.put(digits: Int64(summary.nodes))
    text.put(",\"relationships\":")
    text.put(digits: Int64(summary.relationships))
    text.put("}}\n")
    try flush(atLeast: 1)
    return summary
  }

  /// A property of a batch: its name as a member of JSON, and its values.
  private struct Property {
    var name: [UInt8]
    var values: Vector
  }

  private var names: [[UInt8]] {
    reader.propertyKeyNames.map { name in
      var text = DumpText()
      text.put(string: name)
      text.put(":")
      return text.bytes
    }
  }

  private static func write(_ properties: [Property], _ row: Int, to text: inout DumpText) {
    text.put(",\"properties\":{")
    var isFirst = true
    for property in properties where !property.values.isNull(row) {
      if !isFirst { text.put(",") }
      isFirst = false
      text.put(raw: property.name)
      text.put(property.values, row)
    }
    text.put("}}\n")
  }

  private func properties(
    _ names: [[UInt8]], _ gather: (PropertyKeyID) throws -> Vector
  ) rethrows -> [Property] {
    var properties: [Property] = []
    for (key, name) in names.enumerated() {
      let values = try gather(PropertyKeyID(UInt32(key)))
      // What nobody of the batch has is a constant.
      if values.isConstant, values.isNull(0) { continue }
      properties.append(Property(name: name, values: values))
    }
    return properties
  }

  private func writeNodes(_ row: ((inout DumpText) -> Void) throws -> Void) throws {
    let names = names
    var labelTexts: [[LabelID]: [UInt8]] = [:]
    let nodes = UnsafeMutablePointer<NodeID>.allocate(capacity: Segments.rowCount)
    defer { nodes.deallocate() }
    for segment in 0..<reader.nodeSegmentCount {
      let count = reader.scanNodes(segment: segment, labels: [], into: nodes)
      let properties = try properties(names) { try reader.gather($0, nodes: nodes, count: count) }
      for index in 0..<count {
        let labels = reader.labels(of: nodes[index])
        let labelText = labelTexts[labels] ?? text(labels)
        labelTexts[labels] = labelText
        try row { text in
          text.put("{\"node\":")
          text.put(digits: Int64(nodes[index].rawValue))
          text.put(",\"labels\":")
          text.put(raw: labelText)
          Self.write(properties, index, to: &text)
        }
      }
    }
  }

  private func text(_ labels: [LabelID]) -> [UInt8] {
    var text = DumpText()
    text.put(.list(labels.map { .string(reader.name(of: $0)) }))
    return text.bytes
  }

  private func writeRelationships(
    _ type: RelationshipTypeID, _ row: ((inout DumpText) -> Void) throws -> Void
  ) throws {
    if reader.relationshipCount(type: type) == 0 { return }
    let names = names
    var head = DumpText()
    head.put("{\"type\":")
    head.put(string: reader.name(of: type))
    head.put(",\"start\":")
    var batch: [RelationshipRef] = []
    func writeBatch() throws {
      let properties = try properties(names) {
        try reader.gather($0, relationships: batch, count: batch.count)
      }
      for (index, relationship) in batch.enumerated() {
        try row { text in
          text.put(raw: head.bytes)
          text.put(digits: Int64(relationship.start.rawValue))
          text.put(",\"end\":")
          text.put(digits: Int64(relationship.end.rawValue))
          Self.write(properties, index, to: &text)
        }
      }
      batch.removeAll(keepingCapacity: true)
    }
    let adjacency = try reader.adjacency(type, .outgoing)
    for node in 0..<UInt64(reader.nodeRowCount) {
      let start = NodeID(node)
      try adjacency.forEachRun(of: start) { run in
        for index in 0..<run.count {
          batch.append(
            RelationshipRef(
              id: RelationshipID(type: type, row: UInt64(run.row(index))), start: start,
              end: NodeID(UInt64(run.neighbours[index]))))
          if batch.count == Vector.batchCapacity { try writeBatch() }
        }
      }
    }
    if !batch.isEmpty { try writeBatch() }
  }
}
