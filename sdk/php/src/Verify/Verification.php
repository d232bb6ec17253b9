<?php

declare(strict_types=1);

namespace Plasm\Verify;

use Plasm\Document\LegacyReceipt;
use Plasm\Document\Statement;
use Plasm\Verdict;

/** A verdict, why, and what was read on the way. */
final class Verification
{
    /**
     * @param string             $reason    what exactly is wrong; empty when valid
     * @param Statement|null     $statement not to be believed unless the verdict is Valid
     * @param LegacyReceipt|null $legacy    likewise, ValidLegacyUnbound
     * @param string|null        $node      the verifier's name for it
     * @param LogPlace|null      $log       once the proof was checked
     * @param list<string>       $notes     what was not looked at, and why
     */
    public function __construct(
        public readonly Verdict $verdict,
        public readonly string $reason = '',
        public readonly ?Statement $statement = null,
        public readonly ?LegacyReceipt $legacy = null,
        public readonly ?string $node = null,
        public readonly ?LogPlace $log = null,
        public readonly array $notes = [],
    ) {
    }

    public function isValid(): bool
    {
        return $this->verdict->isValid();
    }
}
