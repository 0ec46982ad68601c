import GraphKernels
import GraphTypes
import Testing

@Suite struct GraphViewTests {
  @Test(arguments: 0..<20 as Range<UInt64>)
  func builtListsAreTheEdgesSorted(seed: UInt64) {
    let random = RandomGraph(seed: seed, nodeCount: 12, edgeCount: 40)
    let view = random.view()
    let undirected = random.view(.undirected)
    for node in 0..<12 {
      let out = random.edges.filter { $0.source == node }.map(\.target).sorted()
      let into = random.edges.filter { $0.target == node }.map(\.source).sorted()
      #expect(view.outgoing.neighbours(of: node) == out)
      #expect(view.incoming?.neighbours(of: node) == into)
      #expect(undirected.outgoing.neighbours(of: node) == (out + into).sorted())
      #expect(random.view(.reverse).outgoing.neighbours(of: node) == into)
      #expect(view.undirected().outgoing.neighbours(of: node) == out + into)
    }
    #expect(view.relationshipCount == 40)
    #expect(undirected.relationshipCount == 80)
  }

  @Test(arguments: RelationshipAggregation.allCases)
  func parallelRelationshipsAreMerged(aggregation: RelationshipAggregation) throws {
    var builder = GraphBuilder(
      nodes: NodeMapping(identity: 3), aggregation: aggregation, isWeighted: true)
    for (target, weight) in [(1, 5.0), (2, 7.0), (1, 2.0), (1, 4.0)] {
      builder.append(source: UInt32(0), target: UInt32(target), weight: weight)
    }
    let view = builder.finish()
    let strength = try DegreeCentrality.run(view)[0]
    #expect(view.relationshipCount == (aggregation == .none ? 4 : 2))
    let expected: [RelationshipAggregation: Double] = [
      .none: 18, .single: 12, .minimum: 9, .maximum: 12, .sum: 18, .count: 4,
    ]
    #expect(strength == expected[aggregation])
  }

  @Test func aMappingLeavesOutForeignNodes() {
    let nodes = NodeMapping([NodeID(3), NodeID(8), NodeID(9)])
    var builder = GraphBuilder(nodes: nodes)
    builder.append(source: NodeID(3), target: NodeID(9))
    builder.append(source: NodeID(3), target: NodeID(4))
    builder.append(source: NodeID(100), target: NodeID(8))
    let view = builder.finish()
    #expect(view.relationshipCount == 1)
    #expect(view.outgoing.neighbours(of: 0) == [2])
    #expect(nodes.nodeID(of: 2) == NodeID(9))
    #expect(nodes.index(of: NodeID(4)) == nil)
  }

  @Test func membersAreRanges() {
    let nodes = NodeMapping(identity: 10, members: [2..<4, 7..<10])
    #expect((0..<10).filter(nodes.isMember) == [2, 3, 7, 8, 9])
    #expect(nodes.memberCount == 5)
    #expect(nodes.index(of: NodeID(5)) == nil)
    #expect(nodes.index(of: NodeID(7)) == 7)
    #expect(nodes.memberValues(Array(0..<10)) == [2, 3, 7, 8, 9])
  }

  /// Lists in chunks, a hub over several, read where they lie.
  @Test func borrowedChunksAreNotCopied() throws {
    let memory = Memory([0, 2, 2, 3], [1, 3, 0], [0, 2], [1, 2], [0, 1], [3])
    var builder = NeighbourTableBuilder(nodeCount: 5)
    builder.append(memory.chunk(0, firstNode: 0, nodeCount: 3))
    builder.append(memory.chunk(2, firstNode: 4, nodeCount: 1))
    builder.append(memory.chunk(4, firstNode: 4, nodeCount: 1))
    builder.append(memory.chunk(4, firstNode: 4, nodeCount: 1))
    let table = builder.finish(owners: [memory])
    #expect((0..<5).map(table.neighbours) == [[1, 3], [], [0], [], [1, 2, 3, 3]])
    #expect(table.relationshipCount == 7)
    #expect(table.hasContinuations)
    #expect(table.runs[4].start == memory.pointer(3))
    let view = GraphView(nodes: NodeMapping(identity: 5), outgoing: table, incoming: nil)
    #expect(try DegreeCentrality.run(view) == [2, 0, 1, 0, 4])
    #expect(try WeaklyConnectedComponents.run(view).componentCount == 1)
  }
}

/// Arrays that stay where they are.
private final class Memory {
  private let arrays: [UnsafeMutableBufferPointer<UInt32>]

  init(_ arrays: [UInt32]...) {
    self.arrays = arrays.map {
      let buffer = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: $0.count)
      _ = buffer.initialize(from: $0)
      return buffer
    }
  }
  deinit { for array in arrays { array.deallocate() } }

  func pointer(_ index: Int) -> UnsafePointer<UInt32> {
    UnsafePointer(arrays[index].baseAddress!)
  }

  func chunk(_ index: Int, firstNode: UInt32, nodeCount: Int) -> NeighbourChunk {
    NeighbourChunk(
      firstNode: firstNode, nodeCount: nodeCount, offsets: pointer(index),
      neighbours: pointer(index + 1))
  }
}
