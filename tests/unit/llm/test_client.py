"""The model's client against a scripted server: what it sends, survives, counts and writes down."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from baes.errors import ModelFailed, WrongUsage
from baes.llm import client as client_module
from baes.llm.answer_schema import strict_schema
from baes.llm.budget import Budget, Usage, price_of
from baes.llm.client import OpenAiModel
from baes.llm.model import Prompt
from baes.llm.request_log import RequestLog, redacted
from baes.llm.settings import ModelSettings
from tests.scripted_model import (
    Reply,
    ScriptedModel,
    cut,
    hangs,
    prose,
    says,
    scripted_model,
    slow,
    status,
)


class City(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=20)
    size: int = Field(default=0, ge=0)


PARIS = {"name": "Paris", "size": 2}
QUESTION = Prompt("check", "You know cities.", "Which is the capital of France?", City, 100)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedModel]:
    monkeypatch.setattr(client_module, "FIRST_PAUSE_S", 0.01)
    with scripted_model() as model:
        yield model


def settings_of(server: ScriptedModel, **changes: Any) -> ModelSettings:
    known = ModelSettings.from_environment(server.environment)
    assert known is not None
    return replace(known, **({"timeout_s": 5.0} | changes))


def model_of(server: ScriptedModel, folder: Path | None = None, **changes: Any) -> OpenAiModel:
    model = OpenAiModel(
        settings_of(server, **changes),
        log_folder=folder and folder / "logs",
        ways_file=folder and folder / "ways.json",
    )
    model.begin("r1")
    return model


def test_an_answer_is_read_and_its_tokens_are_the_servers(server: ScriptedModel) -> None:
    server.script["check"] = [says(PARIS)]
    model = model_of(server)
    assert model.ask([QUESTION]) == [City(name="Paris", size=2)]
    sent = server.requests[0]
    assert sent["response_format"]["json_schema"]["strict"] is True
    assert (sent["model"], sent["temperature"], sent["max_tokens"]) == ("scripted", 0, 100)
    assert server.keys == ["Bearer sk-scripted-0123456789abcdef"]
    (call,) = model.calls
    assert call.tokens == len(json.dumps(sent["messages"])) // 4 + len(json.dumps(PARIS)) // 4


def test_the_schema_has_only_what_strict_servers_know() -> None:
    assert strict_schema(City) == {
        "type": "object",
        "properties": {"name": {"type": "string"}, "size": {"type": "integer"}},
        "required": ["name", "size"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize(
    "trouble",
    [
        status(429, retry_after="0.05"),
        status(500),
        status(503),
        cut(PARIS),
        Reply(body=b"this is no JSON"),
        prose("I believe it is Paris."),
        prose('{"name": "Paris", "size": "large"}'),
        prose('{"name": "Par', finish="length"),
        prose(""),
        says({**PARIS, "river": "Seine"}),
    ],
    ids=[
        "429",
        "500",
        "503",
        "cut",
        "garbage",
        "prose",
        "wrong-type",
        "half-an-answer",
        "empty",
        "invented-key",
    ],
)
def test_what_passes_is_asked_again(server: ScriptedModel, trouble: Reply) -> None:
    server.script["check"] = [trouble, says(PARIS)]
    model = model_of(server)
    assert model.ask([QUESTION])[0].name == "Paris"
    assert len(server.requests) == len(model.calls) == 2


@pytest.mark.parametrize(
    "around", ["Here you are:\n```json\n{}\n```\nGood luck!", "Well, {} it is."]
)
def test_prose_around_the_answer_is_passed_over(server: ScriptedModel, around: str) -> None:
    server.script["check"] = [prose(around.replace("{}", json.dumps(PARIS)))]
    assert model_of(server).ask([QUESTION])[0].size == 2
    assert len(server.requests) == 1


def test_the_wait_is_the_one_that_the_server_asks_for(server: ScriptedModel) -> None:
    server.script["check"] = [status(429, retry_after="0.4"), says(PARIS)]
    began = time.monotonic()
    model_of(server).ask([QUESTION])
    assert time.monotonic() - began > 0.4


def in_http_form(seconds: float) -> str:
    return format_datetime(
        datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds), usegmt=True
    )


def test_the_wait_may_be_until_a_moment(server: ScriptedModel) -> None:
    server.script["check"] = [status(429, retry_after=in_http_form(2)), says(PARIS)]
    began = time.monotonic()
    model_of(server).ask([QUESTION])
    assert time.monotonic() - began > 0.9


@pytest.mark.parametrize("asked", ["3600", in_http_form(3600)], ids=["seconds", "moment"])
def test_a_wait_that_is_longer_than_the_time_limit_is_told_at_once(
    server: ScriptedModel, asked: str
) -> None:
    server.script["check"] = [status(429, retry_after=asked), says(PARIS)]
    began = time.monotonic()
    with pytest.raises(ModelFailed, match="BAES_MODEL_TIMEOUT"):
        model_of(server).ask([QUESTION])
    assert time.monotonic() - began < 5
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("reply", "calls", "word"),
    [
        (status(401, "bad key"), 1, "OPENAI_API_KEY"),
        (status(404, "unknown model"), 1, "OPENAI_MODEL"),
        (status(400, "too long"), 1, "too long"),
        (status(429), 4, "fewer questions"),
        (status(500), 4, "refused"),
        (cut(PARIS), 4, "can't be reached"),
        (prose("no"), 2, "no answer that can be used"),
    ],
    ids=["401", "404", "400", "429", "500", "cut", "prose"],
)
def test_what_stays_wrong_is_told(
    server: ScriptedModel, reply: Reply, calls: int, word: str
) -> None:
    server.script["check"] = [reply]
    with pytest.raises(ModelFailed, match=word):
        model_of(server).ask([QUESTION])
    assert len(server.requests) == calls


@pytest.mark.parametrize("reply", [hangs(), slow(PARIS, 0.2)], ids=["hang", "slow"])
def test_a_server_that_hangs_costs_the_time_limit_and_no_more(
    server: ScriptedModel, reply: Reply
) -> None:
    server.script["check"] = [reply]
    model = model_of(server, timeout_s=0.5)
    began = time.monotonic()
    with pytest.raises(ModelFailed, match="within"):
        model.ask([QUESTION, QUESTION])
    assert time.monotonic() - began < 2.5  # with the import of the SDK
    assert all(call.tokens > 0 for call in model.calls), "it was sent, and may be billed"


def test_nobody_listening_is_told(server: ScriptedModel) -> None:
    settings = settings_of(server, base_url="http://127.0.0.1:9/v1")
    with pytest.raises(ModelFailed, match=r"127\.0\.0\.1:9"):
        OpenAiModel(settings).ask([QUESTION])


def test_a_server_without_schemas_is_asked_in_words_and_remembered(
    server: ScriptedModel, tmp_path: Path
) -> None:
    def any_form(request: dict[str, object]) -> Reply:
        return (
            status(400, "response_format is not supported")
            if "response_format" in request
            else says(PARIS)
        )

    server.script["any"] = [any_form]
    assert model_of(server, tmp_path).ask([QUESTION])[0].name == "Paris"
    assert len(server.requests) == 3
    assert '"additionalProperties":false' in server.requests[-1]["messages"][0]["content"]
    model_of(server, tmp_path).ask([QUESTION])
    assert len(server.requests) == 4, "the next command knows what the server takes"


def test_other_names_of_parameters_are_found_out(server: ScriptedModel) -> None:
    server.script["check"] = [
        status(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        status(400, "Unsupported value: 'temperature' does not support 0."),
        says(PARIS),
    ]
    model_of(server).ask([QUESTION])
    assert server.requests[-1]["max_completion_tokens"] == 100
    assert not {"temperature", "max_tokens"} & server.requests[-1].keys()


def test_a_question_that_could_cross_the_limit_is_not_sent(server: ScriptedModel) -> None:
    server.script["check"] = [says(PARIS)]
    with pytest.raises(ModelFailed, match="BAES_MAX_TOKENS_PER_REQUEST"):
        model_of(server, max_tokens=120).ask([QUESTION])
    assert not server.requests
    model = model_of(server, max_tokens=600)
    model.ask([QUESTION])
    with pytest.raises(ModelFailed):
        model.ask([QUESTION] * 3)  # at the same time, each would be affordable
    model.begin("r2")
    assert model.ask([QUESTION])
    assert len(model.calls) == 1


def test_usage_that_the_server_does_not_tell_is_estimated(
    server: ScriptedModel, tmp_path: Path
) -> None:
    server.script["check"] = [says(PARIS, has_usage=False)]
    model = model_of(server, tmp_path)
    model.ask([QUESTION])
    assert model.calls[0].tokens > 50
    assert logged(tmp_path)[0]["is_estimated"] is True


def test_an_unknown_price_is_not_nothing(server: ScriptedModel) -> None:
    server.script["check"] = [says(PARIS)]
    assert price_of(settings_of(server)) is None
    with pytest.raises(ModelFailed, match="obody knows"):
        model_of(server, max_cost_usd=1.0).ask([QUESTION])
    priced: dict[str, Any] = {"price_in_usd": 1.0, "price_out_usd": 2.0}
    assert model_of(server, max_cost_usd=1.0, **priced).ask([QUESTION])
    with pytest.raises(ModelFailed, match="BAES_MAX_COST_PER_REQUEST"):
        model_of(server, max_cost_usd=0.0001, **priced).ask([QUESTION])
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", ["gpt-4o-mini", "gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini"])
def test_prices_are_data(name: str) -> None:
    budget = Budget(ModelSettings(model=name))
    cost = budget.spend(Usage(1_000_000, 1_000_000), Usage(0, 0))
    assert cost == pytest.approx(0.75)
    assert price_of(ModelSettings(model="gpt-4o-mini-tuned")) is None


def logged(folder: Path) -> list[dict[str, object]]:
    (path,) = (folder / "logs").glob("*.jsonl")
    assert path.stat().st_mode & 0o077 == 0, "others can't read it"
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_calls_are_logged_without_secrets(server: ScriptedModel, tmp_path: Path) -> None:
    server.script["check"] = [says({"name": "sk-scripted-0123456789a", "size": 1})]
    prompt = replace(QUESTION, user="My key is sk-scripted-0123456789abcdef, password: hunter22")
    with pytest.raises(ModelFailed):
        model_of(server, tmp_path).ask([prompt])
    entries = logged(tmp_path)
    assert [entry["purpose"] for entry in entries] == ["check", "check"]
    assert entries[0]["request_id"] == "r1"
    assert entries[0]["prompt_tokens"]
    text = json.dumps(entries)
    assert "scripted-0123456789a" not in text
    assert "hunter22" not in text


def test_logs_are_kept_for_thirty_days(tmp_path: Path) -> None:
    for name in ("2026-10-01.jsonl", "2026-10-31.jsonl", "2026-11-01.jsonl", "notes.jsonl"):
        (tmp_path / name).write_text("{}\n")
    RequestLog(tmp_path).append({}, datetime.datetime(2026, 11, 30, tzinfo=datetime.UTC))
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["2026-10-31.jsonl", "2026-11-01.jsonl", "2026-11-30.jsonl", "notes.jsonl"]


def test_a_redacted_line_stays_json() -> None:
    line = json.dumps({"api_key": "abcdef123456", "url": "https://ada:secret99@host/x", "n": 1})
    assert json.loads(redacted(line))["n"] == 1
    assert "secret99" not in redacted(line)
    assert "abcdef123456" not in redacted(line)


@pytest.mark.parametrize("value", ["many", "-1", "nan", "inf"])
def test_limits_are_numbers(value: str) -> None:
    with pytest.raises(WrongUsage, match="BAES_MAX_TOKENS_PER_REQUEST"):
        ModelSettings.from_environment(
            {"OPENAI_API_KEY": "x", "BAES_MAX_TOKENS_PER_REQUEST": value}
        )


def test_without_a_key_and_an_address_there_is_no_model() -> None:
    assert ModelSettings.from_environment({"OPENAI_MODEL": "gpt-4o"}) is None


def test_the_sdk_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, baes.llm.client; sys.exit('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
