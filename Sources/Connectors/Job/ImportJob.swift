import Foundation
package import GraphStore

/// An import from text files: which files, how they are written, where they go.
package struct ImportJob {
  /// Node files with neo4j-admin headers. Several files are one table: the first has the header.
  package struct NodeSource: Sendable {
    package var labels: [String]
    /// Paths, lists `a.csv,b.csv` and patterns `part-*.csv.gz`.
    package var files: [String]
    package init(labels: [String] = [], files: [String]) {
      self.labels = labels
      self.files = files
    }
    /// Reads `Client=clients.csv`, `Client:Person=a.csv,b.csv` or `clients.csv`.
    package init(argument: String) {
      let (name, files) = ImportJob.split(argument)
      self.init(labels: (name ?? "").split(separator: ":").map(String.init), files: [files])
    }
  }
  package struct RelationshipSource: Sendable {
    package var type: String?
    package var files: [String]
    package init(type: String? = nil, files: [String]) {
      self.type = type
      self.files = files
    }
    /// Reads `PURCHASED=purchases.csv` or `purchases.csv`.
    package init(argument: String) {
      let (name, files) = ImportJob.split(argument)
      self.init(type: name, files: [files])
    }
  }
  package enum OnError: String, Sendable, CaseIterable { case stop, skip }

  package struct Options {
    package var nodes: [NodeSource] = []
    package var relationships: [RelationshipSource] = []
    /// A YAML file instead of `nodes` and `relationships`; see `Mapping`.
    package var mapping: String?
    /// Where relative paths of files begin; for a mapping, nil is the mapping's own folder.
    package var inputFolder: String?
    /// Indexes and unique constraints to be made from what has been read.
    package var schema: [SchemaArgument] = []
    package var format = TextFormat()
    package var onError = OnError.stop
    /// Where bad rows go, a file for each input file; nil: nowhere.
    package var rejectFolder: String?
    /// Threads that parse, beside the one that calls.
    package var threads = 2
    package var blockSize = 4 << 20
    /// Called by the calling thread, once a block.
    package var progress: ((ImportProgress) -> Void)?
    /// Asked once a block.
    package var isCancelled: (() -> Bool)?
    package init() {}
  }

  package var options: Options

  package init(_ options: Options) { self.options = options }

  private static func split(_ argument: String) -> (String?, String) {
    guard let equals = argument.firstIndex(of: "=") else { return (nil, argument) }
    return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
  }

  /// Imports into a new database.
  ///
  /// - Throws: `ImportError` for what is wrong with the input, `StoreError` for what is wrong with
  ///   the database. The place of the database is then as it was.
  package func run(creating path: String) throws -> ImportSummary {
    try run(into: try BulkLoader(creating: path))
  }

  /// Adds to a database, in one transaction.
  package func run(addingTo store: Store) throws -> ImportSummary {
    try run(into: try BulkLoader(addingTo: store))
  }

  package func run(into sink: any ImportSink) throws -> ImportSummary {
    let start = ContinuousClock.now
    let run = ImportRun(sink: sink, options: options)
    do {
      if let mapping = options.mapping {
        try MappingImport(run, file: mapping).importAll()
      } else {
        if options.nodes.isEmpty && options.relationships.isEmpty {
          throw ImportError("there is nothing to import: no node, relationship or mapping file")
        }
        try HeaderImport(run).importAll()
      }
      try run.finish()
    } catch {
      run.closeRejects()
      sink.cancel()
      throw error
    }
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    run.summary.seconds = Double(seconds) + Double(attoseconds) * 1e-18
    return run.summary
  }
}
