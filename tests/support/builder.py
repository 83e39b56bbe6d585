"""A marketer's hands in the builder: everything is found by what it is called on the page, every action is counted."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page, expect

Texts = Mapping[str, str]
Raw = Mapping[str, Any]

KINDS = {
    "single": "One choice",
    "multiple": "Several choices",
    "image": "One picture",
    "swatch": "One colour",
    "slider": "Slider",
    "ranking": "Ranking",
    "boolean": "Yes or no",
}
BOUNDS = {
    "Least": "min",
    "Greatest": "max",
    "Step": "step",
    "Fewest choices": "min_choices",
    "Most choices": "max_choices",
}
SAVED = re.compile("kept|saved")  # as it was opened, or since


class Builder:
    """Writes in English. `actions` says how often something was written, pressed and chosen."""

    def __init__(self, page: Page, *, attributes: Texts, products: Texts, uses: Texts) -> None:
        """What attributes, products and uses are called, by key and slug."""
        self.page = page
        self.attributes, self.products, self.uses = attributes, products, uses
        self.actions: Counter[str] = Counter()
        self.typed = 0

    # ── Hands ──

    def writes(self, field: Locator, text: object) -> None:
        self.actions["written"] += 1
        self.typed += len(str(text))
        field.fill(str(text))

    def fits(self, field: Locator, value: object) -> None:
        """Written only where it does not say so already."""
        if field.input_value() != str(value):
            self.writes(field, value)

    def presses(self, button: Locator) -> None:
        self.actions["pressed"] += 1
        button.click()

    def chooses(self, field: Locator, words: str) -> None:
        self.actions["chosen"] += 1
        field.select_option(label=words)

    def switches(self, box: Locator, *, on: bool) -> None:
        if box.is_checked() != on:
            self.actions["pressed"] += 1
            box.set_checked(on)

    def says(self, scope: Locator | Page, name: str, texts: Texts | None) -> None:
        """In the group of languages that is called so."""
        if texts:
            group = scope.get_by_role("group", name=name, exact=True)
            self.fits(group.first.get_by_label("English", exact=True), texts["en"])

    def opens(self, tab: str) -> None:
        self.is_saved()
        tabs = self.page.get_by_role("navigation", name="Building")
        self.presses(tabs.get_by_role("link", name=tab, exact=True))
        expect(tabs.locator("[aria-current=page]")).to_have_text(tab)

    def unfolds(self, name: str) -> None:
        fold = self.page.locator("summary", has_text=name)
        if not fold.locator("..").evaluate("fold => fold.open"):
            self.presses(fold)

    def is_saved(self) -> None:
        """Typing, saving and failing have states of their own."""
        if self.page.locator("#build-said").count():
            expect(self.page.locator("#build-said")).to_have_attribute("data-state", SAVED)

    def takes_from_library(self, scope: Locator, words: Texts) -> None:
        """The picture that shows this; it brings its words along."""
        self.presses(scope.get_by_role("button", name="From the library"))
        self.presses(scope.get_by_role("button", name=words["en"], exact=True))

    # ── The beginning ──

    def begins(self, quiz: Raw) -> None:
        page = self.page
        self.presses(page.get_by_role("link", name="Quizzes Write questions"))
        self.presses(page.get_by_title("Add quiz"))
        blank = page.get_by_role("region", name="From nothing")
        self.says(blank, "Title", quiz["title"])
        self.presses(blank.get_by_role("button", name="Begin"))
        self.says(page, "Tagline", quiz["tagline"])
        for name, part in (("What they get", "get"), ("What we ask", "ask"), ("What we use it for", "use")):
            self.says(page, name, quiz["exchange"][part])
        self.fits(page.get_by_label("Minutes"), quiz["minutes"])
        self.takes_from_library(page.get_by_role("group", name="The cover", exact=True), quiz["cover_alt"])
        for slug in quiz["purposes"]:
            self.switches(page.get_by_role("checkbox", name=self.uses[slug]), on=True)

    # ── Questions ──

    def asks(self, question: Raw) -> None:
        page = self.page
        lines = page.locator(".build-line")
        before = lines.count()
        self.is_saved()
        self.chooses(page.get_by_label("Add a question"), KINDS[question["kind"]])
        self.presses(page.get_by_role("button", name="Add", exact=True))
        expect(lines).to_have_count(before + 1)
        self.chooses(page.get_by_label("What the answer tells"), self.attributes[question["attribute"]])
        self.is_saved()
        if question.get("choices"):
            self._offers(question["choices"])
        for name, part in (("Question", "title"), ("Help", "help"), ("Why we ask", "why"), ("Unit", "unit")):
            self.says(page, name, question.get(part))
        self.says(page, "Words at the low end", question.get("low"))
        self.says(page, "Words at the high end", question.get("high"))
        for name, part in BOUNDS.items():
            if part in question:
                self.fits(page.get_by_label(name, exact=True), question[part])
        self.switches(page.get_by_role("checkbox", name="Must be answered"), on=question["required"])
        self.switches(page.get_by_role("checkbox", name="Offers “prefer not to say”"), on=question["may_decline"])
        if question.get("sensitive"):
            self.unfolds("Sensitive")
            self.switches(page.get_by_role("checkbox", name="Sensitive"), on=True)
            self.says(page, "Consent", question["consent"])
        self.unfolds("Advanced")
        self.writes(page.get_by_label("Key", exact=True), question["key"])
        self.writes(page.get_by_label("Seconds"), question["seconds"])
        self.is_saved()

    def _offers(self, choices: list[Raw]) -> None:
        """What the attribute knows is there at one press; only what the quiz says in other words is written."""
        page = self.page
        self.presses(page.get_by_role("button", name=f"Use its {len(choices)} values"))
        every = page.locator(".build-choice")
        expect(every).to_have_count(len(choices))
        for place, choice in enumerate(choices):
            card = every.nth(place)
            self.says(card, "Label", choice["label"])
            if "image" in choice:
                self.takes_from_library(card, choice["alt"])
            if "color" in choice:
                self.writes(card.get_by_label("Colour", exact=True), choice["color"])
            if "help" in choice:
                self.presses(card.locator("summary"))
                self.says(card, "Help", choice["help"])

    # ── Rules ──

    def adds_condition(self, scope: Locator, condition: Raw, questions: Mapping[str, Raw]) -> None:
        """One sentence: a question, how it is compared, and with what."""
        self.presses(scope.get_by_role("button", name="Add a condition"))
        asked = questions[condition["question"]]
        self.chooses(scope.get_by_label("What is asked about"), f"“{asked['title']['en']}”")
        self.is_saved()
        self.says_value(scope, condition, asked)

    def says_value(self, scope: Locator, condition: Raw, asked: Raw) -> None:
        value = condition["value"]
        if asked.get("choices"):
            wanted = value if isinstance(value, list) else [value]
            for choice in asked["choices"]:
                if choice["value"] in wanted:
                    box = scope.get_by_role("checkbox", name=choice["label"]["en"], exact=True)
                    self.switches(box, on=True)
        else:
            self.writes(scope.get_by_label("Value", exact=True), value)
        self.is_saved()

    def shows_only_if(self, question: Raw, questions: Mapping[str, Raw]) -> None:
        self.unfolds("When it is asked")
        fold = self.page.locator("details", has_text="When it is asked")
        self.adds_condition(fold, question["show_if"], questions)

    def leads_on(self, question: Raw, questions: Mapping[str, Raw]) -> None:
        """Each jump asks about the question that it leaves from."""
        self.presses(self.page.locator("#build-list").get_by_role("link", name=question["title"]["en"]))
        expect(self.page.locator(".build-line.is-selected")).to_contain_text(question["title"]["en"])
        self.unfolds("Where it leads")
        fold = self.page.locator("details", has_text="Where it leads")
        for jump in question["jumps"]:
            self.presses(fold.get_by_role("button", name="Add a jump"))
            self.says_value(fold, jump["if"], question)
            self.chooses(fold.get_by_label("go to"), f"“{questions[jump['to']]['title']['en']}”")
            self.is_saved()

    # ── Outcomes and points ──

    def ends_with(self, outcome: Raw, questions: Mapping[str, Raw]) -> None:
        page = self.page
        lines = page.locator(".build-line")
        before = lines.count()
        self.is_saved()
        self.presses(page.get_by_role("button", name="Add an outcome"))
        expect(lines).to_have_count(before + 1)
        self.says(page, "Title", outcome["title"])
        self.says(page, "Summary", outcome["summary"])
        steps = page.get_by_role("group", name="What we would do, step by step")
        for number, step in enumerate(outcome["steps"], 1):
            self.presses(steps.get_by_role("button", name="Add a step"))
            expect(steps.get_by_text(f"Step {number}", exact=True)).to_be_visible()
            card = steps.locator(".build-choice").nth(number - 1)
            for name, part in (("Title", "title"), ("Text", "text"), ("When", "when_to_use")):
                self.says(card, name, step[part])
            self.chooses(card.get_by_label("Product"), self.products[step["product"]])
        if "when" in outcome:
            self.adds_condition(page.get_by_role("group", name="Who can get it"), outcome["when"], questions)
        picture = page.get_by_role("group", name="Picture and key")
        self.takes_from_library(picture, outcome["art_alt"])
        self.writes(picture.get_by_label("Key", exact=True), outcome["key"])
        self.is_saved()

    def pastes_points(self, quiz: Raw) -> None:
        """Out of a spreadsheet, a line a choice and a column an outcome."""
        outcomes = [each["key"] for each in quiz["outcomes"]]
        choices = [each for question in quiz["questions"] for each in question.get("choices", ())]
        cells = [[str(each.get("points", {}).get(key, "")) for key in outcomes] for each in choices]
        text = "\n".join("\t".join(line) for line in cells)
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.page.get_by_role("table").get_by_role("textbox").first.click()
        self.page.keyboard.press("Control+v")
        self.actions["pressed"] += 2
        filled = f"{len(choices) * len(outcomes)} cells are filled."
        expect(self.page.get_by_role("status").filter(has_text=filled)).to_be_visible()
        self.is_saved()
