"""Compare interpretations, as `baes interpret` prints them, with what a corpus expects.

    python match.py CASES.jsonl OUTPUTS.jsonl [--json] [--failures N] [--domains]

OUTPUTS holds one interpretation a line with the case's "id" (bare, or under the key "interpretation").

How "expect" is read
  * "action", a relationship's "kind", "required", any limit and any default: one value, or a list of acceptable ones
    (null in the list: it may be left out).
  * "name", "new_name", "type", "unit": lists of acceptable values, the best one first (of a unit its symbol). Names match
    whatever their case, separators, accents, plural s and word order ("date_of_birth" = "birth date").
  * no "required" means: true in a create, false in an add_attribute, false for a relationship.
  * "attributes": "any" takes whatever attributes the output has (a request that names none).
  * "pattern": {"accept": [...], "reject": [...]}: the output's regular expression is tried on these (fullmatch).
  * exclusive_min and exclusive_max, or the short form "min": ">0", are exclusive bounds; a compare rule against a number
    or a date in the output is read as a bound. For whole numbers (and with a scale) ">0" equals the next value from 0.
  * a change_relationship is found by its ends (and its name); every other key it gives must be the one expected.
  * an aggregate's "where" is compared as a set; a list of values there holds acceptable ones; {"not": true} is false. A compare's operand is an attribute,
    "Parent.attribute" or a literal; "Parent" may be the entity's or the relationship's name, in a copy as well.
  * expressions are compared by their values, so that order, brackets and spacing don't matter.
  * "or": [expect, ...] are complete alternatives.
How the output is read
  * relationships and rules count the same wherever they stand: at the top or in add_relationship / add_rule.
  * one_to_many is turned round; many_to_many and one_to_one have no direction; a link named from both sides counts once.
  * an attribute called "id" that nobody expects is ignored, and so are a unit that nobody expects, about and assumptions.
  * a change_attribute whose "attribute" has another name is that change and a rename.
  * what the text doesn't state must not be there: unique, default, limits, pattern, choices, or another required than the
    contract's (free where the attribute has a default, is computed, aggregated, copied, or the target of a required_if).

Outcomes: exact | confident_wrong | deferred (a standard case left unclear, unexplained or custom) | missing, and for
a case that is not standard: rightly_deferred or confident_wrong. On these, exact also asks that the standard part is right.
"""
from __future__ import annotations

import argparse
import ast
import functools
import json
import operator
import random
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Json = dict[str, Any]
LIMITS = ("unique", "default", "min", "max", "min_length", "max_length", "pattern", "choices", "scale")
FILLER = {"of", "the", "a", "an", "is", "has", "s"}
OPS = {"gt": ">", "gte": ">=", "ge": ">=", "lt": "<", "lte": "<=", "le": "<=", "eq": "==", "ne": "!=", "=": "==", "after": ">", "before": "<"}
FLIP = {">": "<", "<": ">", ">=": "<=", "<=": ">="}
DERIVED = {"computed", "aggregate", "copy", "required_if"}
DATE = re.compile(r"\d{4}-\d\d-\d\d")
FUNCTIONS = {"average": "avg", "mean": "avg", "total": "sum", "maximum": "max", "minimum": "min"}


# ---------------------------------------------------------------- names and values
def words(name: object) -> list[str]:
    text = "".join(c for c in unicodedata.normalize("NFKD", str(name)) if not unicodedata.combining(c))
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    return re.findall(r"[^\W_]+", text.lower())


def stem(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith("ie"):
        word = word[:-2] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


@functools.cache
def stems(name: str) -> list[str]:
    return [stem(w) for w in words(name)]


def same(a: object, b: object) -> bool:
    left, right = stems(str(a)), stems(str(b))
    if "".join(left) == "".join(right):
        return True
    bags = [Counter(w for w in side if w not in FILLER) for side in (left, right)]
    return bool(bags[0]) and bags[0] == bags[1]


def among(name: object, names: Iterable[object]) -> bool:
    return any(same(name, n) for n in names)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(str(value))
    except ValueError:
        return None


def same_value(a: object, b: object) -> bool:
    def plain(v: object) -> object:
        if number(v) is not None:
            return number(v)
        text = re.sub(r"[\s_\-]+", " ", str(v)).strip().lower()
        return {"yes": "true", "no": "false", "on": "true", "off": "false", "null": "none"}.get(text, text)
    return plain(a) == plain(b)


def same_set(a: list[Any], b: list[Any]) -> bool:
    return len(a) == len(b) and all(any(same_value(x, y) for y in b) for x in a)


# ---------------------------------------------------------------- expressions
Value = float | str | None
BINARY: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow}
# The contract doesn't say which date comes first in days_between, so either order is taken; the factors keep it apart from a subtraction.
CALLS: dict[str, Callable[..., float]] = {
    "round": lambda x, n=0.0: round(x, int(n)), "abs": abs, "min": min, "max": max, "least": min, "greatest": max, "today": lambda: 12.3456,
    "days_between": lambda a, b: abs(a - b) * 1.7, "years_between": lambda a, b: abs(a - b) * 0.3}
