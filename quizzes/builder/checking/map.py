"""The logic map: the draft drawn with every way through it, and the same in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from ...mapping.graph import Edge, Graph, Node, graph_of
from ...mapping.layout import Box, Layout, layout_of
from ...models import Quiz
from ...services.drafting import definition_of
from ..frame import framed
from ..places import Places
from ..questions.kinds import kind_words
from ..sentences import Voice
from .findings import CheckView, FindingView, check_draft, percent_in_words


class Brief(Voice):
    """Says conditions in few words: questions by their number on the map."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        super().__init__(raw)
        self.numbers = {key: number for number, key in enumerate(self.questions, 1)}

    def question(self, key: object) -> str:
        number = self.numbers.get(key) if isinstance(key, str) else None
        return gettext("Q%(number)s") % {"number": number} if number else super().question(key)


@dataclass(frozen=True, slots=True)
class Card:
    """A node as it is drawn and read. `flag` says in a line what is wrong with it."""

    box: Box
    kind: str
    number: int
    title: str
    about: str
    condition: str
    condition_brief: str
    findings: tuple[FindingView, ...]
    url: str
    is_current: bool

    @property
    def flag(self) -> str:
        more = len(self.findings) - 1
        return f"{self.findings[0].says}{f' (+{more})' if more else ''}" if self.findings else ""

    @property
    def severity(self) -> str:
        return self.findings[0].severity if self.findings else ""


@dataclass(frozen=True, slots=True)
class Way:
    """An edge as it is drawn: `says` in a sentence, `brief` where there is little room."""

    path: str
    kind: str
    says: str
    brief: str
    label: Box | None
    severity: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """A question in words, with where it leads."""

    card: Card
    sentences: tuple[str, ...]


