import Segmentation
import Testing

@Suite struct StandardisationTests {
  private func isClose(_ a: [Double], _ b: [Double]) -> Bool {
    zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }
  }

  @Test func methodsByHand() throws {
    let matrix = Matrix(columns: [[1, 2, 3, 10]])
    let z = try Standardisation(fitting: matrix, .standard)
    #expect(z.centres == [4])
    #expect(isClose(z.scales, [(12.5).squareRoot()]))
    let minMax = try Standardisation(fitting: matrix, .minMax).apply(to: matrix)
    #expect(isClose(minMax.values, [0, 1.0 / 9, 2.0 / 9, 1]))
    // Median 2.5, quartiles 1.75 and 4.75.
    let robust = try Standardisation(fitting: matrix, .robust).apply(to: matrix)
    #expect(isClose(robust.values, [-0.5, -0.5 / 3, 0.5 / 3, 2.5]))
  }

  @Test(arguments: StandardisationMethod.allCases)
  func inverts(method: StandardisationMethod) throws {
    let matrix = Matrix(columns: [[0, 5, 100, 3], [2, 2, 2, 2]])
    let scaling = try Standardisation(fitting: matrix, method, logarithmic: [true, false])
    let back = scaling.invert(try scaling.apply(to: matrix))
    #expect(zip(back.values, matrix.values).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test func aConstantColumnBecomesZero() throws {
    let matrix = Matrix(columns: [[0.1, 0.1, 0.1]])
    for method in [StandardisationMethod.standard, .minMax, .robust] {
      let scaled = try Standardisation(fitting: matrix, method).apply(to: matrix)
      #expect(scaled.values == [0, 0, 0])
    }
  }

  @Test func limitsAndWeights() {
    var matrix = Matrix(columns: [[-9, -1, 0, 2, 8], [1, 2, 3, 4, 5]])
    matrix.clip(to: 3)
    #expect(matrix.values == [-3, -1, 0, 2, 3, 1, 2, 3, 3, 3])
    matrix.multiplyColumns(by: [2, 0.5])
    #expect(matrix.values == [-6, -2, 0, 4, 6, 0.5, 1, 1.5, 1.5, 1.5])
  }

  @Test func missingValues() throws {
    let matrix = Matrix(columns: [[1, .nan, 4, 7, .infinity]])
    #expect(throws: SegmentationError.self) { try matrix.filling(.reject) }
    #expect(throws: SegmentationError.self) { try Standardisation(fitting: matrix, .standard) }
    #expect(try matrix.filling(.mean).values == [1, 4, 4, 7, 4])
    #expect(try matrix.filling(.median).values == [1, 4, 4, 7, 4])
    #expect(try matrix.filling(.constant(-1)).values == [1, -1, 4, 7, -1])
  }

  /// Returns outweigh purchases for some clients: the logarithm keeps their sign.
  @Test func logarithmsAreOdd() throws {
    let matrix = Matrix(columns: [[-3, 0, 3]])
    let scaled = try Standardisation(fitting: matrix, .none, logarithmic: [true])
      .apply(to: matrix)
    #expect(scaled.values[1] == 0 && scaled.values[0] == -scaled.values[2])
    #expect(abs(scaled.values[2] - 1.3862943611198906) < 1e-12)
    let log = try Standardisation(fitting: matrix, .log)
    let explicit = try Standardisation(fitting: matrix, .standard, logarithmic: [true])
    #expect(log == explicit)
  }
}
