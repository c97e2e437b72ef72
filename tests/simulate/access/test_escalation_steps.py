"""The single steps of a privilege escalation."""

from __future__ import annotations

from tests.rbac_world import DEPLOYER, PODS_RULE, binding, manifests, role, rule
from tests.table import each_row
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.access.escalation_steps import STEPS, Scene, impersonate
from trainer.simulate.access.requests import Identity, parse_identity
from trainer.simulate.names import parse_subject
from trainer.versions import DEFAULT, Version

ADMIN = binding(
    "admins", "ClusterRole", "cluster-admin", "{kind: ServiceAccount, name: admin, namespace: ci}", ""
)
POD = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: ci}\n"
    "spec: {serviceAccountName: admin, containers: [{name: c}]}\n---\n"
)
TOKEN = (
    "apiVersion: v1\nkind: Secret\nmetadata: {name: t, namespace: ci, "
    "annotations: {kubernetes.io/service-account.name: admin}}\ntype: kubernetes.io/service-account-token\n---\n"
)


def steps(
    rules: str, more: str = "", namespace: str = "ci", kubernetes: Version = DEFAULT
) -> set[tuple[str, str]]:
    """Kind of step and target for ServiceAccount ci/deployer with these rules."""
    kind = "Role" if namespace else "ClusterRole"
    text = role("r", rules, namespace) + binding("b", kind, "r", DEPLOYER, namespace) + ADMIN + more
    objects = manifests(text)
    scene = Scene(Authorizer((*default_policy(), *objects)), tuple(objects), kubernetes)
    found = set()
    for find in STEPS:
        for step in find(scene, parse_identity("sa:ci/deployer")):
            target = step.target
            found.add((find.__name__, target.title))
    return found


AS_ADMIN = "ServiceAccount ci/admin"
RBAC = "rbac.authorization.k8s.io"


@each_row(
    ("rules", "more", "namespace", "expected"),
    [
        (rule("create", '""', "pods"), "", "ci", ("run_workloads", AS_ADMIN)),
        (rule("patch", "apps", "deployments"), "", "ci", ("run_workloads", AS_ADMIN)),
        (rule("create", '""', "pods/exec"), POD, "ci", ("enter_pods", AS_ADMIN)),
        (rule("create", '""', "pods/attach"), POD, "ci", ("enter_pods", AS_ADMIN)),
        (rule("patch", '""', "pods/ephemeralcontainers"), POD, "ci", ("enter_pods", AS_ADMIN)),
        (rule("create", '""', "serviceaccounts/token"), "", "ci", ("request_tokens", AS_ADMIN)),
        (rule("list", '""', "secrets"), TOKEN, "ci", ("read_secrets", AS_ADMIN)),
        (rule("get", '""', "secrets", "t"), TOKEN, "ci", ("read_secrets", AS_ADMIN)),
        (rule("create, get", '""', "secrets"), "", "ci", ("read_secrets", AS_ADMIN)),
        (rule("impersonate", '""', "serviceaccounts"), "", "ci", ("impersonate", AS_ADMIN)),
        (rule("impersonate", '""', "users, groups"), "", "", ("impersonate", "cluster-admin")),
        (rule("escalate, update", RBAC, "roles"), "", "ci", ("escalate", "admin of ci")),
        (rule("escalate, patch", RBAC, "clusterroles"), "", "", ("escalate", "cluster-admin")),
        (
            rule("bind", RBAC, "clusterroles") + rule("create", RBAC, "rolebindings"),
            "",
            "ci",
            ("bind", "admin of ci"),
        ),
        (rule("escalate, update", RBAC, "roles", "r"), "", "ci", ("escalate", "admin of ci")),
        (rule("escalate, update", RBAC, "clusterroles", "r"), "", "", ("escalate", "cluster-admin")),
        # A ClusterRole that one is bound to in a Namespace gives rights there.
        (
            rule("escalate, update", RBAC, "clusterroles", "web"),
            role("web", PODS_RULE, "") + binding("w", "ClusterRole", "web", DEPLOYER, "sun"),
            "",
            ("escalate", "admin of sun"),
        ),
        (
            rule("impersonate", '""', "users", "anybody")
            + rule("impersonate", '""', "groups", "system:masters"),
            "",
            "",
            ("impersonate", "cluster-admin"),
        ),
        (
            rule("bind", RBAC, "clusterroles", "edit") + rule("create", RBAC, "rolebindings"),
            "",
            "ci",
            ("bind", "what ClusterRole edit allows in ci"),
        ),
        (
            rule("bind", RBAC, "roles", "s") + rule("create", RBAC, "rolebindings"),
            role("s", rule("get", '""', "secrets")),
            "ci",
            ("bind", "what Role ci/s allows in ci"),
        ),
        (rule("get", '""', "nodes/proxy"), "", "", ("take_nodes", "cluster-admin")),
        (
            rule("create", "admissionregistration.k8s.io", "mutatingwebhookconfigurations"),
            "",
            "",
            ("take_nodes", "cluster-admin"),
        ),
    ],
)
def test_each_step(rules: str, more: str, namespace: str, expected: tuple[str, str]) -> None:
    assert expected in steps(rules, more, namespace)


