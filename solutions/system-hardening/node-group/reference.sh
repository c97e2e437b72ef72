#!/bin/bash
gpasswd -d anna docker
gpasswd -d tom docker
usermod -g users paula
