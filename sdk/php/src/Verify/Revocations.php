<?php

declare(strict_types=1);

namespace Plasm\Verify;

use Plasm\Document\CardKey;
use Plasm\Document\NodeCard;
use Plasm\Encoding\Decimal;
use Plasm\Keys\PublicKey;
use Plasm\Log\LoggedEntry;
use Plasm\Trust\TrustedNode;

/** Which of a node's keys are revoked: spec/trust.md section 4. Pure. */
final class Revocations
{
    public function __construct(private readonly TrustedNode $node, private readonly NodeCard $card)
    {
    }

    /** By the verifier or by the card, without any exception. */
    public function isNamed(PublicKey $key): bool
    {
        return $this->isRevokedHere($key) || isset($this->card->revoked[$key->hex()]);
    }

    /**
     * With the exception for receipts that were logged before.
     *
     * @param LoggedEntry|null $entry the proven entry of the receipt
     */
    public function isRevoked(CardKey $key, ?LoggedEntry $entry): bool
    {
        $revoked = $this->card->revoked[$key->key->hex()] ?? null;
        if ($this->isRevokedHere($key->key) || $revoked === null) {
            return $this->isRevokedHere($key->key);
        }
        if ($key->use !== 'receipt' || $revoked['logSize'] === null || $entry?->logKey === null
            || !Decimal::isLess((string) $entry->index, $revoked['logSize']) || $this->isNamed($entry->logKey)) {
            return true;
        }
        foreach ($this->card->keys as $log) {
            if ($log->use === 'log' && $log->key->equals($entry->logKey)) {
                return !$log->isValidAt($revoked['at']);
            }
        }

        return true;
    }

    private function isRevokedHere(PublicKey $key): bool
    {
        return isset($this->node->revoked[$key->fingerprint()]);
    }
}