def test_a_namespace_without_the_right_hides_no_other() -> None:
    text = role("r", rule("create", '""', "pods"), "zoo") + binding("z", "Role", "r", DEPLOYER, "zoo")
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: keeper, namespace: zoo}\n---\n"
    assert titles(rule("get", '""', "pods"), text + account) == ["create pods in zoo as zoo/keeper"]


def titles(rules: str, more: str = "", namespace: str = "ci", who: str = "sa:ci/deployer") -> list[str]:
    """How each step is told, for a subject that has these rules; each once."""
    kind, name = parse_subject(who).kind, parse_subject(who).name
    subject = DEPLOYER if kind == "ServiceAccount" else f"{{kind: {kind}, name: {name}}}"
    role_kind = "Role" if namespace else "ClusterRole"
    text = role("r", rules, namespace) + binding("b", role_kind, "r", subject, namespace) + more
    objects = manifests(text)
    scene = Scene(Authorizer((*default_policy(), *objects)), tuple(objects))
    return list(dict.fromkeys(step.by for find in STEPS for step in find(scene, parse_identity(who))))


MAKERS = [
    ("", "pods", "create"),
    *(
        (group, resource, verb)
        for group, resource in (
            ("", "replicationcontrollers"),
            ("apps", "deployments"),
            ("apps", "daemonsets"),
            ("apps", "statefulsets"),
            ("apps", "replicasets"),
            ("batch", "cronjobs"),
        )
        for verb in ("create", "update", "patch")
    ),
    ("batch", "jobs", "create"),
]


@each_row(("group", "resource", "verb"), MAKERS)
def test_whoever_makes_pods_runs_as_any_account_of_the_namespace(
    group: str, resource: str, verb: str
) -> None:
    found = titles(rule(verb, f'"{group}"', resource), ADMIN)
    assert found == [f"{verb} {resource} in ci as ci/admin", f"{verb} {resource} in ci as ci/deployer"]


@each_row(
    ("group", "resource", "verbs"),
    [
        ("", "pods", "update, patch, get"),  # A Pod's ServiceAccount never changes.
        ("batch", "jobs", "update, patch"),  # Nor does a Job's template.
        ("apps", "deployments", "get, list, delete"),
        ("extensions", "deployments", "create"),
        ("apps", "controllerrevisions", "create"),
    ],
)
def test_what_makes_no_pods(group: str, resource: str, verbs: str) -> None:
    assert titles(rule(verbs, f'"{group}"', resource), ADMIN) == []


@each_row(
    ("kind", "name", "namespace", "found"),
    [
        ("Deployment", "web", "ci", True),
        ("Deployment", "web", "ops", False),
        ("Deployment", "other", "ci", False),
        ("DaemonSet", "web", "ci", False),
    ],
)
def test_a_workload_that_may_be_changed_by_name_must_be_there(
    kind: str, name: str, namespace: str, found: bool
) -> None:
    there = f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: {namespace}}}\n---\n"
    rules = rule("create, patch", "apps", "deployments", "web")
    wanted = ["patch deployments web in ci as ci/admin", "patch deployments web in ci as ci/deployer"]
    assert titles(rules, there + ADMIN) == (wanted if found else [])


