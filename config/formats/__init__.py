"""How dates are written, where it is not the language's usual way."""
