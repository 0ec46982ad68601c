internal import CypherExecution
internal import CypherPlanning
import Synchronization

/// The functions that a host application added to a database, by name without regard to case.
final class FunctionRegistry: Sendable {
  private let functions = Mutex<[String: Function]>([:])

  func register(_ function: Function) throws(QueryError) {
    let key = function.name.lowercased()
    let isNew =
      FunctionTable.function(named: key) == nil
      && functions.withLock { functions in
        if functions[key] != nil { return false }
        functions[key] = function
        return true
      }
    if !isNew {
      throw QueryError(
        .procedureError, "FunctionExists", "there is a function `\(function.name)` already")
    }
  }

  func remove(_ name: String) {
    _ = functions.withLock { $0.removeValue(forKey: name.lowercased()) }
  }

  func function(named name: String) -> Function? {
    functions.withLock { $0.isEmpty ? nil : $0[name.lowercased()] }
  }

  /// Sorted by name.
  var all: [Function] {
    functions.withLock { Array($0.values) }.sorted { $0.name < $1.name }
  }
}
