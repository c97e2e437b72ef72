"""The screens: they compose and route; the work lives below them."""
