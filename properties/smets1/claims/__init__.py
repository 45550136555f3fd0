"""What is claimed of the installation, a module for each matter."""
