"""The Pod Security Standards, and the admission of Pods by Namespace labels."""
