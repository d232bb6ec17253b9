<?php

declare(strict_types=1);

namespace Plasm\Verify;

/** One node's answer in a bundle, and what it is worth there. */
final class JudgedAnswer
{
    /**
     * @param bool   $counts valid, with a result, and of a node and an operator of its own
     * @param bool   $agrees with the result that was agreed upon
     * @param string $whyNot it does not count, where its verdict does not say so
     */
    public function __construct(
        public readonly Verification $verification,
        public readonly bool $counts,
        public readonly bool $agrees = false,
        public readonly string $whyNot = '',
    ) {
    }

    /** The digest of the result that it answers with; null unless it counts. */
    public function result(): ?string
    {
        return $this->counts ? $this->verification->statement?->resultDigest : null;
    }
}