def test_every_namespace_that_is_named_counts() -> None:
    more = (
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: empty}\n---\n"
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: used, namespace: used}\n---\n"
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: bot, namespace: bots}\n---\n"
        + POD.replace("namespace: ci", "namespace: pods").replace("admin", "runner")
    )
    objects = tuple(
        manifests(more + binding("b", "Role", "r", "{kind: ServiceAccount, name: x, namespace: bound}"))
    )
    scene = Scene(Authorizer(objects), objects)
    assert scene.namespaces == ["bots", "bound", "ci", "empty", "pods", "used"]
    assert scene.service_accounts == [("bots", "bot"), ("bound", "x"), ("pods", "runner")]
    assert scene.accounts_of("pods") == [("pods", "runner")]


def test_only_a_token_for_the_api_server_is_worth_entering() -> None:
    def pod(name: str, source: str) -> str:
        return (
            f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: ci}}\nspec:\n"
            f"  automountServiceAccountToken: false\n  containers: [{{name: c, volumeMounts: [{{name: v, mountPath: /t}}]}}]\n"
            f"  volumes: [{{name: v, projected: {{sources: [{source}]}}}}]\n---\n"
        )

    objects = tuple(
        manifests(
            pod("own", "{serviceAccountToken: {path: t}}")
            + pod("vault", "{serviceAccountToken: {path: t, audience: vault}}")
            + pod("secret", "{secret: {name: t}}")
            + TOKEN
        )
    )
    assert Scene(Authorizer(objects), objects).running == [(("ci", "default"), "Pod ci/own")]


def test_users_and_groups_that_bindings_name() -> None:
    subjects = (
        "{kind: User, name: jane}, {kind: Group, name: ops}, {kind: User, name: 'system:serviceaccount:ci:x'}, "
        "{kind: ServiceAccount, name: x, namespace: ci}, {kind: User, name: 'kube:x'}"
    )
    objects = tuple(manifests(binding("b", "Role", "r", subjects)))
    assert [name for name, _ in Scene(Authorizer(objects), objects).people] == [
        "group:ops", "user:jane", "user:kube:x",
    ]  # fmt: skip


@each_row(
    ("rules", "namespace", "found"),
    [
        (rule("escalate, create", RBAC, "roles"), "ci", ["escalate roles in ci"]),
        (rule("escalate, patch", RBAC, "roles", "r"), "ci", ["escalate roles r in ci"]),
        (rule("escalate, update", RBAC, "clusterroles", "r"), "", ["escalate clusterroles r"]),
        (rule("escalate, create", RBAC, "clusterroles", "r"), "", []),
        (rule("escalate, update", RBAC, "clusterroles", "other"), "", []),
        (rule("escalate", RBAC, "clusterroles"), "", []),
        (rule("create, update, patch", RBAC, "roles"), "ci", []),
        (rule("escalate, update", "apps", "roles"), "ci", []),
        (rule("escalate, update, patch", RBAC, "roles", "r, s"), "ci", ["escalate roles r in ci"]),
    ],
)
def test_escalate(rules: str, namespace: str, found: list[str]) -> None:
    assert titles(rules, role("s", rule("get", '""', "pods")), namespace) == found


@each_row("verb", ["create", "update", "patch"])
@each_row(
    ("resource", "namespace", "title"),
    [
        ("rolebindings", "ci", "bind cluster-admin by rolebindings in ci"),
        ("clusterrolebindings", "", "bind cluster-admin by clusterrolebindings"),
    ],
)
def test_bind_cluster_admin(verb: str, resource: str, namespace: str, title: str) -> None:
    rules = rule("bind", RBAC, "clusterroles", "cluster-admin") + rule(verb, RBAC, resource)
    assert titles(rules, "", namespace) == [title]
    assert (
        titles(
            rule("bind", RBAC, "clusterroles", "cluster-admin") + rule("get", RBAC, resource), "", namespace
        )
        == []
    )


