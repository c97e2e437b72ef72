"""Runs a parsed script on a container: exit codes, `set -e`, redirections, pipes, loops, traps.

Follows POSIX.1-2024, XCU 2.8 (Exit Status) and 2.14 (Special Built-in Utilities).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from trainer.errors import NotJudged
from trainer.simulate.shell import builtins, globs, loops
from trainer.simulate.shell.assignments import Value, as_text, declared
from trainer.simulate.shell.builtins import Exit, Return
from trainer.simulate.shell.double import holds
from trainer.simulate.shell.expand import Unset, Words
from trainer.simulate.shell.loops import Leave
from trainer.simulate.shell.parser import parse_shell
from trainer.simulate.shell.process import Host, Ran, in_environment, limited, reads_input
from trainer.simulate.shell.redirections import closed, file_alone, opened, with_errors
from trainer.simulate.shell.syntax import (
    Assignment,
    Broken,
    Case,
    Command,
    Condition,
    Counted,
    For,
    Function,
    Group,
    If,
    Loop,
    Pipeline,
    Script,
    Simple,
    Step,
    Word,
)
from trainer.simulate.shell.tools.changing import write
from trainer.simulate.shell.tools.reading import contents

MOST_CALLS = 20


class Shell:
    """One shell, which runs scripts on a host. `dash` tells it from bash, where the two differ."""

    def __init__(self, host: Host, arguments: tuple[str, ...], *, dash: bool, depth: int) -> None:
        self.host = host
        self.arguments = arguments
        self.dash = dash
        self.depth = depth
        self.variables: dict[str, Value | None] = dict(host.environment)
        self.exported = set(host.environment)  # the variables that programs see
        self.code = 0
        self.errexit = self.strict = self.pipefail = self.errtrace = self.traced = self.nullglob = False
        self.allexport = False
        self.at_exit = self.at_error = ""
        self.inside = False
        """Whether it is a part of another shell."""
        self.letters = ""
        """What is left of the word of options that `getopts` reads."""
        self.folders: list[str] = []
        """Where `popd` goes back to."""
        self.readonly: set[str] = set()
        self.broken: Broken | None = None
        """Where it could not read on."""
        self.substituted = 0
        """How the last command substitution of an assignment ended."""
        self.complaint = ""
        self.errors = 0
        """How many commands wrote to standard error."""
        self.checked = 0
        """How many conditions are around the current command: there `set -e` has no effect."""
        self.evals = 0
        """How many times `eval` is around it."""
        self.loops = 0
        """How many loops are around it."""
        self.out: str | None = ""
        self.stdin: str | None = ""
        """What its commands read if nothing else is connected."""
        self.functions: dict[str, Group | If | Loop | For | Counted | Case] = {}
        self.locals: list[dict[str, Value | None]] = []
        self.input: str | None = ""
        """What `read` reads: the input of the compound command around it."""
        self.words = Words(self, host, self._output)

    def run(self, text: str, line: int = 0) -> Ran:
        """Run a script to its end. `line`: of the command that it is a part of."""
        self.to_its_end(lambda: self.script(parse_shell(text, line, dash=self.dash)))
        return Ran(self.code, self.complaint if self.code else "", self.out)

    def to_its_end(self, run: Callable[[], int]) -> int:
        """Run something as all that this shell does, and the trap on exit; the shell's exit code."""
        try:
            self.code = run()
        except (Exit, Leave) as end:
            self.code = end.code
        except Unset as error:
            self.code, self.complaint = 2 if self.dash else 1 if self.inside else 127, str(error)
        if self.at_exit:
            code, text, self.at_exit = self.code, self.at_exit, ""
            try:
                self.script(parse_shell(text, self.host.line, dash=self.dash))
                self.code = code
            except Exit as end:
                self.code = end.code
        return self.code

    def script(self, script: Script) -> int:
        """Run and-or lists; the exit code of the last one."""
        for steps in script:
            self._and_or(steps)
        return self.code

    def _and_or(self, steps: tuple[Step, ...]) -> None:
        for step in steps:
            if (step.joined == "&&" and self.code) or (step.joined == "||" and not self.code):
                continue
            last = step is steps[-1] and not step.pipeline.negated
            self.checked += not last
            try:
                self.code = self._pipeline(step.pipeline)
            finally:
                self.checked -= not last
            compound = len(step.pipeline.commands) == 1 and isinstance(
                step.pipeline.commands[0], If | Loop | For | Counted | Case
            )
            grouped = compound or (
                isinstance(step.pipeline.commands[0], Group) and not step.pipeline.commands[0].subshell
            )
            if self.code and last and not self.checked and not grouped:
                self._failed()

    def _failed(self) -> None:
        """A command has failed, where that counts: the trap on errors runs, and `set -e` ends the shell."""
        if self.at_error and (self.errtrace or not (self.locals or self.inside)):
            code, text, self.at_error = self.code, self.at_error, ""
            self.script(parse_shell(text, self.host.line, dash=self.dash))
            self.code, self.at_error = code, text
        if self.errexit:
            raise Exit(self.code)

    def condition(self, script: Script) -> bool:
        """Run the list of a condition; whether it succeeds."""
        self.checked += 1
        try:
            return not self.script(script)
        finally:
            self.checked -= 1

    def _pipeline(self, pipeline: Pipeline) -> int:
        if len(pipeline.commands) == 1:
            code = self.command(pipeline.commands[0], self.stdin)
        else:
            code = self._piped(pipeline)
        return int(not code) if pipeline.negated else code

    def _piped(self, pipeline: Pipeline) -> int:
        """Each command in a shell of its own; their times overlap."""
        stdin = self.stdin
        codes = []
        start = end = self.host.seconds
        for index, command in enumerate(pipeline.commands):
            self.host.seconds = start
            inner = self._subshell()
            codes.append(inner.to_its_end(partial(inner.command, command, stdin)))
            self.complaint = inner.complaint or self.complaint
            self.errors += inner.errors
            end = max(end, self.host.seconds)
            stdin = inner.out
            if index == len(pipeline.commands) - 1:
                self.write(stdin)
        self.host.seconds = end
        failed = [code for code in codes if code]
        return failed[-1] if self.pipefail and failed else codes[-1]

    def _subshell(self) -> Shell:
        inner = Shell(self.host, self.arguments, dash=self.dash, depth=self.depth)
        inner.variables, inner.exported = dict(self.variables), set(self.exported)
        inner.errexit, inner.strict, inner.pipefail = self.errexit, self.strict, self.pipefail
        inner.errtrace, inner.traced, inner.nullglob = self.errtrace, self.traced, self.nullglob
        inner.allexport = self.allexport
        inner.inside, inner.at_error = True, self.at_error
        inner.readonly, inner.folders = set(self.readonly), list(self.folders)
        inner.checked, inner.code, inner.loops, inner.evals = self.checked, self.code, self.loops, self.evals
        inner.functions, inner.input = dict(self.functions), self.input
        inner.locals = [dict(one) for one in self.locals]
        return inner

    def _output(self, script: Script) -> str:
        if (file := file_alone(script)) is not None:
            return self._contents(file)
        inner = self._subshell()
        inner.checked = 0
        self.code = self.substituted = inner.to_its_end(lambda: inner.script(script))
        if inner.out is None:
            raise NotJudged("what a command substitution writes")
        self.complaint = inner.complaint or self.complaint
        return inner.out

    def _contents(self, word: Word) -> str:
        """`$(< file)` of bash: what is in the file."""
        name = self.words.text(word)
        text, trouble = contents(self.host, name)
        if text is None:
            raise NotJudged(f"what is in {name}")
        self.code = self.substituted = int(bool(trouble))
        self.complaint = trouble or self.complaint
        return text

    def write(self, text: str | None) -> None:
        """Add to what the shell writes to its standard output."""
        self.out = None if text is None or self.out is None else limited(self.out + text)

    def command(self, command: Command, stdin: str | None) -> int:
        """Run one command with its redirections; the exit code."""
        if isinstance(command, Simple):
            return self._simple(command, stdin)
        if isinstance(command, Function):
            self.functions[command.name] = command.body
            return 0
        if isinstance(command, Broken):
            self.broken, self.host.line = command, command.line
            self.complaint, self.errors = f"syntax error: {command.why}", self.errors + 1
            raise Exit(2)
        outer, self.out, errors = self.out, "", self.errors
        target, stdin, trouble = opened(self, command.redirects, stdin)
        if trouble:
            self.out, self.complaint, self.errors = outer, trouble, self.errors + 1
            return 2 if self.dash else 1
        before, self.input = self.input, stdin or self.input if stdin is not None else None
        try:
            return self._compound(command)
        finally:
            self.input = before if stdin or stdin is None else self.input
            written, self.out = self.out, outer
            closed(self, target, with_errors(self, command.redirects, written, errors))

    def _compound(self, command: Command) -> int:
        match command:
            case Group(body, subshell):
                return self._in_subshell(body) if subshell else self.script(body)
            case If(branches, otherwise):
                for condition, body in branches:
                    if self.condition(condition):
                        return self.script(body)
                return self.script(otherwise) if otherwise else 0
            case For(name, words, body):
                fields = self.arguments[1:] if words is None else self.words.fields(words)
                return loops.each(self, name, fields, body)
            case Loop():
                return loops.looped(self, command)
            case Counted():
                return loops.counted(self, command)
            case Condition(line=line):
                self.host.line = line
                return int(not holds(self, command))
            case Case(word, branches):
                value = self.words.text(word)
                for patterns, body in branches:
                    if any(globs.matches(value, self.words.pattern(pattern)) for pattern in patterns):
                        return self.script(body) if body else 0
                return 0
        raise NotJudged("a shell construct")

    def _in_subshell(self, body: Script) -> int:
        inner = self._subshell()
        folder = self.host.folder
        code = inner.to_its_end(lambda: inner.script(body))
        self.host.folder = folder
        self.complaint = inner.complaint or self.complaint
        self.errors += inner.errors
        self.write(inner.out)
        return code

    def state(self) -> tuple[Any, ...]:
        """What a round of a loop may change."""
        files = self.host.files
        own = (dict(self.variables), self.arguments, self.input, self.letters, tuple(self.folders))
        return tuple(files.known.items()), frozenset(files.made), own, self.host.folder, self.host.state()

    def _simple(self, command: Simple, stdin: str | None) -> int:
        """Words first, then redirections, then assignments (XCU 2.9.1)."""
        self.host.line = command.line
        words, arrays = declared(command.words, self.words.text) if not self.dash else (command.words, ())
        argv = tuple(self.words.fields(words))
        own, self.words.made = self.words.made, []
        outer, self.out, errors = self.out, "", self.errors
        target, stdin, trouble = opened(self, command.redirects, stdin)
        if argv == ("exec",) and target is not None and target[0] != "/dev/null":
            if self.inside:
                raise NotJudged("exec with a file for all output")
            write(self.host, target[0], None)  # what comes later is in it, too
        if trouble:
            self.out = outer
            return self._not_opened(argv, trouble)
        before = dict(self.variables)
        try:
            self.substituted = 0
            self._assign(command.assignments)
            if not argv:
                return self.substituted if command.assignments else self.code if command.words else 0
            self.host.line = command.line
            names = tuple(one.name for one in command.assignments)
            code = self._call(argv, names, stdin)
            if argv[0] not in builtins.SPECIAL:
                self._forget(names, before)
            self._assign(arrays, declares=True)
            return code
        finally:
            self.words.forget(own)
            written, self.out = self.out, outer
            closed(self, target, with_errors(self, command.redirects, written, errors))

    def _forget(self, names: tuple[str, ...], before: dict[str, Value | None]) -> None:
        """Only the command that they preceded saw these assignments."""
        for name in names:
            if name in before:
                self.variables[name] = before[name]
            else:
                self.variables.pop(name, None)

    def _not_opened(self, argv: tuple[str, ...], trouble: str) -> int:
        """A redirection fails: the command doesn't run."""
        self.complaint, self.errors = trouble, self.errors + 1
        if argv and argv[0] in builtins.SPECIAL and self.dash:
            raise Exit(2)
        return 2 if self.dash else 1

    def _assign(self, assignments: tuple[Assignment, ...], *, declares: bool = False) -> None:
        """Set variables one after the other: each one sees those before it."""
        for one in assignments:
            if one.name in self.readonly and not declares:
                raise NotJudged(f"an assignment to {one.name}, which is read-only")
            self.variables[one.name] = self.words.assigned(one)
            if self.allexport:
                self.exported.add(one.name)

    def _call(self, argv: tuple[str, ...], names: tuple[str, ...], stdin: str | None) -> int:
        """Run a function, a built-in or a program, which sees these variables as well."""
        if argv[0] in self.functions and argv[0] not in builtins.SPECIAL:
            return self._function(argv, stdin)
        if self.input != "" and stdin == "" and argv[0] not in builtins.NAMES:
            stdin = self._shared(argv)
        ran = builtins.call(self, argv, stdin)
        if ran is None:
            ran = self.execute(argv, stdin, names)
        self.write(ran.out)
        self.errors += bool(ran.complaint)
        if ran.code:
            self.complaint = ran.complaint or self.complaint
        return ran.code

    def execute(self, argv: tuple[str, ...], stdin: str | None, names: tuple[str, ...] = ()) -> Ran:
        """Run a program: it sees the exported variables, and those that are set for it alone (`names`)."""
        seen = {name: as_text(self.variables.get(name)) for name in (*self.exported, *names)}
        known = {name: value for name, value in seen.items() if value is not None}
        return in_environment(self.host, known, lambda: self.host.execute(argv, self.depth + 1, stdin))

    def _shared(self, argv: tuple[str, ...]) -> str | None:
        """What a command reads of the input that `read` reads, too: all of it, nothing, or not known."""
        reads = reads_input(argv)
        if not reads:
            return None if reads is None else ""
        text, self.input = self.input, ""
        return text

    def _function(self, argv: tuple[str, ...], stdin: str | None) -> int:
        """Call a function, with its own arguments and local variables."""
        if len(self.locals) > MOST_CALLS:
            raise NotJudged(f"more than {MOST_CALLS} functions inside each other")
        outer = self.arguments
        self.arguments = (outer[0], *argv[1:])
        self.locals.append({})
        try:
            return self.command(self.functions[argv[0]], stdin)
        except Return as end:
            return end.code
        finally:
            self.arguments = outer
            self.variables.update(self.locals.pop())
