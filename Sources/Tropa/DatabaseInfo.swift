internal import GraphStore

/// What is in a database and how large it is.
public struct DatabaseInfo: Sendable {
  public struct Count: Sendable {
    public var name: String
    public var count: Int
  }
  public struct Structure: Sendable {
    public var name: String
    public var entries: Int
    public var bytes: Int
  }
  public var path: String
  public var format: Int
  public var nodes: Int
  public var relationships: Int
  public var labels: [Count]
  public var relationshipTypes: [Count]
  public var propertyKeys: [String]
  /// In bytes.
  public var fileSize: Int
  public var freeBytes: Int
  public var pageSize: Int
  public var readers: Int
  public var structures: [Structure]
}

extension Database {
  /// Counts and sizes.
  public func info() throws(QueryError) -> DatabaseInfo {
    do throws(StoreError) {
      let reader = try store.snapshot()
      let store = try store.storeInfo()
      return DatabaseInfo(
        path: store.path, format: store.format, nodes: reader.nodeCount,
        relationships: reader.relationshipCount,
        labels: reader.labelNames.compactMap { name in
          reader.labelID(name).map { .init(name: name, count: reader.nodeCount(label: $0)) }
        },
        relationshipTypes: reader.relationshipTypeNames.compactMap { name in
          reader.relationshipTypeID(name).map {
            .init(name: name, count: reader.relationshipCount(type: $0))
          }
        }, propertyKeys: reader.propertyKeyNames, fileSize: store.fileSize,
        freeBytes: store.freeBytes, pageSize: store.pageSize, readers: store.readers,
        structures: store.structures.map {
          .init(name: $0.name, entries: $0.entries, bytes: $0.bytes)
        })
    } catch {
      throw QueryError(error)
    }
  }
}