def test_only_roles_of_the_same_place_can_be_bound() -> None:
    rules = rule("bind", RBAC, "roles, clusterroles", "s, view") + rule("create", RBAC, "rolebindings")
    secrets = rule("get", '""', "secrets")
    more = (
        role("s", secrets) + role("s", secrets, "ops") + role("t", secrets) + role("clusterless", secrets, "")
    )
    assert titles(rules, more) == [
        "bind ClusterRole view by rolebindings in ci",
        "bind Role ci/s by rolebindings in ci",
    ]
    both = rules + rule("create", RBAC, "clusterrolebindings")
    assert "bind Role ci/s by clusterrolebindings" not in titles(both, more, "")


JANE = binding("j", "ClusterRole", "view", "{kind: User, name: jane}, {kind: Group, name: ops}", "")


@each_row(
    ("rules", "who", "found"),
    [
        (rule("impersonate", '""', "users", "jane"), "sa:ci/deployer", ["impersonate user jane"]),
        (rule("impersonate", '""', "users", "bob"), "sa:ci/deployer", []),
        (rule("impersonate", '""', "users", "jane"), "user:jane", []),
        # A group is never impersonated without a user.
        (rule("impersonate", '""', "groups"), "sa:ci/deployer", []),
        (
            rule("impersonate", '""', "groups, users", "ops, jane"),
            "sa:ci/deployer",
            ["impersonate user jane", "impersonate group ops"],
        ),
        (
            rule("impersonate", '""', "groups, serviceaccounts", "ops, deployer"),
            "user:bob",
            ["impersonate ci/deployer", "impersonate group ops"],
        ),
        (
            rule("impersonate", '""', "groups, users", "ops, anybody"),
            "sa:ci/deployer",
            ["impersonate group ops"],
        ),
        (
            rule("impersonate", '""', "groups, users", "'system:masters', anybody"),
            "sa:ci/deployer",
            ["impersonate group system:masters"],
        ),
        (rule("impersonate", "apps", "groups, users"), "sa:ci/deployer", []),
        (rule("get", '""', "groups, users"), "sa:ci/deployer", []),
    ],
)
def test_impersonate(rules: str, who: str, found: list[str]) -> None:
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: deployer, namespace: ci}\n---\n"
    assert titles(rules, JANE + account, "", who) == found


@each_row("verb", ["create", "update", "patch"])
@each_row("resource", ["pods/exec", "pods/attach", "pods/ephemeralcontainers"])
def test_ways_into_a_pod(verb: str, resource: str) -> None:
    leads = (verb == "create") is (resource != "pods/ephemeralcontainers")
    found = titles(rule(verb, '""', resource), POD)
    assert found == ([f"{resource} into Pod ci/p (ci/admin)"] if leads else [])
    assert titles(rule(verb, '""', resource), POD.replace("namespace: ci", "namespace: ops")) == []


def test_one_way_into_a_pod_is_enough() -> None:
    rules = rule("create", '""', "pods/exec, pods/attach") + rule("patch", '""', "pods/ephemeralcontainers")
    assert titles(rules, POD) == ["pods/exec into Pod ci/p (ci/admin)"]


@each_row(
    ("rules", "found"),
    [
        (rule("list", '""', "secrets"), True),
        (rule("watch", '""', "secrets"), True),
        (rule("get", '""', "secrets"), True),
        (rule("get", '""', "secrets", "t"), True),
        (rule("get", '""', "secrets", "u"), False),
        (rule("create", '""', "secrets"), False),
        (rule("list", "apps", "secrets"), False),
        (rule("list", '""', "configmaps"), False),
    ],
)
def test_reading_a_token_from_a_secret(rules: str, found: bool) -> None:
    assert titles(rules, TOKEN + ADMIN) == (["secrets -> token of ci/admin"] if found else [])


