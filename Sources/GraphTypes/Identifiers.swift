/// A node's permanent identity: its dense row number in the node table, below 2^40. Rows of deleted
/// nodes leave gaps and are not handed out again before the store is compacted.
public struct NodeID: Hashable, Comparable, Sendable {
  public var rawValue: UInt64
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public static func < (a: NodeID, b: NodeID) -> Bool { a.rawValue < b.rawValue }
}

/// A relationship's permanent identity: its type and its row in that type's table.
/// `rawValue` is `type << 40 | row`.
public struct RelationshipID: Hashable, Comparable, Sendable {
  public var rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public init(type: RelationshipTypeID, row: UInt64) {
    rawValue = UInt64(type.rawValue) << 40 | row
  }
  @inlinable public var type: RelationshipTypeID {
    .init(UInt32(truncatingIfNeeded: rawValue >> 40))
  }
  @inlinable public var row: UInt64 { rawValue & 0xFF_FFFF_FFFF }
  @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A label's number in the store's catalogue.
public struct LabelID: Hashable, Comparable, Sendable {
  public var rawValue: UInt32
  @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
  @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A relationship type's number in the store's catalogue.
public struct RelationshipTypeID: Hashable, Comparable, Sendable {
  public var rawValue: UInt32
  @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
  @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

extension RelationshipTypeID {
  /// Of relationships that no graph has: those of paths that algorithms make.
  package static let virtual = RelationshipTypeID(0xFF_FFFF)
}

extension RelationshipID {
  package var isVirtual: Bool { type == .virtual }
}

/// A property key's number in the store's catalogue; nodes and relationships share one list.
public struct PropertyKeyID: Hashable, Comparable, Sendable {
  public var rawValue: UInt32
  @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
  @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// The way a relationship is followed from the node at hand.
public enum Direction: UInt8, Sendable, CaseIterable {
  case outgoing = 0
  case incoming = 1
  case both = 2
  @inlinable public var reversed: Direction {
    switch self {
    case .outgoing: .incoming
    case .incoming: .outgoing
    case .both: .both
    }
  }
}
