<?php

declare(strict_types=1);

namespace Plasm\Verify;

use Plasm\Encoding\Moment;
use Plasm\Keys\PublicKey;
use Plasm\Log\Policy;
use Plasm\Trust\Trust;

/** What a verifier has (spec/receipt.md section 8). What is null is not there, or not asked for. */
final class Evidence
{
    public readonly Moment $now;

    /**
     * @param string                   $receipt        the file
     * @param string|null              $proof          the .tlog-proof beside it
     * @param PublicKey|null           $key            pinned for this call: nobody else is asked
     * @param Policy|null              $policy         demanded for this call
     * @param Policy|null              $standingPolicy for nodes of the level "witnessed"
     * @param string|null              $manifest       of the verifier's own request
     * @param string|null              $nonce          likewise, in hex
     * @param array<array-key, string> $outputs        digests of bytes that are there, by the name of their subject:
     *                                                 "stdout", "stderr", "file:/path"
     * @param Moment|null              $now            for the times of cosignatures; the clock's when null
     */
    public function __construct(
        public readonly string $receipt,
        public readonly ?string $proof = null,
        public readonly ?PublicKey $key = null,
        public readonly ?Trust $trust = null,
        public readonly ?Policy $policy = null,
        public readonly ?Policy $standingPolicy = null,
        public readonly ?string $manifest = null,
        public readonly ?string $nonce = null,
        public readonly array $outputs = [],
        ?Moment $now = null,
    ) {
        $this->now = $now ?? Moment::now();
    }
}
