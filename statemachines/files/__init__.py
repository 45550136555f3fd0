"""Reading files of users: TOML, JSON, tables; what is wrong is one message with its place."""
