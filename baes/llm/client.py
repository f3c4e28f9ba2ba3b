"""Asking an OpenAI-compatible server, with everything that can go wrong accounted for.

The SDK's own retries are off: it would send a question three times without a word. Each question
has one time limit over all its attempts, so that a server that hangs costs that and no more. What
was used is written down before the answer is read.
"""

from __future__ import annotations

import asyncio
import datetime
import json
import logging
import math
import threading
import time
from collections.abc import Coroutine, Mapping, Sequence
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from baes.errors import ModelFailed
from baes.llm.answer_schema import NoAnswer, read_answer, strict_schema
from baes.llm.budget import Budget, Usage, estimated_tokens
from baes.llm.model import Call, Prompt
from baes.llm.request_log import RequestLog
from baes.llm.server_ways import ServerWay, ServerWays
from baes.llm.settings import ModelSettings

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion

__all__ = ["OpenAiModel"]

logger = logging.getLogger(__name__)

Form = TypeVar("Form", bound=BaseModel)

MAX_ATTEMPTS = 4
"""Calls for one question that end without any answer."""
MAX_ANSWERS = 2
"""Answers to one question that have the wrong form."""
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 20.0
TOO_MANY_REQUESTS = 429
REQUEST_TIMEOUT = 408
SERVER_ERROR = 500
BAD_REQUESTS = (400, 422)


class _Garbled(Exception):
    """The server answered something that is no chat completion."""


