<?php

declare(strict_types=1);

namespace Plasm\Json;

/** An object of a JSON text. Names are unique, and bytes: `Module` is not `module`. */
final class JsonObject
{
    /** @param array<array-key, mixed> $members by name, in the order of the text */
    public function __construct(private readonly array $members)
    {
    }

    public function has(string $name): bool
    {
        return array_key_exists($name, $this->members);
    }

    /** The member must be there. */
    public function get(string $name): mixed
    {
        return $this->members[$name];
    }

    /** @return list<string> */
    public function names(): array
    {
        return array_map('strval', array_keys($this->members));
    }
}
