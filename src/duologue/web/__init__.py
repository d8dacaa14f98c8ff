"""The running app: pages over the store and the reading, and no logic of its own."""
