/// Which files this program reads, by the entries of the tree `meta`.
enum FileFormat {
  /// - Throws: `notADatabase`, `newerFormat`, `olderFormat`, `damaged`.
  static func check(_ entries: [String: [UInt8]], path: String) throws(StoreError) {
    guard let magic = entries["magic"], magic.elementsEqual(Tree.magic.utf8) else {
      throw StoreError(
        .notADatabase, "cannot open the database \(path): it is not a Tropa database",
        hint: "name the file that `tropa import` made")
    }
    let format = try number("format", entries, path)
    if format > Tree.format {
      throw StoreError(
        .newerFormat,
        "the database \(path) has format \(format), this program reads up to \(Tree.format)",
        hint: "use a newer version of Tropa, or dump it there and load the dump here")
    }
    if format < Tree.format {
      throw StoreError(
        .olderFormat,
        "the database \(path) has format \(format), this program reads \(Tree.format)",
        hint: "use the version of Tropa that wrote it to dump it, and load the dump here")
    }
    for (name, expected) in Environment.segmentRows {
      let rows = try number(name, entries, path)
      if rows != expected {
        throw StoreError(
          .newerFormat,
          "the database \(path) has segments of \(rows) rows (\(name)), this program reads "
            + "\(expected)",
          hint: "use the version of Tropa that wrote it to dump it, and load the dump here")
      }
    }
  }

  private static func number(
    _ name: String, _ entries: [String: [UInt8]], _ path: String
  ) throws(StoreError) -> UInt32 {
    guard let bytes = entries[name], bytes.count == 4 else {
      throw StoreError(
        .damaged, "the database \(path) is damaged: its \(name) is missing",
        hint: "restore it from a backup")
    }
    return bytes.withUnsafeBytes { $0.number(0) }
  }
}
