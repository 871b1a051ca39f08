"""What the operator has said: settings, topics and outlets. Imports nothing of the house."""
