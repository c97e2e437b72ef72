# fails: members
#!/bin/bash
usermod -G "" anna
usermod -G "" tom
usermod -g users paula
