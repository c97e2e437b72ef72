"""What the rule about builds is made of: the build of the answer, and each thing that is required."""
