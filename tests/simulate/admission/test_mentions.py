"""What expressions look at."""

from __future__ import annotations

from tests.admission_world import POLICY, changed, read
from tests.table import each_row
from trainer.simulate.admission.mentions import mentions, values_of

IMAGE = ("object", "spec", "containers", "*", "image")
PARAMETERS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: p}\ndata: {allowed: 'a.io/, b.io/'}\n"


def compared(expression: str, *field: str, parameters: str = "") -> list[object]:
    [policy] = read(changed(POLICY, expression=f'"{expression}"'))
    return values_of(mentions(policy, read(parameters) if parameters else ()), tuple(field))


@each_row(
    "expression",
    [
        "object.spec.containers.all(c, c.image.startsWith('quay.io/'))",
        "object.spec.containers.all(c, ['quay.io/', 'a'].exists(r, c.image.startsWith(r)))",
        "object.spec.containers.map(c, c.image).all(i, i.startsWith('quay.io/')) || object.spec.containers[0].image == 'quay.io/'",
        "object.spec.containers.all(c, c.image.matches('^quay[.]io/'))",
        "object.spec.containers.all(c, c.image.split(':')[0] in ['quay.io/'])",
    ],
)
def test_an_image_and_what_it_is_compared_with(expression: str) -> None:
    assert "quay.io/" in compared(expression, *IMAGE)


def test_values_by_way_of_variables_and_parameters() -> None:
    text = POLICY.replace(
        "  validations:", "  variables: [{name: all, expression: object.spec.containers}]\n  validations:"
    )
    [policy] = read(changed(text, expression="\"variables.all.all(c, c.image != 'x')\""))
    assert values_of(mentions(policy), IMAGE) == ["x"]
    expression = (
        "object.spec.containers.all(c, params.data.allowed.split(', ').exists(a, c.image.startsWith(a)))"
    )
    assert {"a.io/", "b.io/"} <= set(compared(expression, *IMAGE, parameters=PARAMETERS))


def test_other_fields() -> None:
    expression = "request.userInfo.username == 'a' || 'b' in request.userInfo.groups || object.metadata.labels['k'] == 'v'"
    assert compared(expression, "request", "userInfo", "username") == ["a"]
    assert compared(expression, "request", "userInfo", "groups") == ["b"]
    assert compared(expression, "object", "metadata", "labels", "k") == ["v"]
    [policy] = read(
        changed(POLICY, expression='"has(object.metadata.labels.skip) || object.spec.hostNetwork"')
    )
    fields = {one.field for one in mentions(policy)}
    assert {("object", "metadata", "labels", "skip"), ("object", "spec", "hostNetwork")} <= fields
    [policy] = read(changed(POLICY, expression="object.spec +"))
    assert mentions(policy) == ()


def test_a_step_from_a_choice_is_a_step_from_each_operand() -> None:
    """`(a ? object.spec : object.spec.template.spec).hostPID`."""
    expression = "(has(object.spec) ? object.spec : object.spec.template.spec).?hostPID.orValue(false)"
    [policy] = read(changed(POLICY, expression=f'"{expression}"'))
    fields = {mention.field for mention in mentions(policy)}
    assert {("object", "spec", "hostPID"), ("object", "spec", "template", "spec", "hostPID")} <= fields
