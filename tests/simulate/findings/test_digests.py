"""Files with their checksums. The values are those of `sha256sum` and `sha512sum`."""

from __future__ import annotations

from trainer.simulate.findings.digests import with_digests


def test_a_file_has_its_name_and_checksums() -> None:
    found = with_digests("bin/tools/kubectl", "kubectl é\n")
    assert (found["name"], found["path"], found["bytes"]) == ("kubectl", "bin/tools/kubectl", 11)
    assert found["sha256"] == "e0ddc4056d763b14933f08bccaf0fb766a3f28103e0d47e73feb7fdba005982a"
    assert found["sha512"].startswith("c2b67331aa97024e6e783415")
