"""The oracle over HTTP: decisions on states that are sent, and instances that are kept in a database."""
