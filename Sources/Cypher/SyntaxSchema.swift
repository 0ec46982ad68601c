/// `CREATE [RANGE | TEXT | POINT | FULLTEXT | LOOKUP] INDEX [name] [IF NOT EXISTS] FOR … ON …`.
package struct CreateIndex: Hashable, Sendable {
  package var kind: IndexKind
  package var name: SchemaName?
  package var ifNotExists: Bool
  package var target: SchemaTarget
  /// The keys in order; empty for a lookup index, which covers the labels or types themselves.
  package var keys: [Identifier]
  /// `OPTIONS {…}`: a `.map` or a `.parameter`.
  package var options: Expression?
  package var range: SourceRange
}

package enum IndexKind: String, Sendable {
  case range = "RANGE"
  case text = "TEXT"
  case point = "POINT"
  case fulltext = "FULLTEXT"
  case lookup = "LOOKUP"
  /// Only to be shown: there are none.
  case vector = "VECTOR"
}

/// The name of an index or constraint: written out, or given by a parameter.
package enum SchemaName: Hashable, Sendable {
  case name(Identifier)
  case parameter(Identifier)
}

/// `FOR (n:Label)` or `FOR ()-[r:TYPE]-()`.
package struct SchemaTarget: Hashable, Sendable {
  package enum Entity: Sendable {
    case node, relationship
    package var word: String { self == .node ? "NODE" : "RELATIONSHIP" }
  }
  package var entity: Entity
  package var variable: Identifier
  /// One label or type; several for a full-text index (`A|B`), none for a lookup index.
  package var labels: [Identifier]
  package var range: SourceRange
}

/// `CREATE CONSTRAINT [name] [IF NOT EXISTS] FOR … REQUIRE …`.
package struct CreateConstraint: Hashable, Sendable {
  package enum Requirement: Hashable, Sendable {
    /// `IS [NODE | RELATIONSHIP] UNIQUE`.
    case unique
    /// `IS NOT NULL`: one key.
    case exists
    /// `IS [NODE | RELATIONSHIP] KEY`: unique, and every key exists.
    case key
    /// `IS :: TYPE`: one key.
    case typed(TypeExpression)
  }
  package var name: SchemaName?
  package var ifNotExists: Bool
  package var target: SchemaTarget
  /// At least one.
  package var keys: [Identifier]
  package var requirement: Requirement
  package var options: Expression?
  package var range: SourceRange
}

/// `DROP INDEX name [IF EXISTS]`, `DROP CONSTRAINT name [IF EXISTS]`.
package struct DropSchemaItem: Hashable, Sendable {
  package var name: SchemaName
  package var ifExists: Bool
  package var range: SourceRange
}

/// `SHOW … [YIELD … [WHERE …] [RETURN …]]` or `SHOW … [WHERE …]`.
package struct ShowCommand: Hashable, Sendable {
  package enum Subject: Hashable, Sendable {
    case functions(FunctionOrigin)
    case procedures
    /// nil for all kinds.
    case indexes(IndexKind?)
    /// nil for both entities.
    case constraints(ConstraintFilter, SchemaTarget.Entity?)
  }
  package enum FunctionOrigin: Sendable { case all, builtIn, userDefined }
  /// With the words before CONSTRAINTS.
  package enum ConstraintFilter: String, Sendable {
    case all = ""
    case unique = "UNIQUENESS "
    case exists = "EXISTENCE "
    case key = "KEY "
    case typed = "PROPERTY TYPE "
  }

  package var subject: Subject
  /// Which columns, in which order and how many rows. Items are plain variables with or without
  /// an alias. nil when YIELD is missing: the default columns.
  package var yield: Projection?
  package var predicate: Expression?
  /// Only after YIELD.
  package var returning: Projection?
  package var range: SourceRange
}
