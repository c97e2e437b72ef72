"""An answer and what is said of it, without its secrets.

`secret_places` says what is one; `redact_text` hides it where it's written, `hidden` in sentences.
"""

from __future__ import annotations

from functools import lru_cache

from trainer.errors import AnswerUnreadable
from trainer.grading.hidden import Hidden
from trainer.grading.redact_text import redact_text
from trainer.manifests.answer import Answer, AnswerFile, holds_manifests
from trainer.manifests.limits import decode
from trainer.verdict import Verdict


def redact_answer(answer: Answer) -> dict[str, str]:
    """The answer's texts by file name, without secrets."""
    return _redactor(answer).texts


def redact_verdict(verdict: Verdict, answer: Answer) -> Verdict:
    """The verdict on that answer, without the answer's secrets in its sentences and paths."""
    return verdict if verdict.is_silent else _redactor(answer).hidden.verdict(verdict)


def has_secrets(answer: Answer) -> bool:
    """Whether anything of an answer must be hidden in sentences."""
    return bool(_redactor(answer).hidden)


class Redactor:
    """Knows an answer's secrets: `hidden` hides them in sentences, `texts` are the files without them."""

    def __init__(self, answer: Answer) -> None:
        self.hidden = Hidden()
        found = {}
        for file in answer.files:
            found[file.name] = redact_text(_text(file), is_manifest=holds_manifests(file.name))
            self.hidden.add(found[file.name])
        self.texts = {name: self.hidden.everywhere(one.text) for name, one in found.items()}


@lru_cache(maxsize=1)
def _redactor(answer: Answer) -> Redactor:
    """The verdict on an answer is told and stored in turn: it is read for secrets once."""
    return Redactor(answer)


def _text(file: AnswerFile) -> str:
    """The file's text; what can't be decoded is replaced, and NULs (of UTF-16 without a mark) are removed."""
    try:
        text = decode(file.data, file.name)
    except AnswerUnreadable:
        text = file.data.decode("utf-8", "replace")
    return text.replace("\x00", "").replace("\r\n", "\n")
