"""What rule `routes` needs: URLs for universal sentences, and what is wrong with an answer."""
