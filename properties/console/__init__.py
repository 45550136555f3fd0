"""What commands share: options, conditions, tables, progress."""
