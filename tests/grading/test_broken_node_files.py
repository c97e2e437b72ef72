"""Files that replace a file on a node: what the component can't read is gone, and the given file isn't back."""

from __future__ import annotations

from pathlib import Path

from tests.cards import CATALOGUE, solutions_of
from tests.table import each_row
from trainer.content.catalogue import find_card
from trainer.content.locate import pack_at
from trainer.content.solutions import load_solutions
from trainer.grading.grade import grade
from trainer.manifests.answer import Answer, AnswerFile
from trainer.verdict import Severity, Status, Verdict

PACK = pack_at(Path(__file__).parents[2])
FILES = [
    ("audit-wire", "kube-apiserver.yaml"),
    ("cis-apiserver", "kube-apiserver.yaml"),
    ("cis-kubelet", "kubelet.yaml"),
    ("api-anonymous", "kube-apiserver.yaml"),
    ("api-anonymous", "authentication.yaml"),
    ("image-policy-webhook", "kube-apiserver.yaml"),
    ("image-policy-webhook", "admission.yaml"),
    ("image-policy-webhook", "kubeconfig.yaml"),
    ("audit-policy", "policy.yaml"),
    ("audit-repair", "policy.yaml"),
    ("etcd-encryption", "encryption.yaml"),
    ("etcd-key-rotation", "encryption.yaml"),
    ("kubeconfig", "config"),
]
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
BROKEN = {
    "empty": (lambda _: "", 1),
    "only comments": (lambda _: "# later\n", 1),
    "garbage": (lambda _: "hello\n", 1),
    "a list": (lambda text: f"- {text.replace(chr(10), chr(10) + '  ').rstrip()}\n", 1),
    "a tab": (lambda text: text.replace("\n  ", "\n\t", 1), None),
    "cut off": (lambda text: text[: text.index("\n", len(text) // 2)] + '\n"', None),
    "another kind": (lambda _: CONFIG_MAP, 2),
    "a misspelled kind": (lambda text: text.replace("kind: ", "kind: X", 1), 2),
    "behind another document": (lambda text: f"{CONFIG_MAP}---\n{text}", 2),
    "in a List": (
        lambda text: "apiVersion: v1\nkind: List\nitems:\n- " + text.rstrip().replace("\n", "\n  ") + "\n",
        2,
    ),
}


def judged(card_id: str, name: str, change: object) -> Verdict:
    """The verdict on the reference with one file changed."""
    card = CATALOGUE.get(card_id)
    reference = solutions_of(card_id).reference.answer
    files = {(file.name if file.name in card.files else card.files[0]): file.data for file in reference.files}
    files[name] = change(files[name].decode()).encode()  # type: ignore[operator]
    return grade(card, Answer(tuple(AnswerFile(one, data) for one, data in files.items())))


@each_row(("card_id", "name"), FILES)
@each_row("how", BROKEN)
def test_nothing_passes_with_a_file_that_its_component_cannot_read(card_id: str, name: str, how: str) -> None:
    change, line = BROKEN[how]
    verdict = judged(card_id, name, change)
    assert verdict.points == 0
    assert {check.status for check in verdict.checks} == {Status.FAIL, Status.SKIPPED}
    reason = verdict.checks[0].reasons[0]
    assert reason.location is not None
    assert reason.location.file == name
    assert line is None or reason.location.line == line
    assert "kubectl" not in reason.message


@each_row(("card_id", "name"), FILES)
@each_row("rest", [CONFIG_MAP, "a: [\n"])
def test_a_second_document_is_ignored(card_id: str, name: str, rest: str) -> None:
    verdict = judged(card_id, name, lambda text: f"{text.rstrip()}\n---\n{rest}")
    assert verdict.passed
    assert [problem.severity for problem in verdict.problems] == [Severity.WARNING]
    assert "only the first document" in verdict.problems[0].message


def test_a_file_that_is_not_in_the_answer_stays_as_it_is_on_the_node() -> None:
    card = find_card("image-policy-webhook", PACK)
    reference = load_solutions(card, PACK).reference.answer
    kept = Answer(tuple(file for file in reference.files if file.name == "kube-apiserver.yaml"))
    statuses = {check.id: check.status for check in grade(card, kept).checks}
    assert statuses["starts"] is Status.FAIL  # the given kubeconfig has no server
    kept = Answer(tuple(file for file in reference.files if file.name != "kube-apiserver.yaml"))
    assert {check.id: check.status for check in grade(card, kept).checks}["starts"] is Status.PASS


def test_an_unknown_field_of_a_static_pod_has_no_effect() -> None:
    def misspelled(text: str) -> str:
        return text.replace("      readOnly: true\n", "      readonly: true\n")

    verdict = judged("audit-wire", "kube-apiserver.yaml", misspelled)
    assert [check.status for check in verdict.checks][:4] == [Status.PASS] * 4
    assert verdict.checks[4].status is Status.FAIL  # the mounts that were there are writable now
    assert {problem.severity for problem in verdict.problems} == {Severity.WARNING}


def test_the_name_of_the_only_file_does_not_matter() -> None:
    card = find_card("audit-wire", PACK)
    verdict = grade(card, Answer((AnswerFile("my-apiserver.yaml", b"hello\n"),)))
    assert [check.status for check in verdict.checks] == [Status.FAIL, *[Status.SKIPPED] * 4]


def test_an_unreadable_file_under_another_name_does_not_bring_the_given_one_back() -> None:
    card = find_card("api-anonymous", PACK)
    files = (AnswerFile("apiserver.yaml", b"a: [\n"), AnswerFile("authentication.yaml", b"a: 1\n"))
    verdict = grade(card, Answer(files))
    assert verdict.points == 0
    assert verdict.checks[0].reasons[0].location is not None
    assert verdict.checks[0].reasons[0].location.file == "apiserver.yaml"


PLUGIN_FILE = """\
imagePolicy:
  kubeConfigFile: /etc/kubernetes/imagepolicy/kubeconfig.yaml
  allowTTL: 100
  denyTTL: 50
  retryBackoff: 700
"""


@each_row(
    ("card_id", "name", "change"),
    [
        (
            "image-policy-webhook",
            "admission.yaml",
            lambda text: text.replace("apiserver.config.k8s.io/v1", "apiserver.k8s.io/v1alpha1"),
        ),
        ("image-policy-webhook", "admission.yaml", lambda _: PLUGIN_FILE),
        (
            "etcd-encryption",
            "encryption.yaml",
            lambda text: text.replace("apiserver.config.k8s.io/v1", "v1").replace(
                "EncryptionConfiguration", "EncryptionConfig"
            ),
        ),
    ],
)
def test_an_old_form_is_accepted_with_a_warning(card_id: str, name: str, change: object) -> None:
    verdict = judged(card_id, name, change)
    assert verdict.passed
    assert [(one.severity, one.location and one.location.file) for one in verdict.problems] == [
        (Severity.WARNING, name)
    ]
    assert "Configuration" in verdict.problems[0].remedy


def test_another_plain_file_is_not_an_admission_configuration() -> None:
    verdict = judged(
        "image-policy-webhook", "admission.yaml", lambda _: PLUGIN_FILE.replace("imagePolicy", "policy")
    )
    assert verdict.points == 0
    assert "the file has no `apiVersion` and no `kind`" in verdict.checks[0].reasons[0].message


@each_row(
    ("card_id", "name"), [("audit-wire", "kube-apiserver.yaml"), ("etcd-encryption", "encryption.yaml")]
)
def test_a_copy_beside_the_file_is_not_on_the_node(card_id: str, name: str) -> None:
    card = find_card(card_id, PACK)
    [reference] = load_solutions(card, PACK).reference.answer.files
    old = AnswerFile(
        "before.yaml", reference.data.replace(b"secrets", b"configmaps").replace(b"--audit", b"--xaudit")
    )
    verdict = grade(card, Answer((old, AnswerFile(name, reference.data))))
    assert verdict.passed
    assert [problem.message for problem in verdict.problems] == [
        f"before.yaml isn't on the node: {name} is, and only that counts"
    ]


def test_a_copy_under_another_name_is_not_on_the_node_either() -> None:
    card = find_card("audit-wire", PACK)
    [reference] = load_solutions(card, PACK).reference.answer.files
    old = AnswerFile("before.yaml", reference.data.replace(b"  name: kube-apiserver\n", b"  name: old\n", 1))
    assert grade(card, Answer((old, AnswerFile("kube-apiserver.yaml", reference.data)))).passed
