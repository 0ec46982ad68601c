import Tropa

/// A stored query: Cypher statements behind a heading in comments that says what it answers.
///
/// ```
/// // ---
/// // name: at-risk-clients
/// // description: Good clients who have been silent for longer than they used to be.
/// // parameters:
/// //   days:
/// //     type: INTEGER
/// //     default: 90
/// //     description: silence in days
/// // write: false
/// // ---
/// MATCH (c:Client) … RETURN …;
/// ```
///
/// The heading is YAML. Defaults are Cypher expressions, evaluated when the query runs. The rows of
/// the last statement are the result.
package struct QueryFile: Sendable {
  package struct Parameter: Sendable {
    package var name: String
    /// Cypher's name of the type, for people.
    package var type: String?
    /// A Cypher expression; nil: must be given.
    package var defaultExpression: String?
    package var description: String?
  }

  package var path: String
  package var name: String
  package var description: String
  package var parameters: [Parameter]
  /// Whether it may change the graph.
  package var writes: Bool
  package var text: String

  /// Reads the text of a file.
  ///
  /// - Throws: `QueryFileError` that names file, line and key.
  package init(path: String, text: String) throws {
    self.path = path
    self.text = text
    let heading = try Heading(path: path, text: text)
    let fileName = path.split(separator: "/").last.map(String.init) ?? path
    name = heading.name ?? String(fileName.prefix { $0 != "." })
    description = heading.description ?? ""
    parameters = heading.parameters
    writes = heading.writes
  }
}

/// A query file that cannot be used, with the place and the remedy.
package struct QueryFileError: Error, CustomStringConvertible, Sendable {
  package var path: String
  package var line: Int?
  package var message: String
  /// Whether the message names the place already.
  package var isRendered = false
  package var description: String {
    isRendered ? message : "\(path)\(line.map { ":\($0)" } ?? ""): \(message)"
  }
}
