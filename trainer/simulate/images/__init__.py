"""Which layers and which configuration does a Dockerfile make?

Start with `build`, which carries out all stages. `given` is what a card declares: base images, the build
context, secrets, packages, downloads and what the tools of the build do. `dockerfile` reads the text,
`expansion` its variables, `mounts` the mounts of RUN, `ignored` the patterns of an ignore file. `bases` finds
base images. `stage` is a stage with its configuration, `files` its file system and layers, `copying` is COPY
and ADD, `running` is RUN: `machine` runs its commands, with `accounts`, `packages` and `tools`. `starting`
tells what a container of the image runs, and `facts` what is true of the image. Nothing is executed. What is
outside the subset raises `NotJudged` with its line.
"""
