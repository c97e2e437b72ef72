apt purge --yes gcc && apt purge --yes tcpdump && apt autoremove --purge --yes
systemctl mask --now apache2
chmod -s /usr/local/bin/report
