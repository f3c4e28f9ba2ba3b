"""Where things lie in a project's folder: the one place that knows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["ProjectPaths"]


@dataclass(frozen=True, slots=True)
class ProjectPaths:
    """The files and folders of one project; nothing is made by asking for a path."""

    root: Path

    def __post_init__(self) -> None:
        """Hold the absolute path, whatever folder the process moves to later."""
        object.__setattr__(self, "root", Path(self.root).absolute())

    @property
    def managed_system(self) -> Path:
        """The generated system; it runs without BAES."""
        return self.root / "managed_system"

    @property
    def database(self) -> Path:
        """The live database of the generated system."""
        return self.managed_system / "app" / "database" / "baes_system.db"

    @property
    def context_store(self) -> Path:
        """What BAES remembers: the current specification and the request that made it."""
        return self.root / "database" / "context_store.json"

    @property
    def history(self) -> Path:
        """What was done, a checksummed line a request."""
        return self.root / "database" / "history.jsonl"

    @property
    def recognition_cache(self) -> Path:
        """What was understood before."""
        return self.root / "database" / "recognition_cache.db"

    @property
    def logs(self) -> Path:
        """Logs of the servers and of BAES."""
        return self.root / "logs"

    @property
    def private(self) -> Path:
        """What belongs to BAES alone."""
        return self.root / ".baes"

    @property
    def lock(self) -> Path:
        """The file that a writing command holds."""
        return self.private / "lock"

    @property
    def journal(self) -> Path:
        """The deploy that is being done; absent between deploys."""
        return self.private / "journal.json"

    @property
    def manifest(self) -> Path:
        """The generated files and their hashes."""
        return self.private / "manifest.json"

    @property
    def servers(self) -> Path:
        """The processes that serve this project."""
        return self.private / "servers.json"

    @property
    def questions(self) -> Path:
        """The questions that wait for an answer, a file each."""
        return self.private / "questions"

    @property
    def suite(self) -> Path:
        """What became of the system's own tests after the last deploy."""
        return self.private / "suite.json"

    @property
    def model_requests(self) -> Path:
        """What the language model was asked and said."""
        return self.logs / "llm_requests"

    @property
    def model_ways(self) -> Path:
        """How each language model's server wants to be asked."""
        return self.private / "llm_servers.json"

    def staging(self, request_id: str) -> Path:
        """The folder in which a request prepares its release."""
        return self.private / "staging" / request_id
