"""Which traffic reaches which Pod: addresses, ports, policies, Services and routes."""
