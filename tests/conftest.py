pytest_plugins = ["engine.testing.fixtures"]