@require_GET
def show(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    raw = definition_of(quiz)
    checked = check_draft(quiz)
    graph = graph_of(raw)
    found = _findings_by_thing(checked)
    flagged = [node.place for node in graph.nodes if found[_thing(node)]]
    layout = layout_of(graph, flagged)
    drawn = Drawn(raw, graph, layout, checked, found, _current(request, quiz, graph))
    context = {
        "layout": layout,
        "cards": drawn.cards,
        "ways": sorted((*drawn.ways(), *drawn.loose()), key=lambda way: way.is_current),
        "stops": drawn.stops(),
        "outcomes": [card for card in drawn.cards if card.kind == "outcome"],
        "current": next((card for card in drawn.cards if card.is_current), None),
        "is_fit": request.GET.get("zoom") == "fit",
        "checked": checked,
    }
    return render(request, "admin/quizzes/build/map.html", framed(request, quiz, "build_map") | context)


class Drawn:
    """The parts of one map in words."""

    def __init__(
        self,
        raw: Mapping[str, Any],
        graph: Graph,
        layout: Layout,
        checked: CheckView,
        found: Mapping[str, list[FindingView]],
        current: int | None,
    ) -> None:
        self.graph, self.layout, self.found, self.current = graph, layout, found, current
        self.questions: Sequence[Mapping[str, Any]] = raw.get("questions", ())
        self.whens = {each["key"]: each.get("when") for each in raw.get("outcomes", ())}
        self.places: Places = checked.places
        self.report = checked.report
        self.voice, self.brief = Voice(raw), Brief(raw)
        self.cards = [self._card(node) for node in graph.nodes]

    def _card(self, node: Node) -> Card:
        when = self._condition(node)
        return Card(
            box=self.layout.boxes[node.place],
            kind=node.kind,
            number=node.place,
            title=self._title(node),
            about=self._about(node),
            condition=self.voice.condition(when),
            condition_brief=gettext("Only if %(when)s") % {"when": self.brief.condition(when)} if when else "",
            findings=tuple(self.found[_thing(node)]),
            url=self.places.url("outcomes" if node.kind == "end" else _thing(node)),
            is_current=node.place == self.current,
        )

    def _condition(self, node: Node) -> Any:
        if node.kind == "outcome":
            return self.whens[node.key]
        return self.questions[node.place - 1].get("show_if") if node.key else None

    def _title(self, node: Node) -> str:
        if node.kind == "outcome":
            return self.places.outcome(node.key)
        if node.key:
            return self.voice.text(self.questions[node.place - 1].get("title")) or gettext("Not written yet")
        return gettext("Start") if node.kind == "start" else gettext("Result")

    def _about(self, node: Node) -> str:
        """What kind it is, and how many come here, where that is known and not all."""
        if node.kind == "outcome":
            share = self.report.shares.get(node.key)
            return gettext("%(share)s get this") % {"share": percent_in_words(share)} if share is not None else ""
        if not node.key:
            return ""
        words = kind_words(self.questions[node.place - 1]["kind"])
        asked = self.report.asked.get(node.key, 1)
        if asked > 1 - 1e-9:
            return words
        return gettext("%(kind)s · %(share)s come here") % {"kind": words, "share": percent_in_words(asked)}

    def ways(self) -> list[Way]:
        return [
            Way(
                path=line.path,
                kind=line.edge.kind,
                says=self._says(line.edge),
                brief=self._jump_brief(line.edge.source, line.edge.number) if line.label else "",
                label=line.label,
                severity=self._severity(line.edge.source, line.edge.number) if line.edge.kind == "jump" else "",
                is_current=self.current is not None and self._touches(line.edge),
            )
            for line in self.layout.lines
        ]

    def loose(self) -> list[Way]:
        return [
            Way(
                path=stub.path,
                kind="loose",
                says=self._jump(stub.loose.source, stub.loose.number),
                brief=self._jump_brief(stub.loose.source, stub.loose.number),
                label=stub.label,
                severity="error",
                is_current=self.current == stub.loose.source,
            )
            for stub in self.layout.stubs
        ]

    def _touches(self, edge: Edge) -> bool:
        """Whether it leads to the current question, from it, or past it."""
        passed = edge.kind == "skip" and edge.source + 1 == self.current
        return passed or (edge.kind != "skip" and self.current in (edge.source, edge.target))

    def _says(self, edge: Edge) -> str:
        if edge.kind == "jump":
            return self._jump(edge.source, edge.number)
        words = {"title": self.cards[edge.target].title}
        if edge.kind == "gives":
            when = self.cards[edge.target].condition
            return gettext("“%(title)s”, only if %(when)s") % {**words, "when": when} if when else words["title"]
        if edge.kind == "skip":
            passed = self.cards[edge.source + 1]
            words = {"title": passed.title, "when": passed.condition}
            return gettext("“%(title)s” is passed over unless %(when)s") % words
        return gettext("On to “%(title)s”") % words

    def _jump(self, place: int, number: int) -> str:
        return self.voice.jump(self.questions[place - 1]["jumps"][number])

    def _jump_brief(self, place: int, number: int) -> str:
        when = self.questions[place - 1]["jumps"][number].get("if")
        return gettext("If %(when)s") % {"when": self.brief.condition(when) or "…"}

    def _severity(self, place: int, number: int) -> str:
        key = self.graph.nodes[place].key
        found = self.found[f"questions/{key}/jumps/{number}"]
        return found[0].severity if found else ""

    def stops(self) -> list[Stop]:
        return [
            Stop(card, tuple(self._sentences(node)))
            for node, card in zip(self.graph.nodes, self.cards, strict=True)
            if node.kind in ("question", "section")
        ]

    def _sentences(self, node: Node) -> list[str]:
        card = self.cards[node.place]
        said = [gettext("Asked only if %(when)s.") % {"when": card.condition}] if card.condition else []
        said += [f"{self._jump(node.place, number)}." for number in range(node.ports)]
        after = self.graph.nodes[node.place + 1]
        words = {"number": after.place, "title": self.cards[after.place].title}
        if after.kind == "end":
            said.append(gettext("Otherwise the result follows.") if said else gettext("The result follows."))
        elif said:
            said.append(gettext("Otherwise it goes on to %(number)s, “%(title)s”.") % words)
        else:
            said.append(gettext("Goes on to %(number)s, “%(title)s”.") % words)
        return said


def _thing(node: Node) -> str:
    """The place in the definition of what a node stands for."""
    if not node.key:
        return ""
    return f"outcomes/{node.key}" if node.kind == "outcome" else f"questions/{node.key}"


def _findings_by_thing(checked: CheckView) -> Mapping[str, list[FindingView]]:
    """By question and outcome, and by jump too; errors first, as the check has them."""
    found: dict[str, list[FindingView]] = defaultdict(list)
    for each in checked.findings:
        steps = each.place.split("/")
        if steps[0] in ("questions", "outcomes") and len(steps) > 1:
            found["/".join(steps[:2])].append(each)
            if steps[2:3] == ["jumps"] and len(steps) > 3:
                found["/".join(steps[:4])].append(each)
    return found


def _current(request: HttpRequest, quiz: Quiz, graph: Graph) -> int | None:
    """The place of the question that is asked for."""
    wanted = request.GET.get("question", "")
    if not (wanted.isdecimal() and len(wanted) < 19):
        return None
    key = quiz.questions.filter(pk=int(wanted)).values_list("key", flat=True).first()
    return next((node.place for node in graph.nodes if key and node.key == key and node.kind != "outcome"), None)
