internal import GraphTypes

extension StoreCheck {
  /// Format, names and counts.
  func checkTables() throws(StoreError) {
    try checkMeta()
    checkNames()
    checkCounts()
    nodes = RowSet(count: rowCount("nodes", counts.nodeRows))
    relationships = names(.relationshipType).enumerated().map { type, name in
      RowSet(
        count: rowCount(
          "relationships \(name)",
          type < counts.relationshipRows.count ? counts.relationshipRows[type] : 0))
    }
  }

  func names(_ kind: NameKind) -> [String] { names[Int(kind.rawValue)] }

  /// - Throws: when the format is not ours.
  private func checkMeta() throws(StoreError) {
    var meta: [String: [UInt8]] = [:]
    for entry in entries[.meta] ?? [] {
      meta[String(decoding: entry.key, as: UTF8.self)] = Array(entry.value.prefix(64))
    }
    do throws(StoreError) {
      try FileFormat.check(meta, path: path)
    } catch {
      // A file that is damaged already may have lost its name tag.
      if error.code != .damaged, report.findingCount == 0 { throw error }
      found(.meta, error.message)
    }
    if meta["pageSize"].map({ $0.withUnsafeBytes { $0.count == 4 ? $0.number(0) : 0 } })
      != UInt32(file.pageSize)
    {
      found(.meta, "pageSize is not that of the file")
    }
  }

  private func checkNames() {
    for entry in entries[.catalogue] ?? [] {
      guard entry.key.count == 5, let kind = NameKind(rawValue: entry.key[0]),
        let id = Key.number(entry.key, at: 1, bytes: 4)
      else {
        found(.catalogue, "an entry has an unknown key")
        continue
      }
      let place = Int(kind.rawValue)
      if id != UInt64(names[place].count) {
        found(.catalogue, "the id behind \(names[place].count) of the \(kind)s is \(id)")
      }
      if id >= 1 << 20 { continue }
      while UInt64(names[place].count) < id { names[place].append("#\(names[place].count)") }
      guard let name = String(validating: entry.value, as: UTF8.self) else {
        found(.catalogue, "the name of \(kind) \(id) is not UTF-8")
        names[place].append("#\(id)")
        continue
      }
      names[place].append(name)
    }
    for kind in NameKind.allCases {
      var table = NameTable()
      for name in names(kind) {
        if table.id(of: name) != nil { found(.catalogue, "the \(kind) \(name) is there twice") }
        _ = table.append(name)
      }
    }
    examined("names", names.reduce(0) { $0 + $1.count })
  }

  private func checkCounts() {
    for entry in entries[.counts] ?? [] {
      do throws(StoreError) {
        try counts.read(key: entry.key, value: entry.value)
      } catch {
        found(.counts, error.message)
      }
    }
    if counts.labelled.count > names(.label).count
      || max(counts.relationships.count, counts.relationshipRows.count)
        > names(.relationshipType).count
    {
      found(.counts, "there are counts for labels or types without a name")
    }
    counts.grow(labels: names(.label).count, types: names(.relationshipType).count)
  }

  /// A number of rows, of at most as many as there can be.
  private func rowCount(_ table: String, _ count: Int) -> Int {
    if count > Int(UInt32.max) {
      found(.counts, "the table of \(table) cannot have \(count) rows")
      return 0
    }
    return count
  }

  /// Compares a count with what has been found; nothing is said about what was not all read.
  func compare(_ what: String, counted: Int, found isThere: Int, isWhole: Bool) {
    if isWhole, counted != isThere {
      found(.counts, "\(what): \(counted) are counted, but there are \(isThere)")
    }
  }
}
