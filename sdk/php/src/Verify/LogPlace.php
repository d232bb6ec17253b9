<?php

declare(strict_types=1);

namespace Plasm\Verify;

/** Where a receipt stands in its node's log. */
final class LogPlace
{
    /** @param list<string> $witnesses that count, by their names in the policy */
    public function __construct(
        public readonly string $origin,
        public readonly int $index,
        public readonly int $size,
        public readonly array $witnesses,
    ) {
    }
}