@each_row(
    "change",
    [
        ("kind: Secret", "kind: ConfigMap"),
        ("name: t, namespace: ci", "name: t, namespace: ops"),
        ("service-account-token", "dockercfg"),
        ("service-account.name: admin", "service-account.name: other"),
    ],
)
def test_what_holds_no_token_of_the_account(change: tuple[str, str]) -> None:
    assert "ci/admin" not in " ".join(titles(rule("list", '""', "secrets"), TOKEN.replace(*change) + ADMIN))


@each_row("reads", ["get", "list", "watch"])
def test_whoever_creates_and_reads_secrets_makes_tokens(reads: str) -> None:
    found = titles(rule(f"create, {reads}", '""', "secrets"), ADMIN)
    assert found == ["secrets -> token of ci/admin", "secrets -> token of ci/deployer"]
    assert titles(rule(reads, '""', "secrets"), ADMIN) == []


def test_a_secret_that_may_be_read_by_name_is_told_rather_than_a_new_one() -> None:
    rules = rule("get", '""', "secrets", "t") + rule("create, get", '""', "secrets")
    objects = tuple(manifests(role("r", rules) + binding("b", "Role", "r", DEPLOYER) + TOKEN + ADMIN))
    scene = Scene(Authorizer(objects), objects)
    lines = {
        step.by: step.location.line
        for find in STEPS
        for step in find(scene, parse_identity("sa:ci/deployer"))
    }
    assert lines == {"secrets -> token of ci/admin": 5, "secrets -> token of ci/deployer": 6}


SIGNING = (
    rule("create", "certificates.k8s.io", "certificatesigningrequests")
    + rule("update", "certificates.k8s.io", "certificatesigningrequests/approval")
    + rule("approve", "certificates.k8s.io", "signers")
)


@each_row(
    ("who", "found"),
    [
        ("sa:ci/deployer", ["group dev", "group ops", "user jane", "user kube:x"]),
        ("user:jane", ["group dev", "group ops", "user kube:x"]),
        ("group:ops", ["group dev", "user jane", "user kube:x"]),
    ],
)
def test_certificates_for_anybody_else_except_masters(who: str, found: list[str]) -> None:
    more = JANE + binding(
        "m", "ClusterRole", "view",
        "{kind: Group, name: 'system:masters'}, {kind: Group, name: dev}, {kind: User, name: 'kube:x'}", "",
    )  # fmt: skip
    told = [one.removeprefix("approve a certificate for ") for one in titles(SIGNING, more, "", who)]
    assert "group system:masters" not in told
    assert [one for one in told if not one.startswith("group system:")] == found


@each_row(
    ("verbs", "group", "resource", "found"),
    [
        ("get", "", "nodes/proxy", True),
        ("create", "", "nodes/proxy", True),
        ("update", "", "nodes/proxy", False),
        *(
            (verb, "admissionregistration.k8s.io", "mutatingwebhookconfigurations", True)
            for verb in ("create", "update", "patch")
        ),
        ("get", "admissionregistration.k8s.io", "mutatingwebhookconfigurations", False),
        ("create", "admissionregistration.k8s.io", "validatingwebhookconfigurations", False),
        ("create", "", "persistentvolumes", False),
    ],
)
def test_taking_nodes(verbs: str, group: str, resource: str, found: bool) -> None:
    assert len(titles(rule(verbs, f'"{group}"', resource), ADMIN, "")) == int(found)


def test_a_volume_of_the_node_needs_a_pod_that_mounts_it() -> None:
    disk = "mount a node's disk with a hostPath PersistentVolume"
    both = rule("create", '""', "persistentvolumes") + rule("create", '""', "pods")
    other = binding("o", "Role", "gone", "{kind: ServiceAccount, name: x, namespace: zz}", "zz")
    assert disk in titles(both, other, "")
    assert disk not in titles(rule("create", '""', "pods"), other, "")
    assert disk not in titles(both.replace("[create]", "[update]"), other, "")


POLICIES, BINDINGS = "mutatingadmissionpolicies", "mutatingadmissionpolicybindings"
BOUND = "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingAdmissionPolicyBinding\nmetadata: {name: b}\n---\n"


