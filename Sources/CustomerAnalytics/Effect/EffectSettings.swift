import Segmentation
import Tropa

/// What all procedures of `crm.effect` have in common.
enum EffectSettings {
  static func bootstrap(_ configuration: inout ConfigurationMap) throws -> Bootstrap {
    var bootstrap = Bootstrap()
    bootstrap.level = try configuration.float("confidence", default: 0.95, in: 0.5...0.9999)
    bootstrap.resamples = try configuration.integer("resamples", default: 1000, in: 0...100_000)
    bootstrap.seed = UInt64(
      truncatingIfNeeded: try configuration.integer("randomSeed", default: 42))
    return bootstrap
  }

  /// Share of the revenue that is gain.
  static func margin(_ configuration: inout ConfigurationMap) throws -> Double {
    try configuration.float("margin", default: 1, in: 0...1)
  }

  /// Money by name, or the same for all.
  struct Costs {
    private let common: Double?
    private let byName: [String: Double]

    init(_ configuration: inout ConfigurationMap, _ key: String) throws {
      switch configuration.value(key) {
      case .null: (common, byName) = (nil, [:])
      case .integer(let cost): (common, byName) = (Double(cost), [:])
      case .float(let cost): (common, byName) = (cost, [:])
      case .map(let map):
        common = nil
        byName = try map.mapValues { value in
          switch value {
          case .integer(let cost): Double(cost)
          case .float(let cost): cost
          default: throw Self.wrongType(key, value)
          }
        }
      case let other: throw Self.wrongType(key, other)
      }
      if common ?? 0 < 0 || byName.values.contains(where: { $0 < 0 }) {
        throw QueryError(
          .argumentError, "NumberOutOfRange", "`\(key)` has a cost below 0")
      }
    }

    private static func wrongType(_ key: String, _ value: Value) -> QueryError {
      QueryError(
        .typeError, "InvalidArgumentType",
        "`\(key)` has \(value.typeNameWithArticle), not a number",
        hint: "write a number for each: \(key): {`at risk`: 1500.0}, or one for all")
    }

    subscript(_ name: String) -> Double? { byName[name] ?? common }
    /// Names that nothing has.
    func unknown(among names: some Sequence<String>) -> [String] {
      byName.keys.filter { !Set(names).contains($0) }.sorted()
    }
  }

  /// The text by which a segment or a trigger is called.
  static func name(_ value: Value) -> String {
    if case .string(let text) = value { return text }
    return value.text(.literal)
  }
}
