internal import CypherExecution
package import GraphStore

extension Database {
  /// The newest state, and the statements that make its indexes and constraints.
  package func snapshot() throws(QueryError) -> (reader: GraphReader, schema: [String]) {
    do throws(StoreError) {
      let reader = try store.snapshot()
      return (reader, SchemaText(reader).statements)
    } catch {
      throw QueryError(error)
    }
  }
}
