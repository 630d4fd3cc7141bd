"""The process as a page of documentation, drawn from its tables."""

from collections.abc import Iterable

from django.utils.translation import override

from petitions.process import CLOCKS, OPEN, OWES_NEXT_MOVE, STEPS, Stage

HEAD = """# The petition process

Drawn from `petitions/process.py` by `python manage.py draw_process`; a test keeps it true. How long each clock runs is
data: see the service standards in `petitions/data/standards.csv` and, in a running system, in the administration.
"""


def as_markdown() -> str:
    """The stages, steps and clocks as Markdown tables and one state diagram."""
    with override("zh-hans"):
        parts = (
            HEAD,
            "## Stages\n",
            stages(),
            "## Steps\n",
            steps(),
            "## Clocks\n",
            clocks(),
            "## Picture\n",
            picture(),
        )
        return "\n".join(parts)


def table(head: tuple[str, ...], rows: Iterable[tuple]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in row)} |" for row in lines) + "\n"


def stages() -> str:
    def clocks_of(stage: Stage) -> str:
        running = [name for name, clock in CLOCKS.items() if stage in clock.runs]
        return ", ".join(running + [f"({name})" for name, clock in CLOCKS.items() if stage in clock.pauses]) or "–"

    def owner(stage: Stage) -> str:
        return OWES_NEXT_MOVE[stage].key if stage in OWES_NEXT_MOVE else "–"

    rows = [(s.value, s.label, "open" if s in OPEN else "end", owner(s), clocks_of(s)) for s in Stage]
    return table(("stage", "中文", "", "who owes the next move", "clocks that may run in it (paused)"), rows)


def steps() -> str:
    rows = []
    for name, step in STEPS.items():
        before = "–" if not any(step.at) else ", ".join(s.value for s in Stage if s in step.at)
        after = " or ".join(s.value for s in targets(step)) or "stays"
        parties = (", ".join(party.key for party in some) or "–" for some in (step.by, step.tells))
        holds = ", ".join(guard.__name__.replace("_", " ") for guard in step.guards) or "–"
        rows.append((name, step.label, before, after, *parties, holds, "yes" if step.public else "no"))
    head = ("step", "中文", "from", "to", "who may", "who is told", "what else must hold", "seen by the enterprise")
    return table(head, rows)


def targets(step) -> tuple[Stage, ...]:
    return () if step.to is None else step.to if isinstance(step.to, tuple) else (step.to,)


def clocks() -> str:
    rows = [
        (
            name,
            clock.label,
            ", ".join([*(s.value for s in Stage if s in clock.starts), *(n for n in STEPS if n in clock.starts)]),
            ", ".join(s.value for s in Stage if s in clock.pauses) or "–",
            ", ".join(step for step in STEPS if step in clock.met),
            clock.owed_by.key,
            clock.told.key if clock.told else "–",
            clock.lapses or "–",
        )
        for name, clock in CLOCKS.items()
    ]
    head = (
        "clock",
        "中文",
        "starts on entering, or with",
        "stands still in",
        "met by",
        "owed by",
        "told each day it is late",
        "step when it runs out",
    )
    return table(head, rows)


def picture() -> str:
    arrows: dict[tuple[str, str], list[str]] = {}
    for name, step in STEPS.items():
        for before in sorted(step.at):
            for after in targets(step):
                arrows.setdefault((before or "[*]", after.value), []).append(name)
    lines = [f"    {before} --> {after}: {', '.join(names)}" for (before, after), names in arrows.items()]
    return "\n".join(("```mermaid", "stateDiagram-v2", *lines, "```", ""))
