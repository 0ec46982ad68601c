internal import CypherPlanning

/// A function of the host application that expressions can call: its signature and what it does.
///
/// ```swift
/// try database.register(
///   Function(
///     "shop.withTax", parameters: [.init("amount", "FLOAT")], returns: "FLOAT", category: "Shop",
///     summary: "The price with VAT."
///   ) { arguments in
///     guard case .float(let amount) = arguments[0] else { return .null }
///     return .float(amount * 1.2)
///   })
/// try database.query("MATCH (p:Product) RETURN shop.withTax(p.price)")
/// ```
public struct Function: Sendable {
  /// With the type as Cypher writes it (`INTEGER`, `LIST<FLOAT>`, `MAP`, `ANY`).
  public struct Parameter: Sendable {
    public var name: String
    public var type: String
    public var isOptional: Bool
    public init(_ name: String, _ type: String, isOptional: Bool = false) {
      self.name = name
      self.type = type
      self.isOptional = isOptional
    }
  }

  /// An expression for the manual, and what it gives as Cypher writes it.
  public struct Example: Sendable {
    public var expression: String
    public var result: String
    public init(_ expression: String, _ result: String) {
      self.expression = expression
      self.result = result
    }
  }

  /// With dots: `shop.withTax`.
  public var name: String
  /// Optional ones at the end.
  public var parameters: [Parameter]
  /// The type of the result.
  public var returns: String
  /// The heading under which `SHOW FUNCTIONS` and the manual list it.
  public var category: String
  /// A sentence or two, for `SHOW FUNCTIONS` and the manual.
  public var summary: String
  public var examples: [Example]
  /// The same arguments give the same result: the planner may move calls and make them once.
  public var isDeterministic: Bool
  /// Gets as many arguments as were written, none of them null: a call with null gives null. Runs on
  /// several threads at once. An error ends the statement.
  public var body: @Sendable ([Value]) throws -> Value

  public init(
    _ name: String, parameters: [Parameter], returns: String, category: String, summary: String,
    examples: [Example] = [], isDeterministic: Bool = true,
    body: @escaping @Sendable ([Value]) throws -> Value
  ) {
    self.name = name
    self.parameters = parameters
    self.returns = returns
    self.category = category
    self.summary = summary
    self.examples = examples
    self.isDeterministic = isDeterministic
    self.body = body
  }

  var signature: FunctionSignature {
    var signature = FunctionSignature(
      name: name, category: category,
      parameters: parameters.map { .init($0.name, $0.type, isOptional: $0.isOptional) },
      returnType: returns, summary: summary, isDeterministic: isDeterministic)
    signature.examples = examples.map { .init("RETURN \($0.expression) AS x", $0.result) }
    return signature
  }
}
