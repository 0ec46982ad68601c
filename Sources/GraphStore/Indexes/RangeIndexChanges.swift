internal import GraphColumns
internal import GraphTypes

/// Keeps a range index: the entries that have come and gone, over those that are stored.
final class RangeIndexChanges: IndexChanges {
  let overlay = IndexOverlay()
  private var oldKey: IndexKey
  private var newKey: IndexKey
  /// For unique indexes.
  private var search: RangeIndexSearch?

  override init(_ definition: IndexDefinition, _ view: TransactionReader, isNew: Bool) {
    oldKey = IndexKey(index: definition.id)
    newKey = IndexKey(index: definition.id)
    super.init(definition, view, isNew: isNew)
  }

  override func build(progress: ((Double) -> Void)?) throws(StoreError) {
    let builder = try RangeIndexBuilder(definition, view, progress: progress)
    builder.entries.withUnsafeBufferPointer { overlay.fill($0, keys: builder.keys) }
    progress?(1)
  }

  // MARK: Changes

  override func insert(_ node: NodeID) throws(StoreError) { try insertElement(node) }
  override func remove(_ node: NodeID) throws(StoreError) { try removeElement(node) }
  override func change(
    _ node: NodeID, _ key: PropertyKeyID, from old: Value, to new: Value
  ) throws(StoreError) {
    try changeElement(node, key, old, new)
  }
  override func insert(_ relationship: RelationshipRef) throws(StoreError) {
    try insertElement(relationship)
  }
  override func remove(_ relationship: RelationshipRef) throws(StoreError) {
    try removeElement(relationship)
  }
  override func change(
    _ relationship: RelationshipRef, _ key: PropertyKeyID, from old: Value, to new: Value
  ) throws(StoreError) {
    try changeElement(relationship, key, old, new)
  }

  private func insertElement<Element: IndexedElement>(_ element: Element) throws(StoreError) {
    guard try encode(element, nil, .null, &newKey) else { return }
    try checkUnique(element)
    overlay.note(newKey, element.entity, isAdded: true)
  }

  private func removeElement<Element: IndexedElement>(_ element: Element) throws(StoreError) {
    guard try encode(element, nil, .null, &oldKey) else { return }
    overlay.note(oldKey, element.entity, isAdded: false)
  }

  private func changeElement<Element: IndexedElement>(
    _ element: Element, _ key: PropertyKeyID, _ old: Value, _ new: Value
  ) throws(StoreError) {
    let was = try encode(element, key, old, &oldKey)
    let isIn = try encode(element, key, new, &newKey)
    if isIn { try checkUnique(element) }
    if was, isIn, oldKey.order(newKey.contents) == 0 { return }
    if was { overlay.note(oldKey, element.entity, isAdded: false) }
    if isIn { overlay.note(newKey, element.entity, isAdded: true) }
  }

  /// - Parameter value: taken for the value of `changed`.
  /// - Returns: false when a value is null.
  private func encode<Element: IndexedElement>(
    _ element: Element, _ changed: PropertyKeyID?, _ value: Value, _ result: inout IndexKey
  ) throws(StoreError) -> Bool {
    result.removeAll()
    let keys = definition.keys
    for place in keys.indices {
      let key = keys[place]
      let value = key == changed ? value : try element.property(key, view)
      if case .null = value { return false }
      result.append(value, isLast: place == keys.count - 1)
    }
    return true
  }

  /// Throws if another element has the values of `newKey`, which the view has for this.
  private func checkUnique<Element: IndexedElement>(_ element: Element) throws(StoreError) {
    guard definition.isUnique else { return }
    if search == nil {
      // Without an owner: the view owns this.
      search = try RangeIndexSearch(definition, view, owner: nil, overlay: overlay)
    }
    guard let search else { return }
    try search.find(newKey)
    var other = element
    while try search.readElements(into: &other, 1) == 1 {
      if other.entity.row == element.entity.row { continue }
      let values = try definition.values(of: element, view)
      let others = try definition.values(of: other, view)
      // NaN equals nothing, and keys may be cut.
      if zip(values, others).allSatisfy({ Value.equals($0, $1) == true }) {
        throw definition.violation(other, element, values, view)
      }
    }
  }

  // MARK: The end

  override func write(_ writer: TreeWriter) throws(StoreError) {
    if overlay.isEmpty, !isNew { return }
    let tree = try IndexWriter(writer, onRelationships: definition.onRelationships)
    if isNew {
      try append(tree)
    } else {
      tree.begin(
        IndexStatistics(try writer.get(.schema, .schema(.statistics, definition.id))))
      try update(tree)
    }
    overlay.removeAll()
    try writer.put(.schema, .schema(.statistics, definition.id), tree.statistics.encoded)
  }

  private func update(_ tree: IndexWriter) throws(StoreError) {
    var place = IndexOverlay.Position.start
    while let entry = overlay.entry(place)?.pointee {
      newKey.copy(entry.bytes)
      if entry.isAdded {
        try tree.add(newKey.stored, entry.entity)
      } else {
        try tree.remove(newKey.stored, entry.entity)
      }
      overlay.advance(&place)
    }
  }

  private func append(_ tree: IndexWriter) throws(StoreError) {
    var appender = IndexAppender(definition, tree)
    var place = IndexOverlay.Position.start
    while let entry = overlay.entry(place)?.pointee {
      try appender.append(entry)
      overlay.advance(&place)
    }
    try appender.flush()
  }

  override func removeStored(_ writer: TreeWriter) throws(StoreError) {
    let tree = try IndexWriter(writer, onRelationships: definition.onRelationships)
    try tree.removeAll(newKey.storedPrefix)
    try writer.delete(.schema, .schema(.statistics, definition.id))
  }
}

extension IndexDefinition {
  func values<Element: IndexedElement>(
    of element: Element, _ reader: GraphReader
  ) throws(StoreError) -> [Value] {
    var values: [Value] = []
    for key in keys { values.append(try element.property(key, reader)) }
    return values
  }

  /// Two elements have the same values.
  func violation<Element: IndexedElement>(
    _ first: Element, _ second: Element, _ values: [Value], _ reader: GraphReader
  ) -> StoreError {
    let what = onRelationships ? "Relationship" : "Node"
    let properties = zip(keys, values).map { "`\(reader.name(of: $0))` = \($1.text(.literal))" }
    return StoreError(
      .constraint,
      "\(what)(\(first.number)) already exists with \(labelText(reader)) and "
        + (properties.count == 1 ? "property " : "properties ")
        + properties.joined(separator: ", ") + "; \(what)(\(second.number)) cannot have the same",
      hint: "give it another value, or find what exists with MERGE")
  }

  /// "label `L`" or "type `T`".
  private func labelText(_ reader: GraphReader) -> String {
    onRelationships
      ? "type `\(reader.name(of: RelationshipTypeID(labels[0])))`"
      : "label `\(reader.name(of: LabelID(labels[0])))`"
  }
}
