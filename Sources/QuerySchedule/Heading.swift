import Tropa
import Yams

/// The YAML between `// ---` lines at the top of a query file.
struct Heading {
  var name: String?
  var description: String?
  var parameters: [QueryFile.Parameter] = []
  var writes = false

  /// Keys that later versions read are accepted, so that a file works in both.
  private static let knownKeys = [
    "name", "description", "owner", "schedule", "parameters", "output", "outputs", "timeout",
    "retries", "depends-on", "on-failure", "write", "expect", "columns", "catch-up", "overlap",
  ]
  private static let knownParameterKeys = ["type", "default", "description"]

  init(path: String, text: String) throws {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var content: [Substring] = []
    var start: Int?
    var isClosed = false
    for (index, line) in lines.enumerated() {
      guard let comment = Self.comment(line) else {
        if start == nil, line.allSatisfy(\.isWhitespace) { continue }
        break
      }
      if comment.allSatisfy({ $0 == "-" || $0 == " " }), comment.contains("---") {
        if start != nil {
          isClosed = true
          break
        }
        start = index
      } else if start != nil {
        content.append(comment)
      }
    }
    guard let start else { return }
    guard isClosed else {
      throw QueryFileError(
        path: path, line: start + 1, message: "the heading has no closing line `// ---`")
    }
    try read(content.joined(separator: "\n"), path: path, firstLine: start + 2)
  }

  /// What stands behind `//` and one space; nil for other lines.
  private static func comment(_ line: Substring) -> Substring? {
    let line = line.last == "\r" ? line.dropLast() : line
    guard line.hasPrefix("//") else { return nil }
    let rest = line.dropFirst(2)
    return rest.first == " " ? rest.dropFirst() : rest
  }

  private mutating func read(_ yaml: String, path: String, firstLine: Int) throws {
    let node: Yams.Node?
    do {
      node = try Yams.compose(yaml: yaml)
    } catch let error as YamlError {
      throw QueryFileError(
        path: path, line: firstLine, message: "the heading is not YAML: \(error)")
    }
    guard let node else { return }
    func place(_ node: Yams.Node) -> Int? { node.mark.map { $0.line + firstLine - 1 } }
    guard let mapping = node.mapping else {
      throw QueryFileError(
        path: path, line: firstLine, message: "the heading is a list of `key: value` lines")
    }
    for (key, value) in mapping {
      let name = key.string ?? ""
      guard Self.knownKeys.contains(name) else {
        throw QueryFileError(
          path: path, line: place(key),
          message: "unknown key `\(name)`" + Self.hint(name, Self.knownKeys))
      }
      switch name {
      case "name": self.name = value.string
      case "description": description = value.string
      case "write":
        guard let flag = value.bool else {
          throw QueryFileError(path: path, line: place(value), message: "`write` is true or false")
        }
        writes = flag
      case "parameters":
        guard let entries = value.mapping else {
          throw QueryFileError(
            path: path, line: place(value), message: "`parameters` is a list of `name: …` lines")
        }
        for (key, value) in entries {
          parameters.append(try Self.parameter(key, value, path: path, place: place))
        }
      default: break
      }
    }
  }

  /// `name: {type, default, description}`, or short `name: default`.
  private static func parameter(
    _ key: Yams.Node, _ value: Yams.Node, path: String, place: (Yams.Node) -> Int?
  ) throws -> QueryFile.Parameter {
    var parameter = QueryFile.Parameter(name: key.string ?? "")
    guard let mapping = value.mapping else {
      parameter.defaultExpression = value.string
      return parameter
    }
    for (key, value) in mapping {
      let name = key.string ?? ""
      switch name {
      case "type": parameter.type = value.string
      case "default": parameter.defaultExpression = value.string
      case "description": parameter.description = value.string
      default:
        throw QueryFileError(
          path: path, line: place(key),
          message: "unknown key `\(name)` of parameter `\(parameter.name)`"
            + hint(name, knownParameterKeys))
      }
    }
    return parameter
  }

  private static func hint(_ name: String, _ known: [String]) -> String {
    NameSuggestion.nearest(to: name, among: known).map { "; did you mean `\($0)`?" }
      ?? "; keys are \(known.joined(separator: ", "))"
  }
}