class OpenAiModel:
    """A model behind an OpenAI-compatible server.

    Args:
        settings: Which, where, and within what limits.
        log_folder: Where calls are logged; ``None``: nowhere.
        ways_file: Where it is kept how servers want to be asked; ``None``: nowhere.
    """

    def __init__(
        self,
        settings: ModelSettings,
        *,
        log_folder: Path | None = None,
        ways_file: Path | None = None,
    ) -> None:
        self._settings = settings
        self._log = RequestLog(log_folder, [settings.api_key]) if log_folder else None
        self._ways = ServerWays(ways_file)
        self._server = f"{settings.base_url} {settings.model}"
        self._budget = Budget(settings)
        self._request_id = ""
        self._calls: list[Call] = []
        self._asking: dict[asyncio.Task[Any], asyncio.AbstractEventLoop] = {}
        self._is_cancelled = False
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """What the model is called."""
        return self._settings.model

    @property
    def calls(self) -> tuple[Call, ...]:
        """What was asked since the request began."""
        return tuple(self._calls)

    def begin(self, request_id: str) -> None:
        """Begin a request: its limits are whole again, its calls are none."""
        self._request_id = request_id
        self._budget = Budget(self._settings)
        self._calls = []
        self._is_cancelled = False

    def cancel(self) -> None:
        """End the request's questions: those that wait and those to come raise ``ModelFailed``."""
        with self._lock:
            self._is_cancelled = True
            for task, loop in self._asking.items():
                loop.call_soon_threadsafe(task.cancel)

    def ask(self, prompts: Sequence[Prompt[Form]]) -> list[Form]:
        """The answers to some questions, which are put at the same time.

        Raises:
            ModelFailed: One of them has no answer, for whatever reason.
        """
        try:
            return asyncio.run(self._ask_until_cancelled(prompts)) if prompts else []
        except asyncio.CancelledError as error:
            raise ModelFailed.of("llm.error.cancelled") from error

    async def _ask_until_cancelled(self, prompts: Sequence[Prompt[Form]]) -> list[Form]:
        """Each thread has a loop of its own; ``cancel`` reaches the tasks in all of them."""
        asking = asyncio.current_task()
        assert asking is not None  # noqa: S101  coroutines run in tasks
        with self._lock:
            if self._is_cancelled:
                raise asyncio.CancelledError
            self._asking[asking] = asyncio.get_running_loop()
        try:
            return await self._ask_all(prompts)
        finally:
            with self._lock:
                del self._asking[asking]

    async def _ask_all(self, prompts: Sequence[Prompt[Form]]) -> list[Form]:
        from openai import AsyncOpenAI

        key, url = self._settings.api_key or "none", self._settings.base_url
        async with AsyncOpenAI(
            api_key=key, base_url=url, max_retries=0, timeout=self._settings.timeout_s
        ) as client:
            asking = [self._within_time(self._answer(client, prompt)) for prompt in prompts]
            answers = await asyncio.gather(*asking, return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return [answer for answer in answers if not isinstance(answer, BaseException)]

    async def _within_time(self, asking: Coroutine[Any, Any, Form]) -> Form:
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                return await asking
        except TimeoutError as error:
            seconds = round(self._settings.timeout_s, 1)
            url = self._settings.base_url
            raise ModelFailed.of("llm.error.timeout", url=url, seconds=seconds) from error

    async def _answer(self, client: AsyncOpenAI, prompt: Prompt[Form]) -> Form:
        fault = ""
        asked = prompt
        for _ in range(MAX_ANSWERS):
            text, is_whole = await self._text(client, asked)
            try:
                if not is_whole:
                    raise NoAnswer("it was cut off at the greatest length; be shorter")
                return read_answer(text, prompt.form)
            except NoAnswer as error:
                fault = str(error)
                logger.info("the model's answer has the wrong form: %s", fault)
                asked = prompt.corrected(text, fault)
        raise ModelFailed.of("llm.error.form", model=self.name, fault=fault)

    async def _text(self, client: AsyncOpenAI, prompt: Prompt[Form]) -> tuple[str, bool]:
        """(what the server answers, whether that is all), after as many attempts as needed."""
        import openai

        way, attempt = self._ways.of(self._server), 0
        while True:
            try:
                answer = await self._called(client, prompt, way)
            except openai.APIStatusError as error:
                looser = way.without(error.message) if error.status_code in BAD_REQUESTS else None
                if looser is not None:
                    way = looser
                    continue
                attempt += 1
                if not _is_passing(error.status_code) or attempt >= MAX_ATTEMPTS:
                    raise self._refused(error) from error
                asked_s = _asked_pause_s(error.response.headers)
                if asked_s > self._settings.timeout_s:
                    url, seconds = self._settings.base_url, math.ceil(asked_s)
                    raise ModelFailed.of("llm.error.later", url=url, seconds=seconds) from error
                await asyncio.sleep(max(asked_s, _pause_s(attempt)))
            except openai.APITimeoutError as error:
                raise TimeoutError from error
            except (
                openai.APIConnectionError,
                openai.APIResponseValidationError,
                _Garbled,
            ) as error:
                attempt += 1
                if attempt >= MAX_ATTEMPTS:
                    url = self._settings.base_url
                    cause = str(error.__cause__ or error)
                    raise ModelFailed.of("llm.error.unreachable", url=url, cause=cause) from error
                await asyncio.sleep(_pause_s(attempt))
            else:
                self._ways.remember(self._server, way)
                return answer

    async def _called(
        self, client: AsyncOpenAI, prompt: Prompt[Form], way: ServerWay
    ) -> tuple[str, bool]:
        body = _body(self._settings.model, prompt, way)
        most = Usage(estimated_tokens(json.dumps(body)), prompt.max_answer_tokens)
        self._budget.reserve(most)
        began = time.monotonic()
        entry: dict[str, Any] = {"purpose": prompt.purpose, "request": body}
        used = Usage(0, 0)
        try:
            try:
                completion = await client.chat.completions.create(**body)
            except json.JSONDecodeError as error:
                raise _Garbled(f"what it answers is no JSON: {error}") from error
            if not hasattr(completion, "choices"):  # the SDK passes on what isn't JSON as a text
                raise _Garbled("what it answers is no chat completion")
            used = _usage(completion, most)
            text, is_whole = _content(completion)
            entry |= {"answer": text, "is_whole": is_whole}
            return text, is_whole
        except asyncio.CancelledError:
            used = Usage(most.prompt_tokens, 0, is_estimated=True)  # it was sent, and may be billed
            entry["error"] = "cancelled, or out of time"
            raise
        except Exception as error:
            entry["error"] = f"{type(error).__name__}: {error}"
            raise
        finally:
            self._note(
                prompt, used, self._budget.spend(used, most), time.monotonic() - began, entry
            )

    def _note(
        self,
        prompt: Prompt[Form],
        used: Usage,
        cost: float | None,
        seconds: float,
        entry: dict[str, Any],
    ) -> None:
        self._calls.append(
            Call(
                prompt.purpose,
                used.total_tokens,
                seconds,
                used.prompt_tokens,
                used.answer_tokens,
                time.time(),
            )
        )
        if self._log is None:
            return
        entry |= {
            "request_id": self._request_id,
            "server": self._settings.base_url,
            "prompt_tokens": used.prompt_tokens,
            "answer_tokens": used.answer_tokens,
            "is_estimated": used.is_estimated,
            "cost_usd": cost,
            "seconds": round(seconds, 3),
        }
        try:
            self._log.append(entry, datetime.datetime.now(datetime.UTC))
        except OSError as error:
            logger.warning("the call could not be logged: %s", error)

    def _refused(self, error: Any) -> ModelFailed:
        """What a status of the server means to the user."""
        keys = {401: "key", 403: "key", 404: "no_model", 429: "too_many"}
        key = keys.get(error.status_code, "refused")
        return ModelFailed.of(
            f"llm.error.{key}",
            url=self._settings.base_url,
            model=self._settings.model,
            status=error.status_code,
            cause=str(error.message)[:300],
        )


def _body(model: str, prompt: Prompt[Form], way: ServerWay) -> dict[str, Any]:
    schema, system = strict_schema(prompt.form), prompt.system
    body: dict[str, Any] = {"model": model, way.limit: prompt.max_answer_tokens}
    if way.temperature:
        body["temperature"] = 0
    if way.form == "json_schema":
        form = {"name": prompt.purpose, "strict": True, "schema": schema}
        body["response_format"] = {"type": "json_schema", "json_schema": form}
    else:
        said = json.dumps(schema, separators=(",", ":"))
        system = f"{system}\n\nAnswer with one JSON object of this schema and nothing else:\n{said}"
        if way.form == "json_object":
            body["response_format"] = {"type": "json_object"}
    body["messages"] = [
        {"role": "system", "content": system},
        {"role": "user", "content": prompt.user},
    ]
    return body


def _usage(completion: ChatCompletion, most: Usage) -> Usage:
    said = completion.usage
    if said is not None and said.total_tokens:
        return Usage(said.prompt_tokens, said.completion_tokens)
    text, _ = _content(completion)
    return Usage(most.prompt_tokens, estimated_tokens(text), is_estimated=True)


def _content(completion: ChatCompletion) -> tuple[str, bool]:
    """(the text, whether it is whole); no text at all is an answer of the wrong form."""
    if not getattr(completion, "choices", None):
        return "", True
    choice = completion.choices[0]
    return choice.message.content or choice.message.refusal or "", choice.finish_reason != "length"


def _is_passing(status: int) -> bool:
    """Whether the same question may be answered a moment later."""
    return status in (TOO_MANY_REQUESTS, REQUEST_TIMEOUT) or status >= SERVER_ERROR


def _pause_s(attempt: int) -> float:
    """How long to wait where the server doesn't say: twice as long each time."""
    return min(FIRST_PAUSE_S * 2.0 ** (attempt - 1), LONGEST_PAUSE_S)


def _asked_pause_s(headers: Mapping[str, str]) -> float:
    """How long the server asks to wait, in seconds or until a date; 0: it doesn't say."""
    said = headers.get("retry-after", "").strip()
    try:
        return max(float(said), 0.0) if said else 0.0
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(said)
        now = parsedate_to_datetime(headers.get("date", ""))  # the server's clock, not ours
    except ValueError:
        return 0.0
    return max((until - now).total_seconds(), 0.0)
