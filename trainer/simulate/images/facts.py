"""What is true of an image, as comparable values: configuration, files, and all that its layers hold."""

from __future__ import annotations

import hashlib

from trainer.errors import NotJudged
from trainer.simulate.images.build import Built
from trainer.simulate.images.starting import start

Facts = dict[str, str]


def facts(built: Built) -> Facts:
    """The facts by name."""
    image = built.image
    config = image.config
    found = {
        "user": config.user,
        "workdir": config.workdir,
        "entrypoint": repr(config.entrypoint),
        "cmd": repr(config.cmd),
        "ports": " ".join(sorted(set(config.ports))),
        "base": f"{image.base.reference} {image.base.pinned}" if image.base else "",
        "bases": " ".join(
            f"{stage.base.reference} {stage.base.pinned}" if stage.base else "" for stage in built.stages
        ),
        "taken": " ".join(f"{base.reference} {base.pinned}" for _, base in built.taken),
    }
    found |= {f"env {key}": value for key, value in config.env.items()}
    found |= {
        f"file {path}": f"{file.mode:o} {file.owner} {file.link} {_digest(file.content)}"
        for path, file in image.files.live().items()
    }
    found |= {f"folder {path}": repr(owner) for path, owner in image.files.owners.items()}
    for layer in image.layers:
        for path, file in layer.files.items() if layer.line else ():
            found[f"layer {path}"] = found.get(f"layer {path}", "") + _digest(
                file.content if file is not None else None
            )
    try:
        started = start(image)
        found["start"] = f"{started.program} {started.argv} {started.who.uid} {started.trouble}"
    except NotJudged as error:
        found["start"] = f"not judged: {error.construct}"
    return found


def _digest(content: str | None) -> str:
    return "-" if content is None else hashlib.sha256(content.encode()).hexdigest()[:12]
