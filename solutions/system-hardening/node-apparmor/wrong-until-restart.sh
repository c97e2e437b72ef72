# fails: loaded
#!/bin/bash
apparmor_parser -q /root/profiles/k8s-nginx
aa-enforce k8s-audit
