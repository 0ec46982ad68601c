"""The query workload side by side with other embedded engines; see Benchmarks/README.md."""
