"""A class with known grades, graded by the real `batch` in several layouts: `make classroom`."""
