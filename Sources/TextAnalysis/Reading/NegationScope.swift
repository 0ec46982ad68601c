/// Which words a negation turns: the next `reach` words of its clause («не очень понравился крой»,
/// "not what I expected"), after Das and Chen (2001) and Pang, Lee and Vaithyanathan (2002), who
/// mark all words up to the next punctuation.
///
/// «не только» and "not only" turn nothing.
enum NegationScope {
  static let reach = 3

  static func mark(_ terms: UnsafeMutablePointer<ReviewTerm>, _ count: Int) {
    var left = 0
    for index in 0..<count {
      let term = terms[index]
      switch term.kind {
      case .word:
        if term.roles.contains(.adversative) { left = 0 }
        if left > 0 {
          terms[index].isNegated = !term.roles.contains(.negator) && !term.roles.contains(.only)
          // Words such as «очень» carry no meaning that could be turned.
          if !term.roles.contains(.intensifier) && !term.roles.contains(.diminisher) { left -= 1 }
        }
        if term.roles.contains(.only) { left = 0 }
        if term.roles.contains(.negator) {
          // A second negation takes the first one back: «не без».
          left = left > 0 && index > 0 && terms[index - 1].roles.contains(.negator) ? 0 : reach
        }
      case .fullStop, .exclamation, .question, .ellipsis, .lineBreak, .comma, .smile, .frown:
        left = 0
      default: break
      }
    }
  }
}
