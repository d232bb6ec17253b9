<?php

declare(strict_types=1);

namespace Plasm\Json;

/**
 * An integer of a JSON text, exactly: −2^63 … 2^64 − 1, which PHP's own integers do not hold.
 * Its decimal form is unique, so two are equal when the texts are.
 */
final class JsonInteger
{
    public function __construct(public readonly string $decimal)
    {
    }

    /** Null when PHP's integers can't hold it. */
    public function toInt(): ?int
    {
        $value = (int) $this->decimal;

        return (string) $value === $this->decimal ? $value : null;
    }
}
