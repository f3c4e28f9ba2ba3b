"""``make docs``: writes the pages of ``docs/rules`` from the data of the rules."""

from __future__ import annotations

import sys
from pathlib import Path

from baes.standards.rule_catalogue import packaged_rules
from baes.standards.rule_pages import index_text, page_text

__all__ = ["main"]

DOCS = Path(__file__).parents[1] / "docs" / "rules"


def main() -> int:
    """Write all pages, and remove those of rules that are gone."""
    pages = {rule.id: page_text(rule) for rule in packaged_rules()}
    pages["index"] = index_text(packaged_rules())
    DOCS.mkdir(parents=True, exist_ok=True)
    for path in DOCS.glob("*.md"):
        if path.stem not in pages:
            path.unlink()
    for name, content in pages.items():
        (DOCS / f"{name}.md").write_text(content, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
