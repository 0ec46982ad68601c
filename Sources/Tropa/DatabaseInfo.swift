internal import GraphStore

/// What is in a database and how large it is. Sizes are in bytes.
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
  /// What the values of a property, or the neighbour lists of a type take.
  public struct Size: Sendable {
    public var name: String
    /// Of a property of relationships: their type.
    public var type: String?
    public var bytes: Int
  }
  /// A process that has the database open and reads, or has read.
  public struct Reader: Sendable {
    public var process: Int
    /// Such as `process 4711 (tropa shell shop.tropa)`.
    public var name: String
    /// Commits since the state that it reads: what these have freed cannot be used again before it
    /// ends. Nil when it does not read just now.
    public var lag: Int?
  }
  public var path: String
  public var format: Int
  public var nodes: Int
  public var relationships: Int
  public var labels: [Count]
  public var relationshipTypes: [Count]
  public var propertyKeys: [String]
  /// Statements that make the indexes and constraints.
  public var schema: [String]
  public var fileSize: Int
  public var freeBytes: Int
  public var pageSize: Int
  /// Since the file was made.
  public var commits: Int
  /// Of other processes.
  public var readers: [Reader]
  /// The trees of the file; `delta` has the changes that are not yet in the chunks.
  public var structures: [Structure]
  public var properties: [Size]
  public var lists: [Size]
}

extension Database {
  /// Counts and sizes.
  public func info() throws(QueryError) -> DatabaseInfo {
    let (reader, schema) = try snapshot()
    do throws(StoreError) {
      let info = try store.storeInfo()
      // The file may be a commit ahead of the names.
      func key(_ column: StoreInfo.Column) -> String? {
        let names = reader.propertyKeyNames
        return Int(column.key.rawValue) < names.count ? names[Int(column.key.rawValue)] : nil
      }
      let types = reader.relationshipTypeNames
      return DatabaseInfo(
        path: store.path, format: info.format, nodes: reader.nodeCount,
        relationships: reader.relationshipCount,
        labels: reader.labelNames.compactMap { name in
          reader.labelID(name).map { .init(name: name, count: reader.nodeCount(label: $0)) }
        },
        relationshipTypes: types.compactMap { name in
          reader.relationshipTypeID(name).map {
            .init(name: name, count: reader.relationshipCount(type: $0))
          }
        }, propertyKeys: reader.propertyKeyNames, schema: schema, fileSize: info.fileSize,
        freeBytes: info.freeBytes, pageSize: info.pageSize, commits: info.commits,
        readers: info.readers.map {
          .init(process: Int($0.process), name: $0.name, lag: $0.lag)
        },
        structures: info.structures.map {
          .init(name: $0.name, entries: $0.entries, bytes: $0.bytes)
        },
        properties: info.columns.compactMap { column in
          guard let name = key(column) else { return nil }
          let type = column.type.map { Int($0.rawValue) }
          if let type, type >= types.count { return nil }
          return .init(name: name, type: type.map { types[$0] }, bytes: column.bytes)
        },
        lists: info.lists.compactMap { list in
          let type = Int(list.type.rawValue)
          return type < types.count ? .init(name: types[type], bytes: list.bytes) : nil
        })
    } catch {
      throw QueryError(error)
    }
  }
}
