"""What checks about rules of Falco share: the files of the card and of the answer, loaded."""
