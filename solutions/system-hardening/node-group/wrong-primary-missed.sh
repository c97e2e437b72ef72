# fails: primary
#!/bin/bash
gpasswd -d anna docker
gpasswd -d tom docker
