import TestSupport
import Testing

@testable import TextAnalysis

@Suite struct ReviewReaderTests {
}
