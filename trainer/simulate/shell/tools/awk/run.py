"""Runs an awk program on lines of text.

Follows POSIX.1-2024, XCU awk. Records are lines. `for (key in array)` takes the keys in the order in
which they came; awks differ there.
"""

from __future__ import annotations

from collections.abc import Callable

from trainer.errors import NotJudged
from trainer.simulate.shell.process import limited
from trainer.simulate.shell.tools.awk.evaluate import Expressions, System
from trainer.simulate.shell.tools.awk.tree import Node, Rule
from trainer.simulate.shell.tools.awk.values import Value, formatted, number_of, text_of


class _Leave(Exception):
    """`next`, `exit`, `break` or `continue`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Run(Expressions):
    """One run of a program."""

    def __init__(self, rules: tuple[Rule, ...], system: System) -> None:
        super().__init__(system)
        self.rules = rules
        self.others: dict[tuple[str, str], str] = {}
        """What was written to files (`>`, `>>`) and to commands (`|`), by its target."""
        self.code = 0
        self.open: set[int] = set()
        """The rules whose range has begun and not ended."""

    def run(self, files: list[tuple[str, list[str]]]) -> None:
        """Run all rules on the lines of these files, which have names."""
        try:
            self._named("BEGIN")
            if any(rule.name != "BEGIN" for rule in self.rules):
                self._records(files)
        except _Leave as end:
            self._ends(end)
        try:
            self._named("END")
        except _Leave as end:
            self._ends(end)

    def _ends(self, end: _Leave) -> None:
        if end.kind != "exit":
            raise NotJudged(f"awk with {end.kind} outside of its place") from None

    def _named(self, name: str) -> None:
        for rule in self.rules:
            if rule.name == name and rule.action is not None:
                self.statement(rule.action)

    def _records(self, files: list[tuple[str, list[str]]]) -> None:
        for name, lines in files:
            self.variables |= {"FILENAME": name, "FNR": 0.0}
            for line in lines:
                self.variables["NR"] = number_of(self.variables["NR"]) + 1
                self.variables["FNR"] = number_of(self.variables["FNR"]) + 1
                self.read(line)
                try:
                    self._record()
                except _Leave as end:
                    if end.kind != "next":
                        raise

    def _record(self) -> None:
        """Run the rules on the current record."""
        for at, rule in enumerate(self.rules):
            if rule.name or not self._chosen(at, rule):
                continue
            if rule.action is None:
                self.write(f"{text_of(self.record)}{text_of(self.variables['ORS'])}")
            else:
                self.statement(rule.action)

    def _chosen(self, at: int, rule: Rule) -> bool:
        if rule.first is None:
            return True
        if rule.last is None:
            return self.truth(rule.first)
        if at not in self.open and not self.truth(rule.first):
            return False
        self.open.add(at)
        if self.truth(rule.last):
            self.open.remove(at)
        return True

    def statement(self, node: Node) -> None:
        """Run one statement."""
        run = _STATEMENTS.get(node.kind)
        if run is None:
            self.value(node)
        else:
            self.step()
            run(self, node)

    def _block(self, node: Node) -> None:
        for one in node.parts:
            self.statement(one)

    def _if(self, node: Node) -> None:
        condition, body, *otherwise = node.parts
        if self.truth(condition):
            self.statement(body)
        elif otherwise:
            self.statement(otherwise[0])

    def _loop(self, condition: Node, body: Node, step: Node | None = None) -> None:
        while self.truth(condition):
            if not self._round(body):
                return
            if step is not None:
                self.statement(step)

    def _round(self, body: Node) -> bool:
        """Run the body of a loop; whether the loop goes on."""
        try:
            self.statement(body)
        except _Leave as end:
            if end.kind not in ("break", "continue"):
                raise
            return end.kind == "continue"
        return True

    def _for(self, node: Node) -> None:
        first, condition, step, body = node.parts
        self.statement(first)
        self._loop(condition, body, step)

    def _do(self, node: Node) -> None:
        condition, body = node.parts
        if self._round(body):
            self._loop(condition, body)

    def _each(self, node: Node) -> None:
        name, body = node.parts
        for key in list(self.array(name.text)):
            self.put(Node("name", node.text), key)
            if not self._round(body):
                return

    def _leave(self, node: Node) -> None:
        if node.kind == "exit" and node.parts:
            self.code = int(number_of(self.value(node.parts[0]))) & 255
        raise _Leave(node.kind)

    def _delete(self, node: Node) -> None:
        (target,) = node.parts
        if target.kind == "name":
            self.array(target.text).clear()
        else:
            self.array(target.text).pop(self.key(target), None)

    def _print(self, node: Node) -> None:
        values: list[Value] = [self.value(one) for one in node.parts[0].parts]
        if node.kind == "printf":
            text = formatted(text_of(values[0]) if values else "", values[1:])
        else:
            words = map(text_of, values) if node.parts[0].parts else [text_of(self.record)]
            text = text_of(self.variables["OFS"]).join(words) + text_of(self.variables["ORS"])
        if not node.text:
            self.write(text)
            return
        target = text_of(self.value(node.parts[1]))
        if target == "/dev/stdout":
            self.write(text)
        elif target != "/dev/stderr":
            key = (node.text, target)
            self.others[key] = limited(self.others.get(key, "") + text)


_STATEMENTS: dict[str, Callable[[Run, Node], None]] = {
    "block": Run._block,
    "if": Run._if,
    "while": lambda run, node: run._loop(node.parts[0], node.parts[1]),
    "do": Run._do,
    "for": Run._for,
    "each": Run._each,
    **dict.fromkeys(("next", "exit", "break", "continue"), Run._leave),
    "delete": Run._delete,
    **dict.fromkeys(("print", "printf"), Run._print),
}
