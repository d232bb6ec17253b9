<?php

declare(strict_types=1);

namespace Plasm\Http;

/** Time that passes. */
interface Clock
{
    /** Seconds, from a start that does not matter. */
    public function now(): float;

    public function sleep(float $seconds): void;
}
