"""What the rules about a service mesh share."""
