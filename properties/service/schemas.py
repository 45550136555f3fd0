"""Pieces of an OpenAPI document."""

from collections.abc import Iterable, Mapping

from litestar.openapi.spec import OpenAPIType, Reference, Schema


def path(name: str) -> str:
    """Where a component's schema is."""
    return f"#/components/schemas/{name}"


def reference(name: str) -> Reference:
    """A reference to a component's schema."""
    return Reference(path(name))


def enumeration(words: Iterable[str]) -> Schema:
    """One of these words."""
    return Schema(type=OpenAPIType.STRING, enum=list(dict.fromkeys(words)))


def array(items: Schema | Reference) -> Schema:
    """An array, of any length."""
    return Schema(type=OpenAPIType.ARRAY, items=items)


def closed(
    properties: Mapping[str, Schema | Reference],
    required: Iterable[str] | None = None,
    *,
    title: str | None = None,
    description: str | None = None,
) -> Schema:
    """An object without any other property; by default each of these is required."""
    return Schema(
        type=OpenAPIType.OBJECT,
        title=title,
        description=description,
        properties=dict(properties),
        required=list(properties if required is None else required),
        additional_properties=False,
    )
