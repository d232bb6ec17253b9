<?php

declare(strict_types=1);

namespace Plasm\Verify;

use Plasm\Verdict;

/** What a step found wrong. */
final class Refusal
{
    public function __construct(public readonly Verdict $verdict, public readonly string $reason)
    {
    }
}
