"""What frames give: small statements about entities, still in the user's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from baes.spec.inflection import is_plural, singular
from baes.spec.names import words_of

__all__ = [
    "Adds",
    "AllFields",
    "Alters",
    "Asks",
    "Background",
    "Cardinality",
    "Custom",
    "Declares",
    "Describes",
    "Fact",
    "Item",
    "Limits",
    "Links",
    "Noun",
    "Relinks",
    "Removes",
    "Renames",
    "RuleStatement",
    "Said",
    "Starts",
    "Target",
    "TargetKind",
    "Topic",
    "Unlinks",
    "Value",
]

Cardinality = Literal["one", "many"]


@dataclass(frozen=True, slots=True)
class Value:
    """A literal as written, and what else it may be."""

    text: str
    number: str = ""
    """Its digits, where it is a number."""
    truth: str = ""
    call: str = ""


Said = tuple[tuple[str, object], ...]
"""What is said of an attribute: (key of ``Attribute`` or ``link``, value), in the order said."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun phrase that names an entity."""

    text: str
    """As written, without articles."""
    start: int
    end: int
    language: str = "en"

    @property
    def key(self) -> str:
        """Its words in the singular, in snake_case: the same for "Order Lines" and "order_line"."""
        return singular("_".join(words_of(self.text)), self.language)

    @property
    def plural(self) -> bool:
        """Whether it is written in the plural."""
        return is_plural("_".join(words_of(self.text)), self.language)


@dataclass(frozen=True, slots=True)
class Item:
    """A member of a list: an attribute, or an entity that is linked."""

    noun: Noun
    said: Said = ()
    many: Literal["", "one", "many"] = ""
    """What a quantifier before it says."""
    article: bool = False


@dataclass(frozen=True, slots=True)
class Declares:
    """There is an entity, with these attributes."""

    entity: Noun
    items: tuple[Item, ...] = ()
    weak: bool = False
    """Only named, as in "a system for students": another statement may give its attributes."""
    topic: bool = False
    """Only what a "fleet management system" is about: nothing where vehicles are defined."""
    needs_more: bool = False
    """Only named ("Vendors."): not understood unless another statement describes it."""


@dataclass(frozen=True, slots=True)
class Describes:
    """An entity has these attributes or links ("each course has …")."""

    entity: Noun
    items: tuple[Item, ...]
    said: Said = ()
    """What holds for all of them ("may have": required is false)."""


@dataclass(frozen=True, slots=True)
class Links:
    """One of the subject has one or many of the object; ``back``: how many subjects one has."""

    subject: Noun
    target: Noun
    many: Cardinality
    back: Literal["", "one", "many"] = ""
    """What the verb alone says of the other direction, when no sentence does."""
    required: bool | None = None
    role: str = ""
    stated: Literal["", "many_to_one", "one_to_one", "many_to_many", "one_to_many"] = ""
    """A kind said in its own words ("one-to-one between …")."""
    verb: str = ""
    via: Noun | None = None
    bare: bool = False
    """No quantifier or article was given to the target."""
    open: bool = False
    """Only that there is a link: how many of each, another sentence says, or a question asks."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Something more is said of attributes named before."""

    attribute: Noun
    said: Said
    entity: Noun | None = None


@dataclass(frozen=True, slots=True)
class Starts:
    """A new one has this value, in the only attribute that can have it."""

    entity: Noun
    value: Value


@dataclass(frozen=True, slots=True)
class AllFields:
    """All attributes are optional (or required), some excepted."""

    required: bool
    exceptions: tuple[Noun, ...] = ()
    entity: Noun | None = None


@dataclass(frozen=True, slots=True)
class Background:
    """A span that carries no change."""

    text: str


@dataclass(frozen=True, slots=True)
class Custom:
    """A span that is wanted and that no template expresses."""

    text: str


TargetKind = Literal["", "attribute", "entity", "link"]


@dataclass(frozen=True, slots=True)
class Target:
    """Something that is there already, as the user calls it."""

    noun: Noun
    owner: Noun | None = None
    kind: TargetKind = ""
    """What a word beside it says that it is ("the email field")."""
    near: Noun | None = None
    """The entity spoken of last: whose it is, where it has such a thing."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Only whose changes follow: "Changes to Member:"."""

    entity: Noun


@dataclass(frozen=True, slots=True)
class Adds:
    """Something that is there already gets further attributes or links."""

    owner: Noun
    items: tuple[Item, ...]
    as_links: bool = False
    """They were called relationships."""


@dataclass(frozen=True, slots=True)
class Removes:
    """These are no longer wanted."""

    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Renames:
    """The same thing goes by another name."""

    target: Target
    new: Noun


@dataclass(frozen=True, slots=True)
class Alters:
    """Something else is said of an attribute or link that is there.

    Beside the keys of ``Limits`` there are ``add_choices`` and ``drop_choices``; a value of
    ``None`` takes a limit away.
    """

    target: Target
    said: Said


@dataclass(frozen=True, slots=True)
class Unlinks:
    """The link between two entities goes."""

    left: Noun
    right: Noun


@dataclass(frozen=True, slots=True)
class Relinks:
    """The link between two entities becomes another one: ``kind`` or ``required``."""

    left: Noun
    right: Noun
    said: Said


@dataclass(frozen=True, slots=True)
class Asks:
    """A question about the system, and the entities that it names."""

    about: tuple[Noun, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleStatement:
    """A rule; its kinds are in :mod:`baes.language.rule_facts`."""


Fact = (
    Declares
    | Describes
    | Links
    | Limits
    | Starts
    | AllFields
    | Background
    | Custom
    | Topic
    | Adds
    | Removes
    | Renames
    | Alters
    | Unlinks
    | Relinks
    | Asks
    | RuleStatement
)
