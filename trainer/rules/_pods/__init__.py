"""What rules about Pods and workloads share."""
