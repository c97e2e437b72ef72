"""From bytes to values with positions: YAML and JSON, typed as kubectl types them."""
