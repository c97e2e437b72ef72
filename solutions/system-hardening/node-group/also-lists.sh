usermod -G adm,video anna
usermod -G users tom
usermod -g 100 paula