TOKEN = re.compile(r"""(?P<text>'[^']*'|"[^"]*")|(?P<number>\d+(?:\.\d+)?)|(?P<name>[^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)*)(?P<call>\s*\()?|(?P<join>\|\|)|(?P<sign>[-+*/%(),])|\s+""")


def parsed(text: object, own: Callable[[str], bool] = lambda owner: True) -> ast.expr:
    """The tree of an expression; || becomes |, attributes get names that Python doesn't keep for itself, "own.price" is price."""
    source = str(text).translate(str.maketrans("×÷−–", "*/--"))
    out, end = [], 0
    for token in TOKEN.finditer(source):
        if token.start() != end:
            break
        end = token.end()
        owner, _, name = (re.sub(r"\s", "", part) for part in (token["name"] or "").rpartition("."))
        if owner and not own(owner):
            raise ValueError(f"{owner}.{name} is not of the same record")
        if token["name"]:
            out.append(name.lower() + "(" if token["call"] else "today()" if name.lower() == "today" else "a_" + name)
        else:
            out.append(repr(token["text"][1:-1]) if token["text"] else "|" if token["join"] else token[0])
    if end != len(source):
        raise SyntaxError(f"not an expression: {source!r}")
    return ast.parse("".join(out).strip(), mode="eval").body


