"""Settings: `production`, `demo` and `test` each start from `shared` and add what differs."""
