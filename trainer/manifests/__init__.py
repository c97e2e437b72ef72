"""From bytes to manifests: parsing with positions, limits, schema, API validation, defaults."""