@each_row(
    ("verbs", "resources", "more", "minor", "rewrites"),
    [
        ("create", f"{POLICIES}, {BINDINGS}", "", 36, True),
        ("create", f"{POLICIES}, {BINDINGS}", "", 35, False),
        ("create", POLICIES, BOUND, 36, False),
        ("update", POLICIES, BOUND, 36, True),
        ("update", POLICIES, "", 36, False),
        ("update", BINDINGS, BOUND, 36, False),
        ("get", f"{POLICIES}, {BINDINGS}", BOUND, 36, False),
    ],
)
def test_mutating_policies_rewrite_objects_from_1_36_on(
    verbs: str, resources: str, more: str, minor: int, rewrites: bool
) -> None:
    rules = rule(verbs, "admissionregistration.k8s.io", resources)
    found = steps(rules, more, "", Version(1, minor))
    assert (("take_nodes", "cluster-admin") in found) is rewrites


@each_row("verb", ["update", "patch"])
@each_row("signer", ["kubernetes.io/kube-apiserver-client", "kubernetes.io/*"])
def test_certificates_need_all_three_rights(verb: str, signer: str) -> None:
    api = "certificates.k8s.io"
    ask = rule("create", api, "certificatesigningrequests")
    approve = rule(verb, api, "certificatesigningrequests/approval")
    sign = rule("approve", api, "signers", f'"{signer}"')
    jane = binding("j", "ClusterRole", "cluster-admin", "{kind: User, name: jane}", "")
    assert ("sign_certificates", "user jane") in steps(ask + approve + sign, jane, "")
    for rules in (ask + approve, ask + sign, approve + sign):
        assert steps(rules, jane, "") == set()


def test_a_group_that_one_is_in_is_no_gain() -> None:
    rules = rule("impersonate", '""', "users, groups", "anybody, own, other")
    subjects = "{kind: Group, name: own}, {kind: Group, name: other}"
    objects = manifests(role("r", rules, "") + binding("b", "ClusterRole", "r", subjects, ""))
    scene = Scene(Authorizer(tuple(objects)), tuple(objects))
    found = [step.by for step in impersonate(scene, Identity("jane", ("own",)))]
    assert found == ["impersonate group other"]


@each_row(
    ("rules", "more"),
    [
        (rule("get, list", '""', "pods"), POD),
        (rule("get", '""', "pods/log"), POD),
        (rule("list", '""', "secrets"), ""),
        (rule("get", '""', "secrets", "other"), TOKEN),
        (rule("escalate", RBAC, "roles"), ""),
        (rule("bind", RBAC, "clusterroles"), ""),
        (
            rule("create", '""', "pods/exec"),
            POD.replace("admin,", "admin, automountServiceAccountToken: false,"),
        ),
        (rule("create", '""', "serviceaccounts/token", "deployer"), ""),
    ],
)
def test_what_leads_nowhere(rules: str, more: str) -> None:
    found = {target for _, target in steps(rules, more)}
    assert found - {"ServiceAccount ci/deployer"} == set()


@each_row(
    ("rules", "more"),
    [
        (rule("escalate, create", RBAC, "roles", "r"), ""),
        (rule("escalate, update", RBAC, "roles", "other"), role("other", rule("get", '""', "pods"))),
        (
            rule("bind", RBAC, "roles", "s")
            + rule("create", RBAC, "rolebindings")
            + rule("get", '""', "configmaps"),
            role("s", rule("get", '""', "configmaps")),
        ),
        (rule("create", RBAC, "rolebindings"), ""),
        (
            rule("create", '""', "pods/exec"),
            POD + "apiVersion: v1\nkind: ServiceAccount\nautomountServiceAccountToken: false\n"
            "metadata: {name: admin, namespace: ci}\n---\n",
        ),
    ],
    ids=["created by name", "not bound to it", "has it all", "no bind", "account opts out"],
)
def test_no_step(rules: str, more: str) -> None:
    assert steps(rules, more) == set()
