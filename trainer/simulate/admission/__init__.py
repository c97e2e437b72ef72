"""What admission policies decide about a request, and in which form they see the object."""
