import Tropa

/// A text with places for values: `{name|Уважаемый клиент}, пора купить {product.title}.`
///
/// A place names a column of the trigger's query or a property of the client (`{name}`,
/// `{client.name}`) or of the product (`{product.price}`; `{product}` is its title). What stands after
/// `|` is written where there is no value, else nothing is. `{{` and `}}` are braces.
struct MessageTemplate {
  struct Place: Hashable {
    enum Source: Hashable {
      /// A column of the query or, if it has none of that name, a property of the client.
      case column
      case client, product
    }
    var source: Source
    /// Empty for the product itself.
    var name: String
  }
  enum Part {
    case text(String)
    case value(Place, fallback: String)
  }
  private(set) var parts: [Part] = []

  /// - Throws: `QueryError` for a brace without its partner and an empty place.
  init(_ text: String, of trigger: String) throws(QueryError) {
    func wrong(_ message: String) -> QueryError {
      QueryError(
        .argumentError, "InvalidMessage", "the message of the trigger `\(trigger)` \(message)",
        hint: "places are written {name} or {name|instead}; {{ and }} are braces")
    }
    var literal = ""
    var rest = Substring(text)
    while let character = rest.popFirst() {
      switch character {
      case "{" where rest.first == "{":
        rest.removeFirst()
        literal.append("{")
      case "}":
        guard rest.first == "}" else { throw wrong("has a `}` without a `{`") }
        rest.removeFirst()
        literal.append("}")
      case "{":
        guard let end = rest.firstIndex(of: "}") else { throw wrong("has a `{` without a `}`") }
        let inner = rest[..<end]
        rest = rest[rest.index(after: end)...]
        let name = inner.prefix { $0 != "|" }
        let fallback = inner.dropFirst(name.count + 1)
        let path = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
          .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        guard !path[0].isEmpty, path.last?.isEmpty == false else {
          throw wrong("has an empty place")
        }
        let place: Place =
          switch (path[0], path.count) {
          case ("product", 1): Place(source: .product, name: "")
          case ("product", _): Place(source: .product, name: path[1])
          case ("client", 2): Place(source: .client, name: path[1])
          default: Place(source: .column, name: path.joined(separator: "."))
          }
        if !literal.isEmpty { parts.append(.text(literal)) }
        literal = ""
        parts.append(.value(place, fallback: String(fallback)))
      default: literal.append(character)
      }
    }
    if !literal.isEmpty { parts.append(.text(literal)) }
  }

  var places: [Place] {
    parts.compactMap { if case .value(let place, _) = $0 { place } else { nil } }
  }

  /// - Parameter value: of a place; null for none.
  func text(_ value: (Place) -> Value) -> String {
    var text = ""
    for part in parts {
      switch part {
      case .text(let literal): text += literal
      case .value(let place, let fallback):
        switch value(place) {
        case .null: text += fallback
        case .string(let string): text += string
        // As people write: a whole number has no decimals.
        case .float(let number) where number == number.rounded() && abs(number) < 1e15:
          text += String(Int64(number))
        case let other: text += other.text(.display)
        }
      }
    }
    return text
  }
}
