import GraphTypes

// Common slips, of SQL and of typing, that the tokens around the error tell.

extension Parser {
  /// What to write instead; nil unless the token at hand and those beside it are a known slip.
  func adviceForSlip() -> String? {
    let previous = index > 0 ? tokens[index - 1] : nil
    let touchesPrevious = previous.map { $0.end == token.start } ?? false
    switch token.kind {
    case .greater where touchesPrevious && previous?.kind == .equal: return "write >="
    case .less where touchesPrevious && previous?.kind == .equal: return "write <="
    case .quotedString where touchesPrevious && previous?.kind == .quotedString:
      return "write \\' for a quote inside the string"
    case .quotedString where previous?.keyword == .as:
      return "a name with spaces or signs is written in backticks: AS `name`"
    case .star where previous?.kind == .dot:
      return "all properties of n are properties(n), or n {.*}"
    case .plusEqual:
      return "+= adds properties from a map: n += {key: 1}; a number grows by n.key = n.key + 1"
    case .word:
      if previous?.keyword == .unique, index > 1, tokens[index - 2].keyword == .return {
        return "write RETURN DISTINCT"
      }
      return adviceForWord()
    default: return nil
    }
  }

  private func adviceForWord() -> String? {
    let next = peek(1)
    switch token.keyword {
    case .not where next.keyword == .in:
      return "NOT stands before the whole condition: NOT x IN list"
    case .not where next.keyword == .contains || next.keyword == .starts || next.keyword == .ends:
      return "NOT stands before the whole condition: NOT x \(text(next).uppercased()) …"
    case .not where next.kind == .word && text(next).uppercased() == "LIKE":
      return "write NOT x CONTAINS 'text', or NOT x =~ 'regular expression'"
    case .starts where next.keyword != .with, .ends where next.keyword != .with:
      return "write \(text(token).uppercased()) WITH"
    case .if where next.keyword == .not || next.keyword == .exists:
      return "MERGE creates only what is missing; IF NOT EXISTS is for indexes and constraints"
    case .explain, .profile:
      return "EXPLAIN or PROFILE stands once, at the start of the statement"
    default:
      return Self.adviceForForeignWords[text(token).uppercased()]
    }
  }

  /// Words of SQL and other dialects, and what Cypher says instead.
  private static let adviceForForeignWords: [String: String] = [
    "SELECT": "Cypher finds with MATCH and gives back with RETURN: MATCH (n:Label) RETURN n.key",
    "FROM": "Cypher finds with MATCH: MATCH (n:Label) RETURN n.key",
    "INSERT": "new nodes and relationships are written with CREATE",
    "UPDATE": "properties are changed with SET: MATCH (n:Label) SET n.key = 1",
    "GROUP": "grouping is implied: what RETURN or WITH does not aggregate are the keys",
    "HAVING": "filter groups with WITH …, count(*) AS n WHERE n > 1",
    "LIKE": "use STARTS WITH, ENDS WITH, CONTAINS or =~ 'regular expression'",
    "ILIKE": "use toLower(x) CONTAINS 'text', or =~ '(?i)regular expression'",
    "REGEXP": "write =~ 'regular expression'",
    "BETWEEN": "write 1 <= x <= 9",
    "ISNULL": "write IS NULL",
    "NOTNULL": "write IS NOT NULL",
    "MOD": "the remainder is written x % y",
    "DIV": "integers are divided by x / y",
    "NULLS": "null comes last in ascending order, and first in descending order",
    "OVER": "there are no window functions: aggregate in a WITH and go through its lists",
    "BEGIN": "transactions are commands of the shell: :begin, :commit, :rollback",
    "COMMIT": "transactions are commands of the shell: :begin, :commit, :rollback",
    "ROLLBACK": "transactions are commands of the shell: :begin, :commit, :rollback",
  ]

  /// What to do about a token that cannot stand behind a clause.
  func advice(behind clause: Clause) -> String? {
    switch token.keyword {
    case .where:
      switch clause {
      case .return: return "filter before: WITH … WHERE … RETURN …, or WHERE behind MATCH"
      case .match, .with, .callProcedure: return "a clause has one WHERE: join conditions by AND"
      default: return "WHERE stands behind MATCH or WITH: write WITH * WHERE …"
      }
    case .order, .skip, .offset, .limit:
      return "ORDER BY, SKIP and LIMIT stand behind RETURN or WITH"
    case .and, .or, .xor: return "conditions start with WHERE"
    default: break
    }
    switch clause {
    case .with, .return:
      let next = peek(1)
      let endsItem =
        [.endOfInput, .semicolon, .comma, .rightBrace].contains(next.kind)
        || next.keyword?.canFollowExpression ?? false
      return token.isName && endsItem ? "name a column with AS: … AS \(text(token))" : nil
    default: return nil
    }
  }
}
