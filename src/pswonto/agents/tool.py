"""A tool of agents: what it is called, what it may be given, and what answers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pswonto.agents.answers import Answer
from pswonto.agents.arguments import Arguments, Schema, read


@dataclass(frozen=True)
class Tool:
    """A tool.

    Attributes:
        name: Its name.
        title: What people read in place of that.
        description: What it answers, and what an agent must know to ask well.
        arguments: The schema of each argument.
        required: The arguments that must be given.
        model: The model of its answer.
        answer: What answers.
    """

    name: str
    title: str
    description: str
    arguments: Mapping[str, Schema]
    required: Sequence[str]
    model: type[Answer]
    answer: Callable[[Arguments], Awaitable[Answer]]

    @property
    def input_schema(self) -> Schema:
        """The JSON Schema of all arguments."""
        return {
            "type": "object",
            "properties": dict(self.arguments),
            "required": list(self.required),
            "additionalProperties": False,
        }

    @property
    def output_schema(self) -> Schema:
        """The JSON Schema of its answer."""
        return self.model.model_json_schema(mode="serialization", by_alias=True)

    async def call(self, given: Mapping[str, Any]) -> Answer:
        """Return the answer.

        Args:
            given: The arguments as they came.

        Raises:
            PswontoError: An argument does not fit, or there is no answer.
        """
        return await self.answer(read(given, self.arguments, self.required))
