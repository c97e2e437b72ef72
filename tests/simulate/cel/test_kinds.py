"""Types and how they unify."""

from __future__ import annotations

from trainer.simulate.cel.kinds import DYN, Type, Unifier, kind, structure


def agree(left: str, right: str) -> bool:
    return Unifier().assignable((kind(left), kind(right)))


def test_reading_and_writing() -> None:
    text = "map(string, list(optional(int)))"
    assert kind(text) == Type("map", (Type("string"), Type("list", (Type("optional", (Type("int"),)),))))
    assert str(kind(text)) == "map(string, list(optional_type(int)))"
    assert structure("a.B", x="list(int)").fields == {"x": kind("list(int)")}
    assert kind("T").is_variable
    assert not kind("int").is_variable
    assert kind("optional(int)").unwrapped == kind("int")
    assert kind("int").unwrapped == kind("int")


def test_what_agrees() -> None:
    assert agree("dyn", "int")
    assert agree("list(dyn)", "list(int)")
    assert agree("map(string, dyn)", "map(dyn, int)")
    assert agree("null", "timestamp")
    assert agree("optional(int)", "null")
    assert agree("type(int)", "type(string)")
    assert not agree("list(string)", "list(int)")
    assert not agree("map(int, int)", "map(string, int)")
    assert not agree("null", "int")
    assert not agree("list(int)", "null")
    assert not agree("int", "double")


def test_a_variable_stands_for_one_type() -> None:
    unifier = Unifier()
    [many, one] = unifier.instance((kind("list(T)"), kind("T")))
    assert unifier.assignable((kind("list(int)"), many), (kind("int"), one))
    assert unifier.resolved(one) == kind("int")
    assert not unifier.assignable((kind("string"), one))
    [many, one] = unifier.instance((kind("list(T)"), kind("T")))
    assert not unifier.assignable((kind("list(int)"), many), (kind("string"), one))
    assert unifier.resolved(one).is_variable, "a failed attempt leaves nothing behind"
    assert unifier.resolved(one, final=True) == DYN
    assert not unifier.assignable((Type("list", (one,)), one)), "no type holds itself"


def test_the_wider_type_stands() -> None:
    unifier = Unifier()
    variable = unifier.fresh()
    assert unifier.assignable((kind("int"), variable), (DYN, variable))
    assert unifier.resolved(variable) == DYN


def test_the_elements_of_a_literal() -> None:
    unifier = Unifier()
    assert unifier.joined(None, kind("int")) == kind("int")
    assert unifier.joined(kind("int"), DYN) == DYN
    assert unifier.joined(kind("int"), kind("string")) == DYN
