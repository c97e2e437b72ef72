"""From a context of a kubeconfig to a client: credentials in a private folder, removed when it closes.

The client wants certificates and keys as files. They are stored in a temporary folder of this
process that is removed with the connection, not at the interpreter's end, which the program may
never reach.
"""

from __future__ import annotations

import base64
import binascii
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trainer.cluster.faults import Unreachable
from trainer.cluster.kubeconfig import Context, Kubeconfig
from trainer.errors import ClusterError, UsageError
from trainer.safe_text import clean

_DATA = {
    "certificate-authority-data": "certificate-authority",
    "client-certificate-data": "client-certificate",
    "client-key-data": "client-key",
}


class Credentials:
    """A configuration of the client, and the folder that contains its files."""

    def __init__(self, configuration: Any, folder: Path) -> None:
        self.configuration = configuration
        self._folder = folder

    def close(self) -> None:
        """Remove the files."""
        shutil.rmtree(self._folder, ignore_errors=True)


def credentials_of(
    kubeconfig: Kubeconfig, context: Context, *, plugins: bool, bounded: Callable[[Callable[[], Any]], Any]
) -> Credentials:
    """Prepare a context's credentials; contacts nothing, but plugins run if `plugins` allows it.

    `bounded` runs a function within the time of one call. Raises `UsageError` for a plugin that is not
    allowed, `ClusterError` for credentials that can't be used.
    """
    if context.plugin and not plugins:
        raise UsageError(
            f"context {clean(context.name)} runs a program for its credentials: {clean(context.plugin)}",
            remedy="allow it with --allow-exec-plugins",
        )
    cluster = kubeconfig.of("clusters", context.cluster)
    user = kubeconfig.of("users", context.user)
    if not cluster.get("server"):
        raise ClusterError(
            f"context {clean(context.name)} names no cluster with a server", remedy="fix your kubeconfig"
        )
    folder = Path(tempfile.mkdtemp(prefix="cks-trainer-"))
    try:
        entry = {
            "current-context": context.name,
            "contexts": [
                {"name": context.name, "context": {"cluster": context.cluster, "user": context.user}}
            ],
            "clusters": [{"name": context.cluster, "cluster": _as_files(cluster, folder / "ca", context)}],
            "users": [{"name": context.user, "user": _as_files(user, folder / "user", context)}],
        }
        configuration = bounded(lambda: _load(entry, folder))
        if context.plugin and not configuration.api_key and not configuration.cert_file:
            raise ClusterError(
                f"the program {clean(context.plugin)} gave no credentials",
                remedy="try kubectl with this context",
            )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Credentials(configuration, folder)


def _as_files(entry: dict[str, Any], base: Path, context: Context) -> dict[str, Any]:
    """The entry with inline data written to files beside `base`; the files that it names must exist."""
    found = dict(entry)
    for field, target in _DATA.items():
        data = found.pop(field, None)
        if data:
            try:
                content = base64.b64decode(str(data), validate=True)
            except (binascii.Error, ValueError):
                raise ClusterError(
                    f"context {clean(context.name)}: {field} is not base64", remedy="fix your kubeconfig"
                ) from None
            path = base.with_name(f"{base.name}-{target}")
            path.touch(mode=0o600)
            path.write_bytes(content)
            found[target] = str(path)
    for field in (*_DATA.values(), "tokenFile"):
        if found.get(field) and not Path(str(found[field])).is_file():
            raise ClusterError(
                f"context {clean(context.name)}: {field} is missing: {found[field]}",
                remedy="fix your kubeconfig",
            )
    return found


def _load(entry: dict[str, Any], folder: Path) -> Any:
    import logging

    from kubernetes.client import Configuration
    from kubernetes.config import ConfigException
    from kubernetes.config.kube_config import KubeConfigLoader

    make_loader: Any = KubeConfigLoader

    configuration = Configuration()
    configuration.retries = False
    logging.disable(logging.ERROR)  # the loader logs the errors of a plugin; we report them ourselves
    try:
        loader = make_loader(entry, active_context=entry["current-context"], config_base_path="/",
                                  temp_file_path=str(folder))  # fmt: skip
        loader.load_and_set(configuration)
    except ConfigException as error:
        raise ClusterError(f"cannot use your kubeconfig: {clean(str(error))}") from None
    except (TypeError, ValueError, KeyError, AttributeError, OSError) as error:
        raise Unreachable(f"cannot use your kubeconfig: {type(error).__name__}: {error}") from None
    finally:
        logging.disable(logging.NOTSET)
    # Without its own CA, a cluster's entry uses those of the system, as in kubectl.
    return configuration
