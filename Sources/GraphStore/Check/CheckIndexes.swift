extension StoreCheck {
  /// Range indexes and constraints against the data, read as a program reads it: only of a file that
  /// is sound otherwise.
  func checkIndexes() throws(StoreError) {
    var options = StoreOptions()
    options.access = .readOnly
    options.createIfMissing = false
    let store = try Store.open(path, options: options)
    defer { store.close() }
    let reader = try store.snapshot()
    if reader.schema.indexes.isEmpty, reader.schema.constraints.isEmpty { return }
    let check = IndexCheck(
      reader: reader, found: { self.found($0, $1) },
      checkCancelled: { () throws(StoreError) in try self.checkCancelled() })
    let entries = try check.run()
    examined("index entries", entries)
  }
}
