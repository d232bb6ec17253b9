<?php

declare(strict_types=1);

namespace Plasm\Trust;

use Plasm\Encoding\Moment;
use Plasm\Keys\PublicKey;

/** A line of the trust file: spec/trust.md section 5. */
final class TrustedNode
{
    public const LEVELS = ['signed', 'logged', 'witnessed', 'blocked'];

    /**
     * @param string                   $name        the verifier's own for the node
     * @param string                   $level       one of LEVELS
     * @param int|null                 $cardVersion the largest that was accepted
     * @param array<array-key, Moment> $revoked     since when, by fingerprint: the verifier's own
     * @param string|null              $operator    who runs it, in the verifier's words
     */
    public function __construct(
        public readonly string $name,
        public readonly PublicKey $identity,
        public readonly string $level,
        public readonly ?int $cardVersion = null,
        public readonly array $revoked = [],
        public readonly ?string $operator = null,
    ) {
    }

    public function needsProof(): bool
    {
        return $this->level === 'logged' || $this->level === 'witnessed';
    }
}
