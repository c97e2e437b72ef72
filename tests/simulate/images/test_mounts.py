"""Tests of `simulate.images.mounts`."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.simulate.images.expansion import Refused
from trainer.simulate.images.mounts import Mount, read_mount


@each_row(
    ("text", "mount"),
    [
        ("type=secret,id=npm", Mount("secret", "npm", "/run/secrets/npm")),
        ("type=secret,id=npm,target=/root/.npmrc", Mount("secret", "npm", "/root/.npmrc")),
        ("type=secret,src=npm,dst=x", Mount("secret", "npm", "x")),
        ("type=secret,target=/run/npm", Mount("secret", "npm", "/run/npm")),
        ("type=secret,id=npm,env=TOKEN", Mount("secret", "npm", "", env="TOKEN")),
        (
            "type=secret,id=n,required,mode=0444,uid=5,gid=6",
            Mount("secret", "n", "/run/secrets/n", required=True, mode=0o444, uid=5, gid=6),
        ),
        ("type=cache,target=/c,sharing=locked", Mount("cache", "", "/c")),
        ("target=/x,source=y,ro", Mount("bind", "y", "/x")),
        ('type=bind,"target=/a,b",from=z', Mount("bind", "", "/a,b", "z")),
        ("type=tmpfs,target=/t,size=1g", Mount("tmpfs", "", "/t")),
    ],
)
def test_mounts(text, mount):
    assert read_mount(text) == mount


@each_row(
    "text",
    [
        "type=secrets,id=x",
        "type=secret",
        "type=secret,id=x,src=y",
        "type=secret,id=x,from=y",
        "type=secret,id=x,sharing=locked",
        "type=secret,id=x,mode=999",
        "type=secret,id=x,uid=me",
        "type=bind",
        "type=bind,target=/x,mode=0444",
        "type=cache,target=/x,required",
        "type=cache,target=/x,size=1g",
        "type=secret,id",
        "type=secret,name=x",
    ],
)
def test_what_is_refused(text):
    with pytest.raises(Refused):
        read_mount(text)
