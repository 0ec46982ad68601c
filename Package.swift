// swift-tools-version: 6.1
import PackageDescription

// Imports only point down this list; see the architecture page in Sources/Tropa/Tropa.docc.
let collections: Target.Dependency = .product(name: "Collections", package: "swift-collections")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let yaml: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
  name: "tropa",
  products: [
    .library(name: "Tropa", targets: ["Tropa", "CustomerAnalytics"]),
    .executable(name: "tropa", targets: ["TropaCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"]), .brew(["lmdb"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(name: "CThreads"),
    // Without a pkg-config file.
    .systemLibrary(
      name: "CStemmer", providers: [.apt(["libstemmer-dev"]), .brew(["snowball"])]),

    .target(name: "GraphTypes"),
    .target(name: "GraphColumns", dependencies: ["GraphTypes"]),
    .target(name: "WordForms", dependencies: ["CStemmer"]),
    .target(
      name: "GraphStore", dependencies: ["CLMDB", "WordForms", "GraphTypes", "GraphColumns"]),
    .target(name: "Cypher", dependencies: ["CThreads", "GraphTypes"]),
    .target(name: "CypherPlanning", dependencies: ["Cypher", "GraphTypes"]),
    .target(
      name: "CypherExecution",
      dependencies: ["CypherPlanning", "Cypher", "GraphStore", "GraphColumns", "GraphTypes"]),
    .target(name: "Segmentation"),
    .target(name: "TextAnalysis", dependencies: ["Segmentation", "WordForms"]),
    .target(name: "SyntheticGraphs"),
    .target(name: "GraphKernels", dependencies: ["GraphTypes"]),
    .target(
      name: "Tropa",
      dependencies: [
        "CypherExecution", "CypherPlanning", "Cypher", "GraphKernels", "GraphStore",
        "GraphColumns", "GraphTypes", collections, logging,
      ]),
    .target(
      name: "Connectors",
      dependencies: ["Tropa", "GraphStore", "GraphColumns", "GraphTypes", "CZlib", yaml]),
    .target(
      name: "CustomerAnalytics",
      dependencies: ["Tropa", "TextAnalysis", "Segmentation", crypto, yaml]),
    .target(name: "Reports", dependencies: ["Tropa", "CustomerAnalytics"]),
    .target(name: "QuerySchedule", dependencies: ["Tropa", yaml]),
    .target(name: "Shell", dependencies: ["Tropa"]),
    .executableTarget(
      name: "TropaCommand",
      dependencies: [
        "Tropa", "Connectors", "CustomerAnalytics", "Reports", "TextAnalysis", "QuerySchedule",
        "Shell", "SyntheticGraphs", arguments, logging,
      ]),

    // Not a product: built by `make bench` only.
    .executableTarget(
      name: "StoreBenchmark", dependencies: ["GraphStore", "GraphColumns", "GraphTypes", "CLMDB"],
      path: "Benchmarks/StoreBenchmark"),

    .executableTarget(
      name: "SegmentationBenchmark", dependencies: ["Segmentation"],
      path: "Benchmarks/SegmentationBenchmark", exclude: ["reference.py", "speed.py"]),

    .executableTarget(name: "CrashWriter", dependencies: ["Tropa"], path: "Tests/CrashWriter"),
    .target(name: "TestSupport", dependencies: ["GraphTypes"], path: "Tests/TestSupport"),
    .target(
      name: "NaiveCypher",
      dependencies: ["Tropa", "CypherPlanning", "Cypher", "GraphTypes", "TestSupport"],
      path: "Tests/NaiveCypher"),
    .executableTarget(
      name: "QueryFuzzer",
      dependencies: ["NaiveCypher", "Tropa", "Cypher", "GraphTypes", "TestSupport"],
      path: "Tests/QueryFuzzer"),
    .testTarget(
      name: "RobustnessTests",
      dependencies: ["NaiveCypher", "QueryFuzzer", "Tropa", "GraphTypes", "TestSupport"]),
    .testTarget(name: "GraphTypesTests", dependencies: ["GraphTypes", "TestSupport"]),
    .testTarget(name: "GraphColumnsTests", dependencies: ["GraphColumns", "TestSupport"]),
    .testTarget(
      name: "GraphStoreTests",
      dependencies: ["GraphStore", "GraphColumns", "GraphTypes", "TestSupport"]),
    .testTarget(name: "CypherTests", dependencies: ["Cypher", "GraphTypes", "TestSupport"]),
    .testTarget(
      name: "CypherPlanningTests",
      dependencies: ["CypherPlanning", "Cypher", "GraphTypes", "TestSupport"]),
    .testTarget(
      name: "CypherExecutionTests",
      dependencies: [
        "CypherExecution", "CypherPlanning", "Cypher", "GraphStore", "GraphColumns", "GraphTypes",
        "TestSupport",
      ]),
    .testTarget(name: "SyntheticGraphsTests", dependencies: ["SyntheticGraphs", "TestSupport"]),
    .testTarget(name: "WordFormsTests", dependencies: ["WordForms", "TestSupport"]),
    .testTarget(
      name: "TextAnalysisTests",
      dependencies: ["TextAnalysis", "Segmentation", "WordForms", "TestSupport"]),
    .testTarget(name: "SegmentationTests", dependencies: ["Segmentation", "TestSupport"]),
    .testTarget(
      name: "GraphKernelsTests", dependencies: ["GraphKernels", "GraphTypes", "TestSupport"]),
    .testTarget(
      name: "TropaTests", dependencies: ["Tropa", "GraphTypes", "TestSupport", logging]),
    .testTarget(
      name: "ConnectorsTests",
      dependencies: [
        "Connectors", "Tropa", "GraphStore", "GraphColumns", "GraphTypes", "TestSupport",
      ],
      exclude: ["Mappings"]),
    .testTarget(
      name: "CustomerAnalyticsTests",
      dependencies: [
        "CustomerAnalytics", "Connectors", "Segmentation", "SyntheticGraphs", "TextAnalysis",
        "Tropa", "TestSupport",
      ]),
    .testTarget(
      name: "ReportsTests",
      dependencies: ["Reports", "CustomerAnalytics", "SyntheticGraphs", "Tropa", "TestSupport"]),
    .testTarget(
      name: "QueryScheduleTests", dependencies: ["QuerySchedule", "Tropa", "TestSupport"]),
    .testTarget(name: "ShellTests", dependencies: ["Shell", "Tropa", "TestSupport"]),
    .testTarget(
      name: "ConformanceTests", dependencies: ["Tropa", "GraphTypes", "TestSupport"],
      exclude: ["known-failures.txt"]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["TropaCommand", "CrashWriter", "Tropa", "TestSupport"]),
  ]
)
