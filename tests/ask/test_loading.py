"""What a question is about: applied, refused, left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.ask import Absent
from trainer.ask.loading import Loaded, load, load_text
from trainer.errors import AnswerUnreadable, UsageError
from trainer.manifests.repository import LeftOut
from trainer.verdict import Severity

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: nginx}]}\n"
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "${API}/32"}}]}]}
"""


def titles(loaded: Loaded) -> list[str]:
    return [manifest.title for manifest in loaded.manifests]


def errors(loaded: Loaded) -> list[tuple[str, int]]:
    return [
        (problem.location.file, problem.location.line)
        for problem in loaded.problems
        if problem.severity is Severity.ERROR and problem.location
    ]


def put(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        place = folder / name.replace("__", "/").replace("_", ".")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return folder


def test_objects_are_defaulted_and_the_rest_is_told(tmp_path: Path) -> None:
    put(tmp_path, a_yaml=POD + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: q}\nspek: {}\n")
    loaded = load([tmp_path])
    assert titles(loaded) == ["Pod default/p"]
    assert errors(loaded) == [("a.yaml", 9)]
    assert not loaded.complete
    assert load([put(tmp_path / "b", a_yaml=POD)]).complete


def test_what_the_api_server_refuses_is_left_out(tmp_path: Path) -> None:
    loaded = load([put(tmp_path, a_yaml=f"{POD}---\n{POLICY}")])
    assert titles(loaded) == ["Pod default/p"]
    assert errors(loaded) == [("a.yaml", 9)]
    assert loaded.json()["problems"][0]["path"] == "spec.ingress[0].from[0].ipBlock.cidr"


def test_an_expression_that_does_not_compile_refuses_its_policy(tmp_path: Path) -> None:
    policy = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: p}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}]
  validations: [{expression: "object.spec.replicas <= "}]
"""
    loaded = load([put(tmp_path, a_yaml=POD, b_yaml=policy)])
    assert titles(loaded) == ["Pod default/p"]
    assert errors(loaded) == [("b.yaml", 7)]


def test_one_item_refuses_its_whole_list(tmp_path: Path) -> None:
    items = "".join(
        f"- {{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}, {field}: {{}}}}\n"
        for name, field in (("a", "data"), ("b", "dada"))
    )
    loaded = load([put(tmp_path, a_yaml=POD, b_yaml=f"apiVersion: v1\nkind: List\nitems:\n{items}")])
    assert titles(loaded) == ["Pod default/p"]
    assert errors(loaded) == [("b.yaml", 5), ("b.yaml", 4)]


def test_a_namespace_or_account_that_is_not_there_refuses_nothing(tmp_path: Path) -> None:
    pod = POD.replace("name: p", "name: p, namespace: shop").replace(
        "spec: {", "spec: {serviceAccountName: x, "
    )
    assert load([put(tmp_path, a_yaml=pod)]).complete


def test_an_object_that_comes_twice_is_updated(tmp_path: Path) -> None:
    put(tmp_path, a_yaml=POD, b_yaml=POD.replace("image: nginx", "image: httpd"), c_yaml=POD)
    loaded = load([tmp_path])
    assert [one.get("spec", "containers", 0, "image") for one in loaded.manifests] == ["nginx"]
    assert [(one.severity, "a.yaml:1:1" in one.message) for one in loaded.problems] == [
        (Severity.WARNING, True),
        (Severity.WARNING, False),
    ]
    assert loaded.complete


def test_an_update_that_is_refused_keeps_what_was_there(tmp_path: Path) -> None:
    put(tmp_path, a_yaml=POD, b_yaml=POD.replace("{containers", "{hostPID: true, containers"))
    loaded = load([tmp_path])
    assert [one.get("spec", "hostPID") for one in loaded.manifests] == [None]
    assert "refuses to change spec.hostPID" in loaded.problems[0].message
    assert "(a.yaml:1:1)" in loaded.problems[0].message


def test_objects_without_a_name_of_their_own_are_different_ones(tmp_path: Path) -> None:
    job = POD.replace("name: p", "generateName: p-")
    audit = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]\n"
    loaded = load([put(tmp_path, a_yaml=job, b_yaml=job, c_yaml=audit, d_yaml=audit)])
    assert [one.kind for one in loaded.manifests] == ["Pod", "Pod", "Policy", "Policy"]


def test_yaml_that_is_no_object_is_left_out_of_folders(tmp_path: Path) -> None:
    put(
        tmp_path,
        a_yaml=POD,
        chart__Chart_yaml="apiVersion: v2\nname: web\nversion: 1.0.0\n",
        chart__values_yaml="replicas: 2\n",
        kustomization_yaml="resources: [a.yaml]\n",
        overlay__kustomization_yaml="apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
        package_json='{"name": "web"}',
        empty_yaml="# nothing\n",
    )
    loaded = load([tmp_path])
    assert titles(loaded) == ["Pod default/p"]
    assert loaded.problems == ()
    assert set(loaded.left_out) == {
        LeftOut("chart/Chart.yaml", "describes a Helm chart"),
        LeftOut("chart/values.yaml", "contains no Kubernetes object"),
        LeftOut("kustomization.yaml", "contains no Kubernetes object"),
        LeftOut("overlay/kustomization.yaml", "is for `kubectl apply -k`"),
        LeftOut("package.json", "contains no Kubernetes object"),
    }
    assert loaded.json()["not_read"][0] == {
        "file": "chart/Chart.yaml",
        "why": "describes a Helm chart",
    }


def test_a_manifest_without_its_head_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, a_yaml=POD, b_yaml="metadata: {name: q}\nspec: {}\n", c_yaml="Kind: Pod\n")
    assert errors(load([tmp_path])) == [("b.yaml", 1), ("c.yaml", 1)]
    (tmp_path / "notes").write_text("metadata\n")
    assert errors(load([tmp_path / "a.yaml", tmp_path / "notes"])) == [("notes", 1)]


def test_a_template_is_called_one(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n"
    loaded = load([put(tmp_path, a_yaml=POD, b_yaml=text)])
    assert [problem.message for problem in loaded.problems] == [
        "this is a template (`{{ ... }}`), not a manifest"
    ]
    assert errors(loaded) == [("b.yaml", 4)]


def test_unreadable_manifests_of_a_folder_are_told(tmp_path: Path) -> None:
    put(tmp_path, a_yaml=POD)
    (tmp_path / "b.yaml").write_bytes(b"name: \xff\n")
    (tmp_path / "c.yaml").write_text("[" * 200)
    loaded = load([tmp_path])
    assert titles(loaded) == ["Pod default/p"]
    assert errors(loaded) == [("b.yaml", 0), ("c.yaml", 0)]
    assert loaded.unreadable
    with pytest.raises(AnswerUnreadable, match="not valid UTF-8"):
        load([tmp_path / "b.yaml"])


def test_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(Absent, match="no Kubernetes object") as caught:
        load([put(tmp_path / "a", a_yaml=POLICY)])
    assert caught.value.loaded is not None
    assert errors(caught.value.loaded) == [("a.yaml", 4)]
    with pytest.raises(Absent) as caught:
        load([put(tmp_path / "b", README_md="# Hello\n")])
    assert caught.value.loaded is not None
    assert caught.value.loaded.complete


CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: webs.example.com}
spec:
  group: example.com
  names: {kind: Web, plural: webs, singular: web, listKind: WebList}
  scope: Namespaced
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
"""


