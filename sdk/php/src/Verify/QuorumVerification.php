<?php

declare(strict_types=1);

namespace Plasm\Verify;

use Plasm\Verdict;

/** A verdict on a bundle, why, and what each answer is worth. */
final class QuorumVerification
{
    /**
     * @param string             $reason   what exactly is wrong; empty when valid
     * @param list<JudgedAnswer> $answers  in the bundle's order; none when it is malformed
     * @param int                $agree    how many were demanded
     * @param int                $agreeing how many give the most frequent result
     * @param string|null        $result   the digest that was agreed upon; not to be believed unless the verdict is Valid
     */
    public function __construct(
        public readonly Verdict $verdict,
        public readonly string $reason = '',
        public readonly array $answers = [],
        public readonly int $agree = 0,
        public readonly int $agreeing = 0,
        public readonly ?string $result = null,
    ) {
    }

    public function isValid(): bool
    {
        return $this->verdict->isValid();
    }
}
