import GraphTypes

/// What a query changed, counted as the TCK counts: the difference between two states of the graph,
/// whatever happened in between.
package struct SideEffects: Equatable, Sendable, CustomStringConvertible {
  /// The TCK's names of the counters, in the order in which they are reported.
  package static let names = [
    "+nodes", "-nodes", "+relationships", "-relationships", "+labels", "-labels", "+properties",
    "-properties",
  ]

  /// Only counters that are not zero.
  package private(set) var counts: [String: Int] = [:]

  package init() {}

  package subscript(name: String) -> Int {
    get { counts[name, default: 0] }
    set { counts[name] = newValue == 0 ? nil : newValue }
  }

  /// Labels count once each while any node has them. A property counts as the triple of element,
  /// key and value, so a changed value is one removed and one added.
  ///
  /// - Parameter render: the text that `toString()` gives for a temporal value.
  package init(from before: GraphState, to after: GraphState, render: (Value) -> String) {
    count("nodes", Set(before.nodes.map(\.id)), Set(after.nodes.map(\.id)))
    count(
      "relationships", Set(before.relationships.map(\.id)), Set(after.relationships.map(\.id)))
    count("labels", Set(before.nodes.flatMap(\.labels)), Set(after.nodes.flatMap(\.labels)))
    count(
      "properties", Property.all(of: before, render: render),
      Property.all(of: after, render: render))
  }

  private mutating func count<Element>(
    _ name: String, _ before: Set<Element>, _ after: Set<Element>
  ) {
    self["+" + name] = after.subtracting(before).count
    self["-" + name] = before.subtracting(after).count
  }

  package var description: String {
    let parts = Self.names.compactMap { name in counts[name].map { "\(name) \($0)" } }
    return parts.isEmpty ? "no side effects" : parts.joined(separator: ", ")
  }

  private struct Property: Hashable {
    var element: Element
    var key: String
    /// TCK notation tells values of different types apart; `Value`'s own `==` has 1 equal 1.0.
    var value: String

    enum Element: Hashable {
      case node(NodeID)
      case relationship(RelationshipID)
    }

    static func all(of state: GraphState, render: (Value) -> String) -> Set<Property> {
      var all: Set<Property> = []
      func insert(_ element: Element, _ properties: [String: Value]) {
        for (key, value) in properties {
          let text = TCKValue(value, render: render).text()
          all.insert(Property(element: element, key: key, value: text))
        }
      }
      for node in state.nodes { insert(.node(node.id), node.properties) }
      for relationship in state.relationships {
        insert(.relationship(relationship.id), relationship.properties)
      }
      return all
    }
  }
}
