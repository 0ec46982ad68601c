import Foundation

/// The executables that were built together with the tests that are running.
package enum BuiltProducts {
  /// The build folder: the one that has the test bundle (or, where tests are one executable, that).
  package static let folder: URL? = {
    for argument in CommandLine.arguments {
      var url = URL(fileURLWithPath: argument)
      while url.path != "/" {
        if url.pathExtension == "xctest" { return url.deletingLastPathComponent() }
        url.deleteLastPathComponent()
      }
    }
    return Bundle.main.executableURL?.deletingLastPathComponent()
  }()

  /// Nil when the product has not been built.
  package static func url(_ name: String) -> URL? {
    guard let url = folder?.appendingPathComponent(name) else { return nil }
    return FileManager.default.isExecutableFile(atPath: url.path) ? url : nil
  }

  /// The command line tool.
  package static var tropa: URL? { url("tropa") }
}
