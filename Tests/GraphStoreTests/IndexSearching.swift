import GraphTypes

@testable import GraphStore

// Searches of indexes from start to end.

extension GraphReader {
  func search<Element: IndexedElement>(
    _ index: IndexDefinition, _ search: IndexSearch, appendingTo elements: inout [Element],
    descending: Bool = false, capacity: Int = 100
  ) throws(StoreError) {
    let searches = try self.search(of: index)
    try searches.start(search, descending: descending)
    try searches.readAll(appendingTo: &elements, capacity: capacity)
  }
}

extension RangeIndexSearch {
  func readAll<Element: IndexedElement>(
    appendingTo elements: inout [Element], capacity: Int = 100
  ) throws(StoreError) {
    let part = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    defer { part.deallocate() }
    while true {
      let count = try readElements(into: part, capacity)
      elements.append(contentsOf: UnsafeBufferPointer(start: part, count: count))
      if count < capacity { return }
    }
  }

  func find(_ values: Value..., appendingTo nodes: inout [NodeID]) throws(StoreError) {
    begin()
    for value in values { append(value) }
    try find(values)
    try readAll(appendingTo: &nodes)
  }
}
