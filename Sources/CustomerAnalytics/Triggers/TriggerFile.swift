import Foundation
import Tropa
import Yams

/// Rules in a YAML file: the keys of the configuration map, with `triggers` as a list.
enum TriggerFile {
  /// - Parameter path: relative to the working directory of the process.
  /// - Throws: `QueryError` that names the file and, where YAML is at fault, the place.
  static func read(_ path: String) throws(QueryError) -> [String: Value] {
    let hint =
      "it has the keys of the configuration map, as in\ntriggers:\n  - name: sleepers\n"
      + "    condition: c.rfmRecency > 60\n    message: \"{name}, …\""
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw QueryError(
        .argumentError, "InvalidTriggerFile", "the trigger file `\(path)` cannot be read",
        hint: "give the path of a YAML file in UTF-8")
    }
    let root: Yams.Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      throw QueryError(.argumentError, "InvalidTriggerFile", "\(path): \(error)", hint: hint)
    }
    guard case .map(let map)? = root.map(value) else {
      throw QueryError(
        .argumentError, "InvalidTriggerFile", "\(path): a mapping is expected", hint: hint)
    }
    return map
  }

  /// Plain words are numbers, booleans and null as in YAML 1.2: `21:00` is text, and so is `no`.
  private static func value(_ node: Yams.Node) -> Value {
    switch node {
    case .mapping(let mapping):
      var map: [String: Value] = [:]
      for (key, entry) in mapping { map[key.string ?? ""] = value(entry) }
      return .map(map)
    case .sequence(let sequence): return .list(sequence.map(value))
    case .scalar(let scalar):
      guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
      switch scalar.string {
      case "", "~", "null", "Null", "NULL": return .null
      case "true", "True", "TRUE": return .boolean(true)
      case "false", "False", "FALSE": return .boolean(false)
      case let text:
        if let integer = Int64(text) { return .integer(integer) }
        if let number = Double(text), number.isFinite, text.contains(where: \.isNumber) {
          return .float(number)
        }
        return .string(text)
      }
    default: return .null
    }
  }
}
