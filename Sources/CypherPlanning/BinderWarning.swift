internal import Cypher
internal import GraphTypes

/// Something that is allowed but probably not meant, such as a label that no node has.
package struct QueryWarning: Hashable, Sendable {
  package var message: String
  /// UTF-8 byte offsets into the query text.
  package var range: Range<Int>
  package var hint: String?
  package init(_ message: String, range: Range<Int>, hint: String? = nil) {
    self.message = message
    self.range = range
    self.hint = hint
  }
}

extension StatementBinder {
  func warnOfUnknownLabels(_ labels: LabelExpression, onRelationship: Bool) {
    switch labels.kind {
    case .name(let name):
      let names = onRelationship ? catalogue.relationshipTypeNames : catalogue.labelNames
      warn(
        of: name, among: names,
        onRelationship ? "no relationship has the type" : "no node has the label", labels.range)
    case .wildcard: break
    case .not(let part): warnOfUnknownLabels(part, onRelationship: onRelationship)
    case .and(let parts), .or(let parts):
      for part in parts { warnOfUnknownLabels(part, onRelationship: onRelationship) }
    }
  }

  func warnOfUnknownKey(_ key: Identifier) {
    warn(of: key.name, among: catalogue.propertyKeyNames, "nothing has the property", key.range)
  }

  /// Each name once; none in an empty database, where every name is unknown.
  private func warn(
    of name: String, among names: [String], _ message: String, _ range: SourceRange
  ) {
    guard !names.isEmpty, !names.contains(name), knownNames.insert(name).inserted else { return }
    warnings.append(
      QueryWarning(
        "\(message) `\(name)`", range: range.bounds, hint: didYouMean(name, among: names)))
  }
}
