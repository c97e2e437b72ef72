"""Practice trainer for the Certified Kubernetes Security Specialist exam.

Independent, not endorsed by The Linux Foundation or CNCF.
"""

__version__ = "0.1.0"
