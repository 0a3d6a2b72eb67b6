"""Whether the accused denies it, and in which words."""

from __future__ import annotations

from collections.abc import Sequence

from extract.mentions.frames import Frame


def answer(frames: Sequence[Frame], names: Sequence[str]) -> tuple[bool, str]:
    """Whether the accused denies it, and the sentence that says so.

    ``names`` are words by which the accused is called. A denial told by an authority or another
    person does not count.
    """
    parts = {part.lower() for name in names for part in name.split() if len(part) > 2}
    for place, frame in enumerate(frames):
        sentence = frame.sentence
        if "denial" not in sentence.groups or sentence.noise:
            continue
        words = set(sentence.lower)
        mine = bool(words & parts) or bool(words & {"ia", "dia", "terlapor", "beliau"})
        if "watchdog" in sentence.groups and not words & parts:
            continue
        if mine or frame.carried:
            text = sentence.text
            if (
                not sentence.quoted
                and place + 1 < len(frames)
                and frames[place + 1].sentence.quoted
            ):
                text = f"{text} {frames[place + 1].sentence.text}"
            return True, text
    return False, ""
