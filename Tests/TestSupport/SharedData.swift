import Foundation

/// The real data that some tests use: the folder `shared` beside the package. It is not part of the
/// repository, so such tests are skipped with `missing` as the reason where it is not there.
package enum SharedData {
  package static let packageRoot: URL? = {
    var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    while folder.path != "/" {
      let manifest = folder.appendingPathComponent("Package.swift")
      if FileManager.default.fileExists(atPath: manifest.path) { return folder }
      folder.deleteLastPathComponent()
    }
    return nil
  }()

  /// A file or folder below `shared`, for example `tck` or `data/cdnow`; nil when it is missing.
  package static func url(_ path: String) -> URL? {
    guard let packageRoot else { return nil }
    let url = packageRoot.deletingLastPathComponent().appendingPathComponent("shared/\(path)")
    return FileManager.default.fileExists(atPath: url.path) ? url : nil
  }

  /// The comment of a skipped test.
  package static func missing(_ path: String) -> String {
    "needs the folder shared/\(path) beside the package, which is not there"
  }
}
