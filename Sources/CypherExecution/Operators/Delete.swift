internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.delete`: relationships first, so that nodes and their relationships may come in any order.
final class Delete: EagerWrite {
  private let expressions: [CompiledExpression]
  private let detach: Bool
  /// Of the expressions, in the text.
  private let range: Range<Int>?

  init(
    _ plan: Plan, _ expressions: [BoundExpression], detach: Bool, input: Operator,
    context: ExecutionContext
  ) throws {
    self.expressions = try expressions.map {
      try CompiledExpression($0, layout: input.layout, context: context)
    }
    self.detach = detach
    let ranges = expressions.compactMap { context.places?.place(of: $0, as: "DELETE") }
    range = ranges.first.map { first in
      ranges.reduce(first) {
        min($0.lowerBound, $1.lowerBound)..<max($0.upperBound, $1.upperBound)
      }
    }
    super.init(plan, inputs: [input], layout: input.layout, context: context)
  }

  override func write(_ rows: RowBuffer, _ writer: GraphWriter) throws -> RowBuffer {
    try placing(at: range) { try delete(rows, writer) }
    return rows
  }

  private func delete(_ rows: RowBuffer, _ writer: GraphWriter) throws {
    var account = MemoryAccount(context.control, purpose: "Delete")
    var reader = rows.reader()
    var nodes: [NodeID] = []
    var relationships: [RelationshipRef] = []
    while let batch = try reader.next() {
      for expression in expressions {
        let column = try expression.evaluate(batch)
        for row in 0..<batch.count where !column.isNull(row) {
          switch column.type {
          case .node: nodes.append(column.nodes[column.physical(row)])
          case .relationship:
            relationships.append(column.relationships[column.physical(row)])
          default:
            switch column.boxed(row) {
            case .node(let node): nodes.append(node.id)
            case .relationship(let value):
              relationships.append(try EntityColumn.stored(value))
            case .path(let path):
              nodes += path.nodes.map(\.id)
              relationships += try path.relationships.map { try EntityColumn.stored($0) }
            case let other:
              throw QueryError(
                .typeError, "InvalidArgumentType",
                "only nodes, relationships and paths can be deleted, not "
                  + other.typeNameWithArticle)
            }
          }
        }
      }
      try account.update(
        to: nodes.capacity * 2 * MemoryLayout<NodeID>.stride
          + relationships.capacity * MemoryLayout<RelationshipRef>.stride)
    }
    for (index, relationship) in relationships.enumerated() {
      if index & 0xFFF == 0xFFF { try context.control.check() }
      try writer.delete(relationship)
    }
    for (index, node) in nodes.uniqued().enumerated() {
      if index & 0xFF == 0xFF { try context.control.check() }
      try writer.delete(node, detach: detach)
    }
  }
}
