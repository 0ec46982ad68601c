import Cypher
import GraphTypes
import Testing

@Suite struct FeatureQueryTests {
  /// Every query of the TCK parses and survives printing, unless its scenario expects a compile-time
  /// error; then it either parses (the binder will find the error) or fails with just that error.
  @Test func parsesTheQueriesOfTheTCK() throws {
    let queries = try FeatureFiles.queries()
    if queries.isEmpty {
      print("skipped: no shared/tck/features around the package")
      return
    }
    #expect(queries.count > 3_000)
    var foundHere: [String: Int] = [:]
    for query in queries {
      do throws(QueryError) {
        let statement = try Parser.parseStatement(query.text)
        let canonical = statement.description
        let again = try Parser.parseStatement(canonical)
        #expect(again == statement, "\(query.scenario): \(canonical)")
        #expect(again.description == canonical, "\(query.scenario)")
      } catch {
        #expect(
          error.detail == query.expectedError, "\(query.scenario): \(query.text): \(error.message)")
        foundHere[error.detail, default: 0] += 1
      }
    }
    // What the syntax alone decides is found by the parser.
    for detail in [
      "UnexpectedSyntax", "InvalidNumberLiteral", "IntegerOverflow", "InvalidUnicodeCharacter",
      "InvalidRelationshipPattern", "RequiresDirectedRelationship", "NoSingleRelationshipType",
      "CreatingVarLength", "InvalidParameterUse", "NoExpressionAlias", "InvalidClauseComposition",
      "InvalidDelete", "InvalidArgumentPassingMode",
    ] {
      let expected = queries.count { $0.expectedError == detail }
      #expect(foundHere[detail] == expected, "\(detail)")
    }
  }
}
