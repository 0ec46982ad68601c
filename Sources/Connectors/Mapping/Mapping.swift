internal import GraphTypes

/// How plain tables become a graph, as written in a YAML file.
///
/// ```yaml
/// defaults:                       # settings of all tables; each may be set in a table too
///   delimiter: ";"                # , ; | tab blanks auto (the default)
///   quote: '"'                    # or none
///   encoding: windows-1251        # utf-8, utf-16, auto (the default)
///   decimal: ","                  # default .
///   thousands: true               # 1 234,50
///   dates: ["dd.MM.yyyy HH:mm"]   # see DatePattern; ISO 8601 is always read
///   null: ["NA", "-"]             # besides the empty field
///   array-delimiter: "|"          # default ;
///   zone: Europe/Moscow           # of datetimes without offset; default UTC
///   trim: true                    # drop blanks around texts
///   quoted-empty: true            # "" is the empty text, not null
///   skip-lines: 2                 # before the header
///   extra-fields: true            # rows may be longer than the header
/// tables:
///   - file: purchases.csv.gz      # also a list a.csv,b.csv or a pattern part-*.csv
///     header: true                # false: `columns` is a list of all names, in order
///     columns:                    # types; a column without a type is a string
///       id: int
///       paid: localdatetime
///     where: {client: not-empty}  # rows to take; conditions are joined by AND
///     nodes:
///       - label: Client           # or labels: [Client, Person]
///         key: {id: client}       # property: column. `key: client` names both
///         unique: true            # a unique constraint on the key
///         properties: [name, {city: town}]      # names, or property: column
///         index: [city, [name, city]]           # indexes on one property or several
///       - label: Line             # without a key each row makes a node
///         name: line              # what relationships call it; default: its first label
///         key: {id: "{order}-{number}"}         # a template makes a text
///         properties: {source: {constant: web}}
///     relationships:
///       - type: PURCHASED
///         from: Client            # a node of the same row
///         to: {label: Product, key: product}    # or one that any table makes, by its key
///         properties: {at: paid, quantity: pieces, amount: {multiply: [pieces, price]}}
///         index: at               # as with nodes
///         where: {pieces: {greater: 0}}
///         merge-duplicates: true  # one relationship for each pair of nodes: the first
/// ```
///
/// **Types** are those of neo4j-admin headers: `string int float boolean date localdatetime datetime
/// time localtime duration point` and arrays such as `string[]`.
///
/// **Nodes** of the same first label are one set: rows and tables with the same key make one node,
/// in which the first value that is not null wins, in the order of tables and rows, and which has
/// the labels of all places that made it. All must use the same key property and type. A row whose key is null
/// makes no node there, and no relationship that would end at it.
///
/// **A key that is looked up** (`to: {label:, key:}`) and that no table has makes the row bad.
///
/// **Conditions**: `not-empty`, `empty`, or a map with `equals`, `not`, `in`, `not-in`, `starts-with`,
/// `not-starts-with`, `greater`, `less`, `at-least`, `at-most`. Null satisfies only `empty`, `not`,
/// `not-in` and `not-starts-with`.
struct Mapping: Sendable {
  var tables: [Table] = []

  struct Table: Sendable {
    var file = ""
    var format = TextFormat()
    var hasHeader = true
    /// All columns in order, when there is no header.
    var columnNames: [String]?
    var types: [String: ColumnType] = [:]
    var conditions: [Condition] = []
    var nodes: [Node] = []
    var relationships: [Relationship] = []
    /// Line of the mapping.
    var line = 0
    /// Where each column is first named in the mapping.
    var columnLines: [String: Int] = [:]
  }

  enum Source: Sendable {
    case column(String)
    case constant(Value)
    case template([TemplatePart])
    /// The product of number columns, as a float.
    case product([String])

    var columns: [String] {
      switch self {
      case .column(let name): [name]
      case .constant: []
      case .product(let names): names
      case .template(let parts):
        parts.compactMap { if case .column(let name) = $0 { name } else { nil } }
      }
    }
  }
  enum TemplatePart: Sendable {
    case text(String)
    case column(String)
  }

  struct Property: Sendable {
    var key: String
    var source: Source
  }

  struct Node: Sendable {
    var name = ""
    var labels: [String] = []
    var key: Property?
    /// A unique constraint on the key.
    var isUnique = false
    var properties: [Property] = []
    /// The keys of each index.
    var indexes: [[String]] = []
    var conditions: [Condition] = []
    var line = 0
  }

  enum End: Sendable {
    case node(String)
    case lookup(label: String, Source)
  }

  struct Relationship: Sendable {
    var type = ""
    var from = End.node("")
    var to = End.node("")
    var properties: [Property] = []
    var indexes: [[String]] = []
    var conditions: [Condition] = []
    var mergesDuplicates = false
    var line = 0
  }

  struct Condition: Sendable {
    enum Test: Sendable {
      case empty, notEmpty
      case oneOf([String])
      case noneOf([String])
      case startsWith(String)
      case notStartsWith(String)
      case greater(String)
      case less(String)
      case atLeast(String)
      case atMost(String)
    }
    var column: String
    var test: Test
    var line: Int
  }
}
