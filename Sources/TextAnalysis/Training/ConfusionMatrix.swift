/// How often texts of one class got the label of another.
package struct ConfusionMatrix: Equatable, Sendable {
  package let classes: [SentimentClass]
  /// By true class, then by label.
  package private(set) var counts: [[Int]]

  package init(_ classes: [SentimentClass]) {
    self.classes = classes
    counts = .init(repeating: .init(repeating: 0, count: classes.count), count: classes.count)
  }

  /// Classes that the matrix lacks do not count.
  package mutating func add(truth: SentimentClass, label: SentimentClass) {
    guard let row = classes.firstIndex(of: truth), let column = classes.firstIndex(of: label)
    else { return }
    counts[row][column] += 1
  }

  package var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  package var accuracy: Double {
    Double(classes.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(max(total, 1))
  }

  /// Of the texts with the label, the share that are of the class; 0 without such.
  package func precision(_ index: Int) -> Double {
    Double(counts[index][index]) / Double(max(counts.reduce(0) { $0 + $1[index] }, 1))
  }
  /// Of the texts of the class, the share that got the label.
  package func recall(_ index: Int) -> Double {
    Double(counts[index][index]) / Double(max(counts[index].reduce(0, +), 1))
  }
  /// The harmonic mean of both.
  package func f1(_ index: Int) -> Double {
    let hits = Double(2 * counts[index][index])
    let all = counts[index].reduce(0, +) + counts.reduce(0) { $0 + $1[index] }
    return hits / Double(max(all, 1))
  }
  /// The plain mean of the classes' F1.
  package var macroF1: Double {
    classes.indices.reduce(0) { $0 + f1($1) } / Double(max(classes.count, 1))
  }
}
