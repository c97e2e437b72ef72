"""Tests of `rules._image.rights`: a file that the user can't write to can still be replaced in its directory."""

from __future__ import annotations

import msgspec

from tests.simulate.images.sample import BUILD
from tests.table import each_row
from trainer.rules.image_build import Params, judge
from trainer.simulate.world import World

PARAMS = msgspec.convert({"fixed": ["/srv/shop/app.py"]}, Params)


@each_row(
    ("run", "words"),
    [
        ("true", ""),
        ("chown 7 /srv/shop", "replace /srv/shop/app.py: directory /srv/shop belongs to user 7"),
        ("chmod 777 /srv/shop", "directory /srv/shop belongs to user 0 and has mode 0777"),
        ("chmod 777 /srv", "directory /srv belongs to user 0"),
        ("chgrp 9 /srv/shop && chmod g+w /srv/shop", "has mode 0775"),
        ("chgrp 8 /srv/shop && chmod g+w /srv/shop", ""),
        ("chmod 1777 /srv/shop", ""),
        ("chmod 1777 /srv && chown 7 /srv/shop", "directory /srv/shop belongs to user 7"),
        ("chmod 777 /srv/shop && chmod 700 /srv", ""),
        ("chmod 776 /srv/shop", ""),
        ("chown 7 /srv/shop/app.py", "can change /srv/shop/app.py"),
    ],
)
def test_fixed_files(run: str, words: str) -> None:
    text = f"FROM alpine:3.20\nCOPY app.py /srv/shop/\nRUN {run}\nUSER 7:9\n"
    found = judge(World((), texts={"Dockerfile": text}, build=BUILD), PARAMS).reasons
    assert len(found) == bool(words)
    assert not words or words in found[0].message
