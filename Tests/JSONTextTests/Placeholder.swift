// Filled by the first types of this layer.
