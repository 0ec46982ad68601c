internal import CypherPlanning

/// A procedure that `CALL` can reach: its signature and what it does.
///
/// ```swift
/// try database.register(
///   Procedure(
///     "shop.discount", inputs: [.init("amount", "FLOAT")], outputs: [.init("price", "FLOAT")],
///     summary: "Price after the club discount."
///   ) { call in
///     guard case .float(let amount) = call.arguments[0] else { return }
///     try call.emit([.float(amount * 0.95)])
///   })
/// ```
public struct Procedure: Sendable {
  public enum Mode: String, Sendable {
    case read = "READ"
    case write = "WRITE"
  }

  /// An input or output with its type as Cypher writes it (`INTEGER`, `LIST<FLOAT>`, `MAP`, `ANY`).
  public struct Field: Sendable {
    public var name: String
    public var type: String
    /// For inputs: what counts when the argument is left out; nil if it must be given.
    public var defaultValue: Value?
    public init(_ name: String, _ type: String, defaultValue: Value? = nil) {
      self.name = name
      self.type = type
      self.defaultValue = defaultValue
    }
  }

  /// With dots: `shop.discount`.
  public var name: String
  public var inputs: [Field]
  /// None: a procedure that is called for its effect.
  public var outputs: [Field]
  public var mode: Mode
  /// One sentence, for `SHOW PROCEDURES` and the manual.
  public var summary: String
  public var body: @Sendable (ProcedureInvocation) throws -> Void

  public init(
    _ name: String, inputs: [Field] = [], outputs: [Field] = [], mode: Mode = .read,
    summary: String, body: @escaping @Sendable (ProcedureInvocation) throws -> Void
  ) {
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.mode = mode
    self.summary = summary
    self.body = body
  }

  var signature: ProcedureSignature {
    ProcedureSignature(
      name: name,
      inputs: inputs.map { .init($0.name, $0.type, defaultValue: $0.defaultValue) },
      outputs: outputs.map { .init($0.name, $0.type) },
      mode: mode == .read ? .read : .write, summary: summary)
  }
}