def evaluate(node: ast.AST, value_of: Callable[[str], Value]) -> Value:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float, str)):
        return node.value if isinstance(node.value, str) else float(node.value)
    if isinstance(node, ast.Name):
        return value_of(node.id[2:])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = evaluate(node.operand, value_of)
        return None if value is None else -float(value)
    if isinstance(node, ast.BinOp):
        left, right = evaluate(node.left, value_of), evaluate(node.right, value_of)
        if left is None or right is None:
            return None
        if isinstance(node.op, ast.BitOr) or (isinstance(node.op, ast.Add) and (isinstance(left, str) or isinstance(right, str))):
            return str(left) + str(right)
        if type(node.op) in BINARY and not isinstance(left, str) and not isinstance(right, str):
            return BINARY[type(node.op)](left, right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        values, name = [evaluate(a, value_of) for a in node.args], node.func.id
        if name in ("coalesce", "ifnull"):
            return next((v for v in values if v is not None), None)
        if name == "concat":
            return None if None in values else "".join(map(str, values))
        if name in CALLS:
            return None if None in values else CALLS[name](*values)
    raise ValueError(f"cannot evaluate {ast.dump(node)}")


def same_expression(want: str, got: object, alternatives: Callable[[str], list[str]], own: Callable[[str], bool] = lambda owner: True) -> bool:
    """Equal on random values, so that order, brackets and spacing don't matter; with nulls too where coalesce is wanted."""
    try:
        trees = [parsed(want, own), parsed(got, own)]
        known = sorted({n.id[2:] for n in ast.walk(trees[0]) if isinstance(n, ast.Name) and n.id.startswith("a_")})
        absent: list[set[str]] = [set(), set(), set()] + ([{k} for k in known] + [set(known)] if "coalesce" in want else [])
        for seed, nulls in enumerate(absent):
            rng = random.Random(seed)
            values = {name: None if name in nulls else rng.uniform(1, 9) for name in sorted(known)}

            def value_of(name: str, values: dict[str, float | None] = values) -> Value:
                for k in known:
                    if among(name, alternatives(k)):
                        return values[k]
                raise ValueError(f"unexpected name {name}")
            left, right = evaluate(trees[0], value_of), evaluate(trees[1], value_of)
            if isinstance(left, float) and isinstance(right, float):
                if abs(left - right) > 1e-9 * max(1.0, abs(left)):
                    return False
            elif left != right:
                return False
        return True
    except (SyntaxError, ValueError, ArithmeticError, TypeError, RecursionError):
        return False


# ---------------------------------------------------------------- the output, made regular
def attribute_of(change: Json) -> Json:
    """The attribute of a change, whether its keys are nested under "attribute" or stand flat."""
    nested = change.get("attribute")
    flat = {k: v for k, v in change.items() if k not in ("op", "entity", "attribute", "new_name")}
    return {**flat, **nested} if isinstance(nested, dict) else {**flat, "name": flat.get("name", nested)}


def bound(sign: str, value: object) -> str:
    return f"{sign}{number(value):.15g}" if number(value) is not None else f"{sign}{value}"


def exclusive(attribute: Json) -> None:
    """Writes exclusive bounds as "min": ">0" and "max": "<10"."""
    for side, sign, keys in (("min", ">", ("exclusive_min", "min_exclusive", "exclusiveMinimum")),
                             ("max", "<", ("exclusive_max", "max_exclusive", "exclusiveMaximum"))):
        for key in keys:
            flag = attribute.pop(key, None)
            if flag is True and side in attribute:
                attribute[side] = bound(sign, attribute[side])
            elif flag is not None and not isinstance(flag, bool):
                other, new = number(attribute.get(side)), number(flag)
                if other is None or new is None or (other <= new if side == "min" else other >= new):
                    attribute[side] = [bound(sign, f) for f in flag] if isinstance(flag, list) else bound(sign, flag)


def equal_bounds(value: Any, kind: Any, scale: Any) -> list[Any]:
    """The same bound in its inclusive and its exclusive form, where the values have a smallest step."""
    step = 1.0 if kind == "integer" else 10.0 ** -int(scale) if isinstance(scale, int) and not isinstance(scale, bool) else None
    text = str(value)
    if step is None or number(text.lstrip("<>")) is None:
        return [value]
    n = float(text.lstrip("<>"))
    if text[0] in "<>":
        return [value, round(n + (step if text[0] == ">" else -step), 12)]
    return [value, bound(">", round(n - step, 12)), bound("<", round(n + step, 12))]


class Output:
    """One interpretation with its relationships, rules and changes pooled and normalised."""

    def __init__(self, raw: Json) -> None:
        self.action = str(raw.get("action", ""))
        self.deferred = self.action == "unclear" or bool(raw.get("custom")) or bool(raw.get("unexplained"))
        self.custom = bool(raw.get("custom")) or bool(raw.get("unexplained"))
        self.entities: list[Json] = json.loads(json.dumps(as_list(raw.get("entities"))))
        self.relationships: list[Json] = []
        self.rules: list[Json] = []
        self.changes: list[Json] = []
        links, rules = list(as_list(raw.get("relationships"))), list(as_list(raw.get("rules")))
        for change in json.loads(json.dumps(as_list(raw.get("changes")))):
            op, entity = change.get("op"), change.get("entity")
            if op == "add_relationship":
                links.append({"from": entity, **(change.get("relationship") or {})})
            elif op == "add_rule":
                rules.append({"entity": entity, **(change.get("rule") or {})})
            elif op in ("add_attribute", "change_attribute"):
                attribute, old = attribute_of(change), change.get("name")
                if op == "change_attribute" and old and not same(old, attribute["name"]):
                    self.changes.append({"op": "rename_attribute", "entity": entity, "name": old, "new_name": attribute["name"]})
                if op == "add_attribute" or set(attribute) - {"name"} or not old:
                    self._pool(op, entity, attribute)
            else:
                self.changes.append(change)
        for entity in self.entities:
            for attribute in as_list(entity.get("attributes")):
                exclusive(attribute)
        for link in links:
            self._link(dict(link))
        for rule in rules:
            self._rule(dict(rule))

    def _pool(self, op: str, entity: Any, attribute: Json) -> None:
        exclusive(attribute)
        for change in self.changes:
            if change["op"] == op == "change_attribute" and same(change["entity"], entity) and same(change["attribute"]["name"], attribute["name"]):
                change["attribute"].update(attribute)
                return
        self.changes.append({"op": op, "entity": entity, "attribute": attribute})

    def _link(self, link: Json) -> None:
        if link.get("kind") == "one_to_many":
            link = {"from": link.get("to"), "to": link.get("from"), "kind": "many_to_one", "required": link.get("required"), "turned": True}
        for other in self.relationships:
            ends = same(link.get("from"), other.get("from")) and same(link.get("to"), other.get("to"))
            across = link.get("kind") != "many_to_one" and same(link.get("from"), other.get("to")) and same(link.get("to"), other.get("from"))
            again = link.get("turned") != other.get("turned") or same(link.get("name"), other.get("name"))
            if link.get("kind") == other.get("kind") and ((across and not ends) or (ends and again)):
                for key in ("name", "required"):  # what either side says counts
                    other[key] = other.get(key) or link.get(key)
                return
        self.relationships.append(link)

    def _rule(self, rule: Json) -> None:
        kind, entity = rule.get("kind"), rule.get("entity")
        if kind == "transition":
            for before in as_list(rule.get("from")):
                for after in as_list(rule.get("to")):
                    self.rules.append({**rule, "from": before, "to": after})
            return
        if kind == "compare":
            op = OPS.get(str(rule.get("op")), str(rule.get("op")))
            if number(rule.get("left")) is not None and op in FLIP:
                op, rule["left"], rule["right"] = FLIP[op], rule.get("right"), rule["left"]
            rule["op"], right = op, rule.get("right")
            if str(right).strip("()").lower() in ("today", "now", "current_date") and op in FLIP:
                kind = "not_future" if op[0] == "<" else "not_past"
                rule = {"kind": kind, "entity": entity, "attribute": rule.get("left")}
            elif (number(right) is not None or DATE.fullmatch(str(right))) and op in FLIP:
                limit = {("min" if op[0] == ">" else "max"): right if "=" in op else bound(op, right)}
                for item in self.entities:
                    for attribute in as_list(item.get("attributes")):
                        if same(item.get("name"), entity) and same(attribute.get("name"), rule.get("left")):
                            attribute.update(limit)
                            return
                for change in self.changes:
                    if change.get("op") == "add_attribute" and same(change["entity"], entity) and same(change["attribute"]["name"], rule.get("left")):
                        change["attribute"].update(limit)
                        return
                self._pool("change_attribute", entity, {"name": rule.get("left"), **limit})
                return
        self.rules.append(rule)


# ---------------------------------------------------------------- the comparison
class Comparison:
    def __init__(self, expect: Json, output: Output) -> None:
        self.expect, self.out, self.reasons = json.loads(json.dumps(expect)), output, []  # type: Json, Output, list[str]
        expect = self.expect
        for entity in expect.get("entities", []):
            for attribute in entity["attributes"] if isinstance(entity["attributes"], list) else []:
                exclusive(attribute)
        for change in expect.get("changes", []):
            if isinstance(change.get("attribute"), dict):
                exclusive(change["attribute"])
        self.entity_names: list[list[str]] = [e["name"] for e in expect.get("entities", [])]
        self.attributes: list[tuple[str, list[str]]] = []
        for entity in expect.get("entities", []):
            if isinstance(entity["attributes"], list):
                self.attributes += [(entity["name"][0], a["name"]) for a in entity["attributes"]]
        for change in expect.get("changes", []):
            if change["op"] == "rename_entity":
                self.entity_names.append([change["entity"], *change["new_name"]])
            elif change["op"] == "rename_attribute":
                self.attributes.append((change["entity"], change["new_name"]))
            elif isinstance(change.get("attribute"), dict):
                self.attributes.append((change["entity"], change["attribute"]["name"]))

    def entity(self, want: Any, got: Any) -> bool:
        names = next((n for w in as_list(want) for n in self.entity_names if among(w, n)), [])
        return among(got, [*as_list(want), *names])

    def alternatives(self, entity: Any, name: str) -> list[str]:
        for owner, names in self.attributes:
            if self.entity(owner, entity) and among(name, names):
                return [name, *names]
        return [name]

    def attribute(self, entity: Any, want: Any, got: Any) -> bool:
        bare = re.sub(r"_id$", "", str(got))
        return any(among(g, self.alternatives(entity, w)) for w in as_list(want) for g in (got, bare))

    def path(self, entity: Any, want: Any, got: Any) -> bool:
        """An operand of a compare, or what a copy copies: an attribute, "Parent.attribute", or a literal."""
        owner, _, field = str(want).rpartition(".")
        theirs, _, column = str(got).rpartition(".")
        if number(want) is not None or isinstance(want, bool) or DATE.match(str(want)):
            return same_value(want, got)
        if not owner:
            return (not theirs or self.entity(entity, theirs)) and (self.attribute(entity, want, column) or same_value(want, got))
        links = [n for r in self.all_links() if self.entity(r["from"], entity) and self.entity(r["to"], owner) for n in as_list(r.get("name"))]
        return (self.entity(owner, theirs) or among(theirs, links)) and self.attribute(owner, field, column)

    # ----- parts
    def limits(self, where: str, want: Json, got: Json, mode: str, entity: Any) -> list[str]:
        bad: list[str] = []
        kinds = {r["kind"] for r in self.all_rules() if self.entity(r["entity"], entity) and among(r.get("attribute", "?"), want["name"])}
        if "type" in want and got.get("type") not in want["type"]:
            bad.append(f"{where}: type {got.get('type')}, not {'/'.join(want['type'])}")
        if "type" not in want and got.get("type") is not None:
            bad.append(f"{where}: type {got['type']} was not asked for")
        required = got.get("required", {"create": True, "add": False}.get(mode))
        if "required" in want:
            if required not in as_list(want["required"]):
                bad.append(f"{where}: required {required}")
        elif mode == "change" and required is not None:
            bad.append(f"{where}: required was not asked for")
        elif mode == "create" and required is not True and "default" not in want and not kinds & DERIVED:
            bad.append(f"{where}: required false was not asked for")
        elif mode == "add" and required and "default" not in want and not kinds & DERIVED:
            bad.append(f"{where}: required true was not asked for")
        for key in LIMITS:
            expected, actual = want.get(key), got.get(key)
            if expected is None:
                silent = actual is None or actual is False and key == "unique" and mode != "change"
                states = [s for r in self.all_rules() if r["kind"] == "transition" and self.entity(r["entity"], entity)
                          and among(r["attribute"], want["name"]) for s in (as_list(r["from"]) + as_list(r["to"]))]
                implied = key == "choices" and states and all(any(same_value(a, s) for s in states) for a in as_list(actual))
                if not silent and not implied and not (key in ("min_length", "max_length") and "pattern" in want):
                    bad.append(f"{where}: {key} {actual} was not asked for")
            elif key == "pattern":
                bad += self.pattern(where, expected, actual)
            elif key == "choices":
                if not same_set(expected, as_list(actual)):
                    bad.append(f"{where}: choices {actual}, not {expected}")
            elif actual is None and None in as_list(expected):
                continue
            elif actual is None or not any(same_value(a, e) for a in (equal_bounds(actual, got.get("type"), got.get("scale")) if key in ("min", "max") else [actual])
                                           for e in as_list(expected)):
                bad.append(f"{where}: {key} {actual}, not {expected}")
        if "unit" in want:
            named = [stem(w) for w in words(got.get("name"))]
            units = {"".join(stem(w) for w in words(u)) or u for u in want["unit"]}
            unit = got.get("unit")
            if not (unit in want["unit"] or "".join(stem(w) for w in words(unit or "")) in units or units & set(named) or units & {"".join(named[-2:])}):
                bad.append(f"{where}: unit {unit}, not {want['unit'][0]}")
        return bad

    @staticmethod
    def pattern(where: str, want: Json, got: Any) -> list[str]:
        try:
            regex = re.compile(str(got)) if got is not None else None
        except re.error as error:
            return [f"{where}: pattern {got!r} is broken: {error}"]
        if regex is None:
            return [f"{where}: no pattern"]
        refused = [s for s in want["accept"] if not regex.fullmatch(s)]
        taken = [s for s in want["reject"] if regex.fullmatch(s)]
        return [f"{where}: pattern {got} refuses {refused} and takes {taken}"] if refused or taken else []

    def all_rules(self) -> list[Json]:
        return [*self.expect.get("rules", [])] + [c["rule"] for c in self.expect.get("changes", []) if c["op"] == "add_rule"]

    def all_links(self) -> list[Json]:
        return [*self.expect.get("relationships", [])] + [c["relationship"] for c in self.expect.get("changes", []) if c["op"] == "add_relationship"]

    def entities(self) -> None:
        left = list(self.out.entities)
        for want in self.expect.get("entities", []):
            got = next((e for n in want["name"] for e in left if same(e.get("name"), n)), None)
            if got is None:
                self.reasons.append(f"entity {want['name'][0]} is missing")
                continue
            left.remove(got)
            if want["attributes"] == "any":
                continue
            rest = list(as_list(got.get("attributes")))
            for attribute in want["attributes"]:
                where = f"{want['name'][0]}.{attribute['name'][0]}"
                found = next((a for n in attribute["name"] for a in rest if same(a.get("name"), n)), None)
                if found is None:
                    self.reasons.append(f"attribute {where} is missing")
                    continue
                rest.remove(found)
                self.reasons += self.limits(where, attribute, found, "create", want["name"][0])
            self.reasons += [f"attribute {want['name'][0]}.{a.get('name')} is extra" for a in rest if not same(a.get("name"), "id")]
        self.reasons += [f"entity {e.get('name')} is extra" for e in left]

    def link(self, want: Json, got: Json) -> bool:
        kind = got.get("kind")
        if kind not in as_list(want["kind"]):
            return False
        ends = self.entity(want["from"], got.get("from")) and self.entity(want["to"], got.get("to"))
        turned = kind != "many_to_one" and self.entity(want["from"], got.get("to")) and self.entity(want["to"], got.get("from"))
        named = "name" not in want or self.attribute(want["from"], want["name"], got.get("name"))
        return (ends or turned) and named and bool(got.get("required")) in as_list(want.get("required", False))

    def relationships(self) -> None:
        left = list(self.out.relationships)
        for want in sorted(self.all_links(), key=lambda r: "name" not in r):
            got = next((r for r in left if self.link(want, r)), None)
            if got is None:
                self.reasons.append(f"relationship {want['from']} {want['kind']} {want['to']} {want.get('name', '')} {want.get('required', '')} is missing")
            else:
                left.remove(got)
        self.reasons += [f"relationship {r.get('from')} {r.get('kind')} {r.get('to')} {r.get('name')} required={r.get('required')} is extra" for r in left]

    def rule(self, want: Json, got: Json) -> bool:
        entity, kind = want["entity"], want["kind"]
        if kind != got.get("kind") or not self.entity(entity, got.get("entity")):
            return False
        def att(key: str) -> bool:
            return self.attribute(entity, want[key], got.get(key))
        if kind == "compare":
            op, left, right = str(got.get("op")), got.get("left"), got.get("right")
            sides = [(s, any(self.path(entity, w, x) for w in as_list(want["left"])) and any(self.path(entity, w, y) for w in as_list(want["right"])))
                     for s, x, y in ((op, left, right), (FLIP.get(op, op), right, left))]
            return any(s in as_list(want["op"]) and fits for s, fits in sides)
        if kind == "unique_together":
            names = as_list(got.get("attributes"))
            return len(names) == len(want["attributes"]) and all(any(self.attribute(entity, w, g) for g in names) for w in want["attributes"])
        if not att("attribute"):
            return False
        if kind == "computed":
            others = [n for names in self.entity_names if not among(entity, names) for n in names]
            return any(same_expression(w, got.get("expression"), lambda n: self.alternatives(entity, n), lambda owner: not among(owner, others)) for w in as_list(want["expression"]))
        if kind == "aggregate":
            function = str(got.get("function")).lower()
            child, _, column = str(got.get("of")).partition(".")
            for wanted, _, field in (str(w).partition(".") for w in as_list(want["of"])):
                columns = self.attribute(wanted, field, column) if field else column in ("", "id", "*")
                if self.entity(wanted, child) and columns:
                    return FUNCTIONS.get(function, function) in as_list(want["function"]) and self.where(wanted, want.get("where"), got.get("where"))
            return False
        if kind == "copy":
            return any(self.path(entity, w, got.get("of")) for w in as_list(want["of"]))
        if kind == "transition":
            return same_value(want["from"], got.get("from")) and same_value(want["to"], got.get("to"))
        if kind == "required_if":
            when = got.get("when") or {}
            return len(when) == len(want["when"]) and all(any(self.attribute(entity, k, g) and all(same_set([v], as_list(x)) for x in [when[g]]) for g in when)
                                                          for k, v in want["when"].items())
        return True

    def where(self, child: Any, want: Any, got: Any) -> bool:
        def condition(value: Any) -> tuple[bool, Any]:
            negated = isinstance(value, dict) and set(value) == {"not"}
            value = value["not"] if negated else value
            if negated and str(value).lower() in ("true", "false"):  # not true is false
                return False, str(value).lower() == "false"
            return negated, value

        def fits(value: Any, other: Any) -> bool:
            (a, x), (b, y) = condition(value), condition(other)
            return a == b and same_set(x if isinstance(x, list) else [x], y if isinstance(y, list) else [y])
        want, got = want or {}, got or {}
        return len(want) == len(got) and all(any(self.path(child, k, g) and any(fits(v, got[g]) for v in (w if isinstance(w, list) else [w])) for g in got) for k, w in want.items())

    def rules(self) -> None:
        wanted = [{**r, "from": f, "to": t} if r["kind"] == "transition" else r
                  for r in self.all_rules() for f in (as_list(r["from"]) if r["kind"] == "transition" else [0])
                  for t in (as_list(r["to"]) if r["kind"] == "transition" else [0])]
        left = list(self.out.rules)
        for want in wanted:
            got = next((r for r in left if self.rule(want, r)), None)
            if got is None:
                self.reasons.append(f"rule {json.dumps(want, ensure_ascii=False)} is missing")
            else:
                left.remove(got)
        self.reasons += [f"rule {json.dumps(r, ensure_ascii=False)} is extra" for r in left]

    def change(self, want: Json, got: Json) -> list[str] | None:
        """None: another change; otherwise what is wrong with it."""
        if want["op"] != got.get("op") or not self.entity(want["entity"], got.get("entity")) and want["op"] != "remove_relationship":
            return None
        op, entity = want["op"], want["entity"]
        if op in ("add_attribute", "change_attribute"):
            if not among(got["attribute"].get("name"), want["attribute"]["name"]):
                return None
            return self.limits(f"{op} {entity}.{want['attribute']['name'][0]}", want["attribute"], got["attribute"], op.split("_")[0], entity)
        if op in ("remove_attribute", "rename_attribute") and not among(attribute_of(got).get("name"), want["name"]):
            return None
        if op.startswith("rename"):
            return [] if among(got.get("new_name"), want["new_name"]) else [f"{op}: new name {got.get('new_name')}, not {want['new_name'][0]}"]
        if op == "change_relationship":
            link = got.get("relationship") or {}
            ends: list[Any] = [self.entity(want["relationship"][e], link.get(e) or (got.get("entity") if e == "from" else None)) for e in ("from", "to")]
            named = [among(g, as_list(want["relationship"].get("name"))) for g in [link.get("name"), got.get("name")] if g]
            if "kind" not in want["relationship"] and link.get("from") and self.entity(want["relationship"]["from"], link.get("to")):
                ends = [True, self.entity(want["relationship"]["to"], link["from"])]  # the same link, named from its other side
            if not (ends[0] and (ends[1] or not link.get("to") and any(named))) or ("name" in want["relationship"] and named and not any(named)):
                return None
            return [f"{op} {entity}: {k} {link.get(k)}, not {want['relationship'].get(k)}" for k in ("kind", "required")
                    if link.get(k) not in (as_list(want["relationship"][k]) if k in want["relationship"] else [None])]
        if op == "remove_relationship":
            link, pair = got.get("relationship"), [want["relationship"]["from"], want["relationship"]["to"]]
            if isinstance(link, dict):
                ends = [link.get("from") or got.get("entity"), link.get("to")]
                return [] if any(all(self.entity(w, g) for w, g in zip(pair, e)) for e in (ends, ends[::-1])) else None
            return [] if any(self.entity(a, got.get("entity")) and same(link, b) for a, b in (pair, pair[::-1])) else None
        if op == "remove_rule":
            rule = {"entity": got.get("entity"), **(got.get("rule") or {})}
            return [] if self.rule(want["rule"], {**want["rule"], **rule}) else None
        return []

    def changes(self) -> None:
        left = list(self.out.changes)
        for want in (c for c in self.expect.get("changes", []) if c["op"] not in ("add_relationship", "add_rule")):
            found = next(((g, bad) for g in left if (bad := self.change(want, g)) is not None), None)
            if found is None:
                self.reasons.append(f"change {json.dumps(want, ensure_ascii=False)} is missing")
            else:
                left.remove(found[0])
                self.reasons += found[1]
        self.reasons += [f"change {json.dumps(g, ensure_ascii=False)} is extra" for g in left]

    def run(self) -> list[str]:
        actions = as_list(self.expect["action"])
        if self.out.action not in actions:
            return [f"action {self.out.action}, not {'/'.join(actions)}"]
        if self.out.action == "unclear":
            return []
        if self.expect.get("custom") and not self.out.custom:
            self.reasons.append("a custom fragment is missing")
        if self.out.action == "describe":
            self.reasons += ["a description that changes something"] if self.out.changes or self.out.rules or self.out.relationships else []
            return self.reasons
        self.entities()
        self.relationships()
        self.rules()
        self.changes()
        return self.reasons


def judge(expect: Json, raw: Json | None) -> tuple[list[str], list[str]]:
    """The outcomes of one case (names of the counters it adds to), and why it isn't exact."""
    if raw is None:
        return ["missing"], ["no output for this case"]
    try:
        results = [Comparison(e, Output(raw)).run() for e in [expect, *expect.get("or", [])]]
    except (TypeError, AttributeError, KeyError, ValueError) as error:
        return ["missing"], [f"the output is not an interpretation: {type(error).__name__} {error}"]
    reasons, output = min(results, key=len), Output(raw)
    accepted_question = output.action == "unclear" and "unclear" in as_list(expect["action"])
    if not expect["standard"]:
        if not output.deferred:
            return ["nonstandard", "confident_wrong"], reasons or ["answered as if it needed no language model and no question"]
        return ["nonstandard", "rightly_deferred"] + (["exact"] if not reasons else []), reasons
    if output.deferred and not accepted_question:
        return ["standard", "deferred"], reasons or ["left to the language model or to a question"]
    return ["standard", "confident_wrong" if reasons else "exact"] + ([] if reasons else ["confident_correct"]), reasons


# ---------------------------------------------------------------- command line
COLUMNS = ("n", "exact", "standard", "confident_correct", "confident_wrong", "deferred", "nonstandard", "rightly_deferred", "missing")


def read_lines(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare interpretations with a corpus.")
    parser.add_argument("cases", type=Path)
    parser.add_argument("outputs", type=Path)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="show the first N cases that are not exact, the confidently wrong ones first")
    parser.add_argument("--domains", action="store_true", help="count the d:... tags as well")
    options = parser.parse_args()
    cases = read_lines(options.cases)
    outputs: dict[str, Json] = {}
    broken = 0
    for line in filter(str.strip, options.outputs.read_text(encoding="utf-8").split("\n")):
        try:
            item = json.loads(line)
            outputs[str(item["id"])] = item["interpretation"] if isinstance(item.get("interpretation"), dict) else item
        except (ValueError, TypeError, KeyError, AttributeError):
            broken += 1
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    failures: list[Json] = []
    for case in cases:
        outcomes, reasons = judge(case["expect"], outputs.get(case["id"]))
        for tag in ["overall", *(t for t in case["tags"] if options.domains or not t.startswith("d:"))]:
            counts[tag].update(["n", *outcomes])
        if "exact" not in outcomes:
            failures.append({"id": case["id"], "outcome": outcomes[-1], "text": case["text"], "reasons": reasons})
    failures.sort(key=lambda f: ("confident_wrong", "missing", "deferred", "rightly_deferred").index(f["outcome"]))
    strangers = sorted(set(outputs) - {c["id"] for c in cases})
    tags = sorted(counts, key=lambda t: (t != "overall", -counts[t]["n"], t))
    if options.json:
        print(json.dumps({"counts": {t: {c: counts[t][c] for c in COLUMNS} for t in tags}, "unknown_ids": strangers, "broken_lines": broken,
                          "failures": failures[:options.failures] if options.failures else failures}, ensure_ascii=False, indent=1))
        return 0
    print(f"{'tag':<20}" + "".join(f"{c:>18}" if len(c) > 9 else f"{c:>12}" for c in COLUMNS))
    for tag in tags:
        print(f"{tag:<20}" + "".join(f"{counts[tag][c]:>18}" if len(c) > 9 else f"{counts[tag][c]:>12}" for c in COLUMNS))
    if strangers:
        print(f"outputs without a case: {', '.join(strangers[:10])}")
    if broken:
        print(f"lines that are no interpretation: {broken}")
    for failure in failures[:options.failures]:
        print(f"\n{failure['id']} {failure['outcome']}: {failure['text'][:160]!r}")
        print("".join(f"  - {reason}\n" for reason in failure["reasons"]), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
