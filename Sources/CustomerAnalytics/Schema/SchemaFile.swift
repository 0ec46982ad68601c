import Foundation
import Tropa
import Yams

/// A mapping in a YAML file: the keys of `schema`, one a line, or under a key `schema`.
///
/// ```yaml
/// clientLabel: Household
/// amountProperty: sales_value
/// ```
enum SchemaFile {
  /// - Parameter path: relative to the working directory of the process.
  /// - Throws: `QueryError` that names the file and, where one is to blame, the line.
  static func read(_ path: String) throws(QueryError) -> [String: Value] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw QueryError(
        .argumentError, "InvalidSchemaFile", "the schema file `\(path)` cannot be read",
        hint: "give the path of a YAML file in UTF-8, or the mapping itself: "
          + "schema: {clientLabel: 'Household'}")
    }
    return try mapping(text, path)
  }

  private static func mapping(_ text: String, _ path: String) throws(QueryError) -> [String: Value]
  {
    func wrong(_ message: String, _ node: Yams.Node? = nil) -> QueryError {
      let line = node?.mark.map { ", line \($0.line)" } ?? ""
      return QueryError(
        .argumentError, "InvalidSchemaFile", "\(path)\(line): \(message)",
        hint: "write lines such as `clientLabel: Household`")
    }
    let parsed: Yams.Node?
    do {
      parsed = try Yams.compose(yaml: text)
    } catch {
      throw wrong("this is not YAML: \(error)")
    }
    guard let parsed else { return [:] }
    guard var pairs = parsed.mapping else { throw wrong("a mapping is expected", parsed) }
    if pairs.count == 1, let inner = pairs["schema"] {
      guard let mapping = inner.mapping else { throw wrong("`schema` is no mapping", inner) }
      pairs = mapping
    }
    var result: [String: Value] = [:]
    for (key, value) in pairs {
      let name = key.string ?? ""
      let entry: Value
      if value.null != nil {
        entry = .null
      } else if let text = value.string {
        entry = .string(text)
      } else {
        throw wrong("the value of `\(name)` is no name", value)
      }
      do throws(QueryError) {
        _ = try CustomerSchema.checked([name: entry])
      } catch {
        throw QueryError(
          error.kind, error.detail,
          "\(path)\(key.mark.map { ", line \($0.line)" } ?? ""): \(error.message)",
          hint: error.hint)
      }
      result[name] = entry
    }
    return result
  }
}
