<?php

declare(strict_types=1);

namespace Plasm\Verify;

use Plasm\Encoding\Moment;
use Plasm\Log\Policy;
use Plasm\Trust\Trust;

/** What a verifier of a bundle has (spec/quorum.md section 5). As Evidence, of all the answers. */
final class QuorumEvidence
{
    public readonly Moment $now;

    /**
     * @param string                   $bundle  the file
     * @param int|null                 $agree   how many have to agree, in the caller's words; the bundle's own number when null
     * @param array<array-key, string> $outputs digests of bytes that are there, by the name of their subject
     */
    public function __construct(
        public readonly string $bundle,
        public readonly ?Trust $trust = null,
        public readonly ?int $agree = null,
        public readonly ?Policy $policy = null,
        public readonly ?Policy $standingPolicy = null,
        public readonly array $outputs = [],
        ?Moment $now = null,
    ) {
        $this->now = $now ?? Moment::now();
    }
}
