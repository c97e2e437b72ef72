"""What a script does to nodes: packages, services, accounts, files, kernel, firewall, upgrades.

`given` is what a card declares, `system` the state that commands change, `machine` runs the commands of a
script on it, `boot` restarts it, and `facts` tells what is true of it. Nothing is executed. A command, an
option or a construct outside the subset raises `NotJudged`, with the line of the script.
"""
