"""From a context of a kubeconfig to a client, with the credentials that it needs as files."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trainer.cluster.faults import Unreachable
from trainer.cluster.files import Files
from trainer.cluster.kubeconfig import Context, Kubeconfig
from trainer.errors import ClusterError, UsageError

_DATA = {
    "certificate-authority-data": "certificate-authority",
    "client-certificate-data": "client-certificate",
    "client-key-data": "client-key",
}


PROXIES = ("http", "https")
"""The schemes of proxies that the client can use."""


class Credentials:
    """A configuration of the client, and what its files need until it is closed."""

    def __init__(self, configuration: Any, files: Files) -> None:
        self.configuration = configuration
        self._files = files

    def client(self) -> Any:
        """A client with this configuration. Raises `ClusterError` for one that can't be used."""
        from kubernetes.client import ApiClient

        try:
            return ApiClient(self.configuration)
        except Exception as error:  # of the client, of TLS or of urllib3: each has its own
            raise _unusable(error) from None

    def close(self) -> None:
        """Remove the files."""
        self._files.close()


def credentials_of(
    kubeconfig: Kubeconfig, context: Context, *, plugins: bool, bounded: Callable[[Callable[[], Any]], Any]
) -> Credentials:
    """Prepare a context's credentials; contacts nothing, but plugins run if `plugins` allows it.

    `bounded` runs a function within the time of one call. Raises `UsageError` for a plugin that is not
    allowed, `ClusterError` for credentials that can't be used.
    """
    if context.plugin and not plugins:
        raise UsageError(
            f"context {context.name} runs a program for its credentials: {context.plugin}",
            remedy="allow it with --allow-exec-plugins",
        )
    cluster = kubeconfig.of("clusters", context.cluster)
    user = kubeconfig.of("users", context.user)
    if not cluster.get("server"):
        raise ClusterError(
            f"context {context.name} names no cluster with a server", remedy="fix your kubeconfig"
        )
    _check_proxy(str(cluster.get("proxy-url") or ""), context)
    files = Files()
    try:
        entry = {
            "current-context": context.name,
            "contexts": [
                {"name": context.name, "context": {"cluster": context.cluster, "user": context.user}}
            ],
            "clusters": [{"name": context.cluster, "cluster": _as_files(cluster, files, context)}],
            "users": [{"name": context.user, "user": _as_files(user, files, context)}],
        }
        configuration = bounded(lambda: _load(entry, files))
        if context.plugin and not configuration.api_key and not configuration.cert_file:
            raise ClusterError(
                f"the program {context.plugin} gave no credentials",
                remedy="try kubectl with this context",
            )
    except BaseException:
        files.close()
        raise
    return Credentials(configuration, files)


def _check_proxy(address: str, context: Context) -> None:
    from urllib.parse import urlsplit

    try:
        scheme = urlsplit(address).scheme
    except ValueError:
        scheme = ""
    if address and scheme not in PROXIES:
        raise ClusterError(
            f"context {context.name}: cannot use the proxy {address}",
            remedy="only http and https proxies can be used; with another one, use kubectl in a tunnel",
        )


def _unusable(error: Exception) -> Unreachable:
    words = f"{type(error).__name__}: {error!s}"
    return Unreachable(f"cannot use your kubeconfig: {words}", remedy="try kubectl with this context")


def _as_files(entry: dict[str, Any], files: Files, context: Context) -> dict[str, Any]:
    """The entry with inline data in files; the files that it names must exist."""
    found = dict(entry)
    for field, target in _DATA.items():
        data = found.pop(field, None)
        if data:
            try:
                content = base64.b64decode(str(data), validate=True)
            except (binascii.Error, ValueError):
                raise ClusterError(
                    f"context {context.name}: {field} is not base64", remedy="fix your kubeconfig"
                ) from None
            found[target] = files.add(content)
    for field in (*_DATA.values(), "tokenFile"):
        if found.get(field) and not Path(str(found[field])).is_file():
            raise ClusterError(
                f"context {context.name}: {field} is missing: {found[field]}",
                remedy="fix your kubeconfig",
            )
    return found


def _load(entry: dict[str, Any], files: Files) -> Any:
    import logging

    from kubernetes.client import Configuration
    from kubernetes.config import ConfigException, kube_config
    from kubernetes.config.kube_config import KubeConfigLoader

    make_loader: Any = KubeConfigLoader

    configuration = Configuration()
    configuration.retries = False
    logging.disable(logging.ERROR)  # the loader logs the errors of a plugin; we report them ourselves
    try:
        loader = make_loader(entry, active_context=entry["current-context"], config_base_path="/",
                                  temp_file_path=str(files.folder))  # fmt: skip
        loader.load_and_set(configuration)
    except ConfigException as error:
        raise ClusterError(f"cannot use your kubeconfig: {error!s}") from None
    except Exception as error:  # whatever a kubeconfig contains, the loader may not expect it
        raise _unusable(error) from None
    finally:
        logging.disable(logging.NOTSET)
    # The loader would give a later connection the names of these files, which are gone by then.
    getattr(kube_config, "_temp_files", {}).clear()
    for field in ("ssl_ca_cert", "cert_file", "key_file"):  # what a plugin answered is in the folder
        setattr(configuration, field, files.taken(getattr(configuration, field)))
    files.remove_folder()
    # Without its own CA, a cluster's entry uses those of the system, as in kubectl.
    return configuration