def test_a_definition_among_the_files_adds_its_kind(tmp_path: Path) -> None:
    web = "apiVersion: example.com/v1\nkind: Web\nmetadata: {name: w}\n"
    put(tmp_path, a_yaml=web, b_yaml=POD)
    assert errors(load([tmp_path])) == [("a.yaml", 1)]
    put(tmp_path, c_yaml=CRD)
    loaded = load([tmp_path])
    assert loaded.problems == ()
    assert titles(loaded) == ["Pod default/p", "CustomResourceDefinition webs.example.com", "Web default/w"]


def test_files_of_a_node_are_texts(tmp_path: Path) -> None:
    put(tmp_path, a_yaml=POD, pki__ca_crt="CERTIFICATE", tokens_csv="token,user,1: 2: 3\n")
    (tmp_path / "key.bin").write_bytes(b"\xff\xff")
    loaded = load([tmp_path], plain=True)
    assert loaded.texts["pki/ca.crt"] == "CERTIFICATE"
    assert loaded.texts["key.bin"] == ""
    assert set(loaded.texts) == {"a.yaml", "pki/ca.crt", "tokens.csv", "key.bin"}
    assert len(loaded.texts) == 4
    assert [one.file for one in loaded.left_out] == ["key.bin", "pki/ca.crt", "tokens.csv"]
    assert [one.file for one in loaded.not_read] == ["tokens.csv"], "the others were read by now"
    named = [tmp_path / name for name in ("a.yaml", "tokens.csv", "key.bin")]
    assert load(named, plain=True).problems == ()
    assert load(named[:2], plain=True).texts["tokens.csv"].startswith("token")
    assert not load(named[:2]).complete


def test_the_kubelet_takes_static_pods_as_they_are(tmp_path: Path) -> None:
    pod = POD.replace("{name: a, image: nginx}", "{name: a, image: x, command: [etcd], readonly: true}")
    put(tmp_path, a_yaml=pod)
    with pytest.raises(Absent):
        load([tmp_path])
    loaded = load([tmp_path], plain=True)
    assert titles(loaded) == ["Pod default/p"]
    assert [(one.severity, "readonly" in one.message) for one in loaded.problems] == [
        (Severity.WARNING, True)
    ]
    put(tmp_path, b_yaml=POD.replace("image: nginx", "readonly: true"))
    assert errors(load([tmp_path], plain=True)) == [("b.yaml", 4)]


def test_a_file_without_manifests(tmp_path: Path) -> None:
    put(tmp_path, a_sh="ls\n", b_sh="")
    assert load_text([tmp_path / "a.sh"]).texts == {"a.sh": "ls\n"}
    for paths in ([tmp_path], [tmp_path / "a.sh", tmp_path / "b.sh"]):
        with pytest.raises(UsageError):
            load_text(paths)
    with pytest.raises(AnswerUnreadable):
        load_text([tmp_path / "none.sh"])
