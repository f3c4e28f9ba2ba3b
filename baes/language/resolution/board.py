"""What a resolution has so far: entities in the making, their links, what was assumed of them.

The modules beside this one each carry out one kind of fact on a board; it holds what all of them
need: which entity a word means, and how it is called in a question.
"""

from __future__ import annotations

from baes.errors import InvalidSpec
from baes.language.doubtful_names import doubt_about, doubt_about_entity
from baes.language.facts import Links, Noun
from baes.language.inventory import Inventory
from baes.language.resolution.drafts import AttributeDraft, Doubt, EntityDraft, LinkDraft
from baes.language.resolution.evolution import Evolution
from baes.language.vocabulary import Vocabulary
from baes.spec.inflection import singular_label
from baes.spec.interpretation import Question
from baes.spec.knowledge import Knowledge
from baes.spec.model import Entity
from baes.spec.names import EntityName, in_sentence, pascal_case, snake_case, spaced

__all__ = ["Board"]


class Board:
    """The drafts of one resolution.

    Args:
        inventory: What the system has already.
        knowledge: What the domain packs know of words.
        lexicon: The language of the request.
    """

    def __init__(self, inventory: Inventory, knowledge: Knowledge, lexicon: Vocabulary) -> None:
        spec = inventory.spec
        self.spec = spec
        self.evolution = Evolution(inventory, lexicon)
        self.repeated: EntityDraft | None = None
        """An entity that is to be created and is there already."""
        self.knowledge = knowledge
        self.lexicon = lexicon
        self.drafts: dict[str, EntityDraft] = {
            snake_case(e.name): EntityDraft(
                snake_case(e.name), Noun(e.name, 0, 0, spec.language), False, True
            )
            for e in spec
        }
        self.links: list[LinkDraft] = []
        self.assumptions: list[str] = []
        self.about: tuple[str, ...] = ()
        """Names of the entities that a question is about."""

    # ------------------------------------------------------------------------- entities
    def find(self, key: str) -> EntityDraft | None:
        """The entity that a word means: itself, or the only one that ends with it."""
        if key in self.drafts:
            return self.drafts[key]
        renamed = self.evolution.renamed.get(key)
        if isinstance(renamed, Entity):
            return self.drafts[snake_case(renamed.name)]
        ending = [d for name, d in self.drafts.items() if self.lexicon.is_headed(name, key)]
        return ending[0] if len(ending) == 1 else None

    def draft(self, noun: Noun) -> EntityDraft:
        """The entity that a noun means, a new one where there is none."""
        return self.find(noun.key) or self.new(noun, weak=False)

    def new(self, noun: Noun, weak: bool) -> EntityDraft:
        """An entity of this name.

        Raises:
            Doubt: It can't be one.
        """
        doubt = doubt_about_entity(noun.text, self.lexicon)
        if doubt is not None:
            raise self.doubt(doubt, name=noun.text)
        try:
            EntityName.from_text(pascal_case(noun.key))
            EntityName.from_text(noun.text)
        except InvalidSpec as refusal:
            raise self.doubt("bad_name", name=noun.text[:60]) from refusal
        draft = EntityDraft(noun.key, noun, weak)
        self.drafts[noun.key] = draft
        return draft

    def role_target(self, key: str) -> str:
        """The entity that "origin airport" ends with, if there is exactly one."""
        ends = [name for name in self.drafts if self.lexicon.is_headed(key, name)]
        return max(ends, key=len) if ends else ""

    def refuse_kind_of(self, noun: Noun) -> None:
        """Ask about what is rather a kind of something else: "paid orders have a receipt"."""
        head = self.drafts.get(self.lexicon.head_of(noun.key))
        if head is not None and self.find(noun.key) is None:
            raise self.doubt("kind_of", name=noun.text, entity=self.plain(head.key))

    def refuse_doubtful(self, noun: Noun) -> None:
        """Ask about a name that is rather none: several without commas, half of one."""
        doubt = doubt_about(noun.text, self.lexicon)
        if doubt is not None:
            raise self.doubt(doubt, name=noun.text)

    # ----------------------------------------------------------------- attributes and links
    def match(self, draft: EntityDraft, noun: Noun) -> AttributeDraft | None:
        """The attribute that a noun means: by its name, or as the only one that fits its words."""
        name = snake_case(noun.text)
        exact = draft.find(name) or draft.find(self.lexicon.singular(name))
        if exact is not None:
            return exact
        fits = [
            a for a in draft.attributes
            if self.lexicon.singular(a.name) == self.lexicon.singular(name)
            or a.name.startswith(name + "_") or name.startswith(a.name + "_")
            or a.name.endswith("_" + name)
        ]  # fmt: skip
        return fits[0] if len(fits) == 1 else None

    def add_plain_link(self, source: str, target: str) -> None:
        """Each source has one target, and a target many sources."""
        if any((link.source, link.target) == (source, target) for link in self.links):
            return
        nouns = self.drafts[source].noun, self.drafts[target].noun
        self.links.append(LinkDraft(source, target, Links(*nouns, "one", "many")))

    # --------------------------------------------------------------------------- wording
    def label_text(self, draft: EntityDraft) -> str:
        """The user's words for an entity, in the singular."""
        return singular_label(spaced(draft.noun.text), self.lexicon.language)

    def labels(self) -> dict[str, str]:
        """The users' words for all entities within a sentence, by their keys."""
        entities = self.evolution.inventory.entities
        return {
            key: in_sentence(entities[key].label if key in entities else self.label_text(draft))
            for key, draft in self.drafts.items()
        }

    def plain(self, key: str) -> str:
        """What an entity is called within a sentence."""
        return self.labels().get(key) or key.replace("_", " ")

    def names(self) -> str:
        """All entities, as a list."""
        return ", ".join(self.label_text(draft) for draft in self.drafts.values())

    def assume(self, key: str, /, **slots: object) -> None:
        """Note what was decided without being said."""
        self.assumptions.append(self.lexicon.assumption(key, **slots))

    def doubt(self, key: str, /, **slots: object) -> Doubt:
        """What can't be decided, to be raised."""
        return Doubt(Question(self.lexicon.question(key, **slots)))
