"""Pictures of goods that do not exist: shapes, materials, light, and the photographs taken of them."""
