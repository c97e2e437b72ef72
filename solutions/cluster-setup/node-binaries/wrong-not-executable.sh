# fails: right-ones-stay
#!/bin/bash
cd /opt/binaries
sha512sum -c --quiet /opt/release/SHA512SUMS | grep FAILED | sed 's/:.*//' | xargs rm
