"""Between real installations and the model: installation files, judging and writing DUIS, tables of one's own."""
